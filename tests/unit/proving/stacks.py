"""Stacks to prove, from plain data."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from safeguarding_rules import pack_from_data
from safeguarding_rules.linking.link import check, link
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.run import Task, work
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.work import Stack

DAY = date(2024, 1, 1)
TODAY = date(2026, 11, 22)


def stack_of(data: list[dict[str, Any]], *, limits: Limits | None = None, today: date = TODAY, opinion: bool = False) -> Stack:
    """Link a stack of plain data for proving; raises PackError."""
    packs = [pack_from_data(pack) for pack in data]
    policy, found = check(packs, DAY, thorough=True)
    policy = policy if policy is not None else link(packs, DAY)
    above = link(packs[:-1], DAY) if len(packs) > 1 else None
    return Stack(packs, policy, above, DAY, today, ((DAY, None),), found, limits or Limits(), opinion)


def with_invariants(data: list[dict[str, Any]], invariants: dict[str, Any]) -> list[dict[str, Any]]:
    """The stack with invariants in its lowest pack."""
    changed = copy.copy(data)
    changed[-1] = {**data[-1], "invariants.yaml": {"invariants": invariants}}
    return changed


def claims_of(stack: Stack) -> dict[str, Claim]:
    """Every claim about a stack by name."""
    from safeguarding_rules.proving.run import prove  # noqa: PLC0415  keeps the module light

    return {claim.name: claim for claim in prove([stack]).stacks[0].claims}


def invariant_claims(stack: Stack) -> dict[str, Claim]:
    """The claims of the invariants of a stack only."""
    return {name: work([stack], Task(0, "invariant", i))[0] for i, (_, name, _) in enumerate(stack.invariants)}


def pack(
    rules: dict[str, Any], *, invariants: dict[str, Any] | None = None, layer: bool = False, facts: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A small pack as plain data: facts `a`, `b`, `c` and `age`, outcomes manage, review, refer, police; every rule cites a statement of its own.

    `more` are further documents, such as `standing=[…]`, `tables={…}`, `strengthens={…}`, `implications=[…]`, `accepted=[…]`.
    """
    prefix = "LAY" if layer else "TOP"
    targets = [*rules, *(f"standing/{entry['id']}" for entry in more.get("standing", ()))]
    targets += [f"{name}/{row['row']}" for name, table in more.get("tables", {}).items() for row in table["rows"]]
    targets += list(more.get("strengthens", {}))
    targets = targets if layer else [*(f"outcomes/{name}" for name in OUTCOMES), "when_unsettled", *targets]
    ids = {target: f"{prefix}-{n}" for n, target in enumerate(targets, 1)}

    def cited(name: str, entry: dict[str, Any]) -> dict[str, Any]:
        return {"because": "It protects.", **entry, "cite": [ids[name]]}

    document: dict[str, Any] = {"rules": {name: {"title": name, **cited(name, rule)} for name, rule in rules.items()}}
    if "standing" in more:
        document["standing"] = [cited(f"standing/{entry['id']}", entry) for entry in more["standing"]]
    if "strengthens" in more:
        document["strengthens"] = {name: cited(name, entry) for name, entry in more["strengthens"].items()}
    if "tables" in more:
        document["tables"] = {
            name: {"title": name, **table, "rows": [cited(f"{name}/{row['row']}", row) for row in table["rows"]]}
            for name, table in more["tables"].items()
        }
    statements = {one: _statement(prefix, target) for target, one in ids.items()}
    manifest: dict[str, Any] = {**MANIFEST, "pack": "lay" if layer else "top", "layer": "local" if layer else "national"}
    if layer:
        manifest["extends"] = {"pack": "top", "version": "1"}
    else:
        manifest["outcomes"] = {name: {"title": name, "meaning": "m", "because": "b", "cite": [ids[f"outcomes/{name}"]]} for name in OUTCOMES}
        manifest["when_unsettled"] = {"outcome": "review", "because": "b", "cite": [ids["when_unsettled"]], **more.get("unsettled", {})}
    declared = facts if facts is not None else {} if layer else FACTS
    found = {
        "pack.yaml": manifest,
        "facts.yaml": {"facts": declared, "implications": more.get("implications", [])},
        "rules/all.yaml": document,
        "statements.yaml": {"sources": {prefix.lower(): {"title": "Source", "publisher": "Nobody"}}, "statements": statements},
        "invariants.yaml": {"invariants": invariants or {}, "accepted": more.get("accepted", [])},
    }
    return found if layer else {**found, "actions.yaml": {"actions": ACTIONS}}


OUTCOMES = ("manage", "review", "refer", "police")
FACTS: dict[str, Any] = {
    **{name: {"type": "boolean", "question": f"Is {name} so?"} for name in "abc"},
    "age": {"type": "integer", "at_least": 0, "at_most": 20, "unit": "years", "question": "How old?"},
}
ACTIONS = {
    "tell": {"title": "Tell them", "meaning": "m", "by": "dsl", "protects": "do"},
    "call": {"title": "Call them", "meaning": "m", "by": "dsl", "protects": "do"},
    "look": {"title": "Look at it", "meaning": "m", "by": "dsl", "protects": "refrain"},
}
MANIFEST: dict[str, Any] = {
    "version": "1",
    "title": "A pack",
    "publisher": "Nobody",
    "jurisdiction": "Nowhere",
    "language": "1",
    "status": "draft",
    "in_force": {"from": "2024-01-01"},
    "licence": "none",
    "review_by": "2099-01-01",
    "sign_off": {"by": "none yet"},
}


def _statement(prefix: str, target: str) -> dict[str, Any]:
    words = {"source": prefix.lower(), "section": "1", "binds": "DSL", "text": "t", "strength": "should", "force": "advice", "checked": "seen"}
    return {**words, "encoded_by": [target]}
