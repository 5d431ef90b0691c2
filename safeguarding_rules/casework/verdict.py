"""The verdict of a decision: what it says, without what follows from it.

Comes in: a decision, or its JSON. Goes out: plain JSON data: outcome, what is settled, possible outcomes, facts, the status of every rule and the
strength and status of every duty, the fingerprint of the policy. Promised: the verdict of a decision is that of its document. Questions, reasons,
routes and words follow from it and are left out (docs/decisions/0036-two-depths-of-replay.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import Program


class Verdicts:
    """Writes verdicts of the decisions of one Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._rules = [rule.id for rule in program.policy.rules]
        self._slots = [f"{slot.action} by {slot.by}, {'refrain' if slot.forbids else 'do'}" for slot in program.slots]

    def without_facts(self, decision: Decision) -> dict[str, Any]:
        """The verdict but for the facts it was given."""
        verdict = decision.verdict
        presumed = set(verdict.presumed)
        return {
            "outcome": decision.outcome,
            "settled": decision.settled,
            "firm": decision.firm,
            "exact": decision.exact,
            "possible_outcomes": list(decision.possible_outcomes),
            "rules": {
                "met": self._names(verdict.met),
                "presumed": self._names(presumed),
                "open": self._names(verdict.open if not presumed else set(verdict.open) - presumed),
            },
            "duties": {self._slots[entry.slot]: [entry.status, entry.strength, entry.presumed, entry.possible] for entry in verdict.entries},
            "fingerprint": self._program.fingerprint,
            "on": decision.on.isoformat(),
        }

    def _names(self, indexes: Iterable[int]) -> list[str]:
        return sorted([self._rules[i] for i in indexes])


def verdict_of(decision: Decision) -> dict[str, Any]:
    """What a decision says, without what follows from it."""
    return {**Verdicts(decision.program).without_facts(decision), "facts": decision.facts}


_STRENGTHS: Mapping[str, int] = {"may": 1, "should": 2, "must": 3, "should_not": 2, "must_not": 3}


def verdict_of_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision as JSON says, without what follows from it."""
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
