"""What gives a duty of some strength in the box of a verdict: what to forbid so that it is gone, and where to look for cases that lack it.

Comes in: what is open in the box. Goes out: per duty and strength the terms that bring it, as cells outside them. Promised: exact for the cases of
the box; what no open term says is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from safeguarding_rules.worlds.index import positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.sayings import Open
    from safeguarding_rules.deciding.verdict import Verdict


class Given(NamedTuple):
    """For a duty of some strength: the terms to forbid so that it is not given, those that rule it out, the boxes to look in; all terms, as bits."""

    without: list[int]
    outranked: list[int]
    lifts: list[int]
    terms: int


class Lists(dict[int, list[int]]):
    """Per rank a list, made when it is asked for."""

    def __init__(self, made: Callable[[int], list[int]]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, rank: int) -> list[int]:
        found = self[rank] = self._made(rank)
        return found


class Giving:
    """Tells of the duties of one verdict what gives them. `above` are, per rank, the cells outside each open term with a higher one."""

    def __init__(self, program: Program, verdict: Verdict, opened: Open, above: Mapping[int, list[int]]) -> None:
        self._program, self._sayings, self._open, self._above = program, program.sayings, opened, above
        self._met = frozenset(verdict.met)
        self._floor = max([0, *(program.rules[i].rank for i in verdict.met)])
        self._found: dict[tuple[int, int], Given | None] = {}

    def of(self, slot: int, strength: int) -> Given | None:
        """What to forbid and where to look for a duty of that strength; None if every case gives it, or it can never stand."""
        if (slot, strength) not in self._found:
            described = self._program.slots[slot]
            without = self._absent(slot, strength)
            # A `may` stands only where no prohibition does.
            outranked = self._absent(described.opposite, 1) if strength == 1 and described.contested_may else []
            owned, ranked = self._sayings.owned, self._sayings.ranked
            opposite = self._program.slots[described.opposite]
            terms = reduce(or_, [owned[i] for i, _ in (*described.rules, *opposite.rules)], 0)
            if described.standing or opposite.standing:
                terms |= reduce(or_, ranked[1:], 0)
            known = None if without is None or outranked is None else Given(without, outranked, self._lifts(slot, strength), terms)
            self._found[slot, strength] = known
        return self._found[slot, strength]

    def _lifts(self, slot: int, strength: int) -> list[int]:
        """The boxes to look in: those above the first outcome where that outcome's standing duties would give the slot anyway, or outrank it."""
        described = self._program.slots[slot]
        outranking = self._program.slots[described.opposite].standing if strength == 1 and described.contested_may else ()
        standing = (*described.standing, *outranking)
        if not self._floor and any(given >= strength and self._program.standing[index].first for index, given in standing):
            return self._open.listed(self._program.index.boxes, 1, len(self._sayings.ranked))
        return [self._program.space.full]

    def _absent(self, slot: int, strength: int) -> list[int] | None:
        """The terms to forbid so that the slot is given less than `strength`; None if that cannot be."""
        described = self._program.slots[slot]
        giving = [index for index, given in described.rules if given >= strength]
        if any(index in self._met for index in giving):
            return None
        terms = reduce(or_, [self._sayings.owned[index] for index in giving], 0) & self._open.terms
        found = [self._sayings.outside[number] for number in positions(terms)]
        for index, given in described.standing:
            entry = self._program.standing[index]
            if given >= strength and not entry.first:
                if entry.rank <= self._floor:
                    return None
                found.extend(self._above[entry.rank - 1])
        return found
