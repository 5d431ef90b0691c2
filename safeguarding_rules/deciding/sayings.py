"""What the terms of rules say about each variable, and which of them are open in a box.

Comes in: a Program, or a verdict. Goes out: numbers with one bit a term, as the index of rules counts them. Promised: exact block by block. Frozen
after construction but for a memo that is the same whoever fills it, and limited.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from safeguarding_rules.worlds.index import bits_at, positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.steps import Step
    from safeguarding_rules.deciding.verdict import Verdict

MEMO_LIMIT = 2048


class Sayings:
    """The terms of the rules of a Program, by what they speak of."""

    def __init__(self, program: Program) -> None:
        space, index = program.space, program.index
        self.blocks = tuple(v.block for v in space.variables)
        """Per variable, its cells."""
        self.facts = tuple(
            (info.spec.name, tuple(i for i, v in enumerate(space.variables) if v.fact == info.spec.name)) for info in program.policy.facts
        )
        """Per fact in declared order, its variables."""
        self.routed = tuple((slot, blocks) for slot in range(len(program.slots)) if (blocks := self._routed(program, slot)))
        """Slots with the blocks of the facts that choose the route of their action; those whose route no fact chooses are left out."""
        own = iter([bits for rule in program.rules for bits in rule.holds.fails])
        self.outside = tuple(next(own) if owner >= 0 else space.full for owner in index.owners)
        """Per term, the cells outside it."""
        failing: dict[int, list[int]] = {}
        for number, bits in enumerate(self.outside):
            for at in positions(bits) if index.owners[number] >= 0 else ():
                failing.setdefault(at, []).append(number)
        self.failing = tuple({1 << at: bits_at(failing.get(at, [])) for at in range(v.offset, v.offset + len(v.cells))} for v in space.variables)
        """Per variable and cell (as its bit), the terms that fail there."""
        self.about = tuple(reduce(or_, cells.values(), 0) for cells in self.failing)
        """Per variable, the terms that say something about it."""
        owned: dict[int, list[int]] = {}
        for number, owner in enumerate(index.owners):
            owned.setdefault(owner, []).append(number)
        self.owned = tuple(bits_at(owned.get(rule.index, [])) for rule in program.rules)
        """Per rule, its terms."""
        ranks = range(len(program.policy.outcomes))
        self.ranked = tuple(reduce(or_, (self.owned[rule.index] for rule in program.rules if rule.rank == rank), 0) for rank in ranks)
        """Per rank, the terms of its rules."""
        self.above = tuple(reduce(or_, self.ranked[rank + 1 :], 0) for rank in ranks)
        """Per rank, the terms of rules with a higher one."""
        self.telling = reduce(or_, self.ranked[1:], 0)
        """The terms of all rules that can raise the outcome."""
        self._space = space
        self._completions: dict[tuple[int, int, tuple[int, ...]], tuple[tuple[int, int, bool], ...]] = {}
        self.pairs = tuple(
            (space.full & ~only_one, space.full & ~only_other, reduce(or_, space.blocks_in(one | other)))
            for one, only_one, other, only_other in space.pairs
        )
        """Per constraint of two literals, the cells in which each is not certain, and the blocks of both."""

    def completions(self, step: Step) -> tuple[tuple[int, int, bool], ...]:
        """Per completion of a step that releases something: it, the terms that fail in one of its cells, and whether it is always possible."""
        key = (step.fixed, step.changed, step.released)
        found = self._completions.get(key)
        if found is None:
            left = [clause.bits for clause in self._space.clauses if clause.bits & step.changed and not clause.bits & step.fixed]
            found = tuple((one, self._failing_at(one), all(bits & one for bits in left)) for one in step.released)
            if len(self._completions) < MEMO_LIMIT:
                self._completions[key] = found
        return found

    def _failing_at(self, cells: int) -> int:
        fails = 0
        while cells:
            cell = cells & -cells
            cells ^= cell
            fails |= self.failing[self._space.owner[cell.bit_length() - 1]][cell]
        return fails

    def _routed(self, program: Program, slot: int) -> int:
        named = program.route_facts([slot])
        return reduce(or_, (v.block for v in program.space.variables if v.fact in named), 0)


class Open:
    """What is open in the box of a verdict."""

    def __init__(self, program: Program, verdict: Verdict) -> None:
        self._program, self._box = program, verdict.box
        self.sayings = sayings = program.sayings
        room = program.index.look(verdict.box)[1]
        self.terms = room & reduce(or_, [sayings.owned[i] for i in verdict.open], 0)
        """The terms of open rules that the box meets, block by block; none other holds in a case of the box, but for those of rules that are met."""
        self.several = verdict.box & (verdict.box - program.space.lows)
        """Some cell of every variable that is not known, and of no other."""

    def listed(self, of: Sequence[int], lowest: int, end: int) -> list[int]:
        """What `of` says of the open terms with a rank from `lowest` to before `end`, the highest rank first."""
        ranked = self.sayings.ranked
        return [of[number] for rank in range(end - 1, max(lowest, 0) - 1, -1) for number in positions(self.terms & ranked[rank])]

    @cached_property
    def telling(self) -> int:
        """The blocks of the variables of which open rules with an outcome tell; all, where constraints of three and more literals are."""
        if self._program.space.wide:
            return self._program.space.full
        terms, about = self.terms & self.sayings.telling, self.sayings.about
        return reduce(or_, [block for i, block in enumerate(self.sayings.blocks) if about[i] & terms], 0)

    @cached_property
    def tied(self) -> int:
        """The blocks of the variables that constraints still connect to others."""
        box = self._box
        if self._program.space.wide:
            return self._program.space.full
        return reduce(or_, [blocks for one, other, blocks in self.sayings.pairs if box & one and box & other], 0)
