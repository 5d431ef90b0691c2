"""The space of cases of a Policy: the bridge from rules to `worlds`."""

from __future__ import annotations

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


def space_of(policy: Policy) -> Space:
    """The space in which no condition of the policy splits a cell. Raises TooManyTermsError for a constraint too intricate to write out."""
    weighted = [(holds_of(rule), 1 + (rule.outcome or 0) ** 2) for rule in policy.rules]
    weighted += [(entry.when, 0) for entries in policy.routes.values() for entry in entries if entry.when is not None]
    return build_space([info.spec for info in policy.facts], [(i.condition, i.consequence) for i in policy.implications], weighted)
