"""The advice of boxes that differ from another box in one fact: read off, where reading shows it.

Comes in: a closed box, and a fact with another value. Goes out: the advice, as a rank. Promised: the advice that `advise` gives. How: the terms of
all rules are read off the box once, place by place; a box that differs in one place differs in what that place says. Only where that does not show
the advice is the other box decided. Frozen after construction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from safeguarding_rules.deciding.evaluate import advise
from safeguarding_rules.language.facts import NOT_APPLICABLE, Value
from safeguarding_rules.worlds.index import Place, bits_at, positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program

UNREAD = -1
"""In place of a rank: reading does not show it."""

Cell = Value | tuple[int, int]


class Change(NamedTuple):
    """A value that can be stated: its cell, its bit and its closed box."""

    cell: Cell
    bit: int
    box: int


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a fact that is not a list."""

    block: int
    place: Place | None
    linked: bool  # whether constraints connect it to other facts
    plain: bool  # whether terms that stand as before mean the advice is as before
    numbers: bool
    stated: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
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
        self._lowest = [(rank, bits << 2 * count) for rank, bits in self._holds]
        self.connected = reduce(or_, (block for clause in program.space.clauses for block in program.space.blocks_in(clause.bits)), 0)
        """The blocks of the variables that constraints connect to others."""
        self.linked = frozenset(v.fact for v in program.space.variables if v.block & self.connected)
        """The facts that they connect to others."""
        self.wide = program.space.wide
        self._readable = not (self._space.wide or self._space.loose)
        self._presumable = self._presumed(owners, count)
        every = reduce(or_, (bits for _, bits in self._holds), 0)
        for rule in self._presumable:
            every |= rule.limbs | rule.limbs_at_lowest >> 2 * count | rule.when_at_lowest >> 2 * count
        self.telling = every | every << count | every << 2 * count
        """What the advice hangs on, in what is read of a box."""
        self._when_unsettled = program.policy.when_unsettled.outcome
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

    def _cells(self) -> dict[str, Cells]:
        space, program = self._space, self._program
        unless = [rule.unless for i in program.index.presuming if (rule := program.rules[i]).unless is not None and rule.rank > 0]
        excepted = reduce(or_, (bits for one in unless for bits in one.fails), 0)
        found = {}
        for name, spec in space.specs.items():
            if spec.type != "choices":
                variable = space.variable_of(name)
                block, bits = variable.block, [1 << (variable.offset + i) for i in range(len(variable.cells))]
                stated = [(cell, bit, space.narrowing(bit, block)) for cell, bit in zip(variable.cells, bits, strict=True)]
                found[name] = Cells(
                    block,
                    self._terms.place_of(variable),
                    linked=name in self.linked,
                    plain=self._readable and not excepted & block,
                    numbers=isinstance(variable.cells[0], tuple),
                    stated=tuple(Change(*one) for one in stated if one[0] is not NOT_APPLICABLE),
                )
        return found

    def read(self, said: int, box: int) -> int:
        """The advice of a closed box as the terms show it; UNREAD if they do not."""
        floor, at_case = _first(said, self._holds), _first(said, self._lowest)
        if at_case != floor or not self._readable:
            return UNREAD  # whether some case has the outcome `floor` is not plain to see
        greatest = max(floor, self._greatest(said, box, floor))
        if greatest == floor:
            return floor
        found = max(floor, min(self._when_unsettled, greatest))
        for rule in self._presumable:
            if found < rule.rank <= greatest and said >> self._terms.count & rule.own & ~said:
                presumed = self._presumes(rule, said, box)
                if presumed is None:
                    return UNREAD
                found = rule.rank if presumed else found
        return found

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
        room = said >> self._terms.count & rule.own
        if room & self._program.index.intricate(box) == room and not any(self._has_room(at, box) for at in positions(room)):
            return False  # it is not open
        if rule.always or said & rule.limbs:
            return True
        return None if said & (rule.limbs_at_lowest | rule.when_at_lowest) else False

    def beside(self, box: int) -> Beside:
        """The boxes beside a closed box."""
        return Beside(self._program, self, box)


class Beside:
    """A closed box, and the advice of boxes that differ from it in one fact."""

    def __init__(self, program: Program, neighbours: Neighbours, box: int) -> None:
        self._program, self._neighbours, self._box = program, neighbours, box
        self._terms = program.index.terms
        self._apart = self._terms.apart(box)
        self._said = -1
        for one in self._apart[:2]:  # what all places say but the first, and but the second
            self._said &= one
        if len(self._apart) == 1:
            self._said = self._terms.whole(box)

    def advice_of(self, cells: Cells, changes: Sequence[Change], without: int) -> Iterator[tuple[Change, int]]:
        """Per change of a fact the advice it gives, but for changes that no case agrees with, and for some that leave the advice as it is.

        `without` is what the other facts say of those that constraints connect.
        """
        near, box, block, place = self._neighbours, self._box, cells.block, cells.place
        apart, rest = box & ~near.connected, box & ~block
        single = not (known := box & block) & (known - 1)
        for one in changes:
            other = rest | one.bit
            if cells.linked:
                other = apart | (without & one.box & near.connected)
                if (other ^ box) & ~block or near.wide:
                    other = self._program.space.tighten(other)
                    if not other:
                        continue
            if (other ^ box) & ~block:
                said = self._terms.whole(other)
            elif place is None:
                continue  # no rule tells of the fact
            else:
                said = self._apart[place.number] & self._terms.beside(place, other)
                if single and cells.plain and not (said ^ self._said) & near.telling:
                    continue
            advice = near.read(said, other)
            if advice == UNREAD:
                found = advise(self._program, other)
                if found is None:
                    continue
                advice = found
            yield one, advice


def _first(said: int, ranked: Sequence[tuple[int, int]]) -> int:
    for rank, bits in ranked:
        if said & bits:
            return rank
    return 0
