"""What breaks an invariant with `while_unknown`, claim by claim, and what stands in the way of breaking it.

Comes in: a stack laid out and an invariant. Goes out: `Breach`es, for `unknown` to look for; together they are every way in which the invariant can
be broken by a partial case.

What stands in the way, by claim (k is the rank claimed; the advice is the outcome if settled, else the most protective of the least possible
outcome, the lesser of `when_unsettled` and the greatest possible outcome, and the outcomes of presumed rules):

- *at least k, k not above `when_unsettled`*: the advice is below k only if every case is, since otherwise the greatest possible outcome is not
  below k. Every case of rank k or more stands in the way.
- *at least k, k above `when_unsettled`*: the advice is below k if some case is and no presumed rule has rank k. A rule of rank k that is presumed
  stays presumed or comes to hold as more is known (what is met stays met), unless no case of it is left: every case of it stands in the way.
- *at most k*: if `when_unsettled` is above k, any box whose cases differ and reach above k breaks it, the widest first, so that one look decides.
  Otherwise it is broken where every case is above k (a case that is not stands in the way), or where a rule above k is presumed: where it can hold
  and one of its limbs is met (a case outside the limb stands in the way).
- *duties that must stand*: broken where in some case nobody is given the duty at that strength, and neither presumed rules nor the unsettled advice
  give it. Cases of presumed rules that give it stand in the way; where the unsettled advice gives it, every case of another outcome than the one
  that is left.
- *duties never advised*: broken where every case gives it (cases that do not stand in the way), or where it is presumed, as under *at most*.
- *a permission never advised that a prohibition can outrank*: an open prohibition leaves the permission as it is, one that applies or is presumed
  ends it. Broken where in every case the permission stands, or where it is presumed, some case lacks the prohibition, and the prohibition is not
  presumed either. What makes the prohibition presumed stands in the way too, as under *duties that must stand*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import CompiledRule
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.linking.policy import STRENGTH
from safeguarding_rules.proving.arena import Arena, Given
from safeguarding_rules.proving.formulas import REQUIRED
from safeguarding_rules.proving.points import Way
from safeguarding_rules.proving.scoped import ranks_of, stands
from safeguarding_rules.proving.witness import Check
from safeguarding_rules.worlds.sums import Sum

Ways = Iterator[tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class Breach:
    """How a claim is broken: `broken` by a verdict; `offence` gives boxes with terms to forbid, whose cases stand in the way.

    `hopeful` gives boxes with terms to forbid of which at least one must hold a case, or the box and all below it cannot break the claim; with
    `every` this must be so for two values of each unknown fact.
    """

    broken: Callable[[Verdict], bool]
    offence: Callable[[int, Verdict], Ways]
    hopeful: Callable[[int], Ways]
    check: Check
    reason: str
    every: bool = False  # whether every case of a box that breaks the claim is one that `hopeful` describes
    ways: Sequence[Way] | None = None  # where it is broken only by nothing being known, or where every case lies in one of these ways


def breaches(arena: Arena, invariant: Invariant) -> Iterator[Breach]:
    """Yield every way in which an invariant can be broken."""
    if invariant.outcome_at_least is not None:
        yield _at_least(arena, ranks_of(arena)[invariant.outcome_at_least], invariant.outcome_at_least)
    if invariant.outcome_at_most is not None:
        yield from _at_most(arena, ranks_of(arena)[invariant.outcome_at_most], invariant.outcome_at_most)
    for modality in REQUIRED:
        for action in getattr(invariant, modality) or ():
            yield from _must_stand(arena, action, modality)
    for item in invariant.never or ():
        for slot in arena.slots(item.action, item.modality, item.by):
            yield from never_advised(arena, slot, item.modality, item.by)


def _below(arena: Arena, rank: int) -> Callable[[int], Ways]:
    return lambda box: iter([([box], arena.fails(rank))])


def _presumed_cases(box: int, rules: Sequence[CompiledRule], arena: Arena) -> Ways:
    for rule in rules:
        yield arena.meets([box], rule.holds.boxes), []


def _at_least(arena: Arena, rank: int, name: str) -> Breach:
    reason = f"the advice is milder than `{name}`"
    low = rank <= arena.policy.when_unsettled.outcome

    def offence(box: int, verdict: Verdict) -> Ways:
        if low:
            yield arena.reaching(rank, [box]), []
        else:
            yield from _presumed_cases(box, [arena.program.rules[i] for i in verdict.presumed if arena.program.rules[i].rank >= rank], arena)

    return Breach(
        lambda v: v.advice < rank,
        offence,
        _below(arena, rank),
        lambda d: d.verdict.advice < rank,
        reason,
        every=low,
        ways=[(arena.everything, arena.fails(rank))] if low else None,
    )


def _at_most(arena: Arena, rank: int, name: str) -> Iterator[Breach]:
    reason = f"the advice is more protective than `{name}`"

    def milder(box: int, verdict: Verdict) -> Ways:
        del verdict
        yield [box], arena.fails(rank + 1)

    def reaching(box: int) -> Ways:
        yield arena.reaching(rank + 1, [box]), []

    above = [rule for rule in arena.program.rules if rule.rank > rank]
    above_met = any(rule.presume == "presume_met" for rule in above)
    low = arena.policy.when_unsettled.outcome <= rank
    every = low and not above_met
    ways: list[Way] | None = [(arena.reaching(rank + 1, arena.everything), [])] if every else None
    yield Breach(lambda v: v.advice > rank, milder, reaching, lambda d: d.verdict.advice > rank, reason, every=every, ways=ways)
    yield from _presumptions(arena, above, lambda v: v.advice > rank, lambda d: d.verdict.advice > rank, reason)


def _presumptions(arena: Arena, rules: Sequence[CompiledRule], broken: Callable[[Verdict], bool], check: Check, reason: str) -> Iterator[Breach]:
    """One claim for each rule and each limb whose being met makes it presumed: broken where the rule can hold and the limb is met."""
    for rule in rules:
        for limb in _limbs(rule):
            yield Breach(broken, _outside(limb), _can_hold(arena, rule, limb), check, reason)


def _limbs(rule: CompiledRule) -> Sequence[Sum]:
    """What makes a rule presumed by being met."""
    if rule.presume != "presume_if_partly_met":
        return ()
    return rule.limbs if rule.unless is None or rule.when is None else (*rule.limbs, rule.when)


def _outside(limb: Sum) -> Callable[[int, Verdict], Ways]:
    def offence(box: int, verdict: Verdict) -> Ways:
        del verdict
        yield [box], list(limb.fails)

    return offence


def _can_hold(arena: Arena, rule: CompiledRule, limb: Sum) -> Callable[[int], Ways]:
    """The cases of a rule; none where its limb is `when` as a whole and what is known leaves no room for its exception."""

    def held(box: int) -> Ways:
        if limb is not rule.when or rule.unless is None or arena.search.find(arena.meets([box], rule.unless.boxes)):
            yield arena.meets([box], rule.holds.boxes), []

    return held


def _must_stand(arena: Arena, action: str, modality: str) -> Iterator[Breach]:
    duty = _Duty(arena, action, modality)
    if not duty.unsettled:
        yield Breach(duty.broken, duty.low, duty.hopeful, duty.check, duty.reason)
    if duty.unsettled or duty.lowest is not None:
        for rank in range(len(arena.policy.outcomes)):
            yield Breach(duty.broken, duty.settling(rank), duty.hopeful, duty.check, duty.reason)


class _Duty:
    """A duty that must stand: what breaks it and what stands in the way of breaking it."""

    def __init__(self, arena: Arena, action: str, modality: str, by: str | None = None) -> None:
        self.arena, self.action, self.modality = arena, action, modality
        self.strength = STRENGTH[modality]
        self.slots = arena.slots(action, modality, by)
        program = arena.program
        self.giving = frozenset(rule.index for rule in program.rules if self.given(rule.gives))
        self.lowest = min((entry.rank for entry in program.standing if not entry.first and self.given(entry.gives)), default=None)
        self.unsettled = self.given(program.unsettled_gives)
        self.reason = f"`{modality} {action}` does not stand"

    def given(self, gives: Sequence[tuple[int, int]]) -> bool:
        """Whether something gives the duty to anybody, strongly enough."""
        return any(slot in self.slots and strength >= self.strength for slot, strength in gives)

    def check(self, decision: Decision) -> bool:
        """Whether a decision is as the refutation says."""
        return not stands(decision, self.action, self.modality)

    def broken(self, verdict: Verdict) -> bool:
        """Whether nobody has the duty."""
        return all(max(verdict.applies[slot], verdict.assumed[slot]) < self.strength for slot in self.slots)

    def hopeful(self, box: int) -> Ways:
        """For every slot some case must lack the duty."""
        for slot in self.slots:
            lacks = self.arena.lacking([(slot, self.strength)])
            if lacks is None or not self.arena.search.find(self.arena.reaching(1, [box]) if lacks[1] else [box], lacks[0]):
                return
        yield [box], []

    def presumed(self, box: int, verdict: Verdict) -> Ways:
        """The cases of presumed rules that give the duty."""
        yield from _presumed_cases(box, [self.arena.program.rules[i] for i in verdict.presumed if i in self.giving], self.arena)

    def settling(self, rank: int) -> Callable[[int, Verdict], Ways]:
        """What stands in the way of settling on an outcome."""

        def offence(box: int, verdict: Verdict) -> Ways:
            yield from self.presumed(box, verdict)
            yield self.arena.reaching(rank + 1, [box]), []
            yield [box], self.arena.fails(rank) if rank else [0]

        return offence

    def low(self, box: int, verdict: Verdict) -> Ways:
        """What stands in the way of advice below what a standing entry asks for the duty from."""
        yield from self.presumed(box, verdict)
        if self.lowest is None:
            return
        if self.lowest <= self.arena.policy.when_unsettled.outcome:
            yield self.arena.reaching(self.lowest, [box]), []
        else:
            rules = self.arena.program.rules
            yield from _presumed_cases(box, [rules[i] for i in verdict.presumed if rules[i].rank >= self.lowest], self.arena)


def never_advised(arena: Arena, slot: int, modality: str, by: str | None) -> Iterator[Breach]:
    """Yield every way in which something is advised of a slot that never is to be, so strongly or more."""
    strength = STRENGTH[modality]
    program = arena.program
    if strength == STRENGTH["may"] and slot in program.contested:
        yield from _Permission(arena, slot, by).breaches()
        strength += 1  # what is stronger is not outranked
    action = program.slots[slot].action
    reason = f"`{modality} {action}` or more is advised"

    def broken(verdict: Verdict) -> bool:
        return max(verdict.applies[slot], verdict.assumed[slot]) >= strength

    def check(decision: Decision) -> bool:
        return stands(decision, action, modality, by)

    def lacking(box: int, verdict: Verdict) -> Ways:
        del verdict
        lacks = arena.lacking([(slot, strength)])
        if lacks is not None:
            yield (arena.reaching(1, [box]) if lacks[1] else [box]), lacks[0]

    def given(box: int) -> Ways:
        if program.slots[slot].unsettled >= strength:
            yield [box], []
        yield from arena.ways([box], slot, strength)

    giving = [rule for rule in program.rules if any(s == slot and n >= strength for s, n in rule.gives)]
    yield Breach(broken, lacking, given, check, reason, every=True, ways=list(arena.ways(arena.everything, slot, strength)))
    yield from _presumptions(arena, giving, broken, check, reason)
    for rank in sorted({entry.rank for entry in program.standing if not entry.first and any(s == slot and n >= strength for s, n in entry.gives)}):
        for one in _at_most(arena, rank - 1, ""):
            yield replace(one, broken=broken, check=check, reason=reason)


class _Permission:
    """A permission that a prohibition can outrank: what breaks that it is never advised."""

    def __init__(self, arena: Arena, slot: int, by: str | None) -> None:
        self.arena, self.slot = arena, slot
        self.described = arena.program.slots[slot]
        self.action, self.by = self.described.action, by
        self.prohibition = _Duty(arena, self.action, "should_not", self.described.by)
        self.unsettled = arena.policy.when_unsettled.outcome
        self.reason = f"`may {self.action}` or more is advised"

    def broken(self, verdict: Verdict) -> bool:
        """Whether it is advised."""
        return max(verdict.applies[self.slot], verdict.assumed[self.slot]) > 0

    def check(self, decision: Decision) -> bool:
        """Whether a decision advises it."""
        return stands(decision, self.action, "may", self.by)

    def breaches(self) -> Iterator[Breach]:
        """Yield every way in which it is advised."""
        arena, program = self.arena, self.arena.program
        ways = list(self.standing(arena.space.start))
        yield Breach(self.broken, self.ended, self.standing, self.check, self.reason, every=True, ways=ways)
        for index, _ in self.described.rules:
            yield from self.presumed(program.rules[index], settled=True)
        if self.prohibition.unsettled:
            return  # whatever else presumes the permission does so while the outcome is open, as the prohibition then is
        if self.described.unsettled:
            yield self.unless_prohibited(self.nothing, self.outcome_open)
        for rank in sorted({program.standing[i].rank for i, _ in self.described.standing if not program.standing[i].first}):
            yield self.unless_prohibited(self.nothing if rank <= self.unsettled else self.milder(rank), self.reaching(rank))
            for rule in program.rules:
                if rule.rank >= rank:
                    yield from self.presumed(rule, settled=False)

    # -- what stands in the way -----------------------------------------------------------------------------------------------------

    def unless_prohibited(self, offence: Callable[[int, Verdict], Ways], hopeful: Callable[[int], Ways], rank: int | None = None) -> Breach:
        """A breach in which the prohibition must not be presumed either. `rank`: settled on that outcome."""
        ended = self.prohibition.low if rank is None else self.prohibition.settling(rank)

        def both(box: int, verdict: Verdict) -> Ways:
            yield from ended(box, verdict)
            yield from offence(box, verdict)

        return Breach(self.broken, both, hopeful, self.check, self.reason)

    def ended(self, box: int, verdict: Verdict) -> Ways:
        """The cases in which the permission does not stand: not given, or prohibited."""
        del verdict
        arena = self.arena
        lacks = arena.lacking([(self.slot, 1)])
        if lacks is not None:
            yield (arena.reaching(1, [box]) if lacks[1] else [box]), lacks[0]
        yield from self._lacking(arena.ways([box], self.described.opposite, 1), (self.slot, 2))

    def nothing(self, box: int, verdict: Verdict) -> Ways:
        """Nothing but the prohibition stands in the way."""
        del box, verdict
        yield from ()

    def milder(self, rank: int) -> Callable[[int, Verdict], Ways]:
        """Cases below an outcome stand in the way."""
        return lambda box, _: iter([([box], self.arena.fails(rank))])

    # -- what there must be ---------------------------------------------------------------------------------------------------------

    def standing(self, box: int) -> Ways:
        """The cases in which the permission stands."""
        arena = self.arena
        yield from arena.ways([box], self.slot, 2)
        yield from self._lacking(arena.ways([box], self.slot, 1), (self.described.opposite, 1))

    def _lacking(self, ways: Sequence[tuple[list[int], list[int]]], given: Given) -> Ways:
        """The cases of some ways in which something is not given."""
        lacks = self.arena.lacking([given])
        if lacks is not None:
            for boxes, forbidding in ways:
                yield (self.arena.reaching(1, boxes) if lacks[1] else boxes), [*forbidding, *lacks[0]]

    def stands_in(self, box: int) -> bool:
        """Whether it stands in some case of a box."""
        return any(self.arena.search.find(boxes, forbidding) for boxes, forbidding in self.standing(box))

    def outcome_open(self, box: int) -> Ways:
        """The box, if its cases have more than one outcome and some lack the prohibition."""
        arena = self.arena
        case = arena.search.find([box])
        rank = arena.rank_of(case) if case else 0
        if case and (arena.search.find(arena.reaching(rank + 1, [box])) or (rank and arena.search.find([box], arena.fails(rank)))):
            yield from self.prohibition.hopeful(box)

    def reaching(self, rank: int) -> Callable[[int], Ways]:
        """The cases of an outcome or more, where the outcome is open and the permission stands in some case."""

        def reached(box: int) -> Ways:
            if self.stands_in(box) and any(True for _ in self.outcome_open(box)):
                yield self.arena.reaching(rank, [box]), []

        return reached

    def presumed(self, rule: CompiledRule, *, settled: bool) -> Iterator[Breach]:
        """The breaches in which a rule is presumed that gives the permission, or an outcome that does. `settled`: whether the outcome may be."""
        if rule.presume == "ask":
            return
        limbs: Sequence[Sum | None] = _limbs(rule) if rule.presume != "presume_met" else (None,)
        ranks = range(len(self.arena.policy.outcomes)) if self.prohibition.unsettled else (None,)
        for limb in limbs:
            for rank in ranks:
                yield self.unless_prohibited(self.nothing if limb is None else _outside(limb), self.open_rule(rule, limb, settled=settled), rank)

    def open_rule(self, rule: CompiledRule, limb: Sum | None, *, settled: bool) -> Callable[[int], Ways]:
        """The cases of a rule that need not hold, where the permission stands in some case."""

        def held(box: int) -> Ways:
            if self.stands_in(box) and self.arena.search.find([box], rule.holds.fails) and (settled or any(True for _ in self.outcome_open(box))):
                yield from [(self.arena.meets([box], rule.holds.boxes), [])] if limb is None else _can_hold(self.arena, rule, limb)(box)

        return held
