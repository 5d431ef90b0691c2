"""A live case: facts arrive, are corrected and withdrawn; after each event the case is decided again and says what changed and why.

Comes in: an engine, the id of a case, a store of events, a clock. Goes out: steps, decisions, duties, records. Promised: the events are the only
state; an old record never changes; the compiled engine's answer always stands; no clock is read but the one that was passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework.duties import IMMEDIATELY
from safeguarding_rules.casework.followed import FollowedCase
from safeguarding_rules.casework.knowledge import known_facts, started_clocks
from safeguarding_rules.casework.making import case_id, given, known_otherwise, made, refused, said, writer, zoned
from safeguarding_rules.casework.noticing import Around, noticed
from safeguarding_rules.casework.record import DecisionRecord, NoteTopic, OverrideReason, WaiverReason
from safeguarding_rules.casework.recording import decided_event, record_of
from safeguarding_rules.casework.step import CaseStep, SecondEngine
from safeguarding_rules.casework.store import CaseStore, MemoryStore
from safeguarding_rules.casework.timeline import same_pack
from safeguarding_rules.deciding.decide import clocks_of
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import CaseError, Diagnostic, FactsError, PackError, suggest
from safeguarding_rules.engine import Engine
from safeguarding_rules.language.deadlines import LONDON

_OF_FACTS = (ev.FactLearnt, ev.FactCorrected, ev.FactWithdrawn, ev.ClockStarted)
_NEW_INFORMATION = (*_OF_FACTS, ev.DutyReopened)
_SINCE = (ev.CaseOpened, *_OF_FACTS)  # duties are due since then


class LiveCase(FollowedCase):
    """One case over time. Made by `open_case`."""

    def __init__(  # noqa: PLR0913  made only by `open_case`
        self,
        engine: Engine,
        case: str,
        *,
        store: CaseStore,
        clock: Callable[[], datetime],
        second: SecondEngine | None = None,
        patience: timedelta = IMMEDIATELY,
    ) -> None:
        super().__init__(engine, case_id(case), store.events(case), clock, patience)
        self._store = store
        self._second = second
        self._require_pack()
        self.problem: Diagnostic | None = None
        self.warnings: tuple[str, ...] = ()
        """What the last call warned of; its step says the same."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_engine()

    def close_engine(self) -> None:
        """Let a second engine forget the case."""
        if self._second is not None:
            self._second.close()

    # -- facts ----------------------------------------------------------------------------------------------------------------------

    def open(self, concern: str = "", *, who: str, known_at: datetime | None = None) -> CaseStep:
        """Write down a concern. Raises CaseError if the case is there already, and for an id that looks like another one."""
        if self._events:
            raise refused("SR905", "the case was opened before", "use another id, or go on with the case")
        if self.id != self.id.strip() or not self.id.isprintable():  # two such cases would be taken for one, and what is written lie in either
            raise refused("SR924", "the id of the case has a space at an end, or a character that does not show", "give it a number without meaning")
        return self._add(made(ev.CaseOpened, {**self._times(known_at, who), "pack": self.engine.pack, "concern": concern}))

    def learn(self, fact: str, value: Any, *, who: str, source: str = "", known_at: datetime | None = None) -> CaseStep:  # noqa: ANN401  a fact's value
        """A fact is known. Raises FactsError for a value that cannot be, CaseError for None and where something else is known of it."""
        given(value)
        times = self._times(known_at, who)
        known = known_facts(self._events, times["known_at"]).get(fact)
        event = made(ev.FactLearnt, {**times, "fact": fact, "value": value, "source": source})
        if known is not None and known.value != value:
            self._check(event, times["recorded_at"])  # a value that cannot be is said first: to correct it would not help
            raise CaseError([known_otherwise(known)])
        return self._add(event)

    def learn_all(self, facts: Mapping[str, Any], *, who: str, source: str = "", known_at: datetime | None = None) -> CaseStep:
        """Several facts are known, such as the answers of an interview: all of them are written down, or none. None stands for not known.

        Raises FactsError for values that cannot be, CaseError where something else is known of a fact or nothing is said of any.
        """
        times = self._times(known_at, who)
        self.engine.decide(facts, on=self._day_of(times["recorded_at"]))  # a name misspelt beside None, too
        told = {fact: value for fact, value in facts.items() if value is not None}
        known = known_facts(self._events, times["known_at"])
        otherwise = [known_otherwise(known[fact]) for fact, value in told.items() if fact in known and known[fact].value != value]
        if otherwise:
            raise CaseError(otherwise)
        if not told:
            raise refused("SR924", "nothing is said of any fact", "give at least one that is known")
        return self._add(*(made(ev.FactLearnt, {**times, "fact": fact, "value": value, "source": source}) for fact, value in told.items()))

    def correct(  # noqa: PLR0913  all of it is written down
        self,
        fact: str,
        value: Any,  # noqa: ANN401  a fact's value
        *,
        who: str,
        source: str = "",
        known_at: datetime | None = None,
        text: str = "",
    ) -> CaseStep:
        """Something else is known of a fact from `known_at` on (now); with the time of what was written down wrongly, it takes its place."""
        given(value)
        times = self._times(known_at, who)
        self._require_known(fact, times["known_at"])
        return self._add(made(ev.FactCorrected, {**times, "fact": fact, "value": value, "source": source, "text": text}))

    def withdraw(self, fact: str, *, who: str, source: str = "", known_at: datetime | None = None, text: str = "") -> CaseStep:
        """Nothing is known of a fact any more, from `known_at` on (now)."""
        times = self._times(known_at, who)
        self._require_known(fact, times["known_at"])
        return self._add(made(ev.FactWithdrawn, {**times, "fact": fact, "source": source, "text": text}))

    def start_clock(self, clock: str, started_at: datetime | None, *, who: str, known_at: datetime | None = None) -> CaseStep:
        """The clock of a deadline started; None takes the start back.

        Raises FactsError for a clock that no deadline counts from, CaseError for a start that is still to come: it would put a duty off unseen.
        """
        times = self._times(known_at, who)
        named = clocks_of(self._decide(times["recorded_at"]).program.policy)
        if clock not in named and (started_at is not None or clock not in started_clocks(self._events, times["known_at"])):
            hint = suggest(str(clock), named) or f"one of: {', '.join(sorted(named))}"
            raise FactsError([Diagnostic("SR808", "error", "no deadline counts from this clock", help=hint)])
        event = made(ev.ClockStarted, {**times, "clock": clock, "started_at": started_at})
        if event.started_at is not None and event.started_at > event.recorded_at:
            raise refused("SR901", f"{event.started_at.isoformat()} is still to come", "give the time at which the clock started")
        return self._add(event)

    def _require_known(self, fact: str, at: datetime) -> None:
        if fact not in known_facts(self._events, at):
            near = suggest(fact, known_facts(self._events, at)) or "say `learn`, or give the time at which it was known"
            raise refused("SR903", f"nothing is known of `{fact}` at that time", near)

    # -- duties, reviews, people ----------------------------------------------------------------------------------------------------

    def done(self, action: str, *, who: str, by: str = "dsl", text: str = "", at: datetime | None = None) -> CaseStep:
        """An action was taken. Raises CaseError for one that no pack declares."""
        self._require_action(action, by)
        return self._add(made(ev.DutyDone, {**self._times(at, who), "action": action, "by": by, "text": text}))

    def waive(self, action: str, reason: WaiverReason, text: str, *, who: str, by: str = "dsl", at: datetime | None = None) -> CaseStep:  # noqa: PLR0913
        """A duty will not be done, for a reason."""
        self._require_action(action, by)
        return self._add(
            made(ev.DutyWaived, {**self._times(at, who), "action": action, "by": by, "reason": reason, "text": said(text, "why it is not done")})
        )

    def take_up(self, action: str, text: str, *, who: str, by: str = "dsl", at: datetime | None = None) -> CaseStep:
        """What was said to be done or waived is to be done after all."""
        self._require_action(action, by)
        return self._add(made(ev.DutyReopened, {**self._times(at, who), "action": action, "by": by, "text": said(text, "why")}))

    def review_on(self, day: date, *, who: str, text: str = "", at: datetime | None = None) -> CaseStep:
        """The case is to be looked at again on a day. Raises CaseError for a day before that on which it was set."""
        event = made(ev.ReviewSet, {**self._times(at, who), "on": day, "text": text})
        if event.on < event.known_at.astimezone(LONDON).date():
            raise refused("SR901", f"{event.on.isoformat()} is over", "give the day of the next review; `reviewed` says that one was held")
        return self._add(event)

    def reviewed(self, *, who: str, text: str = "", at: datetime | None = None) -> CaseStep:
        """The review has been held."""
        return self._add(made(ev.ReviewHeld, {**self._times(at, who), "text": text}))

    def headteacher(  # noqa: PLR0913  all of it is written down
        self, name: str, *, agreed: bool, who: str, outcome: str | None = None, text: str = "", at: datetime | None = None
    ) -> CaseStep:
        """What the headteacher said of the decision. `outcome`: what was agreed to, or not (default: what is decided now, advice or departure)."""
        decision = self.decision
        about = outcome or self._stance(self._now()).outcome(decision.outcome)
        self._require_outcome(about, decision)
        told = said(name, "who it was")
        return self._add(made(ev.HeadteacherAgreed, {**self._times(at, who), "headteacher": told, "agreed": agreed, "outcome": about, "text": text}))

    def note(self, topic: NoteTopic, text: str, *, who: str, at: datetime | None = None) -> CaseStep:
        """Write something down."""
        return self._add(made(ev.NoteAdded, {**self._times(at, who), "topic": topic, "text": said(text, "what is written down")}))

    def _require_action(self, action: str, by: str) -> None:
        actions = self.decision.program.policy.actions
        if action not in actions:
            alike = [name for name in actions if action and str(action) in name]
            open_ = [duty.action for duty in self.duties() if duty.outstanding]
            hint = suggest(action, actions) or f"one of: {', '.join(alike or dict.fromkeys(open_) or actions)}"
            raise refused("SR904", f"no pack declares an action `{action}`", hint)
        if by not in ("dsl", "headteacher", "other_staff", "setting"):
            raise refused("SR904", f"`{by}` is nobody who does an action", "one of: dsl, headteacher, other_staff, setting")

    # -- departures, records, ending ------------------------------------------------------------------------------------------------

    def override(self, outcome: str, reason: OverrideReason, text: str, *, who: str, at: datetime | None = None) -> CaseStep:
        """The lead departs from the advice. It is recorded beside the advice and never replaces it."""
        self._require_open()
        decision = self.decision
        self._require_outcome(outcome, decision)
        if outcome == decision.outcome:
            raise refused("SR907", f"`{outcome}` is the advice", "nothing is departed from; record the decision")
        rules = tuple(rule.rule for rule in (*decision.rules.met, *decision.rules.presumed) if rule.outcome == decision.outcome)
        fields = {"advised": decision.outcome, "outcome": outcome, "reason": reason, "rules": rules, "text": said(text, "why")}
        return self._add(made(ev.OverrideRecorded, {**self._times(at, who), **fields}))

    def follow_advice(self, *, who: str, text: str = "", at: datetime | None = None) -> CaseStep:
        """The advice is followed again. Raises CaseError where it was not departed from."""
        self._require_open()
        stance = self._stance(self._now())
        if stance.departure is None and stance.lapsed is None:
            raise refused("SR907", "the advice is followed already", "nothing is to be taken back")
        return self._add(made(ev.OverrideEnded, {**self._times(at, who), "text": text}))

    def record(self, *, who: str) -> DecisionRecord:
        """Write down the decision as it stands now, with everything guidance asks for, and keep it."""
        self._require_open()
        times = self._times(None, who)
        written = self._writing(self._events, times)
        self._add(written)
        return written.record

    def close(self, text: str, *, who: str) -> CaseStep:
        """End the case, and write a last record that says how it ended. Raises CaseError listing every item of the record that is missing."""
        self._require_open()
        times = self._times(None, who)
        lacking = self._missing(times["recorded_at"])
        if lacking:
            raise CaseError([Diagnostic("SR906", "error", one.item, help=one.text) for one in lacking])
        outcome = self._stance(times["recorded_at"]).outcome(self._decide(times["recorded_at"]).outcome)
        closed = made(ev.CaseClosed, {**times, "outcome": outcome, "text": said(text, "how the case ended")})
        return self._add(closed, self._writing([*self._events, closed], times))

    def _writing(self, events: Sequence[ev.Event], times: dict[str, Any]) -> ev.Decided:
        """The event that keeps a record of the decision as it stands; the packs it was made by are kept before."""
        now = times["recorded_at"]
        at = self._situation(events, now)
        record = record_of(self.id, at, times["who"], self.engine.pack)
        self._store.keep(self.engine.packs_of(at.decision.program))
        return decided_event(record, at.decision, at.duties, times)

    def reopen(self, text: str, *, who: str) -> CaseStep:
        """Go on with a closed case."""
        if self.is_open or not self._events:
            raise refused("SR905", "the case is not closed", "go on with it")
        return self._add(made(ev.CaseReopened, {**self._times(None, who), "because": "asked", "text": text}))

    def _require_outcome(self, outcome: str, decision: Decision) -> None:
        scale = [one.name for one in decision.program.policy.outcomes]
        if outcome not in scale:
            raise refused("SR907", f"there is no outcome `{outcome}`", suggest(outcome, scale) or f"one of: {', '.join(scale)}")

    def _require_pack(self) -> None:
        opened = next((one.pack for one in self._events if isinstance(one, ev.CaseOpened)), None)
        if opened is not None and not same_pack(opened, self.engine):
            remedy = f"go on with `{opened}` (the command takes it where --pack is left out), or close this case and open another"
            raise refused("SR923", f"the case is decided by the pack `{opened}`, not by `{self.engine.pack}`", remedy)

    def _require_policy(self, day: date) -> None:
        try:
            self.engine.program_on(day)
        except PackError as error:
            remedy = "give a time at which there was one, and say in words when it became known"
            raise refused("SR901", f"no policy says what was to be done on that day: {error.diagnostics[0].message}", remedy) from error

    def _require_open(self) -> None:
        if not self.is_open:
            raise refused("SR905", "the case is not open", "open it, or open it again, first")

    # -- events ---------------------------------------------------------------------------------------------------------------------

    def _times(self, known_at: datetime | None, who: str) -> dict[str, Any]:
        now = self._now()
        known = zoned("known_at", known_at or now)
        if known > now:
            raise refused("SR901", f"{known.isoformat()} is still to come", "give the time at which it was known, said or done")
        return {"known_at": known, "recorded_at": now, "who": writer(who)}

    def _add(self, event: ev.Event, *more: ev.Event) -> CaseStep:
        """Record an event, and what goes with it; reopen a closed case where it tells something new."""
        if not self._events and not isinstance(event, ev.CaseOpened):
            raise refused("SR905", "the case has not been opened", "open it first")
        added = [event, *more]
        now = event.recorded_at
        reopened = isinstance(event, _NEW_INFORMATION) and not self.is_open
        if reopened:
            added.append(ev.CaseReopened(known_at=event.known_at, recorded_at=now, who=event.who, because="new_information"))
        self._check(event, now)
        previous, before, lapsed = self._left_before(now), self._decide(now), self._stance(now).lapsed
        expected, behind = len(self._events), self._behind
        closed = not self.is_open and bool(self._events) and not reopened and not isinstance(event, ev.CaseReopened)
        self._events += added
        try:
            after, left_out = self._decide(now), self._timeline.left_out(self._events, now)
            then = self._decided_or_none(event.known_at) if isinstance(event, ev.DutyDone) else None
            both = (lapsed, self._stance(now).lapsed)
            warnings = noticed(Around(event, previous, before, after, then, both, left_out, behind, closed, self.review))
            self._store.append(self.id, added, expected=expected)
        except BaseException:
            del self._events[expected:]
            raise
        self.problem, self.warnings = self._follow(after), warnings
        return CaseStep(tuple(added), after, before, reopened, self.problem, warnings)

    def _left_before(self, now: datetime) -> Decision | None:
        """What policy said when the last entry was written down, by the policy of then; None on the same day, for policy changes by days."""
        last = self._events[-1].recorded_at if self._events else now
        return None if self._day_of(last) == self._day_of(now) else self._decided_or_none(last)

    def _decided_or_none(self, at: datetime) -> Decision | None:
        """The decision of a moment; None where no policy was in force, or the one of then is not there any more."""
        try:
            return self._decide(at)
        except PackError:
            return None

    def _check(self, event: ev.Event, now: datetime) -> None:
        """A fact's value, or a clock's start, is checked on its own, whatever else is known; and a policy has to say what it led to."""
        on, then = self._day_of(now), self._day_of(event.known_at)
        if then is not None and then != on and isinstance(event, _SINCE):
            self._require_policy(then)
        if isinstance(event, ev.FactLearnt | ev.FactCorrected):
            self.engine.decide({event.fact: event.value}, on=on)
        elif isinstance(event, ev.ClockStarted) and event.started_at is not None:
            self.engine.decide({}, clocks={event.clock: event.started_at}, on=on)

    def verify(self, decision: Decision | None = None) -> Diagnostic | None:
        """Let the second engine decide what is known now, or what a decision knew; what it objects to. None without one, and where both agree."""
        self.problem = self._follow(decision or self.decision)
        return self.problem

    def _day_of(self, now: datetime) -> date | None:
        return None if self.engine.on else now.astimezone(LONDON).date()

    def _follow(self, decision: Decision) -> Diagnostic | None:
        if self._second is None:
            return None
        try:
            differs = self._second.follow(decision)
        except Exception as error:  # noqa: BLE001  whatever fails there must not take the answer away
            differs = f"durable-rules failed: {type(error).__name__}: {error}"
        if differs is None:
            return None
        return Diagnostic("SR908", "error", differs, help="the compiled engine's answer stands; please report this with the facts")


def open_case(  # noqa: PLR0913  each has its default
    engine: Engine,
    case: str,
    *,
    store: CaseStore | None = None,
    clock: Callable[[], datetime] | None = None,
    verify: bool = False,
    patience: timedelta = IMMEDIATELY,
) -> LiveCase:
    """A live case, new or with the events that the store has of it.

    `store` keeps the events (default: memory). `clock` gives the present moment (default: the engine's). With `verify` (extra `durable`),
    durable-rules follows the case, its rules met and outcome are compared with the compiled engine's after every event, and a step says where they
    differ. `patience`: how long what is due immediately may take before it is called overdue. Raises ImportError where it is missing,
    CaseError for an empty id and for a case that was opened with another pack.
    """
    second: SecondEngine | None = None
    if verify:
        from safeguarding_rules.casework.durable import DurableCase  # noqa: PLC0415  needs the extra

        second = DurableCase()
    return LiveCase(engine, case, store=store if store is not None else MemoryStore(), clock=clock or engine.clock, second=second, patience=patience)
