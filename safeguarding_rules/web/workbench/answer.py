"""The answer to a what-if question: the decision in words, as parts of a page.

Comes in: what decides, a day, facts. Goes out: an `Answer`, or what is wrong with the facts. Promised: every word is a pack's, a fact or from the
catalogue; nothing is kept. Must not know: HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import FactsError
from safeguarding_rules.explaining.document import DutyWords, ExplanationDocument
from safeguarding_rules.explaining.explanation import explain
from safeguarding_rules.explaining.phrases import Phrases, by_urgency
from safeguarding_rules.interface_texts import ENGLISH, Catalogue
from safeguarding_rules.publishing.document.links import Link, OutcomeRef
from safeguarding_rules.publishing.naming import Names
from safeguarding_rules.publishing.shelf import Placed


@dataclass(frozen=True, slots=True)
class Told:
    """A duty in a line, with more about it."""

    who: str
    title: str
    when: str
    more: tuple[str, ...]
    presumed: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that counts, and why."""

    link: Link
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is worth asking next."""

    fact: str
    words: str


@dataclass(frozen=True)
class Answer:
    """A whole answer. `problems`: why there is none."""

    outcome: OutcomeRef | None = None
    meaning: str = ""
    certainty: tuple[str, ...] = ()
    possible: tuple[OutcomeRef, ...] = ()
    conflicts: tuple[tuple[str, ...], ...] = ()
    facts: tuple[str, ...] = ()
    met: tuple[Reason, ...] = ()
    presumed: tuple[Reason, ...] = ()
    because: str = ""
    groups: tuple[tuple[str, tuple[Told, ...]], ...] = ()
    changes: tuple[str, ...] = ()
    checked: str = ""
    problems: tuple[str, ...] = field(default=())


def answer(placed: Placed, facts: Mapping[str, object], texts: Catalogue = ENGLISH) -> Answer:
    """Decide a case and say why."""
    try:
        decision = placed.decider.decide(facts, placed.on)
    except FactsError as error:
        return Answer(problems=tuple(f"{one.message} ({one.help})" if one.help else one.message for one in error.diagnostics))
    return _Telling(placed, decision, texts).answer()


def questions(placed: Placed, facts: Mapping[str, object], texts: Catalogue = ENGLISH) -> tuple[Question, ...]:
    """What is worth asking next, the most telling first; nothing where the facts cannot be used."""
    try:
        decision = placed.decider.decide(facts, placed.on)
    except FactsError:
        return ()
    found = explain(decision, texts)
    phrases = Phrases(texts)
    return tuple(Question(one.fact, phrases.asking(found, one)) for one in found.questions)


class _Telling:
    def __init__(self, placed: Placed, decision: Decision, texts: Catalogue) -> None:
        self.say = texts.say
        self.phrases = Phrases(texts)
        self.names = Names(placed.packs, placed.decider.program.policy, texts)
        self.found: ExplanationDocument = explain(decision, texts, asking=False)

    def answer(self) -> Answer:
        """The whole answer."""
        found = self.found
        conflicts = tuple(tuple(self.say("fact", question=fact.question, answer=fact.answer) for fact in one) for one in found.contradictions)
        return Answer(
            outcome=self.names.outcome(found.outcome.name),
            meaning=found.outcome.meaning,
            certainty=tuple(self.phrases.certainty(found)),
            possible=tuple(self.names.outcome(one.name) for one in found.possible),
            conflicts=conflicts,
            facts=tuple(self.say("fact", question=fact.question, answer=fact.answer) for fact in found.because.facts),
            met=tuple(self._reason(name) for name in found.because.rules),
            presumed=tuple(self._reason(rule.rule) for rule in found.rules_that_are("presumed")),
            because="" if found.because.rules else self._without_rules(),
            groups=tuple(self._groups()),
            changes=tuple(self._changes()),
            checked=self.phrases.checked(found),
        )

    def _without_rules(self) -> str:
        name = self.found.when_unsettled
        if not self.found.settled and self.found.outcome.name == name:
            return self.found.because_unsettled or self.found.outcome.because
        return self.found.outcome.because

    def _reason(self, rule: str) -> Reason:
        return Reason(self.names.rule(rule), self.found.ground(rule).because)

    def _groups(self) -> Iterable[tuple[str, tuple[Told, ...]]]:
        now = self.found.duties_that("applies", "presumed")
        acts = [duty for duty in now if not duty.forbids and duty.to_act_on != "may"]
        parts: dict[str, Sequence[DutyWords]] = {
            "do": by_urgency(acts),
            "may": [duty for duty in now if duty.to_act_on == "may"],
            "not": [duty for duty in now if duty.forbids],
            "depends": self.found.duties_that("depends"),
        }
        for name, duties in parts.items():
            if duties:
                yield self.say(f"workbench.duties.{name}"), tuple(self._told(duty) for duty in duties)

    def _told(self, duty: DutyWords) -> Told:
        more = [self.say("full.contact", contact=contact) for contact in self.phrases.contacts(duty.routes)] if duty.routes else []
        for gift in duty.given:
            more += [self.say("full.until", until=gift.until)] if gift.until else []
            more += [gift.note] if gift.note else []
        if duty.status == "depends" and duty.depends_on:
            more.append(self.say("workbench.depends_on", questions=" ".join(fact.question for fact in duty.depends_on)))
        when = self.phrases.when(duty) if duty.deadlines else ""
        return Told(self.phrases.label(duty), duty.title, when, tuple(dict.fromkeys(more)), duty.status == "presumed")

    def _changes(self) -> Iterable[str]:
        for one in self.found.changes:
            title = self.found.title_of(one.outcome)
            yield self.say("full.change", question=one.question, answer=one.answer, other=one.other_answer, outcome=title)
