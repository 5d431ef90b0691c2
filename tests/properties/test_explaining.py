"""Explanations of generated and shipped packs: checked by the separate checker, sufficient, and the same every time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from safeguarding_rules.explaining.checker import check
from tests.properties.engines import describe, engine_for
from tests.properties.strategies import known_as, scenarios
from tests.reference.cases import NOT_APPLICABLE, complete_cases
from tests.unit.explaining.cases import STACKS, consistent_facts, engine, random_facts, seeded

# ------------------------------------------------------------------------------------------------------------------ generated


@given(st.data())
def test_the_checker_derives_every_outcome_again(data: st.DataObject) -> None:
    """From the explanation and the policy alone, without the evaluator."""
    stack, facts = data.draw(scenarios())
    engine = engine_for(stack)
    decision = engine.decide(facts)
    explanation = engine.explain(decision)
    event("together" if explanation.because.together else "contradiction" if explanation.contradictions else "each")
    event(f"{len(explanation.because.facts)} facts")
    assert check(explanation, engine.program.policy) == (), describe(stack, facts, explanation.because, explanation.rules)


@given(st.data())
def test_changing_a_fact_outside_the_sufficient_set_does_not_lower_the_outcome(data: st.DataObject) -> None:
    """To any other consistent value, or to unknown."""
    stack, facts = data.draw(scenarios())
    engine = engine_for(stack)
    decision = engine.decide(facts)
    if decision.contradiction is not None:
        return
    outside = [name for name, value in facts.items() if value is not None and name not in decision.because.facts]
    policy, cases = complete_cases(stack)
    scale = policy.scale
    for name in outside:
        values = [value for value in dict.fromkeys(case[name] for case in cases) if value != NOT_APPLICABLE]
        others = [None, *(known_as(data.draw, policy.facts[name].declaration, value) for value in values)]
        for value in others:
            other = engine.decide({**facts, name: value})
            if other.contradiction is None:
                event("another value")
                assert scale.index(other.possible_outcomes[0]) >= scale.index(decision.possible_outcomes[0]), describe(stack, facts, name, value)


@given(st.data())
def test_the_same_decision_gives_the_same_explanation(data: st.DataObject) -> None:
    """Data and prose, byte for byte, from another engine and with the facts in another order."""
    stack, facts = data.draw(scenarios())
    one, other = engine_for(stack), engine_for(stack)
    shuffled = {name: facts[name] for name in data.draw(st.permutations(list(facts)))}
    first, second = one.explain(one.decide(facts)), other.explain(other.decide(shuffled))
    assert first.model_dump_json() == second.model_dump_json()
    assert (first.short(), first.full(), first.audit()) == (second.short(), second.full(), second.audit())


# -------------------------------------------------------------------------------------------------------------- shipped packs


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("seed", range(15))
def test_the_checker_accepts_explanations_on_shipped_packs(stack: str, seed: int) -> None:
    """Random facts, some of them contradicting."""
    found = engine(stack)
    facts = random_facts(stack, seeded(f"{stack} {seed}"))
    assert check(found.explain(found.decide(facts)), found.program.policy) == (), facts


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("seed", range(6))
def test_on_shipped_packs_nothing_outside_the_sufficient_set_matters(stack: str, seed: int) -> None:
    """Every known fact outside it, forgotten and given every other value."""
    found = engine(stack)
    facts = consistent_facts(stack, seeded(f"{stack} {seed}"))
    decision = found.decide(facts)
    scale = [outcome.name for outcome in found.program.policy.outcomes]
    specs = {info.spec.name: info.spec for info in found.program.policy.facts}
    for name in facts.keys() - set(decision.because.facts):
        for value in other_values(specs[name]):
            other = found.decide({**facts, name: value})
            if other.contradiction is None:
                assert scale.index(other.possible_outcomes[0]) >= scale.index(decision.possible_outcomes[0]), (facts, name, value)


def other_values(spec: Any) -> list[Any]:
    """Unknown, and the values of a fact (of an integer, a few)."""
    if spec.type == "boolean":
        return [None, True, False]
    if spec.type == "integer":
        return [None, *{spec.low, spec.low + 1, 9, 12, 13, 17, spec.high} & set(range(spec.low, spec.high + 1))]
    if spec.type == "choice":
        return [None, *spec.values]
    return [None, *([value] for value in spec.values), list(spec.values)]
