"""Obligations: known ones of small rules, and what is reachable and fulfilled against trying every case."""

from __future__ import annotations

import random

import pytest

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.testing.coverage_bench import bench_of
from safeguarding_rules.testing.coverage_full import reaches, term_sum
from safeguarding_rules.testing.coverage_obligations import obligations_of
from tests.unit.testing.small import every_case, holds, policy_of, rules


def test_an_all_of_two_tests_owes_each_test_both_ways() -> None:
    policy = policy_of({"r": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"}})
    words = [one.words for one in obligations_of(policy, "top")]
    assert words == [
        "`top/r` is met because `a: true` holds",
        "`top/r` is not met because `a: true` does not hold",
        "`top/r` is met because `b: true` holds",
        "`top/r` is not met because `b: true` does not hold",
    ]


@pytest.mark.parametrize(
    ("test", "sides"),
    [
        ({"below": 3}, {(2, True), (3, False)}),
        ({"at_least": 3}, {(2, False), (3, True)}),
        ({"at_most": 3}, {(3, True), (4, False)}),
        ({"above": 3}, {(3, False), (4, True)}),
        (3, {(2, False), (3, True), (4, False)}),
    ],
)
def test_a_number_owes_both_its_sides(test: object, sides: set[tuple[int, bool]]) -> None:
    policy = policy_of({"r": {"when": {"n": test}, "outcome": "refer"}})
    bench = bench_of(policy)
    reachable = [(one.at, one.met) for one in obligations_of(policy, "top") if one.kind == "edge" and reaches(bench, term_sum(bench, one))]
    assert set(reachable) == sides


def test_what_an_exception_makes_impossible_is_proved_unreachable() -> None:
    policy = policy_of({"r": {"when": {"a": True}, "unless": {"any": [{"b": True}, {"b": False}]}, "outcome": "refer"}})
    bench = bench_of(policy)
    assert not any(reaches(bench, term_sum(bench, one)) for one in obligations_of(policy, "top") if one.met)


def test_a_partial_case_fulfils_what_it_settles() -> None:
    policy = policy_of({"r": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"}})
    bench = bench_of(policy)
    needed = {one.words: term_sum(bench, one) for one in obligations_of(policy, "top")}
    box = bench.knowledge.read({"a": True, "b": True})
    assert [words for words, one in needed.items() if one and one.holds(box)] == [
        "`top/r` is met because `a: true` holds",
        "`top/r` is met because `b: true` holds",
    ]
    assert not any(one and one.holds(bench.knowledge.read({"a": False})) for one in needed.values())


@pytest.mark.parametrize("seed", range(60))
def test_against_trying_every_case(seed: int) -> None:
    try:
        policy = policy_of(rules(random.Random(seed)))
    except PackError:
        pytest.skip("not a pack that can be linked")
    bench = bench_of(policy)
    whole = {rule.id: holds_of(rule) for rule in policy.rules}
    owed = list(obligations_of(policy, "top"))
    for one in owed:
        condition, needed = whole[one.rule], term_sum(bench, one)
        assert needed is not None
        reachable = False
        for case in every_case():
            decides = holds(condition, case, (one.test, True)) != holds(condition, case, (one.test, False))
            fulfils = decides and holds(one.test, case) == one.holds and holds(condition, case) == one.met and one.at in (None, case[one.test.fact])
            assert needed.holds(bench.knowledge.read(case)) == fulfils
            reachable = reachable or fulfils
        assert bool(reaches(bench, needed)) == reachable
    for condition in whole.values():
        assert holds(condition, {"a": True, "b": True, "c": True, "n": 0}) in (True, False)
