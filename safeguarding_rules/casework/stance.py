"""What the lead and the headteacher said of the advice, and whether it still holds for the advice as it is now.

Comes in: the events of a case, the outcomes advised since each. Goes out: a `Stance`. Promised: a departure stands only against the advice it was
made from; once anything else was advised it has lapsed, for good, and must be made again or taken back. What the headteacher agreed to does not count
once the advice has risen above what it was then (docs/decisions/0038-a-departure-is-from-one-advice.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework import record as rec
from safeguarding_rules.casework.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Stance:
    """How the lead and the headteacher stand to the advice: a departure that stands, one that lapsed, and what the headteacher said last."""

    departure: rec.Departure | None = None
    lapsed: ev.OverrideRecorded | None = None
    said: ev.HeadteacherAgreed | None = None
    outgrown: bool = False

    def outcome(self, advised: str) -> str:
        """What is decided: the advice, or what the lead departs to."""
        return advised if self.departure is None else self.departure.outcome


def stance_at(events: Sequence[ev.Event], timeline: Timeline, now: datetime) -> Stance:
    """The stance at the end of the events."""
    index, away = _last(events, lambda one: isinstance(one, ev.OverrideRecorded | ev.OverrideEnded))
    place, said = _last(events, lambda one: isinstance(one, ev.HeadteacherAgreed))
    outgrown = False
    if isinstance(said, ev.HeadteacherAgreed):
        then = timeline.decide(events[: place + 1], said.recorded_at).outcome
        scale = [one.name for one in timeline.decide(events, now).program.policy.outcomes]
        outgrown = any(_rank(scale, one) > _rank(scale, then) for one in timeline.advised_since(events, place, now) - {then})
    else:
        said = None
    if not isinstance(away, ev.OverrideRecorded):
        return Stance(None, None, said, outgrown)
    if timeline.advised_since(events, index, now) != {away.advised}:
        return Stance(None, away, said, outgrown)
    return Stance(departure_of(away), None, said, outgrown)


def departure_of(event: ev.OverrideRecorded) -> rec.Departure:
    """A departure as records have it."""
    return rec.Departure(advised=event.advised, outcome=event.outcome, reason=event.reason, text=event.text, who=event.who, at=event.known_at)


def _last(events: Sequence[ev.Event], wanted: Callable[[ev.Event], bool]) -> tuple[int, ev.Event | None]:
    for i in reversed(range(len(events))):
        if wanted(events[i]):
            return i, events[i]
    return -1, None


def _rank(scale: Sequence[str], outcome: str) -> int:
    """The place on the scale; what is not on it any more counts as above all."""
    return scale.index(outcome) if outcome in scale else len(scale)
