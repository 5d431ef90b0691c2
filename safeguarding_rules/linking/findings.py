"""Collects what linking finds, each finding with its place, so that one run reports everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from safeguarding_rules.diagnostics import Diagnostic, Severity, Span
from safeguarding_rules.language.conditions import Path
from safeguarding_rules.reading.pack import Pack


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a file of a pack; `key` means the key itself rather than its value."""

    pack: Pack
    file: str
    path: Path = ()
    key: bool = False

    def at(self, *steps: str | int, key: bool = False) -> Place:
        """A place inside this one."""
        return Place(self.pack, self.file, (*self.path, *steps), key)

    def span(self) -> Span | None:
        """Line and column."""
        return self.pack.span(self.file, self.path, key=self.key)


@dataclass
class Findings:
    """Every finding so far."""

    found: list[Diagnostic] = field(default_factory=list)

    def report(  # noqa: PLR0913  the parts of one finding
        self,
        code: str,
        place: Place | None,
        message: str,
        help: str | None = None,  # noqa: A002  the word of the diagnostics
        *,
        severity: Severity = "error",
        related: Sequence[tuple[str, Place]] = (),
    ) -> None:
        """Add a finding."""
        others = tuple((text, span) for text, other in related if (span := other.span()) is not None)
        self.found.append(Diagnostic(code, severity, message, None if place is None else place.span(), help, others))

    @property
    def failed(self) -> bool:
        """Whether anything found is an error."""
        return any(diagnostic.severity == "error" for diagnostic in self.found)
