"""The decision as a document: the pydantic model behind its JSON Schema. Source: docs/reference/decision.md and the contract."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from safeguarding_rules.deciding.parts import ActionAdvice, Because, PolicyStamp, Question, RuleStatuses
from safeguarding_rules.deciding.parts import Warning as PartWarning


class DecisionDocument(BaseModel):
    """A whole decision."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

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
    warnings: tuple[PartWarning, ...]
