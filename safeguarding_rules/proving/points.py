"""Points: partial cases in which everything is known but some facts, and what holds in every case of them.

Comes in: the names of the facts that are not known, and ways (boxes with terms to forbid in them). Goes out: a point of which every case lies in one
of the ways, or that there is none. Promised: exact, or None where too many steps were needed.

Why points: a partial case all of whose cases lie in the ways stays so however it is narrowed, so each of its cases is part of such a point. Where
there is no such point, no partial case is so. A point by itself is a partial case of interest only if the facts are still open there. A value of an
unknown fact is *good* if a case that has it leaves the fact another one, whatever the other facts are: the constraints that a good value meets by
itself have a second value in common. A fact that is open has two values, so where all its values but one are good, some case has a good one, and the
point of that case leaves the fact open. `complete` says whether all this is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from math import prod

from safeguarding_rules.proving.arena import Arena

JOINT = 512
NODES = 4_000
TWO = 2

Way = tuple[Sequence[int], Sequence[int]]
"""Boxes, and terms to forbid in them."""


class Points:
    """Looks for points of one stack in which some facts are unknown."""

    def __init__(self, arena: Arena, names: Sequence[str]) -> None:
        self.arena = arena
        self.space = arena.space
        self.unknown = [v for v in self.space.variables if v.fact in set(names)]
        self.block = sum(v.block for v in self.unknown)
        self.clauses = [clause.bits for clause in self.space.clauses if clause.bits & self.block]
        self.good = sum(self._good(v.block) for v in self.unknown)

    def _good(self, block: int) -> int:
        """The values of a fact that leave it another one."""
        found, rest = 0, block
        while rest:
            cell = rest & -rest
            rest ^= cell
            left = block
            for clause in self.clauses:
                left &= clause if clause & cell else block
            found |= cell if left.bit_count() >= TWO else 0
        return found

    @cached_property
    def complete(self) -> bool:
        """Whether what no point shows is so of no partial case either."""
        if any(v.value is not None for v in self.unknown):
            return False
        blocks = [v.block for v in self.unknown]
        bad = [block & ~self.good for block in blocks]
        # Facts that are idle together can be open together, if nothing else of the constraints excludes a value of theirs.
        idle = [
            frozenset(clause & ~self.block for clause in self.clauses if clause & block == one) for block, one in zip(blocks, bad, strict=True) if one
        ]
        alone = all(sum(bool(clause & block) for block in blocks) == 1 for clause in self.clauses)
        return alone and all(one.bit_count() < TWO for one in bad) and len(set(idle)) <= 1

    def find(self, ways: Sequence[Way], *, is_open: bool) -> int | None:
        """A case of a point in which every case lies in one of the ways; 0 if there is none, None if that took too many steps.

        `is_open`: a case with good values, so that the facts are open in its point.
        """
        if prod(len(v.cells) for v in self.unknown) > JOINT:
            return None
        start = self.space.close(self.space.start & (self.good | ~self.block)) if is_open else self.space.start
        waiting: list[tuple[int, list[int], tuple[int, ...]]] = [(start, [], tuple(self._joint()))] if start else []
        for _ in range(NODES):
            if not waiting:
                return 0
            box, wanted, left = waiting.pop()
            case = self.arena.search.find([box], wanted)
            if not case:
                continue
            left = tuple(values for values in left if not self._settled(values, box, wanted, ways))
            failing = next((values for values in left if not self._lies(case, values, ways)), None)
            if failing is None:
                return case
            rest = tuple(values for values in left if values != failing)
            waiting += [(inner, [*wanted, *more], rest) for inner, more in self._narrower(box, failing, ways)]
        return None

    def _joint(self) -> Iterator[int]:
        """Every combination of values of the unknown facts, as bits."""
        for chosen in product(*([1 << (v.offset + i) for i in range(len(v.cells))] for v in self.unknown)):
            yield sum(chosen)

    def _lies(self, case: int, values: int, ways: Sequence[Way]) -> bool:
        """Whether a case, with other values of the unknown facts, is impossible or lies in one of the ways."""
        moved = (case & ~self.block) | values
        if not self.space.possible(moved):
            return True
        return any(all(moved & bits for bits in forbidding) and any(not moved & ~box for box in boxes) for boxes, forbidding in ways)

    def _settled(self, values: int, box: int, wanted: Sequence[int], ways: Sequence[Way]) -> bool:
        """Whether every point of a box is fine with some values of the unknown facts, as far as can be seen at once."""
        kept = frozenset(wanted)
        for boxes, forbidding in ways:
            free = (bits & ~self.block for bits in forbidding if not bits & values)
            if all(bits in kept for bits in free) and any(not values & ~term and not box & ~self.block & ~term for term in boxes):
                return True
        return False

    def _narrower(self, box: int, values: int, ways: Sequence[Way]) -> Iterator[tuple[int, list[int]]]:
        """The boxes, with terms to forbid, that together are the points in which some values are impossible or lie in one of the ways."""
        space = self.space
        for clause in self.clauses:
            if not clause & values and (inner := space.close(box & ~(clause & ~self.block))):
                yield inner, []
        for boxes, forbidding in ways:
            more = [bits & ~self.block for bits in forbidding if not bits & values]
            if 0 in more:
                continue
            for term in boxes:
                if not values & ~term and (inner := space.close(box & (term | self.block))):
                    yield inner, more
