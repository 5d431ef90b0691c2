"""What steps of learning touch: the open terms that say something about what they change, and what those can come to.

Comes in: what is open in a box, and steps. Goes out: terms, and steps with fewer completions to look at. Promised: exact; what is left out could tell
nothing more.
"""

from __future__ import annotations

from functools import reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.sayings import Open
from safeguarding_rules.deciding.steps import Step
from safeguarding_rules.worlds.index import positions
from safeguarding_rules.worlds.space import Space


class Touched(NamedTuple):
    """An open rule, by index, with those of its terms, as closed boxes, that say something about what a step changes."""

    rule: int
    boxes: tuple[int, ...]


class Touching:
    """Tells of steps within one box what they touch. `least` is the least possible outcome."""

    def __init__(self, program: Program, opened: Open, least: int) -> None:
        self.program, self.space, self.sayings = program, program.space, program.sayings
        self.open, self.least = opened, least
        self._about: dict[int, int] = {}
        self._touched: dict[int, tuple[Touched, ...]] = {}
        self._moves: dict[Step, tuple[int, int]] = {}

    def about(self, blocks: int) -> int:
        """The open terms that say something about some of the blocks."""
        found = self._about.get(blocks)
        if found is None:
            about = self.sayings.about
            found = self._about[blocks] = reduce(or_, [about[i] for i in self.space.variables_in(blocks)], 0) & self.open.terms
        return found

    def touched(self, step: Step, terms: int) -> tuple[Touched, ...]:
        """The open rules with some of the terms that say something about what the step changes, each with these terms."""
        terms &= self.about(step.changed)
        if terms not in self._touched:
            owners, boxes = self.program.index.owners, self.program.index.boxes
            grouped = groupby(positions(terms), key=owners.__getitem__)
            self._touched[terms] = tuple(Touched(owner, tuple([boxes[number] for number in numbers])) for owner, numbers in grouped)
        return self._touched[terms]

    def moves(self, step: Step) -> tuple[int, int]:
        """Of a step that releases blocks: the highest rank that a term can bring whatever they become; and, as bits, ranks of terms it may leave."""
        if step not in self._moves:
            boxes, meet, ranked = self.program.index.boxes, self.space.meet, self.sayings.ranked
            terms = self.about(step.changed)
            lost = 0
            for rank, owned in enumerate(ranked):
                if rank and any(meet(step.before, boxes[number]) for number in positions(terms & owned)):
                    lost |= 1 << rank
            highest = len(ranked)
            sure = {completion for completion, _, always in self.sayings.completions(step) if always}
            for completion in self.reduced(step, self.sayings.telling, gain=True).released:
                if highest > self.least and completion in sure:
                    highest = min(highest, self.brought(step, terms, completion, highest))
            self._moves[step] = highest, lost
        return self._moves[step]

    def reduced(self, step: Step, terms: int, *, gain: bool) -> Step:
        """A step without the completions that cannot tell more than another one that is always possible: the same of the terms holds with both.

        With `gain`, where it is asked whether some of the terms hold whatever is released: no more of them hold with the other.
        """
        terms &= self.about(step.changed)
        always: dict[int, int] = {}
        other = []
        for completion, fails, sure in self.sayings.completions(step):
            if not sure:
                other.append((fails & terms, completion))
            elif (key := fails & terms) not in always:
                always[key] = completion
        if gain and len(always) > 1:
            always = {fails: one for fails, one in always.items() if not any(fails != more and not fails & ~more for more in always)}
        if gain:
            other = [(fails, one) for fails, one in other if not any(not fails & ~more for more in always)]
        else:
            other = [(fails, one) for fails, one in other if fails not in always]
        return Step(step.before, step.fixed, step.changed, (*always.values(), *(one for _, one in other)))

    def brought(self, step: Step, terms: int, completion: int, enough: int) -> int:
        """The highest rank of a term that can hold after the step with one completion; `enough` if it is that or more."""
        space, boxes, ranked = self.space, self.program.index.boxes, self.sayings.ranked
        for rank in range(len(ranked) - 1, self.least, -1):
            for number in positions(terms & ranked[rank]):
                if (before := step.before & moved(space, step, boxes[number], completion)) and space.tighten(before):
                    return min(rank, enough)
        return self.least


def moved(space: Space, step: Step, box: int, completion: int = 0) -> int:
    """A term, as it must stand before the step in order to hold after it; 0 if the step leaves it."""
    inside = step.fixed | completion
    if any(not box & inside & block for block in space.blocks_in(inside)):
        return 0
    return box | step.changed
