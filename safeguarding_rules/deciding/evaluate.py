"""Decide a box of cases exactly: rule statuses, possible outcomes, advice, duties.

Comes in: a Program and a closed box (the cases that agree with the known facts). Goes out: a Verdict of numbers, no text. Promised: the published
semantics, exactly, unless
the node budget runs out; then safe bounds with `exact` false. How: the lowest case of a box shows what can be; each open rule is shown open by one
case; only where those
witnesses do not show it does a search decide. Source: docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.worlds.index import positions
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum

Status = Literal["applies", "presumed", "depends"]

DOUBT = -1  # in place of a case: every cell, so that it looks like a case of anything


class Entry(NamedTuple):
    """A duty of the decision: the slot, its status and strength, and the stronger strengths that are presumed or possible (0: none)."""

    slot: int
    status: Status
    strength: int
    presumed: int
    possible: int


class Verdict(NamedTuple):
    """What a box of cases comes to. Rules by index; `possible` ranks ascending; `advice` a rank.

    Per slot: the strength that applies, that is assumed (by presumed rules and the unsettled advice), and that is the strongest possible.
    """

    box: int
    met: Sequence[int]
    open: Sequence[int]
    presumed: Sequence[int]
    possible: Sequence[int]
    advice: int
    applies: Sequence[int]
    assumed: Sequence[int]
    reach: Sequence[int]
    exact: bool = True

    @property
    def settled(self) -> bool:
        """Whether missing facts can no longer change the outcome."""
        return len(self.possible) == 1 and self.exact

    @property
    def firm(self) -> bool:
        """Whether nothing missing can make the advice milder."""
        return self.advice == self.possible[0]

    @property
    def entries(self) -> Iterator[Entry]:
        """The duties, one per slot that some case gives to."""
        for slot, (applies, assumed, reach) in enumerate(zip(self.applies, self.assumed, self.reach, strict=True)):
            strongest = max(applies, assumed)
            further = reach if reach > strongest else 0
            if applies:
                yield Entry(slot, "applies", applies, assumed if assumed > applies else 0, further)
            elif assumed:
                yield Entry(slot, "presumed", assumed, 0, further)
            elif reach:
                yield Entry(slot, "depends", reach, 0, 0)


def evaluate(program: Program, box: int) -> Verdict | None:
    """Decide a closed box; None if no case lies in it."""
    if not box & (box - program.space.lows):
        return _evaluate_complete(program, box)
    return _Evaluation(program, box).verdict()


def _evaluate_complete(program: Program, case: int) -> Verdict | None:
    """Decide one complete case that is closed: nothing is open."""
    if any(not case & bits for bits in program.space.loose):
        return None
    owners = program.owners
    met = list(dict.fromkeys([owners[at] for at in positions(program.index.holding(case))]))
    rules = [program.rules[index] for index in met]
    rank = max([0, *[rule.rank for rule in rules]])
    given = list(program.given_from[rank])
    for rule in rules:
        for slot, strength in rule.gives:
            if strength > given[slot]:  # noqa: PLR1730  the hot path: a call costs more
                given[slot] = strength
    if rank == 0:
        _raise(given, program.first_gives)
    for slot in program.contested:
        if given[slot] == 1 and given[program.slots[slot].opposite]:
            given[slot] = 0
    return Verdict(case, met, (), (), (rank,), rank, given, program.nothing, given)


class _Evaluation:
    """One box being decided."""

    def __init__(self, program: Program, box: int) -> None:
        self.program = program
        self.box = box
        self.exact = True
        self.case = program.space.lowest(box)
        self.met: list[int] = []
        self.open: list[CompiledRule] = []
        self.at_case: list[CompiledRule] = []  # open rules that hold in `case`
        self.witness: dict[int, int] = {}
        self.possible: list[int] = []

    def verdict(self) -> Verdict | None:
        """Judge rules, outcomes and duties, in that order."""
        space = self.program.space
        if space.loose and any(not self.case & bits for bits in space.loose):
            found = self.search(self.box, ())
            if not found:
                return None
            self.case = space.lowest(self.box) if found == DOUBT else found
        self.judge_rules()
        self.judge_outcomes()
        presumed = [rule for rule in self.open if rule.presume != "ask" and self.presumes(rule)]
        advice = self.advise(presumed)
        applies, assumed, reach = self.judge_duties(presumed, advice)
        return Verdict(
            self.box,
            self.met,
            [rule.index for rule in self.open],
            [rule.index for rule in presumed],
            self.possible,
            advice,
            applies,
            assumed,
            reach,
            self.exact,
        )

    # -- searching ------------------------------------------------------------------------------------------------------------------

    def search(self, box: int, forbidding: Sequence[int]) -> int:
        """A case of the box that no forbidden term covers; 0 if there is none; DOUBT if the budget ran out (then no longer exact)."""
        try:
            return self.program.space.find(box, forbidding)
        except BudgetExceededError:
            self.exact = False
            return DOUBT

    def can_hold(self, condition: Sum) -> int:
        """A case of the box in which the condition holds; 0 if there is none; DOUBT on an exhausted budget."""
        space, own = self.program.space, self.box
        lows, loose = space.lows, space.loose
        for term in condition.boxes:
            if box := space.meet(own, term):
                case = box & ~(box - lows)
                if not loose or all(case & bits for bits in loose) or (case := self.search(box, ())):
                    return case
        return 0

    def can_fail(self, condition: Sum, *, in_doubt: bool = True) -> bool:
        """Whether the condition fails in some case of the box; `in_doubt` on an exhausted budget."""
        box, case = self.box, self.case
        fails_at_case = True
        for bits in condition.fails:  # the hot path: plain loops
            if not box & bits:
                return False
            if not case & bits:
                fails_at_case = False
        if fails_at_case and (self.exact or in_doubt):
            return True
        found = self.search(self.box, condition.fails)
        return in_doubt if found == DOUBT else bool(found)

    # -- rules and outcomes ---------------------------------------------------------------------------------------------------------

    def judge_rules(self) -> None:
        """Sort every rule into met, open or neither, keeping for each open rule a case in which it holds."""
        program, case = self.program, self.case
        owners = program.owners
        certain, possible = program.index.look(self.box)
        met = dict.fromkeys([owners[at] for at in positions(certain)])
        likely = {owners[at] for at in positions(program.index.holding(case) & ~certain)}
        for index in dict.fromkeys([owners[at] for at in positions(possible)]):
            rule = program.rules[index]
            if index in met:
                continue
            if index in likely:
                if self.can_fail(rule.holds):
                    self.open.append(rule)
                    self.at_case.append(rule)
                    self.witness[index] = case
                else:
                    met[index] = None
            elif found := self.can_hold(rule.holds):
                self.open.append(rule)
                self.witness[index] = found
        self.met = sorted(met)

    def judge_outcomes(self) -> None:
        """The exact possible outcomes."""
        rules = self.program.rules
        floor = max((rules[i].rank for i in self.met), default=0)
        floor = max(floor, 0)
        raising = [rule for rule in self.open if rule.rank > floor]
        here = max((rule.rank for rule in self.at_case), default=floor)
        here = max(here, floor)
        found = {here}
        for rank in sorted({rule.rank for rule in raising} | {floor}):
            if rank not in found and self.reaches(rank, floor, raising):
                found.add(rank)
        self.possible = sorted(found)

    def reaches(self, rank: int, floor: int, raising: list[CompiledRule]) -> bool:
        """Whether some case of the box has exactly the outcome `rank`."""
        above = [rule for rule in raising if rule.rank > rank]
        forbidding = [bits for rule in above for bits in rule.holds.fails]
        if rank == floor:
            return bool(self.search(self.box, forbidding))
        space = self.program.space
        equal = [rule for rule in raising if rule.rank == rank]
        for rule in equal:
            case = self.witness[rule.index]
            if all(case & bits for bits in forbidding):
                return True
        for rule in equal:
            for term in rule.holds.boxes:
                box = space.meet(self.box, term)
                if box and self.search(box, forbidding):
                    return True
        return False

    def presumes(self, rule: CompiledRule) -> bool:
        """Whether an open rule is presumed to be met. On an exhausted budget: yes."""
        if rule.presume == "presume_met":
            return True
        if rule.presume == "ask":
            return False
        if any(not self.can_fail(limb, in_doubt=False) for limb in rule.limbs):
            return True
        if rule.unless is None or rule.when is None or self.can_fail(rule.when, in_doubt=False):
            return False
        return self.can_fail(rule.unless) and bool(self.can_hold(rule.unless))

    def advise(self, presumed: Iterable[CompiledRule]) -> int:
        """The advice, as a rank."""
        least, greatest = self.possible[0], self.possible[-1]
        if len(self.possible) == 1 and self.exact:
            return least
        return max([least, min(self.program.policy.when_unsettled.outcome, greatest), *(rule.rank for rule in presumed)])

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    def judge_duties(self, presumed: list[CompiledRule], advice: int) -> tuple[list[int], list[int], list[int]]:
        """Per slot, the strength that applies, that is assumed, and that is the strongest possible."""
        program = self.program
        least, greatest = self.possible[0], self.possible[-1]
        unsettled = len(self.possible) > 1 or not self.exact
        applies, reach = list(program.given_from[least]), list(program.given_from[greatest])
        for index in self.met:
            gives = program.rules[index].gives
            _raise(applies, gives)
            _raise(reach, gives)
        if greatest == 0:
            _raise(applies, program.first_gives)
        if least == 0:
            _raise(reach, program.first_gives)
        for rule in self.open:
            _raise(reach, rule.gives)
        assumed = self.assume(presumed, advice, unsettled=unsettled)
        self.raise_certain(applies, reach)
        for slot in program.contested:
            self.contest(slot, applies, assumed, reach)
        return applies, assumed, reach

    def assume(self, presumed: list[CompiledRule], advice: int, *, unsettled: bool) -> list[int]:
        """Per slot, the strength that presumed rules give and, while the outcome is not settled, the advice."""
        program = self.program
        assumed = [0] * len(program.slots)
        for rule in presumed:
            _raise(assumed, rule.gives)
        if unsettled:
            _raise(assumed, program.unsettled_gives)
            for entry in program.standing:
                if 0 < entry.rank <= advice:
                    _raise(assumed, entry.gives)
        return assumed

    def raise_certain(self, applies: list[int], reach: list[int]) -> None:
        """Raise what applies where several open givers together leave no case without it."""
        at_case = self.strengths_at_case()
        for slot, strength in enumerate(at_case):
            if applies[slot] >= strength:
                continue
            while applies[slot] < strength and slot not in self.program.contested:
                wanted = min(s for s in self.strengths_of(slot) if s > applies[slot])
                if wanted > reach[slot] or self.lacks(slot, wanted):
                    break
                applies[slot] = wanted

    def strengths_at_case(self) -> list[int]:
        """Per slot, the strength that open rules and standing duties give in the lowest case."""
        program = self.program
        rank = max([0, *[program.rules[i].rank for i in self.met], *[rule.rank for rule in self.at_case]])
        given = list(program.given_from[rank])
        for rule in self.at_case:
            _raise(given, rule.gives)
        if rank == 0:
            _raise(given, program.first_gives)
        return given

    def strengths_of(self, slot: int) -> set[int]:
        """Every strength ever given to a slot."""
        described = self.program.slots[slot]
        return {strength for _, strength in (*described.rules, *described.standing)}

    def lacks(self, slot: int, strength: int) -> bool:
        """Whether in some case of the box the slot is given less than `strength`."""
        return self.exists(absent=[(slot, strength)])

    def exists(self, absent: Sequence[tuple[int, int]], present: tuple[int, int] | None = None) -> bool:
        """Whether some case gives each slot of `absent` less than that strength and, if asked, the slot of `present` at least that.

        On an exhausted budget: yes.
        """
        forbidding: list[int] = []
        raised = False
        for slot, strength in absent:
            terms, above_first = self.givers_of(slot, strength)
            if terms is None:
                return False
            forbidding.extend(terms)
            raised = raised or above_first
        for box in self.boxes_above(0) if raised else [self.box]:
            for inner, more in [(box, [])] if present is None else self.boxes_giving(box, *present):
                if inner and self.search(inner, [*forbidding, *more]):
                    return True
        return False

    def givers_of(self, slot: int, strength: int) -> tuple[list[int] | None, bool]:
        """The terms that give a slot at least that strength (None: every case does), and whether the first outcome does."""
        program = self.program
        described = program.slots[slot]
        terms = [bits for index, given in described.rules if given >= strength for bits in program.rules[index].holds.fails]
        first = False
        for index, given in described.standing:
            entry = program.standing[index]
            if given < strength:
                continue
            if entry.first:
                first = True
            elif entry.rank == 0:
                return None, False
            else:
                terms.extend(bits for rule in program.rules if rule.rank >= entry.rank for bits in rule.holds.fails)
        return terms, first

    def boxes_above(self, rank: int) -> list[int]:
        """The boxes, within this one, of the rules whose outcome is above `rank`."""
        space = self.program.space
        return [box for rule in self.program.rules if rule.rank > rank for term in rule.holds.boxes if (box := space.meet(self.box, term))]

    def boxes_giving(self, box: int, slot: int, strength: int) -> list[tuple[int, list[int]]]:
        """Boxes (with terms to forbid) that together are the cases of `box` in which the slot is given at least `strength`."""
        program, space = self.program, self.program.space
        described = program.slots[slot]
        found: list[tuple[int, list[int]]] = []
        for index, given in described.rules:
            if given >= strength:
                found += [(space.meet(box, term), []) for term in program.rules[index].holds.boxes]
        for index, given in described.standing:
            entry = program.standing[index]
            if given < strength:
                continue
            if entry.first:
                found.append((box, [bits for rule in program.rules if rule.rank > 0 for bits in rule.holds.fails]))
            elif entry.rank == 0:
                found.append((box, []))
            else:
                found += [(space.meet(box, term), []) for rule in program.rules if rule.rank >= entry.rank for term in rule.holds.boxes]
        return found

    def contest(self, i: int, applies: list[int], assumed: list[int], reach: list[int]) -> None:
        """Settle a slot whose `may` a prohibition of the same action outranks: such a `may` counts for nothing."""
        opposite = self.program.slots[i].opposite
        if reach[i] == 1 and reach[opposite] and not self.exists([(opposite, 1)], (i, 1)):
            reach[i] = 0
            waiting = len(self.possible) > 1 and (i, 1) in self.program.unsettled_gives
            assumed[i] = 0 if assumed[i] == 1 and not waiting else assumed[i]
        applies[i] = 0
        for strength in sorted(self.strengths_of(i)):
            if strength > reach[i] or self.lacks(i, strength):
                break
            if strength > 1 or not reach[opposite] or not self.exists([(i, 2)], (opposite, 1)):
                applies[i] = strength
        if applies[opposite] or assumed[opposite]:
            assumed[i] = 0 if assumed[i] == 1 else assumed[i]
            reach[i] = 0 if reach[i] == 1 and not applies[i] and not assumed[i] else reach[i]


def _raise(strengths: list[int], gives: Iterable[tuple[int, int]]) -> None:
    for slot, strength in gives:
        if strength > strengths[slot]:  # noqa: PLR1730  the hot path: a call to max costs more
            strengths[slot] = strength
