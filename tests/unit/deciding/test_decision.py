"""Decisions in small: statuses and strengths, deadlines and clocks, routes, citations, warnings, bytes, and the safe side of an exhausted budget."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding_rules import Decision, Engine, FactsError
from safeguarding_rules.deciding import contradictions
from safeguarding_rules.worlds.space import BudgetExceededError, Space
from tests.unit.linking.test_over_all_cases import FACTS, some_test
from tests.unit.making import NUMBER, SCALE, YES_NO, Data, engine, pack

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2024, 6, 3, 10, 0, tzinfo=LONDON)


def gives(*actions: Data, when: Any = None, **more: Any) -> Data:
    return {"when": when or {"always": True}, "actions": list(actions)} | more


def duties(decision: Decision) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Map (action, direction) to modality, status and what is stronger."""
    return {
        (item.action, "not" if item.modality.endswith("_not") else ""): (item.modality, item.status, [(s.modality, s.status) for s in item.stronger])
        for item in decision.actions
    }


# ------------------------------------------------------------------------------------------------------- outcome and rules


def test_an_empty_case_of_a_small_pack() -> None:
    rules = {
        "r": {"when": {"a": True}, "outcome": "refer"},
        "s": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "police", "if_unknown": "presume_if_partly_met"},
        "t": {"when": {"always": True}, "outcome": "review"},
    }
    loaded = engine(pack(rules, facts="a b"))
    decision = loaded.decide({})
    assert (decision.outcome, decision.settled, decision.firm, decision.exact) == ("review", False, True, True)
    assert decision.possible_outcomes == ("review", "refer", "police")
    assert [rule.rule for rule in decision.rules.met] == ["top/t"]
    assert [rule.rule for rule in decision.rules.open] == ["top/s", "top/r"]
    decision = loaded.decide({"a": True})
    assert (decision.outcome, decision.settled, decision.firm) == ("police", False, False)
    assert [rule.rule for rule in decision.rules.presumed] == ["top/s"]
    assert [rule.rule for rule in decision.rules.met] == ["top/r", "top/t"]
    assert repr(loaded.decide({"a": True, "b": True})) == "<Decision police settled firm>"


def test_a_fact_that_does_not_apply_is_neither_asked_nor_counted() -> None:
    facts = {"a": YES_NO, "n": NUMBER | {"applies_when": {"a": True}}}
    loaded = engine(pack({"r": {"when": {"n": {"is_not": 3}}, "outcome": "refer"}}, facts=facts))
    decision = loaded.decide({"a": False})
    assert (decision.outcome, decision.settled, decision.questions) == ("refer", True, ())
    assert loaded.decide({"n": 3}).outcome == "manage"


# ------------------------------------------------------------------------------------------------------------------ duties


def test_statuses_and_strengths_of_one_action() -> None:
    rules = {
        "certain": gives({"may": "x"}),
        "open": gives({"must": "x"}, when={"a": True}),
        "presumed": gives({"should": "x"}, when={"b": True}, if_unknown="presume_met"),
    }
    loaded = engine(pack(rules, facts="a b", actions="x"))
    assert duties(loaded.decide({})) == {("x", ""): ("may", "applies", [("should", "presumed"), ("must", "depends")])}
    assert duties(loaded.decide({"a": False})) == {("x", ""): ("may", "applies", [("should", "presumed")])}
    assert duties(loaded.decide({"b": False})) == {("x", ""): ("may", "applies", [("must", "depends")])}
    assert duties(loaded.decide({"a": True})) == {("x", ""): ("must", "applies", [])}


def test_the_rules_behind_a_duty_and_what_it_hangs_on() -> None:
    rules = {"r": gives({"should": "x"}, when={"a": True}), "s": gives({"must": "x"}, when={"b": True}), "t": gives({"must": "y"}, when={"c": True})}
    loaded = engine(pack(rules, facts="a b c", actions="x y"))
    by_action = {item.action: item for item in loaded.decide({"a": True}).actions}
    assert (by_action["x"].rules, by_action["x"].depends_on) == (("top/r",), ("b",))
    assert (by_action["y"].status, by_action["y"].rules, by_action["y"].depends_on) == ("depends", ("top/t",), ("c",))
    (single,) = (item for item in loaded.decide({"a": True, "b": False}).actions if item.action == "x")
    assert single.depends_on == ()


