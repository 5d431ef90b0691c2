"""Decide a box of cases exactly: rule statuses, possible outcomes, advice, duties.

Comes in: a Program and a closed box (the cases that agree with the known facts). Goes out: a Verdict of numbers, no text. Promised: the published
semantics, exactly, unless
the node budget runs out; then safe bounds with `exact` false. How: the index of rules tells of all terms at once which hold and which can hold; the
lowest case of the box shows what can be; only where neither shows it does a search decide. Source: docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from safeguarding_rules.deciding.box_search import DOUBT, BoxSearch
from safeguarding_rules.deciding.duties import Duties, Judged
from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.deciding.strengths import unpacked
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.worlds.index import positions


def evaluate(program: Program, box: int) -> Verdict | None:
    """Decide a closed box; None if no case lies in it."""
    if not box & (box - program.space.lows):
        return _evaluate_complete(program, box)
    return _Evaluation(program, box).verdict()


def advise(program: Program, box: int) -> int | None:
    """The advice alone, as a rank; None if no case lies in the closed box."""
    if box & (box - program.space.lows):
        return _Evaluation(program, box).advice()
    verdict = _evaluate_complete(program, box)
    return None if verdict is None else verdict.advice


def _evaluate_complete(program: Program, case: int) -> Verdict | None:
    """Decide one complete case that is closed: nothing is open."""
    if program.space.loose and any(not case & bits for bits in program.space.loose):
        return None
    index = program.index
    met, rank, gifts = index.merged(index.holding(case) & index.own)
    given = unpacked(gifts | program.standing_at[rank], len(program.slots))
    for slot in program.contested:
        if given[slot] == 1 and given[program.slots[slot].opposite]:
            given = given[:slot] + b"\0" + given[slot + 1 :]
    return Verdict(case, met, (), (), (rank,), rank, given, program.nothing, given)


class _Evaluation:
    """One box being decided."""

    def __init__(self, program: Program, box: int) -> None:
        self.program = program
        self.box = box
        self.look = BoxSearch(program.space, box)
        self.met: list[int] = []
        self.open: list[int] = []
        self.certain = self.holding = 0  # terms that hold in the box, and in the case at hand
        self.met_gifts = self.open_gifts = self.case_gifts = 0
        self.floor = self.case_rank = 0
        self.other = 0  # a second case at hand, in which none of the open rules holds that hold in the first; 0 if there is none
        self.possible: list[int] = []

    def verdict(self) -> Verdict | None:
        """Judge rules, outcomes and duties, in that order."""
        if not self.look.has_case():
            return None
        program = self.program
        self.judge_rules()
        at_other = self.judge_outcomes()
        presumed = self.presumed()
        advice = self.advised(presumed)
        at_cases = (self.met_gifts | self.case_gifts | program.standing_at[self.case_rank]) & at_other
        judged = Judged(frozenset(self.met), frozenset(self.open), self.met_gifts, self.open_gifts, at_cases, self.possible)
        strengths = Duties(program, self.look, judged).strengths(presumed, advice)
        return Verdict(self.box, self.met, self.open, presumed, self.possible, advice, *strengths, self.look.exact)

    def advice(self) -> int | None:
        """The advice alone; None if the box has no case."""
        if not self.look.has_case():
            return None
        self.judge_rules()
        self.judge_outcomes()
        return self.advised(self.presumed())

    # -- rules and outcomes ---------------------------------------------------------------------------------------------------------

    def judge_rules(self) -> None:
        """Sort every rule into met, open or neither."""
        look, index = self.look, self.program.index
        self.certain, possible, lowest = index.look(self.box)
        self.holding = lowest if look.at_lowest else index.holding(look.case)
        met, self.floor, self.met_gifts = index.merged(self.certain & index.own)
        at_case = self.holding & ~self.certain & index.own
        surely, found = set(met), set(met)
        self.judge_likely([i for i in index.merged(at_case)[0] if i not in surely], surely)
        found.update(surely, self.open)
        elsewhere = possible & ~self.certain & ~at_case & index.own
        doubtful = elsewhere & index.intricate(self.box)
        plain, _, gifts = index.merged(elsewhere ^ doubtful)
        self.open += [i for i in plain if i not in found]
        self.open_gifts |= gifts
        found.update(plain)
        for at in positions(doubtful):
            i = index.owners[at]
            if i not in found and look.meets(index.boxes[at]):
                found.add(i)
                self.open.append(i)
                self.open_gifts |= index.gifts[i]
        self.open.sort()
        self.met = sorted(surely)

    def judge_likely(self, likely: list[int], surely: set[int]) -> None:
        """Sort the rules that hold in the case at hand, but by no term that holds throughout: open, or met after all."""
        rules, look, gifts = self.program.rules, self.look, self.program.index.gifts
        if likely:
            other = look.search(self.box, [bits for i in likely for bits in rules[i].holds.fails])
            self.other = 0 if other == DOUBT else other
        self.case_rank = self.floor
        for i in likely:
            rank = rules[i].rank
            self.case_rank = max(self.case_rank, rank)
            if self.other or look.can_fail(rules[i].holds):
                self.open.append(i)
                self.open_gifts |= gifts[i]
                self.case_gifts |= gifts[i]
            else:
                surely.add(i)
                self.met_gifts |= gifts[i]
                self.floor = max(self.floor, rank)

    def judge_outcomes(self) -> int:
        """The exact possible outcomes; returns what the second case at hand gives, packed (everything if there is none)."""
        found, gifts = {self.case_rank}, -1
        if self.other:
            index = self.program.index
            _, rank, gifts = index.merged(index.holding(self.other) & index.own)
            gifts |= self.program.standing_at[rank]
            found.add(rank)
        floor = self.floor
        rules = self.program.rules
        raising = [rule for i in self.open if (rule := rules[i]).rank > floor]
        ranks = {rule.rank for rule in raising}
        found.add(max(ranks, default=floor))  # where an open rule of the highest rank holds, nothing outranks it
        for rank in ranks | {floor}:
            if rank not in found and self.reaches(rank, raising):
                found.add(rank)
        self.possible = sorted(found)
        return gifts

    def reaches(self, rank: int, raising: list[CompiledRule]) -> bool:
        """Whether some case of the box has exactly the outcome `rank`."""
        forbidding = [bits for rule in raising if rule.rank > rank for bits in rule.holds.fails]
        if rank == self.floor:
            return bool(self.look.search(self.box, forbidding))
        space = self.program.space
        boxes = []
        for term in [term for rule in raising if rule.rank == rank for term in rule.holds.boxes]:
            if box := space.meet(self.box, term):
                case = box & ~(box - space.lows)
                for bits in forbidding:
                    if not case & bits:
                        break
                else:
                    if not space.loose:
                        return True
                boxes.append(box)
        return any(self.look.search(box, forbidding) for box in boxes)

    def presumed(self) -> list[int]:
        """The open rules that are presumed to be met."""
        return [i for i in self.open if i in self.program.index.presuming and self.presumes(i)]

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
        if look.can_fail(rule.when, in_doubt=False):
            return False
        return look.can_fail(rule.unless) and look.can_hold(rule.unless)

    def advised(self, presumed: Iterable[int]) -> int:
        """The advice, as a rank."""
        least, greatest = self.possible[0], self.possible[-1]
        if not self.look.exact:
            return greatest  # the search was cut short: a milder outcome may be one that cannot come about
        if len(self.possible) == 1:
            return least
        return max([least, min(self.program.policy.when_unsettled.outcome, greatest), *(self.program.rules[i].rank for i in presumed)])
