"""All possible cases of a policy, as bits.

Every boolean, integer, choice, and every value of a `choices` fact is a *variable*; its finitely many *cells* are the values (for integers the
ranges that the
thresholds of the policy cut) that no condition can tell apart. A set of cases is a *box*: one Python integer with a bit for each cell still
possible. A complete case
is a box with one bit in every block. One spare guard bit above each block lets a single addition ask all blocks at once whether they are empty.

Promised: exact answers within a node budget, never a time budget. Must not know: rules, outcomes or actions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec, Value

NODE_BUDGET = 20_000
MEMO_LIMIT = 16_384
WORD_BITS = 16
"""Where there is room, a block with its guard lies in one word of this many bits, so that a box can be read word by word."""


class BudgetExceededError(Exception):
    """The search needed more nodes than allowed; the caller falls back to safe bounds."""


@frozen
class Variable:
    """One dimension of the space. `value` names the member of a `choices` fact. Cells are values, or `(low, high)` ranges of an integer."""

    fact: str
    value: str | None
    cells: tuple[Value | tuple[int, int], ...]
    offset: int
    block: int = field(init=False, repr=False, compare=False)
    """The bits of all cells."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "block", ((1 << len(self.cells)) - 1) << self.offset)


@frozen
class Clause:
    """A disjunction of literals, each a set of cells of one variable.

    `bits` is their union, `literals` pairs of (cells, everything outside the block).
    """

    bits: int
    literals: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Space:
    """The finite space of cases with its constraints. Immutable and shared between threads."""

    variables: tuple[Variable, ...]
    full: int
    lows: int
    ones: int
    guards: int
    index: dict[tuple[str, str | None], int]
    owner: tuple[int, ...]  # bit position -> variable
    cuts: dict[str, tuple[int, ...]]
    clauses: tuple[Clause, ...] = ()
    loose: tuple[int, ...] = ()
    wide: bool = False
    pairs: tuple[tuple[int, int, int, int], ...] = ()  # clauses of two literals: each one's cells, and the box in which it holds
    longer: tuple[Clause, ...] = ()  # the other clauses
    many: int = 0  # blocks of three and more cells
    pairs_at: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = field(default_factory=dict)
    """Guard bit of a block of many cells -> the block, and for each literal of a clause of two that is in it: its cells, and the box of the other."""
    near_many: tuple[int, ...] = ()  # clauses of two literals that say something about such a block
    not_applicable: int = 0
    start: int = 0  # the closed box of all cases; 0 if there is none
    specs: dict[str, FactSpec] = field(default_factory=dict)
    narrowings: dict[int, int] = field(default_factory=dict, compare=False)  # memos, the same whoever fills them, and limited
    needed: dict[int, int] = field(default_factory=dict, compare=False)

    def some(self, box: int) -> bool:
        """Whether every block has at least one cell left."""
        return (box + self.ones) & self.guards == self.guards

    def lowest(self, box: int) -> int:
        """The complete case with the lowest cell of every block; the box must not be empty."""
        return box & ~(box - self.lows)

    def complete(self, box: int) -> bool:
        """Whether exactly one cell is left in every block; the box must not be empty."""
        return not box & (box - self.lows)

    def variable_of(self, fact: str, value: str | None = None) -> Variable:
        """The variable of a fact, or of one value of a `choices` fact."""
        return self.variables[self.index[fact, value]]

    def blocks_in(self, bits: int) -> list[int]:
        """The blocks of the variables that have a bit in `bits`, in declared order."""
        found = []
        while bits:
            block = self.variables[self.owner[(bits & -bits).bit_length() - 1]].block
            found.append(block)
            bits &= ~block
        return found

    def variables_in(self, bits: int) -> list[int]:
        """The indexes of the variables that have a bit in `bits`."""
        found = []
        while bits:
            i = self.owner[(bits & -bits).bit_length() - 1]
            found.append(i)
            bits &= ~self.variables[i].block
        return found

    def close(self, box: int) -> int:
        """The box with everything removed that unit propagation of the constraints excludes; 0 if a block empties."""
        if not self.some(box):
            return 0
        before = 0
        while before != box:
            before = box
            for one, only_one, other, only_other in self.pairs:
                if not box & one:
                    box &= only_other
                elif not box & other:
                    box &= only_one
            for clause in self.longer:
                alive = [literal for literal in clause.literals if box & literal[0]]
                if len(alive) < 2:  # noqa: PLR2004
                    box &= alive[0][0] | alive[0][1] if alive else 0
        return box if self.some(box) else 0

    def meet(self, one: int, other: int) -> int:
        """The closed intersection of two closed boxes; 0 if it is empty.

        With constraints of two literals, only a block of three and more cells that both boxes cut can have new consequences.
        """
        box = one & other
        if (box + self.ones) & self.guards != self.guards:
            return 0
        if self.wide:
            return self.close(box)
        by_other = (one ^ box) & self.many
        if by_other and (by_one := (other ^ box) & self.many) and (cut := (by_other + self.ones) & (by_one + self.ones) & self.guards):
            return self.settle(box, cut)
        return box

    def tighten(self, box: int, unsure: int = -1) -> int:
        """Close the intersection of any number of closed boxes; 0 if it is empty.

        `unsure`: guard bits of blocks. Of any other block of many cells one of the boxes has a single one, so that there are no new consequences.
        """
        if (box + self.ones) & self.guards != self.guards:
            return 0
        if self.wide:
            return self.close(box)
        if not box & (box - self.lows):  # a complete case has consequences or not
            for bits in self.near_many:
                if not box & bits:
                    return 0
            return box
        return self.settle(box, (((self.full ^ box) & self.many & ~self.not_applicable) + self.ones) & self.guards & unsure)

    def settle(self, box: int, cut: int) -> int:
        """Close an intersection of closed boxes; 0 if it is empty.

        `cut`: guard bits of the blocks in which they can have consequences together that none of them has alone.
        """
        while cut:
            bit = cut & -cut
            cut ^= bit
            block, pairs = self.pairs_at[bit]
            left = box & block
            need = self.needed.get(left)
            if need is None:
                need = self.full
                for cells, other in pairs:
                    if not left & cells:
                        need &= other
                if len(self.needed) < MEMO_LIMIT:
                    self.needed[left] = need
            if box & need != box:
                return self.close(box)
        return box

    def find(self, box: int, forbidding: Sequence[int] = (), budget: int = NODE_BUDGET) -> int:  # noqa: C901  one loop, and a call in it costs
        """A complete case inside the closed `box` that satisfies the constraints and has a bit in each of `forbidding`; 0 if there is none.

        Each of `forbidding` is the union of the cells outside a term, so that having a bit in it means the term fails.
        Raises BudgetExceededError after `budget` nodes.
        """
        stack = [(box, 0, 0, 0)]  # a box, the broken bits still to be tried in it, all of them, and the block that was tried before
        while stack:
            box, rest, broken, tried = stack.pop()
            if tried:
                box = self.meet(box, self.narrowing(tried & ~broken, tried))
                rest &= box
                if not rest:
                    continue
            if rest:
                block = self.variables[self.owner[(rest & -rest).bit_length() - 1]].block
                if (later := rest & ~block) and block & ~broken:
                    stack.append((box, later, broken, block))
                box = self.meet(box, self.narrowing(broken & block, block))
                if not box:
                    continue
            budget -= 1
            if budget < 0:
                raise BudgetExceededError
            case = box & ~(box - self.lows)
            broken = _missed(case, self.loose) if self.loose else 0
            if not broken:
                for bits in forbidding:  # the hot path
                    if not case & bits:
                        broken = bits
                        break
                else:
                    return case
            if rest := broken & box:
                stack.append((box, rest, broken, 0))
        return 0

    def narrowing(self, bits: int, block: int) -> int:
        """The closed box of all cases in which one variable has a cell of `bits`."""
        found = self.narrowings.get(bits)
        if found is None:
            found = self.close(self.full & (bits | ~block))
            if len(self.narrowings) < MEMO_LIMIT:
                self.narrowings[bits] = found
        return found

    def possible(self, case: int) -> bool:
        """Whether a complete case satisfies every constraint."""
        return all(case & clause.bits for clause in self.clauses)

    def cell_of(self, variable: Variable, value: Value) -> int | None:
        """The bit of a value, or None if it is outside the domain."""
        if value is not NOT_APPLICABLE and variable.fact in self.cuts:
            spec = self.specs[variable.fact]
            if not isinstance(value, int) or not spec.low <= value <= spec.high:
                return None
            cuts = self.cuts[variable.fact]
            start = cuts[bisect_right(cuts, value) - 1]
            for i, cell in enumerate(variable.cells):
                if isinstance(cell, tuple) and cell[0] == start:
                    return 1 << (variable.offset + i)
        for i, cell in enumerate(variable.cells):
            if cell is value or (type(cell) is type(value) and cell == value):
                return 1 << (variable.offset + i)
        return None

    def chosen(self, case: int) -> Iterable[tuple[Variable, Value | tuple[int, int]]]:
        """Each variable of a complete case with its cell."""
        for variable in self.variables:
            bits = (case & variable.block) >> variable.offset
            yield variable, variable.cells[bits.bit_length() - 1]


def _missed(case: int, wanted: Sequence[int]) -> int:
    """The first of `wanted` in which a case has no bit; 0 if there is none."""
    for bits in wanted:
        if not case & bits:
            return bits
    return 0