def test_standing_duties_follow_the_outcome() -> None:
    standing: list[Data] = [
        {"always": True, "actions": [{"must": "x"}]},
        {"at_least": "refer", "actions": [{"must": "y"}]},
        {"when_outcome": "manage", "actions": [{"should": "z"}]},
    ]
    loaded = engine(pack({"r": {"when": {"a": True}, "outcome": "refer"}}, facts="a", actions="x y z", standing=standing))
    always: dict[tuple[str, str], tuple[Any, ...]] = {("x", ""): ("must", "applies", [])}
    assert duties(loaded.decide({"a": True})) == always | {("y", ""): ("must", "applies", [])}
    assert duties(loaded.decide({"a": False})) == always | {("z", ""): ("should", "applies", [])}
    assert duties(loaded.decide({})) == always | {("y", ""): ("must", "depends", []), ("z", ""): ("should", "depends", [])}
    rules = {item.action: item.rules for item in loaded.decide({"a": True}).actions}
    assert rules == {"x": ("top/standing/always",), "y": ("top/standing/at-least-refer",)}


def test_standing_duties_hang_on_the_facts_that_can_bring_their_outcome() -> None:
    standing: list[Data] = [
        {"at_least": "refer", "actions": [{"must": "x"}]},
        {"at_least": "review", "actions": [{"must": "y"}]},
        {"when_outcome": "manage", "actions": [{"should": "z"}]},
    ]
    rules = {"r": {"when": {"a": True}, "outcome": "refer"}, "s": {"when": {"b": True}, "outcome": "review"}}
    loaded = engine(pack(rules, facts="a b c", actions="x y z", standing=standing))
    told = {item.action: (item.status, item.rules, item.depends_on) for item in loaded.decide({}).actions}
    assert told == {
        "x": ("depends", ("top/standing/at-least-refer",), ("a",)),
        "y": ("presumed", ("top/standing/at-least-review",), ("a", "b")),  # the unsettled advice is a review
        "z": ("depends", ("top/standing/when-manage",), ("a", "b")),
    }


def test_a_rule_that_is_not_met_stands_behind_no_duty() -> None:
    rules = {"r": gives({"must": "x"}, when={"a": True}), "s": gives({"must": "x"}, when={"b": True})}
    (duty,) = engine(pack(rules, facts="a b", actions="x")).decide({"a": False}).actions
    assert (duty.status, duty.rules, duty.depends_on) == ("depends", ("top/s",), ("b",))


def test_what_when_unsettled_gives_is_presumed_and_goes_with_the_answer() -> None:
    loaded = engine(pack({"r": {"when": {"a": True}, "outcome": "refer"}}, facts="a", actions="x", unsettled={"actions": [{"should": "x"}]}))
    assert duties(loaded.decide({})) == {("x", ""): ("should", "presumed", [])}
    assert loaded.decide({}).actions[0].rules == ("top/when_unsettled",)
    assert duties(loaded.decide({"a": True})) == {}


def test_a_prohibition_outranks_a_may() -> None:
    rules = {"r": gives({"may": "x"}), "s": gives({"should_not": "x"}, when={"a": True})}
    loaded = engine(pack(rules, facts="a", actions="x"))
    assert duties(loaded.decide({"a": True})) == {("x", "not"): ("should_not", "applies", [])}
    assert duties(loaded.decide({"a": False})) == {("x", ""): ("may", "applies", [])}
    assert duties(loaded.decide({})) == {("x", ""): ("may", "depends", []), ("x", "not"): ("should_not", "depends", [])}


def test_a_may_that_is_outranked_in_every_case_is_not_presumed() -> None:
    rules = {"r": gives({"may": "x"}, when={"a": True}, if_unknown="presume_met"), "s": gives({"must_not": "x"}, when={"a": True})}
    assert duties(engine(pack(rules, facts="a", actions="x")).decide({})) == {("x", "not"): ("must_not", "depends", [])}


def test_the_same_action_of_two_people_is_two_duties() -> None:
    loaded = engine(pack({"r": gives({"must": "x"}, {"should_not": "x", "by": "setting"})}, facts="a", actions="x"))
    assert [(item.modality, item.by) for item in loaded.decide({}).actions] == [("must", "dsl"), ("should_not", "setting")]


