"""Moments and personal values: what the fields of events and records are made of.

A moment is a date and time with a zone, kept in UTC. A field marked `PERSONAL` holds something of or about a person; a journal keeps its value apart,
so that it can be erased at the end of retention.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer, StringConstraints

from safeguarding_rules.interface_texts import ENGLISH

LONGEST_TEXT = 20_000
TOLERATED = timedelta(minutes=5)
"""How far the clocks of two machines, or what happened and its being written down, may be apart without a word."""


@dataclass(frozen=True)
class Personal:
    """The mark of a field that holds something of or about a person."""


PERSONAL = Personal()


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC)), PlainSerializer(_written, return_type=str, when_used="json")]
FreeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]


def day_words(day: date) -> str:
    """A day in words, the same wherever a program runs: months by the C library follow the locale of whoever embeds this."""
    return f"{day.day:02} {ENGLISH.say(f'month.{day.month}')} {day.year}"


def day_short(day: date) -> str:
    """A day in few words."""
    return f"{day.day:02} {ENGLISH.say(f'month.{day.month}')[:3]} {day.year}"


class CaseworkPart(BaseModel):
    """A part of an event or a record: frozen, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def personal_fields(model: type[BaseModel]) -> frozenset[str]:
    """The names of the fields of a model that hold something of or about a person, each with all it contains."""
    return frozenset(name for name, field in model.model_fields.items() if PERSONAL in field.metadata)
