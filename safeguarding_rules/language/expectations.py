"""`invariants.yaml` and `cases/*.yaml`: what must hold for every possible case, and for some in particular."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from safeguarding_rules.language.actions import NamedAction, TimedAction
from safeguarding_rules.language.conditions_data import ConditionData, FactValue
from safeguarding_rules.language.shapes import (
    Citations,
    Day,
    Document,
    FindingCode,
    Items,
    Name,
    Names,
    OneOrMore,
    Problem,
    References,
    Text,
    Yes,
    at_least_one,
    exactly_one,
    one_required,
    some_required,
)

SCOPES = ("whenever", "always", "while_unknown", "reachable", "must_not_matter")
CLAIMS = ("outcome_at_least", "outcome_at_most", "must", "should", "must_not", "should_not", "never")
_BARE = ("reachable", "must_not_matter")


class Waiver(Document):
    """Why an invariant need not hold for now."""

    because: Text = Field(description="Why.")
    until: Day = Field(description="The first day it must hold again.")


def _claims_rule() -> dict[str, Any]:
    return {
        "if": {"anyOf": [{"required": [scope]} for scope in _BARE]},
        "then": {"properties": dict.fromkeys(CLAIMS, False)},
        "else": some_required(*CLAIMS),
    }


class Invariant(Document):
    """What must hold for every possible case."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        one_required(*SCOPES),
        _claims_rule(),
        {"dependentRequired": {"except_for": ["must_not_matter"]}},
    )

    whenever: ConditionData | None = Field(default=None, description="The claims hold in every case in which this condition holds.")
    always: Yes | None = Field(default=None, description="The claims hold in every case.")
    while_unknown: Names | None = Field(default=None, description="The claims hold for every decision while these facts are unknown.")
    reachable: Name | None = Field(default=None, description="Some case ends in this outcome.")
    must_not_matter: Names | None = Field(default=None, description="These facts change no outcome and no duty of a complete case.")
    except_for: Names | None = Field(default=None, description="Actions that the facts of `must_not_matter` may change.")
    outcome_at_least: Name | None = Field(default=None, description="The outcome is this one or more protective.")
    outcome_at_most: Name | None = Field(default=None, description="The outcome is this one or less protective.")
    must: Names | None = Field(default=None, description="Actions that stand at least that strongly, by anyone.")
    should: Names | None = Field(default=None, description="Actions that stand at least that strongly, by anyone.")
    must_not: Names | None = Field(default=None, description="Actions ruled out at least that strongly, by anyone.")
    should_not: Names | None = Field(default=None, description="Actions ruled out at least that strongly, by anyone.")
    never: OneOrMore[NamedAction] | None = Field(default=None, description="Actions never advised so, or more strongly.")
    because: Text | None = Field(default=None, description="The reason.")
    cite: Citations | None = Field(default=None, description="Statements it follows from.")
    waived: Waiver | None = Field(default=None, description="Why it need not hold for now.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require one scope, and claims where the scope takes them."""
        yield from exactly_one(cls, data, SCOPES, "an invariant")
        bare = next((scope for scope in _BARE if scope in data), None)
        if bare is None:
            yield from at_least_one(cls, data, CLAIMS, "an invariant")
        else:
            for claim in CLAIMS:
                if claim in data:
                    yield Problem("SR211", f"`{claim}` does not go with `{bare}`", (claim,), key=True)
        if "except_for" in data and "must_not_matter" not in data:
            yield Problem("SR211", "`except_for` needs `must_not_matter`", ("except_for",), key=True)


class Accepted(Document):
    """A finding of the tools that a reviewer accepts."""

    finding: FindingCode = Field(description="Code of the finding, such as SR601.")
    at: Text = Field(description="The part of the pack it is about.")
    because: Text = Field(description="Why it is right as it is.")
    until: Day = Field(description="When to look again.")


class InvariantsFile(Document):
    """`invariants.yaml`."""

    invariants: Mapping[Name, Invariant] = Field(default={}, description="What must hold for every possible case, by name.")
    accepted: Items[Accepted] = Field(default=(), description="Findings that a reviewer accepts.")


class Expectation(Document):
    """What the decision of a case must say."""

    outcome: Name | None = Field(default=None, description="Exactly this outcome.")
    outcome_at_least: Name | None = Field(default=None, description="This outcome or a more protective one.")
    outcome_at_most: Name | None = Field(default=None, description="This outcome or a less protective one.")
    settled: bool | None = Field(default=None, description="Whether missing facts cannot change the outcome.")
    firm: bool | None = Field(default=None, description="Whether nothing missing can make the advice milder.")
    possible_outcomes: Names | None = Field(default=None, description="Exactly these outcomes are possible.")
    actions: OneOrMore[TimedAction] = Field(default=(), description="Stand at least that strongly, in the same direction, and due at least as soon.")
    never: OneOrMore[NamedAction] = Field(default=(), description="Are not advised so, or more strongly.")
    rules: References = Field(default=(), description="Rules that are met.")
    presumed: References = Field(default=(), description="Rules that are presumed.")
    not_met: References = Field(default=(), description="Rules that do not hold, whatever is unknown.")
    asks: Names = Field(default=(), description="Facts among the questions.")

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = ({"minProperties": 1},)

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require that something is expected."""
        if not data:
            yield Problem("SR208", "nothing is expected", (), "say at least the `outcome`")


CaseFacts = Mapping[Name, FactValue]


class Case(Document):
    """A vignette with the expected answer."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = ({"dependentRequired": {"agreed_on": ["agreed_by"]}},)

    title: Text = Field(description="The case in a line.")
    start_from: Name | None = Field(default=None, description="Facts it starts from, as named under `starting_points`.")
    on: Day | None = Field(default=None, description="Day of the decision.")
    facts: CaseFacts = Field(default={}, description="What is known; null makes a fact of the starting point unknown again.")
    expect: Expectation = Field(description="What the decision must say.")
    follows_from: Citations = Field(description="Statements the expected answer was derived from.")
    basis: Literal["composed", "published"] = Field(default="composed", description="Made up by us, or published as an example.")
    agreed_by: Text = Field(default="none yet", description="Who agrees with the expected answer; `none yet` is honest.")
    agreed_on: Day | None = Field(default=None, description="The day on which they agreed.")
    note: Text | None = Field(default=None, description="A note for reviewers.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require that an agreement with a day says whose it is."""
        if "agreed_on" in data and "agreed_by" not in data:
            yield Problem("SR211", "`agreed_on` needs `agreed_by`", ("agreed_on",), "say who agreed", key=True)


class CasesFile(Document):
    """One file of `cases/`."""

    starting_points: Mapping[Name, CaseFacts] = Field(default={}, description="Facts shared by several cases of this file.")
    cases: Mapping[Name, Case] = Field(default={}, description="The cases, by name.")
