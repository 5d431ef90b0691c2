"""Stacks written by hand for rare clauses: engine and reference agree on all kinds of partial facts, questions included."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from safeguarding_rules.deciding import questions as asking
from tests.properties.corners import CORNERS
from tests.properties.engines import asked, describe, load
from tests.properties.test_agreement import check
from tests.reference.cases import agreeing_cases, complete_cases
from tests.reference.interpreter import questions

MOST = 250


def known_of(declared: dict[str, Any]) -> list[Any]:
    """List what may be known of a fact: nothing, each value, and tests."""
    if declared["type"] == "boolean":
        return [None, True, False]
    if declared["type"] == "integer":
        return [None, 3, 8, 9, 12, 13, 16, {"below": 5}, {"at_least": 11}, {"at_most": 12}, {"above": 4}, {"is_not": 8}, {"none_of": [3, 7, 8]}]
    first, second, *_ = declared["values"]
    if declared["type"] == "choice":
        return [None, first, second, {"is_not": first}, {"one_of": [first, second]}, {"none_of": [second]}]
    return [None, [first], [first, second], {"only": []}, {"only": [first]}, {"excludes": first}, {"includes": second}]


def all_facts(stack: Any) -> list[dict[str, Any]]:
    """List the partial facts to decide with: all, or where they are many, single facts and pairs of them first, then some at random."""
    options = {name: known_of(declared) for pack in stack for name, declared in pack.get("facts.yaml", {"facts": {}})["facts"].items()}
    everything = list(itertools.product(*options.values()))
    if len(everything) > MOST:
        few = [values for values in everything if sum(value is not None for value in values) <= 1]
        everything = few + random.Random(len(everything)).sample(everything, MOST - len(few))
    return [{name: value for name, value in zip(options, values, strict=True) if value is not None} for values in everything]


@pytest.mark.parametrize("name", CORNERS)
def test_engine_agrees_on_stacks_written_by_hand(name: str) -> None:
    stack = CORNERS[name]
    engine = load(stack)
    for facts in all_facts(stack):
        check(stack, facts, engine)


@pytest.mark.parametrize("name", CORNERS)
def test_questions_agree_on_stacks_written_by_hand(name: str) -> None:
    stack = CORNERS[name]
    engine = load(stack)
    for facts in all_facts(stack)[::5]:
        if agreeing_cases(complete_cases(stack, facts)[1], facts):
            expected, found = questions(stack, facts), asked(engine.decide(facts))
            assert found == expected, describe(stack, facts, expected, found)


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
    stack = CORNERS[name]
    engine = load(stack)
    for facts in all_facts(stack)[::9]:
        if agreeing_cases(complete_cases(stack, facts)[1], facts):
            expected, found = questions(stack, facts), asked(engine.decide(facts))
            assert found == expected, describe(stack, facts, expected, found)
