"""The difference of two policies as a document: the pydantic models behind `diff --format json`. Source: docs/reference/diff.md."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Direction = Literal["stricter", "milder", "other"]
SideWord = Literal["old", "new"]


class DiffPart(BaseModel):
    """A part of a difference: frozen, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PackVersion(DiffPart):
    """A pack that speaks on one side."""

    pack: str
    version: str
    title: str
    digest: str


class SideStamp(DiffPart):
    """One side: how it was asked for, the day it stands for, and the packs that speak."""

    name: str
    on: str
    packs: tuple[PackVersion, ...]
    fingerprint: str


class Where(DiffPart):
    """What a region asks of one fact. `given` is a test of the pack language (null: the fact does not apply)."""

    fact: str
    given: Any
    words: str
    question: str


class RuleNote(DiffPart):
    """A rule or standing entry that is involved, and whether it is the same on the other side."""

    rule: str
    title: str
    state: Literal["same", "changed", "added", "removed"]
    citations: tuple[str, ...]


class Told(DiffPart):
    """A fact of an example that is not as in a quiet case, in words."""

    fact: str
    words: str


class Example(DiffPart):
    """A smallest case of a region, decided again by both engines. `facts_old` and `facts_new` give each engine every fact it knows."""

    told: tuple[Told, ...]
    facts_old: dict[str, Any]
    facts_new: dict[str, Any]
    outcome_old: str
    outcome_new: str
    confirmed: bool = Field(description="Whether both engines, given the facts, say what the region says.")


class OutcomeCondition(DiffPart):
    """What a region asks of the outcome that one side gives."""

    side: SideWord
    test: Literal["at_least", "is"]
    outcome: str


class RegionNote(DiffPart):
    """A region: the cases that meet every condition of `where` and `outcome` and have the value before (`given: old`) or after (`new`) change so."""

    where: tuple[Where, ...]
    outcome: OutcomeCondition | None = None
    given: SideWord
    example: Example
    old_rules: tuple[RuleNote, ...] = ()
    new_rules: tuple[RuleNote, ...] = ()


class ChangeNote(DiffPart):
    """What every change has."""

    direction: Direction
    cases: int | None = Field(default=None, description="How many complete cases change so, where they could be counted.")
    regions: tuple[RegionNote, ...]
    complete: bool = Field(default=True, description="Whether the regions are all there are.")


class OutcomeChange(ChangeNote):
    """Cases whose outcome goes from one to another."""

    from_: str = Field(alias="from")
    to: str


class DutyChange(ChangeNote):
    """Cases in which a duty changes. `from` and `to` are modalities, null for none."""

    action: str
    title: str
    by: str
    forbids: bool = Field(description="Whether the duty is not to do it: should_not, must_not.")
    change: Literal["gained", "lost", "stronger", "weaker", "earlier", "later"]
    from_: str | None = Field(alias="from")
    to: str | None
    within: str | None = Field(default=None, description="In a change of deadline: what the duty is now, or is no longer, due within.")
    clock: str | None = None
    follows_outcome: bool = Field(
        default=False, description="Whether it ends only because the outcome rises from the mildest, whose standing duty it is."
    )


class AdviceChange(DiffPart):
    """What changes no complete case, found by comparing what the packs say: the advice while facts are unknown, ends, emergency contacts."""

    what: Literal[
        "if_unknown", "limbs", "when_unsettled", "presumed_rule", "duties", "standing", "until", "in_force", "emergency_contact", "protects"
    ]
    name: str
    direction: Direction
    text: str


class TextChange(DiffPart):
    """What changes only what people read, or whom they contact."""

    part: Literal["rule", "standing", "fact", "action", "outcome", "when_unsettled", "route", "statement", "pack", "implication"]
    name: str
    what: tuple[str, ...] = Field(description="Which of its parts: title, because, cite, question, …; or added, removed.")
    text: str
    before: dict[str, str] = Field(default={}, description="What the old version says, by part.")
    after: dict[str, str] = Field(default={}, description="What the new version says, by part.")


class ApartNote(DiffPart):
    """What one side alone can say. `left_out`: cases with it are not compared."""

    kind: Literal["fact", "value", "bounds", "type", "applies", "implication", "scale"]
    side: Literal["old", "new", "both"]
    name: str
    text: str
    left_out: bool


class Undecided(DiffPart):
    """Cases about which the search could not say whether they change."""

    about: str
    where: tuple[Where, ...]


class Counts(DiffPart):
    """Complete cases, integers counted by the ranges that no rule of either side tells apart."""

    cases: int
    changed: int
    outcome_changed: int
    duties_changed: int


class Outcomes(DiffPart):
    """The titles of the outcomes of both scales, by name."""

    old: dict[str, str]
    new: dict[str, str]


class DiffDocument(DiffPart):
    """The whole difference. `result`: `same` is a proof that no complete case changes its outcome or duties."""

    schema_: Literal["diff/1"] = Field(default="diff/1", alias="schema")
    old: SideStamp
    new: SideStamp
    result: Literal["same", "changed", "undecided"]
    milder: bool
    stricter: bool
    scales: Outcomes
    counts: Counts | None
    outcomes: tuple[OutcomeChange, ...]
    duties: tuple[DutyChange, ...]
    advice: tuple[AdviceChange, ...]
    texts: tuple[TextChange, ...]
    apart: tuple[ApartNote, ...]
    undecided: tuple[Undecided, ...]
