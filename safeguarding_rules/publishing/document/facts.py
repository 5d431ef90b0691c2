"""Questions and what follows from their answers, as readers see them."""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.publishing.document.links import ConditionView, Link, StatementRef


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact: what is asked, what may be answered, where it is used."""

    link: Link
    type: str
    question: str
    short: str
    """The question as one line among others, where it has one."""
    help: str
    answers: tuple[tuple[str, str], ...]
    """Values with their labels; for a number, one entry with its bounds."""
    applies_when: ConditionView | None
    sensitive: bool
    formerly: tuple[Link, ...]
    used_by: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts of one topic."""

    title: str
    name: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class ImplicationView:
    """What follows from what."""

    condition: ConditionView
    consequence: ConditionView
    because: str
    cites: tuple[StatementRef, ...]
