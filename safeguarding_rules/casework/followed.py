"""What is so of a case: known, advised, decided, due, done, missing, and what it was at any time. Reads; writes nothing.

Comes in: an engine, the events of a case, a clock. Goes out: decisions, duties, records, what is missing. Promised: the events are the only state;
the compiled engine's answer always stands; no clock is read but the one that was passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework.duties import CaseDuty, duties_at, spells
from safeguarding_rules.casework.history import history_of
from safeguarding_rules.casework.knowledge import started_clocks
from safeguarding_rules.casework.making import zoned
from safeguarding_rules.casework.record import Agreement, DecisionRecord, Departure, MissingItem, RecordedEvent, RecordedFact, Review
from safeguarding_rules.casework.recording import Situation, agreement_of, facts_of, missing_items, review_of
from safeguarding_rules.casework.stance import Stance, stance_at
from safeguarding_rules.casework.timeline import LeftOut, Timeline
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.engine import Engine


class FollowedCase:
    """A case as it stands. `LiveCase` is one that can be written to."""

    def __init__(self, engine: Engine, case: str, events: Sequence[ev.Event], clock: Callable[[], datetime], patience: timedelta) -> None:
        self.engine = engine
        self.id = case
        self._clock = clock
        self._patience = patience
        self._events: list[ev.Event] = list(events)
        self._timeline = Timeline(engine)
        self._behind = timedelta(0)  # how much earlier the clock was, when last read, than the last event

    @property
    def events(self) -> Sequence[ev.Event]:
        """The events, in the order in which they were recorded."""
        return tuple(self._events)

    @property
    def is_open(self) -> bool:
        """Whether the case was opened and is not closed."""
        turns = [one for one in self._events if isinstance(one, ev.CaseOpened | ev.CaseClosed | ev.CaseReopened)]
        return bool(turns) and not isinstance(turns[-1], ev.CaseClosed)

    @property
    def decision(self) -> Decision:
        """What policy says now, with all that is known."""
        return self._decide(self._now())

    @property
    def records(self) -> tuple[DecisionRecord, ...]:
        """The decision records made, in order. They never change."""
        return tuple(one.record for one in self._events if isinstance(one, ev.Decided))

    @property
    def departure(self) -> Departure | None:
        """What was decided instead of the advice; None where the advice is followed, or has changed since."""
        return self._stance(self._now()).departure

    @property
    def review(self) -> Review | None:
        """The review that was set last, and whether it was held; None where none was set."""
        return review_of(self._events)

    @property
    def agreement(self) -> Agreement:
        """Whether the headteacher's agreement is needed now, and what was said."""
        now = self._now()
        return agreement_of(self._decide(now), self._stance(now))

    @property
    def known(self) -> tuple[RecordedFact, ...]:
        """What is known now, each with its question, its answer in words, since when, from where, and who wrote it down."""
        now = self._now()
        return tuple(facts_of(self._events, self._decide(now), now))

    def history(self) -> tuple[RecordedEvent, ...]:
        """Everything that was written down of the case, in that order, in words."""
        return tuple(history_of(self._events, self.decision.program.policy, notes=True))

    @property
    def left_out(self) -> LeftOut:
        """The facts and clocks that the policy in force does not take, each with why: they are no part of the decision."""
        return self._timeline.left_out(self._events, self._now())

    def duties(self, at: datetime | None = None) -> tuple[CaseDuty, ...]:
        """Every duty as it stands now, or at a moment; the overdue first. Raises CaseError for a time without a zone."""
        now = self._now() if at is None else zoned("at", at)
        opened = [one.known_at for one in self._events if isinstance(one, ev.CaseOpened)]
        timeline = [(moment, self._decide(moment)) for moment in self._timeline.moments(self._events, opened, now)]
        decision = self._decide(now)
        since = spells([*timeline, (now, decision)])
        return duties_at(decision, since, self._events, started_clocks(self._events, now), now, self._patience)

    def missing(self) -> tuple[MissingItem, ...]:
        """What guidance asks to be written down before the case may be closed, and is not there yet."""
        return self._missing(self._now())

    def _missing(self, now: datetime) -> tuple[MissingItem, ...]:
        return missing_items(self._situation(self._events, now))

    def _situation(self, events: Sequence[ev.Event], now: datetime) -> Situation:
        left_out = self._timeline.left_out(self._events, now)
        return Situation(events, self._decide(now), self.duties(now), now, self._stance(now), left_out)

    def _stance(self, now: datetime) -> Stance:
        return stance_at(self._events, self._timeline, now)

    def decision_as_of(self, *, known_at: datetime | None = None, policy_on: date | None = None, recorded_by: datetime | None = None) -> Decision:
        """What policy said, or says, with what was known.

        `known_at`: with what was known then (default: now). `policy_on`: by the policy in force on that day (default: the day of `known_at`, or the
        day that the engine is fixed on). `recorded_by`: only with what was written down by then (default: all, so that what was known that afternoon
        and written down in the evening counts). Raises CaseError for a time without a zone, PackError where no policy is in force.
        """
        for name, moment in (("known_at", known_at), ("recorded_by", recorded_by)):
            if moment is not None:
                zoned(name, moment)
        return self._decide(known_at or self._now(), policy_on, recorded_by)

    def _decide(self, known_at: datetime, policy_on: date | None = None, recorded_by: datetime | None = None) -> Decision:
        return self._timeline.decide(self._events, known_at, policy_on, recorded_by)

    def _now(self) -> datetime:
        now = self._clock()
        zoned("clock", now)
        # Another machine's clock may be ahead: what it wrote down is known, and nothing is written down before it.
        last = self._events[-1].recorded_at if self._events else now
        self._behind = last - now
        return max(now.astimezone(UTC), last.astimezone(UTC))
