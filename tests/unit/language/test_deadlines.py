"""Deadlines: which is earlier from every starting moment, and when one is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding_rules.language.deadlines import LONDON, Deadline, due, never_later, parse_deadline

TEXTS = [
    "immediately", "same_day", "1 working day", "2 working days", "5 working days", "PT0S", "PT1H", "PT23H", "PT24H", "PT25H", "PT48H", "PT49H",
    "P1D", "P2D", "P3D", "P7D", "P1W", "P28D", "P27D", "P29D", "P31D", "P32D", "P1M", "P2M", "P59D", "P62D", "P63D", "P1Y", "P366D", "P365D",
    "P367D", "P1DT12H", "P1MT1S", "P1M1D", "P1M3D", "PT600H", "P30D", "P0D",
]  # fmt: skip
EDGES = """
2024-03-30T23:59:59 2024-03-31T00:30 2024-03-31T02:00 2024-10-26T23:59:59 2024-10-27T00:00 2024-10-27T01:30 2025-03-29T23:30 2024-10-26T01:30
2024-03-30T01:30 2024-02-29T12:00 2024-01-31T23:59:59 2024-01-30T00:00 2023-12-31T23:59:59 2024-12-24T23:59:59 2024-12-25T00:00 2024-03-28T23:59:59
2024-03-29T00:00 2022-06-01T12:00 2024-05-03T23:59:59
"""


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def due_text(within: str, start: str) -> str:
    return due(parse_deadline(within), london(start)).isoformat()


# --------------------------------------------------------------------------------------------------------------- never later


def starts(rnd: Random) -> list[datetime]:
    """Moments at which clocks are changed, months are short, days end and holidays begin, and some at random."""
    twice = [london("2024-10-27T01:30").replace(fold=1)]
    some = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=rnd.randrange(4 * 366 * 86400)) for _ in range(60)]
    return [*map(london, EDGES.split()), *twice, *some]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_never_later_is_never_later_from_any_moment(text: str) -> None:
    first = parse_deadline(text)
    moments = starts(Random(text))
    for other in TEXTS:
        second = parse_deadline(other)
        if never_later(first, second):
            late = [start.isoformat() for start in moments if due(first, start) > due(second, start)]
            assert late == [], f"{text} after {other}"


@settings(max_examples=300)
@given(st.data())
def test_durations_of_any_parts_are_compared_soundly(data: st.DataObject) -> None:
    parts = st.tuples(st.integers(0, 3), st.integers(0, 70), st.sampled_from([0, 1, 3599, 3600, 82800, 86400, 90000, 172800]))
    first, second = (Deadline(name, "duration", *data.draw(parts)) for name in ("first", "second"))
    if never_later(first, second):
        for start in starts(Random(0)):
            assert due(first, start) <= due(second, start), start


SHOWN = """
immediately <= same_day; immediately <= PT1S; same_day <= 1 working day; same_day <= P1D; same_day <= P1M; PT0S <= immediately; P0D <= same_day
1 working day <= 2 working days; P1D <= 1 working day; PT24H <= 1 working day; PT48H <= P3D; P27D <= P1M; P1M <= P32D; P2M <= P63D; P1M <= P2M
P1M1D <= P1M3D; PT23H <= P1D; P7D <= P1W; P1W <= P7D
"""
LATER = """
same_day <= immediately; same_day <= PT23H; same_day <= PT24H; PT1S <= same_day; 1 working day <= same_day; PT24H <= P1D; P1D <= PT24H
1 working day <= P1D; 2 working days <= 1 working day; P31D <= P1M; P1M <= P30D; P29D <= P1M; P1M <= P28D; P2D <= 1 working day
PT25H <= 1 working day; 5 working days <= P7D; P1M <= PT600H; P1M <= 20 working days
"""


@pytest.mark.parametrize(("pairs", "shown"), [(SHOWN, True), (LATER, False)])
def test_what_can_be_shown_to_be_never_later(pairs: str, shown: bool) -> None:
    for pair in pairs.strip().replace("\n", "; ").split("; "):
        first, second = pair.split(" <= ")
        assert never_later(parse_deadline(first), parse_deadline(second)) == shown, pair


# ----------------------------------------------------------------------------------------------------------------------- due


@pytest.mark.parametrize(
    ("within", "start", "expected"),
    [
        ("immediately", "2024-06-03T10:00", "2024-06-03T10:00:00+01:00"),
        ("same_day", "2024-06-03T10:00", "2024-06-03T23:59:59+01:00"),
        ("same_day", "2024-01-03T00:00", "2024-01-03T23:59:59+00:00"),
        ("1 working day", "2024-06-03T10:00", "2024-06-04T23:59:59+01:00"),
        ("1 working day", "2024-06-07T17:00", "2024-06-10T23:59:59+01:00"),  # a Friday
        ("1 working day", "2024-06-08T10:00", "2024-06-10T23:59:59+01:00"),  # a Saturday
        ("2 working days", "2024-03-28T10:00", "2024-04-03T23:59:59+01:00"),  # over Good Friday, Easter Monday and the change of clocks
        ("1 working day", "2024-12-24T10:00", "2024-12-27T23:59:59+00:00"),
        ("1 working day", "2021-12-24T10:00", "2021-12-29T23:59:59+00:00"),  # both holidays on a weekend, made up for on Monday and Tuesday
        ("1 working day", "2023-12-29T10:00", "2024-01-02T23:59:59+00:00"),  # the second of January is a holiday in Scotland only
        ("1 working day", "2022-09-16T10:00", "2022-09-20T23:59:59+01:00"),  # a holiday proclaimed once
        ("PT24H", "2024-03-30T12:00", "2024-03-31T13:00:00+01:00"),  # hours are exact
        ("P1D", "2024-03-30T12:00", "2024-03-31T12:00:00+01:00"),  # days are days on the wall
        ("PT24H", "2024-10-26T12:00", "2024-10-27T11:00:00+00:00"),
        ("P1D", "2024-10-26T12:00", "2024-10-27T12:00:00+00:00"),
        ("P1D", "2024-03-30T01:30", "2024-03-31T02:30:00+01:00"),  # half past one was skipped
        ("P1M", "2024-01-31T09:00", "2024-02-29T09:00:00+00:00"),
        ("P1M", "2023-01-31T09:00", "2023-02-28T09:00:00+00:00"),
        ("P1Y", "2024-02-29T09:00", "2025-02-28T09:00:00+00:00"),
        ("P1M1D", "2024-01-31T09:00", "2024-03-01T09:00:00+00:00"),  # first the months, then the days
        ("P1Y2M1W3DT4H5M6S", "2024-01-01T00:00", "2025-03-11T04:05:06+00:00"),
        ("P13M", "2023-12-31T09:00", "2025-01-31T09:00:00+00:00"),
    ],
)
def test_when_a_duty_is_due(within: str, start: str, expected: str) -> None:
    assert due_text(within, start) == expected


def test_a_clock_may_start_in_any_time_zone() -> None:
    start = datetime.fromisoformat("2024-06-03T23:30:00+00:00")  # half past midnight in London
    assert due(parse_deadline("same_day"), start).isoformat() == "2024-06-04T23:59:59+01:00"
    assert due(parse_deadline("immediately"), start).isoformat() == "2024-06-04T00:30:00+01:00"


def test_the_second_of_two_equal_times_is_an_hour_later() -> None:
    first, second = (london("2024-10-27T01:30").replace(fold=fold) for fold in (0, 1))
    one, other = (due(parse_deadline("PT2H"), start) for start in (first, second))
    assert one.isoformat() == "2024-10-27T02:30:00+00:00"
    assert other.isoformat() == "2024-10-27T03:30:00+00:00"


def test_a_start_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(parse_deadline("same_day"), datetime(2024, 6, 3, 10, 0))  # noqa: DTZ001


# ----------------------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 working day", (0, 1, 0)), ("12 working days", (0, 12, 0)), ("P2W", (0, 14, 0)), ("P1Y6M", (18, 0, 0)), ("P1DT1H1M1S", (0, 1, 3661)),
        ("PT90M", (0, 0, 5400)), ("same_day", (0, 0, 0)),
    ],
)  # fmt: skip
def test_the_parts_of_a_deadline(text: str, expected: tuple[int, int, int]) -> None:
    deadline = parse_deadline(text)
    assert (deadline.months, deadline.days, deadline.seconds) == expected
    assert deadline.text == text


REFUSED = ["", "soon", "P", "PT", "P1DT", "0 working days", "-1 working days", "1 days", "P-1D", "p1d", "P1.5D", "PT24H\n", "P1D1M", "24h"]


@pytest.mark.parametrize("text", REFUSED)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="same_day"):
        parse_deadline(text)
