from __future__ import annotations

import json
import sys
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding_rules import Engine, FactsError
from safeguarding_rules.cli.schema import KINDS
from safeguarding_rules.deciding.schemas import decision_schema, facts_schema
from safeguarding_rules.language.words import CHOICES_LIST_TESTS, CHOICES_TESTS, LIST_TESTS, ORDER_TESTS
from safeguarding_rules.reading import pack_from_folder
from tests.packs.pipeline import GOOD
from tests.unit.cli.command import Command
from tests.unit.cli.generated import generated, shipped

ENGINE = Engine.from_packs([pack_from_folder(GOOD / "wider")])
VALIDATOR = jsonschema.Draft202012Validator(facts_schema(ENGINE.program.policy))
DECISION = jsonschema.Draft202012Validator(decision_schema())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_schema(command: Command, kind: str) -> None:
    done = command("schema", kind)
    schema = json.loads(done.out)
    assert (done.code, schema["$schema"]) == (0, "https://json-schema.org/draft/2020-12/schema")
    jsonschema.Draft202012Validator.check_schema(schema)


def test_without_the_extra_of_tables_it_says_what_to_install(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safeguarding_rules.tabular.batch", None)
    done = command("schema", "batch")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'safeguarding-rules[tables]'" in done.err


def test_the_facts_of_a_pack_are_those_of_its_stack(command: Command) -> None:
    schema = json.loads(command("schema", "facts", "kscmp", "--on", "2026-11-22").out)
    assert schema["title"] == "facts of a case by kscmp 2024.9 with ukcis 2024.3"
    assert {"has_practice_question", "youngest_pictured_age"} <= set(schema["properties"])


def test_the_facts_of_a_pack_as_a_python_module(command: Command) -> None:
    text = command("schema", "facts", command.pack(), "--format", "python").out
    names: dict[str, Any] = {}
    exec(compile(text, "facts", "exec"), names)  # noqa: S102  what was written is run
    assert set(names["Facts"].__annotations__) == {"adult_involved", "age", "origin"}
    assert 'Origin = Literal[\n    "made_by_child",\n    "made_by_adult",\n]' in text


def test_facts_whose_names_are_no_identifiers_are_typed_too(command: Command) -> None:
    pack = command.pack()
    command.edit(f"{pack}/facts.yaml", "facts:\n", "facts:\n  made-up: {type: boolean, question: 'Was it \"made up\"?'}\n")
    text = command("schema", "facts", pack, "--format", "python").out
    names: dict[str, Any] = {}
    exec(compile(text, "facts", "exec"), names)  # noqa: S102  what was written is run
    assert "made-up" in names["Facts"].__annotations__


def test_what_cannot_be_given_is_refused(command: Command) -> None:
    for arguments, reason in (
        (["pakc"], "did you mean `pack`?"),
        (["decision", "kscmp"], "takes no pack"),
        (["facts", "--format", "python"], "only the facts of a pack"),
        (["facts", "kscmpp"], "did you mean `kscmp`?"),
    ):
        done = command("schema", *arguments)
        assert (done.code, done.out) == (2, "")
        assert reason in done.err


TESTS = ("is_not", *ORDER_TESTS, *LIST_TESTS, *CHOICES_TESTS, *CHOICES_LIST_TESTS, "only", "is")
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 130), st.sampled_from(["made_by_adult", "other", ""]), st.just(10**30))


def _values() -> st.SearchStrategy[object]:
    """Draw what may be said of a fact, near enough to what is right."""
    names = sorted({value for info in ENGINE.program.policy.facts for value in info.spec.values})
    scalar = _SCALARS | st.sampled_from(names)
    several = st.lists(scalar, max_size=3)
    return scalar | several | st.dictionaries(st.sampled_from(TESTS), scalar | several, max_size=2)


@given(st.dictionaries(st.sampled_from([*(info.spec.name for info in ENGINE.program.policy.facts), "no_such_fact"]), _values(), max_size=3))
def test_schema_and_engine_accept_the_same_facts(facts: dict[str, object]) -> None:
    try:
        decision = ENGINE.decide(facts)
    except FactsError:
        accepted = False
    else:
        accepted = True
        DECISION.validate(json.loads(decision.model_dump_json()))
    assert VALIDATOR.is_valid(facts) == accepted, facts


@pytest.mark.parametrize("info", ENGINE.program.policy.facts, ids=lambda info: info.spec.name)
def test_every_way_of_saying_something_is_tried(info: Any) -> None:
    """The same for each fact with each single form, right values among them."""
    spec = info.spec
    right: list[object] = {"boolean": [True], "integer": [spec.low, spec.high]}.get(spec.type, list(spec.values))
    for value in (*right, spec.low - 1, spec.high + 1, "x", True, 0, None):
        for operand in (value, [value], [value, value], []):
            for form in (operand, *({test: operand} for test in TESTS)):
                facts = {spec.name: form}
                try:
                    ENGINE.decide(facts)
                except FactsError:
                    assert not VALIDATOR.is_valid(facts), facts
                else:
                    assert VALIDATOR.is_valid(facts), facts


def test_what_is_generated_is_current() -> None:
    stale = [path.name for path, text in generated() if not path.exists() or path.read_text(encoding="utf-8") != text]
    assert not stale, "run `python -m tests.unit.cli.generated`"


def test_the_facts_of_a_shipped_pack_are_the_same_on_all_its_days() -> None:
    for first, *others in shipped():
        assert all(facts_schema(policy)["properties"] == facts_schema(first)["properties"] for policy in others)
