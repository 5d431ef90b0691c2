"""Decisions in brief: what a caller needs who only wants to know what to do, without reasons or questions.

Comes in: a decision. Goes out: JSON text. Promised: only the numbers of the verdict are used, so that nothing is worked out that is not told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
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
        self.duties = [
            ["", *(json.dumps(f"{slot.by} {named.get(strength, '')} {slot.action}") for strength in (1, 2, 3))]
            for slot, named in zip(program.slots, words, strict=True)
        ]

    def text(self, decided: Decision) -> str:
        """A decision in brief: outcome, settled, firm, and the duties that apply or are presumed."""
        verdict = decided.verdict
        strengths = verdict.applies if verdict.assumed is self._program.nothing else map(max, verdict.applies, verdict.assumed)
        return self.written(verdict.advice, strengths, settled=decided.settled, firm=decided.firm)

    def written(self, advice: int, strengths: Iterable[int], *, settled: bool, firm: bool) -> str:
        """The brief answer as JSON, from numbers: the rank of the advice, and the strength of each slot."""
        duties = [named[strength] for named, strength in zip(self.duties, strengths, strict=True) if strength]
        return f"{self.head(advice, settled=settled, firm=firm)}{','.join(duties)}]}}"

    def head(self, advice: int, *, settled: bool, firm: bool) -> str:
        """All that stands before the duties."""
        told = f'"settled":{"true" if settled else "false"},"firm":{"true" if firm else "false"}'
        return f'{{"outcome":{self._outcomes[advice]},{told},"actions":['
