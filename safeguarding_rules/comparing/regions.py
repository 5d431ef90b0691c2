"""The cases of a change as regions a person can read: few conditions each, every one proved by search.

Comes in: a `Change`. Goes out: `Region`s. A region is a box and a side whose value is taken as given: in all its cases that have the old value
before (or: the new value after), the change happens. (It is looked for as more: in all its cases with at most that value the other side has its own;
so a region says when, and not only that nothing else would have it so.) Promised: the cases of the change are exactly those of its regions, unless
`complete` is false (more regions than asked for) or `undecided` (the budget of a search ran out; never taken for "no change").
How: a case that no region holds yet; the box that search found it in, or the case itself; from there every restriction is dropped that can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from safeguarding_rules.comparing.aspects import Change
from safeguarding_rules.comparing.common_space import SideName
from safeguarding_rules.comparing.sets import Cube, case_in, crossed, lies_in, settled_empty
from safeguarding_rules.comparing.sides import Side
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.linking.policy import Standing
from safeguarding_rules.worlds.space import BudgetExceededError

FEW = 3
"""A region with at most so many conditions is not looked at from the other side as well."""
LIKELY_FEW = 12
"""So many cubes are looked at for the case nearest to a quiet one."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A region's condition on the outcome of one side: at least a rank, or (rank 0) the first outcome."""

    side: SideName
    rank: int


@dataclass(frozen=True, slots=True)
class Region:
    """A box (blocks that are not restricted are those of the space's start), and the side whose value is given; `example` a complete case of it."""

    box: int
    given: SideName
    example: int
    floor: Floor | None = None


@dataclass
class Regions:
    """The regions of a change. `complete`: whether they are all. `undecided`: boxes in which search could not say."""

    found: list[Region] = field(default_factory=list)
    complete: bool = True
    undecided: list[int] = field(default_factory=list)


