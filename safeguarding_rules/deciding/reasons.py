"""Why the least possible outcome is forced: a smallest set of known facts, the rules that do it, and the nearest changes.

Comes in: a Program, the facts with their boxes, and the verdict. Goes out: names and ranks. Promised: the set really forces the outcome, and no
smaller set does (for more than
`SIZE_LIMIT` facts: none of it can be left out). Ties go to the facts declared first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from safeguarding_rules.deciding.neighbours import Cell, Cells, Change
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.frozen import frozen
from safeguarding_rules.worlds.space import Space

SIZE_LIMIT = 4
ROUNDS = 400
CHANGES_PER_OUTCOME = 3
EVALUATIONS = 80


@frozen
class Reasons:
    """Facts and rules that force the least possible outcome."""

    facts: tuple[str, ...]
    rules: tuple[int, ...]


def reasons(program: Program, boxes: Mapping[str, int], verdict: Verdict) -> Reasons:
    """The smallest set of known facts (given as closed boxes, in declared order) that forces the least possible outcome, and the rules."""
    least = verdict.possible[0]
    if least == 0:
        return Reasons((), ())
    names = list(boxes)
    chosen = _Smallest(program, boxes, names, verdict).found(least)
    box = _joined(program.space, [boxes[name] for name in chosen])
    return Reasons(tuple(chosen), program.forcing.rules(box, least))


def _joined(space: Space, boxes: Iterable[int]) -> int:
    return space.tighten(reduce(and_, boxes, space.start))


class _Smallest:
    """Facts that hit every milder case: grow the list of milder cases until the smallest set that excludes them all forces the outcome."""

    def __init__(self, program: Program, boxes: Mapping[str, int], names: Sequence[str], verdict: Verdict) -> None:
        self.program, self.space = program, program.space
        self.boxes, self.names, self.box = boxes, names, verdict.box
        self.place = {name: i for i, name in enumerate(names)}
        self.linked = [name for name in names if name in program.neighbours.linked]

    def found(self, least: int) -> list[str]:
        """The smallest set; beyond the limits one of which none can be left out."""
        names, milder = self.names, self.program.forcing.milder
        excluding: list[int] = []
        size = 0  # more sets to hit never need fewer facts
        for _ in range(ROUNDS):
            while (chosen := _hit(excluding, size, 0)) is None and size < SIZE_LIMIT:
                size += 1
            if chosen is None:
                break
            case = milder(_joined(self.space, [self.boxes[names[i]] for i in chosen]), least)
            if not case:
                return [names[i] for i in chosen]
            found = self.excluding(case)
            if not found:
                break
            excluding = [one for one in excluding if found & ~one]  # who hits the new one hits those that hold it
            excluding.append(found)
        kept = list(names)
        for name in reversed(names):
            without = [other for other in kept if other != name]
            if not milder(_joined(self.space, [self.boxes[other] for other in without]), least):
                kept = without
        return kept

    def excluding(self, case: int) -> int:
        """The facts, as bits by their places, that exclude a case."""
        found = 0
        linked = False
        for i in self.space.variables_in(case & ~self.box):
            name = self.space.variables[i].fact
            if name in self.program.neighbours.linked:
                linked = True
            elif name in self.place:
                found |= 1 << self.place[name]
        for name in self.linked if linked else ():
            if case & ~self.boxes[name]:
                found |= 1 << self.place[name]
        return found


def _hit(sets: Sequence[int], size: int, start: int) -> list[int] | None:
    """The first set of so many places, from `start` on, that has one in each set of bits; None if there is none. No smaller one has."""
    if not sets:
        return []
    if not size:
        return None
    if size == 1:
        common = reduce(and_, sets) >> start << start
        return [(common & -common).bit_length() - 1] if common else None
    last = min(sets).bit_length()  # nothing chosen later lies before
    union = reduce(or_, sets) >> start << start & ((1 << last) - 1)
    while union:
        place = (union & -union).bit_length() - 1
        union &= union - 1
        rest = _hit([bits for bits in sets if not bits >> place & 1], size - 1, place + 1)
        if rest is not None:
            return [place, *rest]
    return None


def nearest_changes(program: Program, boxes: Mapping[str, int], verdict: Verdict, first: Sequence[str]) -> list[tuple[str, object, int]]:
    """Single changes of a known fact that give another advice: (fact, value, rank).

    The facts of `first` come before the others; per fact and advice the nearest value is given.
    """
    search = _Changes(program, boxes, verdict)
    for name in first:
        if name in program.neighbours.cells:
            search.look(name, program.neighbours.cells[name])
    search.rest([name for name in boxes if name not in first])
    return search.found


class _Changes:
    """Nearest changes being looked for. `spent` counts the values looked at."""

    def __init__(self, program: Program, boxes: Mapping[str, int], verdict: Verdict) -> None:
        self.program, near = program, program.neighbours
        self.boxes, self.verdict, self.cells, self.space = boxes, verdict, near.cells, program.space
        self.beside = near.beside(verdict.box)
        self.without = _without_each(program.space, boxes, [name for name in boxes if name in near.linked])
        self.found: list[tuple[str, object, int]] = []
        self.per_outcome: dict[int, int] = {}
        self.spent = 0

    def rest(self, names: Iterable[str]) -> None:
        """Look at the values of facts until enough were looked at."""
        known, box, leaves, all_without, some = self.cells, self.verdict.box, self.beside.leaves, self.without, self.space.some
        for name in names:  # the hot path
            if self.spent >= EVALUATIONS:
                return
            cells = known.get(name)
            if cells is None:
                continue
            without = all_without[name] if cells.linked else 0
            if not without & cells.guard:
                if leaves(cells):
                    self.spent += len(cells.stated) - (box & cells.block).bit_count()
                    continue
                if one := cells.other.get(box & cells.block):
                    self.spent += 1
                    advice = self.beside.advice_with(cells, one)
                    if advice is not None and advice != self.verdict.advice:
                        self.keep(name, one, cells, box, advice)
                    continue
            elif (one := cells.other.get(self.boxes[name] & cells.block)) and not some(without & one.box):
                self.spent += 1  # no case agrees with it
                continue
            self.look(name, cells, EVALUATIONS - self.spent)

    def look(self, name: str, cells: Cells, most: int | None = None) -> None:
        """Look at the values of a fact, so many at most."""
        without = self.without[name] if cells.linked and self.without[name] & cells.guard else 0
        if not without and self.beside.leaves(cells):
            self.spent += len(cells.stated) - (self.verdict.box & cells.block).bit_count()
            return
        known = self.boxes[name] if without else self.verdict.box
        changes = self.program.neighbours.others(cells, known & cells.block)[:most]
        self.spent += len(changes)
        given: set[int] = {self.verdict.advice}
        agreed = [one for one in changes if one.box]  # no case has the others, whatever else is so
        for other, advice in self.beside.advice_of(cells, agreed, without):
            if advice not in given:
                given.add(advice)
                self.keep(name, other, cells, known, advice)

    def keep(self, name: str, other: Change, cells: Cells, known: int, advice: int) -> None:
        """Note a change, unless there are enough with that advice."""
        count = self.per_outcome[advice] = self.per_outcome.get(advice, 0) + 1
        if count <= CHANGES_PER_OUTCOME:
            self.found.append((name, _nearest(other.cell, cells, known), advice))
        if count == CHANGES_PER_OUTCOME:
            self.beside.enough(advice)


def _without_each(space: Space, boxes: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    """Per name, what all others say together."""
    after = [space.start]
    for name in reversed(names):
        after.append(after[-1] & boxes[name])
    found: dict[str, int] = {}
    before = space.start
    for place, name in enumerate(names):
        found[name] = before & after[len(names) - 1 - place]
        before &= boxes[name]
    return found


def _nearest(cell: Cell, cells: Cells, known: int) -> object:
    """The value of a cell; of an integer cell, the number nearest to what is known."""
    if not isinstance(cell, tuple):
        return cell
    ranges = [one.cell for one in cells.stated if one.bit & known and isinstance(one.cell, tuple)]
    return cell[0] if ranges and ranges[0][0] < cell[0] else cell[1]
