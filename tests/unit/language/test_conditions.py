"""The condition tree: reading, expanding, limbs."""

from __future__ import annotations

from typing import Any

import pytest

from safeguarding_rules.language.conditions import (
    All,
    Always,
    AnyOf,
    Condition,
    Defined,
    Not,
    Test,
    all_limbs,
    expand,
    flat_members,
    limbs_of,
    parse_condition,
)
from safeguarding_rules.language.conditions import tests_of as each_test_of

A, B, C = ({"a": True}, {"b": {"below": 3}}, {"c": {"one_of": ["x", "y"]}})
TA, TB, TC = Test("a", "is", True), Test("b", "below", 3), Test("c", "one_of", ("x", "y"))


@pytest.mark.parametrize(
    ("data", "tree"),
    [
        (A, TA),
        (B, TB),
        (C, TC),
        ({"always": True}, Always()),
        ({"defined": "d"}, Defined("d")),
        ({"not": A}, Not(TA)),
        ({"all": [A, {"any": [B, {"not": C}]}]}, All((TA, AnyOf((TB, Not(TC)))))),
        ({"m": {"includes_all": ["x"]}}, Test("m", "includes_all", ("x",))),
        ({"n": {"is_not": 3}}, Test("n", "is_not", 3)),
        ({"n": 3}, Test("n", "is", 3)),
    ],
)
def test_a_mapping_becomes_the_tree_that_says_the_same(data: Any, tree: Condition) -> None:
    assert parse_condition(data) == tree


def test_every_part_of_the_tree_knows_where_it_stands() -> None:
    tree = parse_condition({"all": [A, {"any": [B, {"not": {"defined": "d"}}]}]}, ("rules", "r", "when"))
    assert isinstance(tree, All)
    first, second = tree.members
    assert isinstance(second, AnyOf)
    below, negated = second.members
    assert isinstance(negated, Not)
    assert [part.path for part in (tree, first, second, below, negated, negated.member)] == [
        ("rules", "r", "when"),
        ("rules", "r", "when", "all", 0),
        ("rules", "r", "when", "all", 1),
        ("rules", "r", "when", "all", 1, "any", 0),
        ("rules", "r", "when", "all", 1, "any", 1),
        ("rules", "r", "when", "all", 1, "any", 1, "not"),
    ]


@pytest.mark.parametrize("data", [None, 3, "a", [], {}, {"a": True, "b": True}, {"a": {"beneath": 3}}, {"not": {}}])
def test_data_that_was_not_checked_is_refused(data: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  one kind of refusal, for programmers
        parse_condition(data)


def test_the_tests_of_a_tree_in_order() -> None:
    assert list(each_test_of(All((TA, AnyOf((TB, Not(TC))), Defined("d"), Always())))) == [TA, TB, TC]


def test_definitions_are_expanded_all_the_way() -> None:
    definitions: dict[str, Condition] = {"d": Not(Defined("e")), "e": AnyOf((TB, Defined("f"))), "f": TC}
    assert expand(All((TA, Defined("d"))), definitions) == All((TA, Not(AnyOf((TB, TC)))))


def test_an_all_directly_inside_an_all_is_flattened_and_nothing_else() -> None:
    assert flat_members(All((TA, All((TB, All((TC,))))))) == (TA, TB, TC)
    inside = AnyOf((TB, TC))
    assert flat_members(All((TA, inside))) == (TA, inside)
    assert flat_members(All((Not(All((TA,))),))) == (Not(All((TA,))),)


@pytest.mark.parametrize(
    ("when", "limbs", "throughout"),
    [
        (All((TA, All((TB, TC)))), (TA, TB, TC), True),
        (AnyOf((All((TA, TB)), All((TC,)))), (TA, TB, TC), True),
        (All((TA, AnyOf((TB, TC)))), (TA, AnyOf((TB, TC))), True),
        (AnyOf((All((TA, TB)), TC)), (TA, TB), False),
        (AnyOf((TA, TB)), (), False),
        (TA, (), False),
        (Not(All((TA, TB))), (), False),
        (Always(), (), False),
    ],
)
def test_the_limbs_of_a_shape(when: Condition, limbs: tuple[Condition, ...], throughout: bool) -> None:
    assert limbs_of(when) == limbs
    assert all_limbs(when) == throughout
