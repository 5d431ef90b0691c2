"""Makes events from what a caller gave, and refuses what no event can hold.

Comes in: the kind of an event and its fields. Goes out: the event, or a CaseError. Promised: an error names the field, what is wrong and what to do,
and never repeats what was given, which may be about a person and would end up in a log.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from safeguarding_rules.casework.canonical import canonical_bytes, keepable, plain_data
from safeguarding_rules.casework.events import EventPart, FactCorrected, FactLearnt
from safeguarding_rules.casework.moments import LONGEST_TEXT, day_words
from safeguarding_rules.diagnostics import CaseError, Diagnostic
from safeguarding_rules.language.deadlines import LONDON

E = TypeVar("E", bound=EventPart)
_WRONG: dict[str, tuple[str, str, str]] = {
    "timezone_aware": ("SR901", "has no time zone", "give an aware datetime"),
    "string_too_long": ("SR924", f"is longer than {LONGEST_TEXT} characters", "write less, and say where the rest is kept"),
    "string_too_short": ("SR909", "is empty", "say it in a few words"),
    "string_type": ("SR924", "is not text", "give text"),
    "string_unicode": ("SR924", "holds characters that cannot be written down", "type it again"),
    "date_from_datetime_inexact": ("SR924", "is a time and not a day", "give a date"),
    "date_from_datetime_parsing": ("SR924", "is not a day", "give a date"),
    "bool_type": ("SR924", "is neither true nor false", "give True or False"),
    "invalid-json-value": ("SR924", "is no value to write down", "give true, false, a whole number, text, or a test such as {below: 13}"),
}  # fmt: skip


def made(kind: type[E], fields: dict[str, Any]) -> E:
    """An event of a kind. Raises CaseError listing every field that it cannot hold, without what was given."""
    found: list[Diagnostic] = []
    try:
        event = kind(**fields)
        canonical_bytes(event)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=True):
            allowed = str(one.get("ctx", {}).get("expected", ""))
            told = ("SR924", "is not one of the words that stand for it", f"one of: {allowed}") if allowed else None
            code, wrong, remedy = told or _WRONG.get(one["type"], ("SR924", "cannot be written down", "see the documentation of the call"))
            found.append(Diagnostic(code, "error", f"`{'.'.join(map(str, one['loc'][:1]))}` {wrong}", help=remedy))
    except ValueError:
        _, wrong, remedy = _WRONG["invalid-json-value"]
        found.append(Diagnostic("SR924", "error", f"the value {wrong}", help=remedy))
    else:
        _, wrong, remedy = _WRONG["string_unicode"]
        found += [Diagnostic("SR924", "error", f"`{name}` {wrong}", help=remedy) for name, value in plain_data(event).items() if not _keepable(value)]
        if not found:
            return event
    raise CaseError(found)


def _keepable(value: object) -> bool:
    """Whether every text within a value can be kept and printed."""
    if isinstance(value, dict):
        return all(map(_keepable, [*value, *value.values()]))
    return all(map(_keepable, value)) if isinstance(value, list) else not isinstance(value, str) or keepable(value)


def case_id(case: object) -> str:
    """The id of a case. Raises CaseError for one that cannot be written down."""
    if not isinstance(case, str) or not keepable(case):
        wrong = "holds characters that cannot be written down" if isinstance(case, str) else "is not text"
        raise refused("SR924", f"the id of the case {wrong}", "give it a number without meaning")
    if not case.strip():
        raise refused("SR924", "the id of the case is empty", "give it a number without meaning")
    return case


def refused(code: str, message: str, remedy: str) -> CaseError:
    """The error for a call that a case does not take."""
    return CaseError([Diagnostic(code, "error", message, help=remedy)])


def said(text: str, what: str) -> str:
    """Text that says something. Raises CaseError."""
    if not isinstance(text, str):
        raise refused("SR924", f"it is not said in text {what}", "give text")
    if not text.strip():
        raise refused("SR909", f"it is not said {what}", "say it in a few words")
    return text


def writer(who: str) -> str:
    """Who writes something down. Raises CaseError."""
    if not keepable(said(who, "who writes it down")):
        raise refused("SR924", "`who` holds characters that cannot be written down", "type it again")
    return who


def given(value: object) -> None:
    """Refuse None for what is known of a fact. Raises CaseError."""
    if value is None:
        raise refused("SR924", "`value` says that nothing is known", "leave the fact out; `withdraw` takes back what was known")


def known_otherwise(event: FactLearnt | FactCorrected) -> Diagnostic:
    """The refusal to learn of a fact what is not what is known of it."""
    since = event.known_at.astimezone(LONDON)
    message = f"`{event.fact}` is known otherwise since {day_words(since)} {since:%H:%M}"
    return Diagnostic("SR902", "error", message, help="say `correct`")


def zoned(name: str, moment: datetime) -> datetime:
    """A moment with a time zone. Raises CaseError."""
    if moment.utcoffset() is None:
        raise refused("SR901", f"`{name}` has no time zone", "give an aware datetime")
    return moment
