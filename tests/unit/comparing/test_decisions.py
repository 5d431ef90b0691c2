"""Two decisions side by side: what is said is what stands in them."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.comparing.decisions import compare_decisions

ON = date(2026, 11, 22)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("kscmp", on=ON)


def test_a_decision_does_not_differ_from_itself(engine: Engine) -> None:
    decision = engine.decide({"contains_imagery": True})
    found = compare_decisions(decision, decision)
    assert found.outcome == "same"
    assert not any((found.duties, found.facts, found.answered, found.newly_asked, found.no_longer_asked, found.rules_met))
    assert found.same_policy
    assert found.prose() == "The advice stays “Hold the review”."


def test_learning_of_an_adult_raises_the_advice(engine: Engine) -> None:
    before, after = engine.decide({"contains_imagery": True}), engine.decide({"contains_imagery": True, "adult_involved": True})
    found = compare_decisions(before, after)
    assert (found.outcome_before, found.outcome_after, found.outcome) == ("review", "refer_police", "stricter")
    assert [one.fact for one in found.facts] == ["adult_involved"]
    assert "adult_involved" in {one.fact for one in found.answered}
    assert "ukcis/adult-involved" in found.rules_met
    assert "manage_in_setting" in found.ruled_out
    police = next(duty for duty in found.duties if duty.action == "refer_to_police" and not duty.forbids)
    assert police.after is not None
    assert (police.change, police.after.status, police.after.modality) == ("stronger", "applies", "must")
    assert found.prose().startswith("The advice rises from “Hold the review” to “Tell the police now”.")


def test_the_other_way_round_it_falls(engine: Engine) -> None:
    before, after = engine.decide({"contains_imagery": True, "adult_involved": True}), engine.decide({"contains_imagery": True})
    found = compare_decisions(before, after)
    assert found.outcome == "milder"
    assert "ukcis/adult-involved" in found.rules_no_longer_met
    assert "falls" in found.prose()


def test_by_another_policy_it_says_so() -> None:
    facts = {"financial_demand": True}
    old, new = Engine.load("ukcis@2020.12", on=date(2024, 3, 10)), Engine.load("ukcis@2024.3", on=ON)
    found = compare_decisions(old.decide(facts), new.decide(facts))
    assert not found.same_policy
    gained = {duty.action for duty in found.duties if duty.change == "gained"}
    assert "pay_demand" in gained
    assert "different policies" in found.prose()
