"""Generated packs of any number of rules, as files of text: every rule cites a statement that names it, as authors write them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

RULES_A_FILE = 500
FACTS = 60
ACTIONS = 30
OUTCOMES = ("manage", "review", "advise", "refer", "police", "emergency")

MANIFEST = f"""\
pack: generated
version: "1"
title: A generated pack
publisher: nobody
jurisdiction: nowhere
layer: national
language: "1"
status: draft
in_force: {{from: {date(2024, 1, 1)}}}
licence: none
review_by: 2099-01-01
reviewers: none yet
sign_off: {{by: none yet}}
outcomes:
"""


def generated(rules: int, *, opposite: int = 0, rows: int = 0, seed: int = 1) -> dict[str, object]:
    """Return the files of a pack of `rules` rules.

    `opposite` of them give one action and as many others forbid it; `rows` more stand in one decision table.
    """
    chance = random.Random(seed)
    files: dict[str, object] = {"pack.yaml": _manifest(), "facts.yaml": _facts(), "actions.yaml": _actions()}
    for start in range(0, rules, RULES_A_FILE):
        lines = ["rules:"]
        for number in range(start, min(start + RULES_A_FILE, rules)):
            lines.extend(_rule(number, opposite, chance))
        files[f"rules/part-{start // RULES_A_FILE:02}.yaml"] = "\n".join(lines) + "\n"
    if rows:
        files["rules/grid.yaml"] = "\n".join(_table(rows)) + "\n"
    files["statements.yaml"] = "\n".join(_statements(rules, rows)) + "\n"
    return files


def _manifest() -> str:
    lines = [f"  {name}: {{title: {name}, meaning: m, because: b, cite: [O-{name.upper()}]}}" for name in OUTCOMES]
    return MANIFEST + "\n".join(lines) + "\nwhen_unsettled: {outcome: review, because: b, cite: [O-REVIEW]}\n"


def _facts() -> str:
    lines = ["facts:"]
    for i in range(FACTS):
        lines.append(f"  fact_{i}:")
        lines.append("    type: integer\n    at_least: 0\n    at_most: 30" if i % 10 == 9 else "    type: boolean")  # noqa: PLR2004
        lines.append(f"    question: Is it so with {i}?\n    group: g{i // 10}\n    sensitivity: standard")
        if i % 10 == 5:  # noqa: PLR2004
            lines.append(f"    applies_when: {{fact_{i - 5}: true}}")
    return "\n".join(lines) + "\n"


def _actions() -> str:
    lines = ["actions:"]
    lines.extend(f"  action_{i}: {{title: Do {i}, meaning: m, by: dsl, protects: do}}" for i in range(ACTIONS))
    lines.append("  contested: {title: Contested, meaning: m, by: dsl, protects: do}")
    return "\n".join(lines) + "\n"


def _test(fact: int, chance: random.Random) -> str:
    if fact % 10 == 9:  # noqa: PLR2004
        return f"{{fact_{fact}: {{{chance.choice(('below', 'at_least'))}: {chance.choice((5, 10, 13, 16, 18))}}}}}"
    return f"{{fact_{fact}: {chance.choice(('true', 'true', 'false'))}}}"


def _rule(number: int, opposite: int, chance: random.Random) -> Iterator[str]:
    facts = chance.sample(range(1, FACTS), chance.choice((2, 3, 3, 4)))
    tests = [_test(fact, chance) for fact in facts]
    action = f"must: action_{chance.randrange(ACTIONS)}"
    if number < 2 * opposite:
        tests.insert(0, "{fact_0: true}" if number < opposite else "{fact_0: false}")
        action = "must: contested" if number < opposite else "must_not: contested"
    yield f"  rule-{number}:"
    yield f"    title: Rule {number}"
    yield f"    when: {{all: [{', '.join(tests)}]}}"
    yield f"    outcome: {chance.choice(OUTCOMES[1:])}"
    yield f"    because: Because of {number}."
    yield f"    actions: [{{{action}, within: same_day, from: known}}]"
    yield f"    cite: [S-{number}]"


def _table(rows: int) -> Iterator[str]:
    """A table of rows that differ in the binary digits of their number, so that no two overlap."""
    digits = [f for f in range(1, FACTS) if f % 10 not in {5, 9}][: max(rows - 1, 1).bit_length()]
    yield "tables:"
    yield "  grid:"
    yield "    title: A grid"
    yield f"    facts: [{', '.join(f'fact_{f}' for f in digits)}]"
    yield "    rows:"
    for row in range(rows):
        cells = ", ".join(f"fact_{f}: {'true' if row >> place & 1 else 'false'}" for place, f in enumerate(digits))
        yield f"      - {{row: r{row}, {cells}, outcome: {OUTCOMES[1 + row % 5]}, because: b, cite: [T-{row}]}}"


def _statements(rules: int, rows: int) -> Iterator[str]:
    yield "sources:"
    yield "  s: {title: Source, publisher: nobody}"
    yield "statements:"
    named = [(f"O-{name.upper()}", f"outcomes/{name}" + (", when_unsettled" if name == "review" else "")) for name in OUTCOMES]
    named += [(f"S-{i}", f"rule-{i}") for i in range(rules)]
    named += [(f"T-{i}", f"grid/r{i}") for i in range(rows)]
    for statement, encoded in named:
        words = "source: s, section: x, binds: DSL, text: t, strength: should, force: advice, checked: seen"
        yield f"  {statement}: {{{words}, encoded_by: [{encoded}]}}"
