"""Which duties a box of cases brings: what applies, what is assumed, what can be.

Comes in: a Program, the box with its rules and outcomes judged. Goes out: per slot three strengths. Promised: exact, unless the node budget runs
out; then what applies is no more, and what can be no less, than in truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from safeguarding_rules.deciding.box_search import BoxSearch
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.strengths import ANY, SLOT_BITS, packed, unpacked


class Judged(NamedTuple):
    """What is known of a box before its duties are: rules by index that are met and open, what they give, the possible outcomes.

    Gifts are packed. `at_cases` is what each case at hand gives: nothing beyond it applies.
    """

    met: Sequence[int]
    open: Sequence[int]
    met_gifts: int
    open_gifts: int
    at_cases: int
    possible: Sequence[int]


class Duties:
    """The duties of one box being judged."""

    def __init__(self, program: Program, look: BoxSearch, judged: Judged) -> None:
        self.program = program
        self.look = look
        self.judged = judged
        self.possible = judged.possible

    @cached_property
    def met(self) -> frozenset[int]:
        """The rules that are met."""
        return frozenset(self.judged.met)

    @cached_property
    def open(self) -> frozenset[int]:
        """The rules that are open."""
        return frozenset(self.judged.open)

    def strengths(self, presumed: Sequence[int], advice: int) -> tuple[bytes, bytes, bytes]:
        """Per slot, the strength that applies, that is assumed, and that is the strongest possible."""
        program, judged = self.program, self.judged
        least, greatest = self.possible[0], self.possible[-1]
        unsettled = len(self.possible) > 1 or not self.look.exact
        certain = judged.met_gifts | (program.standing_at[0] if greatest == 0 else program.standing_from[least])
        most = judged.met_gifts | judged.open_gifts | program.standing_from[greatest]
        if least == 0:
            most |= program.standing_at[0]
        assumed = self.assume(presumed, advice, unsettled=unsettled)
        if raised := self.raised(certain, most):
            certain |= raised
        count = len(program.slots)
        if not (most | assumed) & program.contested_bits:
            return unpacked(certain, count), unpacked(assumed, count), unpacked(most, count)
        contested = bytearray(unpacked(certain, count)), bytearray(unpacked(assumed, count)), bytearray(unpacked(most, count))
        for slot in program.contested:
            self.contest(slot, *contested)
        applies, presumably, reach = contested
        return bytes(applies), bytes(presumably), bytes(reach)

    def assume(self, presumed: Sequence[int], advice: int, *, unsettled: bool) -> int:
        """What presumed rules give and, while the outcome is not settled, the advice; packed."""
        assumed = self.program.raised_to[advice] | self.program.unsettled_given if unsettled else 0
        for index in presumed:
            assumed |= self.program.index.gifts[index]
        return assumed

    def raised(self, certain: int, most: int) -> int:
        """What applies besides, because several open givers together leave no case without it; packed."""
        rest = self.judged.at_cases & ~certain
        raised = 0
        while rest:
            slot = ((rest & -rest).bit_length() - 1) // SLOT_BITS
            place = SLOT_BITS * slot
            raised |= (
                0 if slot in self.program.contested else self.surely(slot, *((bits >> place & ANY).bit_length() for bits in (certain, rest, most)))
            )
            rest &= ~(ANY << place)
        return raised

    def surely(self, slot: int, applies: int, at_case: int, reach: int) -> int:
        """The strength above `applies` that every case gives the slot, packed; no case at hand gives less than `at_case`."""
        strongest = 0
        for wanted in self.program.slots[slot].strengths:
            if wanted <= applies:
                continue
            if max(applies, strongest) >= at_case or wanted > reach or self.lacks(slot, wanted):
                break
            strongest = wanted
        return packed([(slot, strongest)])

    def lacks(self, slot: int, strength: int) -> bool:
        """Whether in some case of the box the slot is given less than `strength`."""
        described = self.program.slots[slot]
        if not any(given >= strength for _, given in described.standing):
            giving = [index for index, given in described.rules if given >= strength]
            if not self.met.intersection(giving) and len(self.open.intersection(giving)) == 1:
                return True  # where that rule fails
        return self.exists(slot, strength)

    def exists(self, slot: int, strength: int, present: int | None = None) -> bool:
        """Whether some case gives a slot less than a strength and, if asked, something to the slot `present`. On an exhausted budget: yes."""
        forbidding, raised = self.givers_of(slot, strength)
        if forbidding is None:
            return False
        for box in self.boxes_above(0) if raised else [self.look.box]:
            for inner, more in [(box, [])] if present is None else self.boxes_giving(box, present):
                if inner and self.look.search(inner, [*forbidding, *more]):
                    return True
        return False

    def givers_of(self, slot: int, strength: int) -> tuple[list[int] | None, bool]:
        """The terms that give a slot at least that strength (None: every case does), and whether the first outcome does."""
        program = self.program
        described = program.slots[slot]
        giving = {index for index, given in described.rules if given >= strength}
        if giving & self.met:
            return None, False
        first = False
        for index, given in described.standing:
            entry = program.standing[index]
            if given < strength:
                continue
            if entry.first:
                first = True
            elif entry.rank <= self.possible[0]:
                return None, False
            else:
                giving.update(i for i in self.open if program.rules[i].rank >= entry.rank)
        return [bits for i in sorted(giving & self.open) for bits in program.rules[i].holds.fails], first

    def boxes_above(self, rank: int) -> list[int]:
        """The boxes, within this one, of the rules whose outcome is above `rank`."""
        space = self.program.space
        return [box for rule in self.program.rules if rule.rank > rank for term in rule.holds.boxes if (box := space.meet(self.look.box, term))]

    def boxes_giving(self, box: int, slot: int) -> list[tuple[int, list[int]]]:
        """Boxes (with terms to forbid) that together are the cases of `box` in which the slot is given something."""
        program, space = self.program, self.program.space
        described = program.slots[slot]
        found: list[tuple[int, list[int]]] = []
        for index, _ in described.rules:
            found += [(space.meet(box, term), []) for term in program.rules[index].holds.boxes]
        for index, _ in described.standing:
            entry = program.standing[index]
            if entry.first:
                found.append((box, [bits for rule in program.rules if rule.rank > 0 for bits in rule.holds.fails]))
            elif entry.rank == 0:
                found.append((box, []))
            else:
                found += [(space.meet(box, term), []) for rule in program.rules if rule.rank >= entry.rank for term in rule.holds.boxes]
        return found

    def contest(self, i: int, applies: bytearray, assumed: bytearray, reach: bytearray) -> None:
        """Settle a slot whose `may` a prohibition of the same action outranks: such a `may` counts for nothing."""
        opposite = self.program.slots[i].opposite
        if reach[i] == 1 and reach[opposite] and not self.exists(opposite, 1, present=i):
            reach[i] = 0
            waiting = len(self.possible) > 1 and (i, 1) in self.program.unsettled_gives
            assumed[i] = 0 if assumed[i] == 1 and not waiting else assumed[i]
        applies[i] = 0
        for strength in self.program.slots[i].strengths:
            if strength > reach[i] or self.lacks(i, strength):
                break
            if strength > 1 or not reach[opposite] or not self.exists(i, 2, present=opposite):
                applies[i] = strength
        if applies[opposite] or assumed[opposite]:
            assumed[i] = 0 if assumed[i] == 1 else assumed[i]
            reach[i] = 0 if reach[i] == 1 else reach[i]
