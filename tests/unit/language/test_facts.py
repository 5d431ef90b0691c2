"""What a test of a fact means on one value, and on a fact that does not apply."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Defined, Not, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec, unmask
from safeguarding_rules.language.facts import test_holds as holds_on


@pytest.mark.parametrize(
    ("op", "operand", "holding", "failing"),
    [
        ("is", 13, [13], [12, 14]),
        ("is_not", 13, [12, 14], [13]),
        ("below", 13, [12], [13, 14]),
        ("at_most", 13, [12, 13], [14]),
        ("at_least", 13, [13, 14], [12]),
        ("above", 13, [14], [12, 13]),
        ("one_of", (12, 14), [12, 14], [13]),
        ("none_of", (12, 14), [13], [12, 14]),
    ],
)
def test_a_test_on_numbers(op: str, operand: Any, holding: list[int], failing: list[int]) -> None:
    assert all(holds_on(op, operand, value) for value in holding)
    assert not any(holds_on(op, operand, value) for value in failing)
    assert holds_on(op, operand, NOT_APPLICABLE) == (op in {"is_not", "none_of"})


@pytest.mark.parametrize(("op", "operand"), [("is", "a"), ("one_of", ("a", "b")), ("is_not", "a"), ("none_of", ("a", "b"))])
def test_what_does_not_apply_is_none_of_the_values(op: str, operand: Any) -> None:
    assert holds_on(op, operand, NOT_APPLICABLE) == (op in {"is_not", "none_of"})
    assert holds_on(op, operand, "a") == (op in {"is", "one_of"})


def test_not_applicable_names_itself() -> None:
    assert repr(NOT_APPLICABLE) == "not applicable"


LEANS = Test("top", "is", True)
FACTS = {
    "top": FactSpec("top", "boolean"),
    "yes": FactSpec("yes", "boolean", masked=LEANS),
    "kind": FactSpec("kind", "choice", ("a", "b"), masked=LEANS),
    "many": FactSpec("many", "choices", ("a", "b"), masked=LEANS),
    "deep": FactSpec("deep", "boolean", masked=Test("yes", "is", True)),
}


@pytest.mark.parametrize(
    ("test", "holds_unapplied"),
    [
        (Test("yes", "is", True), False),
        (Test("yes", "is", False), True),
        (Test("yes", "is_not", True), True),
        (Test("yes", "is_not", False), False),
        (Test("yes", "one_of", (True, False)), True),
        (Test("yes", "none_of", (True,)), True),
        (Test("kind", "is", "a"), False),
        (Test("kind", "is_not", "a"), True),
        (Test("kind", "none_of", ("a",)), True),
        (Test("many", "includes", "a"), False),
        (Test("many", "includes_any", ("a",)), False),
        (Test("many", "excludes", "a"), True),
    ],
)
def test_a_test_of_a_masked_fact_counts_as_its_value_where_it_does_not_apply(test: Test, holds_unapplied: bool) -> None:
    expected: Condition = AnyOf((Not(LEANS), test)) if holds_unapplied else All((LEANS, test))
    assert unmask(test, FACTS) == expected


def test_masks_are_made_explicit_everywhere_and_through_one_another() -> None:
    deep, top = Test("deep", "is", True), Test("top", "is", True)
    through = All((All((LEANS, Test("yes", "is", True))), deep))
    assert unmask(AnyOf((Not(deep), All((top, Always())))), FACTS) == AnyOf((Not(through), All((top, Always()))))
    assert unmask(Defined("d"), FACTS) == Defined("d")


def test_not_applicable_stays_itself_when_it_is_copied() -> None:
    assert copy.deepcopy(NOT_APPLICABLE) is NOT_APPLICABLE
    assert pickle.loads(pickle.dumps(NOT_APPLICABLE)) is NOT_APPLICABLE  # noqa: S301
