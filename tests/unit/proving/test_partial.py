"""What only partial cases show: advice of `when_unsettled` that is never to be given, or goes against what several rules together give."""

from __future__ import annotations

import itertools
import multiprocessing
import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.run import prove
from safeguarding_rules.proving.scoped import stands
from safeguarding_rules.proving.work import Stack
from tests.unit import making
from tests.unit.proving.stacks import claims_of, invariant_claims, pack, stack_of

NEVER_CALL = {"always": True, "never": [{"may": "call"}]}
MAY_CALL = {"outcome": "review", "actions": [{"may": "call"}]}
ABC = {name: {"type": "boolean", "question": f"Is {name} so?"} for name in "abc"}
EITHER = {"any": [{"a": True}, {"a": False}]}


def claimed(rules: dict[str, Any], invariant: dict[str, Any], **more: Any) -> Claim:
    """The claim of one invariant of a pack over three facts."""
    return invariant_claims(stack_of([pack(rules, invariants={"it": invariant}, facts=ABC, **more)]))["it"]


def partial_cases() -> Iterator[dict[str, bool]]:
    """Yield everything that can be known of three facts."""
    for values in itertools.product((None, False, True), repeat=3):
        yield {name: value for name, value in zip("abc", values, strict=True) if value is not None}


def test_a_permission_that_a_presumed_prohibition_ends_only_while_nothing_is_known() -> None:
    rules = {
        "r": {"when": {"a": True}, "actions": [{"must_not": "call"}], "if_unknown": "presume_met"},
        "o": {"when": {"b": True}, "outcome": "refer"},
    }
    found = claimed(rules, NEVER_CALL, unsettled=MAY_CALL)
    assert found.state == "refuted"
    assert found.witness is not None
    assert found.witness.facts == {"a": False}
    assert "may call by dsl" in found.witness.advice.actions
    assert claimed(rules, {"whenever": {"a": True}, "never": [{"may": "call"}]}, unsettled=MAY_CALL).state == "proved"


def test_a_condition_of_two_parts_may_be_met_by_neither_alone() -> None:
    rules = {"o": {"when": {"a": True}, "outcome": "refer"}}
    found = claimed(rules, {"whenever": EITHER, "never": [{"should": "call"}]}, unsettled={"outcome": "review", "actions": [{"must": "call"}]})
    assert found.state == "refuted"
    assert found.witness is not None
    assert found.witness.facts == {}


def made_up(chance: random.Random) -> dict[str, Any]:
    """Make up rules that give or prohibit `call`, or give an outcome."""
    rules: dict[str, Any] = {}
    for number in range(chance.randint(2, 4)):
        when = {"all": [{name: chance.random() < 0.6} for name in chance.sample("abc", chance.randint(1, 2))]}
        gives: list[dict[str, Any]] = [
            {"outcome": chance.choice(["review", "refer", "police"])},
            {"actions": [{chance.choice(["must_not", "should_not", "may"]): "call"}]},
        ]
        rules[f"r{number}"] = {"when": when, "if_unknown": chance.choice(["ask", "presume_met", "presume_if_partly_met"]), **chance.choice(gives)}
    return rules


@pytest.mark.parametrize("seed", range(60))
def test_never_against_trying_every_partial_case(seed: int) -> None:
    chance = random.Random(7_000 + seed)
    scopes: list[dict[str, Any]] = [
        {"always": True},
        {"whenever": {"a": True}},
        {"whenever": {"any": [{"a": True}, {"b": False}]}},
        {"whenever": EITHER},
    ]
    invariant = {**chance.choice(scopes), "never": [{"may": "call"}]}
    try:
        stack = stack_of([pack(made_up(chance), invariants={"it": invariant}, facts=ABC, unsettled=MAY_CALL)])
    except PackError:
        pytest.skip("rules that conflict")
    decider = Decider(compile_policy(stack.policy))
    scope = stack.scope_of(stack.invariants[0][2])

    def in_scope(facts: dict[str, bool]) -> bool:
        full = [case for case in partial_cases() if len(case) == 3 and facts.items() <= case.items()]
        return scope is None or all(_holds(invariant["whenever"], case) for case in full)

    broken = [facts for facts in partial_cases() if in_scope(facts) and stands(decider.decide(facts, stack.on), "call", "may")]
    assert invariant_claims(stack)["it"].state == ("refuted" if broken else "proved")


def _holds(condition: dict[str, Any], case: dict[str, bool]) -> bool:
    ((key, value),) = condition.items()
    return any(_holds(one, case) for one in value) if key == "any" else case[key] is value


JOINT = {
    "q": {"when": {"all": [{"a": True}, {"b": True}]}, "actions": [{"must": "x"}]},
    "q2": {"when": {"all": [{"a": True}, {"b": False}]}, "actions": [{"must": "x"}]},
    "r": {"when": {"a": False}, "outcome": "police"},
    "s": {"when": {"b": True}, "outcome": "refer"},
}


def joint(rules: dict[str, Any], *actions: dict[str, Any]) -> Claim:
    """What is claimed of conflicts, where several rules together give `x`, and `when_unsettled` something else."""
    acts = {"x": {"contradicts": ["y"]}, "y": {}}
    return claims_of(stack_of([making.pack(rules, facts="a b", actions=acts, unsettled={"actions": list(actions)})]))["no-conflicting-duties"]


@pytest.mark.parametrize(("action", "code"), [({"must_not": "x"}, "SR605"), ({"must": "y"}, "SR606")])
def test_what_several_rules_give_together_against_the_unsettled_advice(action: dict[str, Any], code: str) -> None:
    found = joint(JOINT, action)
    assert (found.state, found.code) == ("refuted", code)
    assert found.witness is not None
    assert found.witness.facts == {"a": True}


def test_what_several_rules_give_only_once_the_outcome_is_settled_is_no_conflict() -> None:
    settled = {**JOINT, "s": {"when": {"all": [{"a": False}, {"b": True}]}, "outcome": "refer"}}
    assert joint(settled, {"must_not": "x"}).state == "proved"
    assert joint(JOINT, {"may": "y"}).state == "proved"


def test_an_accepted_finding_excuses_that_rule_alone() -> None:
    rules = {
        "adult": {"when": {"a": True}, "outcome": "police"},
        "one": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"},
        "other": {"when": {"all": [{"a": True}, {"c": True}]}, "outcome": "refer"},
    }
    accepted = [{"finding": "SR711", "at": "adult", "because": "So it is.", "until": "2027-01-01"}]
    found = claims_of(stack_of([pack(rules, accepted=accepted)]))["every-rule-counts"]
    assert [(finding.at, finding.accepted) for finding in found.findings] == [("top/one", None), ("top/other", None)]
    assert all("`top/adult`" in finding.message for finding in found.findings)


def test_proofs_in_two_threads_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(2)
    context = multiprocessing.get_context("fork")

    class Waiting:
        def Pool(self, *arguments: Any) -> Any:  # noqa: N802  the name that multiprocessing gives it
            together.wait(timeout=60)
            return context.Pool(*arguments)

    stacks: dict[str, Stack] = {
        rank: stack_of([pack({"one": {"when": {"a": True}, "outcome": rank}}, invariants={f"to-{rank}": {"reachable": rank}}, facts=ABC)])
        for rank in ("refer", "police")
    }
    alone = {rank: prove([stack]).model_dump() for rank, stack in stacks.items()}
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: Waiting())
    found: dict[str, Any] = {}
    threads = [threading.Thread(target=lambda rank=rank: found.update({rank: prove([stacks[rank]], jobs=2).model_dump()})) for rank in stacks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert found == alone
