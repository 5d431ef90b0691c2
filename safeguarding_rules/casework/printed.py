"""What `case` and `journal` print as JSON: the pydantic models behind `case-standing/1`, `case-step/1`, `journal-verification/1` and the others.

Comes in: a live case, a step. Goes out: documents. Promised: frozen; nothing in a document that is not declared here. Must not know: databases, so
that the schemas can be had without the extra.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue, RootModel

from safeguarding_rules.casework.case import LiveCase
from safeguarding_rules.casework.moments import CaseworkPart, Moment
from safeguarding_rules.casework.record import Agreement, Departure, DutyState, MissingItem, RecordedEvent, RecordedFact, Review
from safeguarding_rules.casework.step import CaseStep
from safeguarding_rules.comparing.decisions import DecisionsCompared
from safeguarding_rules.deciding.document import DecisionDocument


class StandingDuty(CaseworkPart):
    """A duty, and how it stands."""

    action: str
    by: str
    state: DutyState
    due: Moment | None


class CaseStanding(CaseworkPart):
    """The whole document of `case show`."""

    schema_: Literal["case-standing/1"] = Field(default="case-standing/1", alias="schema")
    case: str = Field(description="The opaque id of the case.")
    open: bool
    records: int = Field(description="How many decision records were written.")
    decision: DecisionDocument = Field(description="What policy says now, with all that is known: `decision/1`.")
    departure: Departure | None = Field(description="What was decided instead of the advice; null where it is followed.")
    headteacher: Agreement
    review: Review | None = Field(description="The review that was set last; null where none was.")
    known: tuple[RecordedFact, ...] = Field(description="What is known, each with since when and from where.")
    left_out: dict[str, str] = Field(description="What is known and the policy in force does not take: why, by fact or clock.")
    duties: tuple[StandingDuty, ...]
    missing: tuple[MissingItem, ...] = Field(description="What has to be written down before the case may be closed.")


class CaseHistory(CaseworkPart):
    """The whole document of `case history`."""

    schema_: Literal["case-history/1"] = Field(default="case-history/1", alias="schema")
    case: str = Field(description="The opaque id of the case.")
    events: tuple[RecordedEvent, ...] = Field(description="What was written down, in that order.")


class CaseStepDocument(CaseworkPart):
    """The whole document of a `case` action that writes something down."""

    schema_: Literal["case-step/1"] = Field(default="case-step/1", alias="schema")
    outcome: str
    settled: bool
    reopened: bool = Field(description="Whether the case was closed and is open again.")
    change: DecisionsCompared
    warnings: tuple[str, ...]
    problem: str | None = Field(description="What durable-rules objects to the answer, which stands all the same.")


class CaseMissing(CaseworkPart):
    """The whole document of `case close` where the case cannot be closed yet."""

    schema_: Literal["case-missing/1"] = Field(default="case-missing/1", alias="schema")
    case: str
    missing: tuple[MissingItem, ...] = Field(description="What has to be written down first.")


class VerificationFinding(CaseworkPart):
    """Something in a journal that does not fit."""

    code: str
    message: str
    help: str | None


class JournalVerification(CaseworkPart):
    """The whole document of `journal verify`."""

    schema_: Literal["journal-verification/1"] = Field(default="journal-verification/1", alias="schema")
    sound: bool = Field(description="Whether nothing was found.")
    entries: int
    values: int = Field(description="Personal values beside the entries.")
    erased: int = Field(description="Personal values that an erasure took away.")
    signed: int = Field(description="Entries with a signature.")
    head: str | None = Field(description="The receipt of the last entry, to keep elsewhere; null where there is none.")
    findings: tuple[VerificationFinding, ...]


class JournalHead(CaseworkPart):
    """The whole document of `journal new` and `journal head`."""

    schema_: Literal["journal-head/1"] = Field(default="journal-head/1", alias="schema")
    receipt: str = Field(description="One line to keep elsewhere, which `journal verify --expect-head` takes.")
    journal: str = Field(description="The id of the journal.")
    entries: int = Field(description="How many entries there are, which is the number of the last one.")
    hash: str = Field(description="The hash of the last entry.")


class KeptPack(CaseworkPart):
    """A pack that is kept."""

    pack: str
    version: str
    digest: str


class JournalPacks(CaseworkPart):
    """The whole document of `journal keep`."""

    schema_: Literal["journal-packs/1"] = Field(default="journal-packs/1", alias="schema")
    packs: tuple[KeptPack, ...] = Field(description="The pack that was named and those above it, the top pack first.")


class JournalErasure(CaseworkPart):
    """The whole document of `journal erase`."""

    schema_: Literal["journal-erasure/1"] = Field(default="journal-erasure/1", alias="schema")
    case: str
    values: int = Field(description="How many personal values are gone.")
    left_to_do: tuple[str, ...] = Field(description="What the owner of the journal still has to see to, in words.")


class JournalKeys(CaseworkPart):
    """The whole document of `journal key`."""

    schema_: Literal["journal-keys/1"] = Field(default="journal-keys/1", alias="schema")
    private: str = Field(description="The file of the private key.")
    public: str = Field(description="The file of the public key.")
    id: str = Field(description="How entries name the key.")
    password: bool = Field(description="Whether the private key needs a password.")


class JournalTables(CaseworkPart):
    """The whole document of `journal migrate`."""

    schema_: Literal["journal-tables/1"] = Field(default="journal-tables/1", alias="schema")
    journal: str = Field(description="Where the journal is, without a password.")
    tables: str = Field(description="The version of its tables now.")


class JournalCase(CaseworkPart):
    """A case of a journal."""

    case: str
    entries: int
    erased: bool


class JournalCases(RootModel[tuple[JournalCase, ...]]):
    """The whole document of `journal list`: a list."""


class JournalLine(CaseworkPart):
    """A line of `journal show`: one entry of a case."""

    seq: int = Field(description="Its place in the journal.")
    number: int = Field(description="Its place in the case, from 1.")
    kind: str
    at: Moment = Field(description="When it was appended.")
    data: dict[str, JsonValue]
    personal: dict[str, JsonValue] = Field(description="The personal values by name; `erased` in place of one that is gone.")


def standing_of(case: LiveCase) -> CaseStanding:
    """Where a case stands."""
    return CaseStanding(
        case=case.id,
        open=case.is_open,
        records=len(case.records),
        decision=case.decision.document,
        departure=case.departure,
        headteacher=case.agreement,
        review=case.review,
        known=case.known,
        left_out=dict(case.left_out),
        duties=tuple(StandingDuty(action=one.action, by=one.by, state=one.state, due=one.due) for one in case.duties()),
        missing=case.missing(),
    )


def step_of(step: CaseStep) -> CaseStepDocument:
    """What a step brought."""
    return CaseStepDocument(
        outcome=step.decision.outcome,
        settled=step.decision.settled,
        reopened=step.reopened,
        change=step.change.compared,
        warnings=step.warnings,
        problem=None if step.problem is None else str(step.problem),
    )
