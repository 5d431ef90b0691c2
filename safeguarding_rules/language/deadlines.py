"""Deadlines: what `within` may say, which of two is earlier from every starting moment, and when one is due.

Comes in: the text of `within` and, to compute a due time, the moment its clock started. Goes out: a `Deadline` and a due time in London.
Promised: month arithmetic clamps to the end of the month and says so here; nothing reads a clock. Source: language.md, "Time".
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from safeguarding_rules.frozen import frozen

LONDON = ZoneInfo("Europe/London")
_WORKING = re.compile(r"([1-9]\d{0,2}) working days?")
_ISO = re.compile(
    r"P(?=\d|T\d)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
Kind = Literal["immediately", "same_day", "working_days", "duration"]


@frozen
class Deadline:
    """A span of time a duty is due within; `months`, `days` and `seconds` are used by durations, `days` also by working days."""

    text: str
    kind: Kind
    months: int = 0
    days: int = 0
    seconds: int = 0


def parse_deadline(text: str) -> Deadline:
    """Read `immediately`, `same_day`, `2 working days` or an ISO 8601 duration. Raises ValueError naming what is allowed."""
    if text == "immediately":
        return Deadline(text, "immediately")
    if text == "same_day":
        return Deadline(text, "same_day")
    if found := _WORKING.fullmatch(text):
        return Deadline(text, "working_days", days=int(found[1]))
    if found := _ISO.fullmatch(text):
        part = {name: int(value or 0) for name, value in found.groupdict().items()}
        return Deadline(
            text,
            "duration",
            months=12 * part["years"] + part["months"],
            days=7 * part["weeks"] + part["days"],
            seconds=3600 * part["hours"] + 60 * part["minutes"] + part["seconds"],
        )
    raise ValueError("write `immediately`, `same_day`, `1 working day`, or an ISO 8601 duration such as `PT24H`")


def never_later(first: Deadline, second: Deadline) -> bool:  # noqa: PLR0911  one line a pair of kinds
    """Whether `first` is due no later than `second` from every starting moment. False also where that cannot be shown."""
    if first.text == second.text or first.kind == "immediately":
        return True
    if second.kind == "immediately":
        return first.kind == "duration" and (first.months, first.days, first.seconds) == (0, 0, 0)
    if first.kind == "same_day":
        return second.kind == "working_days" or (second.kind == "duration" and (second.months > 0 or second.days > 0))
    if first.kind == "working_days":
        return second.kind == "working_days" and first.days <= second.days
    if second.kind == "working_days":
        # The N-th working day ends at least N whole days after the start of the day the clock started on.
        return first.months == 0 and 86400 * first.days + first.seconds <= 86400 * second.days
    if second.kind == "same_day":
        return (first.months, first.days, first.seconds) == (0, 0, 0)
    return _longest(first) <= _shortest(second) or (first.months <= second.months and first.days <= second.days and first.seconds <= second.seconds)


def _longest(deadline: Deadline) -> int:
    return (31 * deadline.months + deadline.days) * 86400 + 3600 * bool(deadline.months or deadline.days) + deadline.seconds


def _shortest(deadline: Deadline) -> int:
    days = 28 * deadline.months + deadline.days
    return days * 86400 - 3600 * bool(days) + deadline.seconds


def due(deadline: Deadline, start: datetime) -> datetime:
    """When a duty is due whose clock started at `start` (an aware datetime), in London. Raises ValueError for a naive datetime."""
    if start.tzinfo is None:
        raise ValueError("a clock's start needs a time zone")
    local = start.astimezone(LONDON)
    match deadline.kind:
        case "immediately":
            return local
        case "same_day":
            return _end_of(local.date())
        case "working_days":
            return _end_of(_working_day_after(local.date(), deadline.days))
        case "duration":
            moved = datetime.combine(_add_months(local.date(), deadline.months) + timedelta(days=deadline.days), local.timetz())
            return (moved.astimezone(ZoneInfo("UTC")) + timedelta(seconds=deadline.seconds)).astimezone(LONDON)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON)


def _add_months(day: date, months: int) -> date:
    from calendar import monthrange  # noqa: PLC0415  slow to load, and few deadlines count in months

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _working_day_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in _bank_holidays(day.year):  # noqa: PLR2004  Saturday is 5
            count -= 1
    return day


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415  only a due time in working days needs the calendar

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
