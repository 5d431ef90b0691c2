"""Random small spaces, and every case of them one by one: the judge of `worlds`.

A *value map* gives each variable (fact, member of a `choices` fact or None) one value; integers take every number of their range, not one per cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.worlds.build import build_space
from safeguarding_rules.worlds.space import Space

ValueMap = dict[tuple[str, str | None], Any]
HIGH = 5
VALUES = {"choice": ("a", "b", "c"), "choices": ("x", "y")}
MOST_CASES = 4000


@dataclass
class World:
    """What a space is built from, and the space."""

    facts: list[FactSpec]
    implications: list[tuple[Condition, Condition]]
    conditions: list[Condition] = field(default_factory=list)

    @cached_property
    def space(self) -> Space:
        weighted = [(condition, weight + 1) for weight, condition in enumerate(self.conditions)]
        return build_space(self.facts, self.implications, weighted)

    @cached_property
    def cases(self) -> list[ValueMap]:
        """Every value map that the ties and implications allow."""
        return [case for case in self.value_maps() if self.allows(case)]

    def value_maps(self) -> list[ValueMap]:
        domains = {(fact.name, member): _domain(fact) for fact in self.facts for member in (fact.values if fact.type == "choices" else (None,))}
        return [dict(zip(domains, values, strict=True)) for values in itertools.product(*domains.values())]

    def allows(self, case: ValueMap) -> bool:
        return all(self._tied(fact, case) for fact in self.facts) and all(not holds(a, case) or holds(b, case) for a, b in self.implications)

    def _tied(self, fact: FactSpec, case: ValueMap) -> bool:
        if fact.tied is None:
            return True
        values = [value for (name, _), value in case.items() if name == fact.name]
        applies = holds(fact.tied, case)
        if fact.type in {"boolean", "choices"}:
            return applies or not any(values)
        return (values[0] is not NOT_APPLICABLE) == applies

    def box_of(self, case: ValueMap) -> int:
        """The complete case of the space in which a value map lies."""
        box = 0
        for (name, member), value in case.items():
            bit = self.space.cell_of(self.space.variable_of(name, member), value)
            assert bit is not None
            box |= bit
        return box

    @cached_property
    def boxes(self) -> frozenset[int]:
        """The complete cases of the space that some value map lies in."""
        return frozenset(self.box_of(case) for case in self.cases)

    def inside(self, box: int) -> set[int]:
        return {case for case in self.boxes if case & box == case}


def _domain(fact: FactSpec) -> list[Any]:
    if fact.type in {"boolean", "choices"}:
        return [False, True]
    values: list[Any] = list(range(fact.low, fact.high + 1)) if fact.type == "integer" else list(fact.values)
    return [*values, NOT_APPLICABLE] if fact.tied is not None else values


def holds(condition: Condition, case: ValueMap) -> bool:
    """Whether a condition holds, read straight from the language reference."""
    match condition:
        case Always():
            return True
        case Not(member):
            return not holds(member, case)
        case All(members):
            return all(holds(member, case) for member in members)
        case AnyOf(members):
            return any(holds(member, case) for member in members)
        case Test():
            return _passes(condition, case)
    raise TypeError(condition)


def _passes(test: Test, case: ValueMap) -> bool:
    wanted: Any = test.value
    if test.op in {"includes", "includes_any", "includes_all", "excludes"}:
        named = [case[test.fact, member] for member in (wanted if isinstance(wanted, tuple) else (wanted,))]
        return {"includes": all(named), "includes_any": any(named), "includes_all": all(named), "excludes": not any(named)}[test.op]
    value = case[test.fact, None]
    if value is NOT_APPLICABLE:
        return test.op in {"is_not", "none_of"}
    answers: dict[str, Callable[[], Any]] = {
        "is": lambda: value == wanted,
        "is_not": lambda: value != wanted,
        "one_of": lambda: value in wanted,
        "none_of": lambda: value not in wanted,
        "below": lambda: value < wanted,
        "at_most": lambda: value <= wanted,
        "at_least": lambda: value >= wanted,
        "above": lambda: value > wanted,
    }
    return bool(answers[test.op]())


# ------------------------------------------------------------------------------------------------------------------- at random


def world_of(rnd: Random, most_facts: int = 5) -> World:
    """Facts of every type, some tied to earlier ones, implications of one to several literals, and conditions that cut."""
    facts: list[FactSpec] = []
    size = 1
    for number in range(rnd.randint(2, most_facts)):
        kind: Any = rnd.choice(["boolean", "boolean", "integer", "choice", "choice", "choices"])
        size *= {"boolean": 2, "integer": HIGH + 2, "choice": 4, "choices": 4}[kind]
        if size > MOST_CASES:
            break
        tied = condition_over(facts, rnd, 1) if facts and rnd.random() < 0.3 else None
        facts.append(FactSpec(f"f{number}", kind, VALUES.get(kind, ()), 0, HIGH if kind == "integer" else 0, tied))
    implications = [(condition_over(facts, rnd, 1), condition_over(facts, rnd, 1)) for _ in range(rnd.randint(0, 4))]
    if rnd.random() < 0.25:  # a clause of three and more literals
        implications.append((condition_over(facts, rnd, 1), AnyOf(tuple(condition_over(facts, rnd, 1) for _ in range(2)))))
    return World(facts, implications, [condition_over(facts, rnd, 2) for _ in range(rnd.randint(0, 3))])


def condition_over(facts: list[FactSpec], rnd: Random, depth: int) -> Condition:
    shape = rnd.choice(["test", "test", "all", "any", "not"]) if depth else "test"
    if shape == "test":
        return Always() if rnd.random() < 0.03 else single_test(rnd.choice(facts), rnd)
    if shape == "not":
        return Not(condition_over(facts, rnd, depth - 1))
    members = tuple(condition_over(facts, rnd, depth - 1) for _ in range(rnd.randint(1, 3)))
    return All(members) if shape == "all" else AnyOf(members)


def single_test(fact: FactSpec, rnd: Random) -> Test:
    values: Any = {"boolean": [False, True], "integer": range(fact.low, fact.high + 1)}.get(fact.type, fact.values)
    several = tuple(rnd.sample(values, rnd.randint(1, 2)))
    ops: list[Any] = ["is", "is_not", "one_of", "none_of"]
    if fact.type == "choices":
        ops = ["includes", "excludes", "includes_any", "includes_all"]
    elif fact.type == "integer":
        ops += ["below", "at_most", "at_least", "above"]
    op = rnd.choice(ops)
    return Test(fact.name, op, several if op in {"one_of", "none_of", "includes_any", "includes_all"} else several[0])


def box_of_cells(world: World, rnd: Random, most: int = 3) -> int:
    """Some cells of some variables taken out; a block may be left empty."""
    box = world.space.full
    for variable in rnd.sample(world.space.variables, min(len(world.space.variables), rnd.randint(0, most))):
        box &= (rnd.getrandbits(len(variable.cells)) << variable.offset) | ~variable.block
    return box


def closed_box(world: World, rnd: Random) -> int:
    """A closed box; 0 where nothing is left."""
    return world.space.close(box_of_cells(world, rnd))
