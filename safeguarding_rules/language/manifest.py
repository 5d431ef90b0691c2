"""`pack.yaml`: who publishes a pack, which version, when it is in force, and the outcome scale."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from safeguarding_rules.language.actions import ActionItem
from safeguarding_rules.language.shapes import Citations, Day, Document, InForce, Items, Name, Problem, Text, Version

Layer = Literal["national", "local", "setting"]
Status = Literal["draft", "in_force", "superseded", "withdrawn"]


class Outcome(Document):
    """One step of the outcome scale."""

    title: Text = Field(description="What the course of action is called.")
    meaning: Text = Field(description="What it means for a setting to follow it.")
    because: Text = Field(description="Why a case may end here.")
    cite: Citations = Field(description="Statements of the sources that name it.")


class Unsettled(Document):
    """The advice while missing facts could still change the outcome."""

    outcome: Name = Field(description="The outcome advised; must lie above the first outcome of the scale.")
    because: Text = Field(description="Why this is the advice while facts are missing.")
    cite: Citations = Field(description="Statements of the sources it follows from.")
    actions: Items[ActionItem] = Field(default=(), description="What to do while facts are missing.")


class VersionRange(Document):
    """Versions of another pack, from `at_least` (included) to `below` (not included)."""

    at_least: Version | None = Field(default=None, description="The earliest version that fits.")
    below: Version | None = Field(default=None, description="The first version that no longer fits.")


class Extends(Document):
    """The pack a layer builds on: the version in force on the decision date, one version, or a range."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = ({"not": {"required": ["version", "versions"]}},)

    pack: Name = Field(description="Id of the pack above.")
    version: Version | None = Field(default=None, description="Exactly this version.")
    versions: VersionRange | None = Field(default=None, description="Only versions in this range.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Refuse `version` beside `versions`."""
        if "version" in data and "versions" in data:
            yield Problem("SR210", "`extends` has both `version` and `versions`", ("versions",), "keep one of them", key=True)


class Review(Document):
    """Somebody who read the pack, by role."""

    role: Text = Field(description="Role of the reader, never the name of a child or family.")
    on: Day = Field(description="When.")
    note: Text | None = Field(default=None, description="What they read it for, or what is open.")


class SignOff(Document):
    """Who answers for the pack."""

    by: Text = Field(description="Role or body; `none yet` is honest.")
    on: Day | None = Field(default=None, description="When.")


def _nobody(value: object) -> object:
    return () if value == "none yet" else value


_REVIEWERS_SCHEMA = {"type": ["array", "string"], "items": {"x-model": "Review"}, "pattern": "^none yet$"}
_LAYER_RULE = {
    "if": {"required": ["extends"]},
    "then": {"properties": {"outcomes": False}},
    "else": {"required": ["outcomes", "when_unsettled"]},
}


class Manifest(Document):
    """The manifest of a pack."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (_LAYER_RULE,)

    pack: Name = Field(description="Id of the pack.")
    version: Version = Field(description='Version, always in quotes, such as "2024.3".')
    title: Text = Field(description="What readers call the pack.")
    publisher: Text = Field(description="Who publishes the pack.")
    jurisdiction: Text | None = Field(default=None, description="Where it applies.")
    layer: Layer = Field(description="Rank: national guidance, local arrangements, or a setting's own policy.")
    language: Text = Field(description='Version of the pack language, in quotes: "1".')
    status: Status = Field(description="Only in_force packs are found by date; a draft loads by version or path; withdrawn never loads.")
    in_force: InForce = Field(description="The days it is in force.")
    corrects: Version | None = Field(default=None, description="The version this one replaces on the dates both claim.")
    extends: Extends | None = Field(default=None, description="The pack above, in a layer.")
    licence: Text | None = Field(default=None, description="Under what terms others may use the pack.")
    review_by: Day | None = Field(default=None, description="When the pack must have been read again.")
    reviewers: Annotated[Items[Review], BeforeValidator(_nobody), WithJsonSchema(_REVIEWERS_SCHEMA)] = Field(
        default=(), description="Who read the pack; `none yet` is honest."
    )
    sign_off: SignOff | None = Field(default=None, description="Who answers for the pack.")
    notes: Text | None = Field(default=None, description="Shown with the pack: limits, unconfirmed parts.")
    outcomes: Mapping[Name, Outcome] = Field(
        default={}, min_length=2, description="The outcome scale, least to most protective; only in the top pack of a stack."
    )
    when_unsettled: Unsettled | None = Field(default=None, description="The advice while missing facts could still change the outcome.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require a scale in the top pack of a stack and refuse one in a layer."""
        if "extends" not in data:
            for key in ("outcomes", "when_unsettled"):
                if key not in data:
                    yield Problem("SR202", f"key `{key}` is missing", (), "a pack that extends no other says its outcome scale and `when_unsettled`")
        elif "outcomes" in data:
            yield Problem("SR211", "a layer cannot have `outcomes`", ("outcomes",), "the scale is the top pack's; take this out", key=True)

    @property
    def version_key(self) -> tuple[int, ...]:
        """Return the version as numbers, which order versions."""
        return version_key(self.version)


def version_key(version: str) -> tuple[int, ...]:
    """Return a version as numbers, which order versions: 2024.10 comes after 2024.9."""
    return tuple(int(part) for part in version.split("."))
