"""What a policy change would have done to past cases, as data: `impact/1`.

Promised: safe to share. No row, no number of a row, and no number below the smallest allowed, nor one that gives it away.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from safeguarding_rules.comparing.document import Direction


class ImpactPart(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PackSide(ImpactPart):
    """A pack of one side."""

    pack: str
    version: str


class PolicySide(ImpactPart):
    """One of the two policies."""

    name: str = Field(description="How it was asked for.")
    packs: tuple[PackSide, ...]
    on: str = Field(description="The day on which it stands.")
    fingerprint: str


class Responsible(ImpactPart):
    """A rule that is met or presumed in rows that change, and brings the stricter of their two outcomes. Rows may have several."""

    rule: str | None = Field(description="The rule; null where the outcome follows from what is not known, and no rule alone brings it.")
    policy: Literal["old", "new"] = Field(description="Whose rule it is: of the new policy where the change is stricter, of the old where milder.")
    title: str | None
    because: str | None
    rows: int | None = Field(description="Null where the number is too small to show.")


class Transition(ImpactPart):
    """Rows with one outcome by the old policy and one by the new."""

    old: str
    new: str
    direction: Direction | None = Field(description="Null where the outcome stays.")
    rows: int | None = Field(description="Null where the number is too small to show.")
    rules: tuple[Responsible, ...] = ()
    example: dict[str, Any] | None = Field(
        default=None, description="A smallest set of known facts that the two policies decide in this way, taken from a row; null where rows is."
    )


class DutyChange(ImpactPart):
    """Rows in which a duty applies more strongly, less strongly, anew or no longer. Null stands for a duty that does not apply."""

    action: str
    title: str
    by: str
    old: str | None
    new: str | None
    rows: int | None = Field(description="Null where the number is too small to show.")


class ImpactDocument(ImpactPart):
    """What a policy change would have done to past cases."""

    schema_: Literal["impact/1"] = Field(default="impact/1", alias="schema")
    old: PolicySide
    new: PolicySide
    rows: int | None = Field(description="Rows decided by both; null where there are too few to say anything.")
    invalid: int = Field(description="Rows that could not be used by one of the two; they are counted nowhere else.")
    contradicting: int | None = Field(description="Rows whose facts contradict each other by one of the two.")
    smallest: int = Field(description="Numbers below this one are not shown.")
    scale: tuple[str, ...] = Field(description="All outcomes, least protective first.")
    transitions: tuple[Transition, ...] = Field(description="What became of each outcome; every row is in one.")
    duties: tuple[DutyChange, ...] = Field(description="Duties that change.")
