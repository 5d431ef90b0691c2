"""What readers of a pack see, as data: the one view behind static pages, Markdown and the workbench.

Comes in: nothing; these are nouns. Goes out: frozen values of pack text, catalogue text and links. Must not know: HTML, files, or how anything is
decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal[
    "outcome", "advice", "group", "rule", "standing", "strengthening", "table", "definition", "fact", "implications", "action", "route", "statement",
    "invariant", "start", "case",
]  # fmt: skip
PAGES: dict[Kind, str] = {
    "outcome": "index",
    "advice": "index",
    "group": "rules",
    "rule": "rules",
    "standing": "rules",
    "strengthening": "rules",
    "table": "rules",
    "definition": "rules",
    "fact": "facts",
    "implications": "facts",
    "action": "actions",
    "route": "actions",
    "statement": "statements",
    "invariant": "checks",
    "start": "checks",
    "case": "checks",
}
"""The page on which each kind of thing stands."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that can be pointed to: by kind and name in a version of a pack. The anchor never changes while the name does not."""

    kind: Kind
    pack: str
    version: str
    name: str
    title: str

    @property
    def anchor(self) -> str:
        """What the place is called in a page."""
        return f"{self.kind}-{self.name}".replace("/", ".")

    @property
    def page(self) -> str:
        """The page it stands on."""
        return PAGES[self.kind]


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition as a tree of questions with their answers. `defined` points to a definition."""

    op: Literal["all", "any", "not", "test", "always", "defined"]
    members: tuple[ConditionView, ...] = ()
    link: Link | None = None
    question: str = ""
    answer: str = ""
    words: str = ""
    """The whole condition as one phrase."""


@dataclass(frozen=True, slots=True)
class OutcomeRef:
    """A step of the scale: its name, title and rank among how many."""

    link: Link
    rank: int
    steps: int

    @property
    def title(self) -> str:
        """What it is called."""
        return self.link.title


@dataclass(frozen=True, slots=True)
class StatementRef:
    """A statement beside what cites it."""

    link: Link
    text: str
    source: str
    section: str
    force: str
    checked: str
    status: str


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


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact: what is asked, what may be answered, where it is used."""

    link: Link
    type: str
    question: str
    help: str
    answers: tuple[tuple[str, str], ...]
    """Values with their labels; for a number, one entry with its bounds."""
    applies_when: ConditionView | None
    sensitive: bool
    formerly: tuple[Link, ...]
    used_by: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that are asked together."""

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


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action, and what gives it."""

    link: Link
    meaning: str
    by: str
    refrain: bool
    contradicts: tuple[Link, ...]
    route: Link | None
    given_by: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom to contact, and when it is the one."""

    when: ConditionView | None
    name: str
    phone: str
    web: str
    hours: str
    note: str
    emergency: bool
    in_force: str


@dataclass(frozen=True, slots=True)
class RouteView:
    """A list of contacts, the first that fits being the one."""

    link: Link
    contacts: tuple[ContactView, ...]
    used_by: tuple[Link, ...]


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
    """What is advised while missing facts could still change the outcome."""

    link: Link
    outcome: OutcomeRef
    because: str
    duties: tuple[DutyView, ...]
    cites: tuple[StatementRef, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with where it is used, or why nothing encodes it."""

    ref: StatementRef
    binds: str
    strength: str
    used_by: tuple[Link, ...]
    not_computable: str
    note: str
    applied: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    """A published document with its statements."""

    name: str
    title: str
    publisher: str
    address: str
    in_force: str
    note: str
    statements: tuple[StatementView, ...]


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


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One question of the flow: is any of these rules met? If so, at least this outcome."""

    outcome: OutcomeRef
    rules: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind: a heading and what changes, each with its examples. `direction`: milder, stricter or other."""

    title: str
    items: tuple[ChangeItem, ...]


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One change in words."""

    text: str
    direction: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed from an earlier version, for every possible case."""

    old: str
    new: str
    verdict: tuple[str, ...]
    milder: bool
    groups: tuple[ChangeGroup, ...]


@dataclass(frozen=True, slots=True)
class PackRef:
    """A version of a pack, and where it stands to the one that is read."""

    id: str
    version: str
    title: str
    relation: Literal["this", "above", "other version"] = "this"


@dataclass(frozen=True, slots=True)
class PackView:
    """A version of a pack, whole."""

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
