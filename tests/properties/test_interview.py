"""The interview ends where no answer can change the outcome or a `must`, asks nothing else, and its decision is `decide`'s."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.state import State, Step
from tests.properties.engines import engine_for
from tests.properties.strategies import SMALL, any_facts, complete_facts, stacks
from tests.reference.cases import agreeing_cases, complete_cases, rules_of
from tests.reference.interpreter import outcome_of, questions, strengths_of

LIMIT = 200  # steps; an interview about a generated stack needs far fewer


def names(step: Step) -> list[str]:
    return [info.spec.name for info in step.facts]


def musts(policy: Any, case: Any) -> Any:
    """Give, by the reference, the outcome of a complete case and what must or must not be done in it."""
    held = rules_of(policy, case)
    return outcome_of(held), frozenset(side for side, strength in strengths_of(policy, held).items() if strength == 3)


def assert_nothing_is_left(stack: Any, state: State) -> None:
    """By the reference: whatever "don't know" stands for, all cases that agree with the answers have one outcome and the same musts."""
    policy, cases = complete_cases(stack, dict(state.facts))
    found: dict[Any, set[Any]] = {}
    for case in agreeing_cases(cases, dict(state.facts)):
        found.setdefault(tuple(case[name] for name in sorted(state.unknown)), set()).add(musts(policy, case))
    assert found
    assert all(len(answers) == 1 for answers in found.values()), (state, found)


@given(st.data())
@settings(max_examples=25)
def test_it_ends_where_no_answer_can_change_the_outcome_or_a_must(data: st.DataObject) -> None:
    stack = data.draw(stacks())
    facts = data.draw(complete_facts(stack))
    engine = engine_for(stack)
    interview = Interview(engine.decide)
    state = State()
    asked: list[str] = []
    skipped: list[str] = []
    for _ in range(LIMIT):
        step = interview.step(state)
        if step.kind == "end":
            break
        if step.kind == "offer":
            assert step.decision.firm
            assert step.left
            state = interview.gone_on(state, step)
            continue
        assert step.kind == ("together" if len(step.facts) > 1 else "ask")
        assert not set(names(step)) & {*state.facts, *state.unknown}
        move = data.draw(st.sampled_from(["answer"] * 8 + ["unknown", "skip"]))
        if move == "skip":
            state = interview.skipped(state, step)
            skipped += names(step)
            continue
        if state.skipped and not skipped:
            event("came again")
        # A fact that does not apply has no value; whoever is asked all the same does not know it.
        state = interview.answered(state, step, {name: None if move == "unknown" else facts.get(name) for name in names(step)})
        asked += names(step)
    assert step.kind == "end"
    assert step.ending == "complete"
    assert step.left == 0
    assert len(asked) == len(set(asked))
    assert step.decision.model_dump_json() == engine.decide(dict(state.facts)).model_dump_json()
    assert dict(state.facts) == {name: facts[name] for name in state.facts}
    assert_nothing_is_left(stack, state)
    event(f"{min(len(asked), 5)} or more asked")


@given(st.data())
@settings(max_examples=12)
def test_only_facts_that_matter_are_asked(data: st.DataObject) -> None:
    stack = data.draw(stacks(SMALL))
    facts = data.draw(complete_facts(stack))
    interview = Interview(engine_for(stack).decide)
    state = State()
    while (step := interview.step(state)).kind != "end":
        if step.kind == "offer":
            state = interview.gone_on(state, step)
            continue
        by_reference = {name for name, _ in questions(stack, dict(state.facts))}
        assert set(names(step)) <= by_reference
        state = interview.answered(state, step, {name: facts.get(name) for name in names(step)})


def value(data: st.DataObject, info: Any) -> object:
    spec = info.spec
    if spec.type == "boolean":
        return data.draw(st.booleans())
    if spec.type == "integer":
        return data.draw(st.integers(spec.low, spec.high))
    if spec.type == "choice":
        return data.draw(st.sampled_from(spec.values))
    return {"only": [one for one in spec.values if data.draw(st.booleans())]}


@given(st.data())
@settings(max_examples=25)
def test_whatever_is_typed_it_ends_and_going_back_undoes(data: st.DataObject) -> None:
    """Answers that may contradict, changed and taken back; after a while only answers."""
    stack = data.draw(stacks())
    engine = engine_for(stack)
    interview = Interview(engine.decide)
    state = State(facts=data.draw(st.one_of(st.just({}), any_facts(stack))))
    earlier: list[State] = []
    for number in range(LIMIT):
        step = interview.step(state)
        if step.kind == "end":
            break
        before = state
        move = data.draw(st.sampled_from(["answer", "answer", "answer", "skip", "back", "change", "unknown"])) if number < 15 else "answer"
        if move == "back" and earlier:
            state = earlier.pop()
            assert interview.step(state).kind != "end"
            continue
        if step.kind == "conflict":
            assert step.decision.contradiction is not None
            fixable = [name for name in names(step) if name in state.facts]
            keep = number >= 15 or data.draw(st.booleans())
            state = interview.stopped(state, step) if keep else interview.changing(state, fixable[0])
        elif step.kind == "offer":
            state = interview.gone_on(state, step)
        elif move == "change" and state.order:
            name = data.draw(st.sampled_from(state.order))
            state = interview.changing(state, name)
            assert names(interview.step(state)) == [name]
        elif move == "skip":
            state = interview.skipped(state, step)
        else:
            chosen = step.facts[: data.draw(st.integers(1, len(step.facts)))]
            state = interview.answered(state, step, {one.spec.name: None if move == "unknown" else value(data, one) for one in chosen})
        earlier.append(before)
    assert step.kind == "end"
    assert step.decision.model_dump_json() == engine.decide(dict(state.facts)).model_dump_json()
    assert not set(state.unknown) & set(state.facts)
    event(step.ending or "")
    if step.ending == "complete" and not any(isinstance(given_, dict | list) for given_ in state.facts.values()):
        assert_nothing_is_left(stack, state)


@given(st.data())
@settings(max_examples=10)
def test_stopping_keeps_what_was_answered(data: st.DataObject) -> None:
    stack = data.draw(stacks(SMALL))
    facts = data.draw(complete_facts(stack))
    engine = engine_for(stack)
    interview = Interview(engine.decide)
    state = State()
    for _ in range(data.draw(st.integers(0, 3))):
        step = interview.step(state)
        if step.kind in ("ask", "together"):
            state = interview.answered(state, step, {name: facts.get(name) for name in names(step)})
    step = interview.step(state)
    end = interview.step(interview.stopped(state, step))
    assert (end.kind, end.ending) == ("end", "stopped" if step.kind != "conflict" else "kept")
    assert end.decision == engine.decide(dict(state.facts))
