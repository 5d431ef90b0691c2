"""Clocks are refused whole where one is misspelt, naive or no moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from safeguarding_rules import Engine, FactsError

MOMENT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("kscmp", on=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("clocks", "words"),
    [
        ({"knwon": MOMENT}, "did you mean `known`?"),
        ({"known": MOMENT.replace(tzinfo=None)}, "no time zone"),
        ({"known": "2026-11-20T16:30"}, "not a date and time"),
        ({"known": date(2026, 11, 20)}, "not a date and time"),
        ({"known": datetime.max.replace(tzinfo=UTC)}, "9999"),
        ([MOMENT], "not a mapping"),
    ],
)
def test_bad_clocks_are_refused(engine: Engine, clocks: Any, words: str) -> None:
    with pytest.raises(FactsError) as caught:
        engine.decide({"adult_involved": True}, clocks=clocks)
    assert [finding.code for finding in caught.value.diagnostics] == ["SR808"]
    assert words in str(caught.value)


def test_bad_clocks_and_bad_facts_are_refused_together(engine: Engine) -> None:
    with pytest.raises(FactsError) as refused:
        engine.decide({"adult_involved": 1, "adult_involvd": True}, clocks={"known": datetime(2024, 6, 3)})  # noqa: DTZ001
    assert [one.code for one in refused.value.diagnostics] == ["SR802", "SR803", "SR808"]


def test_a_clock_gives_due_times(engine: Engine) -> None:
    decision = engine.decide({"adult_involved": True}, clocks={"known": MOMENT})
    police = next(action for action in decision.actions if action.action == "refer_to_police")
    assert police.deadlines[0].due == "2026-11-20T16:30:00+00:00"


def test_a_day_that_is_no_date_is_refused() -> None:
    with pytest.raises(TypeError, match="is a date"):
        Engine.load("kscmp", on="2026-11-22")  # type: ignore[arg-type]
