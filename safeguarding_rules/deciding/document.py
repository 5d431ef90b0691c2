"""The decision as a document: the pydantic models behind `decide --format json`. Source: docs/reference/decision.md and the contract."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ModalityName = Literal["must", "should", "may", "should_not", "must_not"]
ActorName = Literal["dsl", "headteacher", "other_staff", "setting"]
StatusName = Literal["applies", "presumed", "depends"]


class DecisionPart(BaseModel):
    """A part of a decision: frozen, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class DueBy(DecisionPart):
    """A deadline: within what, from which clock, and when that is if the clock's start was given."""

    within: str = Field(description="immediately, same_day, `N working days`, or an ISO 8601 duration.")
    from_: str = Field(alias="from", description="The name of the clock's start.")
    due: str | None = Field(default=None, description="When it is due, ISO 8601 in London time; null while the clock's start is not known.")


class Route(DecisionPart):
    """Whom to contact; `when` says under what condition, null where this is the one."""

    name: str
    when: str | None = None
    phone: str | None = None
    web: str | None = None
    hours: str | None = None
    note: str | None = None
    emergency: bool = False


class Stronger(DecisionPart):
    """A stronger modality that is presumed, or that some unknown fact could bring."""

    modality: ModalityName
    status: Literal["presumed", "depends"]


class ActionAdvice(DecisionPart):
    """One duty of the decision, merged per action, person and direction."""

    action: str
    title: str
    by: ActorName
    modality: ModalityName
    status: StatusName
    deadlines: tuple[DueBy, ...] = ()
    until: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = Field(default=(), description="The rules and standing entries that give it.")
    citations: tuple[str, ...] = Field(default=(), description="The statements these rest on.")
    routes: tuple[Route, ...] = ()
    depends_on: tuple[str, ...] = Field(default=(), description="The unknown facts it hangs on, where it depends or is presumed.")
    stronger: tuple[Stronger, ...] = ()


class RuleStatus(DecisionPart):
    """A rule of the decision with its own outcome, reason and citations."""

    rule: str
    title: str
    outcome: str | None
    because: str
    citations: tuple[str, ...]


class RuleStatuses(DecisionPart):
    """Rules by status; those that do not hold in any possible case are left out."""

    met: tuple[RuleStatus, ...] = ()
    presumed: tuple[RuleStatus, ...] = ()
    open: tuple[RuleStatus, ...] = ()


class Question(DecisionPart):
    """A fact worth asking, most telling first."""

    fact: str
    ask: str
    help: str | None = None
    group: str | None = None
    could_become: tuple[str, ...] = Field(default=(), description="Outcomes other than the present advice that hang on the answer.")
    only_route: bool = Field(default=False, description="True where the answer changes only whom to contact.")


class Change(DecisionPart):
    """A change of fact that would give another outcome."""

    change: dict[str, Any]
    outcome: str


class Because(DecisionPart):
    """A smallest set of known facts that forces the least possible outcome, and the rules that do."""

    facts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    nearest_changes: tuple[Change, ...] = ()


class PackStamp(DecisionPart):
    """A pack that spoke."""

    pack: str
    version: str
    digest: str


class PolicyStamp(DecisionPart):
    """What decided: the packs, and the identity of exactly what was in force."""

    packs: tuple[PackStamp, ...]
    fingerprint: str


class Warning(DecisionPart):  # noqa: A001  the word of the contract
    """Something a reader of the decision must know; codes are stable."""

    code: str
    message: str
    statements: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class DecisionDocument(DecisionPart):
    """A whole decision."""

    schema_: Literal["decision/1"] = Field(default="decision/1", alias="schema")
    outcome: str
    settled: bool
    firm: bool
    exact: bool
    possible_outcomes: tuple[str, ...]
    facts: dict[str, Any]
    actions: tuple[ActionAdvice, ...]
    rules: RuleStatuses
    questions: tuple[Question, ...]
    because: Because
    citations: tuple[str, ...]
    policy: PolicyStamp
    on: str
    warnings: tuple[Warning, ...]
