"""Write the decision record, and say what is missing in it.

Comes in: the events of a case, the decision, its duties. Goes out: a `DecisionRecord`; the items that guidance asks for and that are not there.
Sources: UKCIS-2024-REC-1, REC-2 and REC-4, MAN-3, PAR-5, VIEW-6, DEL-4 (national guidance, recording rows).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from safeguarding_rules import __version__
from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework import record as rec
from safeguarding_rules.casework.duties import CaseDuty
from safeguarding_rules.casework.history import WHO, Words, history_of
from safeguarding_rules.casework.knowledge import known_facts, started_clocks
from safeguarding_rules.casework.moments import day_words
from safeguarding_rules.casework.stance import Stance, departure_of
from safeguarding_rules.casework.timeline import LeftOut
from safeguarding_rules.casework.verdict import verdict_of
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.language.deadlines import LONDON
from safeguarding_rules.language.words import LANGUAGE

_SIGNOFF = "obtain_headteacher_signoff"
_RECORDING = "record_decision_and_reasons"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a case stands at a moment: its events, the decision, its duties, what was said of the advice, and what policy does not take."""

    events: Sequence[ev.Event]
    decision: Decision
    duties: Sequence[CaseDuty]
    now: datetime
    stance: Stance
    left_out: LeftOut


def record_of(case: str, at: Situation, who: str, pack: str) -> rec.DecisionRecord:
    """The record of the decision as it stands."""
    events, decision, now = at.events, at.decision, at.now
    opened = next(one for one in events if isinstance(one, ev.CaseOpened))
    return rec.DecisionRecord(
        case=case,
        number=1 + sum(isinstance(one, ev.Decided) for one in events),
        made_at=now,
        known_at=now,
        concern=opened.concern,
        facts=tuple(one for one in facts_of(events, decision, now) if one.fact not in at.left_out),
        clocks={name: start for name, start in started_clocks(events, now).items() if name not in at.left_out},
        left_out=tuple(_left_out(at)),
        decision=decision.model_dump(),
        outcome_titles={outcome.name: outcome.title for outcome in decision.program.policy.outcomes},
        reasons=tuple(_reasons(decision)),
        statements=tuple(_statements(decision)),
        decided_by=who,
        headteacher=agreement_of(decision, at.stance),
        override=at.stance.departure,
        lapsed=None if at.stance.lapsed is None else departure_of(at.stance.lapsed),
        duties=tuple(_duties(decision, [_recorded(duty, now, who) for duty in at.duties])),
        notes=tuple(rec.RecordedNote(topic=e.topic, text=e.text, who=e.who, at=e.known_at) for e in events if isinstance(e, ev.NoteAdded)),
        history=tuple(history_of(events, decision.program.policy, notes=False)),
        outcome=_closing(events),
        review=review_of(events),
        missing=missing_items(at, recording=True),
        pack=pack,
        language_version=LANGUAGE,
        library_version=__version__,
    )


def _left_out(at: Situation) -> Iterator[rec.LeftOut]:
    known = {name: event.value for name, event in known_facts(at.events, at.now).items()}
    started = started_clocks(at.events, at.now)
    for name, why in at.left_out.items():
        yield rec.LeftOut(name=name, value=known[name] if name in known else started[name].isoformat(), why=why)


def decided_event(record: rec.DecisionRecord, decision: Decision, duties: Sequence[CaseDuty], times: dict[str, Any]) -> ev.Decided:
    """The event that keeps a record, with what may be counted once the record is erased."""
    return ev.Decided(
        **times,
        number=record.number,
        outcome=decision.outcome,
        settled=decision.settled,
        rules=tuple(rule.rule for rule in (*decision.rules.met, *decision.rules.presumed)),
        questions=tuple(question.fact for question in decision.questions if not question.only_route),
        overdue=tuple(dict.fromkeys(duty.action for duty in duties if duty.state == "overdue")),
        override=None if record.override is None else record.override.reason,
        packs=tuple((pack.pack, pack.version, pack.digest) for pack in decision.policy.packs),
        fingerprint=decision.policy.fingerprint,
        language_version=record.language_version,
        library_version=record.library_version,
        verdict=verdict_of(decision),
        record=record,
    )


def _reasons(decision: Decision) -> list[str]:
    """Why, in words: what leads to the outcome first, then what leads to duties only; where no rule leads to it, why it is advised all the same."""
    rules = (*decision.rules.met, *decision.rules.presumed)
    leading = [rule.because for rule in rules if rule.outcome == decision.outcome]
    if not leading:
        policy = decision.program.policy
        unsettled = not decision.settled and policy.when_unsettled.outcome == decision.verdict.advice
        leading = [policy.when_unsettled.because if unsettled else policy.outcomes[decision.verdict.advice].because]
    return list(dict.fromkeys([*leading, *(rule.because for rule in rules)]))


