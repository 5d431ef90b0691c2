"""What can only be seen over all cases: constraints nobody can satisfy, rules that never hold, duties that conflict.

Comes in: a Policy whose names are resolved. Goes out: findings, each with a case. Cost: linear in rules, but for conflicts (see `opposed`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from safeguarding_rules.linking.cases import holds_of, space_of
from safeguarding_rules.linking.facts import FactTable
from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.linking.opposed import check_conflicts
from safeguarding_rules.linking.overruled import check_overruled
from safeguarding_rules.linking.policy import ImplicationInfo, Policy
from safeguarding_rules.linking.rules import RuleTable
from safeguarding_rules.linking.tables import check_tables
from safeguarding_rules.linking.whole import WholeSpace
from safeguarding_rules.reading.pack import Pack
from safeguarding_rules.worlds.space import BudgetExceededError, Space
from safeguarding_rules.worlds.sums import Sum, sum_in
from safeguarding_rules.worlds.terms import TooManyTermsError


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
        check_conflicts(whole)
        check_overruled(whole, [pack.id for pack in packs])
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
