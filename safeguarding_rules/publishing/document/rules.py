"""Rules, decision tables, standing entries and definitions, as readers see them."""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.publishing.document.links import ConditionView, Link, OutcomeRef, StatementRef


@dataclass(frozen=True, slots=True)
class DutyView:
    """Who does what, how strongly and by when."""

    action: Link
    by: str
    modality: str
    modality_words: str
    when: str
    until: str
    note: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule, or one row of a table. `state` is empty, or why it is not applied on the day."""

    link: Link
    because: str
    when: ConditionView
    given: ConditionView | None
    unless: ConditionView | None
    if_unknown: str
    outcome: OutcomeRef | None
    duties: tuple[DutyView, ...]
    cites: tuple[StatementRef, ...]
    note: str = ""
    formerly: tuple[Link, ...] = ()
    strengthened: tuple[Link, ...] = ()
    state: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """A decision table: one column a fact, one row a rule."""

    link: Link
    complete: bool
    columns: tuple[ConditionView, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class StandingView:
    """Duties that follow from the outcome."""

    link: Link
    occasion: str
    outcome: OutcomeRef | None
    because: str
    duties: tuple[DutyView, ...]
    cites: tuple[StatementRef, ...]
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class StrengtheningView:
    """How a layer makes a rule above more protective."""

    link: Link
    rule: Link
    outcome: OutcomeRef | None
    because: str
    duties: tuple[DutyView, ...]
    cites: tuple[StatementRef, ...]
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A condition with a name."""

    link: Link
    condition: ConditionView


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """One file of rules, under a heading."""

    link: Link
    rules: tuple[RuleView, ...] = ()
    tables: tuple[TableView, ...] = ()
    standing: tuple[StandingView, ...] = ()
    strengthens: tuple[StrengtheningView, ...] = ()
    definitions: tuple[DefinitionView, ...] = ()
