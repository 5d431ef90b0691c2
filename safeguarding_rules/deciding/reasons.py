"""Why the least possible outcome is forced: a smallest set of known facts, the rules that do it, and the nearest changes.

Comes in: a Program, the facts with their boxes, and the verdict. Goes out: names and ranks. Promised: the set really forces the outcome, and no
smaller set does (for more than
`SIZE_LIMIT` facts: none of it can be left out). Ties go to the facts declared first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from safeguarding_rules.deciding.evaluate import advise
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.worlds.space import BudgetExceededError, Space, Variable

SIZE_LIMIT = 4
ROUNDS = 400
CHANGES_PER_OUTCOME = 3
EVALUATIONS = 80


@dataclass(frozen=True, slots=True)
class Reasons:
    """Facts and rules that force the least possible outcome."""

    facts: tuple[str, ...]
    rules: tuple[int, ...]


def reasons(program: Program, boxes: Mapping[str, int], verdict: Verdict) -> Reasons:
    """The smallest set of known facts (given as closed boxes, in declared order) that forces the least possible outcome, and the rules."""
    least = verdict.possible[0]
    if least == 0:
        return Reasons((), ())
    forbidding = [bits for rule in program.rules if rule.rank >= least for bits in rule.holds.fails]
    names = _smallest(program, boxes, forbidding)
    box = _joined(program, boxes, names)
    return Reasons(tuple(names), _rules(program, box, least))


def _joined(program: Program, boxes: Mapping[str, int], names: Sequence[str]) -> int:
    box = program.space.full
    for name in names:
        box &= boxes[name]
    return program.space.close(box)


def _milder(program: Program, box: int, forbidding: Sequence[int]) -> int:
    """A case of the box that is milder; 0 if there is none. An exhausted budget counts as one."""
    try:
        return program.space.find(box, forbidding) if box else 0
    except BudgetExceededError:
        return program.space.lowest(box)


def _smallest(program: Program, boxes: Mapping[str, int], forbidding: Sequence[int]) -> list[str]:
    """Facts that hit every milder case: grow the list of milder cases until the smallest set that excludes them all forces the outcome."""
    order = list(boxes)
    excluding: list[frozenset[str]] = []
    for _ in range(ROUNDS):
        chosen = _hitting(excluding, order)
        if chosen is None:
            break
        case = _milder(program, _joined(program, boxes, chosen), forbidding)
        if not case:
            return chosen
        excluding.append(frozenset(name for name in order if case & boxes[name] != case))
        if not excluding[-1]:
            break
    kept = order
    for name in reversed(order):
        without = [other for other in kept if other != name]
        if not _milder(program, _joined(program, boxes, without), forbidding):
            kept = without
    return kept


def _hitting(sets: Sequence[frozenset[str]], order: Sequence[str]) -> list[str] | None:
    involved = [name for name in order if any(name in one for one in sets)]
    for size in range(SIZE_LIMIT + 1):
        for chosen in combinations(involved, size):
            if all(not one.isdisjoint(chosen) for one in sets):
                return list(chosen)
    return None


def _rules(program: Program, box: int, least: int) -> tuple[int, ...]:
    """The rules of at least that outcome that hold throughout the box; where none does, those that only together leave no milder case."""
    high = [rule for rule in program.rules if rule.rank >= least]
    certain = tuple(rule.index for rule in high if any(not box & bits for bits in rule.holds.fails))
    if certain:
        return certain
    kept = [rule for rule in high if any(program.space.tighten(box & term) for term in rule.holds.boxes)]
    for rule in list(kept):
        without = [other for other in kept if other is not rule]
        if not _milder(program, box, [bits for other in without for bits in other.holds.fails]):
            kept = without
    return tuple(rule.index for rule in kept)


def nearest_changes(program: Program, boxes: Mapping[str, int], verdict: Verdict, first: Sequence[str]) -> list[tuple[str, object, int]]:
    """Single changes of a known fact that give another advice: (fact, value, rank).

    The facts of `first` come before the others; per fact and advice the nearest value is given.
    """
    space = program.space
    found: list[tuple[str, object, int]] = []
    per_outcome: dict[int, int] = {}
    spent = 0
    without = _without_each(space, boxes)
    for name in [*first, *(name for name in boxes if name not in first)]:
        if space.specs[name].type == "choices":
            continue
        variable = space.variable_of(name)
        known = [i for i in range(len(variable.cells)) if boxes[name] >> (variable.offset + i) & 1]
        given: set[int] = set()
        for i in sorted(range(len(variable.cells)), key=lambda i: _distance(variable, i, known)):
            cell = variable.cells[i]
            bit = 1 << (variable.offset + i)
            if cell is NOT_APPLICABLE or bit & boxes[name]:
                continue
            spent += 1
            if spent > EVALUATIONS and name not in first:
                return found
            box = space.tighten(without[name] & space.narrowing(bit, variable.block))
            advice = advise(program, box) if box else None
            if advice is None or advice == verdict.advice or advice in given:
                continue
            given.add(advice)
            if per_outcome.get(advice, 0) < CHANGES_PER_OUTCOME:
                per_outcome[advice] = per_outcome.get(advice, 0) + 1
                found.append((name, _nearest(cell, boxes[name], program, name), advice))
    return found


def _without_each(space: Space, boxes: Mapping[str, int]) -> dict[str, int]:
    """Per fact, what all others say together."""
    names = list(boxes)
    after = [space.start]
    for name in reversed(names):
        after.append(after[-1] & boxes[name])
    found: dict[str, int] = {}
    before = space.start
    for place, name in enumerate(names):
        found[name] = before & after[len(names) - 1 - place]
        before &= boxes[name]
    return found


def _distance(variable: Variable, i: int, known: Sequence[int]) -> int:
    """How far the cell of an integer lies from what is known; 0 for other facts, so that their values keep the declared order."""
    return min((abs(i - j) for j in known), default=0) if isinstance(variable.cells[0], tuple) else 0


def _nearest(cell: object, known: int, program: Program, name: str) -> object:
    """The value of a cell; of an integer cell, the number nearest to what is known."""
    if not isinstance(cell, tuple):
        return cell
    variable = program.space.variable_of(name)
    ranges = [c for i, c in enumerate(variable.cells) if isinstance(c, tuple) and known >> (variable.offset + i) & 1]
    return cell[0] if ranges and ranges[0][0] < cell[0] else cell[1]
