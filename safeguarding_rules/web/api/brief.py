"""Decisions in brief: what a caller needs who only wants to know what to do, without reasons or questions.

Comes in: a decision. Goes out: JSON text. Promised: only the numbers of the verdict are used, so that nothing is worked out that is not told.
"""

from __future__ import annotations

import json
from typing import Final

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import Program

_POSITIVE: Final = {1: "may", 2: "should", 3: "must"}
_NEGATIVE: Final = {2: "should_not", 3: "must_not"}


class Brief:
    """Writes decisions in brief, from pieces of text made once for each Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._outcomes = [json.dumps(outcome.name) for outcome in program.policy.outcomes]
        words = [(_NEGATIVE if slot.forbids else _POSITIVE) for slot in program.slots]
        self._duties = [
            ["", *(json.dumps(f"{slot.by} {named.get(strength, '')} {slot.action}") for strength in (1, 2, 3))]
            for slot, named in zip(program.slots, words, strict=True)
        ]

    def text(self, decided: Decision) -> str:
        """A decision in brief: outcome, settled, firm, and the duties that apply or are presumed."""
        verdict = decided.verdict
        strengths = verdict.applies if verdict.assumed is self._program.nothing else map(max, verdict.applies, verdict.assumed)
        duties = [named[strength] for named, strength in zip(self._duties, strengths, strict=True) if strength]
        settled, firm = ("true" if flag else "false" for flag in (decided.settled, decided.firm))
        return f'{{"outcome":{self._outcomes[verdict.advice]},"settled":{settled},"firm":{firm},"actions":[{",".join(duties)}]}}'
