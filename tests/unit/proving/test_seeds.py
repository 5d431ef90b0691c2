"""Seeded weakenings of a layer are caught, strengthenings raise no alarm: a few by default, so many each with `SAFEGUARDING_RULES_SEEDS=100`."""

from __future__ import annotations

import os

import pytest

from safeguarding_rules.proving.layers import layer_claims
from tests.unit.proving.seeds import STRENGTHENINGS, WEAKENINGS, caught, shown, strengthened, timed_above, weakened, without_deadline

NUMBER = int(os.environ.get("SAFEGUARDING_RULES_SEEDS", "0"))


def test_weakenings_are_caught() -> None:
    stacks = list(weakened(NUMBER or len(WEAKENINGS)))
    missed = [number for number, stack in enumerate(stacks) if not caught(stack)]
    assert not missed, [WEAKENINGS[number % len(WEAKENINGS)].__name__ for number in missed]
    assert sum(map(shown, stacks)) > len(stacks) // 2


def test_strengthenings_are_no_weakenings() -> None:
    called_weaker = [number for number, stack in enumerate(strengthened(NUMBER or len(STRENGTHENINGS))) if caught(stack)]
    assert not called_weaker, [STRENGTHENINGS[number % len(STRENGTHENINGS)].__name__ for number in called_weaker]


@pytest.mark.parametrize(("action", "by"), timed_above())
def test_a_deadline_that_is_gone_is_shown_by_a_case(action: str, by: str) -> None:
    claim = next(one for one in layer_claims(without_deadline(action, by)) if one.name == "guarantee-3-duties")
    assert claim.state == "refuted"
    assert claim.witness is not None
    assert f" {action}` a deadline without the layer, and with it there is none as soon" in claim.reason
