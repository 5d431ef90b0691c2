"""Decides what is known of a case at any moment, whatever policy was or is in force then.

Comes in: an engine, the events of a case. Goes out: decisions, the moments at which one may differ from the one before, and what a policy does not
take. Promised: a fact or clock that the policy of a day does not take (a range that became narrower, a fact that is gone) is left out and named; it
never keeps a case from being decided. Keeps decisions for as long as it lives; reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from safeguarding_rules.casework.events import Event
from safeguarding_rules.casework.knowledge import known_facts, moments, started_clocks, values
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.engine import Engine
from safeguarding_rules.language.deadlines import LONDON

LeftOut = Mapping[str, str]
"""The facts and clocks that a policy does not take, each with why."""


class Timeline:
    """The decisions of one case over time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._decided: dict[Any, tuple[Decision, LeftOut]] = {}
        self._until: dict[date, date | None] = {}

    def decide(self, events: Sequence[Event], known_at: datetime, policy_on: date | None = None, recorded_by: datetime | None = None) -> Decision:
        """What policy says with what was known. Raises PackError where no policy is in force."""
        return self._at(events, known_at, policy_on, recorded_by)[0]

    def left_out(self, events: Sequence[Event], known_at: datetime, policy_on: date | None = None, recorded_by: datetime | None = None) -> LeftOut:
        """What was known and the policy does not take."""
        return self._at(events, known_at, policy_on, recorded_by)[1]

    def _at(self, events: Sequence[Event], known_at: datetime, policy_on: date | None, recorded_by: datetime | None) -> tuple[Decision, LeftOut]:
        facts = values(known_facts(events, known_at, recorded_by))
        clocks = started_clocks(events, known_at, recorded_by)
        day = policy_on or self._engine.on or _day(known_at)
        key = (repr(sorted(facts.items())), tuple(sorted(clocks.items())), day)
        if key not in self._decided:
            fixed = policy_on is None and self._engine.on is not None
            self._decided[key] = self._decide(facts, clocks, None if fixed else day)
        return self._decided[key]

    def _decide(self, facts: dict[str, object], clocks: dict[str, datetime], on: date | None) -> tuple[Decision, LeftOut]:
        try:
            return self._engine.decide(facts, clocks=clocks, on=on), {}
        except FactsError:
            left = {name: why for name in facts if (why := self.objection({name: facts[name]}, {}, on)) is not None}
            late = {name: why for name in clocks if (why := self.objection({}, {name: clocks[name]}, on)) is not None}
        taken = {name: value for name, value in facts.items() if name not in left}
        started = {name: start for name, start in clocks.items() if name not in late}
        return self._engine.decide(taken, clocks=started, on=on), {**left, **late}

    def objection(self, facts: Mapping[str, object], clocks: Mapping[str, datetime], on: date | None) -> str | None:
        """Why the policy of a day (None: the engine's) does not take facts or clocks; None if it does."""
        try:
            self._engine.decide(facts, clocks=clocks, on=on)
        except FactsError as error:
            return "; ".join(found.message for found in error.diagnostics)
        return None

    def moments(self, events: Sequence[Event], opened: Sequence[datetime], until: datetime) -> list[datetime]:
        """The moments up to `until` at which something became known, or another policy came into force, in order."""
        known = {*opened, *moments(events, until)}
        return sorted({*known, *(self.policy_changes(min(known), until) if known else ())})

    def policy_changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """The midnights, after `since` and up to `until`, at which another policy may come into force; none where the day is fixed."""
        if self._engine.on is not None:
            return
        day = self._end(_day(since))
        while day is not None and day <= _day(until):
            yield datetime.combine(day, time.min, LONDON).astimezone(UTC)
            day = self._end(day)

    def _end(self, day: date) -> date | None:
        """The first day on which the policy of a day may no longer be in force."""
        if day not in self._until:
            try:
                self._until[day] = self._engine.program_on(day).policy.valid_until
            except PackError:  # a day without policy: what was asked for before stands until somebody decides again
                self._until[day] = None
        return self._until[day]

    def advised_since(self, events: Sequence[Event], index: int, now: datetime) -> set[str]:
        """The outcomes advised from just after the event at `index` until `now`, by what was written down at each moment."""
        found = {self.decide(events, now).outcome}
        for i in range(index, len(events)):
            start = events[i].recorded_at
            end = events[i + 1].recorded_at if i + 1 < len(events) else now
            found |= {self.decide(events[: i + 1], moment).outcome for moment in (start, *self.policy_changes(start, end))}
        return found


def same_pack(opened: str, engine: Engine) -> bool:
    """Whether a case that was opened with a pack, by id or path, goes on with that of an engine. A folder of packs may have moved meanwhile."""
    if opened == engine.pack:
        return True
    top = engine.program.policy.packs[-1].id
    return all("/" in name or "\\" in name for name in (opened, engine.pack)) and top in opened.replace("\\", "/").split("/")


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
