"""What can change between two policies: the outcome, the strength of a duty, when it is due. Each with the cases of every change.

Comes in: two Sides. Goes out: `Change`s, each a set of cases that is not empty unless the search's budget ran out. Promised: every complete case
whose outcome or duties differ lies in at least one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from safeguarding_rules.comparing.sets import CaseSet, Cube, crossed, settled_empty
from safeguarding_rules.comparing.sides import DueKey, Side, SlotKey
from safeguarding_rules.linking.policy import STRENGTH, Standing
from safeguarding_rules.worlds.space import BudgetExceededError, Space

Kind = Literal["outcome", "duty", "deadline"]
NOT_DUE, DUE = 1, 2
Levels = tuple[CaseSet, ...]


@dataclass(frozen=True)
class Change:
    """The cases in which one aspect goes from one value to another.

    `cubes`: those cases. `missed_old`: the cases that have at most the old value in the old version but not the new one in the new;
    `missed_new`: those that have at most the new value in the new version but not the old one in the old. `had`: those that have at least the old
    value in the old version. A value is a rank, a strength, or whether a duty is due.
    """

    kind: Kind
    slot: SlotKey | None
    due: DueKey | None
    old: int
    new: int
    cubes: tuple[Cube, ...]
    missed_old: tuple[Cube, ...]
    missed_new: tuple[Cube, ...]
    had: tuple[Cube, ...]
    undecided: bool = False
    """Whether there were too many cubes to say anything; then there are none."""


def changes(old: Side, new: Side) -> Iterator[Change]:
    """Every change between two sides, outcomes first."""
    space = old.space
    names = [outcome.name for outcome in old.policy.outcomes], [outcome.name for outcome in new.policy.outcomes]
    for a, before in enumerate(names[0]):
        for b, after in enumerate(names[1]):
            try:
                if before != after and (found := _change(space, "outcome", None, None, (a, old.outcomes), (b, new.outcomes))):
                    yield found
            except BudgetExceededError:
                yield Change("outcome", None, None, a, b, (), (), (), (), undecided=True)
    for slot in dict.fromkeys((*new.givers, *old.givers)):
        try:
            yield from list(_of_slot(old, new, slot))
        except BudgetExceededError:
            yield Change("duty", slot, None, 0, 0, (), (), (), (), undecided=True)


def _of_slot(old: Side, new: Side, slot: SlotKey) -> Iterator[Change]:
    """The changes of one duty and its deadlines."""
    strengths = old.strengths(slot), new.strengths(slot)
    if not _same(*strengths):
        for a in range(4):
            for b in range(4):
                if a != b and (found := _change(old.space, "duty", slot, None, (a, strengths[0]), (b, strengths[1]))):
                    yield found
    yield from _deadlines(old, new, slot)


def _deadlines(old: Side, new: Side, slot: SlotKey) -> Iterator[Change]:
    for due in dict.fromkeys((*new.deadlines(slot), *old.deadlines(slot))):
        levels = old.due(slot, due), new.due(slot, due)
        if not _same(*levels):
            for a, b in ((NOT_DUE, DUE), (DUE, NOT_DUE)):
                if found := _change(old.space, "deadline", slot, due, (a, levels[0]), (b, levels[1])):
                    yield found


def _same(one: Levels, other: Levels) -> bool:
    """Whether levels are written alike; where they are not they may still be the same."""
    return all(set(a.inside) == set(b.inside) for a, b in zip(one, other, strict=True))


def _change(  # noqa: PLR0913, PLR0917  what names a change
    space: Space, kind: Kind, slot: SlotKey | None, due: DueKey | None, old: tuple[int, Levels], new: tuple[int, Levels]
) -> Change | None:
    (a, before), (b, after) = old, new
    least_old, more_old = before[a].inside, _beyond(space, before, a)
    least_new, more_new = after[b].inside, _beyond(space, after, b)
    # The side with the higher value goes first: what both sides have falls away at once.
    factors = (least_new, more_old, more_new, least_old) if b * len(before) > a * len(after) else (least_old, more_new, more_old, least_new)
    cubes = factors[0]
    for factor in factors[1:]:
        cubes = crossed(space, cubes, factor)
        if not cubes:
            return None
    cubes = settled_empty(space, cubes)
    if not cubes:
        return None
    return Change(kind, slot, due, a, b, cubes, _missed(space, (a, before), (b, after)), _missed(space, (b, after), (a, before)), before[a].inside)


def _beyond(space: Space, levels: Levels, value: int) -> tuple[Cube, ...]:
    """The cases with at most a value."""
    return levels[value + 1].outside if value + 1 < len(levels) else ((space.start, ()),)


def _missed(space: Space, given: tuple[int, Levels], other: tuple[int, Levels]) -> tuple[Cube, ...]:
    """The cases that have at most the one value and not the other."""
    (a, levels), (b, others) = given, other
    found: dict[Cube, None] = {}
    at_most = _beyond(space, levels, a)
    too_high: Sequence[Cube] = others[b + 1].inside if b + 1 < len(others) else ()
    for wrong in (too_high, others[b].outside):
        found.update(dict.fromkeys(crossed(space, wrong, at_most)))
    return settled_empty(space, found)


def ended_by_rise(change: Change, old: Side, new: Side) -> bool:
    """Whether a duty ends only where the outcome rises from the first of the scale, whose standing duties it was among.

    Standing duties follow the outcome, so a stricter outcome may end those of the mildest: that is no weakening.
    """
    if change.slot is None or change.new >= change.old or old.policy.outcomes[0].name != new.policy.outcomes[0].name:
        return False
    others = old.where(
        giver
        for giver, duty in old.givers.get(change.slot, ())
        if STRENGTH[duty.modality] >= (change.old if change.kind == "duty" else 1) and not (isinstance(giver, Standing) and giver.kind == "first")
    )
    space = old.space
    parts = new.outcomes[1].outside, old.outcomes[1].inside, others.inside
    try:
        return not any(settled_empty(space, crossed(space, change.cubes, part)) for part in parts)
    except BudgetExceededError:
        return False
