"""The advice of boxes that differ from another box in one fact: read off, where reading shows it.

Comes in: a closed box, and a fact with another value. Goes out: the advice, as a rank. Promised: the advice that `advise` gives. How: the terms of
all rules are read off the box once, place by place; a box that differs in one place differs in what that place says. Only where that does not show
the advice is the other box decided. Frozen after construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import permutations
from operator import and_, or_
from typing import TYPE_CHECKING, NamedTuple

from safeguarding_rules.deciding.evaluate import advise
from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.facts import NOT_APPLICABLE, Value
from safeguarding_rules.worlds.index import Place, bits_at, positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program

UNREAD = -1
"""In place of a rank: reading does not show it."""

MEMO_LIMIT = 4096
BREAKS = 6
"""Terms that are broken, one after another, for a case of the least outcome."""

Cell = Value | tuple[int, int]


class Change(NamedTuple):
    """A value that can be stated: its cell, its bit and its closed box."""

    cell: Cell
    bit: int
    box: int


@frozen
class Cells:
    """The cells of a fact that is not a list."""

    block: int
    place: Place | None
    about: int  # the terms that tell of it and of the advice, as bits of what has room
    linked: bool  # whether constraints connect it to other facts
    guard: int  # cells of other facts; as long as none of them is possible, no constraint connects it to them
    plain: bool  # whether terms that stand as before mean the advice is as before
    numbers: bool
    stated: tuple[Change, ...]
    other: dict[int, Change]  # of a fact with two values: per bit of one, the other value


@frozen
class _Presumable:
    """A rule that is presumed if it is partly met: its terms, limbs and `when`, as bits of what was read."""

    rank: int
    own: int
    always: bool
    limbs: int
    limbs_at_lowest: int
    when_at_lowest: int  # of a rule with an `unless`


class Neighbours:
    """Reads the advice of boxes beside others."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._space = program.space
        self._terms = program.index.terms
        count, top = self._terms.count, len(program.policy.outcomes) - 1
        owners = program.index.owners
        ranked = [bits_at([at for at, i in enumerate(owners) if i >= 0 and program.rules[i].rank == rank]) for rank in range(top + 1)]
        # Of each rank, the highest first: its terms as bits of what holds, of what has room, and of what holds in the lowest case.
        self._holds = [(rank, ranked[rank]) for rank in range(top, 0, -1)]
        self._room = [(rank, bits << count) for rank, bits in self._holds]
        self.room_above = [reduce(or_, (bits for other, bits in self._room if other > rank), 0) for rank in range(top + 1)]
        """Per rank, in what is read of a box: the terms of a higher one that it meets in every block."""
        self._lowest = [(rank, bits << 2 * count) for rank, bits in self._holds]
        self.connected = reduce(or_, (block for clause in program.space.clauses for block in program.space.blocks_in(clause.bits)), 0)
        """The blocks of the variables that constraints connect to others."""
        self.linked = frozenset(v.fact for v in program.space.variables if v.block & self.connected)
        """The facts that they connect to others."""
        self.wide = program.space.wide
        self.readable = not (self._space.wide or self._space.loose)
        self._presumable = self._presumed(owners, count)
        self._presumed_own = reduce(or_, (rule.own for rule in self._presumable), 0)
        self.telling = tuple(self._telling(floor, count) for floor in range(top + 1))
        """Per rank that some rule makes certain: what the advice hangs on, in what is read of a box, as long as none less is certain."""
        self._when_unsettled = program.policy.when_unsettled.outcome
        self._others: dict[int, tuple[Change, ...]] = {}
        self.cells = self._cells()
        """Every fact that is not a list."""

    def _presumed(self, owners: Sequence[int], count: int) -> list[_Presumable]:
        program, index = self._program, self._program.index
        found = []
        for i in index.presuming:
            rule = program.rules[i]
            if rule.rank > 0:
                own = bits_at([at for at, owner in enumerate(owners) if owner == i])
                when = index.whens[i] if rule.unless is not None and rule.when is not None else 0
                limbs = index.limbs[i]
                found.append(_Presumable(rule.rank, own, rule.presume == "presume_met", limbs, limbs << 2 * count, when << 2 * count))
        return found

    def _telling(self, floor: int, count: int) -> int:
        above = reduce(or_, (bits for rank, bits in self._holds if rank > floor), 0)
        for rule in self._presumable:
            if rule.rank > floor:
                above |= rule.limbs | rule.limbs_at_lowest >> 2 * count | rule.when_at_lowest >> 2 * count
        return above | above << count | above << 2 * count | reduce(or_, (bits for rank, bits in self._holds if rank == floor), 0)

    def _cells(self) -> dict[str, Cells]:
        space, program = self._space, self._program
        unless = [rule.unless for i in program.index.presuming if (rule := program.rules[i]).unless is not None and rule.rank > 0]
        excepted = reduce(or_, (bits for one in unless for bits in one.fails), 0)
        found = {}
        for name, spec in space.specs.items():
            if spec.type != "choices":
                variable = space.variable_of(name)
                place = self._terms.place_of(variable)
                block, bits = variable.block, [1 << (variable.offset + i) for i in range(len(variable.cells))]
                pairs = zip(variable.cells, bits, strict=True)
                stated = tuple(Change(cell, bit, space.narrowing(bit, block)) for cell, bit in pairs if cell is not NOT_APPLICABLE)
                found[name] = Cells(
                    block,
                    place,
                    0 if place is None else self._about(place, block, bits),
                    linked=name in self.linked,
                    guard=self._guard(block),
                    plain=self.readable and not excepted & block,
                    numbers=isinstance(variable.cells[0], tuple),
                    stated=stated,
                    other={one.bit: two for one, two in permutations(stated, 2)} if len(bits) == 2 else {},  # noqa: PLR2004
                )
        return found

    def others(self, cells: Cells, known: int) -> tuple[Change, ...]:
        """The values of a fact that are not among those known, given as cells; of a number, those nearest to what is known first."""
        found = self._others.get(known)
        if found is None:
            stated, near = cells.stated, positions(known)
            if cells.numbers:
                stated = tuple(sorted(stated, key=lambda one: min((abs(one.bit.bit_length() - 1 - at) for at in near), default=0)))
            found = tuple([one for one in stated if not one.bit & known])
            if len(self._others) < MEMO_LIMIT:
                self._others[known] = found
        return found

    def _guard(self, block: int) -> int:
        """Where a constraint of two literals, one of them of this block, is not settled by the other literal; everything for other constraints."""
        space = self._space
        found = 0
        for one, _, other, _ in space.pairs:
            for mine, its in ((one, other), (other, one)):
                if mine & block:
                    found |= space.blocks_in(its)[0] & ~its
        return space.full if any(clause.bits & block for clause in space.longer) else found

    def _about(self, place: Place, block: int, cells: Sequence[int]) -> int:
        """What has room with one cell, and not with another."""
        said = [self._terms.beside(place, (self._space.full & ~block) | cell) for cell in cells]
        count = self._terms.count
        every = self.telling[0] & ((1 << count) - 1)
        return (reduce(or_, said) & ~reduce(and_, said)) & every << count

    def read(self, said: int, box: int) -> int:
        """The advice of a closed box as the terms show it; UNREAD if they do not."""
        floor, at_case = self.outcome(said), _first(said, self._lowest)
        if not self.readable or (at_case != floor and not self._calms(box, floor)):
            return UNREAD  # whether some case has the outcome `floor` is not plain to see
        greatest = self._greatest(said, box, floor)
        if greatest <= floor:
            return floor
        found = max(floor, min(self._when_unsettled, greatest))
        still_open = said >> self._terms.count & ~said & self._presumed_own
        for rule in self._presumable if still_open and found < greatest else ():
            if found < rule.rank <= greatest and still_open & rule.own:
                presumed = self._presumes(rule, said, box)
                if presumed is None:
                    return UNREAD
                found = rule.rank if presumed else found
        return found

    def _calms(self, box: int, floor: int) -> bool:
        """Whether breaking what raises the outcome of the lowest case, one term after another, leads to a case with the outcome `floor`."""
        space, index, sayings = self._space, self._program.index, self._program.sayings
        for _ in range(BREAKS):
            raising = index.holding(space.lowest(box)) & sayings.above[floor]
            if not raising:
                return True
            cells = sayings.outside[(raising & -raising).bit_length() - 1] & box
            blocks = space.blocks_in(cells)
            box = next((inner for block in blocks if (inner := space.meet(box, space.narrowing(cells & block, block)))), 0)
            if not box:
                return False
        return False

    def outcome(self, said: int) -> int:
        """The highest rank of a term that holds throughout; the outcome of a complete case."""
        for rank, bits in self._holds:  # the hot path
            if said & bits:
                return rank
        return 0

    def _greatest(self, said: int, box: int, floor: int) -> int:
        """The highest rank above `floor` of a term that holds in some case of the box; 0 if there is none."""
        doubtful = None
        for rank, bits in self._room:
            if rank <= floor:
                break
            if found := said & bits:
                if doubtful is None:
                    doubtful = self._program.index.intricate(box)
                found >>= self._terms.count
                if found & ~doubtful or any(self._has_room(at, box) for at in positions(found)):
                    return rank
        return 0

    def _has_room(self, term: int, box: int) -> bool:
        return bool(self._space.meet(box, self._program.index.boxes[term]))

    def _presumes(self, rule: _Presumable, said: int, box: int) -> bool | None:
        """Whether a rule, none of whose terms holds throughout or in the lowest case, is presumed; None if reading does not show it."""
        if not (rule.always or said & rule.limbs):
            return None if said & (rule.limbs_at_lowest | rule.when_at_lowest) else False
        room = said >> self._terms.count & rule.own
        return bool(room & ~self._program.index.intricate(box)) or any(self._has_room(at, box) for at in positions(room))

    def beside(self, box: int) -> Beside:
        """The boxes beside a closed box."""
        return Beside(self._program, self, box)


