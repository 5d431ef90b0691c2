"""How many complete cases change: counted one by one where there are few enough, left out where there are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from safeguarding_rules.comparing.aspects import Change
from safeguarding_rules.comparing.document import Counts
from safeguarding_rules.comparing.sets import lies_in
from safeguarding_rules.worlds.space import Space

COUNTABLE = 20_000
"""So many combinations of values are looked at one by one, and no more."""


@dataclass(frozen=True)
class Counted:
    """The sums, and per change (by its place) its cases."""

    counts: Counts
    by_change: dict[int, int]


def count(space: Space, found: Sequence[Change]) -> Counted | None:
    """Count the complete cases of changes; None where there are too many cases to look at each."""
    if prod((space.start & variable.block).bit_count() for variable in space.variables) > COUNTABLE:
        return None
    by_change = dict.fromkeys(range(len(found)), 0)
    total = changed = outcomes = duties = 0
    for case in _cases(space):
        total += 1
        here = [i for i, change in enumerate(found) if lies_in(case, change.cubes)]
        for i in here:
            by_change[i] += 1
        kinds = {found[i].kind == "outcome" for i in here}
        changed += bool(here)
        outcomes += True in kinds
        duties += False in kinds
    return Counted(Counts(cases=total, changed=changed, outcome_changed=outcomes, duties_changed=duties), by_change)


def _cases(space: Space) -> Iterator[int]:
    cells = [[1 << i for i in range(v.offset, v.offset + len(v.cells)) if space.start >> i & 1] for v in space.variables]
    for chosen in product(*cells) if space.start else ():
        case = sum(chosen)
        if space.possible(case):
            yield case
