"""z3: a second opinion, and the only one where our own search gives up."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest

from safeguarding_rules.proving import opinion, search
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.search import Limits
from tests.unit.proving.stacks import invariant_claims, pack, stack_of
from tests.unit.proving.test_known_answers import PROVED, REFUTED, RULES, STANDING

pytest.importorskip("z3")

COMPLETE = [one for one in PROVED if not {"while_unknown", "must_not_matter"} & one.keys()]
BROKEN = [one for one in REFUTED if "while_unknown" not in one[0]]


def claim_of(invariant: dict[str, Any], rules: dict[str, Any] = RULES, *, limits: Limits | None = None, asked: bool = False, **more: Any) -> Claim:
    data = [pack(rules, invariants={"it": invariant}, standing=STANDING, **more)]
    return invariant_claims(stack_of(data, limits=limits, opinion=asked))["it"]


@pytest.fixture
def no_steps(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """Let our own search take no step at all."""
    monkeypatch.setattr(search, "QUICK_NODES", 0)
    return Limits(nodes=0)


def test_a_case_of_z3_tells_what_its_claim_is_about(no_steps: Limits) -> None:
    claim = claim_of({"whenever": {"all": [{"a": False}, {"age": {"at_most": 13}}]}, "outcome_at_least": "review"}, limits=no_steps)
    assert (claim.state, claim.how) == ("refuted", "by the z3 solver")
    assert claim.witness is not None
    assert set(claim.witness.telling) >= {"a", "age"}


@pytest.mark.parametrize("invariant", COMPLETE, ids=str)
def test_z3_proves_what_our_search_gave_up(no_steps: Limits, invariant: dict[str, Any]) -> None:
    claim = claim_of(invariant, limits=no_steps)
    assert claim.state == "proved", claim.reason
    assert claim.how == ("by example" if "reachable" in invariant else "by the z3 solver")
    assert (claim.witness is not None) == ("reachable" in invariant)


@pytest.mark.parametrize(("invariant", "telling", "outcome"), BROKEN, ids=str)
def test_z3_refutes_with_a_case_that_the_engine_decides_so(
    no_steps: Limits, invariant: dict[str, Any], telling: dict[str, Any], outcome: str
) -> None:
    claim = claim_of(invariant, limits=no_steps)
    ours = claim_of(invariant)
    assert (claim.state, claim.how, claim.code, claim.reason) == ("refuted", "by the z3 solver", ours.code, ours.reason)
    assert claim.witness is not None
    assert claim.witness.advice.outcome == outcome
    assert telling.items() <= claim.witness.facts.items()


@pytest.mark.parametrize(("op", "inside", "outside"), [("below", 6, 7), ("at_most", 7, 8), ("at_least", 7, 6), ("above", 8, 7)])
def test_edges_of_numbers(no_steps: Limits, op: str, inside: int, outside: int) -> None:
    rules = {"number": {"when": {"age": {op: 7}}, "outcome": "review"}}
    assert claim_of({"whenever": {"age": inside}, "outcome_at_least": "review"}, rules, limits=no_steps).state == "proved"
    assert claim_of({"whenever": {"age": outside}, "outcome_at_most": "manage"}, rules, limits=no_steps).state == "proved"


def test_facts_that_do_not_matter_and_outcomes_that_nothing_reaches(no_steps: Limits) -> None:
    covered = {"adult": RULES["adult"], "both": {"when": {"all": [{"a": True}, {"c": True}]}, "outcome": "refer"}}
    assert claim_of({"must_not_matter": ["c"]}, covered, limits=no_steps).how == "by the z3 solver"
    assert claim_of({"must_not_matter": ["a"]}, limits=no_steps).state == "undecided"  # a pair of cases is not looked for
    always = {**RULES, "everyday": {"when": {"always": True}, "outcome": "review"}}
    assert claim_of({"reachable": "manage"}, always, limits=no_steps).state == "refuted"


def test_partial_cases_are_not_asked(no_steps: Limits) -> None:
    assert claim_of({"while_unknown": ["a"], "outcome_at_least": "review"}, limits=no_steps).state == "undecided"
    never = {"always": True, "never": [{"should": "call"}]}
    unsettled = {"outcome": "review", "actions": [{"should": "call"}]}
    assert claim_of(never, {"adult": RULES["adult"]}, limits=no_steps, unsettled=unsettled).state == "undecided"


def test_every_kind_of_fact_in_a_case_of_z3(no_steps: Limits) -> None:
    facts: dict[str, Any] = {
        "a": {"type": "boolean", "question": "Is a so?"},
        "age": {"type": "integer", "at_least": 0, "at_most": 20, "unit": "years", "question": "How old?", "applies_when": {"a": True}},
        "which": {"type": "choice", "values": {"one": "One", "two": "Two"}, "question": "Which?"},
        "several": {"type": "choices", "values": {"red": "Red", "blue": "Blue"}, "question": "Which ones?"},
    }
    when = {"all": [{"age": {"above": 17}}, {"which": "two"}, {"several": {"includes": "blue"}}]}
    claim = claim_of({"always": True, "outcome_at_most": "manage"}, {"rule": {"when": when, "outcome": "police"}}, limits=no_steps, facts=facts)
    assert claim.state == "refuted"
    assert claim.witness is not None
    assert claim.witness.facts == {"a": True, "age": 18, "which": "two", "several": {"only": ["blue"]}}


PIGEONS, HOLES = 7, 6


def test_a_pack_on_which_our_search_needs_many_steps() -> None:
    """Seven children in six rooms: two of them share one, which no rule says by itself."""
    rooms = {f"room{n}": f"Room {n}" for n in range(HOLES)}
    facts = {f"child{n}": {"type": "choice", "values": rooms, "question": "Which room?"} for n in range(PIGEONS)}
    pairs = itertools.combinations(range(PIGEONS), 2)
    rules = {
        f"share-{one}-{two}-{room}": {"when": {"all": [{f"child{one}": room}, {f"child{two}": room}]}, "outcome": "review"}
        for one, two in pairs
        for room in rooms
    }
    claim = claim_of({"always": True, "outcome_at_least": "review"}, rules, limits=Limits(nodes=100), facts=facts)
    assert (claim.state, claim.how) == ("proved", "by the z3 solver")


def test_without_z3_or_time_it_stays_undecided(no_steps: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    invariant = COMPLETE[0]
    assert claim_of(invariant, limits=Limits(nodes=0, until=time.monotonic() - 1)).state == "undecided"
    monkeypatch.setattr(opinion, "installed", lambda: False)
    assert claim_of(invariant, limits=no_steps).state == "undecided"


def test_a_case_that_the_engine_decides_otherwise_is_an_error_of_ours(no_steps: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "case_of", lambda space, _: space.lowest(space.start))
    claim = claim_of({"whenever": {"a": True}, "outcome_at_most": "manage"}, limits=no_steps)
    assert claim.state == "undecided"
    assert "an error of ours" in claim.reason


def test_a_disagreement_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    assert claim_of(COMPLETE[0], asked=True).second_opinion == "agrees"
    monkeypatch.setattr(opinion, "broken_by", lambda *_: True)
    claim = claim_of(COMPLETE[0], asked=True)
    assert (claim.state, claim.second_opinion, claim.code) == ("undecided", "disagrees", "SR703")
    assert "z3 says refuted" in claim.reason
