"""The short register: what a busy designated safeguarding lead can act on at once.

Comes in: an explanation. Goes out: one screen of plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from safeguarding_rules.explaining.document import DutyWords, ExplanationDocument, QuestionWords, RouteWords
from safeguarding_rules.explaining.layout import Page
from safeguarding_rules.explaining.phrases import NO_TIME, Phrases, lowered, modality_of, urgency
from safeguarding_rules.explaining.texts import Catalogue

QUESTIONS = 4
LABEL = 20
_MODALITY_ORDER = {"must": 0, "should": 1, "may": 2}


class Short:
    """Writes the short register of one explanation."""

    def __init__(self, explanation: ExplanationDocument, texts: Catalogue) -> None:
        self._e = explanation
        self._texts = texts
        self._say = texts.say
        self._phrases = Phrases(texts)
        self._page = Page()

    def text(self) -> str:
        """The whole text."""
        self._outcome()
        standing = self._e.duties_that("applies", "presumed")
        todo = [d for d in standing if not modality_of(d).endswith("_not")]
        self._todo(todo)
        self._prohibitions([d for d in standing if modality_of(d).endswith("_not")])
        self._questions()
        self._check(any(d.status == "presumed" for d in standing))
        return self._page.text()

    # -- the answer -------------------------------------------------------------------------------------------------------------------

    def _outcome(self) -> None:
        e, page = self._e, self._page
        page.title(e.outcome.title.upper())
        page.paragraph(e.outcome.meaning)
        page.blank()
        sure = "contradiction" if e.contradictions else "settled" if e.settled else "firm" if e.firm else "open"
        sentences = [self._say(f"sure.{sure}")]
        if e.rise_to:
            sentences.append(self._say("sure.rise", outcomes=self._phrases.outcomes(e.rise_to)))
        if e.fall_to:
            sentences.append(self._say("sure.fall", outcomes=self._phrases.outcomes(e.fall_to)))
        if not e.exact:
            sentences.append(self._say("sure.bounds"))
        page.paragraph(" ".join(sentences))
        for conflict in e.contradictions:
            page.paragraph(self._say("why.contradiction"))
            for fact in conflict:
                page.item("-", self._say("fact", question=fact.question, answer=fact.answer), 2)
        page.paragraph(self._say("why", because=self._reason()))

    def _reason(self) -> str:
        """The reason of the strongest rule behind the advice, else of the outcome itself or of not knowing enough."""
        e = self._e
        behind = [r for r in e.rules if r.status in ("met", "presumed") and r.outcome == e.outcome.name]
        named = [r for r in behind if r.rule in e.because.rules] or behind
        if named:
            return named[0].because
        if e.because.rules and not e.settled and e.outcome.rank == e.possible[0].rank:
            return e.ground(e.because.rules[0]).because
        if not e.settled:
            return next(g.because for g in e.grounds if g.kind == "when_unsettled")
        return e.outcome.because

    # -- what to do -------------------------------------------------------------------------------------------------------------------

    def _todo(self, duties: Sequence[DutyWords]) -> None:
        page = self._page
        order = {id(d): i for i, d in enumerate(duties)}
        timed = sorted((d for d in duties if urgency(d) < NO_TIME), key=lambda d: (urgency(d), d.by == "other_staff", _MODALITY_ORDER[modality_of(d)], order[id(d)]))
        shown: set[tuple[RouteWords, ...]] = set()
        for _, group in groupby(timed, key=urgency):
            items = list(group)
            page.heading(self._phrases.when(items[0]))
            for duty in items:
                self._duty(duty, shown)
        rest = [d for d in duties if urgency(d) == NO_TIME]
        if rest:
            page.heading(self._say("also.block"))
            for label, group in groupby(sorted(rest, key=lambda d: (d.by != "dsl", d.by, _MODALITY_ORDER[modality_of(d)], order[id(d)])), key=self._phrases.label):
                page.item(label, self._texts.join([self._named(d) for d in group], "list.semicolon"), 2, LABEL)

    def _named(self, duty: DutyWords, *more: str | None) -> str:
        remarks = [m for m in more if m]
        if duty.status == "presumed":
            remarks.append(self._say("duty.presumed"))
        return self._say("duty.with", duty=duty.title, more=self._texts.join(remarks, "list.semicolon")) if remarks else duty.title

    def _duty(self, duty: DutyWords, shown: set[tuple[RouteWords, ...]]) -> None:
        due = next((self._phrases.due(d) for d in duty.deadlines if d.due is not None and d.within != "immediately"), None)
        again = duty.routes in shown
        self._page.item(self._phrases.label(duty), self._named(duty, due, self._say("duty.as_above") if duty.routes and again else None), 2, LABEL)
        if duty.routes and not again:
            for contact in self._phrases.contacts(duty.routes):
                self._page.item("-", contact, LABEL)
            shown.add(duty.routes)

    # -- what not to do -----------------------------------------------------------------------------------------------------------------

    def _prohibitions(self, duties: Sequence[DutyWords]) -> None:
        """The same prohibition for several people is said once."""
        if not duties:
            return
        self._page.heading(self._say("never.block"))
        for modality, key in (("must_not", "never"), ("should_not", "avoid")):
            people: dict[str, set[str]] = {}
            titles: dict[str, str] = {}
            for duty in duties:
                if modality_of(duty) == modality:
                    people.setdefault(duty.action, set()).add(duty.by)
                    titles[duty.action] = lowered(duty.title)
            everyone = [titles[a] for a, by in people.items() if by >= {"dsl", "other_staff"} or "setting" in by]
            if everyone:
                self._page.paragraph(self._say(f"{key}.everyone", titles=self._texts.join(everyone, "list.semicolon")), 2)
            for who in ("dsl", "headteacher", "other_staff"):
                found = [titles[a] for a, by in people.items() if who in by and titles[a] not in everyone]
                if found:
                    self._page.paragraph(self._say(f"{key}.who", who=self._say(f"who.{who}"), titles=self._texts.join(found, "list.semicolon")), 2)

    # -- what to find out, what to check --------------------------------------------------------------------------------------------------

    def _questions(self) -> None:
        questions = [q for q in self._e.questions if not q.only_route]
        if not questions:
            return
        self._page.heading(self._say("ask.block"))
        for i, question in enumerate(questions[:QUESTIONS], 1):
            self._page.item(f"{i}.", self.asking(question), 2)
        if len(questions) > QUESTIONS:
            self._page.paragraph(self._texts.count("ask.more", len(questions) - QUESTIONS), 2)

    def asking(self, question: QuestionWords) -> str:
        """A question with the most protective outcome that hangs on it."""
        e = self._e
        ranks = {o.name: o.rank for o in e.scale}
        if not question.could_become:
            return self._say("ask.route" if question.only_route else "ask.duty", question=question.question)
        highest = max(question.could_become, key=ranks.__getitem__)
        key = "ask.may_bring" if ranks[highest] > e.outcome.rank else "ask.may_lower"
        return self._say(key, question=question.question, outcome=e.title_of(highest))

    def _check(self, presumed: bool) -> None:  # noqa: FBT001
        e, page = self._e, self._page
        page.blank()
        if presumed:
            page.paragraph(self._say("for_now"))
        sentences = []
        if e.unconfirmed:
            sentences.append(self._say("check.unconfirmed", count=len(e.unconfirmed), total=len(e.statements)))
        unsigned = [f"{p.pack} {p.version}" for p in e.packs if not p.signed_off]
        if unsigned:
            sentences.append(self._say("check.unsigned", packs=self._texts.join(unsigned, "list.and")))
        sentences.append(self._say("check.judgement"))
        page.paragraph(" ".join(sentences))