# --------------------------------------------------------------------------------------------------------------- deadlines


def test_deadlines_of_merged_duties_are_all_kept_the_earliest_first() -> None:
    rules = {
        "r": gives({"must": "x", "within": "2 working days", "until": "They answer.", "note": "Call."}),
        "s": gives({"must": "x", "within": "PT24H", "from": "told"}),
        "t": gives({"should": "x", "within": "same_day", "note": "Write."}),
    }
    loaded = engine(pack(rules, facts="a", actions="x"))
    (duty,) = loaded.decide({}, clocks={"known": MONDAY, "told": MONDAY.replace(hour=9), "other": MONDAY}).actions
    assert [(d.within, d.from_, d.due) for d in duty.deadlines] == [
        ("same_day", "known", "2024-06-03T23:59:59+01:00"),
        ("PT24H", "told", "2024-06-04T09:00:00+01:00"),
        ("2 working days", "known", "2024-06-05T23:59:59+01:00"),
    ]
    assert duty.until == ("They answer.",)
    (unclocked,) = loaded.decide({}, clocks={"told": MONDAY}).actions
    assert [(d.within, d.due) for d in unclocked.deadlines] == [
        ("PT24H", "2024-06-04T10:00:00+01:00"),
        ("2 working days", None),
        ("same_day", None),
    ]


def test_a_clock_without_time_zone_is_refused_at_once() -> None:
    loaded = engine(pack({"r": gives({"must": "x", "within": "same_day"})}, facts="a", actions="x"))
    with pytest.raises(FactsError, match="time zone"):
        loaded.decide({}, clocks={"known": datetime(2024, 6, 3)})  # noqa: DTZ001


# ------------------------------------------------------------------------------------------------------------------ routes


def fits(condition: Any, case: dict[str, bool]) -> bool:
    ((key, inner),) = condition.items()
    if key in {"all", "any"}:
        return (all if key == "all" else any)(fits(one, case) for one in inner)
    return bool(key == "otherwise" or case[key] == inner)


@settings(max_examples=40)
@given(st.integers(0, 1 << 32))
def test_the_routes_are_the_entries_that_are_the_first_to_fit_in_some_case(seed: int) -> None:
    rnd = Random(seed)

    def one() -> Data:
        return {rnd.choice("abc"): rnd.choice([True, False])}

    entries: list[Data] = [{"when": rnd.choice([one(), {"all": [one(), one()]}, {"any": [one(), one()]}]), "name": f"E{i}"} for i in range(3)]
    entries = [entry | ({"emergency": True} if rnd.random() < 0.25 else {}) for entry in entries] + [{"otherwise": True, "name": "O"}]
    loaded = engine(pack({"r": gives({"must": "x"})}, facts="a b c", actions={"x": {"route": "p"}}, routes={"p": entries}))
    order = sorted(entries, key=lambda entry: not entry.get("emergency", False))
    for values in itertools.product([None, True, False], repeat=3):
        known = {name: value for name, value in zip("abc", values, strict=True) if value is not None}
        cases = [dict(zip("abc", case, strict=True)) | known for case in itertools.product([True, False], repeat=3)]
        first = [next(entry["name"] for entry in order if fits(entry.get("when", {"otherwise": True}), case)) for case in cases]
        expected = [e["name"] for e in order if e["name"] in first or (e.get("emergency") and any(fits(e["when"], case) for case in cases))]
        assert [route.name for route in loaded.decide(known).actions[0].routes] == expected


def test_a_route_says_when_it_is_the_one_and_how_to_reach_it() -> None:
    entries: list[Data] = [
        {"when": {"c": "y"}, "name": "Helpline", "phone": "0800", "web": "https://example.org", "hours": "9 to 5", "note": "Ask."},
        {"otherwise": True, "name": "Desk"},
    ]
    facts = {"c": {"type": "choice", "values": {"x": "An x", "y": "A y"}}}
    actions = {"x": {"route": "p"}, "y": {"route": "p"}}
    loaded = engine(pack({"r": gives({"must": "x"}, {"must_not": "y"})}, facts=facts, actions=actions, routes={"p": entries}))
    do, refrain = loaded.decide({}).actions
    assert [(route.name, route.when) for route in do.routes] == [("Helpline", "c: A y"), ("Desk", None)]
    assert refrain.routes == ()
    (route,) = loaded.decide({"c": "y"}).actions[0].routes
    assert (route.when, route.phone, route.web, route.hours, route.note) == (None, "0800", "https://example.org", "9 to 5", "Ask.")
    assert [(question.fact, question.only_route) for question in loaded.decide({}).questions] == [("c", True)]


