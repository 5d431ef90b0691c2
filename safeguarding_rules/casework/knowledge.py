"""What is known of a case at a moment: the two clocks.

Comes in: the events of a case. Goes out: for each fact the event that speaks for it, at a time of knowing and a time of recording. Promised: the
one rule of docs/decisions/0030-two-clocks.md and nothing else: of the events known by then and recorded by then, the latest known speaks; of
several known at the same moment, the latest recorded. What only says again what is known leaves it known since the first. Must not know: policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from safeguarding_rules.casework.events import ClockStarted, Event, FactCorrected, FactLearnt, FactWithdrawn

FactEvent = FactLearnt | FactCorrected


def known_facts(events: Iterable[Event], known_at: datetime, recorded_by: datetime | None = None) -> dict[str, FactEvent]:
    """The events that speak for the facts known at `known_at`, from what was recorded by `recorded_by` (None: all)."""
    seen = [
        event
        for event in events
        if isinstance(event, FactLearnt | FactCorrected | FactWithdrawn)
        and event.known_at <= known_at
        and (recorded_by is None or event.recorded_at <= recorded_by)
    ]
    latest: dict[str, FactEvent | FactWithdrawn] = {}
    for event in sorted(seen, key=lambda one: one.known_at):
        earlier = latest.get(event.fact)
        latest[event.fact] = event if earlier is None else _again(earlier, event)
    return {fact: event for fact, event in sorted(latest.items()) if not isinstance(event, FactWithdrawn) and event.value is not None}


def _again(earlier: FactEvent | FactWithdrawn, event: FactEvent | FactWithdrawn) -> FactEvent | FactWithdrawn:
    """Which of two events about a fact speaks: the later, but where it says the same again, the first, with the source that was named last."""
    if isinstance(earlier, FactWithdrawn) or isinstance(event, FactWithdrawn) or earlier.value != event.value:
        return event
    return earlier if not event.source else earlier.model_copy(update={"source": event.source})


def values(known: dict[str, FactEvent]) -> dict[str, object]:
    """The facts as `Engine.decide` takes them."""
    return {fact: event.value for fact, event in known.items()}


def started_clocks(events: Iterable[Event], known_at: datetime, recorded_by: datetime | None = None) -> dict[str, datetime]:
    """The clocks of deadlines that had started, by the same rule."""
    latest: dict[str, ClockStarted] = {}
    for event in events:
        if not isinstance(event, ClockStarted) or event.known_at > known_at or (recorded_by is not None and event.recorded_at > recorded_by):
            continue
        if event.clock not in latest or event.known_at >= latest[event.clock].known_at:
            latest[event.clock] = event
    return {name: event.started_at for name, event in latest.items() if event.started_at is not None}


def moments(events: Iterable[Event], until: datetime) -> list[datetime]:
    """The moments up to `until` at which something about the facts became known, in order."""
    kinds = (FactLearnt, FactCorrected, FactWithdrawn, ClockStarted)
    return sorted({event.known_at for event in events if isinstance(event, kinds) and event.known_at <= until})
