"""The engine agrees with the naive reference on everything the semantics page fixes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from safeguarding_rules.deciding import evaluate
from tests.properties.engines import answer_of, asked, describe, engine_for
from tests.properties.strategies import SMALL, any_facts, consistent_facts, scenarios, stacks
from tests.reference.cases import agreeing_cases, complete_cases
from tests.reference.interpreter import NAME, Answer, Entry, Side, decide, questions


def numbered(decision: Any) -> dict[Side, Entry]:
    """Read the duties of a decision off its verdict, as coverage and live cases do."""
    found = {}
    for entry in decision.verdict.entries:
        slot = decision.program.slots[entry.slot]
        side = "negative" if slot.forbids else "positive"
        more = (("presumed", entry.presumed), ("depends", entry.possible))
        stronger = tuple((status, NAME[side][strength]) for status, strength in more if strength)
        found[slot.action, slot.by, side] = Entry(entry.status, NAME[side][entry.strength], stronger)
    return found


def check(stack: Any, facts: dict[str, Any], engine: Any, answer: Answer | None = None) -> None:
    """Compare one decision with the reference, or with its answer where that is at hand."""
    expected = answer or decide(stack, facts)
    policy, decision = complete_cases(stack)[0], engine.decide(facts)
    assert decision.exact
    found = answer_of(policy, decision)
    if expected.contradiction:
        found.contradiction = True  # told by a warning, see below
    assert found == expected, describe(stack, facts, expected, found)
    assert numbered(decision) == found.actions
    order = [name for name in policy.scale if name in found.possible_outcomes]
    assert list(decision.possible_outcomes) == order


@given(st.data())
def test_engine_agrees_with_reference(data: st.DataObject) -> None:
    """Outcome, possible outcomes, settled, firm, rule statuses, presumed rules and every action entry."""
    stack = data.draw(stacks())
    engine = engine_for(stack)
    for _ in range(4):
        check(stack, data.draw(consistent_facts(stack)), engine)


@given(st.data())
def test_engine_agrees_wherever_it_looks_first(data: st.DataObject) -> None:
    """The same, where every policy is treated like one with many rules."""
    stack = data.draw(stacks(SMALL))
    engine = engine_for(stack)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(evaluate, "MANY", 0)
        for _ in range(4):
            check(stack, data.draw(consistent_facts(stack)), engine)


@given(st.data())
def test_engine_agrees_on_every_complete_case(data: st.DataObject) -> None:
    """With everything known, on every complete case of a small stack."""
    stack = data.draw(stacks(SMALL))
    engine = engine_for(stack)
    for case in complete_cases(stack)[1][:40]:
        facts = {
            name: {"only": sorted(value)} if isinstance(value, frozenset) else value for name, value in case.items() if value != "(not applicable)"
        }
        check(stack, facts, engine)


@given(st.data())
def test_engine_agrees_where_facts_contradict(data: st.DataObject) -> None:
    """Facts that contradict are decided by their largest consistent parts, and a warning names them."""
    stack = data.draw(stacks(SMALL))
    facts = data.draw(st.lists(any_facts(stack), min_size=12, max_size=12))
    contradicting = [one for one in facts if not agreeing_cases(complete_cases(stack, one)[1], one)]
    assume(contradicting)
    engine = engine_for(stack)
    for one in contradicting:
        check(stack, one, engine)
        warnings = " ".join(warning.message for warning in engine.decide(one).warnings)
        assert any(f"`{name}`" in warnings for name in one), warnings


@given(scenarios(SMALL))
def test_questions_agree(scenario: Any) -> None:
    """Which facts are asked, in which order, and what each could become."""
    stack, facts = scenario
    decision = engine_for(stack).decide(facts)
    assume(agreeing_cases(complete_cases(stack, facts)[1], facts))
    expected, found = questions(stack, facts), asked(decision)
    event(f"{min(len(expected), 4)} questions")
    assert found == expected, describe(stack, facts, expected, found)
