from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from safeguarding_rules.casework.journal import Draft, Journal
from safeguarding_rules.casework.journal.entry import Entry
from safeguarding_rules.casework.plots import plots
from safeguarding_rules.casework.report import report
from safeguarding_rules.comparing.suppression import parts_shown, rows_shown
from tests.unit.casework.journals import ticking
from tests.unit.cli.command import Command


def decided(case: str, outcome: str, *, rules: tuple[str, ...] = (), questions: tuple[str, ...] = (), overdue: tuple[str, ...] = ()) -> Draft:
    return Draft("decided", {"outcome": outcome, "rules": list(rules), "questions": list(questions), "overdue": list(overdue)}, case)


def overridden(case: str, rule: str, reason: str) -> Draft:
    return Draft("override_recorded", {"rules": [rule], "reason": reason}, case, {"text": "Why."})


def entries(drafts: Iterable[Draft], at: str = "2026-11-02T09:00:00Z") -> list[Entry]:
    return [Entry(i, one.case, i, one.kind, at, json.dumps({"data": one.data}), "", "") for i, one in enumerate(drafts, start=1)]


def many(first: int, number: int, outcome: str, **more: Any) -> list[Draft]:
    return [decided(f"case-{i}", outcome, **more) for i in range(first, first + number)]


def shown(rows: Iterable[Any]) -> dict[str, int | None]:
    return {row.name: row.cases for row in rows}


SCHOOL = [
    *many(0, 20, "review", rules=("ukcis/a", "ukcis/b"), questions=("adult_involved",)),
    *many(20, 9, "refer", rules=("ukcis/a",), overdue=("set_review_date",)),
    *many(29, 3, "emergency", rules=("ukcis/c",)),
    *(overridden(f"case-{i}", "ukcis/a", "local_procedure") for i in range(6)),
    overridden("case-1", "ukcis/a", "local_procedure"),
    overridden("case-8", "ukcis/b", "other"),
]


def test_numbers_are_of_cases_and_small_ones_are_not_shown() -> None:
    found = report(entries(SCHOOL))
    assert found.cases == 32
    assert shown(found.outcomes) == {"review": 20, "refer": None, "emergency": None}  # one alone would follow from the total
    assert shown(found.rules) == {"ukcis/a": None, "ukcis/b": 20, "ukcis/c": None}  # 29 of 32 leaves three
    assert shown(found.unanswered) == {"adult_involved": 20}
    assert shown(found.overdue) == {"set_review_date": None}  # who knows that only `refer` has it would know of 9 cases there, and of 3 emergencies
    assert [(row.rule, row.reason, row.cases) for row in found.overrides] == [
        ("ukcis/a", "local_procedure", 6),  # seven entries, six cases
        ("ukcis/b", "other", None),
    ]


def test_the_latest_decision_of_a_case_counts() -> None:
    first = many(0, 12, "review", overdue=("set_review_date",))
    found = report(entries([*first, *many(0, 6, "refer")]))
    assert shown(found.outcomes) == {"review": 6, "refer": 6}
    assert shown(found.overdue) == {"set_review_date": 12}


def test_a_period_is_of_days_in_london() -> None:
    drafts = entries(many(0, 6, "review"), "2026-06-30T23:30:00Z")  # 1 July in London
    assert report(drafts, since=date(2026, 7, 1)).cases == 6
    assert report(drafts, until=date(2026, 7, 1)).cases is None
    assert report(drafts, since=date(2026, 7, 2)).cases is None


def test_too_few_cases_say_nothing() -> None:
    found = report(entries(many(0, 4, "review", rules=("ukcis/a",))))
    assert (found.cases, found.outcomes, found.rules) == (None, (), ())
    with pytest.raises(ValueError, match="at least 2"):
        report([], smallest=1)


@pytest.mark.parametrize("smallest", [2, 3, 5])
def test_nobody_can_work_out_a_hidden_part_from_all_that_is_shown(smallest: int) -> None:
    """Every table of up to four parts: each hidden part may be no small number, for whoever takes what is shown from the total."""
    for parts in (1, 2, 3, 4):
        for numbers in itertools.product(range(1, 8 if parts > 3 else 12), repeat=parts):
            found = parts_shown({str(i): number for i, number in enumerate(numbers)}, smallest)
            if found is None:
                continue
            assert not any(number is not None and number < smallest for number in found.values())
            assert any(number < smallest for number in numbers) or None not in found.values()  # nothing is hidden without need
            hidden = [name for name, number in found.items() if number is None]
            left = sum(numbers) - sum(number for number in found.values() if number is not None)
            fitting = [one for one in itertools.product(range(1, left + 1), repeat=len(hidden)) if sum(one) == left]
            assert not hidden or all(len({one[i] for one in fitting}) > 1 for i in range(len(hidden)))
            assert not hidden or all(max(one[i] for one in fitting) >= smallest for i in range(len(hidden)))


def test_a_small_rest_is_hidden_as_a_small_number_is() -> None:
    assert rows_shown({"a": 4, "b": 5, "c": 20, "d": 16, "e": 15, "f": 0}, 5, 20) == {"a": None, "b": 5, "c": 20, "d": None, "e": 15, "f": 0}


def test_a_plot_draws_no_hidden_number() -> None:
    drawn = dict(plots(report(entries(SCHOOL))))
    assert set(drawn) == {"outcomes.svg", "rules.svg", "overrides.svg", "overdue.svg", "unanswered.svg"}
    for content in drawn.values():
        assert ET.fromstring(content).tag.endswith("svg")  # noqa: S314  our own
    assert dict(plots(report(entries(SCHOOL)))).keys() == drawn.keys()


def test_the_command_prints_text_json_and_plots(command: Command) -> None:
    with Journal.create("journal.db", clock=ticking(datetime(2026, 11, 2, tzinfo=UTC))) as journal:
        journal.append(SCHOOL)
        journal.erase("case-1", "end of retention")
    text = command("journal", "report", "journal.db").out
    assert "32 cases with a decision" in text
    assert "\n     20  review\n" in text or "   20  review\n" in text
    assert "…  emergency" in text
    assert "case-" not in text
    outcome = command("journal", "report", "journal.db", "--format", "json", "--from", "2026-11-01", "--until", "2026-12-01", "--plots", "plots")
    assert json.loads(outcome.out)["cases"] == 32
    assert (command.folder / "plots" / "outcomes.svg").is_file()
    assert command("journal", "report", "journal.db", "--smallest", "1").code == 2
