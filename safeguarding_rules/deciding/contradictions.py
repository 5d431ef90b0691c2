"""Facts that contradict each other: which of them do, and the parts that do not.

Comes in: a mapping of well-formed facts with which no case agrees. Goes out: the smallest sets of facts that cannot all be true, and every part of
the facts that is consistent and cannot be enlarged. Cost: linear in conflicts and parts, which are limited; one fact against many others is one
conflict for each of them, and two parts. Source: docs/reference/semantics.md, "Facts that contradict".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from safeguarding_rules.frozen import frozen
from safeguarding_rules.worlds.space import BudgetExceededError, Space

PART_LIMIT = 64
CONFLICT_LIMIT = 128

Names = frozenset[str]


@frozen
class Contradiction:
    """`conflicts`: smallest sets of facts that cannot all be true. `parts`: closed boxes of the largest consistent parts.

    `complete` is false where there were more than `PART_LIMIT` parts or `CONFLICT_LIMIT` conflicts.
    """

    conflicts: tuple[tuple[str, ...], ...]
    parts: tuple[int, ...]
    complete: bool


def untangle(space: Space, boxes: Mapping[str, int]) -> Contradiction:
    """Find the conflicts and the largest consistent parts of facts, given as their closed boxes.

    What must be taken out for a part is a smallest set that takes something out of every conflict. Those sets are kept while conflicts are found:
    as long as one of them leaves facts that do not agree, these hold another conflict.
    """
    order = {name: i for i, name in enumerate(boxes)}
    conflicts: list[Names] = []
    removals: list[Names] = [frozenset()]
    parts: dict[Names, int] = {}
    complete = True
    while (failing := _first_failing(space, boxes, removals, parts)) is not None and len(conflicts) < CONFLICT_LIMIT:
        conflicts.append(_shrunk(space, boxes, [name for name in boxes if name not in failing]))
        removals = sorted(set(_extended(removals, conflicts)), key=lambda names: (len(names), sorted(order[name] for name in names)))
        complete = complete and len(removals) <= 4 * PART_LIMIT
        del removals[4 * PART_LIMIT :]
    found = [box for removed in removals[:PART_LIMIT] if (box := parts.get(removed, 0))]
    named = sorted((tuple(sorted(conflict, key=order.__getitem__)) for conflict in conflicts), key=lambda names: [order[name] for name in names])
    return Contradiction(tuple(named), tuple(found or [_greedy(space, boxes)]), complete and failing is None and len(removals) <= PART_LIMIT)


def _first_failing(space: Space, boxes: Mapping[str, int], removals: Sequence[Names], parts: dict[Names, int]) -> Names | None:
    """The first set without which the other facts still do not agree; learns the parts that do."""
    for removed in removals[:PART_LIMIT]:
        if removed not in parts:
            parts[removed] = _agreed(space, [box for name, box in boxes.items() if name not in removed])
        if not parts[removed]:
            return removed
    return None


def _extended(removals: Iterable[Names], conflicts: Sequence[Names]) -> Iterable[Names]:
    """Smallest sets that take something out of the last conflict too, from those that do for all before it."""
    for removed in removals:
        if removed & conflicts[-1]:
            yield removed
            continue
        for name in conflicts[-1]:
            more = removed | {name}
            if all(any(conflict & more == {one} for conflict in conflicts) for one in more):
                yield more


def _agreed(space: Space, boxes: Iterable[int]) -> int:
    """The closed box of the cases in all closed boxes; 0 if there is none."""
    box = space.start
    for other in boxes:
        box &= other
    box = space.tighten(box)
    try:
        return box if box and space.find(box) else 0
    except BudgetExceededError:
        return box


def _shrunk(space: Space, boxes: Mapping[str, int], names: Sequence[str]) -> Names:
    """A smallest-by-inclusion set of names whose boxes have no case in common."""
    kept = list(names)
    for name in reversed(names):
        without = [other for other in kept if other != name]
        if not _agreed(space, [boxes[other] for other in without]):
            kept = without
    return frozenset(kept)


def favouring(space: Space, boxes: Mapping[str, int], term: int) -> int:
    """One largest consistent part that keeps, before all others, the facts that agree with a closed term and each other."""
    agreeing = _chosen(space, boxes.values(), [term])
    return _agreed(space, _chosen(space, [*agreeing, *boxes.values()], []))


def _greedy(space: Space, boxes: Mapping[str, int]) -> int:
    """One largest consistent part: every fact, in declared order, that agrees with those before it."""
    return _agreed(space, _chosen(space, boxes.values(), []))


def _chosen(space: Space, boxes: Iterable[int], start: Sequence[int]) -> list[int]:
    kept: list[int] = []
    for box in boxes:
        if _agreed(space, [*start, *kept, box]):
            kept.append(box)
    return kept
