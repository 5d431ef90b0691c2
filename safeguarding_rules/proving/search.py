"""Searching the space of cases to the end: a case in some boxes and outside some terms, and the smallest such case.

The search of `worlds` (`Space.find`) answers nearly everything at once. Where its budget does not suffice, a search that propagates takes over: a
term that must fail and has one literal left narrows the box, and the shortest term is split first. Both are exact. Nothing here guesses: whoever
runs out of nodes or of time raises `UndecidedError`.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from safeguarding_rules.worlds.space import BudgetExceededError, Space

QUICK_NODES = 400
DEEP_NODES = 300_000
SMALLEST_NODES = 1_500
_CLOCK_EVERY = 64


class UndecidedError(Exception):
    """A search needed more nodes or more time than allowed."""


@dataclass
class Limits:
    """How long searching may go on: nodes per search, and a moment (`time.monotonic`) after which everything is undecided."""

    nodes: int = DEEP_NODES
    until: float | None = None

    def check(self) -> None:
        """Raise UndecidedError if the time is over."""
        if self.until is not None and time.monotonic() > self.until:
            raise UndecidedError("the time limit was reached")


class Search:
    """Searches one space within limits."""

    def __init__(self, space: Space, limits: Limits) -> None:
        self.space = space
        self.limits = limits
        self.mild = space.lowest(space.start)
        applicable = space.start & ~space.not_applicable
        # A fact that need not apply is as mild with the least telling of its values as where it does not apply.
        self.quiet = self.mild | sum(
            cells & -cells for v in space.variables if v.block & self.mild & space.not_applicable and (cells := v.block & applicable)
        )
        self._literals: dict[int, tuple[int, ...]] = {}

    def find(self, boxes: Iterable[int], forbidding: Sequence[int] = ()) -> int:
        """A possible case in one of the closed boxes with a bit in each of `forbidding`; 0 if there is none. Raises UndecidedError."""
        wanted = list(dict.fromkeys(forbidding))
        if 0 in wanted:
            return 0
        for box in boxes:
            if not box:
                continue
            self.limits.check()
            try:
                case = self.space.find(box, wanted, QUICK_NODES)
            except BudgetExceededError:
                case = self._deep(box, [*wanted, *self.space.loose])
            if case:
                return case
        return 0

    # -- with propagation -----------------------------------------------------------------------------------------------------------

    def _deep(self, box: int, clauses: Sequence[int]) -> int:
        stack = [(box, list(clauses))]
        nodes = 0
        while stack:
            nodes += 1
            if nodes > self.limits.nodes:
                raise UndecidedError(f"more than {self.limits.nodes} nodes were needed")
            if nodes % _CLOCK_EVERY == 0:
                self.limits.check()
            box, left = self._propagate(*stack.pop())
            if not box:
                continue
            case = self.space.lowest(box)
            broken = [bits for bits in left if not case & bits]
            if not broken and self.space.possible(case):
                return case
            chosen = min(broken or left, key=lambda bits: (box & bits).bit_count())
            branches = []
            for block in self._blocks(chosen):
                if box & chosen & block:
                    branches.append((self.space.meet(box, self.space.narrowing(chosen & block, block)), left))
                    rest = block & ~chosen
                    box = self.space.meet(box, self.space.narrowing(rest, block)) if box & rest else 0
                    if not box:
                        break
            stack.extend(reversed([branch for branch in branches if branch[0]]))
        return 0

    def _propagate(self, box: int, clauses: list[int]) -> tuple[int, list[int]]:
        """The box with everything removed that a single remaining literal excludes, and the clauses that are not yet certain."""
        space = self.space
        changed = True
        while changed:
            changed = False
            left = []
            for bits in clauses:
                alive = box & bits
                if not alive:
                    return 0, []
                blocks = [block for block in self._blocks(bits) if alive & block]
                if any(not box & block & ~bits for block in blocks):
                    continue
                if len(blocks) == 1:
                    box = space.meet(box, space.narrowing(bits & blocks[0], blocks[0]))
                    if not box:
                        return 0, []
                    changed = True
                else:
                    left.append(bits)
            clauses = left
        return box, clauses

    def _blocks(self, bits: int) -> tuple[int, ...]:
        found = self._literals.get(bits)
        if found is None:
            found = self._literals[bits] = tuple(self.space.blocks_in(bits))
        return found

    # -- smallest -------------------------------------------------------------------------------------------------------------------

    def distance(self, case: int) -> int:
        """In how many facts (or values of a `choices` fact) a case is unlike the mildest one."""
        return (case & ~self.quiet).bit_count()

    def smallest(self, boxes: Iterable[int], forbidding: Sequence[int], found: int) -> int:
        """A case as `find` gives, least unlike the mildest case; starting from one that was found.

        Boxes are taken in the order of how unlike the mildest case they are at least, so the first case is a smallest one; if that takes too
        long, the one that was found, with every fact set back that can be.
        """
        space = self.space
        number = count()
        heap = [(self.distance(space.lowest(box)), next(number), box) for box in boxes if box]
        heapq.heapify(heap)
        clauses = [*forbidding, *space.loose]
        for _ in range(SMALLEST_NODES):
            if not heap:
                break
            _, _, box = heapq.heappop(heap)
            case = space.lowest(box)
            broken = next((bits for bits in clauses if not case & bits), 0)
            if not broken:
                return case if space.possible(case) else found
            for block in self._blocks(broken):
                if box & broken & block and (inner := space.meet(box, space.narrowing(broken & block, block))):
                    heapq.heappush(heap, (self.distance(space.lowest(inner)), next(number), inner))
        inside = [box for box in boxes if box]
        return self.set_back(found, lambda case: all(case & bits for bits in clauses) and any(not case & ~box for box in inside))

    def set_back(self, case: int, still: Callable[[int], bool]) -> int:
        """A case with every fact, one after the other, set to what it is in the mildest case where the case then still serves."""
        for variable in self.space.variables:
            block = variable.block
            for cell in (self.mild & block, self.quiet & ~self.mild & block):
                milder = (case & ~block) | cell
                if cell and not case & self.quiet & block and self.space.possible(milder) and still(milder):
                    case = milder
        return case
