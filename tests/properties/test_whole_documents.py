"""Whole decisions: what is read off or joined from pieces is what the plain ways give.

The text of a decision is that of its model. Its smallest set of facts is found again by trying every set, its nearest changes by deciding each case
with one change, and what shows at once to hang on a fact is what the search for it finds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from safeguarding_rules.casework.canonical import canonical_bytes
from safeguarding_rules.deciding import reasons as reasoning
from safeguarding_rules.deciding.document import DecisionDocument
from safeguarding_rules.deciding.evaluate import advise
from safeguarding_rules.deciding.inquiry import Inquiry
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.witnesses import Witnesses
from safeguarding_rules.language.facts import NOT_APPLICABLE
from tests.properties.corners import CORNERS, boolean, choice, integer, pack
from tests.properties.engines import engine_for, load
from tests.properties.strategies import any_facts, consistent_facts, scenarios
from tests.properties.test_corners import all_facts

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
LARGEST = 4


def smallest(engine: Any, facts: dict[str, Any], least: int) -> tuple[str, ...] | None:
    """Try every set of facts, the smallest first, then the facts declared first; None if none of so many forces the outcome."""
    for size in range(LARGEST + 1):
        for chosen in combinations(facts, size):
            if engine.decide({name: facts[name] for name in chosen}).verdict.possible[0] >= least:
                return chosen
    return None


def changes(decision: Any) -> list[tuple[str, object, int]]:
    """Decide every single change of a fact, those of the smallest set first, until enough were looked at."""
    program = decision.program
    knowledge, space = Knowledge(program.space), program.space
    found: list[tuple[str, object, int]] = []
    spent = 0
    first = decision.because.facts
    for name in [*first, *(name for name in decision.facts if name not in first)]:
        if space.specs[name].type == "choices":
            continue
        variable = space.variable_of(name)
        known_as = knowledge.read({name: decision.facts[name]})
        known = [i for i in range(len(variable.cells)) if known_as >> (variable.offset + i) & 1]
        numbers = isinstance(variable.cells[0], tuple)
        order = sorted(range(len(variable.cells)), key=lambda i: min((abs(i - j) for j in known), default=0) if numbers else 0)
        given: set[int] = set()
        for i in order:
            cell = variable.cells[i]
            if cell is NOT_APPLICABLE or i in known:
                continue
            spent += 1
            if spent > reasoning.EVALUATIONS and name not in first:
                return found
            value = cell
            if isinstance(cell, tuple):
                ranges = [one for j in known if isinstance(one := variable.cells[j], tuple)]
                value = cell[0] if ranges and ranges[0][0] < cell[0] else cell[1]
            box = knowledge.read({**decision.facts, name: value})
            rank = advise(program, box) if box else None
            if rank is not None and rank != decision.verdict.advice and rank not in given:
                given.add(rank)
                if sum(other == rank for *_, other in found) < reasoning.CHANGES_PER_OUTCOME:
                    found.append((name, value, rank))
    return found


def check(engine: Any, facts: dict[str, Any]) -> Any:
    """Compare one decision with the plain ways."""
    decision = engine.decide(facts)
    if decision.contradiction is not None:
        return decision
    least = decision.verdict.possible[0]
    expected = smallest(engine, decision.facts, least) if least else ()
    if expected is not None:
        assert decision.because.facts == expected, (facts, expected)
    names = [outcome.name for outcome in decision.program.policy.outcomes]
    wanted = [(name, value, names[rank]) for name, value, rank in changes(decision)]
    found = [(*next(iter(one.change.items())), one.outcome) for one in decision.because.nearest_changes]
    assert found == wanted, (facts, wanted, found)
    return decision


def same(decision: Any) -> None:
    """Compare the text of a decision with its model."""
    text = decision.model_dump_json()
    document = decision.document
    assert text == document.model_dump_json(by_alias=True)
    assert json.loads(text) == decision.model_dump() == document.model_dump(mode="json", by_alias=True)
    assert DecisionDocument.model_validate_json(text) == document
    assert decision.ordered_json().encode() == canonical_bytes(decision.model_dump())


@given(st.data())
def test_the_text_is_that_of_the_model(data: st.DataObject) -> None:
    stack, facts = data.draw(scenarios())
    engine = engine_for(stack)
    clocks = data.draw(st.sampled_from([None, {"known": START}]))
    for one in (facts, data.draw(any_facts(stack))):
        decision = engine.decide(one, clocks=clocks)
        event("contradiction" if decision.contradiction else "settled" if decision.settled else "unsettled")
        same(decision)


@given(scenarios())
def test_reasons_and_changes_are_those_of_trying_each(scenario: Any) -> None:
    stack, facts = scenario
    decision = check(engine_for(stack), facts)
    event(f"{min(len(decision.because.nearest_changes), 3)} changes, forced by {len(decision.because.facts)}")


@pytest.mark.parametrize("name", CORNERS)
def test_stacks_written_by_hand(name: str) -> None:
    engine = load(CORNERS[name])
    for facts in all_facts(CORNERS[name])[::9]:
        same(check(engine, facts))


@pytest.mark.parametrize(
    ("implications", "known"),
    [([({"a": True}, {"a": False})], {"a": False}), ([({"c": "two"}, {"c": "one"}), ({"c": "one"}, {"c": "three"})], {"c": "three"})],
)
def test_a_value_that_no_case_has_is_no_change(implications: list[Any], known: dict[str, Any]) -> None:
    """Neither of a fact with two values nor of one with more."""
    rules = {"r": {"when": {"n": {"above": 10}}, "outcome": "refer"}, "s": {"when": {"n": {"at_most": 10}}, "outcome": "review"}}
    facts = {"a": boolean(), "c": choice("one", "two", "three"), "n": integer()}
    engine = load([pack(0, facts, rules, {"outcome": "refer"}, implications=implications)])
    assert not check(engine, known).because.nearest_changes


@given(scenarios())
def test_what_shows_at_once_is_found_by_the_search(scenario: Any) -> None:
    """Every outcome and duty that a step between cases at hand shows to hang on a fact hangs on it, by the search alone."""
    stack, facts = scenario
    decision = engine_for(stack).decide(facts)
    assume(decision.contradiction is None)
    program, verdict = decision.program, decision.verdict
    inquiry = Inquiry(program, verdict)
    shown = Witnesses(program, verdict, inquiry.open)
    some = 0
    for i, block in enumerate(program.sayings.blocks):
        if not block & inquiry.open.several:
            continue
        if not block & inquiry.open.tied:
            assert inquiry.free_steps(block) == program.steps.steps_of(verdict.box, i)
        found = inquiry.removed(i, inquiry.possible)
        plainly = shown.outcomes(i, inquiry.possible)
        assert not plainly & ~found
        some += bool(plainly)
        if not found and shown.duties(i):
            assert inquiry.duties_on(i)
            some += 1
    event("something shows" if some else "nothing shows")


@given(scenarios(), st.data())
def test_what_never_hangs_on_a_fact_does_not_where_more_is_known(scenario: Any, data: st.DataObject) -> None:
    """What is found once for each Program is what the search finds for the case; so is what is remembered of duties that hang on few facts."""
    stack, facts = scenario
    engine = engine_for(stack)
    program = engine.program
    told = 0
    for known in (facts, data.draw(consistent_facts(stack)), data.draw(consistent_facts(stack)), {}):
        decision = engine.decide(known)
        if decision.contradiction is not None or not program.never.tells(decision.verdict):
            continue
        inquiry = Inquiry(program, decision.verdict)
        for i, block in enumerate(program.sayings.blocks):
            if block & inquiry.open.several:
                for _ in range(2):  # what is asked for the first time is not told
                    removed, changed = program.never.removed(i), program.never.changed(i)
                assert not inquiry.removed(i, inquiry.possible) & removed
                assert not (changed and inquiry.duties_on(i))
                if around := program.local.around[i]:
                    remembered = program.local.known.setdefault((i, decision.verdict.box & around), inquiry.duties_on(i))
                    assert remembered == inquiry.duties_on(i)
                told += 1
    event("told of some facts" if told else "told of none")
