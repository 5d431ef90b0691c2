"""Duties of a case over time: open, due, done, overdue, waived.

Comes in: what policy asks now and asked before, and what was done. Goes out: one `CaseDuty` a duty. Promised: a duty's clock `known` starts when what
gives rise to the duty was known, not when the case was opened; nothing here reads a clock. What is due `immediately` is called overdue after
`IMMEDIATELY`: guidance gives no number, so this is a setting of the library and not policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safeguarding_rules.casework.events import Decided, DutyDone, DutyReopened, DutyWaived, Event, HeadteacherAgreed, ReviewSet
from safeguarding_rules.casework.record import DutyState
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.parts import ActionAdvice
from safeguarding_rules.language.deadlines import due, parse_deadline

IMMEDIATELY = timedelta(hours=1)
Key = tuple[str, str]  # action, by
Closing = DutyDone | DutyWaived | ReviewSet | HeadteacherAgreed | Decided
"""What ends a duty: a word that it is done or will not be, or the event that does what it asks for."""
ORDER: Mapping[DutyState, int] = {"overdue": 0, "due": 1, "open": 2, "done": 3, "waived": 4}


@dataclass(frozen=True, slots=True)
class Spell:
    """A time during which a duty stands without a gap; `before` is when the spell before it ended."""

    since: datetime
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseDuty:
    """A duty of the case: what policy asks (`advice`, None where it does not ask any more) and how it stands."""

    action: str
    by: str
    title: str
    state: DutyState
    advice: ActionAdvice | None = None
    since: datetime | None = None
    due: datetime | None = None
    closed_by: Closing | None = None
    against: ActionAdvice | None = None
    """The advice not to do it, where it was done all the same."""
    earlier: Closing | None = None
    """What ended it before it lapsed and arose anew, which does not count for it now."""

    @property
    def outstanding(self) -> bool:
        """Whether it is still to be done."""
        return self.state in ("open", "due", "overdue")


def asked(decision: Decision) -> set[Key]:
    """The duties to do something that apply or are presumed, with at least a `should`."""
    slots = decision.program.slots
    chosen = (entry for entry in decision.verdict.entries if entry.status != "depends" and entry.strength > 1)
    return {(slots[entry.slot].action, slots[entry.slot].by) for entry in chosen if not slots[entry.slot].forbids}


def spells(timeline: Sequence[tuple[datetime, Decision]]) -> dict[Key, Spell]:
    """For each duty that stands at the end of a timeline of decisions, since when."""
    found: dict[Key, Spell] = {}
    ended: dict[Key, datetime] = {}
    standing: set[Key] = set()
    for moment, decision in timeline:
        now = asked(decision)
        for key in standing - now:
            ended[key] = moment
            del found[key]
        for key in now - standing:
            found[key] = Spell(moment, ended.get(key))
        standing = now
    return found


def duties_at(  # noqa: PLR0913, PLR0917  all of it decides how a duty stands
    decision: Decision, since: Mapping[Key, Spell], events: Iterable[Event], clocks: Mapping[str, datetime], now: datetime, patience: timedelta
) -> tuple[CaseDuty, ...]:
    """Every duty as it stands at `now`: the overdue first, then by due time."""
    closings = _closings(events, since, now)
    found = []
    for advice in decision.actions:
        key = (advice.action, advice.by)
        if key in since and not advice.modality.endswith("_not") and advice.modality != "may" and advice.status != "depends":
            found.append(_standing(advice, since[key], closings.pop(key, None), clocks, now, patience))
    found += [_lapsed(decision, key, closing) for key, closing in closings.items()]
    return tuple(sorted(found, key=lambda one: (ORDER[one.state], one.due is None, one.due or now)))


def _closings(events: Iterable[Event], standing: Iterable[Key], now: datetime) -> dict[Key, Closing]:
    """What was last said of each duty by `now`, unless it was taken up again."""
    found: dict[Key, Closing] = {}
    keys = tuple(standing)
    for event in events:
        if event.known_at > now:
            continue
        for action in _does(event):
            found |= {key: event for key in keys if key[0] == action}  # type: ignore[misc]
        if isinstance(event, DutyDone | DutyWaived):
            found[event.action, event.by] = event
        elif isinstance(event, DutyReopened):
            found.pop((event.action, event.by), None)
    return found


def _does(event: Event) -> tuple[str, ...]:
    """The actions that an event is by itself."""
    match event:
        case ReviewSet():
            return ("set_review_date",)
        case Decided():
            return ("record_decision_and_reasons",)
        case HeadteacherAgreed(agreed=True):
            return ("consult_headteacher", "obtain_headteacher_signoff")
        case HeadteacherAgreed():
            return ("consult_headteacher",)
        case _:
            return ()


def _standing(  # noqa: PLR0913, PLR0917  all of it decides how a duty stands
    advice: ActionAdvice,
    spell: Spell,
    closing: Closing | None,
    clocks: Mapping[str, datetime],
    now: datetime,
    patience: timedelta,
) -> CaseDuty:
    # What was done before the duty lapsed does not count for the duty that arose anew.
    counts = closing is not None and (spell.before is None or closing.known_at >= spell.before)
    starts = {"known": spell.since, **clocks}
    times = []
    for one in advice.deadlines:
        if one.from_ in starts:
            moment = due(parse_deadline(one.within), starts[one.from_])
            times.append((moment, moment + patience if one.within == "immediately" else moment))
    first = min(times, default=None)
    state: DutyState
    if closing is not None and counts:
        state = "waived" if isinstance(closing, DutyWaived) else "done"
    elif first is None:
        state = "open"
    else:
        state = "overdue" if min(late for _, late in times) < now else "due"
    counted, earlier = (closing, None) if counts else (None, closing)
    falls_due = None if first is None else first[0]
    return CaseDuty(advice.action, advice.by, advice.title, state, advice, spell.since, falls_due, counted, earlier=earlier)


def _lapsed(decision: Decision, key: Key, closing: Closing) -> CaseDuty:
    info = decision.program.policy.actions.get(key[0])
    state: DutyState = "waived" if isinstance(closing, DutyWaived) else "done"
    against = forbidden(decision, key) if state == "done" else None
    return CaseDuty(key[0], key[1], key[0] if info is None else info.title, state, closed_by=closing, against=against)


def forbidden(decision: Decision, key: Key) -> ActionAdvice | None:
    """The advice not to take an action; None where there is none, or it hangs on what is not known."""
    told = (one for one in decision.actions if (one.action, one.by) == key and one.status != "depends")
    return next((one for one in told if one.modality.endswith("_not")), None)
