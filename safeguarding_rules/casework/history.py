"""How a case went: what was written down, in that order, each in words that need no pack to be read later.

Comes in: the events of a case, the policy that has the words. Goes out: `RecordedEvent`s. Promised: every event is there; what was corrected,
withdrawn or said twice is not hidden by what came after it. Must not know: what is advised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safeguarding_rules.casework import events as ev
from safeguarding_rules.casework import record as rec
from safeguarding_rules.casework.moments import day_words
from safeguarding_rules.explaining.wording import FactWording
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.language.deadlines import LONDON
from safeguarding_rules.linking.policy import Policy

WHO = {"dsl": "DSL", "other_staff": "other staff"}
"""Who does an action, in words, where the words differ."""
REASONS: Mapping[str, str] = {
    "already_done_elsewhere": "it was done elsewhere already",
    "agency_leads": "another agency leads",
    "would_add_risk": "it would add risk",
    "not_possible": "it is not possible",
    "agreed_with_headteacher": "agreed with the headteacher",
    "not_needed": "it is not needed",
    "more_protective": "to protect more",
    "professional_judgement": "professional judgement",
    "agency_advice": "advice of another agency",
    "local_procedure": "local procedure",
    "facts_not_expressible": "something that the questions do not ask for",
    "child_or_family_circumstances": "circumstances of the child or family",
    "other": "another reason",
}
"""The coded reasons for a departure and for what is not done, in words."""


class Words:
    """The words of one policy for the names that events use; a name that it has no words for, and every name without a policy, stands as it is."""

    def __init__(self, policy: Policy | None) -> None:
        facts = () if policy is None else policy.facts
        self._actions = {} if policy is None else policy.actions
        self._questions = {info.spec.name: info.question for info in facts}
        self._outcomes = {} if policy is None else {one.name: one.title for one in policy.outcomes}
        self._facts = FactWording(facts, ENGLISH)

    def question(self, fact: str) -> str:
        """What was asked."""
        return self._questions.get(fact, fact)

    def answer(self, fact: str, value: Any) -> str:  # noqa: ANN401  a fact's value
        """What was answered."""
        if value is None:
            return "not known"
        return self._facts.answer(fact, value) if fact in self._questions else json.dumps(value, ensure_ascii=False)

    def action(self, action: str, by: str) -> str:
        """An action and whose it is."""
        known = self._actions.get(action)
        return f"{action if known is None else known.title} ({WHO.get(by, by)})"

    def outcome(self, outcome: str) -> str:
        """An outcome, in quotation marks."""
        return f"“{self._outcomes.get(outcome, outcome)}”"


def history_of(events: Sequence[ev.Event], policy: Policy | None, *, notes: bool) -> Iterator[rec.RecordedEvent]:
    """Each event in words, as far as the policy has them.

    Without `notes`, the text of notes and of the concern is left out: a record has them in a place of their own.
    """
    words = Words(policy)
    for event in events:
        about, told = _told(event, words)
        text = getattr(event, "concern", "") or getattr(event, "text", "")
        if not notes and isinstance(event, ev.CaseOpened | ev.NoteAdded):
            text = ""
        yield rec.RecordedEvent(
            event=event.event,
            about=about,
            told=told,
            text=text,
            source=getattr(event, "source", ""),
            who=event.who,
            known_at=event.known_at,
            recorded_at=event.recorded_at,
        )


def _told(event: ev.Event, words: Words) -> tuple[str, str]:  # noqa: PLR0911  one line or two an event
    """What an event is about, and what happened."""
    match event:
        case ev.FactLearnt(fact=fact, value=value):
            return fact, f"{words.question(fact)} {words.answer(fact, value)}"
        case ev.FactCorrected(fact=fact, value=value):
            return fact, f"Corrected: {words.question(fact)} {words.answer(fact, value)}"
        case ev.FactWithdrawn(fact=fact):
            return fact, f"Not known any more: {words.question(fact)}"
        case ev.ClockStarted(clock=clock, started_at=at):
            started = "did not start" if at is None else f"started on {day_words(at.astimezone(LONDON))} at {at.astimezone(LONDON):%H:%M}"
            return clock, f"The clock “{clock.replace('_', ' ')}” {started}"
        case ev.DutyDone(action=action, by=by):
            return action, f"Done: {words.action(action, by)}"
        case ev.DutyWaived(action=action, by=by, reason=reason):
            return action, f"Will not be done: {words.action(action, by)}: {REASONS[reason]}"
        case ev.DutyReopened(action=action, by=by):
            return action, f"To be done after all: {words.action(action, by)}"
        case ev.HeadteacherAgreed(agreed=agreed, outcome=outcome, headteacher=name):
            return outcome, f"The headteacher ({name}) {'agrees' if agreed else 'does not agree'} to {words.outcome(outcome)}"
        case ev.OverrideRecorded(advised=advised, outcome=outcome, reason=reason):
            return outcome, f"Decided {words.outcome(outcome)} instead of {words.outcome(advised)}: {REASONS[reason]}"
        case _:
            return _course(event, words)


def _course(event: ev.Event, words: Words) -> tuple[str, str]:  # noqa: PLR0911  one line or two an event
    """The same for what is about the case as a whole."""
    match event:
        case ev.CaseOpened(pack=pack):
            return pack, "The concern was written down"
        case ev.ReviewSet(on=day):
            return day.isoformat(), f"To be looked at again on {day_words(day)}"
        case ev.ReviewHeld():
            return "", "The review was held"
        case ev.OverrideEnded():
            return "", "The advice is followed again"
        case ev.Decided(number=number, outcome=outcome):
            return outcome, f"Record {number} was made; policy advised {words.outcome(outcome)}"
        case ev.NoteAdded(topic=topic):
            return topic, f"A note was written: {topic.replace('_', ' ')}"
        case ev.CaseClosed(outcome=outcome):
            return outcome, f"The case was closed with {words.outcome(outcome)}"
        case ev.CaseReopened(because=because):
            return "", "The case was opened again" + (": something new was written down" if because == "new_information" else "")
        case _:
            raise TypeError(event)
