from __future__ import annotations

from datetime import date

import pytest

from safeguarding_rules.diagnostics import Span
from safeguarding_rules.reading import Pack, pack_from_data
from safeguarding_rules.testing.cases import cases_of, default_day
from tests.packs.pipeline import GOOD

CASES = """
starting_points:
  quiet: {adult_involved: false, age: 15}
cases:
  plain: {title: Plain, facts: {age: 3}, expect: {outcome: refer}, follows_from: [MIN-3]}
  started: {title: L, start_from: quiet, on: 2024-05-05, facts: {age: null, origin: made_by_child}, expect: {outcome: review}, follows_from: [MIN-2]}
"""


def _pack(in_force: str = "{from: 2024-01-01}") -> Pack:
    files: dict[str, object] = {path.relative_to(GOOD / "minimal").as_posix(): path.read_text() for path in (GOOD / "minimal").rglob("*.*")}
    files["pack.yaml"] = str(files["pack.yaml"]).replace("{from: 2024-01-01}", in_force)
    return pack_from_data({**files, "cases/cases.yaml": CASES}, "minimal")


def test_facts_are_put_together_from_the_starting_point() -> None:
    plain, started = cases_of(_pack(), date(2026, 1, 1))
    assert plain.facts == {"age": 3}
    assert started.facts == {"adult_involved": False, "origin": "made_by_child"}
    assert (plain.id, str(plain.place)) == ("minimal@2024.1/cases/cases/plain", "minimal/cases/cases.yaml:5:3")


def test_a_case_contains_what_stands_in_it() -> None:
    plain, started = cases_of(_pack(), date(2026, 1, 1))
    assert plain.contains(Span("minimal/cases/cases.yaml", 5, 40, 5, 41))
    assert not started.contains(Span("minimal/cases/cases.yaml", 5, 40, 5, 41))
    assert not plain.contains(Span("minimal/rules/referral.yaml", 5, 40, 5, 41))
    assert not plain.contains(None)


@pytest.mark.parametrize(
    ("in_force", "today", "expected"),
    [
        ("{from: 2024-01-01}", "2023-06-01", "2024-01-01"),
        ("{from: 2024-01-01}", "2026-06-01", "2026-06-01"),
        ("{from: 2024-01-01, until: 2025-01-01}", "2024-06-01", "2024-06-01"),
        ("{from: 2024-01-01, until: 2025-01-01}", "2026-06-01", "2024-12-31"),
    ],
)
def test_the_day_of_a_case_that_names_none(in_force: str, today: str, expected: str) -> None:
    assert default_day(_pack(in_force), date.fromisoformat(today)) == date.fromisoformat(expected)


def test_the_day_that_a_case_names_counts() -> None:
    plain, started = cases_of(_pack(), date(2026, 1, 1))
    assert (plain.on, started.on) == (date(2026, 1, 1), date(2024, 5, 5))
