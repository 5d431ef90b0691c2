"""The full register: the whole account, every rule and duty with its statements.

Comes in: an explanation. Goes out: plain text to read at a desk. A statement is written out where it is first cited; after that its id stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from safeguarding_rules.explaining.document import DutyWords, ExplanationDocument, FactWords, OpenFact, RuleWords
from safeguarding_rules.explaining.layout import Page
from safeguarding_rules.explaining.phrases import Phrases, by_urgency, lowered, urgency
from safeguarding_rules.explaining.texts import Catalogue

UNKNOWN = 6


class Full:
    """Writes the full register of one explanation."""

    def __init__(self, explanation: ExplanationDocument, texts: Catalogue) -> None:
        self._e = explanation
        self._texts = texts
        self._say = texts.say
        self._phrases = Phrases(texts)
        self._page = Page()
        self._sources = {name: i for i, name in enumerate(dict.fromkeys(s.source for s in explanation.statements), 1)}
        self._cited: set[str] = set()

    def text(self) -> str:
        """The whole text."""
        self._answer()
        self._why()
        self._rules("presumed", "full.presumed")
        self._rules("met", "full.also_met", without=self._e.because.rules)
        self._duties()
        self._open()
        self._changes()
        self._facts()
        self._register()
        return self._page.text()

    # -- the answer and why -------------------------------------------------------------------------------------------------------------

    def _answer(self) -> None:
        e, page = self._e, self._page
        page.title(e.outcome.title)
        page.paragraph(e.outcome.meaning)
        page.blank()
        page.paragraph(" ".join(self._phrases.certainty(e)))
        page.paragraph(self._phrases.checked(e))
        self._phrases.conflicts(e, page)

    def _why(self) -> None:
        e, page = self._e, self._page
        page.heading(self._say("full.why"))
        least = e.possible[0]
        if e.contradictions:
            page.paragraph(self._say("full.why.contradiction"))
        elif e.because.rules:
            page.paragraph(self._say("full.why.facts" if e.because.facts else "full.why.always", outcome=least.title))
            self._answers(e.because.facts, 2)
            page.blank()
            page.paragraph(self._say("full.why.together" if e.because.together else "full.why.rules"))
            for name in e.because.rules:
                self._ground(name)
        else:
            page.paragraph(self._say("full.why.none", outcome=least.title))
        if e.settled and not e.because.rules:
            page.paragraph(e.outcome.because, 2)
            self._statements(e.outcome.statements, 2)
        elif e.outcome.rank > least.rank or e.contradictions:
            self._why_higher()

    def _why_higher(self) -> None:
        """Why the advice lies above the least possible outcome: presumed rules, or not knowing enough."""
        e, page = self._e, self._page
        page.blank()
        if any(rule.outcome == e.outcome.name for rule in e.rules_that_are("presumed")):
            page.paragraph(self._say("full.why.presumed", outcome=e.outcome.title))
        else:
            page.paragraph(self._say("full.why.unsettled", outcome=e.outcome.title))
            for unsettled in (ground for ground in e.grounds if ground.kind == "when_unsettled"):
                page.paragraph(unsettled.because, 2)
                self._statements(unsettled.statements, 2)

    def _ground(self, name: str, indent: int = 2) -> None:
        """A rule with its title, outcome, reason and statements."""
        ground = self._e.ground(name)
        rule = next((r for r in self._e.rules if r.rule == name), None)
        title = ground.title or ""
        outcome = None if rule is None or rule.outcome is None else self._e.title_of(rule.outcome)
        self._page.item("*", self._say("full.rule", title=title, outcome=outcome) if outcome else title, indent)
        self._page.paragraph(ground.because, indent + 2)
        if ground.strengthened_by:
            self._page.paragraph(self._say("full.strengthened", packs=self._texts.join(ground.strengthened_by, "list.and")), indent + 2)
        if rule is not None and rule.status == "presumed":
            self._presumption(rule, indent + 2)
        self._statements(ground.statements, indent + 2)

    def _presumption(self, rule: RuleWords, indent: int) -> None:
        self._page.paragraph(self._say(f"full.presumed.{rule.presumed}"), indent)
        met = [limb for limb in rule.limbs if limb.status == "met"]
        for fact in dict.fromkeys(fact.fact for limb in met for fact in limb.known):
            known = next(f for limb in met for f in limb.known if f.fact == fact)
            self._page.paragraph(self._say("full.known", fact=self._answer_of(known)), indent)
        self._unknown(rule.unknown, indent)

    def _rules(self, status: str, heading: str, without: Sequence[str] = ()) -> None:
        ranks = {o.name: o.rank for o in self._e.scale}
        found = [rule for rule in self._e.rules_that_are(status) if rule.rule not in without]
        found.sort(key=lambda rule: -1 if rule.outcome is None else ranks[rule.outcome], reverse=True)
        if found:
            self._page.heading(self._say(heading))
            for rule in found:
                self._ground(rule.rule)

    # -- duties -------------------------------------------------------------------------------------------------------------------------

    def _duties(self) -> None:
        standing = self._e.duties_that("applies", "presumed")
        todo = by_urgency(d for d in standing if not d.forbids)
        for _, group in groupby(todo, key=urgency):
            items = list(group)
            self._page.heading(self._say("full.todo", when=lowered(self._phrases.when(items[0]))))
            self._given_together(items)
        refrain = [d for d in standing if d.forbids]
        if refrain:
            self._page.heading(self._say("never.block"))
            self._given_together(refrain)
        depending = self._e.duties_that("depends")
        if depending:
            self._page.heading(self._say("full.depends"))
            for duty in depending:
                reasons = [g.title or g.because for g in map(self._e.ground, duty.grounds)]
                rules = self._texts.join(reasons, "list.semicolon")
                text = self._say("full.depends.if", label=self._phrases.label(duty), title=duty.title, rules=rules)
                self._page.item("*", text, 2)

    def _given_together(self, duties: Sequence[DutyWords]) -> None:
        """Duties, what gives several of them said once, after the last."""
        for given, group in groupby(duties, key=lambda d: d.given):
            for duty in group:
                self._duty(duty)
            modality = duty.to_act_on
            for gift in given:
                ground = self._e.ground(gift.ground)
                if gift.modality == modality:
                    self._page.paragraph(self._say("full.because", because=ground.because), 4)
                else:
                    other = self._say(f"modality.{gift.modality}")
                    self._page.paragraph(self._say("full.because.other", modality=other, because=ground.because), 4)
                if gift.note:
                    self._page.paragraph(self._say("full.note", note=gift.note), 4)
                if gift.until:
                    self._page.paragraph(self._say("full.until", until=gift.until), 4)
                self._statements(ground.statements, 4)

    def _duty(self, duty: DutyWords) -> None:
        page = self._page
        page.item("*", self._say("full.duty", label=self._phrases.label(duty), title=duty.title), 2)
        page.paragraph(duty.meaning, 4)
        if duty.status == "presumed":
            page.paragraph(self._say("full.duty.presumed"), 4)
        for stronger in duty.stronger:
            page.paragraph(self._say(f"full.stronger.{stronger.status}", modality=self._say(f"modality.{stronger.modality}")), 4)
        for deadline in duty.deadlines:
            page.paragraph(self._say("full.deadline", deadline=self._phrases.deadline(deadline)), 4)
        for contact in self._phrases.contacts_in_full(duty.routes):
            page.paragraph(self._say("full.contact", contact=contact), 4)
        if duty.status == "presumed":
            self._unknown(duty.depends_on, 4)

    # -- what is open -------------------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        e, page = self._e, self._page
        found = [rule for rule in e.rules_that_are("open") if rule.outcome is not None]
        ranks = {o.name: o.rank for o in e.scale}
        higher = [rule for rule in found if ranks[rule.outcome or ""] > e.outcome.rank]
        if higher:
            page.heading(self._say("full.open"))
            for outcome in reversed(e.scale):
                titles = [rule.title for rule in higher if rule.outcome == outcome.name]
                if titles:
                    page.item("*", self._say("full.open.item", outcome=outcome.title, titles=self._texts.join(titles, "list.semicolon")), 2)
        if e.questions:
            page.heading(self._say("full.questions"))
            for i, question in enumerate(e.questions, 1):
                page.item(f"{i}.", self._phrases.asking(e, question), 2, 6)
                if question.help:
                    page.paragraph(question.help, 6)

    def _changes(self) -> None:
        if self._e.changes:
            self._page.heading(self._say("full.changes"))
            self._page.paragraph(self._say("full.changes.note"))
            for change in self._e.changes:
                outcome = self._e.title_of(change.outcome)
                parts = {"question": change.question, "answer": change.answer, "other": change.other_answer, "outcome": outcome}
                self._page.item("*", self._say("full.change", **parts), 2)

    def _facts(self) -> None:
        self._page.heading(self._say("full.facts"))
        if self._e.facts:
            self._answers(self._e.facts, 2)
        else:
            self._page.paragraph(self._say("full.facts.none"))

    # -- sources ------------------------------------------------------------------------------------------------------------------------

    def _register(self) -> None:
        e, page = self._e, self._page
        page.heading(self._say("full.sources"))
        for name, number in self._sources.items():
            page.item(self._say("full.source.number", number=number), name, 2, 8)
            for address in dict.fromkeys(s.address for s in e.statements if s.source == name and s.address):
                page.paragraph(address, 8)
        if e.unconfirmed:
            page.blank()
            page.paragraph(self._say("full.unconfirmed"))
            page.paragraph(self._texts.join(e.unconfirmed, "list.and"), 2)
        page.heading(self._say("full.packs"))
        for pack in e.packs:
            signed = self._say("full.pack.signed" if pack.signed_off else "full.pack.unsigned")
            page.item("*", self._say("full.pack", pack=pack.pack, version=pack.version, title=pack.title, signed=signed), 2)
            page.paragraph(pack.digest, 4)
            page.paragraph(pack.notes, 4)
        page.blank()
        for text in dict.fromkeys(self._phrases.warning(warning, e) for warning in e.warnings):
            page.paragraph(text)

    def _statements(self, names: Iterable[str], indent: int) -> None:
        """Statements, each written out where it is first cited."""
        again = []
        for name in names:
            found = next((s for s in self._e.statements if s.id == name), None)
            if found is None or name in self._cited:
                again.append(name)
                continue
            self._cited.add(name)
            text = self._say(
                "full.statement",
                id=found.id,
                text=found.text,
                number=self._sources[found.source],
                section=found.section,
                force=self._say(f"force.{found.force}"),
                checked=self._say(f"checked.{found.checked}"),
            )
            self._page.item("-", text, indent)
        if again:
            self._page.item("-", self._texts.join(again, "list.semicolon"), indent)

    # -- facts --------------------------------------------------------------------------------------------------------------------------

    def _answer_of(self, fact: FactWords) -> str:
        return self._say("fact", question=fact.question, answer=fact.answer)

    def _answers(self, facts: Iterable[FactWords], indent: int) -> None:
        for fact in facts:
            self._page.item("-", self._answer_of(fact), indent)

    def _unknown(self, facts: Sequence[OpenFact], indent: int) -> None:
        if not facts:
            return
        text = self._say("full.unknown", questions=" ".join(fact.question for fact in facts[:UNKNOWN]))
        if len(facts) > UNKNOWN:
            text = self._say("full.unknown.and", unknown=text, more=self._texts.count("full.unknown.more", len(facts) - UNKNOWN))
        self._page.paragraph(text, indent)
