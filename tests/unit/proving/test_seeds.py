"""Seeded weakenings of a layer are caught, strengthenings raise no alarm: a few by default, so many each with `SAFEGUARDING_RULES_SEEDS=100`."""

from __future__ import annotations

import os

from tests.unit.proving.seeds import STRENGTHENINGS, WEAKENINGS, caught, shown, strengthened, weakened

NUMBER = int(os.environ.get("SAFEGUARDING_RULES_SEEDS", "0"))


def test_weakenings_are_caught() -> None:
    stacks = list(weakened(NUMBER or len(WEAKENINGS)))
    missed = [number for number, stack in enumerate(stacks) if not caught(stack)]
    assert not missed, [WEAKENINGS[number % len(WEAKENINGS)].__name__ for number in missed]
    assert sum(map(shown, stacks)) > len(stacks) // 2


def test_strengthenings_are_no_weakenings() -> None:
    called_weaker = [number for number, stack in enumerate(strengthened(NUMBER or len(STRENGTHENINGS))) if caught(stack)]
    assert not called_weaker, [STRENGTHENINGS[number % len(STRENGTHENINGS)].__name__ for number in called_weaker]
