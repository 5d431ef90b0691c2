"""Every limit of the search for questions errs to the safe side: what cannot be followed to its end is asked, with all that could hang on it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from safeguarding_rules.deciding import inquiry as asking
from safeguarding_rules.deciding import steps
from tests.properties.corners import CORNERS, boolean, choice, gives, pack
from tests.properties.engines import asked, describe, load
from tests.properties.test_corners import all_facts
from tests.reference.cases import agreeing_cases, complete_cases
from tests.reference.interpreter import questions

LIMITS = [
    (steps, "RELEASE_LIMIT", 0),
    (steps, "NEIGHBOUR_LIMIT", 0),
    (steps, "STEP_LIMIT", 0),
    (asking, "FOLLOW_LIMIT", 0),
    (asking, "BUDGET", 0),
]
STACKS = ["applies", "implied", "masks", "knots", "may"]


@cache
def expectations(name: str) -> list[tuple[dict[str, Any], dict[str, set[str]]]]:
    """List facts of a stack with what the reference asks."""
    stack = CORNERS[name]
    consistent = [facts for facts in all_facts(stack)[::17] if agreeing_cases(complete_cases(stack, facts)[1], facts)]
    return [(facts, dict(questions(stack, facts))) for facts in consistent]


@pytest.mark.parametrize(("module", "limit", "value"), LIMITS)
def test_nothing_is_left_out_where_a_limit_is_reached(module: Any, limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, limit, value)
    more = 0
    for name in STACKS:
        stack = CORNERS[name]
        engine = load(stack)
        for facts, expected in expectations(name):
            found = dict(asked(engine.decide(facts)))
            assert expected.keys() <= found.keys(), describe(stack, facts, expected, found)
            assert all(outcomes <= found[fact] for fact, outcomes in expected.items()), describe(stack, facts, expected, found)
            more += expected != found
    assert more, "the limit was never reached"


def test_a_chain_of_constraints_too_long_to_follow_is_asked_about() -> None:
    """Each fact of the chain can bring the last one about, once the others are known."""
    names = "abcdefghijklmnopq"
    chain = [({"all": [{one: True}, {two: True}]}, {three: True}) for one, two, three in zip(names[::2], names[1::2], names[2::2], strict=False)]
    stack = [pack(0, dict.fromkeys(names, boolean()), {"r": {"when": {names[-1]: True}, "outcome": "police"}}, implications=chain)]
    found = dict(asked(load(stack).decide({})))
    assert set(found) == set(names)
    assert all("police" in outcomes for outcomes in found.values())


def test_too_many_facts_that_begin_to_apply_are_asked_about() -> None:
    """Whether the facts apply at all decides whether the rule can hold."""
    parts = [f"part{number}" for number in range(6)]
    facts = {"a": boolean(), **{part: choice("red", "blue", "green", "black", applies_when={"a": True}) for part in parts}}
    rules = {
        "r": {"when": {"any": [{part: value} for part in parts for value in ("red", "blue", "green")]}, "outcome": "police"},
        "s": {"when": {"a": True}, **gives({"must": "act_a"})},
    }
    found = dict(asked(load([pack(0, facts, rules)]).decide({})))
    assert set(found) == {"a", *parts}
    assert "police" in found["a"]
