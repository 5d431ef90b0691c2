"""What one call of a live case brought, and the second engine that may object to it.

Comes in: events recorded, the decisions before and after. Goes out: a `CaseStep`, its sentences. Promised: what must not be overlooked stands in the
sentences: a departure that lapsed, what policy does not take, an objection. Must not know: stores, clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework.changes import Change, change
from safeguarding_rules.casework.moments import day_words
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import Diagnostic
from safeguarding_rules.language.deadlines import LONDON


class SecondEngine(Protocol):
    """Another engine that follows the case and must come to the same (see `casework.durable`)."""

    def follow(self, decision: Decision) -> str | None:
        """Decide the same facts; what differs from the decision, or None."""

    def close(self) -> None:
        """Forget the case."""


@dataclass(frozen=True)
class CaseStep:
    """What one call brought: the events recorded, the decision now and before, what changed, and what a second engine objected."""

    events: tuple[ev.Event, ...]
    decision: Decision
    before: Decision
    reopened: bool = False
    problem: Diagnostic | None = None
    warnings: tuple[str, ...] = ()

    @cached_property
    def change(self) -> Change:
        """What changed, and why. Put side by side when it is looked at: most of what an event costs are the questions of both decisions."""
        return change(self.before, self.decision)

    @property
    def lines(self) -> tuple[str, ...]:
        """What happened, in words: what was written down, the headline, then duties and questions."""
        again = ("The case is open again: something new was recorded.",) if self.reopened else ()
        problem = (*self.warnings, *(() if self.problem is None else (f"WARNING {self.problem}",)))
        if isinstance(self.events[0], ev.CaseOpened):
            return (*again, f"opened: policy advises {self.decision.outcome}.", *problem)
        return (*again, *_written(self.events[0], self.decision), self.change.headline, *self.change.details, *problem)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def _written(event: ev.Event, decision: Decision) -> Iterator[str]:
    """What was written down, where the change of the decision does not say it."""
    match event:
        case ev.DutyDone() | ev.DutyWaived() | ev.DutyReopened():
            info = decision.program.policy.actions.get(event.action)
            state = {"duty_done": "Done", "duty_waived": "Will not be done", "duty_reopened": "To be done after all"}[event.event]
            yield f"{state}: {event.action if info is None else info.title}."
        case ev.ClockStarted(clock=clock, started_at=started):
            yield f"The clock `{clock}` {'did not start' if started is None else f'started on {_day(started)}'}."
        case ev.ReviewSet(on=day):
            yield f"The case is to be looked at again on {day_words(day)}."
        case ev.ReviewHeld():
            yield "The review was held."
        case ev.HeadteacherAgreed(agreed=agreed, outcome=outcome):
            yield f"The headteacher {'agrees' if agreed else 'does not agree'} to `{outcome}`."
        case ev.OverrideRecorded(advised=advised, outcome=outcome):
            yield f"Decided instead of `{advised}`: `{outcome}`. The advice stands beside it."
        case ev.OverrideEnded():
            yield "The advice is followed again."
        case ev.NoteAdded():
            yield "The note is written down."
        case ev.CaseReopened():
            yield "The case is open again."
        case _:
            return


def _day(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{day_words(local)} at {local:%H:%M}"
