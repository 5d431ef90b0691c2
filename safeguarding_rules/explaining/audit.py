"""The audit register: a numbered form with every field, for the record.

Comes in: an explanation. Goes out: plain text. Names are those of the packs, values are as they were given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from safeguarding_rules.explaining.document import DutyWords, ExplanationDocument, FactWords, OpenFact, OutcomeWords, RuleWords
from safeguarding_rules.explaining.layout import Page
from safeguarding_rules.explaining.phrases import Phrases
from safeguarding_rules.explaining.texts import Catalogue


class Audit:
    """Writes the audit register of one explanation."""

    def __init__(self, explanation: ExplanationDocument, texts: Catalogue) -> None:
        self._e = explanation
        self._texts = texts
        self._say = texts.say
        self._phrases = Phrases(texts)
        self._page = Page()
        self._section = 0
        self._number = 0

    def text(self) -> str:
        """The whole form."""
        self._page.title(self._say("audit.title"))
        self._decision()
        self._packs()
        self._facts()
        self._reasons()
        self._rules()
        self._duties()
        self._questions()
        self._changes()
        self._statements()
        self._warnings()
        self._sign()
        return self._page.text()

    # -- numbering ----------------------------------------------------------------------------------------------------------------------

    def _begin(self, key: str) -> None:
        self._section += 1
        self._number = 0
        self._page.heading(self._say("audit.section", number=self._section, title=self._say(key)))

    def _entry(self, text: str) -> None:
        self._number += 1
        self._page.item(self._say("audit.number", section=self._section, number=self._number), text, 0, 7)

    def _field(self, key: str, value: str) -> None:
        self._page.paragraph(self._say("audit.field", name=self._say(f"audit.{key}"), value=value), 7)

    def _top(self, key: str, value: str) -> None:
        self._entry(self._say("audit.field", name=self._say(f"audit.{key}"), value=value))

    def _nothing(self) -> None:
        if not self._number:
            self._entry(self._say("audit.nothing"))

    def _yes(self, value: bool) -> str:  # noqa: FBT001
        return self._say("answer.yes" if value else "answer.no")

    def _names(self, names: Sequence[str]) -> str:
        return self._texts.join(list(names), "list.comma") or self._say("audit.nothing")

    # -- sections -----------------------------------------------------------------------------------------------------------------------

    def _outcome(self, outcome: OutcomeWords) -> str:
        return self._say("audit.named", name=outcome.name, title=outcome.title)

    def _decision(self) -> None:
        e = self._e
        self._begin("audit.decision")
        self._top("outcome", self._outcome(e.outcome))
        self._top("possible", self._texts.join([self._outcome(o) for o in e.possible], "list.semicolon"))
        self._top("scale", self._texts.join([self._outcome(o) for o in e.scale], "list.semicolon"))
        self._top("settled", self._yes(e.settled))
        self._top("firm", self._yes(e.firm))
        self._top("exact", self._yes(e.exact))
        self._top("when_unsettled", e.when_unsettled)
        self._top("on", e.on)
        self._top("fingerprint", e.fingerprint)

    def _packs(self) -> None:
        self._begin("audit.packs")
        for pack in self._e.packs:
            self._entry(self._say("audit.pack", pack=pack.pack, version=pack.version, title=pack.title))
            self._field("digest", pack.digest)
            self._field("layer", pack.layer)
            self._field("status", pack.status)
            self._field("signed_off", self._yes(pack.signed_off))
            self._field("review_by", pack.review_by or self._say("audit.nothing"))
            self._field("notes", pack.notes or self._say("audit.nothing"))

    def _fact(self, fact: FactWords) -> str:
        value = json.dumps(fact.value, ensure_ascii=False)
        return self._say("audit.fact", fact=fact.fact, value=value, question=fact.question, answer=fact.answer)

    def _open_facts(self, facts: Sequence[OpenFact]) -> str:
        return self._names([fact.fact for fact in facts])

    def _facts(self) -> None:
        self._begin("audit.facts")
        for fact in self._e.facts:
            self._entry(self._fact(fact))
        self._nothing()
        for conflict in self._e.contradictions:
            self._entry(self._say("audit.field", name=self._say("conflict.named"), value=self._names([fact.fact for fact in conflict])))

    def _reasons(self) -> None:
        because = self._e.because
        self._begin("audit.because")
        self._top("least", self._outcome(self._e.possible[0]))
        self._top("because_facts", self._names([fact.fact for fact in because.facts]))
        self._top("because_rules", self._names(because.rules))
        self._top("together", self._yes(because.together))

    def _rules(self) -> None:
        self._begin("audit.rules")
        for rule in self._e.rules:
            self._entry(self._say("audit.rule", rule=rule.rule, title=rule.title))
            self._field("status", self._say(f"status.{rule.status}"))
            self._field("outcome", rule.outcome or self._say("audit.nothing"))
            self._field("reason", rule.because)
            self._presumption(rule)
            if set(rule.unknown) != {fact for limb in rule.limbs for fact in limb.unknown}:
                self._field("unknown", self._open_facts(rule.unknown))
            ground = self._e.ground(rule.rule)
            self._field("statements", self._names(ground.statements))
            if ground.strengthened_by:
                self._field("strengthened_by", self._names(ground.strengthened_by))
        self._nothing()

    def _presumption(self, rule: RuleWords) -> None:
        if rule.presumed is None:
            return
        self._field("presumed", self._say(f"full.presumed.{rule.presumed}"))
        for limb in rule.limbs:
            names = [fact.fact for fact in (limb.known or limb.unknown)]
            self._field(f"limb_{limb.status}", self._names(names))

    def _duties(self) -> None:
        self._begin("audit.duties")
        for duty in self._e.duties:
            label = self._say("duty.label", who=self._say(f"who.{duty.by}"), modality=self._say(f"modality.{duty.modality}"))
            self._entry(self._say("audit.duty", action=duty.action, label=label, title=duty.title))
            self._duty(duty)
        self._nothing()

    def _duty(self, duty: DutyWords) -> None:
        self._field("status", self._say(f"status.{duty.status}"))
        for stronger in duty.stronger:
            modality, status = self._say(f"modality.{stronger.modality}"), self._say(f"status.{stronger.status}")
            self._field("stronger", self._say("audit.stronger.text", modality=modality, status=status))
        for deadline in duty.deadlines:
            self._field("deadline", self._phrases.deadline(deadline))
        for contact in self._phrases.contacts_in_full(duty.routes):
            self._field("route", contact)
        if duty.depends_on:
            self._field("depends_on", self._open_facts(duty.depends_on))
        for gift in duty.given:
            self._field("given", self._say("audit.gift", ground=gift.ground, modality=self._say(f"modality.{gift.modality}")))
            if gift.until:
                self._field("until", gift.until)
            if gift.note:
                self._field("note", gift.note)

    def _questions(self) -> None:
        self._begin("audit.questions")
        for question in self._e.questions:
            self._entry(self._say("audit.question", fact=question.fact, question=question.question))
            self._field("could_become", self._names(question.could_become))
        self._nothing()

    def _changes(self) -> None:
        self._begin("audit.changes")
        for change in self._e.changes:
            value = json.dumps(change.other_value, ensure_ascii=False)
            self._entry(self._say("audit.change", fact=change.fact, value=value, outcome=change.outcome))
        self._nothing()

    def _statements(self) -> None:
        self._begin("audit.statements")
        for s in self._e.statements:
            self._entry(self._say("audit.statement", id=s.id, text=s.text))
            self._field("source", self._say("audit.source.text", source=s.source, section=s.section))
            self._field("binds", s.binds)
            self._field("strength", s.strength)
            self._field("force", self._say(f"force.{s.force}"))
            self._field("checked", self._say(f"checked.{s.checked}"))
        for ground in self._e.grounds:
            if ground.kind != "rule":
                self._entry(self._say("audit.statement", id=ground.id, text=ground.because))
                self._field("statements", self._names(ground.statements))
        self._nothing()

    def _warnings(self) -> None:
        self._begin("audit.warnings")
        for warning in self._e.warnings:
            self._entry(self._say("audit.field", name=warning.code, value=self._phrases.warning(warning, self._e)))
            if warning.statements:
                self._field("statements", self._names(warning.statements))
            if warning.facts:
                self._field("facts_named", self._names(warning.facts))
        self._nothing()

    def _sign(self) -> None:
        self._begin("audit.sign")
        for key in ("taken_by", "agreed_with", "decided", "reasons", "signed"):
            self._top(f"sign.{key}", self._say("audit.blank"))
