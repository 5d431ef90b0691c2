"""Steps of learning: what a box of cases looks like before and after one variable becomes known.

A step is told by what its value forces (through `applies_when` and implications) and by what has to give way without the value saying how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

from safeguarding_rules.worlds.space import Space

RELEASE_LIMIT = 256
PATTERN_LIMIT = 5
NEIGHBOUR_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Step:
    """Learning that a variable has one value.

    `before`: the cases in which it has not. `fixed`: the cells the value forces, one per block of `changed`. `released`: completions of the blocks
    that the
    value forces to change without saying to what; one empty completion where there are none.
    """

    before: int
    fixed: int
    changed: int
    released: tuple[int, ...]

    @property
    def plain(self) -> bool:
        """Whether nothing is released."""
        return self.released == (0,)

    def after(self, bits: int, completion: int = 0) -> int | None:
        """What is left of a forbidden term's outside after the step: None if the step itself leaves the term."""
        if bits & (self.fixed | completion):
            return None
        return bits & ~self.changed


def steps_of(space: Space, box: int, index: int) -> Iterator[Step]:
    """Every step of learning one value of a variable that a closed box leaves open."""
    variable = space.variables[index]
    cells = _bits(box & variable.block)
    if len(cells) < 2:  # noqa: PLR2004
        return
    for cell in cells:
        learned = 0 if cell & space.not_applicable else space.meet(box, space.narrowing(cell, variable.block))
        if not learned:
            continue
        moved = space.blocks_in((box ^ learned) & ~variable.block)
        single = [block for block in moved if (learned & block).bit_count() == 1]
        several = [block for block in moved if (learned & block).bit_count() > 1]
        fixed, changed = cell, variable.block
        for block in single:
            fixed |= learned & block
            changed |= block
        outside = space.close(box & ~cell)
        if outside:
            yield from _patterns(space, outside, learned, fixed, changed, several)


def _patterns(  # noqa: PLR0913, PLR0917  the parts of one step, found together
    space: Space, outside: int, learned: int, fixed: int, changed: int, several: Sequence[int]
) -> Iterator[Step]:
    """One step for each way in which the blocks of `several` stand before it: those outside what the step forces are released.

    Constraints of three and more literals can leave a choice of what gives way; then up to two neighbours are released besides.
    """
    counts = range(len(several) + 1) if len(several) <= PATTERN_LIMIT else (0, len(several))
    for count in counts:
        for released in combinations(several, count):
            before = outside
            for block in several:
                before &= ~(learned & block) if block in released else learned | ~block
            before = space.close(before)
            if not before:
                continue
            for extra in _neighbours(space, learned, changed, several):
                for narrowed, blocks in _masked(space, before, learned, changed, (*released, *extra)):
                    mask = changed
                    for block in blocks:
                        mask |= block
                    completions = _completions(learned, blocks)
                    if completions:
                        yield Step(narrowed, fixed, mask, completions)


def _masked(space: Space, before: int, learned: int, changed: int, released: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Split the cases before a step by what else is released: a fact that was not applicable was not known; it gives way with what it hangs on."""
    reached = 0
    for block in released:
        reached |= block
    touching = 0
    for clause in space.clauses:
        if clause.bits & reached:
            touching |= clause.bits
    for block in space.blocks_in(touching & ~(changed | reached)):
        not_applicable = block & before & space.not_applicable
        if not_applicable and (learned & block).bit_count() > 1:
            if applicable := space.close(before & ~not_applicable):
                yield from _masked(space, applicable, learned, changed, released)
            if masked := space.close(before & (not_applicable | ~block)):
                yield from _masked(space, masked, learned, changed, (*released, block))
            return
    yield before, released


def _neighbours(space: Space, learned: int, changed: int, several: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Sets of further blocks to release: none, and where a choice is left, each one and two that constraints connect to what changes."""
    yield ()
    if not space.wide:
        return
    reached = changed
    for block in several:
        reached |= block
    start = reached
    while more := [c.bits for c in space.clauses if c.bits & reached and c.bits & ~reached]:
        for bits in more:
            for block in space.blocks_in(bits):
                reached |= block
    near = [block for block in space.blocks_in(reached & ~start) if (learned & block).bit_count() > 1][:NEIGHBOUR_LIMIT]
    for count in (1, 2):
        yield from combinations(near, count)


def _bits(bits: int) -> list[int]:
    """Each bit on its own, lowest first."""
    found = []
    while bits:
        found.append(bits & -bits)
        bits &= bits - 1
    return found


def _completions(learned: int, released: Sequence[int]) -> tuple[int, ...]:
    """Every combination of cells of the released blocks; none where there are more than `RELEASE_LIMIT` (such a step is not followed)."""
    cells = [_bits(learned & block) for block in released]
    if prod(len(one) for one in cells) > RELEASE_LIMIT:
        return ()
    return tuple(sum(chosen) for chosen in product(*cells))
