"""What can and cannot be in a box of cases, found by search where looking does not show it.

Comes in: a space and a closed box. Goes out: whether conditions can hold or fail in it. Promised: exact, unless the node budget runs out; then
`exact` is false and the answer the one that was asked for in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding_rules.worlds.space import BudgetExceededError, Space
from safeguarding_rules.worlds.sums import Sum

DOUBT = -1  # in place of a case: every cell, so that it looks like a case of anything


class BoxSearch:
    """One closed box, with one of its cases at hand: the lowest, once it is known to be possible."""

    def __init__(self, space: Space, box: int) -> None:
        self.space = space
        self.box = box
        self.case = space.lowest(box)
        self.at_lowest = True  # whether that is the case at hand
        self.exact = True

    def has_case(self) -> bool:
        """Whether some case lies in the box; makes sure of `case`."""
        if self.space.loose and any(not self.case & bits for bits in self.space.loose):
            found = self.search(self.box, ())
            self.at_lowest = found == DOUBT
            self.case = self.case if self.at_lowest else found
            return bool(found)
        return True

    def search(self, box: int, forbidding: Sequence[int]) -> int:
        """A case of a closed box that no forbidden term covers; 0 if there is none; DOUBT if the budget ran out (then no longer exact)."""
        try:
            return self.space.find(box, forbidding)
        except BudgetExceededError:
            self.exact = False
            return DOUBT

    def can_hold(self, condition: Sum) -> bool:
        """Whether the condition holds in some case of the box. On an exhausted budget: yes."""
        return any(self.meets(term) for term in condition.boxes)

    def meets(self, term: int) -> bool:
        """Whether some case of the box lies in a closed term. On an exhausted budget: yes."""
        box = self.space.meet(self.box, term)
        return bool(box and (not self.space.loose or self.search(box, ())))

    def can_fail(self, condition: Sum, *, in_doubt: bool = True) -> bool:
        """Whether the condition fails in some case of the box; `in_doubt` on an exhausted budget."""
        box, case = self.box, self.case
        holding = 0  # cells outside the first term that holds in the case at hand
        for bits in condition.fails:  # the hot path: plain loops
            if not box & bits:
                return False
            if not case & bits and not holding:
                holding = bits
        if (self.exact or in_doubt) and (not holding or lowest_avoids(self.space, self.breaking(box, holding), condition.fails)):
            return True
        found = self.search(self.box, condition.fails)
        return in_doubt if found == DOUBT else bool(found)

    def breaking(self, box: int, outside: int) -> int:
        """A closed box without the cells of one variable for which a term holds in its lowest case; 0 if the term holds in all of it."""
        space = self.space
        rest = outside & box
        while rest:
            block = space.variables[space.owner[(rest & -rest).bit_length() - 1]].block
            if inner := space.meet(box, space.narrowing(rest & block, block)):
                return inner
            rest &= ~block
        return 0


def lowest_avoids(space: Space, box: int, forbidding: Sequence[int]) -> bool:
    """Whether the lowest case of a closed box is known to be one, and no forbidden term covers it."""
    if not box or space.loose:
        return False
    case = box & ~(box - space.lows)
    for bits in forbidding:  # noqa: SIM110  the hot path: a plain loop
        if not case & bits:
            return False
    return True
