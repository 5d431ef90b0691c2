"""What is left of documents and packs without their wrong parts, and that `check` goes on behind the first mistakes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.language.documents import Document, FactsFile, RulesFile
from safeguarding_rules.reading import Spans, read_yaml
from safeguarding_rules.reading.places import Place
from safeguarding_rules.reading.salvage import Salvaged, salvage
from safeguarding_rules.testing.checking import check_packs
from safeguarding_rules.testing.stacks import Stacks
from tests.properties.corners import boolean, pack

RULE: dict[str, Any] = {"title": "R", "when": {"a": True}, "outcome": "refer", "because": "It is so.", "cite": ["TOP-S-1"]}


def left_of(data: object, model: type[Document] = RulesFile) -> Salvaged[Any]:
    """Salvage data as it is when it stands in a file."""
    read = read_yaml(to_yaml(data).encode(), "f.yaml")
    assert not read.problems
    left = salvage(model, read.data, read.spans, read.text)
    for one in left.found:
        assert one.span is not None
        assert one.span.line > 0
    return left


def test_a_misspelt_key_counts_as_the_key_it_looks_like() -> None:
    rule = {key: value for key, value in RULE.items() if key != "because"} | {"becuase": "It is so."}
    left = left_of({"rules": {"r": rule}})
    assert left.document.rules["r"].because == "It is so."
    assert not left.doubtful
    assert left.spans.at(("rules", "r", "because")).line > 1


def test_an_unknown_key_goes_and_its_rule_stays() -> None:
    left = left_of({"rules": {"r": RULE | {"colour": "red"}, "s": RULE}})
    assert list(left.document.rules) == ["r", "s"]
    assert not left.doubtful


def test_what_a_rule_lacks_is_made_up_and_stands_nowhere() -> None:
    left = left_of({"rules": {"r": {key: value for key, value in RULE.items() if key != "cite"}, "s": RULE}})
    assert list(left.document.rules) == ["r", "s"]
    assert left.spans.at(("rules", "r", "cite", 0)).line == 0
    assert left.spans.at(("rules", "s", "cite", 0)).line > 0
    assert left.doubtful == {"r"}


def test_what_comes_after_a_wrong_item_keeps_its_place() -> None:
    actions = [{"must": "one"}, "two", {"should": "three"}]
    whole = left_of({"rules": {"r": RULE | {"actions": [{"must": "one"}, {"must": "two"}, {"should": "three"}]}}})
    left = left_of({"rules": {"r": RULE | {"actions": actions}}})
    assert [duty.action for duty in left.document.rules["r"].actions] == ["one", "three"]
    path = ("rules", "r", "actions")
    assert left.spans.at((*path, 1, "should")).line == whole.spans.at((*path, 2, "should")).line - 2  # "two" takes a line, not three


def test_one_thing_counts_as_a_list_of_one() -> None:
    left = left_of({"rules": {"r": RULE | {"cite": "TOP-S-1", "actions": {"must": "one"}}}})
    rule = left.document.rules["r"]
    assert (rule.cite, rule.actions[0].action) == (("TOP-S-1",), "one")
    assert not left.doubtful


def test_what_is_wrong_inside_what_was_mended_is_found() -> None:
    left = left_of({"rules": {"r": RULE | {"actons": [{"mst": "one"}, {"must": "two", "within": "soon"}]}}})
    assert [one.code for one in left.found] == ["SR203", "SR214"]


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ({"a": True, "b": False}, {"all": [{"a": True}, {"b": False}]}),
        ({"al": [{"a": True}]}, {"all": [{"a": True}]}),
        ({"any": {"a": True}}, {"any": [{"a": True}]}),
        ({"not": {"n": {"belwo": 3}}}, {"not": {"n": {"below": 3}}}),
        ({"n": {"above": 1, "below": 3}}, {"all": [{"n": {"above": 1}}, {"n": {"below": 3}}]}),
        ({"all": [{"n": {"below": "three"}}, {"b": True}]}, {"all": [{"n": {"is_not": "stand-in"}}, {"b": True}]}),
        ({"all": ["a", {"b": True}]}, {"all": [{"always": True}, {"b": True}]}),
        ({"all": []}, {"always": True}),
        ("a", {"always": True}),
    ],
)
def test_a_condition_keeps_every_part_that_can_be_read(condition: object, meant: object) -> None:
    left = left_of({"rules": {"r": RULE | {"when": condition}}})
    assert left.document.rules["r"].when == meant


def test_a_name_that_is_none_becomes_one_and_is_not_relied_on() -> None:
    left = left_of({"rules": {"Two Names": RULE, "!": RULE}})
    assert next(iter(left.document.rules)) == "two_names"
    assert len(left.document.rules) == 2
    assert {"two_names", "!"} <= left.doubtful


@pytest.mark.parametrize(
    ("fact", "doubtful"),
    [
        ({"type": "boolean", "qestion": "?"}, set()),
        ({"type": "bool", "question": "?"}, set()),
        ({"type": "colour", "question": "?"}, {"f"}),
        ({"type": "integer", "at_least": 0, "question": "?"}, {"f"}),
        ({"type": "integer", "at_least": 3, "at_most": 1, "question": "?"}, {"f"}),
        ({"type": "choice", "values": ["A"], "question": "?"}, {"f"}),
        ("boolean", {"f"}),
    ],
)
def test_a_fact_whose_type_was_made_up_is_not_relied_on(fact: object, doubtful: set[str]) -> None:
    left = left_of({"facts": {"f": fact, "g": {"type": "boolean", "question": "?"}}}, FactsFile)
    assert list(left.document.facts) == ["f", "g"]
    assert left.doubtful == doubtful


@pytest.mark.parametrize(
    ("data", "lost"),
    [
        (None, {"facts", "implications"}),
        ([], {"facts", "implications"}),
        ("text", {"facts", "implications"}),
        ({"facts": []}, {"facts"}),
        ({"facts": {}, "x": 1}, {"x"}),
        ({"tatsachen": {"a": {}}}, {"facts", "implications", "tatsachen"}),
    ],
)
def test_what_was_lost_is_known(data: object, lost: set[str]) -> None:
    assert left_of(data, FactsFile).lost == lost if data is not None else salvage(FactsFile, None, Spans("f", Place((1, 1, 1, 1))), "").lost == lost


def test_a_file_with_very_many_mistakes_is_given_up() -> None:
    rule = {key: value for key, value in RULE.items() if key != "because"}
    assert "rules" in left_of({"rules": {f"r{number}": rule for number in range(300)}}).lost


def test_what_was_given_stays_as_it_was() -> None:
    data = {"rules": {"r": RULE | {"outcom": "refer"}}}
    salvage(RulesFile, data, Spans("f.yaml", Place((1, 1, 1, 1))), "")
    assert data == {"rules": {"r": RULE | {"outcom": "refer"}}}


def test_check_shows_misspelt_names_behind_a_misspelt_key(tmp_path: Path) -> None:
    stack = pack(0, {"a": boolean(), "b": boolean()}, {"r": {"when": {"a": True}, "outcome": "refer"}})
    folder = tmp_path / "top" / "1"
    (folder / "rules").mkdir(parents=True)
    wrong = {
        "r": RULE | {"outcom": "police"},
        "s": RULE | {"when": {"bb": True}},
        "t": RULE | {"actions": [{"must": "act_aa"}]},
        "u": {"when": {"no_such_fact": True}},
    }
    stack["rules/top.yaml"] = {"rules": wrong}
    statement = next(iter(stack["statements.yaml"]["statements"].values()))
    statement["encoded_by"] = [*statement["encoded_by"], "s", "t", "u"]
    for name, content in stack.items():
        (folder / name).write_text(to_yaml(content), encoding="utf-8")
    (checked,), failed = check_packs(Stacks([folder]), date(2026, 1, 1))
    assert not failed
    assert not checked.passed
    found = {(one.code, one.message) for one in checked.diagnostics}
    assert ("SR203", "unknown key `outcom`") in found
    assert ("SR414", "unknown fact `bb`") in found
    assert ("SR402", "unknown action `act_aa`") in found
    assert ("SR414", "unknown fact `no_such_fact`") in found  # though `u` has no title
    assert not any(code == "SR405" for code, _ in found)


def to_yaml(content: Any) -> str:
    """Write what YAML reads too."""
    return json.dumps(content, default=str, indent=1)
