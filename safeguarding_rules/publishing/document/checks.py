"""What must hold, what is accepted, and the examples, as readers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safeguarding_rules.publishing.document.links import Link, OutcomeRef, StatementRef


@dataclass(frozen=True, slots=True)
class InvariantView:
    """What must hold for every possible case."""

    link: Link
    words: str
    because: str
    cites: tuple[StatementRef, ...]
    waived: str


@dataclass(frozen=True, slots=True)
class AcceptedView:
    """A finding that reviewers let stand."""

    finding: str
    at: str
    because: str
    until: date


@dataclass(frozen=True, slots=True)
class StartView:
    """Answers that several examples start from."""

    link: Link
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A worked example: what is known beside what it starts from, and what must come of it."""

    link: Link
    file: str
    start: Link | None
    facts: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    outcome: OutcomeRef | None
    cites: tuple[StatementRef, ...]
    agreed_by: str
    composed: bool
    note: str
