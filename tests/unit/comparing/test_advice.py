"""What no complete case shows: presumptions, `when_unsettled`, ends and emergency contacts. Each weakening must count as milder."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from safeguarding_rules.comparing.compare import compare
from safeguarding_rules.comparing.document import DiffDocument
from safeguarding_rules.comparing.groups import verdict
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.linking.link import link
from tests.unit.making import pack, read

ON = date(2024, 1, 1)
END = {"in_force": {"until": "2024-02-01"}}
R: dict[str, Any] = {"when": {"a": True}, "outcome": "refer", "if_unknown": "presume_met"}
POLICE = {"when": {"a": True}, "outcome": "police"}
URGENT = {"when": {"a": True}, "name": "999", "phone": "999", "emergency": True}
HEAD = {"when": {"b": True}, "name": "Head"}
ANY = {"otherwise": True, "name": "Anybody"}
X = {"must": "x"}
BOTH = [{"a": True}, {"b": True}]


def made(rules: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Make a pack of some rules over three facts and two actions."""
    rules = {"r": {"when": {"a": True}, "outcome": "refer"}} if rules is None else rules
    return pack(rules, **({"facts": "a b c", "actions": {"x": {"route": "p"}, "y": {}}, "routes": {"p": [ANY]}} | more))


def stand(data: dict[str, Any], *, packs: bool = True) -> Stand:
    """Link a pack as one side."""
    found = read(data)
    return Stand("top", Decider(compile_policy(link(found, ON))), ON, tuple(found) if packs else ())


def diff(old: dict[str, Any], new: dict[str, Any]) -> DiffDocument:
    """Compare two packs."""
    return compare(stand(old), stand(new))


def unsettled(*actions: Any) -> dict[str, Any]:
    """Make a pack with duties of `when_unsettled`."""
    return made(unsettled={"outcome": "review", "actions": list(actions)})


def routed(*entries: Any) -> dict[str, Any]:
    """Make a pack with contacts."""
    return made(routes={"p": list(entries)}, standing=[{"always": True, "actions": [X]}])


def partly(when: Any, **more: Any) -> dict[str, Any]:
    """Make a pack with one rule that is presumed if it is partly met."""
    return made({"r": {"when": when, "unless": {"c": True}, "if_unknown": "presume_if_partly_met", "outcome": "police"} | more})


def without(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != key}


MILDER = {
    "standing duties follow from a higher outcome": (
        made(standing=[{"id": "s", "at_least": "review", "actions": [X]}]),
        made(standing=[{"id": "s", "at_least": "refer", "actions": [X]}]),
        ("standing", "top/standing/s"),
    ),
    "standing duties under another name follow from a higher outcome": (
        made(standing=[{"at_least": "review", "actions": [X]}]),
        made(standing=[{"at_least": "refer", "actions": [X]}]),
        ("standing", "top/standing/at-least-review"),
    ),
    "a presumed rule is split": (
        made({"r": R | {"when": {"any": BOTH}}}),
        made({"r": R, "q": {"when": {"b": True}, "outcome": "refer"}}),
        ("limbs", "top/r"),
    ),
    "the outcome of a presumed rule is lowered beside a twin": (
        made({"r": R | {"outcome": "police"}, "s": POLICE}),
        made({"r": R, "s": POLICE}),
        ("presumed_rule", "top/r"),
    ),
    "a duty of a presumed rule moves to a twin": (
        made({"r": R | {"actions": [X]}, "s": POLICE}),
        made({"r": R, "s": POLICE | {"actions": [X]}}),
        ("duties", "top/r"),
    ),
    "a deadline of a presumed rule moves to a twin": (
        made({"r": R | {"actions": [X | {"within": "same_day"}]}, "s": POLICE | {"actions": [X]}}),
        made({"r": R | {"actions": [X]}, "s": POLICE | {"actions": [X | {"within": "same_day"}]}}),
        ("duties", "top/r"),
    ),
    "limbs are lost": (partly({"all": BOTH}), partly({"not": {"any": [{"a": False}, {"b": False}]}}), ("limbs", "top/r")),
    "a deadline of the unsettled advice is put off": (
        unsettled(X | {"within": "immediately"}),
        unsettled(X | {"within": "P30D"}),
        ("when_unsettled", "x"),
    ),
    "a deadline of the unsettled advice is dropped": (unsettled(X | {"within": "same_day"}), unsettled(X), ("when_unsettled", "x")),
    "the sooner of two deadlines of the unsettled advice is dropped": (
        unsettled(X | {"within": "same_day"}, X | {"within": "immediately"}),
        unsettled(X | {"within": "same_day"}),
        ("when_unsettled", "x"),
    ),
    "an end is put to a duty of the unsettled advice": (unsettled(X), unsettled(X | {"until": "told otherwise"}), ("until", "x")),
    "an end is put to a duty of a rule": (
        made({"r": POLICE | {"actions": [X]}}),
        made({"r": POLICE | {"actions": [X | {"until": "told otherwise"}]}}),
        ("until", "x"),
    ),
    "a new rule puts an end to a duty": (
        made({"r": POLICE | {"actions": [X]}}),
        made({"r": POLICE | {"actions": [X]}, "s": POLICE | {"actions": [X | {"until": "told otherwise"}]}}),
        ("until", "x"),
    ),
    "a rule ends": (made({"r": POLICE}), made({"r": POLICE | END}), ("in_force", "top/r")),
    "a statement ends": (made({"r": POLICE}), made({"r": POLICE}, statements={"TOP-r": END}), ("in_force", "TOP-r")),
    "a source ends": (made({"r": POLICE}), made({"r": POLICE}, sources=END), ("in_force", "guidance")),
    "an emergency contact ends": (routed(URGENT, ANY), routed(URGENT | END, ANY), ("in_force", "p/999")),
    "an emergency contact is removed": (routed(URGENT, HEAD, ANY), routed(HEAD, ANY), ("emergency_contact", "p")),
    "an emergency contact is no longer one": (routed(URGENT, ANY), routed(without(URGENT, "emergency"), ANY), ("emergency_contact", "p")),
    "an emergency contact comes after another": (routed(URGENT, HEAD, ANY), routed(HEAD, URGENT, ANY), ("emergency_contact", "p")),
    "an emergency contact loses its number": (routed(URGENT, ANY), routed(without(URGENT, "phone"), ANY), ("emergency_contact", "p")),
    "an emergency contact fits fewer cases": (routed(URGENT, ANY), routed(URGENT | {"when": {"all": BOTH}}, ANY), ("emergency_contact", "p")),
    "an action leads to no emergency contact": (
        made(routes={"p": [URGENT, ANY]}),
        made(routes={"p": [URGENT, ANY]}, actions={"x": {}, "y": {"route": "p"}}),
        ("emergency_contact", "x"),
    ),
    "protecting becomes refraining": (made(), made(actions={"x": {"protects": "refrain", "route": "p"}, "y": {}}), ("protects", "x")),
}
STRICTER = {
    "a presumed rule holds more widely": (made({"r": R, "s": POLICE}), made({"r": R | {"when": {"any": BOTH}}, "s": POLICE | {"when": {"b": True}}})),
    "a rule ends later": (made({"r": POLICE | END}), made({"r": POLICE})),
    "an emergency contact comes first": (routed(HEAD, URGENT, ANY), routed(URGENT, HEAD, ANY)),
    "the unsettled advice is due sooner": (unsettled(X), unsettled(X | {"within": "same_day"})),
}


