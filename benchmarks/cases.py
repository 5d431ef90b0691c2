"""Random cases of a Program: complete ones that its constraints allow, and the same with facts forgotten. The same seed gives the same cases."""

from __future__ import annotations

import random
from typing import Any

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.language.facts import NOT_APPLICABLE

CALM = (0.99, 0.95, 0.8)
"""How likely a fact takes its first cell (false, the lowest range, the first value): few cases have many things wrong at once."""


def complete_cases(program: Program, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return cases in which every fact is known; facts that do not apply are left out, as they are on a form."""
    chance = random.Random(seed)
    return [_complete(program, chance) for _ in range(count)]


def forgetful(cases: list[dict[str, Any]], share: float, seed: int = 2) -> list[dict[str, Any]]:
    """Return the cases with each fact forgotten with probability `share`."""
    chance = random.Random(seed)
    return [{name: value for name, value in case.items() if chance.random() >= share} for case in cases]


def _complete(program: Program, chance: random.Random) -> dict[str, Any]:
    space = program.space
    calm = chance.choice(CALM)
    box = space.full
    for variable in space.variables:
        cells = [bit for i in range(len(variable.cells)) if (bit := 1 << (variable.offset + i)) & box]
        wanted = cells[0] if chance.random() < calm else chance.choice(cells)
        for one in (wanted, *cells):
            if inner := space.close(box & (one | ~variable.block)):
                box = inner
                break
    facts: dict[str, Any] = {}
    for variable, cell in space.chosen(box):
        if variable.value is not None:
            included = facts.setdefault(variable.fact, {"only": []})["only"]
            if cell is True:
                included.append(variable.value)
        elif cell is not NOT_APPLICABLE:
            facts[variable.fact] = cell[0] if isinstance(cell, tuple) else cell
    return facts
