"""Seeded changes of the Kent layer's stack: weakenings that every proof must catch, strengthenings that none may call weaker.

The linked Policy itself is changed, for linking refuses most weakenings before anything could be proved. The stack above stays as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from safeguarding_rules.language.conditions import All, Test
from safeguarding_rules.language.deadlines import parse_deadline
from safeguarding_rules.linking.link import check
from safeguarding_rules.linking.policy import Duty, ImplicationInfo, Modality, Policy, PolicyRule
from safeguarding_rules.proving.layers import layer_claims
from safeguarding_rules.proving.work import Stack
from safeguarding_rules.testing.stacks import Stacks

TODAY = date(2026, 11, 22)
PACKS = Path(__file__).parents[3] / "policy_packs"
Change = Callable[[Policy, random.Random], Policy | None]


@cache
def kent() -> Stack:
    """The Kent stack of today."""
    stacks = Stacks([PACKS / "kscmp" / "2024.9"])
    ((found,), _) = stacks.targets()
    linked = stacks.linked(found, TODAY)
    assert linked.policy is not None
    above, _ = check(linked.packs[:-1], TODAY)
    return Stack(linked.packs, linked.policy, above, TODAY, TODAY)


def caught(stack: Stack) -> bool:
    """Whether some claim about the layer is not proved."""
    return any(claim.state != "proved" for claim in layer_claims(stack))


def shown(stack: Stack) -> bool:
    """Whether some claim about the layer is refuted."""
    return any(claim.state == "refuted" for claim in layer_claims(stack))


def weakened(number: int) -> Iterator[Stack]:
    """Yield so many weakened stacks, all kinds in turn."""
    yield from _changed(number, WEAKENINGS)


def strengthened(number: int) -> Iterator[Stack]:
    """Yield so many strengthened stacks, all kinds in turn."""
    yield from _changed(number, STRENGTHENINGS)


def without_deadline(action: str, by: str) -> Stack:
    """The stack with the layer taking every deadline from what somebody has to do."""

    def timeless(duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
        return tuple(replace(one, deadline=None) if (one.action, one.by) == (action, by) else one for one in duties)

    stack = kent()
    rules = tuple(replace(one, duties=timeless(one.duties)) for one in stack.policy.rules)
    standing = tuple(replace(one, duties=timeless(one.duties)) for one in stack.policy.standing)
    return Stack(stack.packs, replace(stack.policy, rules=rules, standing=standing), stack.above, TODAY, TODAY)


def timed_above() -> list[tuple[str, str]]:
    """What the rules of the pack above set a deadline for, and whom: the protective duties alone."""
    above = kent().above
    assert above is not None
    return sorted({(one.action, one.by) for rule in above.rules for one in rule.duties if one.deadline is not None and _protective(above, one)})


def _changed(number: int, kinds: tuple[Change, ...]) -> Iterator[Stack]:
    stack = kent()
    seed = 0
    while number:
        changed = kinds[seed % len(kinds)](stack.policy, random.Random(seed))
        seed += 1
        if changed is not None:
            yield Stack(stack.packs, changed, stack.above, TODAY, TODAY)
            number -= 1


def _above(policy: Policy, chance: random.Random, fits: Callable[[PolicyRule], bool]) -> PolicyRule:
    """Choose a rule from above that the layer has not strengthened: to take back what a layer added is no weakening of the pack above."""
    return chance.choice([rule for rule in policy.rules if rule.pack == "ukcis" and not rule.strengthened_by and fits(rule)])


def _with(policy: Policy, rule: PolicyRule, **changes: object) -> Policy:
    return replace(policy, rules=tuple(replace(one, **changes) if one.id == rule.id else one for one in policy.rules))  # type: ignore[arg-type]


def _protective(policy: Policy, duty: Duty) -> bool:
    refrain = policy.actions[duty.action].protects == "refrain"
    return duty.modality in (("must_not", "should_not") if refrain else ("must", "should"))


def _replaced(policy: Policy, rule: PolicyRule, duty: Duty, *others: Duty) -> Policy:
    return _with(policy, rule, duties=tuple(other for one in rule.duties for other in (others if one is duty else (one,))))


# -- weakenings ---------------------------------------------------------------------------------------------------------------------------


def _lower_outcome(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: bool(one.outcome))
    return _with(policy, rule, outcome=(rule.outcome or 1) - 1 or None)


def _drop_rule(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: bool(one.outcome))
    return replace(policy, rules=tuple(one for one in policy.rules if one is not rule))


def _drop_duty(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: any(_protective(policy, duty) for duty in one.duties))
    return _replaced(policy, rule, chance.choice([duty for duty in rule.duties if _protective(policy, duty)]))


def _weaken_duty(policy: Policy, chance: random.Random) -> Policy:
    def strong(duty: Duty) -> bool:
        return duty.modality in ("must", "must_not") and _protective(policy, duty)

    rule = _above(policy, chance, lambda one: any(map(strong, one.duties)))
    duty = chance.choice([one for one in rule.duties if strong(one)])
    return _replaced(policy, rule, duty, replace(duty, modality="should" if duty.modality == "must" else "should_not"))


def _add_exception(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: bool(one.outcome) and one.unless is None)
    fact = chance.choice([info.spec.name for info in policy.facts if info.spec.type == "boolean"])
    return _with(policy, rule, unless=Test(fact, "is", chance.choice((True, False))))


def _add_limb(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: bool(one.outcome))
    fact = chance.choice([info.spec.name for info in policy.facts if info.spec.type == "boolean"])
    return _with(policy, rule, when=All((rule.when, Test(fact, "is", chance.choice((True, False))))))


def _lower_unsettled(policy: Policy, chance: random.Random) -> Policy:
    unsettled = policy.when_unsettled
    return replace(policy, when_unsettled=replace(unsettled, outcome=0) if chance.random() < 0.5 else replace(unsettled, duties=(), outcome=0))


def _ask_only(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: bool(one.outcome) and one.if_unknown != "ask")
    return _with(policy, rule, if_unknown="ask", limbs=())


def _drop_standing(policy: Policy, chance: random.Random) -> Policy:
    entry = chance.choice([one for one in policy.standing if one.pack == "ukcis" and one.kind != "first"])
    duty = chance.choice([one for one in entry.duties if _protective(policy, one)])
    changed = replace(entry, duties=tuple(one for one in entry.duties if one is not duty))
    return replace(policy, standing=tuple(changed if one is entry else one for one in policy.standing))


def _tie_facts(policy: Policy, chance: random.Random) -> Policy:
    one, two = chance.sample([info.spec.name for info in policy.facts if info.spec.type == "boolean"], 2)
    added = ImplicationInfo("kscmp", Test(one, "is", True), Test(two, "is", False), "A layer may not say so.", ())
    return replace(policy, implications=(*policy.implications, added))


def _lengthen(policy: Policy, chance: random.Random) -> Policy:
    def timed(duty: Duty) -> bool:
        return duty.deadline is not None and _protective(policy, duty)

    rule = _above(policy, chance, lambda one: any(map(timed, one.duties)))
    duty = chance.choice([one for one in rule.duties if timed(one)])
    return _replaced(policy, rule, duty, replace(duty, deadline=chance.choice((None, parse_deadline("P90D")))))


def _forbid_the_setting(policy: Policy, chance: random.Random) -> Policy:
    """A rule of the layer forbids the setting what a rule from above asks of one person in it."""
    return _said_of_the_setting(policy, chance, "must_not")


def _ask_the_setting(policy: Policy, chance: random.Random) -> Policy:
    """A rule of the layer asks of the setting what a rule from above forbids a person in it."""
    return _said_of_the_setting(policy, chance, "must")


def _said_of_the_setting(policy: Policy, chance: random.Random, modality: Modality) -> Policy:
    def against(duty: Duty) -> bool:
        demand = duty.modality in ("must", "should")
        return demand == (modality == "must_not") and duty.modality != "may" and duty.by not in ("setting", "other_staff")

    rule = _above(policy, chance, lambda one: any(map(against, one.duties)))
    duty = chance.choice([one for one in rule.duties if against(one)])
    added = replace(rule, id="kscmp/seeded", pack="kscmp", outcome=None, if_unknown="ask", limbs=(), duties=(Duty(duty.action, "setting", modality),))
    return replace(policy, rules=(*policy.rules, added))


WEAKENINGS: tuple[Change, ...] = (
    _forbid_the_setting,
    _ask_the_setting,
    _lower_outcome,
    _drop_rule,
    _drop_duty,
    _weaken_duty,
    _add_exception,
    _add_limb,
    _lower_unsettled,
    _ask_only,
    _drop_standing,
    _tie_facts,
    _lengthen,
)


# -- strengthenings -----------------------------------------------------------------------------------------------------------------------


def _raise_outcome(policy: Policy, chance: random.Random) -> Policy:
    last = len(policy.outcomes) - 1
    rule = _above(policy, chance, lambda one: (one.outcome or 0) < last)
    return _with(policy, rule, outcome=chance.randint((rule.outcome or 0) + 1, last))


def _strengthen_duty(policy: Policy, chance: random.Random) -> Policy:
    def weak(duty: Duty) -> bool:
        return duty.modality in ("should", "should_not") and _protective(policy, duty)

    rule = _above(policy, chance, lambda one: any(map(weak, one.duties)))
    duty = chance.choice([one for one in rule.duties if weak(one)])
    return _replaced(policy, rule, duty, replace(duty, modality="must" if duty.modality == "should" else "must_not"))


def _add_duty(policy: Policy, chance: random.Random) -> Policy:
    name = chance.choice([action.name for action in policy.actions.values() if action.protects == "do"])
    rule = _above(policy, chance, lambda _: True)
    return _with(policy, rule, duties=(*rule.duties, Duty(name, policy.actions[name].by, "should")))


def _add_rule(policy: Policy, chance: random.Random) -> Policy:
    name = chance.choice([info.spec.name for info in policy.facts if info.spec.type == "boolean"])
    outcome = chance.randrange(1, len(policy.outcomes))
    rule = PolicyRule("kscmp/seeded", "kscmp", "Seeded", "b", ("KENT-REF-4",), Test(name, "is", chance.choice((True, False))), outcome=outcome)
    return replace(policy, rules=(*policy.rules, rule))


def _raise_unsettled(policy: Policy, chance: random.Random) -> Policy | None:
    higher = range(policy.when_unsettled.outcome + 1, len(policy.outcomes))
    return replace(policy, when_unsettled=replace(policy.when_unsettled, outcome=chance.choice(higher)))


def _shorten(policy: Policy, chance: random.Random) -> Policy:
    rule = _above(policy, chance, lambda one: any(duty.deadline is not None for duty in one.duties))
    duty = chance.choice([one for one in rule.duties if one.deadline is not None])
    return _replaced(policy, rule, duty, replace(duty, deadline=parse_deadline("immediately")))


def _several(policy: Policy, chance: random.Random) -> Policy:
    for change in (_raise_outcome, _strengthen_duty, _add_duty):
        policy = change(policy, chance)
    return policy


STRENGTHENINGS: tuple[Change, ...] = (_raise_outcome, _strengthen_duty, _add_duty, _add_rule, _raise_unsettled, _shorten, _several)
