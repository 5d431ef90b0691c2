"""Which facts share a screen, by the shipped packs, and which comes first."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding_rules.engine import Engine
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.relevance import TOGETHER
from safeguarding_rules.interview.settling import Settled, Settling
from safeguarding_rules.interview.state import State, Step


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("kscmp", on=date(2026, 11, 22))


def rank(engine: Engine, outcome: str) -> int:
    return [one.name for one in engine.program.policy.outcomes].index(outcome)


def names(step: Step) -> list[str]:
    return [info.spec.name for info in step.facts]


def test_the_first_screen_asks_what_is_gravest_whatever_its_topic(engine: Engine) -> None:
    step = Interview(engine.decide).step(State())
    assert names(step)[0] == "immediate_danger"
    assert len(step.facts) == TOGETHER
    assert {"adult_involved", "financial_demand", "contact_offence_disclosed", "evidence_needed_by_police"} <= set(names(step))  # U10
    assert len({info.group for info in step.facts}) > 1
    assert step.waited_for


def test_what_one_answer_brings_about(engine: Engine) -> None:
    settling = Settling(engine.decide({"contains_imagery": True}))
    infos = {info.spec.name: info for info in engine.program.policy.facts}
    danger = settling.best(infos["immediate_danger"])
    assert danger is not None
    assert danger.rank == rank(engine, "emergency")
    adult = settling.best(infos["adult_involved"])
    assert adult is not None
    assert adult.rank == rank(engine, "refer_police")
    assert settling.best(infos["depicts_sexual_act"]) is None  # by itself it is no trigger
    assert settling.best(infos["high_distress"]) is None
    assert Settled(4, 1) > Settled(3, 9)


def test_the_answer_waited_for_is_the_one_that_rules_need(engine: Engine) -> None:
    settling = Settling(engine.decide({}))
    infos = {info.spec.name: info for info in engine.program.policy.facts}
    assert all(settling.waits_for(infos[name]) for name in ("adult_involved", "doubts_remain", "reckless_sharing"))
    assert not any(settling.waits_for(infos[name]) for name in ("dsl_has_enough_information", "further_review_completed", "reported_to_dsl"))


def test_screens_wait_for_one_answer_and_none_of_it_is_answered_by_the_rest(engine: Engine) -> None:
    interview = Interview(engine.decide)
    state, screens = State(), 0
    while (step := interview.step(state)).kind != "end":
        if step.kind == "offer":
            state = interview.gone_on(state, step)
            continue
        settling = Settling(step.decision)
        if step.kind == "together":
            screens += 1
            assert {settling.waits_for(info) for info in step.facts} == {step.waited_for}
            assert len(step.facts) <= TOGETHER
            for info in step.facts:
                known = engine.decide({**state.facts, info.spec.name: not step.waited_for})
                others = [one for one in step.facts if one is not info]
                assert not any(engine.decide({**known.facts, one.spec.name: step.waited_for}).contradiction for one in others)
        usual = dict.fromkeys(names(step), not step.waited_for if step.kind == "together" else None)
        state = interview.answered(state, step, usual)
    assert screens > 3


def test_an_offer_to_stop_names_what_could_still_raise_the_outcome(engine: Engine) -> None:
    interview = Interview(engine.decide)
    state = State()
    step = interview.step(state)
    state = interview.answered(state, step, {"adult_involved": True})
    offer = interview.step(state)
    assert (offer.kind, [info.spec.name for info in offer.raising]) == ("offer", ["immediate_danger"])
    unknown = interview.answered(state, offer, {"immediate_danger": None})
    assert interview.step(unknown).raising == ()  # it is not asked again


def test_every_yes_or_no_fact_of_the_packs_has_a_line_of_its_own(engine: Engine) -> None:
    lines = {info.spec.name: info.short for info in engine.program.policy.facts if info.spec.type == "boolean"}
    assert all(lines.values()), [name for name, line in lines.items() if not line]
    assert len(set(lines.values())) == len(lines)