@pytest.mark.parametrize("name", MILDER)
def test_a_weakening_that_no_complete_case_shows_is_milder(name: str) -> None:
    old, new, expected = MILDER[name]
    found = diff(old, new)
    assert found.result == "same"
    assert found.milder
    assert expected in {(note.what, note.name) for note in found.advice if note.direction == "milder"}
    assert any("something becomes milder" in line for line in verdict(found))


@pytest.mark.parametrize("name", STRICTER)
def test_what_is_shown_to_be_no_weakening_is_not_milder(name: str) -> None:
    found = diff(*STRICTER[name])
    assert "milder" not in {note.direction for note in found.advice}


def test_a_presumed_rule_in_other_words_is_listed_without_direction() -> None:
    found = diff(made({"r": R | {"when": {"all": BOTH}}}), made({"r": R | {"when": {"not": {"any": [{"a": False}, {"b": False}]}}}}))
    assert [(note.what, note.direction) for note in found.advice] == [("limbs", "other")]


def test_without_packs_only_the_day_of_an_end_is_known() -> None:
    found = compare(stand(made({"r": POLICE}), packs=False), stand(made({"r": POLICE | END}), packs=False))
    assert [(note.what, note.name, note.direction) for note in found.advice] == [("in_force", "2024-02-01", "milder")]


def test_the_same_pack_says_what_was_compared_by_text() -> None:
    found = diff(made(), made())
    assert not found.advice
    first, second = verdict(found)[:2]
    assert "proved for every complete case" in first
    assert "not by search: nothing differs" in second


@pytest.mark.parametrize(
    ("old", "new", "part", "what"),
    [
        (routed({**ANY, "phone": "0300"}), routed({**ANY, "note": "0300"}), "route", "contacts"),
        (made({"r": POLICE | {"note": "old"}}), made({"r": POLICE | {"note": "new"}}), "rule", "note"),
        (
            made(standing=[{"always": True, "actions": [X], "note": "old"}]),
            made(standing=[{"always": True, "actions": [X], "note": "new"}]),
            "standing",
            "note",
        ),
        (unsettled(X | {"until": "told"}), unsettled(X), "when_unsettled", "until"),
    ],
)
def test_notes_and_labels_of_contacts_are_compared(old: dict[str, Any], new: dict[str, Any], part: str, what: str) -> None:
    assert [(note.part, note.what) for note in diff(old, new).texts] == [(part, (what,))]
