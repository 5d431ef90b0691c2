"""Stacks to prove, from plain data."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from safeguarding_rules import pack_from_data
from safeguarding_rules.linking.link import check, link
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.run import Task, work
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.work import Stack

DAY = date(2024, 1, 1)
TODAY = date(2026, 11, 22)


def stack_of(data: list[dict[str, Any]], *, limits: Limits | None = None, today: date = TODAY, opinion: bool = False) -> Stack:
    """Link a stack of plain data for proving; raises PackError."""
    packs = [pack_from_data(pack) for pack in data]
    policy, found = check(packs, DAY, thorough=True)
    policy = policy if policy is not None else link(packs, DAY)
    above = link(packs[:-1], DAY) if len(packs) > 1 else None
    return Stack(packs, policy, above, DAY, today, ((DAY, None),), found, limits or Limits(), opinion)


def with_invariants(data: list[dict[str, Any]], invariants: dict[str, Any]) -> list[dict[str, Any]]:
    """The stack with invariants in its lowest pack."""
    changed = copy.copy(data)
    changed[-1] = {**data[-1], "invariants.yaml": {"invariants": invariants}}
    return changed


def claims_of(stack: Stack) -> dict[str, Claim]:
    """Every claim about a stack by name."""
    from safeguarding_rules.proving.run import prove  # noqa: PLC0415  keeps the module light

    return {claim.name: claim for claim in prove([stack]).stacks[0].claims}


def invariant_claims(stack: Stack) -> dict[str, Claim]:
    """The claims of the invariants of a stack only."""
    return {name: work([stack], Task(0, "invariant", i))[0] for i, (_, name, _) in enumerate(stack.invariants)}