class RegionFinder:
    """Finds regions in one space."""

    def __init__(self, old: Side, new: Side, telling: Iterable[str], quiet: int) -> None:
        """`telling`: the facts that changed rules look at; conditions on others are dropped first. `quiet`: what examples are near to."""
        self.sides: dict[SideName, Side] = {"old": old, "new": new}
        self.space = space = old.space
        self.quiet = quiet
        facts = set(telling)
        self._blocks = [variable.block for variable in space.variables]
        self._idle = [variable.block for variable in space.variables if variable.fact not in facts]
        self._telling = [variable.block for variable in space.variables if variable.fact in facts]
        self.seeds: dict[tuple[int, SideName], None] = {}  # boxes of regions found so far: changes of one rule share theirs

    def regions(self, change: Change, most: int | None) -> Regions:
        """The regions of a change, at most so many."""
        if change.undecided:
            return Regions(complete=False, undecided=[self.space.start])
        result = Regions()
        cubes = list(self._by_outcome(change, result))
        while cubes:
            covered = [self._outside(region.box) for region in result.found if region.floor is None]
            try:
                case = case_in(self.space, self.space.start, cubes[:1], covered)
            except BudgetExceededError:
                result.undecided.append(cubes[0][0])
                cubes.pop(0)
                continue
            if not case:
                cubes.pop(0)
                continue
            if most is not None and len(result.found) >= most:
                result.complete = False
                break
            box, given = self._grown(change, case, cubes[0][0])
            self.seeds[box, given] = None
            result.found.append(Region(box, given, case))
        result.found = self._whole(change, result) or self._needed(change, result)
        result.found = [
            region if region.floor else replace(region, example=self._example(region.box, change.cubes, region.example)) for region in result.found
        ]
        return result

    def _whole(self, change: Change, result: Regions) -> list[Region]:
        """One region for all cases that had the old value, where they all change and it would take many to say so."""
        if len(result.found) <= FEW or not change.old:
            return []
        try:
            if settled_empty(self.space, crossed(self.space, change.missed_old, change.had)):
                return []
        except BudgetExceededError:
            return []
        result.complete, result.undecided = True, []
        return [Region(self.space.start, "old", result.found[0].example)]

    def _by_outcome(self, change: Change, result: Regions) -> tuple[Cube, ...]:
        """Regions that one outcome of a side describes, where a standing entry changed; what is left of the change's cubes."""
        cubes = change.cubes
        for floor in self._floors(change):
            try:
                cubes = self._at_floor(change, cubes, floor, result)
            except BudgetExceededError:
                continue
        return cubes

    def _at_floor(self, change: Change, cubes: tuple[Cube, ...], floor: Floor, result: Regions) -> tuple[Cube, ...]:
        """Try one outcome; return what is left."""
        levels = self.sides[floor.side].outcomes
        there = levels[floor.rank] if floor.rank else levels[1].opposite
        inside = settled_empty(self.space, crossed(self.space, cubes, there.inside))
        for given in self._givens(change) if inside else ():
            missed = change.missed_old if given == "old" else change.missed_new
            if not settled_empty(self.space, crossed(self.space, missed, there.inside)):
                left = settled_empty(self.space, crossed(self.space, cubes, there.outside))
                example = self._example(self.space.start, inside, case_in(self.space, self.space.start, inside))
                result.found.append(Region(self.space.start, given, example, floor))
                return left
        return cubes

    def _floors(self, change: Change) -> list[Floor]:
        """The outcomes at which a changed standing entry gives the duty of a change, the least protective first."""
        if change.slot is None:
            return []
        given = {
            name: {
                (giver.id, giver.kind, giver.outcome, duty.modality, duty.deadline, duty.clock): Floor(name, giver.outcome)
                for giver, duty in side.givers.get(change.slot, ())
                if isinstance(giver, Standing) and giver.kind != "always"
            }
            for name, side in self.sides.items()
        }
        found = [floor for key, floor in given["new"].items() if key not in given["old"]]
        found += [floor for key, floor in given["old"].items() if key not in given["new"]]
        return sorted(dict.fromkeys(found), key=lambda floor: floor.rank)

    def _givens(self, change: Change) -> tuple[SideName, ...]:
        """The sides whose value may be given: the old one's; the new one's only where it is the lower (else it would not say when)."""
        return ("new", "old") if change.new < change.old else ("old",)

    def _outside(self, box: int) -> int:
        """The cells outside a box as a term to forbid."""
        return self.space.start & ~box

    # -- growing --------------------------------------------------------------------------------------------------------------------

    def _grown(self, change: Change, case: int, cube: int) -> tuple[int, SideName]:
        """A box with few conditions around a case, and the side whose value is given there."""
        for box, given in self.seeds:
            if given in self._givens(change) and case & box == case and self._claimed(change, box, given):
                return self._widened(change, box, box, given), given
        best: tuple[int, SideName] | None = None
        for given in self._givens(change):
            box = self._widened(change, case, cube, given)
            if best is None or self._conditions(box) < self._conditions(best[0]):
                best = box, given
            if self._conditions(best[0]) <= FEW:
                break
        assert best is not None  # noqa: S101  there is at least one side
        return best

    def _conditions(self, box: int) -> int:
        start = self.space.start
        return sum(box & block != start & block for block in self._blocks)

    def _claimed(self, change: Change, box: int, given: SideName) -> bool:
        """Whether the change happens in every case of a box that has the given value. An exhausted budget: not shown."""
        closed = self.space.close(box)
        if not closed:
            return False
        try:
            return not case_in(self.space, closed, change.missed_old if given == "old" else change.missed_new)
        except BudgetExceededError:
            return False

    def _widened(self, change: Change, case: int, cube: int, given: SideName) -> int:
        box = cube if self._claimed(change, cube, given) else case
        box = self._dropped(change, box, [b for b in self._idle if box & b != self.space.start & b], given)
        restricted = [b for b in self._telling if box & b != self.space.start & b]
        # Answers as in a quiet case go first, so that what is left says what is unusual.
        restricted.sort(key=lambda block: not box & block & self.quiet)
        box = self._dropped(change, box, restricted, given)
        for block in self._blocks:
            if (self.space.start & block).bit_count() > 2 and box & block != self.space.start & block:  # noqa: PLR2004
                box = self._stretched(change, box, block, given)
        return self._tightened(change, self._by_ties(change, box, given))

    def _tightened(self, change: Change, box: int) -> int:
        """The box without the numbers and values, among those it restricts, for which nothing changes."""
        for variable in self.space.variables:
            block = variable.block
            if not block & self.space.many or box & block == self.space.start & block:
                continue
            for i in range(len(variable.cells)):
                bit = 1 << (variable.offset + i)
                try:
                    if box & bit and not case_in(self.space, self.space.close(box & (bit | ~block)), change.cubes):
                        box &= ~bit
                except BudgetExceededError:
                    continue
        return box

    def _by_ties(self, change: Change, box: int, given: SideName) -> int:
        """The box with "this fact applies" said by what makes it apply, where that says as much."""
        for variable in self.space.variables:
            tie = self.space.specs[variable.fact].tied
            whole = self.space.start & variable.block
            if tie is None or box & variable.block != whole & ~self.space.not_applicable or not whole & self.space.not_applicable:
                continue
            closed, other = self.space.close(box), box | whole
            for test in tests_of(tie):
                blocks = [v.block for v in self.space.variables if v.fact == test.fact]
                for block in blocks:
                    other &= ~block | closed
            if self._claimed(change, other, given):
                box = other
        return box

    def _dropped(self, change: Change, box: int, blocks: Sequence[int], given: SideName) -> int:
        """The box without as many of the restrictions as can be dropped, tried together first."""
        if not blocks:
            return box
        wider = box
        for block in blocks:
            wider |= self.space.start & block
        if self._claimed(change, wider, given):
            return wider
        if len(blocks) == 1:
            return box
        half = len(blocks) // 2
        box = self._dropped(change, box, blocks[:half], given)
        return self._dropped(change, box, blocks[half:], given)

    def _stretched(self, change: Change, box: int, block: int, given: SideName) -> int:
        """The box with as many more cells of a restricted block as the claim allows, neighbours of numbers first."""
        variable = self.space.variables[self.space.owner[(block & -block).bit_length() - 1]]
        cells = sorted(
            (i for i in range(len(variable.cells)) if self.space.start >> (variable.offset + i) & 1),
            key=lambda i: (not isinstance(variable.cells[i], tuple), variable.cells[i] if isinstance(variable.cells[i], tuple) else (0, 0), i),
        )
        inside = [place for place, i in enumerate(cells) if box >> (variable.offset + i) & 1]
        for places in (range(inside[-1] + 1, len(cells)), range(inside[0] - 1, -1, -1)):
            for place in places:
                bit = 1 << (variable.offset + cells[place])
                if box & bit:
                    continue
                if self._claimed(change, box | bit, given):
                    box |= bit
                elif isinstance(variable.cells[cells[place]], tuple):
                    break
        return box

    # -- tidying --------------------------------------------------------------------------------------------------------------------

    def _needed(self, change: Change, result: Regions) -> list[Region]:
        """The regions without those whose cases the others hold."""
        if not result.complete or result.undecided:
            return result.found
        kept = list(result.found)
        for region in result.found:
            if any(one.floor for one in kept):
                break
            others = [self._outside(other.box) for other in kept if other is not region]
            try:
                if len(kept) > 1 and not case_in(self.space, self.space.close(region.box), change.cubes, others):
                    kept.remove(region)
            except BudgetExceededError:
                continue
        return kept

    def _example(self, box: int, cubes: Sequence[Cube], case: int) -> int:
        """The case of a region that is nearest to a quiet one: no single answer of it can be made quiet."""
        closed = self.space.close(box)
        found = [case]
        for cube in cubes[:LIKELY_FEW]:
            try:
                found += [other for other in [case_in(self.space, closed, [cube])] if other]
            except BudgetExceededError:
                continue
        return min((self._quietened(one, box, cubes) for one in found), key=self._unusual)

    def _unusual(self, case: int) -> int:
        return (case & ~self.quiet).bit_count()

    def _quietened(self, case: int, box: int, cubes: Sequence[Cube]) -> int:
        before = 0
        while before != case:
            before = case
            for mask in (self._unasked(box), *self._couples, *self._blocks):
                if case & mask & ~self.quiet:
                    quieter = (case & ~mask) | (self.quiet & mask)
                    if quieter & box == quieter and self.space.possible(quieter) and lies_in(quieter, cubes):
                        case = quieter
        return case

    def _unasked(self, box: int) -> int:
        """The blocks whose quiet answer a box allows."""
        return sum(block for block in self._blocks if self.quiet & box & block)

    @cached_property
    def _couples(self) -> list[int]:
        """Blocks that change together: those of a fact, and of the facts that apply by it."""
        found = []
        for name in dict.fromkeys(variable.fact for variable in self.space.variables):
            tied = {
                spec.name for spec in self.space.specs.values() if spec.tied is not None and any(test.fact == name for test in tests_of(spec.tied))
            }
            found.append(sum(variable.block for variable in self.space.variables if variable.fact in {name, *tied}))
        return found
