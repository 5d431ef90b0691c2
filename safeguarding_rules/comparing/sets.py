"""Sets of cases as boxes with parts forbidden: what it takes to ask where two policies differ.

A *cube* is a closed box and the terms that must fail in it (each as the cells outside the term). A `CaseSet` is a union of cubes that also knows its
complement as a union of cubes, so that sets can be joined, met and turned round without ever being written out case by case.

Promised: exact. Emptiness is decided by the space's own search, within its node budget. Must not know: rules, outcomes or duties.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from safeguarding_rules.worlds.space import BudgetExceededError, Space
from safeguarding_rules.worlds.sums import Sum

Cube = tuple[int, tuple[int, ...]]

PAIR_LIMIT = 1_000_000
"""So many pairs of cubes are met at once, and no more."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A set of complete cases: the cubes whose union it is, and those whose union is everything else."""

    inside: tuple[Cube, ...]
    outside: tuple[Cube, ...]

    @property
    def opposite(self) -> CaseSet:
        """Everything else."""
        return CaseSet(self.outside, self.inside)


def everything(space: Space) -> CaseSet:
    """All cases."""
    return CaseSet(((space.start, ()),) if space.start else (), ())


def nothing(space: Space) -> CaseSet:
    """No case."""
    return everything(space).opposite


def cases_of(space: Space, sums: Iterable[Sum]) -> CaseSet:
    """The cases in which at least one of some conditions holds."""
    terms = {fails: box for one in sums for box, fails in zip(one.boxes, one.fails, strict=True)}
    if not terms:
        return nothing(space)
    inside = tuple((box, ()) for box in terms.values())
    return CaseSet(inside, pruned(space, [(space.start, tuple(terms))]))


def joined(space: Space, *sets: CaseSet) -> CaseSet:
    """The union."""
    inside = dict.fromkeys(cube for one in sets for cube in one.inside)
    return CaseSet(tuple(inside), reduce(lambda cubes, one: crossed(space, cubes, one.outside), sets, everything(space).inside))


def met(space: Space, *sets: CaseSet) -> CaseSet:
    """The intersection."""
    return joined(space, *(one.opposite for one in sets)).opposite


def crossed(space: Space, cubes: Iterable[Cube], others: Sequence[Cube]) -> tuple[Cube, ...]:
    """The cubes of the intersection of two unions of cubes. Raises BudgetExceededError where there are too many."""
    found: dict[Cube, None] = {}
    ours = tuple(cubes)
    if len(ours) * len(others) > PAIR_LIMIT:
        raise BudgetExceededError
    for box, forbidding in ours:
        for other, more in others:
            if both := space.meet(box, other):
                found[both, tuple(dict.fromkeys((*forbidding, *more)))] = None
    return pruned(space, found)


def pruned(space: Space, cubes: Iterable[Cube]) -> tuple[Cube, ...]:
    """The cubes without those that one forbidden term covers, and in each only the forbidden terms that reach into it."""
    found: dict[Cube, None] = {}
    for box, forbidding in cubes:
        if not box or any(not box & bits for bits in forbidding):
            continue
        found[box, tuple(bits for bits in forbidding if space.some(box & ~bits))] = None
    return tuple(found)


def case_in(space: Space, box: int, cubes: Iterable[Cube], forbidding: Sequence[int] = ()) -> int:
    """A case of a closed box that lies in one of the cubes and in no forbidden term; 0 if there is none. Raises BudgetExceededError."""
    for other, more in cubes:
        if (both := space.meet(box, other)) and (case := space.find(both, (*more, *forbidding))):
            return case
    return 0


def lies_in(case: int, cubes: Iterable[Cube]) -> bool:
    """Whether a complete case lies in one of the cubes."""
    return any(case & box == case and all(case & bits for bits in forbidding) for box, forbidding in cubes)


def settled_empty(space: Space, cubes: Iterable[Cube]) -> tuple[Cube, ...]:
    """The cubes without those that search shows to hold no case. Those for which the budget does not suffice stay."""
    kept = []
    for box, forbidding in cubes:
        try:
            if space.find(box, forbidding):
                kept.append((box, forbidding))
        except BudgetExceededError:
            kept.append((box, forbidding))
    return tuple(kept)
