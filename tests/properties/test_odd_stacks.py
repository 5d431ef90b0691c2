"""Stacks of shapes that the strategies draw seldom: every check on a few of them, from fixed seeds; `odd_search.py` looks at more of them.

In the long profile fifty times as many are checked.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from itertools import islice

import pytest
from hypothesis import settings

from safeguarding_rules import Engine
from tests.properties.odd_analyses import ANALYSES, conflicting_stack, conflicts
from tests.properties.odd_checks import CHECKS, Odd
from tests.properties.odd_places import PLACES
from tests.properties.odd_stacks import Stack, odd_stacks
from tests.reference.cases import complete_cases

FEW = 1 if settings().max_examples < 1000 else 50
COUNTS = {"orders": 3, "kept": 4, "differences": 3, "unlike": 6, "live_cases": 5, "never_counting": 5, "rows": 8, "layers": 12, "days": 5}
NEEDS = {"rows": ("polars", "narwhals", "pyarrow"), "live_cases": ("durable.engine",)}
USUAL = 18


@cache
def drawn(count: int) -> list[tuple[int, Stack, Engine]]:
    """The first odd stacks."""
    return list(islice(odd_stacks(1), count))


@pytest.mark.parametrize("name", [*CHECKS, *ANALYSES, *PLACES])
def test_odd_stacks(name: str) -> None:
    for needed in NEEDS.get(name, ()):
        pytest.importorskip(needed, exc_type=ImportError)
    for seed, stack, engine in drawn(USUAL * FEW)[: COUNTS.get(name, USUAL) * FEW]:
        (CHECKS | ANALYSES | PLACES)[name](Odd(seed, stack, engine, random.Random(f"{seed} {name}")))


def test_a_conflict_is_found_exactly_where_something_known_brings_it() -> None:
    found = Counter(conflicts(conflicting_stack(seed)) for seed in range(1, 61 * FEW))
    assert found["conflict"] >= 12 * FEW
    assert found["none"] >= 20 * FEW


def test_the_stacks_are_odd() -> None:
    counts: Counter[str] = Counter()
    for _, stack, engine in drawn(2 * USUAL):
        policy, space = complete_cases(stack)[0], engine.program.space
        tied = [fact for fact in policy.facts.values() if fact.applies_when is not None]
        counts.update(
            {
                "two outcomes": len(policy.scale) == 2,
                "eight outcomes": len(policy.scale) == 8,
                "three layers": len(stack) == 3,
                "no rule": not policy.rules,
                "constraints of three literals": space.wide,
                "constraints that the lowest case can miss": bool(space.loose),
                "chains of ties": len(tied) > 2,
                "masks": bool(policy.masked),
                "both directions": bool(engine.program.pieces.opposed),
                "several standing duties": len(policy.standing) > 3,
            }
        )
    assert min(counts.values()) > 0, counts
