"""Cases and boxes in words: the facts of a complete case, or what a box says beyond everything."""

from __future__ import annotations

from itertools import pairwise

from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.worlds.space import Space


def facts_of(space: Space, box: int, beyond: int | None = None) -> dict[str, object]:
    """The facts, as a user would write them, that restrict `beyond` (default: everything) to `box`, as far as facts can say it.

    A block with one cell gives a value (an integer the lowest number of its cell); a block with several a test.
    Whether a fact applies follows from the others.
    """
    outer = space.full if beyond is None else beyond
    found: dict[str, object] = {}
    for variable in space.variables:
        inside = box & variable.block
        if inside == outer & variable.block:
            continue
        cells = [cell for i, cell in enumerate(variable.cells) if inside >> (variable.offset + i) & 1]
        spec = space.specs[variable.fact]
        if spec.type == "choices":
            if cells == [True]:
                found.setdefault(variable.fact, [])
                found[variable.fact].append(variable.value)  # type: ignore[attr-defined]
            continue
        applicable = [cell for cell in cells if cell is not NOT_APPLICABLE]
        if not applicable or len(applicable) == len([cell for cell in variable.cells if cell is not NOT_APPLICABLE]):
            continue
        if len(applicable) == 1:
            cell = applicable[0]
            found[variable.fact] = cell[0] if isinstance(cell, tuple) else cell
        elif spec.type == "choice":
            found[variable.fact] = {"one_of": applicable}
        else:
            ranges = sorted(cell for cell in applicable if isinstance(cell, tuple))
            if all(a[1] + 1 == b[0] for a, b in pairwise(ranges)):
                low, high = ranges[0][0], ranges[-1][1]
                found[variable.fact] = {"at_most": high} if low == spec.low else {"at_least": low}
    return found


def in_words(space: Space, box: int, beyond: int | None = None) -> str:
    """The facts of `facts_of` on one line."""
    parts = [f"{name}: {_shown(value)}" for name, value in facts_of(space, box, beyond).items()]
    return ", ".join(parts) or "any case"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        ((op, operand),) = value.items()
        return f"{op.replace('_', ' ')} {', '.join(map(str, operand)) if isinstance(operand, list) else operand}"
    if isinstance(value, list):
        return "includes " + ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
