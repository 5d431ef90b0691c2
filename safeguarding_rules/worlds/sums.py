"""Sums: conditions as closed terms over a space, ready to be asked."""

from __future__ import annotations

from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.conditions import Condition
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.terms import sum_of


@frozen
class Sum:
    """A condition as terms: `boxes` are the closed terms that the constraints allow, `fails` for each of them the cells outside it."""

    boxes: tuple[int, ...]
    fails: tuple[int, ...]

    def holds(self, case: int) -> bool:
        """Whether the condition holds in a complete case (or certainly, by one term, in a box)."""
        return any(not case & bits for bits in self.fails)


def sum_in(space: Space, condition: Condition) -> Sum:
    """A condition as a `Sum` over the space."""
    kept = [(box, space.full & ~term) for term in sum_of(space, condition) if (box := space.close(term))]
    return Sum(tuple(box for box, _ in kept), tuple(fails for _, fails in kept))
