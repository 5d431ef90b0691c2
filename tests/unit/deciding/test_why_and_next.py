"""Why the outcome is what it is, what else would give another, and what is worth asking: small examples, and against every case."""

from __future__ import annotations

import itertools
import pickle
from copy import deepcopy
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding_rules import Decision
from safeguarding_rules.deciding.document import DecisionDocument
from tests.reference.cases import agreeing_cases, complete_cases
from tests.reference.interpreter import decide as decided
from tests.reference.interpreter import questions as asked_by_reference
from tests.unit.making import NUMBER, SCALE, Data, engine, pack

AB: Data = {"r": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"}}


def asked(decision: Decision) -> list[tuple[str, list[str]]]:
    return [(question.fact, list(question.could_become)) for question in decision.questions]


# --------------------------------------------------------------------------------------------------------------- questions


def test_the_most_telling_question_comes_first_and_none_without_need() -> None:
    rules = AB | {"s": {"when": {"c": True}, "outcome": "police"}, "t": {"when": {"d": True}, "actions": [{"may": "x"}]}}
    loaded = engine(pack(rules, facts="a b c d e", actions="x"))
    assert [fact for fact, _ in asked(loaded.decide({}))] == ["c", "a", "b", "d"]
    assert asked(loaded.decide({}))[0] == ("c", ["manage", "refer", "police"])
    assert [fact for fact, _ in asked(loaded.decide({"c": True}))] == ["d"]
    assert [fact for fact, _ in asked(loaded.decide({"a": False, "c": False}))] == ["d"]
    assert asked(loaded.decide({"a": True, "c": False})) == [("b", ["manage", "refer"]), ("d", [])]
    assert asked(loaded.decide({"a": True, "b": True, "c": False, "d": False})) == []


def test_questions_carry_what_a_form_needs() -> None:
    facts = {"a": {"type": "boolean", "question": "Is it so?", "help": "It counts.", "group": "people"}, "b": {"type": "boolean"}}
    first, second = engine(pack(AB, facts=facts)).decide({}).questions
    assert (first.ask, first.help, first.group) == ("Is it so?", "It counts.", "people")
    assert (second.ask, second.help, second.group, second.only_route) == ("Is b so?", None, None, False)


def test_a_question_whose_answer_only_chooses_a_route_comes_last() -> None:
    routes: Any = {"p": [{"when": {"office": True}, "name": "Desk"}, {"otherwise": True, "name": "Duty officer"}]}
    rules = {"r": {"when": {"z": True}, "outcome": "refer", "actions": [{"must": "x"}]}}
    loaded = engine(pack(rules, facts="office z", actions={"x": {"route": "p"}}, routes=routes))
    assert [(question.fact, question.only_route) for question in loaded.decide({}).questions] == [("z", False), ("office", True)]
    assert [(question.fact, question.only_route) for question in loaded.decide({"z": True}).questions] == [("office", True)]
    assert loaded.decide({"z": False}).questions == ()


def test_a_fact_that_no_longer_chooses_a_route_is_not_asked() -> None:
    """Neither where an earlier entry fits for certain, nor for what must not be done."""
    entries = [{"when": {"away": True}, "name": "There"}, {"when": {"office": True}, "name": "Desk"}, {"otherwise": True, "name": "Duty officer"}]
    actions = {"x": {"route": "p"}, "y": {"route": "q"}}
    routes: Any = {"p": entries, "q": [{"when": {"z": True}, "name": "Nobody"}, {"otherwise": True, "name": "Nobody else"}]}
    rules: Any = {"r": {"when": {"always": True}, "actions": [{"must": "x"}, {"must_not": "y"}]}}
    loaded = engine(pack(rules, facts="away office z", actions=actions, routes=routes))
    assert [question.fact for question in loaded.decide({}).questions] == ["away", "office"]
    assert [question.fact for question in loaded.decide({"office": True}).questions] == ["away"]
    assert loaded.decide({"away": True}).questions == ()


def test_an_emergency_entry_is_asked_for_beside_whoever_is_the_one() -> None:
    entries = [{"when": {"z": True}, "name": "Desk"}, {"when": {"danger": True}, "name": "999", "emergency": True}, {"otherwise": True, "name": "D"}]
    rules: Any = {"r": {"when": {"always": True}, "actions": [{"must": "x"}]}}
    loaded = engine(pack(rules, facts="danger z", actions={"x": {"route": "p"}}, routes={"p": entries}))
    assert [question.fact for question in loaded.decide({"z": True}).questions] == ["danger"]
    assert loaded.decide({"danger": True}).questions == ()


def test_a_fact_known_in_part_is_asked_while_the_rest_matters() -> None:
    loaded = engine(pack({"r": {"when": {"n": {"below": 13}}, "outcome": "refer"}}, facts={"n": NUMBER}))
    assert [fact for fact, _ in asked(loaded.decide({"n": {"at_least": 5}}))] == ["n"]
    assert asked(loaded.decide({"n": {"at_least": 13}})) == []
    assert asked(loaded.decide({"n": {"at_most": 12}})) == []


def test_rules_that_only_together_leave_nothing_milder_are_named_and_none_besides() -> None:
    rules: Data = {
        "r": {"when": {"a": True}, "outcome": "refer"},
        "s": {"when": {"a": False}, "outcome": "refer"},
        "t": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer", "actions": [{"must": "x"}]},
        "u": {"when": {"b": True}, "outcome": "police"},
    }
    because = engine(pack(rules, facts="a b", actions="x")).decide({"b": False}).because
    assert (because.facts, [rule.split("/")[1] for rule in because.rules]) == ((), ["r", "s"])


def random_pack(rnd: Random) -> Data:
    facts = {"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"type": "choice", "values": ["x", "y", "z"]}}
    if rnd.random() < 0.4:
        facts["b"] = {"type": "boolean", "applies_when": {"a": True}}

    def one() -> Data:
        return rnd.choice([{"a": rnd.choice([True, False])}, {"b": rnd.choice([True, False])}, {"c": rnd.choice(["x", {"is_not": "y"}])}])

    rules: Data = {}
    for name in ("p", "q", "r"):
        rules[name] = {"when": rnd.choice([one(), {"all": [one(), one()]}, {"any": [one(), one()]}])}
        rules[name] |= {"outcome": rnd.choice(SCALE[1:])} if rnd.random() < 0.7 else {}
        rules[name] |= {"actions": [{rnd.choice(["may", "should", "must"]): "x"}]} if "outcome" not in rules[name] or rnd.random() < 0.4 else {}
    implications = [(one(), one())] if rnd.random() < 0.4 else []
    return pack(rules, facts=facts, actions="x", implications=implications)


def known_facts(rnd: Random) -> Data:
    values: Data = {"a": [True, False], "b": [True, False], "c": ["x", "y", "z", {"is_not": "x"}]}
    return {name: rnd.choice(options) for name, options in values.items() if rnd.random() < 0.5}


@settings(max_examples=100)
@given(st.integers(0, 1 << 32))
def test_what_is_asked_is_what_some_answer_changes(seed: int) -> None:
    rnd = Random(seed)
    data, facts = random_pack(rnd), known_facts(rnd)
    if not complete_cases([data])[1]:
        return
    decision = engine(data).decide(facts)
    if decision.contradiction is None:
        expected = [(name, sorted(outcomes, key=SCALE.index)) for name, outcomes in asked_by_reference([data], facts)]
        assert asked(decision) == expected


# ----------------------------------------------------------------------------------------------------------------- reasons


def test_the_smallest_set_of_facts_and_the_rules_that_force_the_outcome() -> None:
    rules = AB | {"s": {"when": {"c": True}, "outcome": "refer"}, "t": {"when": {"d": True}, "outcome": "review"}}
    loaded = engine(pack(rules, facts="a b c d"))
    because = loaded.decide({"a": True, "b": True, "d": True}).because
    assert (because.facts, because.rules) == (("a", "b"), ("top/r",))
    because = loaded.decide({"a": True, "b": True, "c": True, "d": True}).because
    assert (because.facts, because.rules) == (("c",), ("top/s",))
    because = loaded.decide({"a": False}).because
    assert (because.facts, because.rules) == ((), ())


def test_rules_that_only_together_leave_no_milder_case_are_all_named() -> None:
    rules = {"r": {"when": {"a": True}, "outcome": "refer"}, "s": {"when": {"a": False}, "outcome": "police"}}
    because = engine(pack(rules, facts="a")).decide({}).because
    assert (because.facts, because.rules) == ((), ("top/r", "top/s"))


def test_the_nearest_changes_are_single_facts_with_the_advice_they_give() -> None:
    loaded = engine(
        pack(AB | {"s": {"when": {"n": {"below": 13}}, "outcome": "police"}}, facts={"a": {"type": "boolean"}, "b": {"type": "boolean"}, "n": NUMBER})
    )
    changes = loaded.decide({"a": True, "b": True, "n": 15}).because.nearest_changes
    assert [(change.change, change.outcome) for change in changes] == [({"a": False}, "manage"), ({"b": False}, "manage"), ({"n": 12}, "police")]
    changes = loaded.decide({"a": False, "b": True, "n": 3}).because.nearest_changes
    assert [(change.change, change.outcome) for change in changes] == [({"n": 13}, "manage")]


@settings(max_examples=100)
@given(st.integers(0, 1 << 32))
def test_the_reasons_force_the_outcome_and_nothing_smaller_does(seed: int) -> None:
    rnd = Random(seed)
    data, facts = random_pack(rnd), known_facts(rnd)
    cases = complete_cases([data])[1]
    if not agreeing_cases(cases, facts):
        return
    decision = engine(data).decide(facts)

    def least(known: Data) -> int:
        return min(SCALE.index(outcome) for outcome in decided([data], known).possible_outcomes)

    wanted = least(facts)
    because = decision.because
    assert least({name: facts[name] for name in because.facts}) == wanted
    if wanted:
        assert because.rules
        sizes = [
            len(some)
            for size in range(len(facts) + 1)
            for some in itertools.combinations(facts, size)
            if least({n: facts[n] for n in some}) >= wanted
        ]
        assert len(because.facts) == min(sizes)
    else:
        assert (because.facts, because.rules) == ((), ())
    for change in because.nearest_changes:
        ((name, value),) = change.change.items()
        assert name in facts
        assert decided([data], facts | {name: value}).outcome == change.outcome != decision.outcome


def changes_of(decision: Decision) -> list[tuple[Any, str]]:
    return [(dict(one.change), one.outcome) for one in decision.because.nearest_changes]


def test_three_changes_are_told_for_an_outcome() -> None:
    rules = {name: {"when": {name: True}, "outcome": "refer"} for name in "abcde"} | {"f": {"when": {"f": True}, "outcome": "police"}}
    decision = engine(pack(rules, facts="a b c d e f")).decide(dict.fromkeys("abcdef", False))
    assert changes_of(decision) == [({"a": True}, "refer"), ({"b": True}, "refer"), ({"c": True}, "refer"), ({"f": True}, "police")]


def test_of_a_number_the_nearest_that_gives_the_outcome_is_told() -> None:
    rules: dict[str, Data] = {"r": {"when": {"n": {"below": 12}}, "outcome": "refer"}, "s": {"when": {"n": {"below": 3}}, "actions": [{"may": "x"}]}}
    loaded = engine(pack(rules, facts={"n": NUMBER}, actions="x"))
    assert changes_of(loaded.decide({"n": 15})) == [({"n": 11}, "refer")]
    rules = {"r": {"when": {"n": {"above": 5}}, "outcome": "refer"}, "s": {"when": {"n": {"above": 12}}, "actions": [{"may": "x"}]}}
    loaded = engine(pack(rules, facts={"n": NUMBER}, actions="x"))
    assert changes_of(loaded.decide({"n": 2})) == [({"n": 6}, "refer")]


def test_a_change_that_makes_a_rule_partly_met_gives_what_is_presumed() -> None:
    rules = {"r": {"when": {"all": [{"a": True}, {"b": True}]}, "if_unknown": "presume_if_partly_met", "outcome": "refer"}}
    decision = engine(pack(rules, facts="a b")).decide({"a": False})
    assert (decision.outcome, changes_of(decision)) == ("manage", [({"a": True}, "refer")])


def test_a_change_cannot_be_changed_by_its_reader_and_because_has_a_hash() -> None:
    decision = engine(pack({"one": {"when": {"a": True}, "outcome": "refer"}}, facts="a")).decide({"a": True})
    text, (nearest,) = decision.model_dump_json(), decision.because.nearest_changes
    assert (nearest.change, nearest.outcome) == ({"a": False}, "manage")
    change: Any = nearest.change
    attempts: list[tuple[str, tuple[object, ...]]] = [
        *(("__setitem__", ("a", True)), ("__delitem__", ("a",)), ("__ior__", ({"b": True},)), ("update", ({"b": True},))),
        *(("setdefault", ("b", True)), ("pop", ("a",)), ("popitem", ()), ("clear", ())),
    ]
    for method, arguments in attempts:
        with pytest.raises(TypeError, match="cannot be changed"):
            getattr(change, method)(*arguments)
    assert change == {"a": False}
    again = DecisionDocument.model_validate_json(text)
    assert again == decision.document
    assert again.model_dump_json(by_alias=True) == text
    for other in (again.because, pickle.loads(pickle.dumps(decision.because)), deepcopy(decision.because)):  # noqa: S301  our own bytes
        assert (other, hash(other)) == (decision.because, hash(decision.because))
        with pytest.raises(TypeError, match="cannot be changed"):
            cast(Any, other.nearest_changes[0].change)["a"] = True
    assert dict(change) | {"b": True} == {"a": False, "b": True}
