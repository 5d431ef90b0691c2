"""Every row of a table is decided as the engine decides it alone, and as the reference does: every column of the answers."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("polars")
pytest.importorskip("narwhals")
pytest.importorskip("pyarrow")
import polars as pl

from safeguarding_rules import Engine
from safeguarding_rules.tabular import batches, satisfying
from safeguarding_rules.tabular.circuits import TRUE
from safeguarding_rules.tabular.decide_table import decide_table
from tests.properties.engines import describe, engine_for
from tests.properties.strategies import SMALL, any_facts, stacks
from tests.properties.tables import answers_of, expected_of, forgotten, judged_of, plain, random_facts, table_of
from tests.reference.cases import complete_cases
from tests.reference.interpreter import decide

STACKS = {"ukcis@2020.12": date(2022, 1, 1), "ukcis@2024.3": date(2025, 1, 1), "kscmp@2023.4": date(2023, 9, 1), "kscmp@2024.9": date(2025, 1, 1)}


@pytest.mark.parametrize("unknown", [0, 0.3, 0.6, 1])
@pytest.mark.parametrize("pack", STACKS)
def test_rows_by_shipped_packs(pack: str, unknown: float) -> None:
    """Rows that contradict themselves included."""
    engine = Engine.load(pack, on=STACKS[pack])
    chance = random.Random(f"{pack} {unknown}")
    cases = [forgotten(chance, random_facts(chance, engine, wild), unknown) for wild in [0] * 120 + [1] * 40 + [3] * 20]
    found = decide_table(engine, table_of(engine.program, cases), lists=True)
    contradicting = 0
    for facts, row in zip(cases, found.rows(named=True), strict=True):
        decision = engine.decide(facts)
        assert answers_of(row) == expected_of(decision), facts
        contradicting += decision.contradiction is not None
    assert contradicting == found["contradicts"].sum()
    assert 0 < contradicting < 70 or unknown > 0.5  # both kinds of rows were there


@given(st.data())
@settings(max_examples=120)
def test_rows_by_generated_stacks(data: st.DataObject) -> None:
    """Values, lists and what contradicts, against the reference."""
    stack = data.draw(stacks())
    engine = engine_for(stack)
    policy, complete = complete_cases(stack)
    chance = random.Random(data.draw(st.integers(0, 1 << 30)))
    cases = [forgotten(chance, plain(chance.choice(complete)), share) for share in (0, 0.2, 0.4, 0.4, 0.6, 0.8, 1)]
    drawn = data.draw(any_facts(stack))
    cases.append({name: value for name, value in drawn.items() if not isinstance(value, list | dict) or "only" in value})
    for facts, row in zip(cases, decide_table(engine, table_of(engine.program, cases), lists=True).rows(named=True), strict=True):
        expected = judged_of(decide(stack, facts), policy.scale)
        assert answers_of(row) == expected, describe(stack, facts, expected, answers_of(row))
        assert expected_of(engine.decide(facts)) == expected


@given(st.data())
@settings(max_examples=40)
def test_every_complete_case_and_what_is_left_of_it(data: st.DataObject) -> None:
    """A small stack: all its complete cases, each also without each of its facts."""
    stack = data.draw(stacks(SMALL))
    engine = engine_for(stack)
    cases: list[Any] = []
    for case in complete_cases(stack)[1][:30]:
        facts = plain(case)
        cases += [facts, *({name: value for name, value in facts.items() if name != gone} for gone in facts)]
    for facts, row in zip(cases, decide_table(engine, table_of(engine.program, cases), lists=True).rows(named=True), strict=True):
        assert answers_of(row) == expected_of(engine.decide(facts)), describe(stack, facts, "engine", "table")


def decided_by(decider: batches.BatchDecider, engine: Engine, table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as one decider decides them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("safeguarding_rules.tabular.decide_table.decider_for", lambda *_: decider)
        return decide_table(engine, table, lists=True).rows(named=True)


@given(st.data())
@settings(max_examples=60)
def test_questions_too_intricate_for_circuits_are_decided_row_by_row(data: st.DataObject) -> None:
    """Where the budget allows no question about several terms, bounds decide most rows, and the others are decided apart: the same answers."""
    stack = data.draw(stacks())
    engine = engine_for(stack)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(satisfying, "WHOLE_BUDGET", 0)
        decider = batches.BatchDecider(engine.program, batches.Wanted(lists=True))
    check(decider, engine, stack, data)


def test_questions_too_intricate_for_circuits_on_a_shipped_pack() -> None:
    engine = Engine.load("kscmp@2024.9", on=date(2025, 1, 1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(satisfying, "WHOLE_BUDGET", 0)
        decider = batches.BatchDecider(engine.program, batches.Wanted(lists=True))
    assert decider.plan is not None
    assert decider.plan.decided not in {decider.plan.decided_lists, TRUE}
    chance = random.Random(3)
    cases = [forgotten(chance, random_facts(chance, engine, wild=0), share) for share in (0, 0.3, 0.6, 0.9) for _ in range(40)]
    for facts, row in zip(cases, decided_by(decider, engine, table_of(engine.program, cases)), strict=True):
        assert answers_of(row) == expected_of(engine.decide(facts)), facts


@given(st.data())
@settings(max_examples=20)
def test_a_policy_too_intricate_for_circuits_is_decided_row_by_row(data: st.DataObject) -> None:
    """The same answers without circuits."""

    def refused(_: object) -> None:
        raise satisfying.TooIntricateError

    stack = data.draw(stacks())
    engine = engine_for(stack)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batches, "plan_of", refused)
        decider = batches.BatchDecider(engine.program, batches.Wanted(lists=True))
    assert decider.plan is None
    check(decider, engine, stack, data)


def check(decider: batches.BatchDecider, engine: Engine, stack: Any, data: st.DataObject) -> None:
    chance = random.Random(data.draw(st.integers(0, 1 << 30)))
    complete = complete_cases(stack)[1]
    cases = [forgotten(chance, plain(chance.choice(complete)), share) for share in (0, 0.3, 0.5, 0.6, 0.9)]
    for facts, row in zip(cases, decided_by(decider, engine, table_of(engine.program, cases)), strict=True):
        assert answers_of(row) == expected_of(engine.decide(facts)), describe(stack, facts, "engine", "table")
