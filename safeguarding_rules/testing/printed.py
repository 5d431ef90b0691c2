"""What `mutate`, `test --coverage` and `vignettes` print as JSON: the pydantic models behind `mutation/1`, `coverage/1` and `vignettes/1`.

Promised: frozen; nothing in a document that is not declared here.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Printed(BaseModel):
    """A part of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Numbers(Printed):
    """How many mutants were noticed, were not, and change nothing; `percent` is of those that change something."""

    killed: int
    survived: int
    equivalent: int
    percent: float


class MutantNote(Printed):
    """One small mistake, and what became of it."""

    rule: str
    kind: str
    change: str
    state: Literal["killed", "survived", "equivalent", "undecided"]
    by: str | None = Field(default=None, description="The case that noticed.")


class MutatedPack(Printed):
    """The mutants of one version of a pack."""

    pack: str
    version: str
    score: Numbers
    kinds: dict[str, Numbers]
    survivors: tuple[str, ...] = Field(description="A sentence for each mutant that no case notices.")
    mutants: tuple[MutantNote, ...]


class MutationDocument(Printed):
    """The whole document of `mutate`."""

    schema_: Literal["mutation/1"] = Field(default="mutation/1", alias="schema")
    score: Numbers
    packs: tuple[MutatedPack, ...]


class PartsNote(Printed):
    """Parts of one kind: `missing` are those that no case exercises, `unreachable` those that no possible case can."""

    exercised: int
    reachable: int
    percent: float
    missing: tuple[str, ...]
    unreachable: tuple[str, ...]


class CoveredPack(Printed):
    """What the cases exercise of one version of a pack, by kind of part; None for a kind that the pack has none of."""

    pack: str
    version: str
    cases: int
    rules: PartsNote | None = Field(default=None, description="Rules met, open, not met.")
    outcomes: PartsNote | None = None
    actions: PartsNote | None = Field(default=None, description="Actions by strength.")
    boundaries: PartsNote | None = Field(default=None, description="Edges of numbers.")
    mcdc: PartsNote | None = Field(default=None, description="Every test of a rule deciding by itself, either way.")


class CoverageDocument(Printed):
    """The whole document of `test --coverage json`."""

    schema_: Literal["coverage/1"] = Field(default="coverage/1", alias="schema")
    packs: tuple[CoveredPack, ...]


class VignetteNote(Printed):
    """A case outside a pack, and who agreed its answer when."""

    file: str
    name: str
    title: str
    expects: dict[str, Any]
    agreed_by: str | None
    agreed_on: date | None


class MissNote(Printed):
    """One expectation that was not met."""

    about: str
    expected: str
    came: str
    why: tuple[str, ...]


class AnsweredVignette(VignetteNote):
    """A case outside a pack as it was decided."""

    packs: tuple[str, ...]
    on: date
    outcome: str | None
    as_expected: bool
    misses: tuple[MissNote, ...]


class ConflictNote(Printed):
    """Two answers that do not go together. `certain`: whatever is right, one of them is wrong."""

    kind: Literal["same facts", "more known"]
    certain: bool
    why: str
    one: VignetteNote
    other: VignetteNote


class VignettesDocument(Printed):
    """The whole document of `vignettes`."""

    schema_: Literal["vignettes/1"] = Field(default="vignettes/1", alias="schema")
    cases: tuple[AnsweredVignette, ...]
    conflicts: tuple[ConflictNote, ...]
