"""`rules/*.yaml`: rules, definitions, standing actions, decision tables and strengthenings."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from safeguarding_rules.language.actions import ActionItem, NameList
from safeguarding_rules.language.cells import CellValue, parse_cell
from safeguarding_rules.language.conditions_data import ConditionData, TestData
from safeguarding_rules.language.shapes import (
    Citations,
    Document,
    Items,
    Name,
    Names,
    OneOrMore,
    PartInForce,
    Problem,
    QualifiedName,
    Text,
    Yes,
    at_least_one,
    exactly_one,
    one_required,
    some_required,
)

IfUnknown = Literal["ask", "presume_if_partly_met", "presume_met"]
_OCCASIONS = ("always", "at_least", "when_outcome")


class Rule(Document):
    """One norm: it holds where `given` and `when` hold and `unless` does not."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (some_required("outcome", "actions"),)

    title: Text = Field(description="What the rule is called.")
    given: ConditionData | None = Field(default=None, description="Scope; never counts as a limb.")
    when: ConditionData = Field(description="The trigger.")
    unless: ConditionData | None = Field(default=None, description="The way out.")
    if_unknown: IfUnknown = Field(default="ask", description="What to do while facts of the rule are unknown.")
    outcome: Name | None = Field(default=None, description="The outcome a case has at least where the rule holds.")
    because: Text = Field(description="The reason, as a sentence a reader can follow.")
    actions: OneOrMore[ActionItem] = Field(default=(), description="What is to be done, or not, where the rule holds.")
    cite: Citations = Field(description="Statements the rule encodes.")
    in_force: PartInForce | None = Field(default=None, description="When, inside the pack's own interval.")
    formerly: NameList = Field(default=(), description="Earlier ids of the rule.")
    note: Text | None = Field(default=None, description="A note for reviewers.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require an outcome or actions."""
        yield from at_least_one(cls, data, ("outcome", "actions"), "a rule")


class StandingEntry(Document):
    """Duties that follow from the outcome."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (one_required(*_OCCASIONS),)

    id: Name | None = Field(default=None, description="Needed only for a second entry of the same kind.")
    always: Yes | None = Field(default=None, description="The duties stand whatever the outcome.")
    at_least: Name | None = Field(default=None, description="The duties stand from this outcome upwards.")
    when_outcome: Name | None = Field(default=None, description="The duties stand at the first outcome of the scale only.")
    actions: OneOrMore[ActionItem] = Field(description="The duties.")
    because: Text = Field(description="The reason.")
    cite: Citations = Field(description="Statements the entry encodes.")
    note: Text | None = Field(default=None, description="A note for reviewers.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require exactly one occasion."""
        yield from exactly_one(cls, data, _OCCASIONS, "a standing entry")

    @property
    def name(self) -> str:
        """Return how the entry is referred to after `standing/`."""
        if self.id is not None:
            return self.id
        if self.at_least is not None:
            return f"at-least-{self.at_least}"
        return "always" if self.when_outcome is None else f"when-{self.when_outcome}"


class Strengthening(Document):
    """How a layer makes a rule of a pack above more protective."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (some_required("outcome", "actions"),)

    outcome: Name | None = Field(default=None, description="A more protective outcome.")
    actions: OneOrMore[ActionItem] = Field(default=(), description="Further or stronger duties, or shorter deadlines.")
    because: Text = Field(description="The reason.")
    cite: Citations = Field(description="Statements the strengthening encodes.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require an outcome or actions."""
        yield from at_least_one(cls, data, ("outcome", "actions"), "a strengthening")


class Row(Document):
    """One row of a decision table: one cell per fact, then what follows."""

    model_config = ConfigDict(extra="allow")
    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (some_required("outcome", "actions"),)

    __pydantic_extra__: dict[str, CellValue] = Field(init=False)

    row: Name = Field(description="Name of the row; the rule is `table/row`.")
    title: Text | None = Field(default=None, description="What the row is called.")
    outcome: Name | None = Field(default=None, description="The outcome a case has at least where the row fits.")
    actions: OneOrMore[ActionItem] = Field(default=(), description="What is to be done, or not, where the row fits.")
    because: Text = Field(description="The reason.")
    cite: Citations = Field(description="Statements the row encodes.")
    note: Text | None = Field(default=None, description="A note for reviewers.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require an outcome or actions."""
        yield from at_least_one(cls, data, ("outcome", "actions"), "a row")

    @property
    def cells(self) -> dict[str, tuple[TestData, ...]]:
        """Return, per fact, the tests that must all hold; none where the cell is `-`."""
        return {fact: parse_cell(cell) for fact, cell in self.__pydantic_extra__.items()}


class Table(Document):
    """A decision table: sugar for the rules `table/row`."""

    title: Text | None = Field(default=None, description="What the table is called.")
    facts: Names = Field(description="The facts it looks at, one column each.")
    given: ConditionData | None = Field(default=None, description="Scope of every row.")
    unless: ConditionData | None = Field(default=None, description="The way out of every row.")
    if_unknown: IfUnknown = Field(default="ask", description="What to do while facts of a row are unknown.")
    complete: bool = Field(default=False, description="True where the rows are meant to leave no gap.")
    rows: OneOrMore[Row] = Field(description="The rows.")


class RulesFile(Document):
    """One file of `rules/`."""

    definitions: Mapping[Name, ConditionData] = Field(default={}, description="Conditions with a name, used as {defined: name}.")
    rules: Mapping[Name, Rule] = Field(default={}, description="The rules, by id.")
    standing: Items[StandingEntry] = Field(default=(), description="Duties that follow from the outcome.")
    strengthens: Mapping[QualifiedName, Strengthening] = Field(default={}, description="In a layer: rules of packs above, made more protective.")
    tables: Mapping[Name, Table] = Field(default={}, description="Decision tables, by name.")
