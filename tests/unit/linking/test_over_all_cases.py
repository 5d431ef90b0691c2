"""What linking says about all cases, against the reference that looks at every one: rules that never hold, tables, duties in conflict."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from safeguarding_rules.linking.link import check
from tests.reference.cases import complete_cases, holds, rule_holds
from tests.reference.interpreter import RANK, Entry, decide
from tests.unit.making import NUMBER, SCALE, YES_NO, Data, codes, pack, read

SEEDS = st.integers(0, 1 << 32)
FACTS: Data = {"a": YES_NO, "n": NUMBER | {"applies_when": {"a": True}}, "c": {"type": "choice", "values": ["x", "y", "z"]}}


def some_test(rnd: Random) -> Data:
    number = rnd.randint(5, 8)
    tests: list[Data] = [
        {"a": rnd.choice([True, False])},
        {"n": rnd.choice([{"below": number}, {"at_least": number}, number, {"is_not": number}, {"none_of": [5, 6]}])},
        {"c": rnd.choice(["x", {"is_not": "y"}, {"one_of": ["x", "z"]}])},
    ]
    return rnd.choice(tests)


def some_condition(rnd: Random, depth: int = 2) -> Data:
    shape = rnd.choice(["test", "all", "any", "not"]) if depth else "test"
    if shape == "test":
        return some_test(rnd)
    if shape == "not":
        return {"not": some_condition(rnd, depth - 1)}
    return {shape: [some_condition(rnd, depth - 1) for _ in range(rnd.randint(1, 3))]}


@settings(max_examples=60)
@given(SEEDS)
def test_a_rule_that_can_never_hold_is_one_that_holds_in_no_case(seed: int) -> None:
    rnd = Random(seed)
    rules: Data = {}
    for name in ("p", "q"):
        rules[name] = {"when": {"all": [some_condition(rnd), some_condition(rnd)]}, "outcome": "refer"}
        if rnd.random() < 0.4:
            rules[name]["unless"] = some_condition(rnd)
    implications = [(some_test(rnd), some_test(rnd)) for _ in range(rnd.randint(0, 2))]
    data = pack(rules, facts=FACTS, implications=implications)
    policy, cases = complete_cases([data])
    found = check(read(data))[1]
    if not cases:
        assert [one.code for one in found] == ["SR508"]
        return
    never = {name for name, rule in policy.rules.items() if not any(rule_holds(policy, rule, case) for case in cases)}
    event(f"{len(never)} never")
    assert {one.message.split("`")[1] for one in found if one.code == "SR601"} == never
    assert {one.code for one in found} <= {"SR601"}


@settings(max_examples=60)
@given(SEEDS)
def test_gaps_and_disagreeing_rows_are_those_that_some_case_shows(seed: int) -> None:
    rnd = Random(seed)
    rows: list[Data] = []
    for number in range(rnd.randint(2, 4)):
        cells = {
            "a": rnd.choice([True, False, "-", "-"]),
            "n": rnd.choice(["below 6", "at least 6", "5..8", "not 7", "-"]),
            "c": rnd.choice(["x", "y | z", "-"]),
        }
        rows.append({"row": f"row-{number}", **cells, "outcome": rnd.choice(SCALE[1:3])})
    table: Data = {"title": "T", "facts": ["a", "n", "c"], "rows": rows, "complete": True}
    if rnd.random() < 0.4:
        table["given"] = some_test(rnd)
    if rnd.random() < 0.3:
        table["unless"] = some_test(rnd)
    data = pack(facts=FACTS, tables={"t": table})
    policy, cases = complete_cases([data])
    meant = [
        case
        for case in cases
        if holds(policy, 0, table.get("given", {"always": True}), case) and not ("unless" in table and holds(policy, 0, table["unless"], case))
    ]
    fitting = {name: [case for case in cases if rule_holds(policy, rule, case)] for name, rule in policy.rules.items()}
    gap = any(all(case not in found for found in fitting.values()) for case in meant)
    disagreeing = {
        (one, other)
        for one, other in itertools.combinations(fitting, 2)
        if policy.rules[one].outcome != policy.rules[other].outcome and any(case in fitting[other] for case in fitting[one])
    }
    found = check(read(data))[1]
    event(f"{'gap' if gap else 'no gap'}, {min(1, len(disagreeing))} disagreeing")
    assert ("SR611" in {one.code for one in found}) == gap
    assert {(one.message.split("`")[1], one.message.split("`")[3]) for one in found if one.code == "SR612"} == disagreeing


# ------------------------------------------------------------------------------------------------------------------ conflicts


def opposed_pack(rnd: Random, *, unsettled: bool) -> Data:
    def one() -> Data:
        return {rnd.choice("abc"): rnd.choice([True, True, False])}

    def condition() -> Data:
        return rnd.choice([one(), {"all": [one(), one()]}, {"any": [one(), one()]}, {"not": {"all": [one(), one()]}}])

    rules: Data = {}
    for name in ("p", "q", "r")[: rnd.randint(1, 3)]:
        if_unknown = rnd.choice(["ask", "presume_met", "presume_if_partly_met"])
        rule: Data = {"when": {"all": [one(), one()]} if if_unknown == "presume_if_partly_met" else condition(), "if_unknown": if_unknown}
        rule |= {key: condition() for key, chance in (("unless", 0.25), ("given", 0.2)) if rnd.random() < chance}
        if rnd.random() < 0.6:
            rule["outcome"] = rnd.choice(SCALE[1:])
        if "outcome" not in rule or rnd.random() < 0.7:
            rule["actions"] = [{rnd.choice(["must", "should", "must_not", "should_not", "may"]): "x"}]
        rules[name] = rule
    standing = [{"at_least": rnd.choice(SCALE[1:]), "actions": [{rnd.choice(["must", "must_not"]): "x"}]}] if rnd.random() < 0.4 else []
    if rnd.random() < 0.2:
        standing.append({"when_outcome": "manage", "actions": [{rnd.choice(["must", "must_not"]): "x"}]})
    waiting: Data = {"outcome": rnd.choice(SCALE[1:])} | ({"actions": [{rnd.choice(["should", "must_not"]): "x"}]} if unsettled else {})
    implications = [({"a": True}, {"b": rnd.choice([True, False])})] if rnd.random() < 0.2 else []
    return pack(rules, facts="a b c", actions="x", standing=standing, unsettled=waiting, implications=implications)


def stands(entry: Entry | None) -> bool:
    if entry is None:
        return False
    return (entry.status != "depends" and RANK[entry.modality] > 1) or any(status == "presumed" and RANK[more] > 1 for status, more in entry.stronger)


def conflicting(data: Data) -> bool:
    """Whether some known facts give or presume both a duty and its opposite."""
    for values in itertools.product([None, True, False], repeat=3):
        answer = decide([data], dict(zip("abc", values, strict=True)))
        if not answer.contradiction and all(stands(answer.actions.get(("x", "dsl", side))) for side in ("positive", "negative")):
            return True
    return False


@settings(max_examples=120)
@given(SEEDS)
def test_duties_conflict_where_some_facts_known_or_not_bring_both(seed: int) -> None:
    data = opposed_pack(Random(seed), unsettled=False)
    conflict = conflicting(data)
    event("conflict" if conflict else "none")
    assert ("SR605" in codes(data)) == conflict


@settings(max_examples=50)
@given(SEEDS)
def test_no_conflict_is_invented_where_when_unsettled_gives_duties(seed: int) -> None:
    data = opposed_pack(Random(seed), unsettled=True)
    if "SR605" in codes(data):
        assert conflicting(data)


def opposed(**parts: Any) -> list[str]:
    return codes(pack(**({"facts": "a b", "actions": {"x": {}, "y": {}, "z": {"contradicts": ["y"]}}} | parts)))


UNSETTLED: Data = {"outcome": "review", "actions": [{"must": "x"}]}
MAYBE: Data = {"when": {"a": True}, "outcome": "refer"}


def test_duties_of_when_unsettled_conflict_with_what_stands_beside_them() -> None:
    forbids = {"when": {"b": True}, "actions": [{"must_not": "x"}]}
    assert opposed(rules={"r": MAYBE, "s": forbids}, unsettled=UNSETTLED) == ["SR605"]
    assert opposed(rules={"r": MAYBE | {"actions": [{"must_not": "x"}]}}, unsettled=UNSETTLED) == []  # where it is met, the outcome is settled
    presumed = MAYBE | {"actions": [{"must_not": "x"}], "if_unknown": "presume_met"}
    assert opposed(rules={"r": presumed}, unsettled=UNSETTLED) == ["SR605"]
    standing = [{"always": True, "actions": [{"should_not": "x"}]}]
    assert opposed(rules={"r": MAYBE}, unsettled=UNSETTLED, standing=standing) == ["SR605"]
    assert opposed(rules={"r": MAYBE | {"when": {"always": True}}}, unsettled=UNSETTLED, standing=standing) == []  # nothing is ever unsettled
    first = [{"when_outcome": "manage", "actions": [{"must_not": "x"}]}]
    assert opposed(rules={"r": MAYBE}, unsettled=UNSETTLED, standing=first) == []


def test_a_standing_duty_is_presumed_up_to_the_advice() -> None:
    limbs: Data = {"if_unknown": "presume_if_partly_met", "actions": [{"must_not": "x"}]}
    rules: Data = {
        "r": {"when": {"all": [{"a": True}, {"b": True}]}} | limbs,
        "s": {"when": {"all": [{"a": True}, {"b": False}]}, "outcome": "refer"},
    }
    standing = [{"at_least": "refer", "actions": [{"must": "x"}]}]
    assert opposed(rules=rules, standing=standing, unsettled={"outcome": "refer"}) == ["SR605"]
    assert opposed(rules=rules, standing=standing, unsettled={"outcome": "review"}) == []
    lifting = rules | {"s": rules["s"] | {"if_unknown": "presume_if_partly_met"}}
    assert opposed(rules=lifting, standing=standing, unsettled={"outcome": "review"}) == ["SR605"]


def test_contradicting_actions_of_one_person() -> None:
    demands = {"when": {"a": True}, "actions": [{"must": "y"}]}
    assert opposed(rules={"r": demands, "s": {"when": {"b": True}, "actions": [{"should": "z"}]}}) == ["SR606"]
    assert opposed(rules={"r": demands, "s": {"when": {"b": True}, "actions": [{"should": "z", "by": "headteacher"}]}}) == []
    assert opposed(rules={"r": demands, "s": {"when": {"b": True}, "actions": [{"may": "z"}]}}) == []
    assert opposed(rules={"r": demands, "s": {"when": {"a": False}, "actions": [{"must": "z"}]}}) == []
    assert opposed(rules={"r": demands, "s": {"when": {"b": True}, "unless": {"a": True}, "actions": [{"must": "z"}]}}) == []
    both = {"when": {"a": True}, "actions": [{"must": "y"}, {"must": "z"}]}
    assert opposed(rules={"r": both}) == ["SR606"]


def test_a_duty_may_be_forbidden_where_it_is_only_allowed_and_by_an_exception() -> None:
    demands = {"when": {"a": True}, "actions": [{"must": "x"}]}
    forbids = {"when": {"b": True}, "actions": [{"must_not": "x"}]}
    assert opposed(rules={"r": demands | {"actions": [{"may": "x"}]}, "s": forbids}) == []
    assert opposed(rules={"r": demands, "s": forbids | {"unless": {"a": True}}}) == []
    assert opposed(rules={"r": demands, "s": forbids | {"actions": [{"must_not": "x", "by": "setting"}]}}) == []
    assert opposed(rules={"r": demands, "s": forbids}) == ["SR605"]
    assert opposed(rules={"r": demands, "s": forbids}, implications=[({"a": True}, {"b": False})]) == []
