"""Phrases shared by the registers: duties, deadlines, contacts, outcomes.

Comes in: parts of an explanation. Goes out: catalogue text filled with pack text. Must not know: how a page is laid out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from safeguarding_rules.explaining.document import DeadlineWords, DutyWords, OutcomeWords, RouteWords
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.language.deadlines import Deadline, parse_deadline

NO_TIME = (9, 0)
_DAY = 86400


def lowered(title: str) -> str:
    """A title inside a sentence: its first letter small, unless its first word is written in capitals."""
    return title[:1].lower() + title[1:] if not title[1:2].isupper() else title


def modality_of(duty: DutyWords) -> str:
    """The modality to act on: what applies, or what is presumed beyond it."""
    return next((s.modality for s in duty.stronger if s.status == "presumed"), duty.modality)


def urgency(duty: DutyWords) -> tuple[int, int]:
    """How soon a duty is due: smaller is sooner."""
    found = [_span(parse_deadline(d.within)) for d in duty.deadlines]
    return min(found, default=NO_TIME)


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
        return self.say("duty.label", who=self.say(f"who.{duty.by}"), modality=self.say(f"modality.{modality_of(duty)}"))

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

    def contact(self, route: RouteWords) -> str:
        """A contact with its number, or its address where it has none."""
        if route.phone:
            return self.say("contact.phone", name=route.name, phone=route.phone)
        return self.say("contact.web", name=route.name, web=route.web) if route.web else route.name

    def contacts(self, routes: Sequence[RouteWords]) -> list[str]:
        """Every contact, with what chooses among them."""
        if len(routes) == 1 and routes[0].when is None:
            return [self.contact(routes[0])]
        return [
            self.say("contact.otherwise", contact=self.contact(r)) if r.when is None else self.say("contact.when", when=r.when, contact=self.contact(r))
            for r in routes
        ]