def facts_of(events: Sequence[ev.Event], decision: Decision, now: datetime) -> Iterator[rec.RecordedFact]:
    """What is known at a moment, in the words of the policy that decides."""
    words = Words(decision.program.policy)
    for fact, event in known_facts(events, now).items():
        yield rec.RecordedFact(
            fact=fact,
            question=words.question(fact),
            value=event.value,
            answer=words.answer(fact, event.value),
            known_at=event.known_at,
            recorded_at=event.recorded_at,
            source=event.source,
            who=event.who,
        )


def _statements(decision: Decision) -> Iterator[rec.RecordedStatement]:
    known = decision.program.policy.statements
    for name in decision.citations:
        if name in known:
            one = known[name]
            yield rec.RecordedStatement(statement=name, text=one.text, source=one.source, section=one.section, force=one.force, checked=one.checked)


def agreement_of(decision: Decision, stance: Stance) -> rec.Agreement:
    """Whether the headteacher's agreement is needed, and what was said of the advice as it is now."""
    needed, because = signoff_needed(decision, stance)
    last = stance.said
    if last is None or stance.outgrown:  # asked before the advice rose is not asked
        return rec.Agreement(needed=needed, because=because)
    return rec.Agreement(
        needed=needed, because=because, agreed=last.agreed, outcome=last.outcome, who=last.headteacher, at=last.known_at, text=last.text
    )


def signoff_needed(decision: Decision, stance: Stance) -> tuple[bool, str]:
    """Whether the headteacher's agreement is to be written down, and why."""
    forbidden = any(one.action == _SIGNOFF and one.modality.endswith("_not") and one.status != "depends" for one in decision.actions)
    if forbidden:
        return False, "policy rules the headteacher out here"
    for one in decision.actions:
        if one.action == _SIGNOFF and one.status != "depends" and one.modality in ("must", "should"):
            return True, one.title
    scale = [outcome.name for outcome in decision.program.policy.outcomes]
    away = stance.departure
    if away is not None and (away.outcome not in scale or scale.index(away.outcome) < scale.index(decision.outcome)):
        return True, "less is done than policy advises"
    return False, ""


def _recorded(duty: CaseDuty, now: datetime, who: str) -> CaseDuty:
    """The duty to record is done by the record that is being made."""
    if duty.action != _RECORDING or not duty.outstanding:
        return duty
    return replace(duty, state="done", closed_by=ev.DutyDone(known_at=now, recorded_at=now, who=who, action=duty.action, by=duty.by))


def _duties(decision: Decision, duties: Sequence[CaseDuty]) -> Iterator[rec.RecordedDuty]:
    shown = set()
    for duty in duties:
        advice = duty.advice or duty.against
        shown.add(id(advice))
        closing = duty.closed_by
        yield rec.RecordedDuty(
            action=duty.action,
            title=duty.title,
            by=duty.by,
            modality=None if advice is None else advice.modality,
            status=None if advice is None else advice.status,
            state=duty.state,
            due=duty.due,
            at=None if closing is None else closing.known_at,
            who="" if closing is None else closing.who,
            reason=closing.reason if isinstance(closing, ev.DutyWaived) else None,
            text=getattr(closing, "text", ""),
            earlier=None if duty.earlier is None else duty.earlier.known_at,
        )
    for one in decision.actions:
        if id(one) not in shown:
            yield rec.RecordedDuty(action=one.action, title=one.title, by=one.by, modality=one.modality, status=one.status, state=None)


def _closing(events: Iterable[ev.Event]) -> rec.Closing | None:
    found = None
    for one in events:
        if isinstance(one, ev.CaseClosed):
            found = rec.Closing(at=one.known_at, who=one.who, text=one.text)
        elif isinstance(one, ev.CaseReopened):
            found = None
    return found


def review_of(events: Iterable[ev.Event]) -> rec.Review | None:
    """The review that was set last, and whether it was held."""
    found = None
    for one in events:
        if isinstance(one, ev.ReviewSet):
            found = rec.Review(on=one.on, text=one.text)
        elif isinstance(one, ev.ReviewHeld) and found is not None:
            found = rec.Review(on=found.on, held_at=one.known_at, text=one.text or found.text)
    return found


# -- what is missing ----------------------------------------------------------------------------------------------------------------


def missing_items(at: Situation, *, recording: bool = False) -> tuple[rec.MissingItem, ...]:
    """The items that guidance asks for and that are not written down; while `recording`, the record itself is not missed."""
    events, decision, now = at.events, at.decision, at.now
    found = [*_record_items(at, recording=recording), *_departure_items(at), *_agreement_items(at), *_duty_items(at.duties)]
    found += _note_items(events, decision, at.duties)
    review = review_of(events)
    if review is not None and review.held_at is None and review.on <= now.astimezone(LONDON).date():
        found.append(_item(decision, f"the review of {day_words(review.on)} was not held", "hold it, or set another date", "UKCIS-2024-IRM-4"))
    return tuple(found)


