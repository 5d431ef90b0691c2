"""The decision record as a document: what guidance asks to be written down of one decision.

Comes in: nothing but its own fields. Goes out: canonical JSON (`canonical_bytes`), and back. Promised: a record can be replayed from what it holds
(`facts` and `clocks` into the packs of `decision.policy`), and never changes once made. The decision stands in it as the JSON that was given, so that
a later library still reads an old record. Sources: UKCIS-2024-REC-1 to REC-4, MAN-3, PAR-5, VIEW-6 and DEL-4; KCSIE Part five.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, JsonValue

from safeguarding_rules.casework.canonical import canonical_bytes
from safeguarding_rules.casework.moments import CaseworkPart, FreeText, Moment, Said

DutyState = Literal["open", "due", "overdue", "done", "waived"]
OverrideReason = Literal[
    "more_protective", "professional_judgement", "agency_advice", "local_procedure", "facts_not_expressible", "child_or_family_circumstances", "other"
]
WaiverReason = Literal["already_done_elsewhere", "agency_leads", "would_add_risk", "not_possible", "agreed_with_headteacher", "not_needed", "other"]

NoteTopic = Literal["discussion", "not_referred", "viewing", "deletion", "parents_not_told", "other"]


class RecordedNote(CaseworkPart):
    """Something written down in words: by whom, when, about what."""

    topic: NoteTopic
    text: Said
    who: Said
    at: Moment


class RecordedFact(CaseworkPart):
    """One fact of the case: what was known, since when, from whom, and who wrote it down."""

    fact: str
    question: str = Field(description="The question that the fact answers, as the pack puts it.")
    value: JsonValue
    answer: str = Field(default="", exclude_if=lambda said: not said, description="The value in words, as the pack puts it; early records have none.")
    known_at: Moment
    recorded_at: Moment
    source: FreeText = ""
    who: FreeText = ""


class RecordedEvent(CaseworkPart):
    """Something that was written down of the case, in words: by whom, and at which two times."""

    event: str = Field(description="What kind of event: fact_learnt, fact_corrected, duty_done, …")
    about: str = Field(default="", description="The fact, clock, action, topic, outcome, day or pack that it is about.")
    told: str
    text: FreeText = ""
    source: FreeText = ""
    who: FreeText = ""
    known_at: Moment
    recorded_at: Moment


class LeftOut(CaseworkPart):
    """Something known that the policy in force does not take: it was left out of the decision."""

    name: str = Field(description="The fact, or the clock.")
    value: JsonValue
    why: str


class RecordedDuty(CaseworkPart):
    """One action: what policy asked, and what became of it."""

    action: str
    title: str
    by: str
    modality: str | None = Field(
        description="must, should, may, should_not, must_not (also of an action taken all the same); null for one that policy did not ask for."
    )
    status: str | None = Field(description="applies, presumed, depends; null as above.")
    state: DutyState | None = Field(description="null where there is nothing to do: a prohibition, a `may`, or what depends.")
    due: Moment | None = None
    at: Moment | None = Field(default=None, description="When it was done or waived.")
    who: FreeText = ""
    reason: WaiverReason | None = Field(default=None, description="Why it was not done.")
    text: FreeText = ""
    earlier: Moment | None = Field(
        default=None,
        exclude_if=lambda at: at is None,
        description="When it was done or waived before it lapsed and arose anew; that does not count for it now.",
    )


class RecordedStatement(CaseworkPart):
    """A statement the decision rests on, as the pack paraphrases it."""

    statement: str
    text: str
    source: str
    section: str
    force: str
    checked: str


class Agreement(CaseworkPart):
    """The headteacher's agreement: whether guidance asks for it, and what was said."""

    needed: bool
    because: str = ""
    agreed: bool | None = Field(default=None, description="null while the headteacher has not been asked.")
    outcome: str | None = Field(default=None, description="The outcome that was agreed to, or not.")
    who: FreeText = ""
    at: Moment | None = None
    text: FreeText = ""


class Departure(CaseworkPart):
    """What was decided instead of the advice, by whom and why. It stands beside the advice and never replaces it."""

    advised: str | None = Field(default=None, description="The advice that was departed from; null only in records of version 0.1.0.")
    outcome: str
    reason: OverrideReason
    text: Said
    who: Said
    at: Moment


class Review(CaseworkPart):
    """When the case is looked at again."""

    on: date
    held_at: Moment | None = None
    text: FreeText = ""


class Closing(CaseworkPart):
    """How the case ended."""

    at: Moment
    who: FreeText = ""
    text: FreeText = ""


class MissingItem(CaseworkPart):
    """Something guidance asks to be written down that is not there yet."""

    item: str
    text: str
    action: str | None = Field(default=None, description="The action that is neither done nor waived, where that is what is missing.")
    statements: tuple[str, ...] = ()


class DecisionRecord(CaseworkPart):
    """Everything that guidance asks to be written down of one decision."""

    schema_: Literal["decision-record/1"] = Field(default="decision-record/1", alias="schema")
    case: str
    number: int = Field(description="1 for the first record of the case.")
    made_at: Moment
    known_at: Moment = Field(description="The decision rests on what was known at this moment.")
    concern: FreeText = ""
    facts: tuple[RecordedFact, ...]
    clocks: dict[str, Moment] = Field(default={}, description="When the clocks of deadlines started.")
    left_out: tuple[LeftOut, ...] = Field(default=(), description="What is known and the policy in force does not take; no part of the decision.")
    decision: dict[str, JsonValue] = Field(description="The decision, `decision/1`, as it was given.")
    outcome_titles: dict[str, str] = Field(default={}, description="The titles of the outcomes of the scale, as the pack puts them.")
    reasons: tuple[str, ...] = Field(default=(), description="The reasons in words.")
    statements: tuple[RecordedStatement, ...] = ()
    decided_by: FreeText = ""
    headteacher: Agreement
    override: Departure | None = None
    lapsed: Departure | None = Field(default=None, description="A departure that does not stand, because policy has advised something else since.")
    duties: tuple[RecordedDuty, ...] = Field(default=(), description="Actions taken, and not taken with reasons.")
    notes: tuple[RecordedNote, ...] = ()
    history: tuple[RecordedEvent, ...] = Field(
        default=(),
        exclude_if=lambda events: not events,
        description="What was written down until then, in that order; what was corrected, too. Early records have none.",
    )
    outcome: Closing | None = Field(default=None, description="How the case ended; null while it is open.")
    review: Review | None = None
    missing: tuple[MissingItem, ...] = ()
    pack: str = Field(description="The pack that the case is decided by, as it was asked for.")
    language_version: str
    library_version: str

    def canonical(self) -> bytes:
        """The canonical bytes of the record."""
        return canonical_bytes(self)

    @property
    def outcome_advised(self) -> str:
        """The outcome that policy advises."""
        return str(self.decision["outcome"])

    def stated_facts(self) -> dict[str, Any]:
        """The facts as `Engine.decide` takes them."""
        return {one.fact: one.value for one in self.facts}
