"""A whole pack, as readers see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from safeguarding_rules.publishing.document.actions import ActionView, RouteView
from safeguarding_rules.publishing.document.changes import ChangesView
from safeguarding_rules.publishing.document.checks import AcceptedView, CaseView, InvariantView, StartView
from safeguarding_rules.publishing.document.facts import FactGroup, ImplicationView
from safeguarding_rules.publishing.document.outcomes import AdviceView, FlowStep, OutcomeView
from safeguarding_rules.publishing.document.rules import RuleGroup, RuleView
from safeguarding_rules.publishing.document.sources import SourceView, StatementView


@dataclass(frozen=True, slots=True)
class PackRef:
    """A version of a pack, and where it stands to the one that is read."""

    id: str
    version: str
    title: str
    relation: Literal["this", "above", "other version"] = "this"


@dataclass(frozen=True, slots=True)
class PackView:
    """A version of a pack, whole. `status` is as on the day of reading; `current` is the version to read instead, where it is another."""

    id: str
    version: str
    title: str
    publisher: str
    jurisdiction: str
    layer: str
    status: str
    in_force: str
    on: date
    licence: str
    review_by: date | None
    review_overdue: bool
    reviewers: tuple[str, ...]
    sign_off: str
    signed_off: bool
    notes: str
    digest: str
    corrects: str
    above: tuple[PackRef, ...]
    versions: tuple[PackRef, ...]
    current: PackRef | None
    outcomes: tuple[OutcomeView, ...]
    advice: AdviceView
    flow: tuple[FlowStep, ...]
    groups: tuple[RuleGroup, ...]
    facts: tuple[FactGroup, ...]
    implications: tuple[ImplicationView, ...]
    actions: tuple[ActionView, ...]
    routes: tuple[RouteView, ...]
    sources: tuple[SourceView, ...]
    invariants: tuple[InvariantView, ...]
    accepted: tuple[AcceptedView, ...]
    starts: tuple[StartView, ...]
    cases: tuple[CaseView, ...]
    changes: tuple[ChangesView, ...] = field(default=())

    @property
    def rules(self) -> tuple[RuleView, ...]:
        """Every rule, rows of tables too."""
        return tuple(rule for group in self.groups for rule in (*group.rules, *(row for table in group.tables for row in table.rows)))

    @property
    def statements(self) -> tuple[StatementView, ...]:
        """Every statement."""
        return tuple(one for source in self.sources for one in source.statements)

    @property
    def unconfirmed(self) -> tuple[StatementView, ...]:
        """The statements that are recalled: not yet confirmed against their source."""
        return tuple(one for one in self.statements if one.ref.checked == "recalled")

    @property
    def quoted(self) -> tuple[StatementView, ...]:
        """The statements that were read where others quote them."""
        return tuple(one for one in self.statements if one.ref.checked == "secondary")

    @property
    def not_computable(self) -> tuple[StatementView, ...]:
        """The statements that nothing encodes."""
        return tuple(one for one in self.statements if one.not_computable)
