"""Rows that the circuits do not decide, one pattern at a time: rows whose facts contradict, and every row of a policy too intricate for circuits.

Comes in: a Program and what such rows exclude. Goes out: for each pattern of knowledge its verdict, once. Promised: what `Engine.decide` would
say of the same facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safeguarding_rules.deciding.decide import contradicting_verdict
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.questions import questions
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.tabular.bits import Words

MEMO_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Settled:
    """A verdict, and whether the facts contradict."""

    verdict: Verdict
    contradicts: bool

    @property
    def settled(self) -> bool:
        """Whether missing facts can no longer change the outcome."""
        return not self.contradicts and self.verdict.settled

    @property
    def firm(self) -> bool:
        """Whether nothing missing can make the advice milder."""
        return not self.contradicts and self.verdict.firm


class ScalarRows:
    """Decides patterns of knowledge with the scalar evaluator. The memo is limited and the same whoever fills it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._settled: dict[int, Settled] = {}
        self._first: dict[int, str | None] = {}

    def patterns(self, excluded: Mapping[int, Words], rows: npt.NDArray[np.int64]) -> tuple[list[int], npt.NDArray[np.int64]]:
        """The distinct boxes of rows, and for each row the number of its box."""
        space = self.program.space
        cells = sorted(excluded)
        matrix = np.empty((len(rows), len(cells)), np.bool_)
        for at, cell in enumerate(cells):
            matrix[:, at] = excluded[cell].view(np.uint8)[rows >> 3] >> (rows & 7).astype(np.uint8) & 1
        octets = np.packbits(matrix, axis=1, bitorder="little")
        distinct, inverse = np.unique(octets, axis=0, return_inverse=True)
        gone = np.unpackbits(distinct, axis=1, count=len(cells), bitorder="little")
        boxes = [space.full & ~sum(1 << cells[at] for at in np.flatnonzero(one).tolist()) for one in gone]
        return boxes, inverse.reshape(-1)

    def verdict(self, raw: int) -> Settled:
        """The verdict on what a row leaves possible, a box that need not be closed."""
        found = self._settled.get(raw)
        if found is None:
            if len(self._settled) >= MEMO_LIMIT:
                self._settled.clear()
            found = self._settled[raw] = self._decided(raw)
        return found

    def _decided(self, raw: int) -> Settled:
        space = self.program.space
        box = space.close(raw & space.start)
        verdict = evaluate(self.program, box) if box else None
        if verdict is not None:
            return Settled(verdict, contradicts=False)
        verdict, _ = contradicting_verdict(self.program, self._boxes(raw))
        return Settled(verdict, contradicts=True)

    def _boxes(self, raw: int) -> dict[str, int]:
        """The closed box of each fact on its own, in declared order."""
        space = self.program.space
        found: dict[str, int] = {}
        for variable in space.variables:
            if raw & variable.block != variable.block:
                found[variable.fact] = found.get(variable.fact, space.start) & space.narrowing(raw & variable.block, variable.block)
        return {name: space.tighten(box) for name, box in found.items()}

    def first_question(self, raw: int) -> str | None:
        """The fact to ask first; None where nothing that is missing matters."""
        if raw not in self._first:
            if len(self._first) >= MEMO_LIMIT:
                self._first.clear()
            self._first[raw] = self._asked(raw)
        return self._first[raw]

    def _asked(self, raw: int) -> str | None:
        settled = self.verdict(raw)
        if settled.contradicts:
            _, contradiction = contradicting_verdict(self.program, self._boxes(raw))
            return next((name for conflict in contradiction.conflicts for name in conflict), None)
        found = questions(self.program, settled.verdict)
        return found[0].fact if found else None
