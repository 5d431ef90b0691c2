"""What a journal teaches: how often each outcome and rule, each departure from the advice, each duty that was late, each question nobody answered.

Comes in: entries of a journal, only their parts without personal values. Goes out: numbers of cases. Promised: no case, time of day, text or
combination of facts; a number below the smallest allowed is not shown, nor one that would give it away (comparing/suppression.py). A case counts once
in a row, however often it was decided, because what is protected are children and not decisions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from safeguarding_rules.comparing.suppression import parts_shown, rows_shown
from safeguarding_rules.language.deadlines import LONDON

if TYPE_CHECKING:
    from safeguarding_rules.casework.journal.entry import Entry

KINDS = ("decided", "override_recorded")
"""The entries that are counted."""


class ReportPart(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Row(ReportPart):
    """One line: what is counted, and the number of cases; null where it is not shown."""

    name: str
    cases: int | None


class OverrideRow(ReportPart):
    """Departures from the advice of a rule for a reason."""

    rule: str
    reason: str
    cases: int | None


class JournalReport(ReportPart):
    """The report. Rows are ordered by name, because an order by number would say what is not shown."""

    schema_: Literal["journal-report/1"] = Field(default="journal-report/1", alias="schema")
    since: date | None = Field(description="The first day counted.")
    until: date | None = Field(description="The first day no longer counted.")
    smallest: int = Field(description="Numbers below this one are not shown.")
    cases: int | None = Field(description="Cases with a decision; null where there are too few to say anything.")
    outcomes: tuple[Row, ...] = Field(description="Cases by the outcome of their latest decision; every case is in one row.")
    rules: tuple[Row, ...] = Field(description="Cases in which a rule was met or presumed in the latest decision.")
    overrides: tuple[OverrideRow, ...] = Field(description="Cases in which the lead departed from the advice, by rule and reason.")
    overdue: tuple[Row, ...] = Field(description="Cases in which an action was overdue at any decision.")
    unanswered: tuple[Row, ...] = Field(description="Cases whose latest decision still asked for a fact.")


@dataclass
class _Case:
    outcome: str = ""
    rules: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    overdue: set[str] = field(default_factory=set)
    overrides: set[tuple[str, str]] = field(default_factory=set)


def report(entries: Iterable[Entry], *, since: date | None = None, until: date | None = None, smallest: int = 5) -> JournalReport:
    """Count the cases of a period, by the day in London on which a decision was recorded. Raises ValueError for `smallest` below 2."""
    if smallest < 2:  # noqa: PLR2004
        raise ValueError("numbers below 2 cannot be left out: `smallest` is at least 2")
    cases: dict[str, _Case] = {}
    for entry in entries:
        on = datetime.fromisoformat(entry.at).astimezone(LONDON).date()
        if entry.kind in KINDS and (since is None or since <= on) and (until is None or on < until):
            _take(cases.setdefault(entry.case, _Case()), entry.kind, entry.data)
    decided = [case for case in cases.values() if case.outcome]
    total = len(decided)
    outcomes = parts_shown(Counter(case.outcome for case in decided), smallest)
    if outcomes is None:
        return JournalReport(since=since, until=until, smallest=smallest, cases=None, outcomes=(), rules=(), overrides=(), overdue=(), unanswered=())
    by_rule = Counter(rule for case in decided for rule in case.rules)
    overrides = Counter(one for case in decided for one in case.overrides)
    shown = {(rule, reason): rows_shown({"": number}, smallest, total, by_rule.get(rule, total))[""] for (rule, reason), number in overrides.items()}
    return JournalReport(
        since=since,
        until=until,
        smallest=smallest,
        cases=total,
        outcomes=_rows(outcomes),
        rules=_rows(rows_shown(by_rule, smallest, total)),
        overrides=tuple(OverrideRow(rule=rule, reason=reason, cases=number) for (rule, reason), number in sorted(shown.items())),
        overdue=_rows(rows_shown(Counter(action for case in decided for action in case.overdue), smallest, total)),
        unanswered=_rows(rows_shown(Counter(fact for case in decided for fact in case.questions), smallest, total)),
    )


def _take(case: _Case, kind: str, data: Mapping[str, Any]) -> None:
    if kind == "decided":
        case.outcome = str(data["outcome"])
        case.rules = frozenset(data["rules"])
        case.questions = frozenset(data["questions"])
        case.overdue.update(data["overdue"])
    else:
        case.overrides.update((rule, str(data["reason"])) for rule in data["rules"] or ("(no rule)",))


def _rows(shown: Mapping[str, int | None]) -> tuple[Row, ...]:
    return tuple(Row(name=name, cases=number) for name, number in sorted(shown.items()))
