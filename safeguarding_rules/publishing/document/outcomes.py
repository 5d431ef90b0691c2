"""The outcome scale, the advice while a case is not settled, and the steps of the flow picture, as readers see them."""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.publishing.document.links import Link, OutcomeRef, StatementRef
from safeguarding_rules.publishing.document.rules import DutyView


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A step of the scale."""

    ref: OutcomeRef
    meaning: str
    because: str
    cites: tuple[StatementRef, ...]
    rules: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AdviceView:
    """What is advised while missing facts could still change the outcome; `parts`: what each pack that speaks says, the top pack first."""

    link: Link
    outcome: OutcomeRef
    parts: tuple[AdvicePart, ...]


@dataclass(frozen=True, slots=True)
class AdvicePart:
    """What one pack says of that advice."""

    pack: str
    because: str
    duties: tuple[DutyView, ...]
    cites: tuple[StatementRef, ...]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One question of the flow: is any of these rules met? If so, at least this outcome."""

    outcome: OutcomeRef
    rules: tuple[Link, ...]
