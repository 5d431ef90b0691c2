"""The cases that packs ship: each with its facts put together and the day on which it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from safeguarding_rules.diagnostics import Span
from safeguarding_rules.language.documents import Expectation
from safeguarding_rules.reading import Pack


@dataclass(frozen=True, slots=True)
class PackCase:
    """A case of a pack, ready to be decided."""

    pack: str
    version: str
    file: str
    name: str
    title: str
    on: date
    facts: Mapping[str, object]
    expect: Expectation
    place: Span
    """Where its name stands."""
    extent: Span
    """All of it."""

    @property
    def id(self) -> str:
        """Return what names the case among all: pack, version, file and name."""
        return f"{self.pack}@{self.version}/{self.file.removesuffix('.yaml')}/{self.name}"

    def contains(self, span: Span | None) -> bool:
        """Whether a place lies within the case."""
        extent = self.extent
        if span is None or span.file != extent.file:
            return False
        return (self.place.line, self.place.column) <= (span.line, span.column) <= (extent.end_line, extent.end_column)


def cases_of(pack: Pack, today: date) -> Iterator[PackCase]:
    """Yield the cases of a pack in their order. Raises PackError where a file of cases has the wrong shape."""
    for file, document in pack.cases():
        for name, case in document.cases.items():
            start = document.starting_points.get(case.start_from, {}) if case.start_from is not None else {}
            facts = {fact: value for fact, value in {**start, **case.facts}.items() if value is not None}
            place, extent = pack.span(file, ("cases", name), key=True), pack.span(file, ("cases", name))
            on = case.on or default_day(pack, today)
            yield PackCase(pack.id, pack.version, file, name, case.title, on, facts, case.expect, place, extent)


def default_day(pack: Pack, today: date) -> date:
    """Return the day of a case that names none: the first day the pack is in force, today if that is later, and never after its last day."""
    interval = pack.manifest.in_force
    day = max(interval.from_, today)
    return day if interval.until is None else min(day, interval.until - timedelta(days=1))
