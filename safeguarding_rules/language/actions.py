"""Actions: what a pack can advise (`actions.yaml`), and how rules, invariants and cases speak of it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from safeguarding_rules.language.shapes import Document, Name, Problem, Text, Within, exactly_one, one_required, unique

Modality = Literal["must", "should", "may", "should_not", "must_not"]
Actor = Literal["dsl", "headteacher", "other_staff", "setting"]
MODALITIES: tuple[Modality, ...] = ("must", "should", "may", "should_not", "must_not")

NameList = Annotated[tuple[Name, ...], Field(strict=False, json_schema_extra={"uniqueItems": True}), AfterValidator(unique)]


class ActionDeclaration(Document):
    """An action the pack can advise."""

    title: Text = Field(description="What to do, in a few words.")
    meaning: Text = Field(description="What doing it means.")
    by: Actor = Field(description="Who normally does it.")
    protects: Literal["do", "refrain"] = Field(description="Whether protecting a child means to do it or to refrain.")
    contradicts: NameList = Field(default=(), description="Actions that cannot both be a duty of the same person.")
    route: Name | None = Field(default=None, description="The list of routes.yaml that says whom to contact.")


class ActionsFile(Document):
    """`actions.yaml`."""

    actions: Mapping[Name, ActionDeclaration] = Field(default={}, description="The actions the pack can advise, by name.")


class NamedAction(Document):
    """An action with the strength it is advised with: exactly one modality naming it."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (one_required(*MODALITIES),)

    must: Name | None = Field(default=None, description="Has to be done.")
    should: Name | None = Field(default=None, description="Is to be done unless there is a recorded good reason.")
    may: Name | None = Field(default=None, description="Is allowed.")
    should_not: Name | None = Field(default=None, description="Is not to be done unless there is a recorded good reason.")
    must_not: Name | None = Field(default=None, description="Is never to be done.")
    by: Actor | None = Field(default=None, description="Who; without it, who the action declares.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require exactly one modality."""
        yield from exactly_one(cls, data, MODALITIES, "an action")

    @property
    def modality(self) -> Modality:
        """Return the strength."""
        return next(modality for modality in MODALITIES if getattr(self, modality) is not None)

    @property
    def action(self) -> str:
        """Return the name of the action."""
        name: str = getattr(self, self.modality)
        return name


class TimedAction(NamedAction):
    """An action and by when: as a case expects it, or as a rule gives it."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (*NamedAction.schema_rules, {"dependentRequired": {"from": ["within"]}})

    within: Within | None = Field(default=None, description="immediately, same_day, `2 working days`, or a duration such as PT24H.")
    from_: Name | None = Field(default=None, alias="from", description="The start of the clock; without it, `known`. Needs `within`.")

    @classmethod
    def beyond_fields(cls, data: Mapping[str, Any]) -> Iterator[Problem]:
        """Require exactly one modality, and `within` where there is `from`."""
        yield from super().beyond_fields(data)
        if "from" in data and "within" not in data:
            yield Problem("SR211", "`from` needs `within`", ("from",), "say by when: `within: same_day`", key=True)


class ActionItem(TimedAction):
    """An action as a rule gives it, with its deadline."""

    until: Text | None = Field(default=None, description="Shown with the duty; never lifts it.")
    note: Text | None = Field(default=None, description="Text shown with the duty.")
