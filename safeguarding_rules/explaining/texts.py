"""The catalogue: every word of an explanation that is not a pack's or a fact's. A translation is another Catalogue with the same keys and slots.

Promised: templates are fixed text with named slots; none of them blames a child or asks anyone to look at imagery. Must not know: packs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Catalogue:
    """Templates of one language by key."""

    language: str
    templates: Mapping[str, str]

    def say(self, key: str, **slots: object) -> str:
        """A template with its slots filled."""
        return self.templates[key].format(**slots)

    def count(self, key: str, number: int, **slots: object) -> str:
        """A template that depends on a number: `key.one` for one, else `key.many`."""
        return self.say(f"{key}.{'one' if number == 1 else 'many'}", number=number, **slots)

    def join(self, items: Sequence[str], key: str) -> str:
        """A list as one phrase; the template of `key` joins two."""
        joined = items[0] if items else ""
        for item in items[1:-1]:
            joined = self.say("list.more" if key in ("list.and", "list.or") else key, first=joined, second=item)
        return self.say(key, first=joined, second=items[-1]) if len(items) > 1 else joined


_ENGLISH: Final[Mapping[str, str]] = {
    # -- lists, answers, conditions
    "list.more": "{first}, {second}",
    "list.and": "{first} and {second}",
    "list.or": "{first} or {second}",
    "list.semicolon": "{first}; {second}",
    "answer.yes": "Yes",
    "answer.no": "No",
    "answer.only": "{values}; nothing else",
    "answer.none": "None of these",
    "answer.nothing": "Nothing known",
    "answer.is_not": "Not: {value}",
    "answer.below": "Below {value}",
    "answer.at_most": "{value} or less",
    "answer.at_least": "{value} or more",
    "answer.above": "More than {value}",
    "condition.test": "{question} {answer}",
    "condition.always": "Always",
    "condition.not": "Not so: ({condition})",
    "condition.and": "{first}; and {second}",
    "condition.or": "{first}; or {second}",
    "fact": "{question} {answer}.",
    "fact.open": "{question}",
    # -- who, how strongly, by when
    "who.dsl": "DSL",
    "who.headteacher": "Headteacher",
    "who.other_staff": "Other staff",
    "who.setting": "Setting",
    "modality.must": "must",
    "modality.should": "should",
    "modality.may": "may",
    "modality.should_not": "should not",
    "modality.must_not": "must not",
    "duty.label": "{who} {modality}",
    "duty": "{title}",
    "duty.with": "{duty} ({more})",
    "duty.presumed": "for now",
    "duty.as_above": "contact as above",
    "when.immediately": "Now",
    "when.same_day": "Today",
    "when.working_days.one": "Within {number} working day",
    "when.working_days.many": "Within {number} working days",
    "when.duration": "Within {span}",
    "when.none": "No set time",
    "span.years.one": "{number} year",
    "span.years.many": "{number} years",
    "span.months.one": "{number} month",
    "span.months.many": "{number} months",
    "span.days.one": "{number} day",
    "span.days.many": "{number} days",
    "span.hours.one": "{number} hour",
    "span.hours.many": "{number} hours",
    "span.minutes.one": "{number} minute",
    "span.minutes.many": "{number} minutes",
    "span.seconds.one": "{number} second",
    "span.seconds.many": "{number} seconds",
    "due": "by {time} on {day} {month} {year}",
    "clock.known": "counted from when it became known",
    "clock.other": "counted from: {clock}",
    "month.1": "January",
    "month.2": "February",
    "month.3": "March",
    "month.4": "April",
    "month.5": "May",
    "month.6": "June",
    "month.7": "July",
    "month.8": "August",
    "month.9": "September",
    "month.10": "October",
    "month.11": "November",
    "month.12": "December",
    # -- contacts
    "contact.phone": "{name}, {phone}",
    "contact.web": "{name}, {web}",
    "contact.when": "{when}: {contact}",
    "contact.otherwise": "Otherwise: {contact}",
    "contact.block": "Whom to contact",
    # -- how sure
    "sure.settled": "This is settled. Nothing that is still unknown can change it.",
    "sure.firm": "Act on this now. Nothing that is still unknown can make it milder.",
    "sure.open": "Act on this now. It is the safe course while facts are missing.",
    "sure.contradiction": "Some facts cannot all be true. Act on this now: it is the safe course until they are cleared up.",
    "sure.rise": "It could still rise to: {outcomes}.",
    "sure.fall": "It could still turn out milder: {outcomes}.",
    "sure.bounds": "The exact answer took too many steps. What is shown errs on the safe side.",
    # -- short
    "why": "Why: {because}",
    "why.unsettled": "Why: {because}",
    "why.contradiction": "These cannot all be true:",
    "never.everyone": "Nobody may: {titles}.",
    "never.who": "{who} must not: {titles}.",
    "avoid.everyone": "Nobody should: {titles}.",
    "avoid.who": "{who} should not: {titles}.",
    "never.block": "Do not",
    "staff.block": "Other staff",
    "also.block": "As well",
    "ask.block": "Find out next",
    "ask.may_bring": "{question} (may bring: {outcome})",
    "ask.may_lower": "{question} (may bring it down to: {outcome})",
    "ask.duty": "{question} (may change what to do)",
    "ask.route": "{question} (changes whom to contact)",
    "ask.more.one": "{number} more question still matters.",
    "ask.more.many": "{number} more questions still matter.",
    "for_now": "“For now”: facts are missing, so the safer course is taken until they are known.",
    "check.unconfirmed": "Sources: {count} of the {total} statements behind this are not yet confirmed against their source.",
    "check.unsigned": "Not signed off yet: {packs}.",
    "check.judgement": "Professional judgement and local procedure come first.",
}

ENGLISH: Final = Catalogue("en", _ENGLISH)
