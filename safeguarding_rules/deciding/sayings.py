"""What the terms of rules say about each variable, and which of them are open in a box.

Comes in: a Program, or a verdict. Goes out: numbers with one bit a term, as the index of rules counts them. Promised: exact block by block. Frozen
after construction but for a memo that is the same whoever fills it, and limited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from safeguarding_rules.deciding.strengths import SLOT_BITS, packed
from safeguarding_rules.worlds.index import bits_at, positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.steps import Step
    from safeguarding_rules.deciding.verdict import Verdict

MEMO_LIMIT = 2048


class Tie(NamedTuple):
    """A constraint of two literals: the blocks of both; of each its cells, those outside it, and the box in which it holds."""

    blocks: int
    one: int
    other: int
    breaks_one: int
    breaks_other: int
    only_one: int
    only_other: int


class Sayings:
    """The terms of the rules of a Program, by what they speak of."""

    def __init__(self, program: Program) -> None:
        space, index = program.space, program.index
        self.blocks = tuple(v.block for v in space.variables)
        """Per variable, its cells."""
        of_fact: dict[str, list[int]] = {}
        for i, variable in enumerate(space.variables):
            of_fact.setdefault(variable.fact, []).append(i)
        named = [(info.spec.name, tuple(of_fact.get(info.spec.name, ()))) for info in program.policy.facts]
        self.facts = tuple((name, variables, reduce(or_, [self.blocks[i] for i in variables], 0)) for name, variables in named)
        """Per fact in declared order, its variables and their blocks."""
        led = [(i, program.policy.actions[slot.action].route) for i, slot in enumerate(program.slots) if not slot.forbids]
        self.routed = tuple((i, route) for i, route in led if route is not None and program.contacts.reach.get(route))
        """Slots with the route of their action; those are left out whose route no fact chooses, and those that forbid it."""
        own = iter([bits for rule in program.rules for bits in rule.holds.fails])
        self.outside = tuple(next(own) if owner >= 0 else space.full for owner in index.owners)
        """Per term, the cells outside it."""
        failing: dict[int, list[int]] = {}
        for number, bits in enumerate(self.outside):
            for at in positions(bits) if index.owners[number] >= 0 else ():
                failing.setdefault(at, []).append(number)
        self.failing = tuple({1 << at: bits_at(failing.get(at, [])) for at in range(v.offset, v.offset + len(v.cells))} for v in space.variables)
        """Per variable and cell (as its bit), the terms that fail there."""
        says = [bits if owner >= 0 else 0 for owner, bits in zip(index.owners, self.outside, strict=True)]
        self.told = tuple(bits_at(space.variables_in(bits)) for bits in says)
        """Per term, the variables, as bits, of which it says something."""
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
        single = bits_at([number for number, told in enumerate(self.told) if told.bit_count() == 1])
        self.alone = tuple(terms & single for terms in self.ranked)
        """Per rank, the terms of its rules that say something about one variable only."""
        self.above = tuple(reduce(or_, self.ranked[rank + 1 :], 0) for rank in ranks)
        """Per rank, the terms of rules with a higher one."""
        self.telling = reduce(or_, self.ranked[1:], 0)
        """The terms of all rules that can raise the outcome."""
        contested = [(slot, SLOT_BITS) for one in program.contested for slot in (one, program.slots[one].opposite)]
        self.slots = packed([(slot, SLOT_BITS) for slot in range(len(program.slots))]), packed(contested)
        """All strengths, packed, of all slots, and of those that a prohibition can outrank or that can outrank one."""
        self._space = space
        self._completions: dict[tuple[int, int, tuple[int, ...]], tuple[tuple[int, int, bool], ...]] = {}
        self.ties = tuple(
            Tie(reduce(or_, space.blocks_in(one | other)), one, other, space.full & ~only_one, space.full & ~only_other, only_one, only_other)
            for one, only_one, other, only_other in space.pairs
        )
        """The constraints of two literals."""
        settled = Counter(only for tie in self.ties for only in (tie.only_one, tie.only_other))
        self.freeing = tuple(only for only, count in settled.most_common() if count > 1)
        """Literals that settle several constraints, as boxes, those that settle most first."""
        self._spread: dict[int, int] = {}

    def spread(self, bits: int) -> int:
        """The blocks that have some of the cells."""
        found = self._spread.get(bits)
        if found is None:
            found = reduce(or_, self._space.blocks_in(bits), 0)
            if len(self._spread) < MEMO_LIMIT:
                self._spread[bits] = found
        return found

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
        self.floor = max([0, *[program.rules[i].rank for i in verdict.met]])
        """The highest rank of a rule that is met."""

    @cached_property
    def of_rank(self) -> tuple[int, ...]:
        """Per rank, the open terms; none for ranks that are not above those of rules that are met."""
        return tuple(terms & self.terms if rank > self.floor else 0 for rank, terms in enumerate(self.sayings.ranked))

    @cached_property
    def telling_terms(self) -> int:
        """The open terms that can raise the outcome."""
        return reduce(or_, self.of_rank)

    @cached_property
    def ranked(self) -> list[tuple[int, int]]:
        """The ranks that open terms have, the highest first, each with these terms; above those of rules that are met."""
        return [(rank, self.of_rank[rank]) for rank in range(len(self.of_rank) - 1, self.floor, -1) if self.of_rank[rank]]

    def rank_of(self, holding: int) -> int:
        """The outcome of a case in which these terms hold."""
        for rank, terms in self.ranked:
            if holding & terms:
                return rank
        return self.floor

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
    def ties(self) -> list[Tie]:
        """The constraints of two literals that are not settled in the box."""
        box = self._box
        return [tie for tie in self.sayings.ties if box & tie.breaks_one and box & tie.breaks_other]

    @cached_property
    def tied(self) -> int:
        """The blocks of the variables that constraints still connect to others."""
        if self._program.space.wide:
            return self._program.space.full
        return reduce(or_, [tie.blocks for tie in self.ties], 0)
