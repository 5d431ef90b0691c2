"""The Policy: packs of a stack merged, names resolved, checked. A plain value; the floors above need nothing else.

Conditions in it have definitions expanded and masked facts made explicit. Outcomes are ranks: 0 is the least protective.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.conditions import Condition
from safeguarding_rules.language.deadlines import Deadline
from safeguarding_rules.language.facts import FactSpec

Modality = Literal["must", "should", "may", "should_not", "must_not"]
Actor = Literal["dsl", "headteacher", "other_staff", "setting"]
IfUnknown = Literal["ask", "presume_if_partly_met", "presume_met"]

STRENGTH: Mapping[str, int] = {"may": 1, "should": 2, "must": 3, "should_not": 2, "must_not": 3}
PROHIBITIONS: frozenset[str] = frozenset({"should_not", "must_not"})


@frozen
class Duty:
    """One action item: who does what, how strongly, by when."""

    action: str
    by: Actor
    modality: Modality
    deadline: Deadline | None = None
    clock: str = "known"
    until: str | None = None
    note: str | None = None


@frozen
class PolicyRule:
    """One norm. `holds` is `given` and `when` and not `unless`; `limbs` are what `presume_if_partly_met` looks at."""

    id: str
    pack: str
    title: str
    because: str
    cite: tuple[str, ...]
    when: Condition
    given: Condition | None = None
    unless: Condition | None = None
    if_unknown: IfUnknown = "ask"
    limbs: tuple[Condition, ...] = ()
    outcome: int | None = None
    duties: tuple[Duty, ...] = ()
    note: str | None = None
    strengthened_by: tuple[str, ...] = ()


@frozen
class Standing:
    """Duties that follow from the outcome: always, from a rank upwards, or at the first outcome only."""

    id: str
    pack: str
    kind: Literal["always", "at_least", "first"]
    outcome: int
    because: str
    cite: tuple[str, ...]
    duties: tuple[Duty, ...]


@frozen
class Outcome:
    """One step of the outcome scale."""

    name: str
    title: str
    meaning: str
    because: str
    cite: tuple[str, ...]
    pack: str


@frozen
class UnsettledPart:
    """What one pack says of the advice while facts are missing: its outcome, why, and the statements behind it."""

    pack: str
    outcome: int
    because: str
    cite: tuple[str, ...]


@frozen
class WhenUnsettled:
    """The advice while missing facts could still change the outcome: what all packs that speak say together, and what each says (`parts`)."""

    outcome: int
    pack: str  # the lowest that speaks
    because: str
    cite: tuple[str, ...]
    duties: tuple[Duty, ...]
    given_by: tuple[str, ...]  # the pack of each duty
    parts: tuple[UnsettledPart, ...]

    def duties_of(self, pack: str) -> tuple[Duty, ...]:
        """The duties that a pack states."""
        return tuple(duty for duty, by in zip(self.duties, self.given_by, strict=True) if by == pack)


@frozen
class FactInfo:
    """A fact with what people read about it.

    `labels` maps the values of a choice or choices fact to their words; `short` is the question as a statement.
    """

    spec: FactSpec
    pack: str
    question: str
    help: str
    group: str
    sensitivity: str
    unit: str
    labels: Mapping[str, str] = field(default_factory=dict)
    applies_when: Condition | None = None
    formerly: tuple[str, ...] = ()
    short: str = ""

    @property
    def line(self) -> str:
        """The fact as one line among others: its short statement, or its question where it has none."""
        return self.short or self.question


@frozen
class ActionInfo:
    """An action with what people read about it."""

    name: str
    pack: str
    title: str
    meaning: str
    by: Actor
    protects: Literal["do", "refrain"]
    contradicts: tuple[str, ...] = ()
    route: str | None = None


@frozen
class ImplicationInfo:
    """What follows from what, and why."""

    pack: str
    condition: Condition
    consequence: Condition
    because: str
    cite: tuple[str, ...]


@frozen
class RouteEntry:
    """Whom to contact. `when` is None for the entry that ends a list."""

    pack: str
    name: str
    when: Condition | None
    emergency: bool
    details: Mapping[str, str]


@frozen
class StatementInfo:
    """One normative statement of a source, paraphrased."""

    id: str
    pack: str
    source: str
    section: str
    binds: str
    text: str
    strength: str
    force: str
    checked: Literal["seen", "secondary", "recalled"]
    status: str
    address: str
    encoded_by: tuple[str, ...]
    not_computable: str | None


@frozen
class PackInfo:
    """One pack of the stack."""

    id: str
    version: str
    digest: str
    title: str
    layer: str
    status: str
    notes: str
    review_by: date | None
    signed_off: bool
    starts: date
    ends: date | None  # not included

    def in_force(self, on: date) -> bool:
        """Whether a day lies in the interval that the pack gives for itself."""
        return self.starts <= on and (self.ends is None or on < self.ends)


@dataclass(frozen=True)
class Policy:
    """A whole stack, from the national pack down. `valid_from` and `valid_until` (not included) bound the dates on which exactly this is in force."""

    packs: tuple[PackInfo, ...]
    outcomes: tuple[Outcome, ...]
    when_unsettled: WhenUnsettled
    facts: tuple[FactInfo, ...]
    implications: tuple[ImplicationInfo, ...]
    rules: tuple[PolicyRule, ...]
    standing: tuple[Standing, ...]
    actions: Mapping[str, ActionInfo]
    routes: Mapping[str, tuple[RouteEntry, ...]]
    statements: Mapping[str, StatementInfo]
    valid_from: date | None
    valid_until: date | None
    fingerprint: str

    def between(self, days: Iterable[date], on: date) -> Policy:
        """The same Policy, valid only from the last of the days up to `on` until the first after it."""
        edges = {*days, *(day for day in (self.valid_from, self.valid_until) if day is not None)}
        start, end = max((day for day in edges if day <= on), default=None), min((day for day in edges if day > on), default=None)
        return replace(self, valid_from=start, valid_until=end)
