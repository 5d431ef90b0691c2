"""What a layer says of an action from above under another name, or where only a `may` stands: SR328 and SR329, and no false alarms."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.making import Data, codes, pack

FOUND = {"SR328", "SR329"}


def top(*duties: tuple[Any, Data], **more: Any) -> Data:
    """A national pack: one rule for each (condition, duty); a fact stands for itself being true."""
    rules = {f"r{i}": {"when": {when: True} if isinstance(when, str) else when, "actions": [duty]} for i, (when, duty) in enumerate(duties)}
    return pack({**rules, "q": {"when": {"c": True}, "outcome": "refer"}}, facts="a b c", actions="x y", **more)


def low(duty: Data | None = None, when: Any = None, *, name: str = "low", above: str = "top", **more: Any) -> Data:
    """A layer with one rule."""
    rules = {} if duty is None else {f"z-{name}": {"when": when or {"a": True}, "actions": [duty]}}
    return pack(rules, name=name, above=above, **more)


def found(*stack: Data) -> list[str]:
    return sorted(set(codes(*stack)) & FOUND)


@pytest.mark.parametrize(
    ("national", "local", "expected"),
    [
        ({"may": "x"}, {"must_not": "x"}, ["SR328"]),
        ({"may": "x"}, {"should_not": "x", "by": "setting"}, ["SR328"]),
        ({"must": "x", "by": "setting"}, {"must_not": "x", "by": "other_staff"}, ["SR328"]),
        ({"must": "x"}, {"must_not": "x", "by": "setting"}, ["SR328"]),
        ({"should_not": "x"}, {"must": "x", "by": "setting"}, ["SR329"]),
        ({"should_not": "x"}, {"may": "x", "by": "setting"}, ["SR329"]),
        ({"should_not": "x", "by": "setting"}, {"must": "x"}, ["SR329"]),
        # Other staff may be kept from what the setting does through somebody else, and a colleague may have a duty that another has not.
        ({"must_not": "x", "by": "other_staff"}, {"must": "x", "by": "setting"}, []),
        ({"must_not": "x", "by": "other_staff"}, {"must": "x"}, []),
        ({"may": "x", "by": "headteacher"}, {"must_not": "x"}, []),
        ({"may": "x"}, {"should": "x"}, []),
        ({"may": "x"}, {"must_not": "y"}, []),
    ],
)
def test_what_gets_round_a_duty_from_above(national: Data, local: Data, expected: list[str]) -> None:
    assert found(top(("a", national)), low(local)) == expected
    assert found(top(("a", national)), low(local, {"all": [{"a": True}, {"b": True}]})) == expected


def test_only_where_both_can_stand() -> None:
    assert found(top(("a", {"may": "x"})), low({"must_not": "x"}, {"a": False})) == []


def test_standing_entries_and_when_unsettled_count_too() -> None:
    always = {"always": True, "actions": [{"must_not": "x"}], "because": "b", "cite": ["LOW-s"]}
    national = top(unsettled={"actions": [{"may": "x"}]})
    assert found(national, low(standing=[always])) == ["SR328"]
    assert found(national, low(standing=[always], unsettled={"outcome": "review"})) == ["SR328"], (
        "a `when_unsettled` of its own takes the national one to no other pack"
    )
    middle = low(name="mid", unsettled={"actions": [{"must_not": "x"}]})
    assert found(top(("a", {"may": "x"})), middle) == ["SR328"]
    assert found(top(("a", {"may": "x"})), middle, low(above="mid", unsettled={"outcome": "review"})) == ["SR328"]


def test_what_stands_above_may_be_said_again_and_more_strongly() -> None:
    both = {"all": [{"a": True}, {"b": True}]}
    national = top(("a", {"may": "x"}), (both, {"should_not": "x"}))
    assert found(national, low({"should_not": "x"}, both)) == []
    assert found(national, low(strengthens={"top/r1": {"actions": [{"must_not": "x"}]}})) == []
    assert found(national, low({"should_not": "x"})) == ["SR328"], "the layer forbids it where the national pack does not"
