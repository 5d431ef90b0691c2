"""Duties that point in opposite directions, or whose actions contradict each other: in one complete case, or as advice while facts are missing.

Comes in: a Policy with its rules as sums. Goes out: findings, each with a case. A duty is *given* in the cases in which its rule holds or its
standing entry follows. While facts are missing it can also be *presumed*: by an open rule with a limb that is met, by a standing entry up to the
advice, or by `when_unsettled`. Cost: pairs of givers of one (action, by). Source: docs/reference/semantics.md, "Actions". Not looked at: a duty that
several givers only together give in all cases, against one of `when_unsettled`: `prove` looks for it, and a decision warns of it (SR813).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from safeguarding_rules.diagnostics import Span
from safeguarding_rules.language.conditions import Always
from safeguarding_rules.linking.findings import Place
from safeguarding_rules.linking.policy import PROHIBITIONS, Duty, PolicyRule, Standing
from safeguarding_rules.linking.whole import WholeSpace
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum, sum_in
from safeguarding_rules.worlds.wording import in_words

Key = tuple[str, str]  # action, by
NEVER = Sum((), ())


@dataclass(frozen=True, slots=True)
class Presumption:
    """Known facts (a box) under which something still open is presumed, as long as `unless` is open too."""

    box: int
    unless: Sum | None = None


@dataclass(frozen=True, slots=True)
class Giver:
    """What gives a duty: the cases in which it does (`first`: only at the first outcome), and where it is presumed.

    `unsettled`: given in no case, but presumed wherever the outcome is not settled.
    """

    id: str
    duty: Duty
    sum: Sum
    presumed: tuple[Presumption, ...] = ()
    first: bool = False
    unsettled: bool = False


def check_conflicts(whole: WholeSpace) -> None:
    """Report duties of the same (action, by) that point in opposite directions, and contradicting duties of one person."""
    conflicts = Conflicts(whole)
    for key in conflicts.positive.keys() & conflicts.negative.keys():
        conflicts.check(conflicts.positive[key], conflicts.negative[key], "SR605")
    for (action, by), givers in list(conflicts.positive.items()):
        for other in whole.policy.actions[action].contradicts:
            conflicts.check(givers, conflicts.positive.get((other, by), ()), "SR606")


class Conflicts:
    """What gives duties, and where two of them stand together. `wanted`: the duties that are looked at; None: those that can conflict."""

    def __init__(self, whole: WholeSpace, wanted: Callable[[Duty], bool] | None = None) -> None:
        self.whole = whole
        self.space = whole.space
        self.policy = whole.policy
        self.everything = sum_in(whole.space, Always())
        self.presumptions: dict[str, tuple[Presumption, ...]] = {}
        self.positive: dict[Key, list[Giver]] = defaultdict(list)
        self.negative: dict[Key, list[Giver]] = defaultdict(list)
        for giver in self.givers(self.contested() if wanted is None else wanted):
            side = self.negative if giver.duty.modality in PROHIBITIONS else self.positive
            side[giver.duty.action, giver.duty.by].append(giver)

    # -- who gives what -------------------------------------------------------------------------------------------------------------

    def contested(self) -> Callable[[Duty], bool]:
        """Tells the duties whose (action, by) are both demanded and forbidden, or demanded beside a contradicting one."""
        given = [part.duties for part in self.policy.rules] + [part.duties for part in self.policy.standing] + [self.policy.when_unsettled.duties]
        duties = [duty for part in given for duty in part if duty.modality != "may"]
        demanded = {(duty.action, duty.by) for duty in duties if duty.modality not in PROHIBITIONS}
        forbidden = {(duty.action, duty.by) for duty in duties if duty.modality in PROHIBITIONS}
        actions = self.policy.actions
        pairs = [((action, by), (other, by)) for action, by in demanded for other in actions[action].contradicts if (other, by) in demanded]
        contested = (demanded & forbidden) | {key for pair in pairs for key in pair}
        return lambda duty: duty.modality != "may" and (duty.action, duty.by) in contested

    def givers(self, wanted: Callable[[Duty], bool]) -> Iterator[Giver]:
        """What gives the duties that are looked at."""

        def chosen(duties: Iterable[Duty]) -> list[Duty]:
            return [duty for duty in duties if wanted(duty)]

        for rule in self.policy.rules:
            for duty in chosen(rule.duties):
                yield Giver(rule.id, duty, self.whole.sums[rule.id], self.presumed(rule))
        for entry in self.policy.standing:
            for duty in chosen(entry.duties):
                yield from self.standing_givers(entry, duty)
        unsettled = self.policy.when_unsettled
        for duty, pack in zip(unsettled.duties, unsettled.given_by, strict=True):
            if wanted(duty):
                yield Giver(f"{pack}/when_unsettled", duty, NEVER, unsettled=True)

    def standing_givers(self, entry: Standing, duty: Duty) -> Iterator[Giver]:
        """A standing entry; where only presumed rules can lift the advice to it, once more for each of them."""
        if entry.kind != "at_least":
            yield Giver(entry.id, duty, self.everything, first=entry.kind == "first")
            return
        high = [rule for rule in self.policy.rules if rule.outcome is not None and rule.outcome >= entry.outcome]
        sums = [self.whole.sums[rule.id] for rule in high]
        given = Sum(tuple(box for one in sums for box in one.boxes), tuple(bits for one in sums for bits in one.fails))
        if self.policy.when_unsettled.outcome >= entry.outcome:
            yield Giver(entry.id, duty, given, tuple(Presumption(box) for box in self.everything.boxes))
            return
        yield Giver(entry.id, duty, given)
        for rule in high:
            if presumed := self.presumed(rule):
                yield Giver(entry.id, duty, self.whole.sums[rule.id], presumed)

    def presumed(self, rule: PolicyRule) -> tuple[Presumption, ...]:
        """Where a rule, while it is open, is presumed."""
        if rule.id not in self.presumptions:
            self.presumptions[rule.id] = tuple(self.presumptions_of(rule))
        return self.presumptions[rule.id]

    def presumptions_of(self, rule: PolicyRule) -> Iterator[Presumption]:
        """One presumption for each term of each limb."""
        if rule.if_unknown == "presume_met":
            yield from (Presumption(box) for box in self.everything.boxes)
        if rule.if_unknown == "presume_if_partly_met":
            for limb in rule.limbs:
                yield from (Presumption(box) for box in sum_in(self.space, limb).boxes)
            if rule.unless is not None:
                unless = sum_in(self.space, rule.unless)
                yield from (Presumption(box, unless) for box in sum_in(self.space, rule.when).boxes)

    # -- pairs ----------------------------------------------------------------------------------------------------------------------

    def check(self, side: Iterable[Giver], other_side: Iterable[Giver], code: str) -> None:
        """Report every pair that can stand together."""
        others = list(other_side)
        seen: set[tuple[Span | None, Span | None]] = set()
        for one in side:
            for other in others:
                # What a layer says is shown first: that is what can be changed.
                given = [(other, self.place_of(other)), (one, self.place_of(one))]
                (first, place), (second, there) = sorted(given, key=lambda pair: -self.depth(pair[1]))
                pair = (place.span(), there.span())
                if pair not in seen and (box := self.meeting(one, other)):
                    seen.add(pair)
                    duties = f"`{one.duty.modality} {one.duty.action}` and `{other.duty.modality} {other.duty.action}` (by {one.duty.by})"
                    message = f"{duties} can be advised in one case: {in_words(self.space, box)[:300]}"
                    related = [(f"the other duty, of `{second.id}`", there)]
                    self.whole.findings.report(code, place, message, self.remedy(first, place, there), related=related)

    def place_of(self, giver: Giver) -> Place:
        """Where a duty is given: the line of a layer that gave it to a rule from above, else the rule or entry."""
        duty, table = giver.duty, self.whole.table
        return table.strengthened.get((giver.id, duty.action, duty.by, duty.modality in PROHIBITIONS)) or table.places[giver.id]

    def depth(self, place: Place) -> int:
        """How far below the top pack a place lies."""
        return next(depth for depth, pack in enumerate(self.policy.packs) if pack.id == place.pack.id)

    def remedy(self, giver: Giver, place: Place, there: Place) -> str:
        """What the author of the place can do."""
        if not giver.id.startswith(f"{place.pack.id}/"):
            return f"take it out here, or say it in a rule of `{place.pack.id}` whose `when` leaves such cases out"
        if self.depth(place) == self.depth(there):
            return "write the exception as `unless` on one of the two"
        if giver.id in self.whole.table.rule_names:
            return f"what stands above stays: write the exception as `unless` on `{giver.id}`, or take the duty out here"
        return f"what stands above stays: take the duty out here, or say it in a rule of `{place.pack.id}` whose `when` leaves such cases out"

    def meeting(self, one: Giver, other: Giver) -> int:
        """A box of known facts under which both duties stand; 0 if there is none."""
        if one.unsettled or other.unsettled:
            return self.while_unsettled(other if one.unsettled else one)
        return self.given_together(one, other) or self.presumed_together(one, other)

    def given_together(self, one: Giver, other: Giver) -> int:
        """A box in which both are given in some complete case."""
        forbidding: list[int] = []
        if one.first or other.first:
            forbidding = [bits for rule in self.policy.rules if rule.outcome for bits in self.whole.sums[rule.id].fails]
        boxes = (self.space.meet(a, b) for a in one.sum.boxes for b in other.sum.boxes)
        return next((box for box in boxes if box and self.possible(box, forbidding)), 0)

    def presumed_together(self, one: Giver, other: Giver) -> int:
        """A box under which both are open and presumed, though they exclude each other."""
        for a in one.presumed:
            for b in other.presumed:
                box = self.space.meet(a.box, b.box)
                if box and self.stands(a, one.sum, box) and self.stands(b, other.sum, box):
                    return box
        return 0

    def while_unsettled(self, giver: Giver) -> int:
        """A box under which the outcome is not settled, while the duty is given or presumed (or stands wherever nothing is settled)."""
        if giver.first:
            return 0
        boxes = self.everything.boxes if giver.unsettled else giver.sum.boxes
        presumed = (found.box for found in giver.presumed if self.stands(found, giver.sum, found.box))
        return next((box for box in (*boxes, *presumed) if self.unsettled(box)), 0)

    # -- questions about a box ------------------------------------------------------------------------------------------------------

    def stands(self, presumption: Presumption, condition: Sum, box: int) -> bool:
        """Whether what is presumed can still hold in the box, and its `unless` still be either."""
        unless = presumption.unless
        if unless is not None and not (self.can_hold(unless, box) and self.possible(box, unless.fails)):
            return False
        return self.can_hold(condition, box)

    def can_hold(self, condition: Sum, box: int) -> bool:
        """Whether a condition holds in some case of the box."""
        return any((inner := self.space.meet(box, term)) and self.possible(inner) for term in condition.boxes)

    def possible(self, box: int, forbidding: Iterable[int] = ()) -> bool:
        """Whether some case lies in the box outside the terms; on an exhausted budget, yes."""
        try:
            return bool(self.space.find(box, tuple(forbidding)))
        except BudgetExceededError:
            return True

    def unsettled(self, box: int) -> bool:
        """Whether the box has cases of different outcomes; on an exhausted budget, yes."""
        sums = self.whole.sums
        ranked = [(rule.outcome, sums[rule.id]) for rule in self.policy.rules if rule.outcome]
        try:
            case = self.space.find(box)
        except BudgetExceededError:
            return True
        if not case:
            return False
        here = max((rank for rank, condition in ranked if condition.holds(case)), default=0)
        if any(rank > here and self.can_hold(condition, box) for rank, condition in ranked):
            return True
        return here > 0 and self.possible(box, [bits for rank, condition in ranked if rank >= here for bits in condition.fails])
