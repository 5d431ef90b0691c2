"""Steps of learning: what a box of cases looks like before and after one variable becomes known.

A step is told by what its value forces (through `applies_when` and implications) and by what has to give way without the value saying how.
Promised: every step there is, or word that some are left out because they were too many to follow. Who gets that word must take every outcome
and duty to hang on the variable: to ask once too often is safe, to ask too seldom is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import prod

from safeguarding_rules.frozen import frozen
from safeguarding_rules.worlds.space import Space

RELEASE_LIMIT = 256  # completions of what one step releases
NEIGHBOUR_LIMIT = 6  # blocks that constraints of three and more literals can make give way besides
STEP_LIMIT = 2_000  # steps of one variable
MEMO_LIMIT = 8_192


@frozen
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


class TooManyStepsError(Exception):
    """A limit was reached: not every step of the variable can be followed."""


class StepTable:
    """The steps of every variable of a space, worked out once for what is known of the variables that constraints connect to it.

    Frozen but for a memo that is the same whoever fills it, and limited.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self._reach = _connected(space)
        self._memo: dict[tuple[int, int], tuple[Step, ...] | None] = {}

    def reach(self, index: int) -> int:
        """The blocks of all variables that constraints connect to a variable, its own included."""
        return self._reach[index]

    def steps_of(self, box: int, index: int) -> tuple[Step, ...] | None:
        """Every step of learning one value of a variable that a closed box leaves open; None if they cannot all be given."""
        space, reach = self._space, self._reach[index]
        known = box & reach
        if (box & space.variables[index].block).bit_count() < 2:  # noqa: PLR2004
            return ()
        key = (index, known)
        if key not in self._memo:
            try:
                found: tuple[Step, ...] | None = steps_of(space, known | (space.start & ~reach), index)
            except TooManyStepsError:
                found = None
            if len(self._memo) >= MEMO_LIMIT:
                return found if found is None else _within(found, box)
            self._memo[key] = found
        steps = self._memo[key]
        return None if steps is None else _within(steps, box)


def _within(steps: Sequence[Step], box: int) -> tuple[Step, ...]:
    return tuple(Step(step.before & box, step.fixed, step.changed, step.released) for step in steps)


def _connected(space: Space) -> tuple[int, ...]:
    """Per variable, the blocks of all variables that constraints connect to it, its own included."""
    groups: list[int] = []
    for bits in [variable.block for variable in space.variables] + [clause.bits for clause in space.clauses]:
        joined = 0
        for block in space.blocks_in(bits):
            joined |= block
        apart = [group for group in groups if not group & joined]
        for group in groups:
            joined |= group if group & joined else 0
        groups = [*apart, joined]
    return tuple(next(group for group in groups if group & variable.block) for variable in space.variables)


def steps_of(space: Space, box: int, index: int) -> tuple[Step, ...]:
    """Every step of learning one value of a variable that a closed box leaves open. Raises TooManyStepsError where they cannot all be given."""
    found: list[Step] = []
    for step in _steps(space, box, index):
        found.append(step)
        if len(found) > STEP_LIMIT:
            raise TooManyStepsError
    return tuple(found)


def _steps(space: Space, box: int, index: int) -> Iterator[Step]:
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
        outside = _without(space, box, cell, variable.block)
        if outside:
            yield from _released(space, outside, learned, fixed, changed, several)


def _released(  # noqa: PLR0913, PLR0917  the parts of one step, found together
    space: Space, outside: int, learned: int, fixed: int, changed: int, several: Sequence[int]
) -> Iterator[Step]:
    """One step for each way in which the blocks of `several` stand before it: those outside what the step forces are released.

    Constraints of three and more literals can leave a choice of what gives way; then neighbours are released besides.
    """
    neighbours = _neighbours(space, learned, changed, several)
    for before, pattern in _patterns(space, outside, learned, several, ()):
        for extra in neighbours:
            for narrowed, blocks in _masked(space, before, learned, changed, (*pattern, *extra)):
                mask = changed
                for block in blocks:
                    mask |= block
                yield Step(narrowed, fixed, mask, _completions(learned, blocks))


def _without(space: Space, box: int, cells: int, block: int) -> int:
    """What is left of a closed box without some cells of a block, closed."""
    left = block & ~cells
    return space.meet(box, space.narrowing(left, block)) if left else 0


def _patterns(space: Space, before: int, learned: int, several: Sequence[int], released: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Split the cases before a step by which blocks of `several` stand outside what the step forces."""
    if not before:
        return
    if not several:
        yield before, released
        return
    block, *rest = several
    yield from _patterns(space, space.meet(before, space.narrowing(learned & block, block)), learned, rest, released)
    yield from _patterns(space, _without(space, before, learned & block, block), learned, rest, (*released, block))


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
            if applicable := _without(space, before, not_applicable, block):
                yield from _masked(space, applicable, learned, changed, released)
            if masked := space.meet(before, space.narrowing(not_applicable, block)):
                yield from _masked(space, masked, learned, changed, (*released, block))
            return
    yield before, released


def _neighbours(space: Space, learned: int, changed: int, several: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Sets of further blocks to release: none, and where a choice is left, every set of those that constraints connect to what changes."""
    if not space.wide:
        return ((),)
    reached = changed
    for block in several:
        reached |= block
    start = reached
    while more := [c.bits for c in space.clauses if c.bits & reached and c.bits & ~reached]:
        for bits in more:
            for block in space.blocks_in(bits):
                reached |= block
    near = [block for block in space.blocks_in(reached & ~start) if (learned & block).bit_count() > 1]
    if len(near) > NEIGHBOUR_LIMIT:
        raise TooManyStepsError
    return tuple(chosen for count in range(len(near) + 1) for chosen in combinations(near, count))


def _bits(bits: int) -> list[int]:
    """Each bit on its own, lowest first."""
    found = []
    while bits:
        found.append(bits & -bits)
        bits &= bits - 1
    return found


def _completions(learned: int, released: Sequence[int]) -> tuple[int, ...]:
    """Every combination of cells of the released blocks."""
    cells = [_bits(learned & block) for block in released]
    if prod(len(one) for one in cells) > RELEASE_LIMIT:
        raise TooManyStepsError
    return tuple(sum(chosen) for chosen in product(*cells))
