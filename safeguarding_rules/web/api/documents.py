"""What the API takes and gives, as pydantic models: the one source of its OpenAPI document. Decisions and explanations are the library's own.

Requests are read strictly by `bodies` and `answers` (so that no key is given twice and no place is lost); a test holds them against these models.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from safeguarding_rules.deciding.document import DecisionDocument
from safeguarding_rules.explaining.document import ExplanationDocument

FACTS_EXAMPLE = {"contains_imagery": True, "adult_involved": True}


class ApiPart(BaseModel):
    """A part of a request or an answer: nothing in it that is not declared."""

    model_config = ConfigDict(extra="forbid")


class CaseRequest(ApiPart):
    """One case."""

    facts: dict[str, Any] = Field(
        description='Fact name to value, or to one test such as `{"below": 13}`; what is not known is left out, or null.', examples=[FACTS_EXAMPLE]
    )
    on: date | None = Field(default=None, description="Decide by what is in force on this day; without it, today.")
    clocks: dict[str, datetime] | None = Field(
        default=None, description="When the clocks of deadlines started, each with its time zone.", examples=[{"known": "2026-11-22T09:30:00+00:00"}]
    )


class DecideRequest(CaseRequest):
    """One case to be decided."""

    brief: bool = Field(default=False, description="Give only outcome, settled, firm and actions: much faster than the whole decision.")


class ExplainRequest(CaseRequest):
    """One case to be explained."""

    register_: Literal["short", "full", "audit"] = Field(default="short", alias="register", description="How much the text says.")


class NextRequest(ApiPart):
    """Where an interview stands."""

    facts: dict[str, Any] = Field(description="What has been answered.", examples=[{"contains_imagery": True}])
    unknown: list[str] = Field(default=[], description='Facts answered with "don\'t know"; they are not asked again.')
    go_on: bool = Field(default=False, description="Ask on although the advice is firm, instead of offering to stop.")
    on: date | None = Field(default=None, description="As for a decision.")


class BatchRequest(ApiPart):
    """Many cases."""

    cases: list[dict[str, Any]] | None = Field(
        default=None, description="The facts of each case. Send this or `columns`.", examples=[[FACTS_EXAMPLE, {"adult_involved": False}]]
    )
    columns: dict[str, list[Any]] | None = Field(
        default=None,
        description="The same as a table: for each fact a value, or null, for each case. Faster for many cases.",
        examples=[{"contains_imagery": [True, None], "adult_involved": [True, False]}],
    )
    full: bool = Field(default=False, description="Give whole decisions instead of outcome, settled, firm and actions.")
    on: date | None = Field(default=None, description="As for one case.")


class Span(ApiPart):
    """A place in the body, 1-based; `end_column` is not included. Without lines: the file as a whole."""

    file: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None


class Related(ApiPart):
    """Another place that a finding is about."""

    message: str
    span: Span | None


class Finding(ApiPart):
    """One finding: what is wrong, where, and what to do."""

    code: str
    severity: Literal["error", "warning", "note"]
    title: str
    message: str
    help: str | None
    span: Span | None
    related: list[Related]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["/problems/not-usable"])
    title: str
    status: int
    detail: str | None = None
    diagnostics: list[Finding] | None = Field(default=None, description="Every finding, each with its place in the body.")


class BriefDecision(ApiPart):
    """A decision in brief. What decided is named by the `ETag` of the answer."""

    outcome: str
    settled: bool
    firm: bool
    actions: list[str] = Field(description="The duties that apply or are presumed: who, how strongly, what.", examples=[["dsl must refer_to_police"]])


class BatchError(ApiPart):
    """A case of many that cannot be decided."""

    error: list[Finding]


class BatchAnswer(ApiPart):
    """One answer for each case, in order."""

    fingerprint: str
    decided: int
    errors: int
    results: list[BriefDecision | DecisionDocument | BatchError]


class ExplainAnswer(ApiPart):
    """A decision with its reasons as data and as text."""

    decision: DecisionDocument
    explanation: ExplanationDocument
    text: str


class NextFact(ApiPart):
    """A fact to ask for."""

    fact: str
    ask: str
    short: str | None = Field(description="The question as a short statement, for a screen of several: does any of these apply?")
    help: str | None
    group: str | None
    values: list[str] = Field(description="The values of a choice; empty for yes or no, and for numbers.")


class NextAnswer(ApiPart):
    """What to ask next, if anything."""

    kind: Literal["ask", "together", "offer", "conflict", "end"] = Field(
        description="Ask one fact; ask yes-or-no facts together; offer to stop, as the advice is firm; the answers contradict; nothing is left."
    )
    facts: list[NextFact]
    could_become: list[str] = Field(description="The outcomes, besides the advice, that hang on the first fact.")
    left: int = Field(description="How many facts, at most, can still change the outcome or a `must`.")
    outcome: str
    settled: bool
    firm: bool


class PackVersion(ApiPart):
    """A version of a pack."""

    version: str
    status: str
    from_: date = Field(alias="from")
    until: date | None
    digest: str


class PackAbout(ApiPart):
    """A pack that this server decides by."""

    pack: str
    title: str
    layer: str
    publisher: str
    signed_off_by: str
    review_by: date | None
    fingerprint: str | None = Field(description="What decides today: this pack with all above it. Null where no version is in force today.")
    stack: list[str] = Field(description="The packs that decide today, the highest first.", examples=[["ukcis 2024.3", "kscmp 2024.9"]])
    outcomes: list[str] = Field(description="The outcomes, least to most protective.")
    versions: list[PackVersion]


class PacksAnswer(ApiPart):
    """The packs of this server."""

    packs: list[PackAbout]
    notice: str


class Health(ApiPart):
    """Whether the server can decide."""

    status: Literal["ready", "no-policy"] = Field(description="`no-policy`: a pack has no version in force today; it answers 503 until one has.")
    library: str
    packs: dict[str, str | None] = Field(description="Pack to fingerprint of what decides today; null where no version is in force.")
    loaded_at: datetime
    reload_failed: bool = Field(description="Whether the last change of the packs was refused; the packs before it are still in use.")
