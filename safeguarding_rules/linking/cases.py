"""The space of cases of a Policy: the bridge from rules to `worlds`."""

from __future__ import annotations

from collections.abc import Iterable

from safeguarding_rules.language.conditions import All, Condition, Not
from safeguarding_rules.linking.policy import Policy, PolicyRule
from safeguarding_rules.worlds.build import build_space
from safeguarding_rules.worlds.space import Space


def holds_of(rule: PolicyRule) -> Condition:
    """`given` and `when` and not `unless`, as one condition."""
    members: list[Condition] = [rule.when]
    if rule.given is not None:
        members.insert(0, rule.given)
    if rule.unless is not None:
        members.append(Not(rule.unless))
    return members[0] if len(members) == 1 else All(tuple(members))


def space_of(policy: Policy, beyond: Iterable[Condition] = ()) -> Space:
    """The space in which no condition of the policy, and none of `beyond`, splits a cell.

    Raises TooManyTermsError for a constraint too intricate to write out.
    """
    weighted = [(holds_of(rule), 1 + (rule.outcome or 0) ** 2) for rule in policy.rules]
    weighted += [(entry.when, 0) for entries in policy.routes.values() for entry in entries if entry.when is not None]
    weighted += [(condition, 0) for condition in beyond]
    return build_space([info.spec for info in policy.facts], [(i.condition, i.consequence) for i in policy.implications], weighted)
