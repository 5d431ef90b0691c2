"""Whom to contact in a box of cases, and which facts still choose among several.

Comes in: a Program. Goes out: the entries of a route that are the first to fit in some case of a box, and emergency entries wherever they can fit;
the facts on which it hangs which of them it is. Frozen but for a memo that is the same whoever fills it, and limited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.linking.policy import RouteEntry

MEMO_LIMIT = 8_192


class Contacts:
    """The routes of one Program."""

    def __init__(self, program: Program) -> None:
        self._space = program.space
        self._routes = program.routes
        steps = program.steps
        self.reach = {route: reduce(or_, (steps.reach(i) for i in program.space.variables_in(self._told(route))), 0) for route in program.routes}
        """Per route, the blocks that can tell where it leads."""
        self._open: dict[tuple[str, int], int] = {}

    def _told(self, route: str) -> int:
        """The cells outside the terms of its conditions."""
        return reduce(or_, [bits for _, condition in self._routes[route] if condition is not None for bits in condition.fails], 0)

    def fitting(self, route: str, box: int) -> Iterator[tuple[RouteEntry, Sum | None]]:
        """The entries that are the first to fit in some case; emergency entries wherever they can fit."""
        earlier: list[int] = []
        for entry, condition in self._routes.get(route, ()):
            terms = (self._space.full,) if condition is None else condition.boxes
            if any(self._possible(self._space.tighten(box & term), () if entry.emergency else earlier) for term in terms):
                yield entry, condition
            earlier += () if condition is None else condition.fails

    def _possible(self, box: int, forbidding: Sequence[int]) -> bool:
        """Whether some case of the box is free of the terms; on an exhausted budget, yes."""
        try:
            return bool(box and self._space.find(box, forbidding))
        except BudgetExceededError:
            return True

    def open(self, route: str, box: int) -> int:
        """The blocks of the facts that a closed box leaves to choose among the entries of a route."""
        key = (route, box & self.reach.get(route, 0))
        found = self._open.get(key)
        if found is None:
            found = self._choosing(route, box)
            if len(self._open) < MEMO_LIMIT:
                self._open[key] = found
        return found

    def _choosing(self, route: str, box: int) -> int:
        entries = list(self.fitting(route, box))
        if len(entries) == 1 and any(condition is None for _, condition in self._routes[route]):
            return 0  # some entry fits in every case, so that it is this one
        open_ = [entry.when for entry, condition in entries if condition is not None and not condition.holds(box) and entry.when is not None]
        named = {test.fact for when in open_ for test in tests_of(when)}
        return reduce(or_, (v.block for v in self._space.variables if v.fact in named), 0)
