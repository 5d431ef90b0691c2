from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from safeguarding_rules import Decision, Engine, Pack, pack_from_folder
from safeguarding_rules.testing.strategies import complete_facts, facts, for_all_cases, layers_over, near_miss, packs
from tests.packs.pipeline import GOOD

ENGINE = Engine.load("kscmp", on=date(2026, 1, 1))
MINIMAL = pack_from_folder(GOOD / "minimal")
SMALL = Engine.from_packs([MINIMAL])
FEW = settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
FIRST = settings(FEW, max_examples=200, phases=[Phase.generate])
SMALLEST = settings(FEW, max_examples=200, phases=[Phase.generate, Phase.shrink])


def contradicting(decision: Decision) -> bool:
    return decision.contradiction is not None


@FEW
@given(facts(ENGINE))
def test_facts_are_read_and_consistent(one: dict[str, Any]) -> None:
    assert not contradicting(ENGINE.decide(one))


@FEW
@given(complete_facts(ENGINE))
def test_nothing_is_missing_from_complete_facts(one: dict[str, Any]) -> None:
    decision = ENGINE.decide(one)
    assert decision.settled
    assert not decision.questions


@FEW
@given(st.one_of(facts(ENGINE, {"adult_involved": True}), complete_facts(ENGINE, {"adult_involved": True})))
def test_what_is_known_stays(one: dict[str, Any]) -> None:
    assert one["adult_involved"] is True


@pytest.mark.parametrize(
    "wanted", [lambda v: isinstance(v, dict) and "only" in v, lambda v: isinstance(v, list), lambda v: isinstance(v, dict) and "at_least" in v]
)
def test_tests_and_lists_are_drawn_too(wanted: Any) -> None:
    found = find(facts(ENGINE), lambda one: any(wanted(value) for value in one.values()), settings=FIRST)
    assert found


def test_facts_that_contradict_are_refused() -> None:
    with pytest.raises(ValueError, match="contradict"):
        find(facts(SMALL, {"origin": "made_by_adult", "adult_involved": False}), lambda _: True, settings=FEW)


def test_shrinking_leads_to_the_smallest_case() -> None:
    found = find(facts(ENGINE), lambda one: ENGINE.decide(one).outcome == "refer_police", settings=SMALLEST)
    assert len(found) == 1


def test_every_complete_case_of_a_small_pack_is_drawn() -> None:
    seen: set[str] = set()

    @settings(FEW, max_examples=100)
    @given(complete_facts(SMALL))
    def draws(one: dict[str, Any]) -> None:
        seen.add(str((one["adult_involved"], one["origin"])))

    draws()
    assert len(seen) == 3  # an adult who made it is an adult who is involved


@FEW
@given(st.data())
def test_a_near_miss_differs_in_one_value_or_two(data: st.DataObject) -> None:
    one = data.draw(complete_facts(SMALL))
    other = data.draw(near_miss(one, SMALL))
    assert one.keys() == other.keys()
    assert 1 <= sum(one[name] != other[name] for name in one) <= 2
    assert not contradicting(SMALL.decide(other))


def test_a_near_miss_crosses_a_threshold() -> None:
    start = {"age": 4, "adult_involved": False, "origin": "made_by_child"}
    ages: set[int] = set()

    @settings(FEW, max_examples=100)
    @given(near_miss(start, SMALL))
    def draws(one: dict[str, Any]) -> None:
        ages.add(one["age"])

    draws()
    assert {3, 5} <= ages


@FEW
@given(packs())
def test_packs_can_be_used(pack: Pack) -> None:
    assert Engine.from_packs([pack]).decide({}).outcome in pack.manifest.outcomes


@settings(FEW, max_examples=15)
@given(st.data())
def test_layers_only_strengthen(data: st.DataObject) -> None:
    top = data.draw(packs())
    layer = data.draw(layers_over(top))
    without, both = Engine.from_packs([top]), Engine.from_packs([top, layer])
    scale = [outcome.name for outcome in without.program.policy.outcomes]
    one = data.draw(complete_facts(without))
    assert scale.index(both.decide(one).possible_outcomes[0]) >= scale.index(without.decide(one).outcome)


@settings(FEW, max_examples=3)
@given(layers_over(pack_from_folder(Path(__file__).parents[3] / "policy_packs" / "ukcis" / "2024.3")))
def test_layers_over_a_shipped_pack(layer: Pack) -> None:
    assert layer.manifest.extends is not None
    assert layer.manifest.extends.pack == "ukcis"


def test_a_property_that_fails_shows_the_smallest_case() -> None:
    @for_all_cases(SMALL, phases=[Phase.generate, Phase.shrink], derandomize=True, database=None)
    def never_refers(decision: Decision, facts: dict[str, Any]) -> None:
        assert decision.outcome != "refer", f"smallest: {facts}"

    with pytest.raises(AssertionError, match="smallest") as caught:
        never_refers()
    assert "{'adult_involved': True}" in str(caught.value) or "made_by_adult" in str(caught.value) or "'age'" in str(caught.value)
    assert any("decided: refer" in line for line in caught.value.__notes__)


def test_a_property_names_what_it_takes() -> None:
    with pytest.raises(TypeError, match="takes case; it may take decision, facts, engine"):

        @for_all_cases("ukcis")
        def wrong(case: object) -> None:
            raise AssertionError(case)
