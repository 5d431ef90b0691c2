"""What is left of documents and packs without their wrong parts, and that `check` goes on behind the first mistakes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.language.documents import FactsFile, RulesFile
from safeguarding_rules.reading.salvage import salvage
from safeguarding_rules.testing.checking import check_packs
from safeguarding_rules.testing.stacks import Stacks
from tests.properties.corners import boolean, pack

RULE: dict[str, Any] = {"title": "R", "when": {"a": True}, "outcome": "refer", "because": "It is so.", "cite": ["TOP-S-1"]}


def left_of(rules: dict[str, Any]) -> tuple[list[str], set[str]]:
    found = salvage(RulesFile, {"rules": rules})
    assert found is not None
    return list(found[0].rules), set(found[1])


def test_an_unknown_key_goes_and_its_rule_stays() -> None:
    assert left_of({"r": RULE | {"outcom": "refer"}, "s": RULE}) == (["r", "s"], {"r"})


def test_a_rule_that_lacks_a_key_goes_as_a_whole() -> None:
    assert left_of({"r": {key: value for key, value in RULE.items() if key != "title"}, "s": RULE}) == (["s"], {"r"})


def test_what_comes_after_a_wrong_item_of_a_list_goes_with_it() -> None:
    actions = [{"must": "one"}, {"mus": "two"}, {"should": "three"}]
    found = salvage(RulesFile, {"rules": {"r": RULE | {"actions": actions}}})
    assert found is not None
    assert [duty.action for duty in found[0].rules["r"].actions] == ["one"]


@pytest.mark.parametrize("data", [None, [], "text", {"facs": {}}, {"facts": []}, {"facts": {"a": {"type": "boolean", "question": "?"}}, "x": 1}])
def test_nothing_is_left_where_a_whole_section_is_wrong(data: object) -> None:
    assert salvage(FactsFile, data) is None


def test_what_was_given_stays_as_it_was() -> None:
    data = {"rules": {"r": RULE | {"outcom": "refer"}}}
    salvage(RulesFile, data)
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
    # No consequence of what was taken out: `u` has no title, so nothing else is said of it, and nobody misses it.
    assert not any("no_such_fact" in message or "`top/u`" in message or code == "SR405" for code, message in found)


def to_yaml(content: Any) -> str:
    """Write what YAML reads too."""
    return json.dumps(content, default=str, indent=1)
