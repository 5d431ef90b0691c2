"""The proof as a document: claims, each proved, refuted or undecided, and the cases that refute (`proof/1`).

Promised: frozen; nothing in it that is not declared; the same packs give the same document, apart from what a time limit left undecided.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["proved", "refuted", "undecided"]
Kind = Literal["invariant", "guarantee", "layer", "conflicts", "rules", "facts", "tables"]
How = Literal["for all cases", "by construction", "for all cases and by construction", "by example", "by the z3 solver"]


class Part(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Advice(Part):
    """What the engine says of the case of a witness."""

    outcome: str
    settled: bool
    actions: tuple[str, ...] = Field(default=(), description="`must refer_to_police by dsl`; those that depend on unknown facts are left out.")


class Witness(Part):
    """A case that refutes a claim, or shows what a claim of possibility says. `facts` can be given to `decide` as they stand."""

    words: str = Field(description="The case in words: what is unlike the mildest case.")
    facts: dict[str, Any] = Field(description="The whole case.")
    telling: tuple[str, ...] = Field(default=(), description="The facts that are unlike the mildest case, and those that the claim is about.")
    advice: Advice = Field(description="What the engine decides for these facts.")
    beside: dict[str, Any] | None = Field(default=None, description="The facts of a second case, where a claim compares two.")
    beside_advice: Advice | None = Field(default=None, description="What is decided for the second case, or by the stack without the layer.")


class Finding(Part):
    """One thing an analysis found; `accepted` says why a reviewer of the pack lets it stand."""

    code: str
    at: str
    message: str
    accepted: str | None = None


class Waived(Part):
    """Why an invariant need not hold for now."""

    because: str
    until: date


class Claim(Part):
    """One claim about every case of a stack."""

    name: str
    kind: Kind
    pack: str = Field(description="The pack that makes the claim, or that it is about.")
    claims: str = Field(description="What is claimed, in words.")
    state: State
    how: How = Field(default="for all cases", description="How it was decided.")
    reason: str = Field(default="", description="The reason of what holds by construction; what is wrong; why it is undecided.")
    code: str | None = Field(default=None, description="The code of the finding, if there is one.")
    witness: Witness | None = None
    findings: tuple[Finding, ...] = ()
    parts: int = Field(default=1, description="How many things were to be decided: of an analysis, one for each rule or fact.")
    undecided: tuple[str, ...] = Field(default=(), description="Which of them were not.")
    waived: Waived | None = None
    seconds: float = Field(default=0.0, description="How long it took.", exclude=True)
    second_opinion: Literal["agrees", "disagrees", "none"] = Field(default="none", description="What the z3 solver says of it.")

    @property
    def counts_as(self) -> State:
        """Return the state that counts: a live waiver excuses a claim that is not proved."""
        return "proved" if self.waived is not None else self.state


class StackProof(Part):
    """Every claim about one stack. `periods` are the intervals (from, until) in which it is in force and means the same."""

    packs: tuple[str, ...] = Field(description="The packs of the stack, from the top down: `ukcis 2024.3`.")
    periods: tuple[tuple[date, date | None], ...]
    claims: tuple[Claim, ...]

    @property
    def name(self) -> str:
        """Return what the stack is called: its lowest pack, then those above it."""
        first, *above = reversed(self.packs)
        return " with ".join([first, " and ".join(above)]) if above else first


class Idle(Part):
    """A warning: a finding is accepted, and nothing is found there any more."""

    code: Literal["SR613"] = "SR613"
    pack: str
    version: str
    finding: str = Field(description="The code of the finding that is accepted.")
    at: str = Field(description="The part of the pack it was about.")
    place: str = Field(description="Where it is accepted: file, line and column.")


class Proof(Part):
    """The whole document."""

    schema_: Literal["proof/1"] = Field(default="proof/1", alias="schema")
    state: State
    stacks: tuple[StackProof, ...]
    idle: tuple[Idle, ...] = Field(default=(), description="Accepted findings that nothing finds any more.")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def proof_of(stacks: Iterable[StackProof], idle: Iterable[Idle] = ()) -> Proof:
    """Return the document: refuted if any claim is, else undecided if any is. `idle` are warnings only."""
    found = tuple(stacks)
    states = {claim.counts_as for stack in found for claim in stack.claims}
    state: State = "refuted" if "refuted" in states else "undecided" if "undecided" in states else "proved"
    return Proof(state=state, stacks=found, idle=tuple(idle))