class Beside:
    """A closed box, and the advice of boxes that differ from it in one fact."""

    def __init__(self, program: Program, neighbours: Neighbours, box: int) -> None:
        self._program, self._neighbours, self._box = program, neighbours, box
        self._terms = program.index.terms
        self._apart, self._said = self._terms.apart(box)
        count = program.index.terms.count
        self._floor = neighbours.outcome(self._said)
        self._telling = neighbours.telling[self._floor]
        self._complete = neighbours.readable and not box & (box - program.space.lows)
        if self._complete:
            self._telling &= (1 << count) - 1
        self._room = ((self._telling | self._telling >> count) & ((1 << count) - 1)) << count

    def enough(self, rank: int) -> None:
        """Take no more interest in changes that give that advice, where it is plain to see that they do."""
        if rank <= self._floor:
            return
        if self._complete:
            self._telling &= ~self._program.sayings.ranked[rank]
            self._room = self._telling << self._terms.count
        elif not self._said & self._neighbours.room_above[rank]:
            # A term of that rank that says something about one fact only holds throughout where that has another value, and nothing is above it.
            self._room &= ~(self._program.sayings.alone[rank] << self._terms.count)

    def leaves(self, cells: Cells) -> bool:
        """Whether no value of a fact that is not tied to others can change the advice: nothing that tells of it can hold whatever its value.

        Nor can any value that is still of interest.
        """
        return cells.place is None or (cells.plain and not self._apart[cells.place.number] & cells.about & self._room)

    def advice_with(self, cells: Cells, one: Change) -> int | None:
        """The advice with another value of a fact that is not tied to others; None where it is plain that it is as before, or is of no interest."""
        place = cells.place
        if place is None:
            return None
        other = (self._box & ~cells.block) | one.bit
        said = self._apart[place.number] & self._terms.beside(place, other)
        if cells.plain and not (said ^ self._said) & self._telling:
            return None
        return self._neighbours.outcome(said) if self._complete else self._decided(said, other)

    def advice_of(self, cells: Cells, changes: Sequence[Change], without: int) -> list[tuple[Change, int]]:
        """Per change of a fact the advice it gives, but for changes that no case agrees with, and for some that leave the advice as it is.

        `without` is what the other facts say of those that constraints connect; 0 for a fact that is not tied to others.
        """
        near, box, block, place = self._neighbours, self._box, cells.block, cells.place
        apart, rest = box & ~near.connected, box & ~block
        plain = cells.plain and not (known := box & block) & (known - 1)
        found = []
        for one in changes:
            other = rest | one.bit
            if without:
                other = apart | (without & one.box & near.connected)
                if (other ^ box) & ~block or near.wide:
                    other = self._program.space.tighten(other)
                    if not other:
                        continue
                if (other ^ box) & ~block:
                    advice = self._decided(self._terms.whole(other), other)
                    if advice is not None:
                        found.append((one, advice))
                    continue
            if place is None:
                continue  # no rule tells of the fact
            said = self._apart[place.number] & self._terms.beside(place, other)
            if plain and not (said ^ self._said) & self._telling:
                continue
            advice = near.outcome(said) if self._complete else self._decided(said, other)
            if advice is not None:
                found.append((one, advice))
        return found

    def _decided(self, said: int, other: int) -> int | None:
        """The advice of another box, read off if that shows it; None if no case lies in it."""
        read = self._neighbours.read(said, other)
        return advise(self._program, other) if read == UNREAD else read


def _first(said: int, ranked: Sequence[tuple[int, int]]) -> int:
    for rank, bits in ranked:
        if said & bits:
            return rank
    return 0
