"""Phrases shared by the registers: duties, deadlines, contacts, outcomes.

Comes in: parts of an explanation. Goes out: catalogue text filled with pack text. Must not know: how a page is laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from safeguarding_rules.deciding.words import plain
from safeguarding_rules.explaining.document import (
    DeadlineWords,
    DutyWords,
    ExplanationDocument,
    OutcomeWords,
    QuestionWords,
    RouteWords,
    WarningWords,
)
from safeguarding_rules.explaining.layout import UNBROKEN, Page
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.language.deadlines import Deadline, parse_deadline

NO_TIME = (9, 0)
_MODALITY_ORDER = {"must": 0, "should": 1, "may": 2}
_DAY = 86400


def strictest_first(duty: DutyWords) -> int:
    """Must before should before may."""
    return _MODALITY_ORDER[duty.to_act_on]


def lowered(title: str) -> str:
    """A title inside a sentence: its first letter small, unless its first word is written in capitals."""
    return title[:1].lower() + title[1:] if not title[1:2].isupper() else title


def urgency(duty: DutyWords) -> tuple[int, int]:
    """How soon a duty is due: smaller is sooner."""
    found = [_span(parse_deadline(d.within)) for d in duty.deadlines]
    return min(found, default=NO_TIME)


def by_urgency(duties: Iterable[DutyWords]) -> list[DutyWords]:
    """Duties in the order to do them: soonest first, then what other staff do last, then the strongest, then as declared."""
    return sorted(duties, key=lambda d: (urgency(d), d.by == "other_staff", strictest_first(d)))


def _span(deadline: Deadline) -> tuple[int, int]:
    match deadline.kind:
        case "immediately":
            return (0, 0)
        case "same_day":
            return (2, 0)
        case "working_days":
            return (3, deadline.days * _DAY)
        case _:
            seconds = (31 * deadline.months + deadline.days) * _DAY + deadline.seconds
            return (1 if seconds < _DAY else 3, seconds)


class Phrases:
    """Fills the catalogue's templates."""

    def __init__(self, texts: Catalogue) -> None:
        self.texts = texts
        self.say = texts.say

    def outcomes(self, outcomes: Sequence[OutcomeWords]) -> str:
        """Several outcomes by their titles."""
        return self.texts.join([o.title for o in outcomes], "list.semicolon")

    def label(self, duty: DutyWords) -> str:
        """Who, and how strongly."""
        return self.say("duty.label", who=self.say(f"who.{duty.by}"), modality=self.say(f"modality.{duty.to_act_on}"))

    def strength_and_time(self, duty: DutyWords) -> str:
        """How strongly, and by when."""
        modality = self.say(f"modality.{duty.to_act_on}")
        return self.say("duty.strength_and_time", modality=modality, when=lowered(self.when(duty))) if duty.deadlines else modality

    def when(self, duty: DutyWords) -> str:
        """The earliest deadline as a heading."""
        if not duty.deadlines:
            return self.say("when.none")
        return self.within(min(duty.deadlines, key=lambda d: _span(parse_deadline(d.within))))

    def within(self, deadline: DeadlineWords) -> str:
        """A deadline's span."""
        found = parse_deadline(deadline.within)
        if found.kind == "working_days":
            return self.texts.count("when.working_days", found.days)
        if found.kind == "duration":
            return self.say("when.duration", span=self._duration(found))
        return self.say(f"when.{found.kind}")

    def _duration(self, deadline: Deadline) -> str:
        minutes, seconds = divmod(deadline.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        years, months = divmod(deadline.months, 12)
        spans = {"years": years, "months": months, "days": deadline.days, "hours": hours, "minutes": minutes, "seconds": seconds}
        found = [self.texts.count(f"span.{unit}", number) for unit, number in spans.items() if number]
        return self.texts.join(found or [self.texts.count("span.seconds", 0)], "list.and")

    def due(self, deadline: DeadlineWords) -> str | None:
        """The moment a deadline is due, if it is known."""
        if deadline.due is None:
            return None
        moment = datetime.fromisoformat(deadline.due)
        return self.say("due", time=f"{moment:%H:%M}", day=moment.day, month=self.say(f"month.{moment.month}"), year=moment.year)

    def clock(self, deadline: DeadlineWords) -> str:
        """What a deadline counts from."""
        return self.say("clock.known") if deadline.from_ == "known" else self.say("clock.other", clock=plain(deadline.from_))

    def deadline(self, deadline: DeadlineWords) -> str:
        """A deadline with its clock and, if known, its moment."""
        parts = {"within": self.within(deadline), "clock": self.clock(deadline)}
        due = self.due(deadline)
        return self.say("deadline.open", **parts) if due is None else self.say("deadline", due=due, **parts)

    def day(self, text: str) -> str:
        """A day, given in ISO 8601."""
        found = date.fromisoformat(text)
        return self.say("day", day=found.day, month=self.say(f"month.{found.month}"), year=found.year)

    # -- contacts -----------------------------------------------------------------------------------------------------------------------

    def contact(self, route: RouteWords) -> str:
        """A contact with its number, or its address where it has none."""
        if route.phone:
            return self.say("contact.phone", name=route.name, phone=route.phone.replace(" ", UNBROKEN))
        return self.say("contact.web", name=route.name, web=route.web) if route.web else route.name

    def contacts(self, routes: Sequence[RouteWords]) -> list[str]:
        """Every contact, with what chooses among them."""
        if len(routes) == 1 and routes[0].when is None:
            return [self.contact(routes[0])]
        return [self._chosen(route, self.contact(route)) for route in routes]

    def _chosen(self, route: RouteWords, contact: str) -> str:
        if route.when is None:
            return self.say("contact.otherwise", contact=contact)
        return self.say("contact.when", when=route.when, contact=contact)

    def contacts_in_full(self, routes: Sequence[RouteWords]) -> list[str]:
        """Every contact with its address, hours and notes, and what chooses among them."""
        found = []
        for route in routes:
            contact = self.contact(route)
            if route.phone and route.web:
                contact = self.say("contact.web", name=contact, web=route.web)
            more = [self.say("contact.hours", hours=route.hours)] if route.hours else []
            more += [route.note] if route.note else []
            whole = self.say("contact.full", contact=contact, more=" ".join(more)) if more else contact
            found.append(whole if len(routes) == 1 and route.when is None else self._chosen(route, whole))
        return found

    # -- how sure, what to ask, what to check -----------------------------------------------------------------------------------------

    def certainty(self, e: ExplanationDocument, *, brief: bool = False) -> list[str]:
        """Whether to act now, and what it could still become; briefly: only that it may turn out milder, not how mild."""
        settled = "settled" if e.outcome.rank else "settled.mildest"
        sure = "contradiction" if e.contradictions else settled if e.settled else "firm" if e.firm else "open"
        sentences = [self.say(f"sure.{sure}")]
        if e.rise_to:
            sentences.append(self.say("sure.rise", outcomes=self.outcomes(e.rise_to)))
        if e.fall_to:
            sentences.append(self.say("sure.fall.brief") if brief else self.say("sure.fall", outcomes=self.outcomes(e.fall_to)))
        if not e.exact:
            sentences.append(self.say("sure.bounds"))
        return sentences

    def conflicts(self, e: ExplanationDocument, page: Page) -> None:
        """The answers that cannot all be true."""
        for i, conflict in enumerate(e.contradictions):
            page.paragraph(self.say("conflict.next" if i else "conflict.first"))
            for fact in conflict:
                page.item("-", self.say("fact", question=fact.question, answer=fact.answer), 2)

    def asking(self, e: ExplanationDocument, question: QuestionWords) -> str:
        """A question with the most protective outcome that hangs on it."""
        ranks = {o.name: o.rank for o in e.scale}
        if not question.could_become:
            return self.say("ask.route" if question.only_route else "ask.duty", question=question.question)
        highest = max(question.could_become, key=ranks.__getitem__)
        key = "ask.may_bring" if ranks[highest] > e.outcome.rank else "ask.may_lower"
        return self.say(key, question=question.question, outcome=e.title_of(highest))

    def checked(self, e: ExplanationDocument) -> str:
        """How far the sources were confirmed and the packs signed off."""
        packs = self.texts.join([f"{p.pack} {p.version}" for p in e.packs], "list.and")
        sentences = [self.say("check.decided" if all(p.in_force for p in e.packs) else "check.decided.not_in_force", packs=packs, day=self.day(e.on))]
        if e.unconfirmed:
            sentences.append(self.say("check.unconfirmed", count=len(e.unconfirmed), total=len(e.statements)))
        else:
            sentences.append(self.say("check.all_confirmed", total=len(e.statements)))
        unsigned = [f"{p.pack} {p.version}" for p in e.packs if not p.signed_off]
        if unsigned:
            sentences.append(self.say("check.unsigned", packs=self.texts.join(unsigned, "list.and")))
        sentences.append(self.say("check.judgement"))
        return " ".join(sentences)

    def warning(self, warning: WarningWords, e: ExplanationDocument) -> str:
        """A warning in words."""
        concerned = {
            "SR812": [p for p in e.packs if p.status == "draft"],
            "SR815": [p for p in e.packs if p.review_by and p.review_by <= e.on],
            "SR818": [p for p in e.packs if not p.in_force],
        }
        packs = [f"{p.pack} {p.version}" for p in concerned.get(warning.code, ())]
        return self.say(f"warning.{warning.code}", packs=self.texts.join(packs, "list.and"))
