"""Stacks written by hand for rare clauses: engine and reference agree on all kinds of partial facts, questions included."""

from __future__ import annotations

import itertools
import os
import pickle
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.deciding import evaluate, rule_index
from safeguarding_rules.deciding import questions as asking
from safeguarding_rules.diagnostics import FactsError
from tests.properties.corners import CORNERS
from tests.properties.engines import answer_of, asked, describe, load
from tests.properties.test_agreement import check
from tests.reference.cases import complete_cases
from tests.reference.interpreter import Answer, decide, questions

MOST = 250


def known_of(declared: dict[str, Any]) -> list[Any]:
    """List what may be known of a fact: nothing, each value, and tests."""
    if declared["type"] == "boolean":
        return [None, True, False]
    if declared["type"] == "integer":
        return [
            None,
            3,
            8,
            9,
            12,
            13,
            16,
            {"below": 5},
            {"at_least": 11},
            {"at_most": 12},
            {"above": 4},
            {"is_not": 8},
            {"one_of": [7, 16]},
            {"none_of": [3, 7, 8]},
        ]
    first, second, *_ = declared["values"]
    if declared["type"] == "choice":
        return [None, first, second, {"is_not": first}, {"one_of": [first, second]}, {"none_of": [second]}]
    return [None, [first], [first, second], {"only": []}, {"only": [first]}, {"excludes": first}, {"includes": second}]


def wrong_for(declared: dict[str, Any]) -> list[Any]:
    """List what cannot be said of a fact."""
    if declared["type"] == "boolean":
        return ["true", 1, [True], {"is_not": "true"}]
    if declared["type"] == "integer":
        return [-1, 21, True, "3", 3.0, [3], {"below": -1}, {"at_least": 21}, {"one_of": [3, 21]}, {"includes": 3}]
    if declared["type"] == "choice":
        return ["none such", True, declared["values"], {"is_not": "none such"}, {"below": declared["values"][0]}]
    return ["none such", declared["values"][0], ["none such"], {"only": ["none such"]}, {"includes": "none such"}, {"is_not": declared["values"][0]}]


def otherwise_written(known: Any) -> Any:
    """Write what is known of a fact with other kinds of mappings and sequences."""
    if isinstance(known, dict):
        return MappingProxyType({test: otherwise_written(value) for test, value in known.items()})
    return tuple(known) if isinstance(known, list) else known


def all_facts(stack: Any) -> list[dict[str, Any]]:
    """List the partial facts to decide with: all, or where they are many, single facts and pairs of them first, then some at random."""
    options = {name: known_of(declared) for pack in stack for name, declared in pack.get("facts.yaml", {"facts": {}})["facts"].items()}
    everything = list(itertools.product(*options.values()))
    if len(everything) > MOST:
        few = [values for values in everything if sum(value is not None for value in values) <= 1]
        everything = few + random.Random(len(everything)).sample(everything, MOST - len(few))
    return [{name: value for name, value in zip(options, values, strict=True) if value is not None} for values in everything]


class Judged(NamedTuple):
    """What the reference decides for each of some facts, and what it asks for some of those that do not contradict."""

    answers: list[tuple[dict[str, Any], Answer]]
    asked: list[tuple[dict[str, Any], list[tuple[str, set[str]]]]]


def judge(name: str) -> Judged:
    """Ask the reference."""
    stack = CORNERS[name]
    answers = [(facts, decide(stack, facts)) for facts in all_facts(stack)]
    return Judged(answers, [(facts, questions(stack, facts)) for facts, answer in answers[::5] if not answer.contradiction])


@cache
def judged(name: str) -> Judged:
    """What the reference says; `tests.faults.run` asks it once for all faults, and names the file where that is kept."""
    kept = os.environ.get("SAFEGUARDING_RULES_JUDGED")
    return pickle.loads(Path(kept).read_bytes())[name] if kept else judge(name)  # noqa: S301  written by the runner


@cache
def engine_of(name: str) -> Engine:
    """An engine for a stack."""
    return load(CORNERS[name])


@pytest.mark.parametrize("name", CORNERS)
def test_engine_agrees_on_stacks_written_by_hand(name: str) -> None:
    for facts, answer in judged(name).answers:
        check(CORNERS[name], facts, engine_of(name), answer)


@pytest.mark.parametrize("name", CORNERS)
def test_engine_agrees_wherever_it_looks_first(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, where every policy is treated like one with thousands of rules."""
    monkeypatch.setattr(evaluate, "MANY", 0)
    monkeypatch.setattr(rule_index, "MOST_OCTETS", 0)
    for facts, answer in judged(name).answers:
        check(CORNERS[name], facts, engine_of(name), answer)


@pytest.mark.parametrize("name", CORNERS)
def test_what_cannot_be_said_is_refused(name: str) -> None:
    """Each wrong value alone, and all of them as one error."""
    engine = engine_of(name)
    wrong = {fact: wrong_for(declared) for pack in CORNERS[name] for fact, declared in pack.get("facts.yaml", {"facts": {}})["facts"].items()}
    for fact, values in wrong.items():
        for value in values:
            with pytest.raises(FactsError) as refused:
                engine.decide({fact: value})
            assert len(refused.value.diagnostics) == 1, (fact, value)
    with pytest.raises(FactsError) as refused:
        engine.decide({fact: values[0] for fact, values in wrong.items()} | {"no_such_fact": True})
    assert len(refused.value.diagnostics) == len(wrong) + 1


@pytest.mark.parametrize("name", CORNERS)
def test_facts_written_otherwise_mean_the_same(name: str) -> None:
    stack = CORNERS[name]
    engine, policy = engine_of(name), complete_cases(stack)[0]
    for facts in all_facts(stack)[::3]:
        other = {fact: otherwise_written(known) for fact, known in facts.items()}
        assert answer_of(policy, engine.decide(other)) == answer_of(policy, engine.decide(facts)), facts


@pytest.mark.parametrize("name", CORNERS)
def test_questions_agree_on_stacks_written_by_hand(name: str) -> None:
    for facts, expected in judged(name).asked:
        found = asked(engine_of(name).decide(facts))
        assert found == expected, describe(CORNERS[name], facts, expected, found)


class _Blind:
    """Witnesses to whom nothing shows at once."""

    def __init__(self, *_: object) -> None:
        pass

    def __getattr__(self, _: str) -> Callable[..., int]:
        return lambda *_: 0


@pytest.mark.parametrize("name", CORNERS)
def test_questions_are_found_by_the_search_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What shows at once only spares the search; interviews ask the search itself."""
    monkeypatch.setattr(asking, "Witnesses", _Blind)
    for facts, expected in judged(name).asked:
        found = asked(engine_of(name).decide(facts))
        assert found == expected, describe(CORNERS[name], facts, expected, found)