# --------------------------------------------------------------------------------------------------- citations and warnings


def test_every_decision_cites_what_it_rests_on() -> None:
    rules = {
        "r": {"when": {"a": True}, "outcome": "refer"},
        "s": {"when": {"a": False}, "outcome": "refer"},
        "t": gives({"may": "x"}, when={"b": True}),
    }
    loaded = engine(pack(rules, facts="a b", actions="x", unsettled={"cite": ["TOP-wait"]}))
    assert loaded.decide({"a": True}).citations == ("TOP-r",)
    assert loaded.decide({"a": True, "b": True}).citations == ("TOP-r", "TOP-t")
    assert set(loaded.decide({}).citations) == {"TOP-r", "TOP-s"}  # neither holds for certain, one of them does
    loaded = engine(pack({"r": rules["r"]}, facts="a", unsettled={"cite": ["TOP-wait"]}))
    assert loaded.decide({}).citations == ("TOP-0", "TOP-wait")
    assert loaded.decide({"a": False}).citations == ("TOP-0",)


def warned(decision: Decision) -> list[str]:
    return [warning.code for warning in decision.warnings]


QUIET: Data = {"status": "in_force", "sign_off": {"by": "The board"}}
PLAIN: Data = {"r": {"when": {"a": True}, "outcome": "refer"}}


def test_a_pack_in_order_gives_no_warning() -> None:
    assert warned(engine(pack(PLAIN, facts="a", **QUIET)).decide({})) == []


def test_facts_that_contradict_are_named_and_decided_on_the_safe_side() -> None:
    rules = PLAIN | {"s": {"when": {"b": True}, "outcome": "police", "actions": [{"must": "x"}]}}
    loaded = engine(pack(rules, facts="a b c", actions="x", implications=[({"a": True}, {"b": False})], **QUIET))
    decision = loaded.decide({"a": True, "b": True, "c": None})
    (warning,) = decision.warnings
    assert (warning.code, warning.facts) == ("SR810", ("a", "b"))
    assert (decision.outcome, decision.settled, decision.firm, decision.exact) == ("police", False, False, True)
    assert decision.possible_outcomes == ("refer", "police")
    assert duties(decision) == {("x", ""): ("must", "presumed", [])}
    assert decision.rules.met == ()
    assert {rule.rule for rule in decision.rules.presumed} == {"top/r", "top/s"}
    assert [question.fact for question in decision.questions] == ["a", "b"]
    assert decision.because.facts == ("a", "b")
    assert loaded.decide({"a": True, "b": True, "c": True}).outcome == "police"
    mild = engine(pack(PLAIN, facts="a b", implications=[({"a": False}, {"b": False})], **QUIET))
    assert mild.decide({"a": False, "b": True}).outcome == "refer"


def test_contradicting_facts_never_get_the_mildest_advice() -> None:
    loaded = engine(pack(PLAIN, facts="a b", implications=[({"a": False}, {"b": False})], unsettled={"outcome": "police"}, **QUIET))
    assert loaded.decide({"a": False, "b": True}).outcome == "police"


def test_unconfirmed_statements_are_named() -> None:
    loaded = engine(pack(PLAIN, facts="a", statements={"TOP-r": {"checked": "recalled"}}, **QUIET))
    (warning,) = loaded.decide({"a": True}).warnings
    assert (warning.code, warning.statements) == ("SR811", ("TOP-r",))
    assert warned(loaded.decide({"a": False})) == []


def test_a_draft_and_a_review_that_is_due_are_said() -> None:
    assert warned(engine(pack(PLAIN, facts="a")).decide({})) == ["SR812"]
    low = pack(name="low", above="top", review_by="2024-05-01")
    for day, codes in (("2024-04-30", ["SR812"]), ("2024-05-01", ["SR812", "SR815"])):
        decision = engine(pack(PLAIN, facts="a", **QUIET), low, on=day).decide({})
        assert warned(decision) == codes
        assert all("`low` 1" in warning.message for warning in decision.warnings)


