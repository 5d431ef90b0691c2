"""Facts that contradict each other: which of them do, and the parts that do not.

Comes in: a mapping of well-formed facts with which no case agrees. Goes out: the smallest sets of facts that cannot all be true, and every part of
the facts
that is consistent and cannot be enlarged. Source: docs/reference/semantics.md, "Facts that contradict".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from safeguarding_rules.worlds.space import BudgetExceededError, Space

PART_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`conflicts`: smallest sets of facts that cannot all be true. `parts`: closed boxes of the largest consistent parts.

    `complete` is false where there were more than `PART_LIMIT` parts.
    """

    conflicts: tuple[tuple[str, ...], ...]
    parts: tuple[int, ...]
    complete: bool


def untangle(space: Space, boxes: Mapping[str, int]) -> Contradiction:
    """Find the conflicts and the largest consistent parts of facts, given as their closed boxes."""
    conflicts: list[frozenset[str]] = []
    parts: list[int] = []
    complete = True
    while True:
        parts.clear()
        for removed in _hitting_sets(conflicts, list(boxes)):
            kept = [name for name in boxes if name not in removed]
            if box := _agreed(space, [boxes[name] for name in kept]):
                parts.append(box)
            else:
                conflicts.append(frozenset(_shrink(space, boxes, kept)))
                break
            if len(parts) >= PART_LIMIT:
                complete = False
                break
        else:
            break
        if not complete:
            break
    order = {name: i for i, name in enumerate(boxes)}
    named = sorted((tuple(sorted(conflict, key=order.__getitem__)) for conflict in conflicts), key=lambda c: [order[n] for n in c])
    return Contradiction(tuple(named), tuple(parts), complete)


def _agreed(space: Space, boxes: Sequence[int]) -> int:
    """The closed box of the cases in all boxes; 0 if there is none."""
    box = space.start
    for other in boxes:
        box &= other
    box = space.close(box)
    try:
        return box if box and space.find(box) else 0
    except BudgetExceededError:
        return box


def _shrink(space: Space, boxes: Mapping[str, int], names: Sequence[str]) -> list[str]:
    """A smallest-by-inclusion set of names whose boxes have no case in common."""
    kept = list(names)
    for name in reversed(names):
        without = [other for other in kept if other != name]
        if not _agreed(space, [boxes[other] for other in without]):
            kept = without
    return kept


def _hitting_sets(conflicts: Sequence[frozenset[str]], order: Sequence[str]) -> Iterator[frozenset[str]]:
    """Every smallest-by-inclusion set that takes something out of each conflict, smaller ones first."""
    involved = [name for name in order if any(name in conflict for conflict in conflicts)]
    found: list[frozenset[str]] = []
    for size in range(len(conflicts) + 1):
        for chosen in combinations(involved, size):
            removed = frozenset(chosen)
            if all(removed & conflict for conflict in conflicts) and not any(other <= removed for other in found):
                found.append(removed)
                yield removed
