"""What every check over all cases works on."""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.linking.findings import Findings
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.linking.rules import RuleTable
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.sums import Sum


@dataclass(frozen=True, slots=True)
class WholeSpace:
    """What every check over all cases needs: the Policy, its space, its rules as sums, where things stand, and where findings go."""

    policy: Policy
    space: Space
    sums: dict[str, Sum]
    table: RuleTable
    findings: Findings
