"""What forces an outcome: cases that are milder, and the rules that leave none.

Comes in: a box and a rank. Goes out: a case of a milder outcome, or the rules that exclude one. Promised: exact, unless the node budget runs out;
then there is a milder case. Frozen but for memos that are the same whoever fills them, and limited: boxes of few facts recur in many cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeguarding_rules.worlds.space import BudgetExceededError, Space

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import CompiledRule

MEMO_LIMIT = 8192

Key = tuple[int, int]
"""A rank, and a box."""


class Forcing:
    """Looks for cases milder than a rank."""

    def __init__(self, space: Space, rules: Sequence[CompiledRule]) -> None:
        self._space = space
        self._rules = rules
        self._outside: dict[int, list[int]] = {}
        self._milder: dict[Key, int] = {}
        self._by: dict[Key, tuple[int, ...]] = {}

    def milder(self, box: int, least: int) -> int:
        """A case of a closed box (0: no case) in which no rule of at least that rank holds; 0 if there is none."""
        found = self._milder.get((least, box))
        if found is None:
            found = self._search(box, self._terms(least))
            if len(self._milder) < MEMO_LIMIT:
                self._milder[least, box] = found
        return found

    def rules(self, box: int, least: int) -> tuple[int, ...]:
        """The rules of at least that rank that hold throughout the box; where none does, those that only together leave no milder case."""
        found = self._by.get((least, box))
        if found is None:
            found = self._together(box, [rule for rule in self._rules if rule.rank >= least])
            if len(self._by) < MEMO_LIMIT:
                self._by[least, box] = found
        return found

    def _terms(self, least: int) -> list[int]:
        if least not in self._outside:
            self._outside[least] = [bits for rule in self._rules if rule.rank >= least for bits in rule.holds.fails]
        return self._outside[least]

    def _search(self, box: int, forbidding: Sequence[int]) -> int:
        """A case free of the terms; an exhausted budget counts as one."""
        try:
            return self._space.find(box, forbidding) if box else 0
        except BudgetExceededError:
            return self._space.lowest(box)

    def _together(self, box: int, high: Sequence[CompiledRule]) -> tuple[int, ...]:
        certain = tuple(rule.index for rule in high if any(not box & bits for bits in rule.holds.fails))
        if certain:
            return certain
        kept = [rule for rule in high if any(self._space.tighten(box & term) for term in rule.holds.boxes)]
        for rule in list(kept):
            without = [other for other in kept if other is not rule]
            if not self._search(box, [bits for other in without for bits in other.holds.fails]):
                kept = without
        return tuple(rule.index for rule in kept)
