"""What one answer would bring about by itself: the outcome that could then no longer be milder, and how many rules would hold.

Comes in: a decision. Goes out: for a fact, the answer that settles most, or which answer the rules wait for. Promised: no figure about how likely an
answer is; only the rules are asked. Must not know: what has been asked, or how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.linking.policy import FactInfo
from safeguarding_rules.worlds.space import Variable


class Settled(NamedTuple):
    """What an answer brings about: the rank that the outcome could no longer fall below, and how many open rules would hold."""

    rank: int
    rules: int


class Settling:
    """Looks at the answers to single facts in one decision."""

    def __init__(self, decision: Decision) -> None:
        program = decision.program
        self._space = program.space
        self._box = decision.verdict.box
        self._open = [program.rules[i] for i in decision.verdict.open]
        self._least = decision.verdict.possible[0]
        self._saying: dict[int, list[int]] = {}
        for place, index in enumerate(decision.verdict.open):
            for block in program.index.blocks[index]:
                self._saying.setdefault(block, []).append(place)

    def best(self, info: FactInfo) -> Settled | None:
        """Return what the answer brings about that settles most; None where no single answer makes the least possible outcome more protective."""
        found = [settled for variable, cell in self._answers(info) if (settled := self._brought(variable, cell)) is not None]
        return max(found, default=None)

    def waits_for(self, info: FactInfo) -> bool:
        """Return the answer to a yes-or-no fact that the open rules wait for: what settles most, else what more of their terms need."""
        variable = self._space.variable_of(info.spec.name)
        yes, no = (self._space.cell_of(variable, value) or 0 for value in (True, False))
        settled = [(self._brought(variable, cell) or Settled(-1, 0)) for cell in (yes, no)]
        if settled[0] != settled[1]:
            return settled[0] > settled[1]
        terms = [box & variable.block for place in self._saying.get(variable.block, ()) for box in self._open[place].holds.boxes]
        return terms.count(yes) >= terms.count(no)

    def answered_by(self, info: FactInfo, other: FactInfo) -> bool:
        """Return whether the answer not waited for, to another yes-or-no fact, would answer a yes-or-no fact too."""
        variable = self._space.variable_of(other.spec.name)
        cell = self._space.cell_of(variable, not self.waits_for(other)) or 0
        box = self._space.close(self._box & ~variable.block | cell)
        left = box & self._space.variable_of(info.spec.name).block
        return bool(left) and not left & (left - 1)

    def _answers(self, info: FactInfo) -> Iterator[tuple[Variable, int]]:
        """Every cell still open of the variables of a fact."""
        for value in info.spec.values if info.spec.type == "choices" else (None,):
            variable = self._space.variable_of(info.spec.name, value)
            cells = self._box & variable.block & ~self._space.not_applicable
            while cells:
                cell = cells & -cells
                cells &= ~cell
                yield variable, cell

    def _brought(self, variable: Variable, cell: int) -> Settled | None:
        """What holds once the cell is known; None where the outcome could still be as mild as before."""
        places = self._saying.get(variable.block, ())
        box = self._space.close(self._box & ~variable.block | cell) if places and self._box & cell else 0
        if not box or (self._space.wide and not self._space.find(box)):
            return None
        ranks = [self._open[place].rank for place in places if self._open[place].holds.holds(box)]
        return Settled(max(ranks), len(ranks)) if ranks and max(ranks) > self._least else None
