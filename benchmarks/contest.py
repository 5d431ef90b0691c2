"""Contests: the same work done by several contestants in one run, equal answers asserted first, medians and ratios afterwards.

Comes in: contests, each a list of named contestants. Goes out: results as data. Promised: nothing is timed before every contestant has given the
answers of the first one; rounds take turns, so that what disturbs the machine disturbs all alike. Nothing here is a test: times depend on the
machine, ratios much less.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

CLOCKS: dict[str, Callable[[], float]] = {"processor": time.process_time, "wall": time.perf_counter}
SHORTEST = 0.02
"""Seconds that one timing takes at least: quick work is repeated until it does, and divided."""


class UnequalError(AssertionError):
    """Two contestants gave different answers, so comparing their times means nothing."""


@dataclass(frozen=True)
class Contestant:
    """One way of doing the work.

    `work` does all of it once and is what is timed; `units` is how many decisions, rows or calls that is. `answers` gives what it comes to, one
    answer a unit, in the form all contestants share; None: the contest says why there is nothing to compare. A slow contestant may do fewer units:
    its answers are compared with as many of the first one's. `note` stands in the table.
    """

    name: str
    work: Callable[[], Any]
    units: int
    answers: Callable[[], Sequence[Any]] | None = None
    note: str = ""


@dataclass(frozen=True)
class Goal:
    """A ratio to reach: the median of the quickest of `of`, divided by that of `to`; without `to`, how many units a second it does."""

    text: str
    of: tuple[str, ...]
    to: str = ""
    at_most: float | None = None
    at_least: float | None = None


@dataclass(frozen=True)
class Contest:
    """Contestants side by side. Ratios are taken to `base`. `clock`: processor time for work on one core, wall time for work on several."""

    name: str
    title: str
    unit: str
    base: str
    contestants: Sequence[Contestant]
    goals: Sequence[Goal] = ()
    clock: Literal["processor", "wall"] = "processor"
    rounds: int = 7


@dataclass(frozen=True)
class Measured:
    """A contestant measured: microseconds per unit (median, lowest and highest round), the ratio to the base, units a second.

    `processor`: microseconds of processor time per unit, of all cores together; `processor_ratio` the same to the base.
    """

    name: str
    median: float
    lowest: float
    highest: float
    ratio: float
    processor: float
    processor_ratio: float
    rate: float
    units: int
    compared: int
    note: str


@dataclass(frozen=True)
class Reached:
    """A goal and the ratio that was measured."""

    text: str
    ratio: float
    goal: float
    met: bool


@dataclass(frozen=True)
class Result:
    """A contest that was run."""

    name: str
    title: str
    unit: str
    base: str
    clock: str
    measured: tuple[Measured, ...]
    goals: tuple[Reached, ...]

    def data(self) -> dict[str, Any]:
        """The result as plain data, times rounded to what they are worth."""
        return {key: _rounded(value) for key, value in asdict(self).items()}


def run(contest: Contest) -> Result:
    """Compare answers, then measure. Raises UnequalError."""
    compared = compare(contest)
    clock = CLOCKS[contest.clock]
    repeats = {one.name: _repeats(one, clock) for one in contest.contestants}
    taken: dict[str, list[float]] = {one.name: [] for one in contest.contestants}
    spent: dict[str, list[float]] = {one.name: [] for one in contest.contestants}
    for _ in range(contest.rounds):
        for one in contest.contestants:
            gc.collect()
            start, started = clock(), time.process_time()
            for _ in range(repeats[one.name]):
                one.work()
            worked = repeats[one.name] * one.units / 1e6
            taken[one.name].append((clock() - start) / worked)
            spent[one.name].append((time.process_time() - started) / worked)
    medians, processor = ({name: statistics.median(times) for name, times in several.items()} for several in (taken, spent))
    measured = tuple(
        Measured(
            one.name,
            medians[one.name],
            min(taken[one.name]),
            max(taken[one.name]),
            medians[one.name] / medians[contest.base],
            processor[one.name],
            processor[one.name] / processor[contest.base],
            1e6 / medians[one.name],
            one.units,
            compared[one.name],
            one.note,
        )
        for one in contest.contestants
    )
    reached = tuple(_reached(goal, medians) for goal in contest.goals)
    return Result(contest.name, contest.title, contest.unit, contest.base, contest.clock, measured, reached)


def compare(contest: Contest) -> dict[str, int]:
    """How many answers of each contestant were compared with those of the first that gives any. Raises UnequalError where they differ."""
    expected: Sequence[Any] = ()
    leader = ""
    counts = {}
    for one in contest.contestants:
        found = one.answers() if one.answers is not None else ()
        if not leader and len(found):
            expected, leader = found, one.name
        for number, (answer, wanted) in enumerate(zip(found, expected, strict=False)):
            if answer != wanted:
                raise UnequalError(f"{contest.name}, unit {number}: {one.name} says {answer!r}, {leader} says {wanted!r}")
        if len(found) > len(expected) or (one.answers is not None and len(found) < min(one.units, len(expected))):
            raise UnequalError(f"{contest.name}: {one.name} gives {len(found)} answers, {leader} {len(expected)}")
        counts[one.name] = len(found)
    return counts


def _repeats(one: Contestant, clock: Callable[[], float]) -> int:
    start = clock()
    one.work()
    spent = clock() - start
    return max(1, min(1000, int(SHORTEST / spent) if spent > 0 else 1000))


def _reached(goal: Goal, medians: dict[str, float]) -> Reached:
    best = min(medians[name] for name in goal.of)
    ratio = best / medians[goal.to] if goal.to else 1e6 / best
    if goal.at_most is not None:
        return Reached(goal.text, ratio, goal.at_most, ratio <= goal.at_most)
    assert goal.at_least is not None  # noqa: S101  a goal says one of both
    return Reached(goal.text, ratio, goal.at_least, ratio >= goal.at_least)


def _rounded(value: Any) -> Any:  # noqa: ANN401  any plain data
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
