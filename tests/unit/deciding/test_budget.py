"""The node budget: shipped packs never reach it, and get nowhere near it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from benchmarks.cases import complete_cases, forgetful
from safeguarding_rules import Engine
from safeguarding_rules.worlds.space import Space

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9, 0.97)
NODES = 400
"""A fiftieth of the budget of one search."""


@pytest.mark.parametrize(("pack", "on"), [("kscmp", date(2026, 11, 22)), ("ukcis", date(2026, 11, 22)), ("ukcis@2020.12", date(2021, 5, 5))])
def test_searches_of_shipped_packs_end_far_below_the_budget(pack: str, on: date, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine.load(pack, on=on)
    whole = Space.find
    spent: list[int] = []

    def counted(self: Space, box: int, forbidding: Sequence[int] = (), budget: int = NODES) -> int:
        spent.append(1)
        return whole(self, box, forbidding, min(budget, NODES))

    monkeypatch.setattr(Space, "find", counted)
    cases = complete_cases(engine.program, 60, seed=3)
    for share in SHARES:
        for facts in forgetful(cases, share, seed=int(share * 100)):
            assert engine.decide(facts).exact
    assert len(spent) > 300
