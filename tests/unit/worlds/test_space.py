"""Boxes against every case of a small space, one by one: closing, meeting, tightening, finding."""

from __future__ import annotations

import functools
import operator
from random import Random
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from safeguarding_rules.language.conditions import AnyOf, Condition, Not, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.worlds.build import build_space
from safeguarding_rules.worlds.space import BudgetExceededError
from tests.unit.worlds.spaces import World, box_of_cells, closed_box, world_of

RANDOM = st.randoms(use_true_random=True)
MANY = settings(max_examples=400)


@MANY
@given(RANDOM)
def test_the_constraints_allow_exactly_the_cases_of_the_policy(rnd: Random) -> None:
    world = world_of(rnd, 4)
    space = world.space
    event("wide" if space.wide else "narrow")
    event("loose" if space.loose else "tight")
    found = {0}
    for variable in space.variables:
        cells = [1 << (variable.offset + i) for i in range(len(variable.cells))]
        found = {box | cell for box in found for cell in cells}
    assert {case for case in found if space.possible(case)} == world.boxes
    assert all(space.complete(case) for case in world.boxes)
    assert space.start == space.close(space.full)


@MANY
@given(RANDOM)
def test_closing_removes_cells_that_no_case_has_and_no_others(rnd: Random) -> None:
    world = world_of(rnd, 4)
    space = world.space
    box = box_of_cells(world, rnd)
    closed = space.close(box)
    assert closed & box == closed
    assert world.inside(closed) == world.inside(box)
    assert space.close(closed) == closed
    assert closed == 0 or space.some(closed)


@MANY
@given(RANDOM)
def test_the_lowest_case_of_a_closed_box_satisfies_every_tight_constraint(rnd: Random) -> None:
    world = world_of(rnd)
    space = world.space
    box = closed_box(world, rnd)
    assume(box)
    lowest = space.lowest(box)
    assert space.complete(lowest)
    assert lowest & box == lowest
    assert all(lowest & clause.bits for clause in space.clauses if clause.bits not in space.loose)
    assert space.loose or space.possible(lowest)


@MANY
@given(RANDOM)
def test_meeting_two_closed_boxes_is_closing_their_intersection(rnd: Random) -> None:
    world = world_of(rnd)
    one, other = closed_box(world, rnd), closed_box(world, rnd)
    assume(one and other)
    assert world.space.meet(one, other) == world.space.close(one & other)


@MANY
@given(RANDOM)
def test_tightening_is_closing_the_intersection_of_closed_boxes(rnd: Random) -> None:
    world = world_of(rnd)
    boxes = [closed_box(world, rnd) for _ in range(rnd.randint(1, 4))]
    assume(all(boxes))
    together = functools.reduce(operator.and_, boxes)
    assert world.space.tighten(together) == world.space.close(together)


@MANY
@given(RANDOM)
def test_blocks_of_which_one_value_is_known_need_no_second_look(rnd: Random) -> None:
    world = world_of(rnd)
    space = world.space
    unsure, together = space.guards, space.start
    for variable in rnd.sample(space.variables, rnd.randint(1, len(space.variables))):
        known = 1 << (variable.offset + rnd.randrange(len(variable.cells)))
        together &= space.narrowing(known, variable.block)
        unsure &= ~(1 << (variable.offset + len(variable.cells)))
    assert space.tighten(together, unsure) == space.close(together)


@MANY
@given(RANDOM)
def test_finding_a_case_outside_some_terms(rnd: Random) -> None:
    world = world_of(rnd, 4)
    space = world.space
    box = closed_box(world, rnd)
    assume(box)
    forbidding = [space.full & rnd.getrandbits(space.full.bit_length()) & rnd.getrandbits(space.full.bit_length()) for _ in range(rnd.randint(0, 4))]
    wanted = {case for case in world.inside(box) if all(case & bits for bits in forbidding)}
    found = space.find(box, forbidding)
    event("found" if found else "none")
    assert found in wanted if wanted else found == 0


@MANY
@given(RANDOM)
def test_a_narrowing_is_closed_and_the_same_every_time(rnd: Random) -> None:
    space = world_of(rnd).space
    variable = rnd.choice(space.variables)
    bits = rnd.randint(1, (1 << len(variable.cells)) - 1) << variable.offset
    expected = space.close(space.full & (bits | ~variable.block))
    assert space.narrowing(bits, variable.block) == expected == space.narrowing(bits, variable.block)


