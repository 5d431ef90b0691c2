"""`statements.yaml` and `routes.yaml`: what the sources say, where it is encoded, and who to contact."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from safeguarding_rules.language.conditions_data import ConditionData
from safeguarding_rules.language.shapes import (
    Citation,
    Document,
    Name,
    OneOrMore,
    PartInForce,
    Problem,
    References,
    Text,
    WebAddress,
    Yes,
    exactly_one,
    one_required,
)

Strength = Literal["must", "should", "may", "should_not", "must_not", "applies", "definition", "classify", "note"]
Force = Literal["law", "statutory", "advice", "local_procedure", "police_practice", "good_practice"]
_ENCODING = ("encoded_by", "not_computable")
_FITTING = ("when", "otherwise")


class Source(Document):
    """A published document."""

    title: Text = Field(description="Title and date of the document.")
    publisher: Text = Field(description="Who published it.")
    address: WebAddress | None = Field(default=None, description="Where its official publisher shows it.")
    in_force: PartInForce | None = Field(default=None, description="When it was or is in force.")
    note: Text | None = Field(default=None, description="A note for reviewers.")


class Statement(Document):
    """One normative sentence of a source, in our words, and where it is encoded."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (one_required(*_ENCODING),)

    source: Name = Field(description="The document, as named under `sources`.")
    section: Text = Field(description="Where in the document.")
    binds: Text = Field(description="Who has to do it.")
    text: Text = Field(description="Our paraphrase, never the source's sentence.")
    strength: Strength = Field(description="How strongly the source says it.")
    force: Force = Field(description="What kind of authority it has.")
    checked: Literal["seen", "secondary", "recalled"] = Field(description="How the source was consulted.")
    encoded_by: References | None = Field(default=None, description="The parts of the pack that encode it.")
    not_computable: Text | None = Field(default=None, description="Why nothing encodes it.")
    status: Literal["in_force", "enacted", "proposed", "superseded"] = Field(
        default="in_force", description="Only statements in force are applied; the others are listed."
    )
    in_force: PartInForce | None = Field(default=None, description="When, inside the pack's own interval.")
    note: Text | None = Field(default=None, description="A note for reviewers.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require exactly one of `encoded_by` and `not_computable`."""
        yield from exactly_one(cls, data, _ENCODING, "a statement")


class StatementsFile(Document):
    """`statements.yaml`."""

    sources: Mapping[Name, Source] = Field(default={}, description="The documents, by name.")
    statements: Mapping[Citation, Statement] = Field(default={}, description="What they say, by id.")


class RouteEntry(Document):
    """Somebody to contact, where the condition fits or nothing before it did."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (one_required(*_FITTING),)

    when: ConditionData | None = Field(default=None, description="When this is the one to contact.")
    otherwise: Yes | None = Field(default=None, description="The last resort; every list ends in it.")
    name: Text = Field(description="Who it is.")
    phone: Text | None = Field(default=None, description="Telephone number, in quotes.")
    web: WebAddress | None = Field(default=None, description="Web address.")
    hours: Text | None = Field(default=None, description="When they answer.")
    note: Text | None = Field(default=None, description="What to know before contacting them.")
    emergency: bool = Field(default=False, description="True for an entry that no layer can remove.")
    in_force: PartInForce | None = Field(default=None, description="When the entry is right.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require exactly one of `when` and `otherwise`."""
        yield from exactly_one(cls, data, _FITTING, "a route")


class RoutesFile(Document):
    """`routes.yaml`."""

    routes: Mapping[Name, OneOrMore[RouteEntry]] = Field(default={}, description="Lists of people or services; the first entry that fits is the one.")
