"""Facts whose duties hang on few other facts, whatever else is known.

Comes in: a Program. Goes out: per variable the blocks on which it hangs whether learning it can change a duty, where they are few and the outcome
is not among what it hangs on; and a memo of the answers. Promised: the answer is the same for boxes that are the same in these blocks. Frozen but for
the memo, which is the same whoever fills it, and limited: what is known of a handful of facts recurs in many cases.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program

FEW = 8
"""Variables, at most."""


class Local:
    """What hangs on few facts."""

    def __init__(self, program: Program) -> None:
        usable = not (program.space.wide or program.space.loose)
        self.around = tuple(_around(program, i) if usable else 0 for i in range(len(program.space.variables)))
        """Per variable, the blocks; 0 where they are many, or the outcome is among them."""
        self.known: dict[tuple[int, int], bool] = {}
        """A variable, and what is known there, -> whether learning it can change a duty."""


def _around(program: Program, index: int) -> int:
    """The blocks that constraints connect to a variable, or to what tells of the duties that hang on one of those."""
    reach = program.steps.reach
    tied = reach(index)
    gifts = [gift for rule, blocks in zip(program.rules, program.index.blocks, strict=True) if tied & sum(blocks) for gift in rule.gives]
    slots = {slot for slot, _ in gifts}
    slots |= {program.slots[slot].opposite for slot in slots} - {-1}
    if any(program.standing[i].first or program.standing[i].rank for slot in slots for i, _ in program.slots[slot].standing):
        return 0
    givers = [blocks for slot in slots for i, _ in program.slots[slot].rules for blocks in program.index.blocks[i]]
    found = reduce(or_, [reach(i) for i in program.space.variables_in(reduce(or_, givers, 0))], tied)
    return found if len(program.space.variables_in(found)) <= FEW else 0
