from __future__ import annotations

from typing import Any

import pytest

from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.interview.typed import NotUnderstoodError, Typed
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.linking.policy import FactInfo

TYPED = Typed(ENGLISH)


def fact(name: str, type_: Any, **more: Any) -> FactInfo:
    return FactInfo(FactSpec(name, type_, **more), "pack", f"{name}?", "", "group", "standard", "years")


YES_NO = fact("adult_involved", "boolean")
AGE = fact("age", "integer", low=0, high=120)
ORIGIN = fact("origin", "choice", values=("made", "found", "other"))
MOTIVES = fact("motives", "choices", values=("romantic", "dare", "profit"))
GROUP = [fact(name, "boolean") for name in ("a", "b", "c", "d")]


@pytest.mark.parametrize(
    ("info", "line", "expected"),
    [
        (YES_NO, "y", True),
        (YES_NO, "  YES ", True),
        (YES_NO, "no", False),
        (YES_NO, "?", None),
        (YES_NO, "Don't  know", None),
        (AGE, "14", 14),
        (AGE, "0", 0),
        (AGE, "under 13", {"below": 13}),
        (AGE, "<13", {"below": 13}),
        (AGE, "at least 10", {"at_least": 10}),
        (AGE, ">= 10", {"at_least": 10}),
        (AGE, "up to 12", {"at_most": 12}),
        (AGE, "over 17", {"above": 17}),
        (AGE, "unknown", None),
        (ORIGIN, "2", "found"),
        (ORIGIN, "other", "other"),
        (ORIGIN, "3 1", {"one_of": ["made", "other"]}),
        (MOTIVES, "3, 1", {"only": ["romantic", "profit"]}),
        (MOTIVES, "2 +", ["dare"]),
        (MOTIVES, "2+", ["dare"]),
        (MOTIVES, "0", {"only": []}),
        (MOTIVES, "none of these", {"only": []}),
    ],
)
def test_a_line_is_what_it_says(info: FactInfo, line: str, expected: object) -> None:
    found = TYPED.one(info, line)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("info", "line"),
    [
        (YES_NO, ""),
        (YES_NO, "yes no"),
        (YES_NO, "1"),
        (YES_NO, "yess"),
        (AGE, "121"),
        (AGE, "-1"),
        (AGE, "thirteen"),
        (AGE, "13 or 14"),
        (AGE, "about 13"),
        (AGE, "١٣"),
        (AGE, "9" * 30),
        (AGE, "13.5"),
        (ORIGIN, "0"),
        (ORIGIN, "4"),
        (ORIGIN, "mad"),
        (ORIGIN, ","),
        (MOTIVES, "+"),
        (MOTIVES, "1 4"),
        (MOTIVES, "y"),
    ],
)
def test_a_line_that_is_no_answer_is_refused(info: FactInfo, line: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        TYPED.one(info, line)
    assert str(refused.value)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 3", {"a": True, "c": True}),
        ("1,3", {"a": True, "c": True}),
        ("0", dict.fromkeys("abcd", False)),
        ("no", dict.fromkeys("abcd", False)),
        ("none", dict.fromkeys("abcd", False)),
        ("a", dict.fromkeys("abcd", True)),
        ("all", dict.fromkeys("abcd", True)),
        ("?", dict.fromkeys("abcd")),
        ("1 others no", {"a": True, "b": False, "c": False, "d": False}),
        ("1 rest ?", {"a": True, "b": None, "c": None, "d": None}),
        ("1 no 2 ? 4", {"a": True, "b": False, "d": None}),
        ("no 2 3", {"b": False, "c": False}),
        ("?4", {"d": None}),
        ("2 2", {"b": True}),
        ("others no", dict.fromkeys("abcd", False)),
    ],
)
def test_several_are_answered_on_one_line(line: str, expected: object) -> None:
    assert TYPED.together(GROUP, line) == expected


@pytest.mark.parametrize("line", ["", "5", "y", "1 no 1", "1 others", "1 others no 2", "1 maybe 2", "1 no", "-1", "1.5"])
def test_what_could_mean_two_things_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstoodError):
        TYPED.together(GROUP, line)
