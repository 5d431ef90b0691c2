"""Small policies, every case of them, and conditions judged one case at a time: what the analyses are compared with."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from typing import Any

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test
from safeguarding_rules.language.facts import test_holds as holds_on
from safeguarding_rules.linking.link import link
from safeguarding_rules.linking.policy import Policy
from tests.unit import making

NUMBERS = {"type": "integer", "at_least": 0, "at_most": 4}
FACTS: dict[str, Any] = {"a": making.YES_NO, "b": making.YES_NO, "c": making.YES_NO, "n": NUMBERS}
Case = Mapping[str, bool | int]


def policy_of(rules: Mapping[str, Any], **more: Any) -> Policy:
    """Link a pack of some rules over three booleans and a number."""
    return link(making.read(making.pack(rules, facts=FACTS, actions="x y", **more)))


def every_case() -> Iterator[dict[str, bool | int]]:
    """Yield every complete case."""
    for a, b, c, n in itertools.product((False, True), (False, True), (False, True), range(5)):
        yield {"a": a, "b": b, "c": c, "n": n}


def holds(condition: Condition, case: Case, instead: tuple[Test, bool] | None = None) -> bool:
    """Whether a condition holds in a case; one test may be taken to hold, or not, instead."""
    match condition:
        case Test(fact, op, value):
            return instead[1] if instead is not None and condition == instead[0] else holds_on(op, value, case[fact])
        case All(members):
            return all(holds(member, case, instead) for member in members)
        case AnyOf(members):
            return any(holds(member, case, instead) for member in members)
        case Not(member):
            return not holds(member, case, instead)
        case Always():
            return True
        case _:
            raise TypeError(condition)


def condition(chance: random.Random, depth: int = 2) -> dict[str, Any]:
    """Make up a condition as a pack writes it."""
    kind = chance.choice(["test", "test", "all", "any", "not"]) if depth else "test"
    if kind == "not":
        return {"not": condition(chance, depth - 1)}
    if kind in ("all", "any"):
        return {kind: [condition(chance, depth - 1) for _ in range(chance.randint(2, 3))]}
    fact = chance.choice("abcn")
    if fact == "n":
        return {"n": {chance.choice(["below", "at_least", "at_most", "above"]): chance.randint(1, 3)}}
    return {fact: chance.choice([True, False])}


def rules(chance: random.Random) -> dict[str, Any]:
    """Make up some rules."""
    made: dict[str, Any] = {}
    for number in range(chance.randint(1, 3)):
        rule: dict[str, Any] = {"when": condition(chance)}
        if chance.random() < 0.4:
            rule["unless"] = condition(chance, 1)
        if chance.random() < 0.8:
            rule["outcome"] = chance.choice(making.SCALE[1:])
        if chance.random() < 0.7 or "outcome" not in rule:
            rule["actions"] = [{chance.choice(["must", "should", "may"]): chance.choice("xy"), "by": "dsl"}]
        made[f"r{number}"] = rule
    return made
