"""Decide a box of cases exactly: rule statuses, possible outcomes, advice, duties.

Comes in: a Program and a closed box (the cases that agree with the known facts). Goes out: a Verdict of numbers, no text. Promised: the published
semantics, exactly, unless the node budget runs out; then safe bounds with `exact` false. How: the index of rules tells of all terms at once which
hold and which can hold; a walk through a few cases of the box shows which rules can fail and which outcomes can be; only where no case shows it does
a search decide. Source: docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from safeguarding_rules.deciding.box_search import DOUBT, BoxSearch, lowest_avoids
from safeguarding_rules.deciding.duties import Duties, Judged
from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.deciding.strengths import unpacked
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.worlds.index import positions

MANY = 16
"""From so many rules on that hold in the case at hand, a case unlike it is looked at first."""


def evaluate(program: Program, box: int, held: int = -1) -> Verdict | None:
    """Decide a closed box; None if no case lies in it. `held`: the terms of rules that hold if it is one case, where they are known already."""
    if not box & (box - program.space.lows):
        return _evaluate_complete(program, box, held)
    return _Evaluation(program, box).verdict()


def advise(program: Program, box: int) -> int | None:
    """The advice alone, as a rank; None if no case lies in the closed box."""
    if box & (box - program.space.lows):
        return _Evaluation(program, box).advice()
    return _evaluate_complete(program, box, -1).advice


def _evaluate_complete(program: Program, case: int, held: int) -> Verdict:
    """Decide one complete case: nothing is open, and a closed one satisfies every constraint."""
    index = program.index
    rules = index.ruled(index.holding(case) if held < 0 else held)
    met, gifts = index.gathered(rules)
    rank = index.rank(rules)
    given = unpacked(gifts | program.standing_at[rank], len(program.slots))
    for slot in program.contested:
        if given[slot] == 1 and given[program.slots[slot].opposite]:
            given = given[:slot] + b"\0" + given[slot + 1 :]
    return Verdict(case, met, (), (), (rank,), rank, given, program.nothing, given)


class _Evaluation:
    """One box being decided. Rules are bits of one number, as in the index."""

    def __init__(self, program: Program, box: int) -> None:
        self.program = program
        self.box = box
        self.look = BoxSearch(program.space, box)
        self.certain = self.holding = 0  # terms that hold in the box, and in the case at hand
        self.met = self.open = 0
        self.waiting: list[int] = []  # the open rules by index
        self.open_gifts = 0
        self.within = box  # where a walk ended that broke what it could
        self.floor = 0  # the highest rank of a rule that is met
        self.seen: list[tuple[int, int]] = []  # of cases: the rules that hold in them, but for those met by one term, and the outcome
        self.ranks: set[int] = set()  # outcomes that some case is known to have
        self.possible: list[int] = []

    def verdict(self) -> Verdict | None:
        """Judge rules, outcomes and duties, in that order."""
        if not self.look.has_case():
            return None
        program, index = self.program, self.program.index
        self.judge_rules()
        self.judge_outcomes()
        presumed = self.presumed()
        advice = self.advised(presumed)
        met, met_gifts = index.gathered(self.met)
        open_gifts = self.open_gifts
        judged = Judged(met, self.waiting, met_gifts, open_gifts, self.at_cases(met_gifts, open_gifts), self.possible)
        strengths = Duties(program, self.look, judged).strengths(presumed, advice)
        return Verdict(self.box, met, self.waiting, presumed, self.possible, advice, *strengths, self.look.exact)

    def advice(self) -> int | None:
        """The advice alone; None if the box has no case."""
        if not self.look.has_case():
            return None
        self.judge_rules()
        self.judge_outcomes()
        return self.advised(self.presumed())

    # -- rules ----------------------------------------------------------------------------------------------------------------------

    def judge_rules(self) -> None:
        """Sort every rule into met, open or neither."""
        look, index, space = self.look, self.program.index, self.program.space
        self.certain, possible, lowest = index.look(self.box)
        self.holding = lowest if look.at_lowest else index.holding(look.case)
        self.met = index.ruled(self.certain)
        self.floor = index.rank(self.met)
        likely = self.note(self.holding)
        if likely.bit_count() > MANY:
            likely &= index.ruled(index.holding(self.opposite()))
        if likely:
            self.judge_likely(index.listed(likely))
        doubtful = possible & index.intricate(self.box) & ~self.holding
        self.open = index.ruled(possible ^ doubtful) & ~self.met
        for at in positions(doubtful & index.own):
            bit = index.bits[index.owners[at]]
            if not bit & (self.open | self.met) and (look.meets(index.boxes[at]) if space.loose else space.meet(self.box, index.boxes[at])):
                self.open |= bit
        self.waiting, self.open_gifts = index.merged(self.open)

    def judge_likely(self, likely: list[int]) -> None:
        """Sort the rules that hold in the case at hand, but by no term that holds throughout: those are met that nothing can break."""
        index, look = self.program.index, self.look
        likely, self.within = self.walk(self.box, look.case, likely)
        if self.within != self.box:
            case = look.space.lowest(self.within)
            rules = self.note(index.holding(case))
            if not likely and self.floor not in self.ranks:
                _, self.within = self.walk(self.within, case, index.listed(rules & index.above(self.floor)))
                self.note(index.holding(look.space.lowest(self.within)))
        while likely:
            found = look.search(self.box, index.fails[likely[0]])
            if not found:
                self.met |= index.bits[likely[0]]
            likely = likely[1:] if found in {0, DOUBT} else index.still(found, likely)
            likely, _ = self.walk(self.box, look.case, likely)
        self.floor = index.rank(self.met)

    def opposite(self) -> int:
        """A case that differs from the one at hand in whatever it can: few rules hold in both."""
        space, box = self.program.space, self.box
        others = box & ~self.look.case
        for block in space.blocks_in(others):
            box = space.meet(box, space.narrowing(others & block, block)) or box
        case = space.lowest(box)
        return case if all(case & bits for bits in space.loose) else self.look.case

    def walk(self, box: int, case: int, rules: list[int]) -> tuple[list[int], int]:
        """Go from case to case of a box, each time breaking one of some rules that hold in all.

        Returns those it could not break, and where it ended.
        """
        index, space = self.program.index, self.program.space
        unbroken: list[int] = []
        while rules:
            inner = next((self.look.breaking(box, bits) for bits in index.fails[rules[0]] if not case & bits), 0)
            if inner:
                case = inner & ~(inner - space.lows)
                if space.loose and any(not case & bits for bits in space.loose):
                    return unbroken + rules, box
                box = inner
                rules = index.still(case, rules)
            else:
                unbroken.append(rules[0])
                rules = rules[1:]
        return unbroken, box

    def note(self, holding: int) -> int:
        """Remember a case by the terms that hold in it; returns the rules among them, but for those met by one term."""
        index = self.program.index
        rules = index.ruled(holding) & ~self.met
        rank = max(self.floor, index.rank(rules)) if rules else self.floor
        self.seen.append((rules, rank))
        self.ranks.add(rank)
        return rules

    # -- outcomes -------------------------------------------------------------------------------------------------------------------

    def judge_outcomes(self) -> None:
        """The exact possible outcomes, the most protective first: where no case stays below one, nothing milder is looked for."""
        index, found, floor = self.program.index, self.ranks, self.floor
        ranks = [rank for rank, bits in index.ranked if rank > floor and bits & self.open]
        ranks.append(floor)
        found.add(ranks[0])  # where an open rule of the highest rank holds, nothing outranks it
        if not found.issuperset(ranks):
            rules = self.program.rules
            raising = [rule for i in self.waiting if (rule := rules[i]).rank > floor]
            for rank in ranks:
                if rank not in found and not self.reaches(rank, raising):
                    break
        self.possible = sorted(found)

    def reaches(self, rank: int, raising: list[CompiledRule]) -> bool:
        """Note whether some case of the box has exactly the outcome `rank`; returns whether one has that or a milder one."""
        forbidding = [bits for rule in raising if rule.rank > rank for bits in rule.holds.fails]
        if rank < min(self.ranks):
            case = self.look.search(self.box, forbidding)
            if not case:
                return False
            self.ranks.add(rank if case == DOUBT else self.rank_in(case))
        if rank not in self.ranks and self.reaches_exactly(rank, raising, forbidding):
            self.ranks.add(rank)
        return True

    def rank_in(self, case: int) -> int:
        """The outcome of a case."""
        index = self.program.index
        return index.rank(index.ruled(index.holding(case)))

    def reaches_exactly(self, rank: int, raising: list[CompiledRule], forbidding: list[int]) -> bool:
        """Whether a rule of `rank` holds in some case of the box that no forbidden term covers."""
        space = self.program.space
        boxes = []
        for term in [term for rule in raising if rule.rank == rank for term in rule.holds.boxes]:
            if box := space.meet(self.box, term):
                if lowest_avoids(space, box, forbidding):
                    return True
                boxes.append(box)
        # where the walk ended, most of what could outrank these terms is broken
        if any(lowest_avoids(space, space.meet(box, self.within), forbidding) for box in boxes):
            return True
        return any(self.look.search(box, forbidding) for box in boxes)

    def presumed(self) -> list[int]:
        """The open rules that are presumed to be met."""
        if not self.open & self.program.index.can_presume:
            return []
        parts, seen = self.program.index.parts, self.holding | self.program.index.presumable if self.look.exact else -1
        return [i for i in self.waiting if parts[i] & seen and self.presumes(i)]

    def presumes(self, i: int) -> bool:
        """Whether an open rule is presumed to be met. On an exhausted budget: yes."""
        rule = self.program.rules[i]
        if rule.presume == "presume_met":
            return True
        index, look = self.program.index, self.look
        if self.certain & index.limbs[i]:
            return True
        if (self.holding & index.limbs[i] or not look.exact) and any(not look.can_fail(limb, in_doubt=False) for limb in rule.limbs):
            return True
        if rule.unless is None or rule.when is None or not (self.holding & index.whens[i] or not look.exact):
            return False
        return not look.can_fail(rule.when, in_doubt=False) and look.can_hold(rule.unless)  # and it can fail, for the rule is open

    def advised(self, presumed: Iterable[int]) -> int:
        """The advice, as a rank."""
        least, greatest = self.possible[0], self.possible[-1]
        if not self.look.exact:
            return greatest  # the search was cut short: a milder outcome may be one that cannot come about
        if len(self.possible) == 1:
            return least
        rules = self.program.rules
        return max([least, min(self.program.policy.when_unsettled.outcome, greatest), *[rules[i].rank for i in presumed]])

    def at_cases(self, met_gifts: int, open_gifts: int) -> int:
        """What every case seen gives, packed, and at most what one of the most protective outcome gives: nothing beyond it applies."""
        index, given_at = self.program.index, self.program.standing_at
        found = met_gifts | open_gifts | given_at[self.possible[-1]]
        for rules, rank in reversed(self.seen):
            if found & ~met_gifts:
                found &= met_gifts | (index.given_by(rules) if rules else 0) | given_at[rank]
        return found
