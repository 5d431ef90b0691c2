"""What plainly hangs on unknown facts: shown by steps between cases at hand.

Comes in: what is open in the box of a verdict. Goes out: per variable, outcomes that learning it can remove, and whether it can change a duty.
Promised: all that is told is true, and not all that is true is told; the rest is for the search. How: of a case it is counted, for all terms at once,
whether none or one block keeps the term from holding there; so it is known of every variable at once what holds if it alone is another. Cases are
taken for each possible outcome, as calm as can be, and beside them ones in which what hangs on other facts applies; then, for a variable of which
not enough shows, cases in which its terms hold. Where a variable cannot be another alone, what its value forces and frees is closed, and what holds
throughout is read off.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from safeguarding_rules.deciding.sayings import Open
from safeguarding_rules.deciding.strengths import packed
from safeguarding_rules.worlds.index import bits_at, positions

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.verdict import Verdict

TRIES = 4
"""Terms of a rank that are tried for a case with that outcome."""
BREAKS = 6
"""Terms that are broken, one after another, for such a case."""


class _Case(NamedTuple):
    """A complete case: its outcome; of the open terms those that hold, and those that one variable keeps from it, each with the cell that does.

    Terms by place in the list of open ones. `apart` are cells that no variable can have alone.
    """

    case: int
    rank: int
    holding: list[int]
    lacking: list[tuple[int, int]]
    apart: int


class Witnesses:
    """Steps between cases at hand, of one verdict."""

    def __init__(self, program: Program, verdict: Verdict, opened: Open) -> None:
        self._program, self._space, self._box = program, program.space, verdict.box
        self._open, self._sayings, self._floor = opened, program.sayings, opened.floor
        self._verdict = verdict
        self._shown = [0] * len(program.space.variables)
        self._seen: dict[int, _Case] = {}
        self._within: dict[int, list[int]] = {}  # per outcome, boxes whose lowest case has it
        # Of the open terms, those that can raise the outcome first, from the most protective down: number, cells outside, rank.
        outside = self._sayings.outside
        self._terms = [(number, outside[number], rank) for rank, terms in opened.ranked for number in positions(terms)]
        self._telling = len(self._terms)
        self._terms += [(number, outside[number], -1) for number in positions(opened.terms & ~opened.telling_terms)]
        self._usable = not (program.space.wide or program.space.loose)
        if self._usable and len(verdict.possible) > 1:
            self._take_all(verdict)

    # -- cases ------------------------------------------------------------------------------------------------------------------------

    def _take_all(self, verdict: Verdict) -> None:
        """Take a case for each possible outcome that one is found for, and beside it one in which facts apply that hang on others."""
        space, boxes = self._space, self._program.index.boxes
        applying = 0
        for rank in verdict.possible:
            within = self._calmed(self._box, rank)
            for number in positions(self._open.of_rank[rank])[:TRIES] if not within else ():
                if within := self._calmed(space.meet(self._box, boxes[number]), rank):
                    break
            if within:
                self._note(space.lowest(within))
                self._within[rank] = [within]
                if self._open.ties:
                    applying = self._let_apply(within, rank, applying)

    def _calmed(self, box: int, rank: int) -> int:
        """The box, or one inside it, whose lowest case has an outcome; 0 if breaking what keeps it from that does not lead there."""
        space = self._space
        for _ in range(BREAKS) if box else ():
            case = space.lowest(box)
            cells, found = next(((bits, above) for _, bits, above in self._terms if not case & bits), (0, self._floor))
            if found <= rank:
                return box if max(found, self._floor) == rank else 0
            blocks = space.blocks_in(cells & box)
            box = next((inner for block in blocks if (inner := space.meet(box, space.narrowing(cells & box & block, block)))), 0)
            if not box:
                return 0
        return 0

    def _let_apply(self, box: int, rank: int, applying: int) -> int:
        """Note the case in which as much applies as can without another outcome.

        `applying` is the box of what did for the outcome before, 0 if there was none; returns the one for this outcome.
        """
        space = self._space
        opened = space.meet(box, applying) if applying else 0
        if not opened or self._rank_at(space.lowest(opened)) != rank:
            opened, applying = box, space.start
            for only in self._sayings.freeing:
                if opened & ~only and (inner := space.meet(opened, only)) and self._rank_at(space.lowest(inner)) == rank:
                    opened = inner
                    applying = space.meet(applying, only)
        if opened != box:
            self._within[rank].insert(0, opened)
            self._note(space.lowest(opened))
        return applying

    def _rank_at(self, case: int) -> int:
        for _, bits, rank in self._terms:
            if not case & bits:
                return max(rank, self._floor)
        return self._floor

    def _look(self, case: int) -> _Case:
        holding, lacking = [], []
        for place, (_, bits, _) in enumerate(self._terms):  # the hot path
            fails = case & bits
            if not fails:
                holding.append(place)
            elif not fails & (fails - 1):
                lacking.append((place, fails))
        apart = 0
        for tie in self._open.ties:
            if not case & tie.other:
                apart |= tie.breaks_one
            elif not case & tie.one:
                apart |= tie.breaks_other
        rank = self._terms[holding[0]][2] if holding and holding[0] < self._telling else self._floor
        return _Case(case, rank, holding, lacking, apart)

    def _note(self, case: int) -> None:
        """Note what a case shows: for all variables by the terms that lack one variable, for those that its outcome hangs on by what is beside it."""
        if case in self._seen:
            return
        found = self._seen[case] = self._look(case)
        terms, shown, owner, blocks = self._terms, self._shown, self._space.owner, self._sayings.blocks
        masked, free, from_here = self._space.not_applicable, self._box & ~found.apart, 1 << found.rank
        done = 0
        for place, failing in found.lacking:
            _, cells, rank = terms[place]
            if rank <= found.rank:
                break
            index = owner[failing.bit_length() - 1]
            if not done >> index & 1 and free & blocks[index] & ~cells:
                done |= 1 << index
                shown[index] |= from_here if failing & masked else from_here | 1 << rank
        if found.rank > self._floor:
            told = self._sayings.told
            alone = -1
            for place in found.holding:
                number, _, rank = terms[place]
                if rank < found.rank:
                    break
                alone &= told[number]
            for index in positions(alone & self._unknown):
                shown[index] |= self._beside(found, index)

    @cached_property
    def _unknown(self) -> int:
        """The variables that are not known, as bits."""
        return bits_at([self._space.owner[at] for at in positions(self._open.several)])

    def _beside(self, found: _Case, index: int) -> int:
        """The ranks, as bits, that a case and those beside it, in which the variable alone is another, show to be removed."""
        block, masked = self._sayings.blocks[index], self._space.not_applicable
        here = found.case & block
        cells = self._box & block & ~here & ~found.apart & ~masked
        rest, ranks = found.case ^ here, 0
        while cells:
            cell = cells & -cells
            cells ^= cell
            rank = self._rank_at(rest | cell)
            if rank != found.rank:
                ranks |= 1 << found.rank | (0 if here & masked else 1 << rank)
        return ranks

    # -- outcomes -----------------------------------------------------------------------------------------------------------------------

    def outcomes(self, index: int, wanted: int) -> int:
        """The ranks, as bits, that learning a variable plainly removes; further cases are looked at while some of `wanted` are not among them."""
        shown = self._shown
        left = wanted & ~shown[index] if self._seen else 0
        hints = self._program.hints
        for rank in positions(left):
            if not any(self._hinted(pattern, index, rank) for pattern in hints.get((index, rank), ())):
                case = next((case for case in self._likely(index, rank) if self._removes(case, index, rank)), 0)
                if not case:
                    continue
                hints.learn((index, rank), self._pattern(case))
            shown[index] |= 1 << rank
        return shown[index]

    def _hinted(self, pattern: int, index: int, rank: int) -> bool:
        """Whether what showed that outcome to hang on the variable in another box does so here."""
        box = self._space.meet(self._box, pattern)
        return bool(box) and self._removes(self._space.lowest(box), index, rank)

    def _pattern(self, case: int) -> int:
        """What makes a case another than the calmest one in the box; nothing of what is known."""
        space = self._space
        others = case & ~space.lowest(self._box)
        return space.close(space.full & ~self._sayings.spread(others) | others)

    def _likely(self, index: int, rank: int) -> Iterator[int]:
        """Cases that may have an outcome that hangs on a variable: those at hand, and those beside ones in which its terms hold."""
        for one in list(self._seen.values()):
            if one.rank == rank:
                yield one.case
        space, boxes, block = self._space, self._program.index.boxes, self._sayings.blocks[index]
        within = self._within.get(rank, ())
        masked = space.not_applicable
        for number, bits, above in self._terms[: self._telling]:
            if bits & block and above >= rank:
                for box in (*within, self._box) if above == rank else within:
                    inner = space.meet(box, boxes[number])
                    if inner:
                        case = space.lowest(inner)
                        if above == rank:
                            yield case
                        elif rest := bits & block & self._box & ~masked:
                            yield case & ~block | (rest & -rest)

    def _removes(self, case: int, index: int, rank: int) -> bool:
        """Whether some step of learning the variable removes an outcome from a case of the box; nothing is said if it has another outcome."""
        if self._rank_at(case) != rank or any(not case & (tie.one | tie.other) for tie in self._open.ties):
            return False
        space, box, block, masked = self._space, self._box, self._sayings.blocks[index], self._space.not_applicable
        cells = box & block & ~case & ~masked
        stuck = 0
        for tie in self._open.ties:
            if tie.blocks & block:
                stuck |= (0 if case & tie.other else tie.breaks_one) | (0 if case & tie.one else tie.breaks_other)
        rest = case & ~block
        while cells:
            cell = cells & -cells
            cells ^= cell
            if not cell & stuck:
                if self._rank_at(rest | cell) != rank:
                    return True
            elif (inner := space.meet(box, space.narrowing(cell, block))) and self._leads_elsewhere(case, rank, inner):
                return True
        return False

    def _leads_elsewhere(self, case: int, rank: int, inner: int) -> bool:
        """Whether no case after a step has the outcome of the case before it. `inner`: the box of all cases with what is learnt.

        What the step does not touch is as it was; what was not applicable was not known.
        """
        space, spread = self._space, self._sayings.spread
        after = space.tighten((case | spread(case & ~inner) | spread(case & space.not_applicable)) & inner)
        if not after:
            return False
        boxes, greatest = self._program.index.boxes, self._floor
        for number, bits, above in self._terms[: self._telling]:
            if not after & bits:
                return above > rank or max(above, greatest) < rank
            if greatest == self._floor and space.some(after & boxes[number]):
                greatest = above
        return greatest < rank

    # -- duties -------------------------------------------------------------------------------------------------------------------------

    def duties(self, index: int) -> bool:
        """Whether learning a variable plainly changes a duty."""
        about = self._sayings.about[index] & self._giving if self._usable else 0
        if not about:
            return False
        if self._gaining >> index & 1:
            return True
        boxes = self._program.index.boxes
        return any(self._changes(box, index) for number in positions(about) if (box := self._space.meet(self._box, boxes[number])))

    @cached_property
    def _gaining(self) -> int:
        """The variables, as bits, that alone bring a duty to the calmest case, or to one at hand in which more applies."""
        owner = self._space.owner
        cases = list(self._seen.values())[:2] or [self._look(self._space.lowest(self._box))]
        found = 0
        for one in cases:
            more = ~self._given(one.case)
            free = self._box & ~one.apart
            for _, cells, gifts in self._gifts:
                fails = one.case & cells
                if not fails & (fails - 1) and gifts & more and fails:
                    index = owner[fails.bit_length() - 1]
                    if free & self._sayings.blocks[index] & ~cells:
                        found |= 1 << index
        return found

    def _changes(self, box: int, index: int) -> bool:
        """Whether a duty changes where the variable alone is another than in the lowest case of a box."""
        case, block = self._space.lowest(box), self._sayings.blocks[index]
        given, rest = self._given(case), case & ~block
        cells = self._box & block & ~case & ~self._look(case).apart & ~self._space.not_applicable
        while cells:
            cell = cells & -cells
            cells ^= cell
            if given ^ self._given(rest | cell):
                return True
        return False

    def _given(self, case: int) -> int:
        """What counts of what open rules and standing entries give in a case, packed."""
        found = self._program.standing_at[self._rank_at(case)]
        for _, bits, gifts in self._gifts:
            if not case & bits:
                found |= gifts
        return found & self._counting

    @cached_property
    def _gifts(self) -> list[tuple[int, int, int]]:
        """The open terms of rules that give what counts: number, cells outside, and what counts of what the rule gives."""
        owners, gifts, outside, counting = self._program.index.owners, self._program.index.gifts, self._sayings.outside, self._counting
        return [(number, outside[number], gifts[owners[number]] & counting) for number in positions(self._giving)]

    @cached_property
    def _giving(self) -> int:
        """The open terms of rules that give what counts."""
        owned, gifts, counting = self._sayings.owned, self._program.index.gifts, self._counting
        return reduce(or_, [owned[i] for i in self._verdict.open if gifts[i] & counting], 0) & self._open.terms

    @cached_property
    def _counting(self) -> int:
        """The strengths, packed, that do not apply anyway; none of a `may` that can be outranked, nor of what outranks it."""
        every, contested = self._sayings.slots
        return every & ~(packed(enumerate(self._verdict.applies)) | contested)
