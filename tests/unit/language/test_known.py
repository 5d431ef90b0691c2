"""What may be said of one fact of a case: every way, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding_rules.language.conditions import Test
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.language.facts import test_holds as holds_on
from safeguarding_rules.language.known import KnownError, known_members, known_problem, known_test, overlaps, shown

BOOLEAN = FactSpec("adult_involved", "boolean")
INTEGER = FactSpec("age", "integer", low=0, high=17)
CHOICE = FactSpec("origin", "choice", ("made_by_child", "made_by_adult"))
CHOICES = FactSpec("motives", "choices", ("money", "pressure", "humour"))
NAN = float("nan")


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (BOOLEAN, True), (BOOLEAN, False), (BOOLEAN, {"is_not": True}), (BOOLEAN, {"one_of": [True, False]}), (BOOLEAN, {"none_of": [True]}),
        (INTEGER, 0), (INTEGER, 17), (INTEGER, {"below": 13}), (INTEGER, {"at_least": 13}), (INTEGER, {"at_most": 3}), (INTEGER, {"above": 3}),
        (INTEGER, {"is_not": 3}), (INTEGER, {"one_of": (3, 4)}), (INTEGER, {"none_of": [3]}),
        (CHOICE, "made_by_adult"), (CHOICE, {"is_not": "made_by_adult"}), (CHOICE, {"none_of": ["made_by_adult"]}),
        (CHOICE, {"one_of": ["made_by_adult"]}),
        (CHOICES, []), (CHOICES, ["money"]), (CHOICES, ("money", "humour")), (CHOICES, {"only": []}), (CHOICES, {"only": ["money"]}),
        (CHOICES, {"includes": "money"}), (CHOICES, {"excludes": "money"}), (CHOICES, {"includes_all": ["money", "humour"]}),
    ],
)  # fmt: skip
def test_what_can_be_said(spec: FactSpec, value: Any) -> None:
    assert known_problem(spec, value) is None


@pytest.mark.parametrize(
    ("spec", "value", "code", "words", "help_"),
    [
        # Never converted.
        (BOOLEAN, 1, "SR803", "`1` is not true or false", "write true or false"),
        (BOOLEAN, 0, "SR803", "`0`", ""),
        (BOOLEAN, "true", "SR803", "`'true'`", ""),
        (BOOLEAN, "yes", "SR803", "`'yes'`", ""),
        (BOOLEAN, 1.0, "SR803", "`1.0`", ""),
        (BOOLEAN, [], "SR803", "a list", ""),
        (BOOLEAN, [True], "SR803", "a list", ""),
        (INTEGER, "14", "SR803", "`'14'` is not a whole number", ""),
        (INTEGER, True, "SR803", "`true`", ""),
        (INTEGER, 14.0, "SR803", "`14.0`", ""),
        (INTEGER, NAN, "SR803", "`nan`", ""),
        (INTEGER, float("inf"), "SR803", "`inf`", ""),
        (INTEGER, [14], "SR803", "a list", ""),
        (CHOICE, True, "SR803", "`true` is not one of its values", ""),
        (CHOICE, 1, "SR803", "`1`", ""),
        (CHOICE, ["made_by_adult"], "SR803", "a list", ""),
        (CHOICE, b"made_by_adult", "SR803", "`bytes`", ""),
        (CHOICES, "money", "SR803", "`'money'` is not a list of its values", ""),
        (CHOICES, True, "SR803", "`true`", ""),
        (CHOICES, {"money"}, "SR803", "`set`", ""),
        (CHOICES, {"only": "money"}, "SR803", "`'money'`", ""),
        (CHOICES, {"includes_all": "money"}, "SR803", "`'money'`", ""),
        # Out of range.
        (INTEGER, -1, "SR804", "`-1` is outside 0 to 17", ""),
        (INTEGER, 18, "SR804", "`18`", ""),
        (INTEGER, 10**100, "SR804", "a number of over 60 digits", ""),
        (INTEGER, {"below": 18}, "SR804", "`18`", ""),
        (INTEGER, {"one_of": [3, -3]}, "SR804", "`-3`", ""),
        # Not a value.
        (CHOICE, "made_by_adlut", "SR805", "`'made_by_adlut'`", "did you mean `made_by_adult`?"),
        (CHOICE, "", "SR805", "`''`", "one of: made_by_child, made_by_adult"),
        (CHOICE, "x" * 1000, "SR805", "…`", ""),
        (CHOICE, {"is_not": "nobody"}, "SR805", "`'nobody'`", ""),
        (CHOICES, ["mony"], "SR805", "`'mony'`", "did you mean `money`?"),
        (CHOICES, ["money", None], "SR805", "`null`", ""),
        (CHOICES, [["money"]], "SR805", "a list", ""),
        (CHOICES, {"only": [{}]}, "SR805", "a mapping", ""),
        (CHOICES, {"excludes": 3}, "SR805", "`3`", ""),
        # Not a test.
        (BOOLEAN, {}, "SR806", "exactly one key", ""),
        (INTEGER, {"below": 3, "above": 1}, "SR806", "exactly one key", ""),
        (BOOLEAN, {"below": 3}, "SR806", "`'below'`", "one of: is_not, none_of, one_of"),
        (INTEGER, {"belwo": 3}, "SR806", "`'belwo'`", "did you mean `below`?"),
        (INTEGER, {"includes": 3}, "SR806", "`'includes'`", ""),
        (INTEGER, {3: 3}, "SR806", "`3`", ""),
        (INTEGER, {None: 3}, "SR806", "`null`", ""),
        (INTEGER, {"one_of": []}, "SR806", "takes a list", ""),
        (INTEGER, {"one_of": 3}, "SR806", "takes a list", ""),
        (INTEGER, {"below": "3"}, "SR803", "`'3'`", ""),
        (INTEGER, {"below": [3]}, "SR803", "a list", ""),
        (INTEGER, {"below": None}, "SR803", "`null`", ""),
        (INTEGER, {"below": True}, "SR803", "`true`", ""),
        (CHOICE, {"only": ["made_by_adult"]}, "SR806", "`'only'`", ""),
        (CHOICES, {}, "SR803", "a mapping", ""),
        (CHOICES, {"one_of": ["money"]}, "SR806", "`'one_of'`", ""),
        (CHOICES, {"includes_any": ["money"]}, "SR806", "`'includes_any'`", ""),
        (CHOICES, {"is_not": "money"}, "SR806", "`'is_not'`", ""),
        (CHOICES, {None: 3}, "SR806", "`null`", ""),
    ],
)
def test_every_refusal(spec: FactSpec, value: Any, code: str, words: str, help_: str) -> None:
    problem = known_problem(spec, value)
    assert problem is not None
    assert (problem.code, words in problem.message, help_ in problem.help) == (code, True, True), (problem.message, problem.help)
    assert len(problem.message) < 200


@pytest.mark.parametrize(
    ("value", "members"),
    [
        (["money"], {"money": True}),
        ([], {}),
        ({"only": ["money"]}, {"money": True, "pressure": False, "humour": False}),
        ({"only": []}, {"money": False, "pressure": False, "humour": False}),
        ({"includes": "money"}, {"money": True}),
        ({"includes_all": ["money", "humour"]}, {"money": True, "humour": True}),
        ({"excludes": "money"}, {"money": False}),
    ],
)
def test_what_a_list_says_of_each_value(value: Any, members: dict[str, bool]) -> None:
    assert known_members(CHOICES, value) == members


@pytest.mark.parametrize("value", [3, "below", None, [3]])
def test_only_a_mapping_is_a_test(value: Any) -> None:
    with pytest.raises(KnownError):
        known_test(INTEGER, value)


@given(st.integers(0, 17), st.integers(0, 17), st.data())
def test_a_test_overlaps_a_range_where_some_number_of_it_passes(one: int, other: int, data: st.DataObject) -> None:
    low, high = min(one, other), max(one, other)
    op = data.draw(st.sampled_from(["below", "at_most", "at_least", "above", "is_not", "one_of", "none_of"]))
    number = st.integers(0, 17)
    operand = data.draw(st.lists(number, min_size=1, max_size=4) if op in {"one_of", "none_of"} else number)
    test: Test = known_test(INTEGER, {op: operand})
    assert overlaps((low, high), test) == any(holds_on(op, test.value, value) for value in range(low, high + 1))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "`null`"), (True, "`true`"), (3, "`3`"), ("a", "`'a'`"), ([], "a list"), (object(), "`object`"), ("x" * 99, f"`'{'x' * 59}…`"),
        (10**61, "`a number of over 60 digits`"), (-(10**70), "`a number of over 60 digits`"), (1e300, "`1e+300`"),
    ],
)  # fmt: skip
def test_a_value_is_shown_short(value: Any, words: str) -> None:
    assert shown(value) == words


def test_a_number_that_cannot_even_be_written_out_is_shown() -> None:
    assert shown(-(10**5000)) == "`a number of over 60 digits`"
    problem = known_problem(INTEGER, {"one_of": [10**5000]})
    assert problem is not None
    assert "a number of over 60 digits" in problem.message


@pytest.mark.parametrize(
    ("spec", "value", "help_"),
    [
        (BOOLEAN, "yes", "write true, without quotes"),
        (BOOLEAN, "No", "write false, without quotes"),
        (BOOLEAN, "unknown", "leave the fact out if it is not known"),
        (CHOICE, "not_known", "leave the fact out if it is not known"),
        (INTEGER, "?", "leave the fact out if it is not known"),
        (BOOLEAN, "perhaps", "write true or false; leave the fact out if it is not known"),
        (CHOICE, "elsewhere", "one of: made_by_child, made_by_adult; leave the fact out if it is not known"),
        (CHOICE, "made_by_adlt", "did you mean `made_by_adult`?"),
        (
            CHOICE,
            ["made_by_adult"],
            "write the value alone, `'made_by_adult'`, or `{one_of: [..]}` where it is one of several; leave the fact out if it is not known",
        ),
        (INTEGER, [3, 4], "write one value, or `{one_of: [..]}` where it is one of several; leave the fact out if it is not known"),
    ],
)
def test_every_remedy_says_what_was_meant_or_to_leave_the_fact_out(spec: FactSpec, value: Any, help_: str) -> None:
    problem = known_problem(spec, value)
    assert problem is not None
    assert problem.help == help_