def test_a_version_outside_its_days_is_said() -> None:
    one = pack(PLAIN, facts="a", in_force={"from": "2024-01-01", "until": "2024-06-01"}, **QUIET)
    assert warned(engine(one, on="2024-05-31").decide({})) == []
    for day in ("2023-12-31", "2024-06-01"):
        loaded = engine(one, on=day)
        decision = loaded.decide({})
        assert warned(decision) == ["SR818"]
        assert decision.warnings[0].message == f"`top` 1 is not in force on {day}: it is in force from 2024-01-01 until 2024-06-01 (not included)"
        assert "as in force on" not in str(loaded.explain(decision))


def test_what_a_duty_hangs_on_and_rests_on() -> None:
    rules = {"r": gives({"should": "x"}, when={"all": [{"a": True}, {"any": [{"b": True}, {"c": True}]}]})}
    loaded = engine(pack(rules, facts="a b c", actions="x", **QUIET))
    assert [(one.depends_on, one.citations) for one in loaded.decide({}).actions] == [(("a", "b", "c"), ("TOP-r",))]
    assert [one.depends_on for one in loaded.decide({"c": True}).actions] == [("a",)]
    assert [one.depends_on for one in loaded.decide({"a": True}).actions] == [("b", "c")]


def test_duties_that_only_contradicting_facts_bring_together_are_said() -> None:
    rules = {"r": gives({"must": "x"}, when={"a": True}), "s": gives({"must_not": "x"}, when={"b": True})}
    loaded = engine(pack(rules, facts="a b", actions="x", implications=[({"a": True}, {"b": False})], **QUIET))
    assert warned(loaded.decide({"a": True, "b": True})) == ["SR810", "SR813"]


# ------------------------------------------------------------------------------------------------------------ safe bounds


def uncertain_engine(rnd: Random) -> Engine:
    """Facts that lean on each other in ways that take searching."""
    facts = FACTS | {"b": YES_NO, "d": {"type": "choice", "values": ["p", "q", "r"]}}

    def test() -> Data:
        return rnd.choice(
            [some_test(rnd), some_test(rnd), {"b": rnd.choice([True, False])}, {"d": rnd.choice(["p", {"is_not": "q"}, {"one_of": ["q", "r"]}])}]
        )

    rules: Data = {}
    for name in ("p", "q", "r"):
        rules[name] = {"when": {"all": [test(), test()]}, "if_unknown": rnd.choice(["ask", "presume_met", "presume_if_partly_met"])}
        rules[name] |= {"outcome": rnd.choice(SCALE[1:]), "actions": [{rnd.choice(["must", "should"]): "x"}]}
        rules[name] |= {"unless": test()} if rnd.random() < 0.3 else {}
    implications = [({"b": True}, {"any": [test(), test()]}), (test(), test()), ({"d": "r"}, {"c": "x"})]
    return engine(pack(rules, facts=facts, actions="x", implications=implications))


def test_where_the_search_is_cut_short_the_most_protective_outcome_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {
        "r": {"when": {"any": [{"a": True}, {"b": True}]}, "outcome": "police"},
        "s": {"when": {"all": [{"a": False}, {"b": False}]}, "outcome": "police"},
    }
    loaded = engine(pack(rules, facts="a b"))
    decision = loaded.decide({})
    assert (decision.outcome, decision.settled, decision.exact) == ("police", True, True)

    def gives_up(*_: object, **__: object) -> int:
        raise BudgetExceededError

    monkeypatch.setattr(Space, "find", gives_up)
    decision = loaded.decide({})
    assert (decision.outcome, decision.settled, decision.exact) == ("police", False, False)
    assert decision.possible_outcomes[0] != "police"


