"""What steps of learning touch: the open terms that say something about what they change, and what those can come to.

Comes in: what is open in a box, and steps. Goes out: terms, and steps with fewer completions to look at. Promised: exact; what is left out could tell
nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import or_

from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.deciding.sayings import Open
from safeguarding_rules.deciding.steps import Step
from safeguarding_rules.worlds.index import positions
from safeguarding_rules.worlds.space import Space


@dataclass(frozen=True, slots=True)
class Touched:
    """An open rule with those of its terms, as closed boxes and as the cells outside, that say something about what a step changes."""

    rule: CompiledRule
    boxes: tuple[int, ...]
    fails: tuple[int, ...]


class Touching:
    """Tells of steps within one box what they touch. `least` is the least possible outcome."""

    def __init__(self, program: Program, opened: Open, least: int) -> None:
        self.program, self.space, self.sayings = program, program.space, program.sayings
        self.open, self.least = opened, least
        self._touched: dict[int, tuple[Touched, ...]] = {}
        self._moves: dict[Step, tuple[int, frozenset[int]]] = {}

    def about(self, blocks: int) -> int:
        """The open terms that say something about some of the blocks."""
        about = self.sayings.about
        return reduce(or_, [about[i] for i in self.space.variables_in(blocks)], 0) & self.open.terms

    def touched(self, step: Step) -> tuple[Touched, ...]:
        """The open rules with terms that say something about what the step changes, each with these terms."""
        changed = step.changed
        if changed not in self._touched:
            owners, boxes, outside = self.program.index.owners, self.program.index.boxes, self.sayings.outside
            found = [
                Touched(self.program.rules[owner], tuple(boxes[n] for n in numbers), tuple(outside[n] for n in numbers))
                for owner, grouped in groupby(positions(self.about(changed)), key=owners.__getitem__)
                if (numbers := tuple(grouped))
            ]
            self._touched[changed] = tuple(found)
        return self._touched[changed]

    def moves(self, step: Step) -> tuple[int, frozenset[int]]:
        """Of a step that releases blocks: the highest rank that a term can bring whatever they become, and the ranks of terms that may be left."""
        if step not in self._moves:
            space, touched = self.space, self.touched(step)
            lost = frozenset(one.rule.rank for one in touched if any(space.meet(step.before, box) for box in one.boxes))
            highest = len(self.sayings.ranked)
            sure = {completion for completion, _, always in self.sayings.completions(step) if always}
            for completion in self.reduced(step, self.sayings.telling, gain=True).released:
                if highest > self.least and completion in sure:
                    highest = min(highest, self.brought(step, touched, completion, highest))
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

    def brought(self, step: Step, touched: Sequence[Touched], completion: int, enough: int) -> int:
        """The highest rank of a term that can hold after the step with one completion; `enough` if it is that or more."""
        space = self.space
        highest = 0
        for one in touched:
            if one.rule.rank > highest and any(
                (before := step.before & moved(space, step, box, completion)) and space.tighten(before) for box in one.boxes
            ):
                highest = one.rule.rank
                if highest >= enough:
                    break
        return highest


def moved(space: Space, step: Step, box: int, completion: int = 0) -> int:
    """A term, as it must stand before the step in order to hold after it; 0 if the step leaves it."""
    inside = step.fixed | completion
    if any(not box & inside & block for block in space.blocks_in(inside)):
        return 0
    return box | step.changed
