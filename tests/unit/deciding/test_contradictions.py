"""Facts that contradict each other, against looking at every subset of them."""

from __future__ import annotations

import itertools
import time
from random import Random

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from safeguarding_rules.deciding import contradictions
from safeguarding_rules.deciding.contradictions import CONFLICT_LIMIT, PART_LIMIT, untangle
from safeguarding_rules.language.conditions import Not, Test
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.worlds.build import build_space
from safeguarding_rules.worlds.space import Space
from tests.properties.corners import boolean, pack
from tests.properties.engines import load
from tests.unit.worlds.spaces import World, closed_box, world_of


def agreeing(world: World, boxes: dict[str, int], names: tuple[str, ...]) -> frozenset[int]:
    return frozenset(case for case in world.boxes if all(case & boxes[name] == case for name in names))


@settings(max_examples=300)
@given(st.randoms(use_true_random=True))
def test_the_conflicts_are_the_smallest_and_the_parts_the_largest(rnd: Random) -> None:
    world = world_of(rnd, 4)
    assume(world.boxes)
    boxes = {f"k{i}": closed_box(world, rnd) for i in range(rnd.randint(1, 6))}
    names = tuple(boxes)
    assume(not agreeing(world, boxes, names))
    subsets = [frozenset(some) for size in range(len(names) + 1) for some in itertools.combinations(names, size)]
    consistent = {some: bool(agreeing(world, boxes, tuple(some))) for some in subsets}
    smallest = {some for some in subsets if not consistent[some] and all(consistent[some - {name}] for name in some)}
    largest = [some for some in subsets if consistent[some] and not any(some < other and consistent[other] for other in subsets)]
    event(f"{len(smallest)} conflicts, {len(largest)} parts")
    found = untangle(world.space, boxes)
    assert found.complete
    assert [frozenset(conflict) for conflict in found.conflicts] == sorted(smallest, key=lambda some: [names.index(name) for name in sorted(some)])
    assert sorted(found.parts) == sorted(_closed(world, boxes, some) for some in largest)


def _closed(world: World, boxes: dict[str, int], names: frozenset[str]) -> int:
    box = world.space.start
    for name in names:
        box &= boxes[name]
    return world.space.close(box)


def pairs(count: int) -> tuple[Space, dict[str, int]]:
    """So many pairs of facts that exclude each other, all known to be true."""
    facts = [FactSpec(f"{side}{i}", "boolean") for i in range(count) for side in "ab"]
    space = build_space(facts, [(Test(f"a{i}", "is", True), Not(Test(f"b{i}", "is", True))) for i in range(count)], [])
    return space, {v.fact: space.narrowing(1 << (v.offset + v.cells.index(True)), v.block) for v in space.variables}


def test_the_names_and_parts_come_in_declared_order() -> None:
    space, boxes = pairs(2)
    found = untangle(space, boxes)
    assert found.conflicts == (("a0", "b0"), ("a1", "b1"))
    without = [("a0", "a1"), ("a0", "b1"), ("b0", "a1"), ("b0", "b1")]
    expected = []
    for removed in without:
        box = space.start
        for name, known in boxes.items():
            box &= known if name not in removed else space.full
        expected.append(space.close(box))
    assert list(found.parts) == expected


@pytest.mark.parametrize(("count", "complete"), [(6, True), (7, False), (30, False)])
def test_many_parts_are_cut_off_and_that_is_said(count: int, complete: bool) -> None:
    space, boxes = pairs(count)
    found = untangle(space, boxes)
    assert len(found.parts) == min(PART_LIMIT, 2**count)
    assert found.complete == complete
    assert len(found.conflicts) == count
    assert all(space.find(part) for part in found.parts)


def test_one_fact_against_many_is_untangled_at_once() -> None:
    tied = [FactSpec(f"f{i}", "boolean", tied=Test("top", "is", True)) for i in range(60)]
    space = build_space([FactSpec("top", "boolean"), *tied], [], [])
    top, *others = space.variables
    boxes = {"top": space.narrowing(1 << (top.offset + top.cells.index(False)), top.block)}
    boxes |= {v.fact: space.narrowing(1 << (v.offset + v.cells.index(True)), v.block) for v in others}
    before = time.process_time()
    found = untangle(space, boxes)
    assert time.process_time() - before < 5
    assert found.complete
    assert len(found.conflicts) == 60
    assert len(found.parts) == 2


def test_conflicts_without_number_still_leave_a_part() -> None:
    facts = [FactSpec(f"f{i}", "boolean") for i in range(20)]
    implications = [(Test(f"f{i}", "is", True), Not(Test(f"f{j}", "is", True))) for i in range(20) for j in range(i)]
    space = build_space(facts, implications, [])
    boxes = {v.fact: space.narrowing(1 << (v.offset + v.cells.index(True)), v.block) for v in space.variables}
    found = untangle(space, boxes)
    assert not found.complete
    assert len(found.conflicts) == CONFLICT_LIMIT
    assert found.parts
    assert all(space.find(part) for part in found.parts)


def test_a_fact_that_cannot_be_is_a_conflict_of_its_own() -> None:
    space, boxes = pairs(1)
    found = untangle(space, {"b0": boxes["b0"], "a0": 0})
    assert found.conflicts == (("a0",),)
    assert found.parts == (boxes["b0"],)


def test_where_parts_are_cut_off_what_speaks_for_a_rule_is_still_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven facts apply only where a fact that is false is true; the gravest rule needs two of them."""
    gates = [f"g{number}" for number in range(7)]
    facts = {**{gate: boolean() for gate in gates}, **{f"d{number}": boolean(applies_when={gate: True}) for number, gate in enumerate(gates)}}
    rules = {
        "gravest": {"when": {"all": [{"g0": False}, {"g6": False}]}, "outcome": "police"},
        **{f"r{number}": {"when": {f"d{number}": True}, "outcome": "review"} for number in range(7)},
    }
    engine = load([pack(0, facts, rules)])
    known = dict.fromkeys(gates, False) | {f"d{number}": True for number in range(7)}
    monkeypatch.setattr(contradictions, "PART_LIMIT", 1)
    decision = engine.decide(known)
    assert not decision.exact
    assert decision.outcome == "police"
    assert "police" in decision.possible_outcomes
    assert not decision.settled
    assert not decision.firm
