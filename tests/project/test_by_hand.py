"""The contestant of the benchmarks that somebody would write by hand says what the packs say now."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benchmarks import by_hand_kscmp, write_by_hand
from benchmarks.cases import complete_cases
from safeguarding_rules import Engine, FactsError


def test_it_is_what_the_script_writes_now() -> None:
    assert write_by_hand.TARGET.read_text(encoding="utf-8") == write_by_hand.text(), "run python -m benchmarks.write_by_hand"


def test_it_decides_complete_cases_as_the_engine_does() -> None:
    engine = Engine.load("kscmp", on=write_by_hand.ON)
    outcomes = set()
    for case in complete_cases(engine.program, 300, seed=7):
        decision = engine.decide(case)
        outcome, rules = by_hand_kscmp.decide(case)
        assert (outcome, sorted(rules)) == (decision.outcome, sorted(rule.rule for rule in decision.rules.met))
        outcomes.add(outcome)
    assert len(outcomes) == 6


@pytest.mark.parametrize(
    "facts",
    [
        {"adult_involvd": True},
        {"adult_involved": 1},
        {"adult_involved": "true"},
        {"youngest_pictured_age": "14"},
        {"youngest_pictured_age": 14.0},
        {"youngest_pictured_age": True},
        {"youngest_pictured_age": 1000},
        {"imagery_origin": "elsewhere"},
        {"imagery_origin": 3},
        {"motivation": {"only": ["none"]}},
    ],
)
def test_it_refuses_what_the_engine_refuses(facts: dict[str, Any]) -> None:
    with pytest.raises(FactsError):
        Engine.load("kscmp", on=date(2026, 11, 22)).decide(facts)
    with pytest.raises(ValueError, match=str(next(iter(facts)))):
        by_hand_kscmp.decide(facts)