def test_no_more_narrowings_are_remembered_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice of many values has a narrowing for each set of them, and who asks chooses the sets."""
    space = build_space([FactSpec("x", "choice", tuple("abcdefgh"))], [], [])
    most = len(space.narrowings) + 3
    monkeypatch.setattr("safeguarding_rules.worlds.space.MEMO_LIMIT", most)
    variable = space.variable_of("x")
    for bits in range(1, 1 << len(variable.cells)):
        assert space.narrowing(bits << variable.offset, variable.block) == bits << variable.offset
    assert len(space.narrowings) == most


@MANY
@given(RANDOM)
def test_a_number_lies_in_the_cell_whose_range_holds_it(rnd: Random) -> None:
    space = world_of(rnd).space
    variable = rnd.choice(space.variables)
    spec = space.specs[variable.fact]
    outside: Any = {"boolean": [0, 1, "true"], "choices": [0, 1], "choice": ["d", True, 1], "integer": [-1, spec.high + 1, "1"]}[spec.type]
    if spec.tied is None or spec.type in {"boolean", "choices"}:
        outside.append(NOT_APPLICABLE)
    assert [space.cell_of(variable, value) for value in outside] == [None] * len(outside)
    if spec.type == "integer":
        for number in range(spec.low, spec.high + 1):
            bit = space.cell_of(variable, number)
            assert bit is not None
            cell = variable.cells[bit.bit_length() - 1 - variable.offset]
            assert isinstance(cell, tuple)
            assert cell[0] <= number <= cell[1]


def test_the_blocks_and_variables_of_some_bits() -> None:
    space = build_space([FactSpec("a", "boolean"), FactSpec("b", "choice", ("x", "y", "z")), FactSpec("c", "boolean")], [], [])
    a, b, c = (variable.block for variable in space.variables)
    assert space.blocks_in(space.full) == [a, b, c]
    assert space.variables_in(b | c) == [1, 2]
    assert space.blocks_in(0) == []
    case = space.lowest(space.full)
    assert [(variable.fact, cell) for variable, cell in space.chosen(case)] == [("a", False), ("b", "x"), ("c", False)]


def test_a_search_stops_at_its_budget() -> None:
    facts = [FactSpec(f"f{i}", "boolean") for i in range(12)]
    pairs = [(Test(f"f{i}", "is", True), Not(Test(f"f{j}", "is", True))) for i in range(12) for j in range(i)]
    space = build_space(facts, pairs, [])
    wanted = [sum(1 << (space.variables[i].offset + 1) for i in range(k, 12, 3)) for k in range(3)]
    assert space.find(space.start, wanted) == 0  # at most one is true, and three are wanted
    with pytest.raises(BudgetExceededError):
        space.find(space.start, wanted, budget=2)


def test_an_empty_space_has_no_start() -> None:
    a = Test("a", "is", True)
    world = World([FactSpec("a", "boolean")], [(a, Not(a)), (Not(a), a)])
    assert world.space.start == 0
    assert world.boxes == frozenset()


@pytest.mark.parametrize("values", [3, 4, 6])
def test_two_known_things_of_one_choice_leave_a_value_with_consequences(values: int) -> None:
    """A block cut down to one cell by two boxes, neither of which alone says anything."""
    names = tuple("abcdef"[:values])
    facts = [FactSpec("x", "choice", names), FactSpec("y", "boolean"), FactSpec("z", "boolean")]
    others = AnyOf(tuple(Test("x", "is", name) for name in names if name != "b"))
    implications: list[tuple[Condition, Condition]] = [(Test("z", "is", True), Not(Test("x", "is", "a"))), (Not(others), Test("y", "is", True))]
    space = build_space(facts, implications, [])
    x = space.variable_of("x")
    cells = {name: 1 << (x.offset + x.cells.index(name)) for name in names}
    not_a = space.narrowing(1 << (space.variable_of("z").offset + space.variable_of("z").cells.index(True)), space.variable_of("z").block)
    a_or_b = space.narrowing(cells["a"] | cells["b"], x.block)
    assert space.tighten(not_a & a_or_b) == space.close(not_a & a_or_b)
