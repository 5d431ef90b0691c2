"""What a journal teaches: how often each outcome and rule, each departure from the advice, each duty that was late, each question nobody answered.

Comes in: entries of a journal, only their parts without personal values. Goes out: numbers of cases. Promised: no case, time of day, text or
combination of facts; a number below the smallest allowed is not shown, nor one that would give it away, over all tables (comparing/suppression.py). A
case counts once in a row, however often it was decided, because what is protected are children and not decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from safeguarding_rules.comparing.suppression import tables_shown
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

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The table and the name of each row that the case counts in."""
        for table, names in (("rules", self.rules), ("overdue", self.overdue), ("unanswered", self.questions)):
            yield from ((table, name) for name in names)
        yield from (("overrides", *one) for one in self.overrides)


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
    outcomes, rows = _counted(decided)
    shown = tables_shown(outcomes, rows, smallest)
    if shown is None:
        return JournalReport(since=since, until=until, smallest=smallest, cases=None, outcomes=(), rules=(), overrides=(), overdue=(), unanswered=())

    def table(name: str) -> dict[tuple[str, ...], int | None]:
        return {key[1:]: number for key, number in sorted(shown[1].items()) if key[0] == name}

    return JournalReport(
        since=since,
        until=until,
        smallest=smallest,
        cases=len(decided),
        outcomes=tuple(Row(name=name, cases=number) for name, number in sorted(shown[0].items())),
        rules=_rows(table("rules")),
        overrides=tuple(OverrideRow(rule=rule, reason=reason, cases=number) for (rule, reason), number in table("overrides").items()),
        overdue=_rows(table("overdue")),
        unanswered=_rows(table("unanswered")),
    )


def _counted(decided: Iterable[_Case]) -> tuple[dict[str, int], dict[tuple[str, ...], int]]:
    """The cases of each outcome, and of each row by its table and name: a bit for each case."""
    outcomes: defaultdict[str, list[int]] = defaultdict(list)
    rows: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, case in enumerate(decided):
        outcomes[case.outcome].append(place)
        for key in case.rows():
            rows[key].append(place)
    return {name: _bits(places) for name, places in outcomes.items()}, {key: _bits(places) for key, places in rows.items()}


def _bits(places: Sequence[int]) -> int:
    found = bytearray(places[-1] // 8 + 1)
    for place in places:
        found[place // 8] |= 1 << place % 8
    return int.from_bytes(found, "little")


def _take(case: _Case, kind: str, data: Mapping[str, Any]) -> None:
    if kind == "decided":
        case.outcome = str(data["outcome"])
        case.rules = frozenset(data["rules"])
        case.questions = frozenset(data["questions"])
        case.overdue.update(data["overdue"])
    else:
        case.overrides.update((rule, str(data["reason"])) for rule in data["rules"] or ("(no rule)",))


def _rows(shown: Mapping[tuple[str, ...], int | None]) -> tuple[Row, ...]:
    return tuple(Row(name=name, cases=number) for (name,), number in shown.items())
