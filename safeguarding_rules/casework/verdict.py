"""The verdict of a decision: what it says, without what follows from it.

Comes in: a decision, or its JSON. Goes out: plain JSON data: outcome, what is settled, possible outcomes, facts, the status of every rule and the
strength and status of every duty, the fingerprint of the policy. Promised: the verdict of a decision is that of its document. Questions, reasons,
routes and words follow from it and are left out (docs/decisions/0036-two-depths-of-replay.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from safeguarding_rules.deciding.decision import Decision


def verdict_of(decision: Decision) -> dict[str, Any]:
    """What a decision says, without what follows from it."""
    program, verdict = decision.program, decision.verdict
    presumed = set(verdict.presumed)

    def names(indexes: Iterable[int]) -> list[str]:
        return sorted(program.policy.rules[i].id for i in indexes)

    duties = {}
    for entry in verdict.entries:
        slot = program.slots[entry.slot]
        key = f"{slot.action} by {slot.by}, {'refrain' if slot.forbids else 'do'}"
        duties[key] = [entry.status, entry.strength, entry.presumed, entry.possible]
    return {
        "outcome": decision.outcome,
        "settled": decision.settled,
        "firm": decision.firm,
        "exact": decision.exact,
        "possible_outcomes": list(decision.possible_outcomes),
        "facts": decision.facts,
        "rules": {"met": names(verdict.met), "presumed": names(presumed), "open": names(set(verdict.open) - presumed)},
        "duties": duties,
        "fingerprint": program.fingerprint,
        "on": decision.on.isoformat(),
    }


_STRENGTHS: Mapping[str, int] = {"may": 1, "should": 2, "must": 3, "should_not": 2, "must_not": 3}


def verdict_of_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of a decision as JSON."""
    duties = {}
    for action in document["actions"]:
        stronger = {one["status"]: _STRENGTHS[one["modality"]] for one in action["stronger"]}
        key = f"{action['action']} by {action['by']}, {'refrain' if action['modality'] in ('should_not', 'must_not') else 'do'}"
        duties[key] = [action["status"], _STRENGTHS[action["modality"]], stronger.get("presumed", 0), stronger.get("depends", 0)]
    same = ("outcome", "settled", "firm", "exact", "possible_outcomes", "facts", "on")
    return {
        **{name: document[name] for name in same},
        "rules": {status: sorted(rule["rule"] for rule in document["rules"][status]) for status in ("met", "presumed", "open")},
        "duties": duties,
        "fingerprint": document["policy"]["fingerprint"],
    }