def _record_items(at: Situation, *, recording: bool) -> Iterator[rec.MissingItem]:
    events, decision = at.events, at.decision
    opened = next((one for one in events if isinstance(one, ev.CaseOpened)), None)
    if (opened is None or not opened.concern) and not any(isinstance(one, ev.NoteAdded) for one in events):
        yield _item(decision, "the concern is not written down", "write a note of what the concern is", "UKCIS-2024-REC-1")
    questions = {info.spec.name: info.question for info in decision.program.policy.facts}
    for fact, event in known_facts(events, at.now).items():
        if not event.source:
            asked = questions.get(fact, fact)
            yield _item(decision, f"it is not said where the answer is known from: {asked}", f"correct `{fact}` with its source", "UKCIS-2024-REC-1")
    for name, why in at.left_out.items():
        item = f"the policy in force does not take what is known of `{name}`, so it is left out of the decision: {why}"
        yield _item(decision, item, f"correct or withdraw `{name}`", "UKCIS-2024-REC-1")
    made = [one for one in events if isinstance(one, ev.Decided)]
    if not recording and (not made or not _as_recorded(made[-1].record, decision)):
        yield _item(decision, "the decision is not recorded as it stands", "record it", "UKCIS-2024-REC-4")


def _departure_items(at: Situation) -> Iterator[rec.MissingItem]:
    if (away := at.stance.lapsed) is not None:
        words = Words(at.decision.program.policy)
        item = f"{words.outcome(away.outcome)} was decided instead of {words.outcome(away.advised)}, and since then policy advised something else"
        yield _item(at.decision, item, "depart from the advice again, or follow the advice", "UKCIS-2024-REC-1")


def _agreement_items(at: Situation) -> Iterator[rec.MissingItem]:
    """The headteacher's agreement counts for the outcome that was agreed to, not for advice that rose since, nor for a duty that arose anew."""
    decision, said = at.decision, at.stance.said
    needed, because = signoff_needed(decision, at.stance)
    outcome = at.stance.outcome(decision.outcome)
    anew = any(duty.action == _SIGNOFF and duty.advice is not None and duty.closed_by is None for duty in at.duties)
    agreed = said is not None and said.agreed
    if not needed or (said is not None and agreed and said.outcome == outcome and not anew and not at.stance.outgrown):
        return
    item = "the headteacher has not agreed"
    if said is not None and agreed:
        item = f"the headteacher agreed to {Words(decision.program.policy).outcome(said.outcome)}"
        if said.outcome == outcome:
            item = "the headteacher agreed before " + ("the advice rose" if at.stance.outgrown else "this arose anew")
    yield _item(decision, item, f"ask, and write down what was said ({because})", "UKCIS-2024-REC-2", "UKCIS-2024-MAN-3")


def _duty_items(duties: Iterable[CaseDuty]) -> Iterator[rec.MissingItem]:
    for duty in duties:
        if duty.outstanding and duty.action not in (_RECORDING, _SIGNOFF, "set_review_date"):
            item = f"{duty.title} ({WHO.get(duty.by, duty.by)}): neither done nor waived"
            yield rec.MissingItem(item=item, text=f"say that `{duty.action}` is done, or why it is not", action=duty.action)


def _note_items(events: Sequence[ev.Event], decision: Decision, duties: Sequence[CaseDuty]) -> Iterator[rec.MissingItem]:
    topics = {one.topic for one in events if isinstance(one, ev.NoteAdded)}
    done = {duty.action for duty in duties if duty.state == "done"}
    advised = {(one.action, one.modality) for one in decision.actions if one.status != "depends"}
    standing = {duty.action for duty in duties if duty.advice is not None}
    if (decision.facts.get("staff_has_viewed") is True or {"view_imagery", "view_with_safeguards"} & done) and "viewing" not in topics:
        yield _item(
            decision, "how and why imagery was viewed, and who was present, is not written down", "write a note `viewing`", "UKCIS-2024-VIEW-6"
        )
    if {"ask_child_to_delete", "staff_delete_imagery"} & done and "deletion" not in topics:
        yield _item(decision, "times, dates and reasons of the deletion are not written down", "write a note `deletion`", "UKCIS-2024-DEL-4")
    if {("inform_parents", "should_not"), ("inform_parents", "must_not")} & advised and "parents_not_told" not in topics:
        yield _item(decision, "why parents are not told is not written down", "write a note `parents_not_told`", "UKCIS-2024-PAR-5")
    if _SIGNOFF in standing and "not_referred" not in topics:
        yield _item(decision, "why no referral is made is not written down", "write a note `not_referred`", "UKCIS-2024-REC-2")
    if "set_review_date" in standing and review_of(events) is None and "set_review_date" not in done:
        yield _item(decision, "no review date is set", "set one", "UKCIS-2024-IRM-4")


def _item(decision: Decision, item: str, text: str, *statements: str) -> rec.MissingItem:
    known = decision.program.policy.statements
    return rec.MissingItem(item=item, text=text, statements=tuple(name for name in statements if name in known))


def _as_recorded(record: rec.DecisionRecord, decision: Decision) -> bool:
    """Whether a record still says what policy says; that a day has passed changes nothing."""
    now = decision.model_dump()
    return all(record.decision.get(name) == now[name] for name in ("outcome", "facts", "actions", "policy"))
