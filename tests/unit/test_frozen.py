"""A class under `@frozen` is what a frozen dataclass with slots is."""

from __future__ import annotations

import copy
import pickle
from dataclasses import KW_ONLY, FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

import pytest
from pydantic import TypeAdapter

from safeguarding_rules.frozen import frozen


class Body:
    """What both classes say."""

    __slots__ = ()
    kind: ClassVar[str] = "kind"


@frozen
class Cheap(Body):
    """A value."""

    name: str
    values: tuple[int, ...] = ()
    labels: dict[str, str] = field(default_factory=dict, metadata={"alias": "words", "description": "In words."})
    place: int = field(default=0, compare=False)
    length: int = field(init=False, repr=False, compare=False)
    _: KW_ONLY
    firm: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.values))


@dataclass(frozen=True, slots=True)
class Plain(Body):
    """A value."""

    name: str
    values: tuple[int, ...] = ()
    labels: dict[str, str] = field(default_factory=dict, metadata={"alias": "words", "description": "In words."})
    place: int = field(default=0, compare=False)
    length: int = field(init=False, repr=False, compare=False)
    _: KW_ONLY
    firm: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.values))


@frozen
class Nothing:
    """A value of which nothing is compared."""

    path: tuple[str, ...] = field(default=(), compare=False)


@frozen
class Other:
    """Another value of the same shape."""

    path: tuple[str, ...] = field(default=(), compare=False)


MADE: tuple[dict[str, Any], ...] = (
    {"name": "a"},
    {"name": "a", "values": (1, 2), "firm": False},
    {"name": "a", "labels": {"x": "y"}, "place": 3},
    {"name": "b", "values": (1, 2), "place": 4},
)
BOTH = (Cheap, Plain)


def test_the_fields_are_those_of_a_dataclass() -> None:
    kinds: tuple[Any, ...] = BOTH
    cheap, plain = ([(one.name, one.type, one.default, one.init, one.compare, one.kw_only, dict(one.metadata)) for one in fields(x)] for x in kinds)
    assert cheap == plain
    assert kinds[0].__slots__ == kinds[1].__slots__
    assert kinds[0].__match_args__ == kinds[1].__match_args__
    assert not hasattr(Cheap("a"), "__dict__")
    assert is_dataclass(Cheap)


@pytest.mark.parametrize("given", MADE)
def test_values_are_made_shown_copied_and_replaced_alike(given: dict[str, Any]) -> None:
    cheap: Any = Cheap(**given)
    plain: Any = Plain(**given)
    names = [one.name for one in fields(Cheap)]
    assert [getattr(cheap, name) for name in names] == [getattr(plain, name) for name in names]
    assert repr(cheap) == repr(plain).replace("Plain(", "Cheap(")
    for again in (copy.copy(cheap), copy.deepcopy(cheap), pickle.loads(pickle.dumps(cheap))):  # noqa: S301  our own
        assert again == cheap
        assert [getattr(again, name) for name in names] == [getattr(cheap, name) for name in names]
    assert replace(cheap, values=(7,)) == Cheap(**{**given, "values": (7,)})
    assert replace(cheap, values=(7,)).length == 1


def test_a_default_that_is_made_is_made_anew() -> None:
    assert Cheap("a").labels is not Cheap("a").labels


@pytest.mark.parametrize("kind", BOTH)
def test_arguments_are_checked(kind: Any) -> None:
    for wrong in ({}, {"name": "a", "length": 2}, {"name": "a", "other": 1}):
        with pytest.raises(TypeError):
            kind(**wrong)
    with pytest.raises(TypeError):
        kind("a", (), {}, 0, False)


@pytest.mark.parametrize("kind", BOTH)
def test_equal_values_are_those_whose_compared_fields_are(kind: Any) -> None:
    values = [kind(**given) for given in MADE]
    assert [one == other for one in values for other in values] == [i == j for i in range(4) for j in range(4)]
    assert kind("a", place=1) == kind("a", place=2)
    assert kind("a") != "a"
    with pytest.raises(TypeError):
        hash(kind("a"))  # it has a field that cannot be hashed


def test_values_of_two_classes_are_never_equal() -> None:
    assert Nothing(("x",)) == Nothing()
    assert hash(Nothing(("x",))) == hash(Nothing())
    assert Nothing() != Other()  # type: ignore[comparison-overlap]
    assert len({Nothing(), Nothing(("x",)), Other()}) == 2


@pytest.mark.parametrize("kind", BOTH)
def test_nothing_can_be_changed(kind: Any) -> None:
    value = kind("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "b"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del value.name
    with pytest.raises((FrozenInstanceError, TypeError)):  # the latter is a slip of Python's own
        value.further = 1


def test_pydantic_reads_writes_and_describes_both_alike() -> None:
    cheap, plain = TypeAdapter(Cheap), TypeAdapter(Plain)
    text = '{"name": "a", "values": [1], "words": {"x": "y"}, "place": 1, "firm": false}'
    assert cheap.validate_json(text) == Cheap("a", (1,), {"x": "y"}, firm=False)
    assert cheap.dump_json(cheap.validate_json(text), by_alias=True) == plain.dump_json(plain.validate_json(text), by_alias=True)
    assert {**cheap.json_schema(), "title": ""} == {**plain.json_schema(), "title": ""}


def test_a_class_with_a_function_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError, match=r"has its own __eq__, __hash__: make it a dataclass"):

        @frozen
        class Own:
            name: str

            def __eq__(self, other: object) -> bool:
                return True

            def __hash__(self) -> int:
                return 0