def test_an_exhausted_budget_says_so_and_stays_on_the_safe_side(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Space.find
    inexact = 0
    for seed in range(60):
        rnd = Random(seed)
        try:
            loaded = uncertain_engine(rnd)
        except Exception:  # noqa: BLE001, S112  some of them exclude every case
            continue
        for _ in range(5):
            known = {
                name: rnd.choice(list(values)) for name, values in {"a": [True, False], "n": range(21), "b": [True]}.items() if rnd.random() < 0.4
            }
            exact = loaded.decide(known)
            if exact.contradiction:
                continue
            stops = Random(seed)

            def find(space: Space, box: int, forbidding: Any = (), budget: int = 0, stops: Random = stops) -> int:
                del budget
                if stops.random() < 0.5:
                    raise BudgetExceededError
                return real(space, box, forbidding)

            with monkeypatch.context() as patched:
                patched.setattr(Space, "find", find)
                bounds = loaded.decide(known)
            if not bounds.exact:
                inexact += 1
                assert_safe(bounds, exact)
            else:
                assert (bounds.outcome, bounds.possible_outcomes, duties(bounds)) == (exact.outcome, exact.possible_outcomes, duties(exact))
    assert inexact > 50


def test_contradicting_facts_whose_parts_could_not_be_searched_to_the_end_are_not_called_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {
        "r": {"when": {"any": [{"b": True}, {"c": True}]}, "outcome": "police"},
        "s": {"when": {"all": [{"b": False}, {"c": False}]}, "outcome": "police"},
    }
    loaded = engine(pack(rules, facts={"a": YES_NO, "b": YES_NO, "c": YES_NO, "n": NUMBER | {"applies_when": {"a": True}}}))
    facts = {"a": False, "n": 3}
    exact = loaded.decide(facts)
    assert (exact.contradiction is not None, exact.exact, exact.possible_outcomes) == (True, True, ("police",))
    real = Space.find

    def gives_up(space: Space, box: int, forbidding: Any = (), budget: int = 0) -> int:
        del budget
        if forbidding:
            raise BudgetExceededError
        return real(space, box, forbidding)

    monkeypatch.setattr(Space, "find", gives_up)
    bounds = loaded.decide(facts)
    assert (bounds.contradiction is not None, bounds.exact, bounds.settled, bounds.outcome) == (True, False, False, "police")
    assert "SR814" in warned(bounds)


def test_where_not_every_consistent_part_is_looked_at_the_most_protective_possible_outcome_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of two facts excludes a third, and that one alone says what police have to be told of."""
    yes = [{name: True} for name in "abc"]
    implications = [(yes[0], {"b": False}), (yes[2], {"b": False}), (yes[1], {"n": {"at_least": 10}})]
    rules = {"r": {"when": {"n": {"at_least": 10}}, "outcome": "police", "actions": [{"must": "x"}]}, "s": gives({"must": "y"}, when={"n": 3})}
    loaded = engine(pack(rules, facts={**dict.fromkeys("abc", YES_NO), "n": NUMBER}, implications=implications, actions="x y"))
    facts = dict.fromkeys("abc", True)
    exact = loaded.decide(facts)
    assert (exact.contradiction is not None, exact.exact, exact.outcome) == (True, True, "police")
    monkeypatch.setattr(contradictions, "PART_LIMIT", 1)
    bounds = loaded.decide(facts)
    assert (bounds.exact, bounds.settled, bounds.outcome) == (False, False, "police")
    for decision in (exact, bounds):  # who must tell the police stands beside the advice to
        assert {item.action: (item.modality, item.status) for item in decision.actions} == {"x": ("must", "presumed"), "y": ("must", "depends")}
        assert [rule.rule for rule in decision.rules.presumed] == ["top/r"]
    assert "SR814" in warned(bounds)


def assert_safe(bounds: Decision, exact: Decision) -> None:
    rank = SCALE.index
    assert not bounds.settled
    assert set(exact.possible_outcomes) <= set(bounds.possible_outcomes)
    assert rank(bounds.outcome) >= min(rank("review"), rank(exact.possible_outcomes[-1]))
    assert not bounds.firm or rank(bounds.outcome) <= rank(exact.possible_outcomes[0])
    assert {rule.rule for rule in bounds.rules.met} <= {rule.rule for rule in exact.rules.met}
    assert "SR814" in warned(bounds)
    strength = {"may": 1, "should": 2, "must": 3}
    certain = {item.action: strength[item.modality] for item in exact.actions if item.status == "applies"}
    assert all(strength[item.modality] <= certain.get(item.action, 0) for item in bounds.actions if item.status == "applies")
    assert {item.action for item in exact.actions} <= {item.action for item in bounds.actions}


# ------------------------------------------------------------------------------------------------------------------- bytes


def test_the_same_facts_in_any_order_give_the_same_bytes() -> None:
    facts = FACTS | {"b": YES_NO, "m": {"type": "choices", "values": ["p", "q", "r"]}}
    rules = {"r": {"when": {"all": [{"a": True}, {"m": {"includes": "q"}}]}, "outcome": "refer"}, "s": {"when": {"b": True}, "outcome": "police"}}
    loaded, again = (engine(pack(rules, facts=facts)) for _ in range(2))
    one: Data = {"a": True, "n": {"one_of": [9, 3, 5]}, "c": {"none_of": ["z", "x"]}, "m": ["r", "q"], "b": None}
    other: Data = {"m": ("q", "r"), "c": {"none_of": ["x", "z"]}, "n": {"one_of": (3, 5, 9)}, "a": True}
    first, second = loaded.decide(one), again.decide(other)
    assert first.model_dump_json() == second.model_dump_json()
    assert first == second
    assert hash(first) == hash(second)
    assert first.facts == {"a": True, "n": {"one_of": [3, 5, 9]}, "c": {"none_of": ["x", "z"]}, "m": ["q", "r"]}
    assert json.loads(first.model_dump_json()) == first.model_dump()
    assert first != loaded.decide({})
    assert first != "refer"


def test_later_changes_of_the_callers_facts_change_no_decision() -> None:
    facts = {"a": True}
    decision = engine(pack(PLAIN, facts="a")).decide(facts)
    facts["a"] = False
    assert decision.facts == {"a": True}
    assert decision.outcome == "refer"


def test_what_a_reader_does_with_the_facts_of_a_decision_changes_nothing_of_it() -> None:
    facts = FACTS | {"m": {"type": "choices", "values": ["p", "q", "r"]}}
    loaded = engine(pack({"r": {"when": {"any": [{"a": True}, {"m": {"includes": "q"}}]}, "outcome": "refer"}}, facts=facts))
    decision, alike = (loaded.decide({"n": {"one_of": [9, 3, 5]}, "m": ["r", "q"]}) for _ in range(2))
    decision.facts["a"] = True
    decision.facts["n"]["one_of"].append(4)
    decision.facts["m"].append("p")
    assert decision.model_dump_json() == alike.model_dump_json()


def test_the_document_names_packs_fingerprint_and_day() -> None:
    decision = engine(pack(PLAIN, facts="a"), pack(name="low", above="top"), on="2024-03-01").decide({})
    data = decision.model_dump()
    assert data["on"] == "2024-03-01"
    assert [(stamp["pack"], stamp["version"]) for stamp in data["policy"]["packs"]] == [("top", "1"), ("low", "1")]
    assert all(stamp["digest"].startswith("sha256:") for stamp in data["policy"]["packs"])
    assert data["policy"]["fingerprint"] == decision.program.fingerprint
    assert decision.on == date(2024, 3, 1)


def test_what_is_asked_for_while_facts_are_missing_stands_under_the_pack_that_states_it() -> None:
    rules = {"r": {"when": {"a": True}, "outcome": "refer"}}
    top = pack(rules, facts="a", actions="x y z", unsettled={"because": "One.", "actions": [{"should": "x"}, {"should": "z"}]})
    low = pack(name="low", above="top", unsettled={"outcome": "review", "because": "Two.", "actions": [{"must": "y"}, {"must": "z"}]})
    loaded = engine(top, low)
    decision = loaded.decide({})
    stated = {one.action: (one.rules, one.citations) for one in decision.actions}
    assert stated == {
        "x": (("top/when_unsettled",), ("TOP-0",)),
        "y": (("low/when_unsettled",), ("LOW-0",)),
        "z": (("top/when_unsettled", "low/when_unsettled"), ("TOP-0", "LOW-0")),
    }
    explanation = loaded.explain(decision)
    assert [(one.id, one.because, one.statements) for one in explanation.grounds if one.kind == "when_unsettled"] == [
        ("top/when_unsettled", "One.", ("TOP-0",)),
        ("low/when_unsettled", "Two.", ("LOW-0",)),
    ]
    assert [(one.ground, one.modality) for duty in explanation.duties if duty.action == "z" for one in duty.given] == [
        ("top/when_unsettled", "should"),
        ("low/when_unsettled", "must"),
    ]
    assert "One. Two." in str(explanation)
