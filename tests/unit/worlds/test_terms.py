"""Conditions as sums of terms against every case of a small space, one by one; and boxes in words."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safeguarding_rules.language.conditions import All, Always, AnyOf, Not, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.worlds.build import build_space
from safeguarding_rules.worlds.sums import sum_in
from safeguarding_rules.worlds.terms import TERM_LIMIT, TooManyTermsError, absorbed, clauses_of, product, sum_of
from safeguarding_rules.worlds.wording import facts_of, in_words
from tests.unit.worlds.spaces import World, closed_box, condition_over, holds, world_of

RANDOM = st.randoms(use_true_random=True)
MANY = settings(max_examples=400)


def asked_world(rnd: Random) -> World:
    """A world that was built for a condition: the last of its conditions."""
    world = world_of(rnd, 4)
    world.conditions.append(condition_over(world.facts, rnd, 3))
    return world


@MANY
@given(RANDOM)
def test_the_terms_of_a_condition_cover_exactly_the_cases_in_which_it_holds(rnd: Random) -> None:
    world = asked_world(rnd)
    condition = world.conditions[-1]
    holding, failing = (sum_of(world.space, condition, holds=wanted) for wanted in (True, False))
    clauses = clauses_of(world.space, condition)
    for case in world.value_maps():
        box, wanted = world.box_of(case), holds(condition, case)
        assert any(box & term == box for term in holding) == wanted
        assert any(box & term == box for term in failing) == (not wanted)
        assert all(box & clause.bits for clause in clauses) == wanted


@MANY
@given(RANDOM)
def test_a_sum_holds_where_the_condition_does(rnd: Random) -> None:
    world = asked_world(rnd)
    found = sum_in(world.space, world.conditions[-1])
    assert len(found.boxes) == len(found.fails)
    assert all(world.space.close(box) == box for box in found.boxes)
    for case in world.cases:
        box = world.box_of(case)
        assert found.holds(box) == holds(world.conditions[-1], case) == any(box & term == box for term in found.boxes)


@MANY
@given(RANDOM)
def test_no_condition_splits_a_cell(rnd: Random) -> None:
    world = asked_world(rnd)
    answers: dict[int, list[bool]] = {}
    for case in world.value_maps():
        answer = [holds(condition, case) for condition in world.conditions]
        assert answers.setdefault(world.box_of(case), answer) == answer


@MANY
@given(st.lists(st.integers(1, 255), max_size=12), st.lists(st.integers(1, 255), max_size=6))
def test_absorbed_terms_cover_the_same_and_none_lies_in_another(terms: list[int], more: list[int]) -> None:
    kept = absorbed(terms)
    assert all(any(term & other == term for other in kept) for term in terms)
    assert set(kept) <= set(terms)
    assert not any(one & other == one for one in kept for other in kept if one != other)
    assert kept == [term for term in dict.fromkeys(terms) if term in kept]
    space = build_space([FactSpec(f"f{i}", "choice", ("a", "b", "c")) for i in range(2)], [], [])
    one, other = ([term & space.full for term in some if space.some(term & space.full)] for some in (terms, more))
    covered = {box for box in range(space.full + 1) if box & space.full == box and space.some(box) and space.complete(box)}
    together = product(space, [one, other])
    for case in covered:
        both = any(case & term == case for term in one) and any(case & term == case for term in other)
        assert any(case & term == case for term in together) == both


def test_what_always_and_never_holds() -> None:
    space = build_space([FactSpec("a", "boolean"), FactSpec("n", "integer", low=0, high=9)], [], [])
    assert sum_of(space, Always()) == [space.full]
    assert sum_of(space, Not(Always())) == []
    assert sum_of(space, Test("n", "below", 0)) == []
    assert sum_of(space, All(())) == [space.full]
    assert sum_of(space, AnyOf(())) == []


def test_an_intricate_condition_is_refused_before_it_runs_away() -> None:
    facts = [FactSpec(f"f{i}", "boolean") for i in range(300)]
    tests = [Test(fact.name, "is", True) for fact in facts]
    space = build_space(facts, [], [])
    pairs = AnyOf(tuple(All((tests[2 * i], tests[2 * i + 1])) for i in range(13)))
    assert len(sum_of(space, pairs)) == 13
    for intricate in (Not(pairs), All(tuple(AnyOf(tuple(tests[100 * i : 100 * i + 100])) for i in range(3)))):
        with pytest.raises(TooManyTermsError):
            sum_of(space, intricate)
    with pytest.raises(TooManyTermsError):
        absorbed(list(range(1, TERM_LIMIT + 2)))


# ------------------------------------------------------------------------------------------------------------------ in words


@MANY
@given(RANDOM)
def test_the_facts_of_a_box_say_nothing_that_a_case_of_it_denies(rnd: Random) -> None:
    world = world_of(rnd, 4)
    box = closed_box(world, rnd)
    assume(box)
    said = facts_of(world.space, box)
    for case in world.cases:
        if world.box_of(case) & box != world.box_of(case):
            continue
        for name, known in said.items():
            spec = world.space.specs[name]
            if isinstance(known, list):
                assert all(case[name, member] for member in known)
                continue
            value = case[name, None]
            if value is NOT_APPLICABLE:
                continue
            cell = world.space.cell_of(world.space.variable_of(name), value)
            op: Any
            operand: Any
            ((op, operand),) = known.items() if isinstance(known, dict) else [("is", known)]
            if spec.type == "integer" and op == "is":
                assert cell == world.space.cell_of(world.space.variable_of(name), operand)  # the least number stands for its cell
            else:
                assert holds(Test(name, op, tuple(operand) if isinstance(operand, list) else operand), case)


def test_a_case_in_words() -> None:
    facts = [
        FactSpec("adult", "boolean"),
        FactSpec("age", "integer", low=0, high=17),
        FactSpec("origin", "choice", ("child", "adult", "unknown")),
        FactSpec("motives", "choices", ("money", "pressure")),
        FactSpec("recipients", "integer", low=0, high=99, tied=Test("adult", "is", True)),
    ]
    cuts = [Test("age", "below", 13), Test("age", "at_least", 16)]
    space = build_space(facts, [], [(cut, 1) for cut in cuts])
    conditions = All(
        (
            Test("adult", "is", True),
            Test("age", "below", 13),
            Test("origin", "one_of", ("child", "adult")),
            Test("motives", "includes", "money"),
        )
    )
    (box,) = sum_in(space, conditions).boxes
    assert facts_of(space, box) == {"adult": True, "age": 0, "origin": {"one_of": ["child", "adult"]}, "motives": ["money"]}
    assert in_words(space, box) == "adult: true, age: 0, origin: one of child, adult, motives: includes money"
    assert in_words(space, space.start) == "any case"
    (younger,) = sum_in(space, Not(cuts[1])).boxes
    assert facts_of(space, younger) == {"age": {"at_most": 15}}
    assert in_words(space, younger) == "age: at most 15"
    (older,) = sum_in(space, Not(cuts[0])).boxes
    assert facts_of(space, older) == {"age": {"at_least": 13}}
    assert facts_of(space, older, older) == {}
