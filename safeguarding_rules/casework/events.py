"""The events of a case, in the order in which they are recorded: the only state that a case has.

Comes in: what happened, at two times: `known_at` (when it was known, said or done) and `recorded_at` (when it was written down). Goes out: frozen
models with canonical JSON. Promised: an event is never changed; a mistake is mended by a further event. Fields marked `PERSONAL` hold something of or
about a person and stand at the top of the event, so that a journal can keep them apart. What the two times mean: docs/decisions/0030-two-clocks.md.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from safeguarding_rules.casework.moments import PERSONAL, CaseworkPart, FreeText, Moment, Said
from safeguarding_rules.casework.record import DecisionRecord, NoteTopic, OverrideReason, WaiverReason


class EventPart(CaseworkPart):
    """What every event has."""

    known_at: Moment
    recorded_at: Moment
    who: Annotated[Said, PERSONAL]


class CaseOpened(EventPart):
    """A concern is written down. `pack` is the pack that the case is decided by."""

    event: Literal["case_opened"] = "case_opened"
    pack: str
    concern: Annotated[FreeText, PERSONAL] = ""


class FactLearnt(EventPart):
    """A fact is known from `known_at` on."""

    event: Literal["fact_learnt"] = "fact_learnt"
    fact: str
    value: Annotated[JsonValue, PERSONAL]
    source: Annotated[FreeText, PERSONAL] = ""


class FactCorrected(EventPart):
    """Something else is known of a fact from `known_at` on. With the `known_at` of what was written down wrongly, it takes its place."""

    event: Literal["fact_corrected"] = "fact_corrected"
    fact: str
    value: Annotated[JsonValue, PERSONAL]
    source: Annotated[FreeText, PERSONAL] = ""
    text: Annotated[FreeText, PERSONAL] = ""


class FactWithdrawn(EventPart):
    """Nothing is known of a fact any more, from `known_at` on."""

    event: Literal["fact_withdrawn"] = "fact_withdrawn"
    fact: str
    source: Annotated[FreeText, PERSONAL] = ""
    text: Annotated[FreeText, PERSONAL] = ""


class ClockStarted(EventPart):
    """The clock of a deadline, such as `allegation_made`, started at `started_at`; null takes the start back."""

    event: Literal["clock_started"] = "clock_started"
    clock: str
    started_at: Moment | None


class DutyDone(EventPart):
    """An action was taken, at `known_at`."""

    event: Literal["duty_done"] = "duty_done"
    action: str
    by: str
    text: Annotated[FreeText, PERSONAL] = ""


class DutyWaived(EventPart):
    """A duty will not be done, for a reason."""

    event: Literal["duty_waived"] = "duty_waived"
    action: str
    by: str
    reason: WaiverReason
    text: Annotated[Said, PERSONAL]


class DutyReopened(EventPart):
    """What was said to be done or waived is to be done after all."""

    event: Literal["duty_reopened"] = "duty_reopened"
    action: str
    by: str
    text: Annotated[Said, PERSONAL]


class ReviewSet(EventPart):
    """The case is to be looked at again on a day."""

    event: Literal["review_set"] = "review_set"
    on: date
    text: Annotated[FreeText, PERSONAL] = ""


class ReviewHeld(EventPart):
    """The review that was due has been held, at `known_at`."""

    event: Literal["review_held"] = "review_held"
    text: Annotated[FreeText, PERSONAL] = ""


class HeadteacherAgreed(EventPart):
    """What the headteacher (`headteacher`, or whoever stands in) said of the decision; `outcome` is what was agreed to, or not."""

    event: Literal["headteacher_agreed"] = "headteacher_agreed"
    agreed: bool
    outcome: str
    headteacher: Annotated[Said, PERSONAL]
    text: Annotated[FreeText, PERSONAL] = ""


class OverrideRecorded(EventPart):
    """The lead departs from the advice: `advised` is what policy said, `outcome` what is done instead."""

    event: Literal["override_recorded"] = "override_recorded"
    advised: str
    outcome: str
    reason: OverrideReason
    rules: tuple[str, ...] = Field(default=(), description="The rules behind the advice that is departed from.")
    text: Annotated[Said, PERSONAL]


class OverrideEnded(EventPart):
    """The advice is followed again."""

    event: Literal["override_ended"] = "override_ended"
    text: Annotated[FreeText, PERSONAL] = ""


class Decided(EventPart):
    """A decision was made and recorded. Beside the record stands what may be counted once the record is erased."""

    event: Literal["decided"] = "decided"
    number: int
    outcome: str
    settled: bool
    rules: tuple[str, ...] = Field(description="The rules met or presumed.")
    questions: tuple[str, ...] = Field(description="The facts that were still asked for.")
    overdue: tuple[str, ...] = Field(default=(), description="The actions that were overdue.")
    override: OverrideReason | None = None
    packs: tuple[tuple[str, str, str], ...] = Field(description="Pack, version and digest of each pack that spoke.")
    fingerprint: str
    language_version: str
    library_version: str
    verdict: Annotated[dict[str, JsonValue], PERSONAL] = Field(description="What the decision says, without words and questions: for a quick replay.")
    record: Annotated[DecisionRecord, PERSONAL]


class NoteAdded(EventPart):
    """Something guidance asks to be written down, or a discussion, in words."""

    event: Literal["note_added"] = "note_added"
    topic: NoteTopic
    text: Annotated[Said, PERSONAL]


class CaseClosed(EventPart):
    """The case ends."""

    event: Literal["case_closed"] = "case_closed"
    outcome: str
    text: Annotated[Said, PERSONAL]


class CaseReopened(EventPart):
    """The case goes on: somebody said so, or something new was recorded after it was closed."""

    event: Literal["case_reopened"] = "case_reopened"
    because: Literal["new_information", "asked"]
    text: Annotated[FreeText, PERSONAL] = ""


Event = Annotated[
    CaseOpened
    | FactLearnt
    | FactCorrected
    | FactWithdrawn
    | ClockStarted
    | DutyDone
    | DutyWaived
    | DutyReopened
    | ReviewSet
    | ReviewHeld
    | HeadteacherAgreed
    | OverrideRecorded
    | OverrideEnded
    | Decided
    | NoteAdded
    | CaseClosed
    | CaseReopened,
    Field(discriminator="event"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
