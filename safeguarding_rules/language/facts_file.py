"""`facts.yaml`: the facts a pack asks about, and what follows from what."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from safeguarding_rules.diagnostics import closest
from safeguarding_rules.language.actions import NameList
from safeguarding_rules.language.conditions_data import ConditionData
from safeguarding_rules.language.shapes import Citation, Document, Items, Name, Problem, Text, Whole, keys_of, name_problem, refusal, repeated
from safeguarding_rules.language.words import describe

Sensitivity = Literal["standard", "special_category"]

_NEEDS = {"boolean": (), "integer": ("at_least", "at_most"), "choice": ("values",), "choices": ("values",)}
_EXTRAS = {"boolean": ("short",), "integer": ("unit",), "choice": (), "choices": ()}
_TYPED_KEYS = ("values", "at_least", "at_most", "unit", "short")


def _labelled(value: object) -> object:
    """Turn a plain list of names into a mapping of names to labels."""
    if not isinstance(value, (list, tuple)):
        return value
    if twice := repeated(value):
        raise refusal([Problem("SR215", f"{describe(value[place])} is listed twice", (place,)) for place in twice], value)
    wrong = [problem for place, name in enumerate(value) if (problem := name_problem(name, (place,)))]
    if wrong:
        raise refusal(wrong, value)
    return {name: name.replace("_", " ").replace("-", " ") for name in value}


_VALUES_SCHEMA = {
    "type": ["object", "array"],
    "minProperties": 1,
    "minItems": 1,
    "uniqueItems": True,
    "items": {"x-definition": "Name"},
    "propertyNames": {"x-definition": "Name"},
    "additionalProperties": {"type": "string", "pattern": r"\S"},
}


def _type_rule(fact_type: str) -> dict[str, Any]:
    allowed = {*_NEEDS[fact_type], *_EXTRAS[fact_type]}
    then = {"required": list(_NEEDS[fact_type]), "properties": {key: False for key in _TYPED_KEYS if key not in allowed}}
    return {"if": {"properties": {"type": {"const": fact_type}}, "required": ["type"]}, "then": then}


class FactDeclaration(Document):
    """A fact: its type, its finite domain, and how to ask for it."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = tuple(_type_rule(fact_type) for fact_type in _NEEDS)

    type: Literal["boolean", "integer", "choice", "choices"] = Field(description="boolean, integer, choice (one value) or choices (any number).")
    question: Text = Field(description="Plain; never blames a child, never asks anyone to look.")
    short: Text | None = Field(
        default=None, description="The question of a boolean fact as a short statement, for one line among others: which of these are so?"
    )
    help: Text | None = Field(default=None, description="What counts and what does not.")
    group: Name | None = Field(default=None, description="Facts of one group belong to one topic.")
    sensitivity: Sensitivity = Field(default="standard", description="standard or special_category.")
    values: Annotated[Mapping[Name, Text] | None, BeforeValidator(_labelled), WithJsonSchema(_VALUES_SCHEMA)] = Field(
        default=None, min_length=1, description="The values of a choice or choices fact: name and label, or a list of names."
    )
    at_least: Whole | None = Field(default=None, description="Smallest number, in an integer fact.")
    at_most: Whole | None = Field(default=None, description="Largest number, in an integer fact.")
    unit: Text | None = Field(default=None, description="Unit of an integer fact, such as years.")
    applies_when: ConditionData | None = Field(default=None, description="When the fact makes sense at all.")
    formerly: NameList = Field(default=(), description="Earlier names, for people reading old records.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require and refuse the keys that belong to the type."""
        fact_type = data.get("type")
        if not isinstance(fact_type, str) or fact_type not in _NEEDS:
            return
        allowed = {*_NEEDS[fact_type], *_EXTRAS[fact_type]}
        article = "an" if fact_type == "integer" else "a"
        for key in _NEEDS[fact_type]:
            if key not in data and not any(closest(str(given), [key]) for given in data if given not in keys_of(cls)):
                yield Problem("SR202", f"{article} {fact_type} fact needs `{key}`")
        for key in _TYPED_KEYS:
            if key in data and key not in allowed:
                yield Problem("SR211", f"{article} {fact_type} fact has no `{key}`", (key,), key=True)


class Implication(Document):
    """What follows from what, in every possible case."""

    if_: ConditionData = Field(alias="if", description="Where this holds …")
    then: ConditionData = Field(description="… this holds too.")
    because: Text = Field(description="Why one follows from the other.")
    cite: Items[Citation] = Field(default=(), description="Statements it follows from.")


class FactsFile(Document):
    """`facts.yaml`."""

    facts: Mapping[Name, FactDeclaration] = Field(default={}, description="The facts the pack asks about, by name.")
    implications: Items[Implication] = Field(
        default=(), description="What follows from what; declare one only if its contrapositive may silence a question."
    )
