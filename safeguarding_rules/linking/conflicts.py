"""What can only be seen over all cases: constraints nobody can satisfy, rules that never hold, duties that conflict.

Comes in: a Policy whose names are resolved. Goes out: findings, each with a case. Cost: linear in rules, but for conflicts, which looks at pairs
of rules that
give opposite duties of the same (action, by), and at pairs of contradicting actions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from safeguarding_rules.language.conditions import Always
from safeguarding_rules.linking.cases import holds_of, space_of
from safeguarding_rules.linking.facts import FactTable
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.policy import PROHIBITIONS, Duty, ImplicationInfo, Policy, PolicyRule, Standing
from safeguarding_rules.linking.rules import RuleTable
from safeguarding_rules.linking.tables import check_tables
from safeguarding_rules.linking.whole import WholeSpace
from safeguarding_rules.reading.pack import Pack
from safeguarding_rules.worlds.space import BudgetExceededError, Space
from safeguarding_rules.worlds.sums import Sum, sum_in
from safeguarding_rules.worlds.terms import TooManyTermsError
from safeguarding_rules.worlds.wording import in_words


@dataclass(frozen=True, slots=True)
class Giver:
    """A rule or standing entry that gives a duty, with the cases in which it does. `first`: only at the first outcome."""

    id: str
    duty: Duty
    sum: Sum
    first: bool
    presume: tuple[Sum, ...]  # what being met makes it presumed; an always-true one for `presume_met`


def check_cases(packs: Sequence[Pack], policy: Policy, table: RuleTable, facts: FactTable, findings: Findings) -> None:
    """Report what is wrong over all cases."""
    try:
        space = space_of(policy)
    except TooManyTermsError:
        message = "an implication or `applies_when` is too intricate to check"
        findings.report("SR509", _too_intricate(policy, facts), message, "split it into several smaller ones")
        return
    if not _satisfiable(space):
        message = "no case satisfies this implication and those before it together"
        findings.report("SR508", _excluding(policy, facts), message, "correct the implications in `facts.yaml`; they exclude each other")
        return
    sums: dict[str, Sum] = {}
    for rule in policy.rules:
        try:
            sums[rule.id] = sum_in(space, holds_of(rule))
        except TooManyTermsError:
            findings.report("SR509", table.places[rule.id], f"`{rule.id}` is too intricate to check", "split it into several rules")
            continue
        if not any(_possible(space, box) for box in sums[rule.id].boxes):
            hint = "its conditions, `applies_when` and the implications exclude each other; take it out or correct it"
            findings.report("SR601", table.places[rule.id], f"`{rule.id}` can never hold", hint, severity="warning")
    for condition, place in table.routes:
        try:
            sum_in(space, condition)
        except TooManyTermsError:
            findings.report("SR509", place, "the condition of the route is too intricate to check", "split it into several entries")
    if not findings.failed:
        whole = WholeSpace(policy, space, sums, table, findings)
        _check_conflicts(whole)
        scopes = {name: sum_in(space, condition) for name, condition in table.scopes.items()}
        check_tables(packs, whole, scopes)


def _satisfiable(space: Space) -> bool:
    return bool(space.start) and _possible(space, space.start)


def _space_with(policy: Policy, implications: Sequence[ImplicationInfo]) -> Space:
    return space_of(replace(policy, implications=tuple(implications), rules=(), routes={}))


def _too_intricate(policy: Policy, facts: FactTable) -> Place | None:
    """Where the first constraint stands that is too intricate on its own."""
    for implication, place in zip(facts.implications, facts.implication_places, strict=True):
        try:
            _space_with(policy, [implication])
        except TooManyTermsError:
            return place
    return next((facts.places[info.spec.name] for info in policy.facts if info.applies_when is not None), None)


def _excluding(policy: Policy, facts: FactTable) -> Place | None:
    """Where the first implication stands that excludes, with those before it, every case."""
    first = bisect_left(range(len(facts.implications)), True, key=lambda i: not _satisfiable(_space_with(policy, facts.implications[: i + 1])))  # noqa: FBT003
    return facts.implication_places[first] if first < len(facts.implications) else None


def _possible(space: Space, box: int) -> bool:
    try:
        return bool(space.find(box))
    except BudgetExceededError:
        return True


def _check_conflicts(whole: WholeSpace) -> None:
    """Report duties of the same (action, by) that point in opposite directions in one case, and contradicting duties of one person."""
    positive: dict[tuple[str, str], list[Giver]] = defaultdict(list)
    negative: dict[tuple[str, str], list[Giver]] = defaultdict(list)
    for giver in _givers(whole):
        side = negative if giver.duty.modality in PROHIBITIONS else positive
        if giver.duty.modality != "may":
            side[giver.duty.action, giver.duty.by].append(giver)
    for key in positive.keys() & negative.keys():
        for one in positive[key]:
            for other in negative[key]:
                _check_pair(whole, one, other, "SR605")
    for action, by in list(positive):
        for name in whole.policy.actions[action].contradicts:
            for one in positive[action, by]:
                for other in positive.get((name, by), ()):
                    _check_pair(whole, one, other, "SR606")


def _givers(whole: WholeSpace) -> Iterator[Giver]:
    everything = sum_in(whole.space, Always())
    for rule in whole.policy.rules:
        presume = _presumed_by(rule, whole.space, everything)
        for duty in rule.duties:
            yield Giver(rule.id, duty, whole.sums[rule.id], False, presume)  # noqa: FBT003
    for entry in whole.policy.standing:
        given = _standing_sum(whole, entry, everything)
        for duty in entry.duties:
            yield Giver(entry.id, duty, given, entry.kind == "first", ())


def _presumed_by(rule: PolicyRule, space: Space, everything: Sum) -> tuple[Sum, ...]:
    if rule.if_unknown == "presume_met":
        return (everything,)
    if rule.if_unknown == "ask":
        return ()
    limbs = [sum_in(space, limb) for limb in rule.limbs]
    if rule.unless is not None:
        limbs.append(sum_in(space, rule.when))
    return tuple(limbs)


def _standing_sum(whole: WholeSpace, entry: Standing, everything: Sum) -> Sum:
    if entry.kind != "at_least":
        return everything
    chosen = [whole.sums[rule.id] for rule in whole.policy.rules if rule.outcome is not None and rule.outcome >= entry.outcome]
    return Sum(tuple(box for one in chosen for box in one.boxes), tuple(bits for one in chosen for bits in one.fails))


def _check_pair(whole: WholeSpace, one: Giver, other: Giver, code: str) -> None:
    forbidding: list[int] = []
    if one.first or other.first:
        forbidding = [bits for rule in whole.policy.rules if rule.outcome for bits in whole.sums[rule.id].fails]
    box = _together(whole.space, one, other, forbidding) or _presumed_together(whole.space, one, other)
    if box:
        words = in_words(whole.space, box)
        duties = f"`{one.duty.modality} {one.duty.action}` and `{other.duty.modality} {other.duty.action}` (by {one.duty.by})"
        message = f"{duties} can be advised in one case: {words[:300]}"
        hint = "write the exception as `unless` on one of the two"
        places = whole.table.places
        whole.findings.report(code, places[other.id], message, hint, related=[(f"the other duty, of `{one.id}`", places[one.id])])


def _together(space: Space, one: Giver, other: Giver, forbidding: list[int]) -> int:
    """A box in which both are given in some complete case; 0 if there is none."""
    for a in one.sum.boxes:
        for b in other.sum.boxes:
            box = space.meet(a, b)
            if box:
                try:
                    if space.find(box, forbidding):
                        return box
                except BudgetExceededError:
                    return box
    return 0


def _presumed_together(space: Space, one: Giver, other: Giver) -> int:
    """A box of known facts under which both, though they exclude each other, are open and presumed; 0 if there is none."""
    for limb in one.presume:
        for limb_of_other in other.presume:
            for a in limb.boxes:
                for b in limb_of_other.boxes:
                    box = space.meet(a, b)
                    if box and _open(space, box, one.sum) and _open(space, box, other.sum):
                        return box
    return 0


def _open(space: Space, box: int, condition: Sum) -> bool:
    return any((inner := space.meet(box, term)) and _possible(space, inner) for term in condition.boxes)
