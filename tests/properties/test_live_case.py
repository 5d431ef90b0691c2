"""Live cases: durable-rules against the compiled engine after every event, and the two clocks against a list filter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from safeguarding_rules.casework.case import LiveCase, open_case
from safeguarding_rules.casework.knowledge import known_facts
from safeguarding_rules.diagnostics import CaseError
from safeguarding_rules.engine import Engine
from safeguarding_rules.testing.strategies import facts
from tests.properties.engines import engine_for
from tests.properties.strategies import stacks
from tests.unit import making

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
WHO = "a lead"


class Clock:
    """A clock that moves a minute with each look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


class FollowedCase(RuleBasedStateMachine):
    """Facts come, are corrected and withdrawn, contradictions included."""

    case: LiveCase
    engine: Engine

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        pytest.importorskip("durable.engine", exc_type=ImportError)  # Python 3.13 cannot load it
        self.engine = engine_for(data.draw(stacks()))
        self.case = open_case(self.engine, "a", clock=Clock(), verify=True)
        self.agree(self.case.open("a concern", who=WHO))

    def agree(self, step: Any) -> None:
        assert step.problem is None, step.problem

    @rule(data=st.data())
    def learn(self, data: st.DataObject) -> None:
        for fact, value in data.draw(facts(self.engine)).items():
            if value is None:
                continue
            try:
                self.agree(self.case.learn(fact, value, who=WHO))
            except CaseError:
                self.agree(self.case.correct(fact, value, who=WHO))

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        known = sorted(known_facts(self.case.events, self.case.events[-1].recorded_at))
        if known:
            self.agree(self.case.withdraw(data.draw(st.sampled_from(known)), who=WHO))

    def teardown(self) -> None:
        if hasattr(self, "case"):
            self.case.close_engine()


SHARE = settings().max_examples  # 80 in the quick profile, 2,000 in the long one
FollowedCase.TestCase.settings = settings(max_examples=SHARE // 2 if SHARE < 100 else SHARE, stateful_step_count=6)
TestDurableRulesAgrees = FollowedCase.TestCase


# -- two clocks -------------------------------------------------------------------------------------------------------------------


VALUES = {"a": st.booleans(), "b": st.integers(0, 20)}
HISTORY = st.lists(
    st.tuples(st.sampled_from(["learn", "correct", "withdraw"]), st.sampled_from(sorted(VALUES)), st.integers(0, 30), st.integers(0, 20)), max_size=12
)


def naive(written: list[tuple[int, int, str, object]], known_at: int, recorded_by: int) -> dict[str, object]:
    """The oracle: filter the list by both times, sort it by them, let the last word on each fact stand."""
    seen = [one for one in written if one[0] <= known_at and one[1] <= recorded_by]
    last = {fact: value for _, _, fact, value in sorted(seen, key=lambda one: one[:2])}
    return {fact: value for fact, value in last.items() if value is not None}


@given(HISTORY, st.integers(0, 60), st.integers(0, 60))
def test_two_clocks_are_a_list_filter(history: list[tuple[str, str, int, int]], known_at: int, recorded_by: int) -> None:
    now = [0]
    case = open_case(_engine(), "a", clock=lambda: START + timedelta(minutes=now[0]))
    case.open("a concern", who=WHO)
    written: list[tuple[int, int, str, object]] = []
    records = []
    for number, (kind, fact, known, value) in enumerate(history):
        now[0] = 30 + number
        stated: object = value if fact == "b" else value % 2 == 0
        at = START + timedelta(minutes=known)
        try:
            if kind == "withdraw":
                case.withdraw(fact, who=WHO, known_at=at)
                stated = None
            elif kind == "correct":
                case.correct(fact, stated, who=WHO, known_at=at)
            else:
                case.learn(fact, stated, who=WHO, known_at=at)
        except CaseError:
            continue
        written.append((known, now[0], fact, stated))
        record = case.record(who=WHO)
        records.append((record, record.canonical()))
    expected = naive(written, known_at, recorded_by)
    as_of = {"known_at": START + timedelta(minutes=known_at), "recorded_by": START + timedelta(minutes=recorded_by)}
    found = case.decision_as_of(**as_of, policy_on=START.date())
    assert found.facts == expected
    assert found == _engine().decide(expected, on=START.date())
    assert case.decision.facts == naive(written, 1000, 1000)
    assert all(kept is record and record.canonical() == bytes_ for kept, (record, bytes_) in zip(case.records, records, strict=True))


@cache
def _engine() -> Engine:
    """Two facts and a rule on each."""
    rules = {
        "one": {"when": {"a": True}, "outcome": "refer"},
        "two": {"when": {"b": {"at_least": 10}}, "outcome": "police"},
    }
    return making.engine(making.pack(rules, facts={"a": making.YES_NO, "b": making.NUMBER}))
