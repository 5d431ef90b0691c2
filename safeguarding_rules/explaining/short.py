"""The short register: what a busy designated safeguarding lead can act on at once.

Comes in: an explanation. Goes out: a page of plain text. What is due first stands first, what is special to this case before what always holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby

from safeguarding_rules.explaining.document import DutyWords, ExplanationDocument, RouteWords, RuleWords
from safeguarding_rules.explaining.layout import Page
from safeguarding_rules.explaining.phrases import NO_TIME, Phrases, by_urgency, lowered, strictest_first, urgency
from safeguarding_rules.explaining.texts import Catalogue

QUESTIONS = 4
LABEL = 18
SAID_ELSEWHERE = frozenset({"SR810", "SR811", "SR814"})  # contradictions, unconfirmed statements and safe bounds have their own place


class Short:
    """Writes the short register of one explanation."""

    def __init__(self, explanation: ExplanationDocument, texts: Catalogue) -> None:
        self._e = explanation
        self._texts = texts
        self._say = texts.say
        self._phrases = Phrases(texts)
        self._page = Page()
        self._letters: dict[tuple[RouteWords, ...], str] = {}
        standing = explanation.duties_that("applies", "presumed")
        self._mixed = any(d.status == "applies" for d in standing) and any(d.status == "presumed" for d in standing)
        self._forbidden = [d for d in standing if d.forbids]
        self._allowed = [d for d in standing if d.to_act_on == "may" and d.protects == "refrain"]
        self._todo = [d for d in standing if not d.forbids and d not in self._allowed]

    def text(self) -> str:
        """The whole text."""
        self._outcome()
        self._do([d for d in self._todo if d.by != "other_staff"])
        self._others([d for d in self._todo if d.by == "other_staff"])
        self._prohibitions()
        self._questions()
        self._contacts()
        self._check()
        return self._page.text()

    # -- the answer -------------------------------------------------------------------------------------------------------------------

    def _outcome(self) -> None:
        e, page = self._e, self._page
        page.title(e.outcome.title.upper())
        page.paragraph(e.outcome.meaning)
        page.blank()
        page.paragraph(" ".join(self._phrases.certainty(e, brief=True)))
        page.paragraph(self._reason())
        self._phrases.conflicts(e, page)

    def _reason(self) -> str:
        """The reason of the strongest rule behind the advice, else of not knowing enough, else of the outcome itself."""
        e = self._e
        rule = self._leading(e.rules_that_are("met"))
        if rule is None and not e.settled and (rule := self._leading(e.rules_that_are("presumed"))):
            return self._say("why.for_now", because=rule.because)
        if rule is not None:
            return self._say("why", because=rule.because)
        if e.because.rules and e.outcome.rank == e.possible[0].rank:
            return self._say("why", because=e.ground(e.because.rules[0]).because)
        if not e.settled:
            return self._say("why", because=e.because_unsettled)
        return self._say("why", because=e.outcome.because)

    def _leading(self, rules: Sequence[RuleWords]) -> RuleWords | None:
        """The first rule with the outcome advised, one that the reasons name before others."""
        behind = [rule for rule in rules if rule.outcome == self._e.outcome.name]
        return next((rule for rule in behind if rule.rule in self._e.because.rules), behind[0] if behind else None)

    # -- what to do -------------------------------------------------------------------------------------------------------------------

    def _do(self, duties: Sequence[DutyWords]) -> None:
        timed = [d for d in by_urgency(duties) if urgency(d) < NO_TIME]
        for _, group in groupby(timed, key=urgency):
            items = list(group)
            self._page.label(self._phrases.when(items[0]))
            for duty in items:
                self._page.item(self._phrases.label(duty), self._named(duty), 2, LABEL)
                notes = [gift.note for gift in duty.given if gift.note and gift.modality == duty.to_act_on]
                if duty.to_act_on == "must" and notes:
                    self._page.paragraph(notes[0], LABEL)
        rest = [d for d in duties if urgency(d) == NO_TIME]
        if rest:
            self._page.label(self._say("also.block" if timed else "todo.block"))
            self._together(sorted(rest, key=lambda d: (d.by != "dsl", d.by, strictest_first(d))), self._phrases.label)

    def _others(self, duties: Sequence[DutyWords]) -> None:
        """What the DSL asks of other staff: on few lines."""
        if duties:
            self._page.label(self._say("who.other_staff"))
            self._together(by_urgency(duties), self._phrases.strength_and_time)

    def _together(self, duties: Iterable[DutyWords], label: Callable[[DutyWords], str]) -> None:
        """Duties with the same label in one paragraph."""
        for text, group in groupby(duties, key=label):
            several = list(group)
            self._page.item(text, self._texts.join([self._named(d, alone=len(several) == 1) for d in several], "list.semicolon"), 2, LABEL)

    def _named(self, duty: DutyWords, *, alone: bool = True) -> str:
        """A duty with its moment, contact and standing. Among others, a contact stands below: its commas would blur where the next duty starts."""
        remarks = [due for d in duty.deadlines if d.within != "immediately" and (due := self._phrases.due(d))][:1]
        title = duty.title
        if alone and len(duty.routes) == 1 and duty.routes[0].when is None:
            title = self._say("duty.contact", duty=title, contact=self._phrases.contact(duty.routes[0]))
        elif duty.routes:
            letter = self._letters.setdefault(duty.routes, self._say(f"letter.{min(len(self._letters) + 1, 9)}"))
            remarks.append(self._say("duty.contacts", letter=letter))
        if duty.status == "presumed" and self._mixed:
            remarks.append(self._say("duty.presumed"))
        return self._say("duty.with", duty=title, more=self._texts.join(remarks, "list.comma")) if remarks else title

    # -- what not to do -----------------------------------------------------------------------------------------------------------------

    def _prohibitions(self) -> None:
        """What a rule forbids in this case, with its reason; then what always holds, the same prohibition for several people said once."""
        if not self._forbidden:
            return
        self._page.label(self._say("never.block"))
        forbidden = [d for d in self._forbidden if not self._said_by_another(d)]
        met = {rule.rule: rule for rule in self._e.rules_that_are("met")}
        special = [d for d in forbidden if d.status == "applies" and any(name in met for name in d.grounds)]
        reasons: dict[str, list[DutyWords]] = {}
        for duty in special:
            reasons.setdefault(next(met[name].because for name in duty.grounds if name in met), []).append(duty)
        for because, duties in reasons.items():
            for sentence in self._forbidding(duties):
                self._page.paragraph(sentence, 2)
            self._page.paragraph(self._say("never.because", because=because), 4)
            for until in dict.fromkeys(gift.until for duty in duties for gift in duty.given if gift.until):
                self._page.paragraph(self._say("never.until", until=until), 4)
        for sentence in self._forbidding([d for d in forbidden if d not in special]):
            self._page.paragraph(sentence, 2)
        for duty in self._allowed:
            self._page.paragraph(self._say("allowed", who=self._say(f"who.{duty.by}"), title=lowered(duty.title)), 2)

    def _said_by_another(self, duty: DutyWords) -> bool:
        """Whether a prohibition with a title that this one only adds to forbids it to the same person."""
        wider = [d for d in self._forbidden if duty.title.startswith(f"{d.title} ") and d.to_act_on == duty.to_act_on]
        people = {d.by for d in wider}
        return duty.by in people or _everyone(people)

    def _forbidding(self, duties: Sequence[DutyWords]) -> Iterable[str]:
        for modality, key in (("must_not", "never"), ("should_not", "avoid")):
            people: dict[str, set[str]] = {}
            for duty in duties:
                if duty.to_act_on == modality:
                    people.setdefault(lowered(duty.title), set()).add(duty.by)
            everyone = [title for title, by in people.items() if _everyone(by)]
            if everyone:
                yield self._say(f"{key}.everyone", titles=self._texts.join(everyone, "list.semicolon"))
            for who in ("dsl", "headteacher", "other_staff"):
                found = [title for title, by in people.items() if who in by and title not in everyone]
                if found:
                    yield self._say(f"{key}.who", who=self._say(f"who.{who}"), titles=self._texts.join(found, "list.semicolon"))

    # -- what to find out, whom to contact, what to check ---------------------------------------------------------------------------------

    def _questions(self) -> None:
        """What decides the outcome; how many more decide only what to do. Where those are few and all there is, they are named."""
        telling = [q for q in self._e.questions if q.could_become]
        others = [q for q in self._e.questions if not q.could_become and not q.only_route]
        if not telling and not others:
            return
        self._page.label(self._say("ask.block"))
        shown = telling[:QUESTIONS] or (others if len(others) <= QUESTIONS else [])
        for i, question in enumerate(shown, 1):
            self._page.item(f"{i}.", self._phrases.asking(self._e, question), 2)
        more = [self._texts.count("ask.more", len(telling) - QUESTIONS)] if len(telling) > QUESTIONS else []
        more += [self._texts.count("ask.duties", len(others))] if others and others is not shown else []
        if more:
            self._page.paragraph(" ".join(more), 2)

    def _contacts(self) -> None:
        if not self._letters:
            return
        self._page.label(self._say("contact.block"))
        for routes, letter in self._letters.items():
            for i, contact in enumerate(self._phrases.contacts(routes)):
                self._page.item("" if i else self._say("contact.letter", letter=letter), contact, 2, 5)

    def _check(self) -> None:
        self._page.blank()
        standing = [*self._todo, *self._forbidden]
        if self._mixed:
            self._page.paragraph(self._say("for_now"))
        elif any(d.status == "presumed" for d in standing):
            self._page.paragraph(self._say("for_now.all"))
        warnings = [self._phrases.warning(w, self._e) for w in self._e.warnings if w.code not in SAID_ELSEWHERE]
        for text in dict.fromkeys(warnings):
            self._page.paragraph(text)
        self._page.paragraph(self._phrases.checked(self._e))


def _everyone(people: Collection[str]) -> bool:
    return "setting" in people or ("dsl" in people and "other_staff" in people)
