"""Whole packs of plain data from what Hypothesis draws: a top pack, and layers that only strengthen what stands above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from safeguarding_rules.testing.pack_writer import DO, REFRAIN, SCALE, Writer

Pack = dict[str, Any]
Stack = list[Pack]

NAMES = ["top", "area", "school"]
RANKS = ["national", "local", "setting"]


@dataclass(frozen=True)
class Size:
    """How large a generated stack may be; `cases` bounds the product of the domains."""

    facts: int = 6
    rules: int = 7
    cases: int = 700


NORMAL = Size()
SMALL = Size(facts=5, rules=5, cases=100)  # for questions, where the reference looks at every extension


def manifest(name: str, number: int) -> dict[str, Any]:
    """Write what every manifest needs."""
    extends = {"extends": {"pack": NAMES[number - 1], "version": "1"}} if number else {}
    return {
        "pack": name,
        "version": "1",
        "title": f"The {name} pack",
        "publisher": "A publisher",
        "jurisdiction": "England",
        "layer": RANKS[number],
        "language": "1",
        "status": "draft",
        "in_force": {"from": "2024-01-01"},
        "licence": "CC0-1.0",
        "review_by": "2099-01-01",
        "sign_off": {"by": "none yet"},
    } | extends


def declare_facts(writer: Writer, prefix: str, least: int, most: int, budget: int) -> dict[str, dict[str, Any]]:
    """Draw declarations, as long as the number of complete cases stays within the budget."""
    declared: dict[str, dict[str, Any]] = {}
    for number in range(writer.pick(range(least, most + 1))):
        name = f"{prefix}{number}"
        kind = writer.pick(["boolean", "boolean", "boolean", "boolean", "integer", "choice", "choices"])
        size = {"boolean": 2, "integer": 6, "choice": 4, "choices": 4}[kind]
        if size > budget:
            kind, size = "boolean", 2
        if size > budget:
            break
        budget //= size
        fact: dict[str, Any] = {"type": kind, "question": f"Is {name} so?"}
        if kind == "integer":
            fact |= {"at_least": 0, "at_most": 20, "unit": "years"}
            writer.thresholds[name] = sorted(writer.draw(st.lists(st.integers(1, 19), min_size=2, max_size=2, unique=True)))
        elif kind != "boolean":
            values = ["red", "blue", "green"][: 3 if kind == "choice" and writer.chance(60) else 2]
            fact["values"] = values if writer.chance(30) else {value: value.title() for value in values}
        if writer.visible and writer.chance(30):
            fact["applies_when"] = (
                writer.condition(1) if writer.chance(30) and not writer.definitions else writer.test(writer.pick(list(writer.visible)))
            )
        declared[name] = writer.visible[name] = fact
    return declared


def draw_implications(writer: Writer, own: Sequence[str], percent: int) -> list[dict[str, Any]]:
    """Draw implications between a pack's own facts: single ones and chains, earlier facts to later ones."""
    if len(own) < 2 or not writer.chance(percent):  # noqa: PLR2004  two ends
        return []
    chain = sorted(writer.some(own, 2, 3))
    written = []
    for one, other in pairwise(chain):
        if_, then = (
            (writer.test(one), writer.test(other))
            if writer.chance(80)
            else ({"any": [writer.test(one), writer.test(one)]}, {"not": writer.test(other)})
        )
        written.append({"if": if_, "then": then, "because": "One follows from the other.", "cite": writer.cite("implications")})
    return written


def write_top(draw: Any, size: Size) -> tuple[Pack, Writer]:  # noqa: ANN401  a function of Hypothesis
    """Draw the national pack."""
    writer = Writer(draw, NAMES[0], 0, {}, {})
    facts = declare_facts(writer, "f", 3, size.facts, size.cases)
    implications = draw_implications(writer, list(facts), 35)
    outcomes = {
        name: {"title": name.title(), "meaning": f"What {name} means.", "because": "The scale says so.", "cite": writer.cite(f"outcomes/{name}")}
        for name in SCALE
    }
    unsettled = {
        "outcome": writer.pick([*SCALE[1:3], SCALE[1]]),
        "because": "Not enough is known.",
        "cite": writer.cite("when_unsettled"),
    } | writer.actions(0)
    return {
        "pack.yaml": manifest(NAMES[0], 0) | {"outcomes": outcomes, "when_unsettled": unsettled},
        "facts.yaml": {"facts": facts} | ({"implications": implications} if implications else {}),
        "actions.yaml": {
            "actions": {
                name: {"title": name, "meaning": f"What {name} means.", "by": by, "protects": protects, "contradicts": []}
                for protects, family in (("do", DO), ("refrain", REFRAIN))
                for name, by in family.items()
            }
        },
        "rules/top.yaml": writer.rules_document(size.rules),
        "statements.yaml": writer.statements_document(),
    }, writer


def write_layer(above: Stack, writer_above: Writer, size: Size, budget: int) -> tuple[Pack, Writer]:
    """Draw a layer that only strengthens what stands above it."""
    number = len(above)
    name = NAMES[number]
    writer = Writer(writer_above.draw, name, number, dict(writer_above.visible), dict(writer_above.thresholds))
    facts = declare_facts(writer, "gh"[number - 1], 0, 2, budget)
    implications = draw_implications(writer, list(facts), 50)
    document = writer.rules_document(max(1, size.rules // 3))
    if strengthens := draw_strengthens(writer, above):
        document["strengthens"] = strengthens
    header = manifest(name, number)
    if writer.chance(25):
        floor = max(SCALE.index(pack["pack.yaml"].get("when_unsettled", {"outcome": SCALE[0]})["outcome"]) for pack in above)
        because = {"because": "We hold more carefully.", "cite": writer.cite("when_unsettled")}
        header["when_unsettled"] = {"outcome": writer.pick(SCALE[floor:])} | because | writer.actions(0)
    pack: Pack = {"pack.yaml": header, f"rules/{name}.yaml": document, "statements.yaml": writer.statements_document()}
    if facts:
        pack["facts.yaml"] = {"facts": facts} | ({"implications": implications} if implications else {})
    return pack, writer


def draw_strengthens(writer: Writer, above: Stack) -> dict[str, Any]:
    """Draw rules from above to strengthen: a higher outcome, more actions, or both."""
    outcomes: dict[str, int] = {}
    for pack in above:
        for path, document in pack.items():
            if path.startswith("rules/"):
                for name, rule in all_rules(document).items():
                    outcomes[f"{pack['pack.yaml']['pack']}/{name}"] = SCALE.index(rule.get("outcome", SCALE[0]))
        for path, document in pack.items():
            if path.startswith("rules/"):
                for name, stronger in document.get("strengthens", {}).items():
                    outcomes[name] = max(outcomes[name], SCALE.index(stronger.get("outcome", SCALE[0])))
    found = {}
    for name in writer.some(list(outcomes), 0, 2):
        higher = SCALE[outcomes[name] + 1 :]
        raised = {"outcome": writer.pick(higher)} if higher and writer.chance(80) else {}
        found[name] = raised | writer.stronger_actions(0 if raised else 1) | {"because": "Locally we do more.", "cite": writer.cite(name)}
    return found


def all_rules(document: dict[str, Any]) -> dict[str, Any]:
    """List the rules and table rows of a rules document by their id in the pack."""
    rows = {f"{name}/{row['row']}": row for name, table in document.get("tables", {}).items() for row in table["rows"]}
    return {**document.get("rules", {}), **rows}
