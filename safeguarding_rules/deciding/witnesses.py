"""What plainly hangs on unknown facts: shown by steps between cases at hand.

Comes in: what is open in the box of a verdict. Goes out: per variable, outcomes that learning it can remove, and whether it can change a duty.
Promised: all that is told is true, and not all that is true is told; the rest is for the search. How: for each possible outcome a case is taken.
Of each term of a rule it is counted, in one pass over the variables, whether none or one of them keeps it from holding there; so it is known of
every variable at once what holds if it alone is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from safeguarding_rules.deciding.sayings import Open
from safeguarding_rules.deciding.strengths import SLOT_BITS, packed
from safeguarding_rules.worlds.index import positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.steps import Step
    from safeguarding_rules.deciding.verdict import Verdict

TRIES = 4
"""Terms of a rank that are tried for a case with that outcome."""


class _Case(NamedTuple):
    """A complete case: its outcome, the open terms that hold, and those that one variable keeps from holding."""

    case: int
    rank: int
    holding: int
    once: int


class Witnesses:
    """Steps between cases at hand, of one verdict."""

    def __init__(self, program: Program, verdict: Verdict, opened: Open) -> None:
        self._program, self._space, self._box = program, program.space, verdict.box
        self._open, self._sayings = opened, program.sayings
        self._floor = max([0, *(program.rules[i].rank for i in verdict.met)])
        above = range(len(program.sayings.ranked) - 1, self._floor, -1)
        self._ranked = [(rank, terms) for rank in above if (terms := program.sayings.ranked[rank] & opened.terms)]
        self._telling = reduce(or_, (terms for _, terms in self._ranked), 0)
        self._applies = verdict.applies
        self._by: dict[int, tuple[int, int] | None] = {}
        self._gifts: dict[int, int] = {}
        self._unknown = [(i, block) for i, block in enumerate(self._sayings.blocks) if block & opened.several]
        self._cases = [] if program.space.wide or program.space.loose else list(self._taken(verdict))

    def rank_of(self, holding: int) -> int:
        """The outcome of a case in which these terms hold."""
        for rank, terms in self._ranked:
            if holding & terms:
                return rank
        return self._floor

    def _taken(self, verdict: Verdict) -> Iterator[_Case]:
        """A case for each possible outcome that one is found for."""
        index = self._program.index
        wanted = set(verdict.possible)
        for case in self._likely():
            holding = index.holding(case) & self._open.terms
            rank = self.rank_of(holding)
            if rank in wanted:
                wanted.discard(rank)
                yield self._counted(case, rank)
            if not wanted:
                return

    def _likely(self) -> Iterator[int]:
        """The lowest case of the box, and those of terms of each rank."""
        space, boxes = self._space, self._program.index.boxes
        yield space.lowest(self._box)
        for _, terms in self._ranked:
            for number in positions(terms)[:TRIES]:
                if box := space.meet(self._box, boxes[number]):
                    yield space.lowest(box)

    def _counted(self, case: int, rank: int) -> _Case:
        once = twice = 0
        failing = self._sayings.failing
        for i, block in self._unknown:
            fails = failing[i][case & block]
            twice |= once & fails
            once |= fails
        return _Case(case, rank, self._open.terms & ~once, self._open.terms & once & ~twice)

    def outcomes(self, index: int) -> int:
        """The ranks, as bits, that learning a variable that no constraint connects to another plainly removes."""
        found = 0
        if self._cases and self._sayings.about[index] & self._telling:
            for before, after in self._steps(index, self._telling):
                rank = self.rank_of(after)
                if rank != before.rank:
                    found |= 1 << before.rank | 1 << rank
        return found

    def outcomes_by_terms(self, index: int) -> int:
        """The same, by steps out of cases in which a term holds that says something about the variable."""
        found = 0
        block, box, holding = self._sayings.blocks[index], self._box, self._program.index.holding
        for number in positions(self._sayings.about[index] & self._telling) if self._cases else ():
            taken = self._by_term(number)
            if taken is None:
                continue
            case, rank = taken
            cells = box & block & self._sayings.outside[number]
            while cells:
                cell = cells & -cells
                cells ^= cell
                other = self.rank_of(holding((case & ~block) | cell))
                if other != rank:
                    found |= 1 << rank | 1 << other
        return found

    def outcomes_by_steps(self, steps: Sequence[Step]) -> int:
        """The same, by those of some steps that release nothing."""
        found = 0
        about, blocks, holding = self._sayings.about, self._space.variables_in, self._program.index.holding
        for step in steps if self._cases else ():
            if step.plain and reduce(or_, [about[i] for i in blocks(step.changed)]) & self._telling:
                for case in self._cases:
                    if not case.case & ~step.before:
                        other = self.rank_of(holding((case.case & ~step.changed) | step.fixed))
                        if other != case.rank:
                            found |= 1 << case.rank
        return found

    def _by_term(self, number: int) -> tuple[int, int] | None:
        """The lowest case in which a term holds, and its outcome; None if there is none."""
        if number not in self._by:
            box = self._space.meet(self._box, self._program.index.boxes[number])
            case = self._space.lowest(box)
            self._by[number] = (case, self.rank_of(self._program.index.holding(case))) if box else None
        return self._by[number]

    def _steps(self, index: int, telling: int) -> Iterator[tuple[_Case, int]]:
        """Each case at hand with the terms that hold where the variable is another, where some of `telling` are other ones."""
        failing, block = self._sayings.failing[index], self._sayings.blocks[index]
        for case in self._cases:
            here = case.case & block
            gained = case.once & failing[here]
            cells = self._box & block & ~here
            while cells:
                cell = cells & -cells
                cells ^= cell
                fails = failing[cell]
                lost, more = case.holding & fails, gained & ~fails
                if (lost | more) & telling:
                    yield case, (case.holding & ~lost) | more

    def duties(self, index: int) -> bool:
        """Whether such a step plainly changes a duty."""
        about = self._sayings.about[index] & self._open.terms
        return bool(about) and any(
            (self._given(before.holding, before.rank) ^ self._given(after, self.rank_of(after))) & self._counting
            for before, after in self._steps(index, about)
        )

    def _given(self, holding: int, rank: int) -> int:
        """What is given in a case, packed."""
        found = self._gifts.get(holding)
        if found is None:
            index = self._program.index
            found = self._gifts[holding] = index.given(index.listed(index.ruled(holding))) | self._program.standing_at[rank]
        return found

    @cached_property
    def _counting(self) -> int:
        """The strengths, packed, that do not apply anyway; none of a `may` that can be outranked, nor of what outranks it."""
        program = self._program
        ignored = packed([(slot, SLOT_BITS) for one in program.contested for slot in (one, program.slots[one].opposite)])
        return packed([(slot, SLOT_BITS) for slot in range(len(program.slots))]) & ~(packed(enumerate(self._applies)) | ignored)
