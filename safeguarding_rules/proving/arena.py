"""A stack laid out for proving: its Program over a space fine enough for every claim, and questions about cases that give or lack something.

Comes in: a Policy, and the conditions of the claims. Goes out: cases. Promised: exact, or `UndecidedError`. Duties are asked as slots (an action, a
person, a direction) with strengths, as `deciding` numbers them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.language.conditions import Condition
from safeguarding_rules.linking.cases import space_of
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Policy
from safeguarding_rules.proving.search import Limits, Search
from safeguarding_rules.worlds.space import Space

Given = tuple[int, int]  # a slot and a strength


class Arena:
    """One stack, ready to be asked. `decider` is the real engine, which every case is run through before it is shown."""

    def __init__(self, policy: Policy, on: date, limits: Limits, beyond: Iterable[Condition] = (), space: Space | None = None) -> None:
        self.policy = policy
        self.on = on
        self.space = space_of(policy, beyond) if space is None else space
        self.program: Program = compile_policy(policy, self.space)
        self.search = Search(self.space, limits)
        self._decider: Decider | None = None
        self._fails: dict[int, list[int]] = {}

    @property
    def decider(self) -> Decider:
        """The engine as everybody uses it, compiled over its own space."""
        if self._decider is None:
            self._decider = Decider(compile_policy(self.policy))
        return self._decider

    @property
    def everything(self) -> list[int]:
        """The box of all cases."""
        return [self.space.start]

    # -- outcomes -------------------------------------------------------------------------------------------------------------------

    def fails(self, rank: int) -> list[int]:
        """Terms to forbid so that no rule of at least this rank holds."""
        if rank not in self._fails:
            self._fails[rank] = [bits for rule in self.program.rules if rule.rank >= rank for bits in rule.holds.fails]
        return self._fails[rank]

    def reaching(self, rank: int, within: Sequence[int]) -> list[int]:
        """The boxes, within others, in which the outcome is at least `rank`."""
        if rank <= 0:
            return list(within)
        return self.meets(within, [term for rule in self.program.rules if rule.rank >= rank for term in rule.holds.boxes])

    def meets(self, some: Sequence[int], others: Sequence[int]) -> list[int]:
        """The boxes that are not empty among the intersections of one of each."""
        return [box for one in some for other in others if (box := self.space.meet(one, other))]

    def rank_of(self, case: int) -> int:
        """The outcome of a complete case."""
        return max([0, *(rule.rank for rule in self.program.rules if rule.holds.holds(case))])

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    def slots(self, action: str, modality: str, by: str | None = None) -> list[int]:
        """The slots of an action on the side of a modality, for anybody or for one person."""
        forbids = modality in PROHIBITIONS
        return [i for i, slot in enumerate(self.program.slots) if slot.action == action and slot.forbids == forbids and (by is None or slot.by == by)]

    def lacking(self, absent: Sequence[Given]) -> tuple[list[int], bool] | None:
        """Terms to forbid so that each slot is given less than its strength, and whether the outcome must be above the first.

        None if no case lacks it.
        """
        forbidding: list[int] = []
        raised = False
        for slot, strength in absent:
            described = self.program.slots[slot]
            forbidding += [bits for i, given in described.rules if given >= strength for bits in self.program.rules[i].holds.fails]
            for i, given in described.standing:
                entry = self.program.standing[i]
                if given < strength:
                    continue
                if entry.first:
                    raised = True
                elif entry.rank == 0:
                    return None
                else:
                    forbidding += self.fails(entry.rank)
        return forbidding, raised

    def ways(self, within: Sequence[int], slot: int, strength: int) -> list[tuple[list[int], list[int]]]:
        """Boxes, with terms to forbid in them, that together are the cases of `within` in which the slot is given at least `strength`."""
        described = self.program.slots[slot]
        ways: list[tuple[list[int], list[int]]] = []
        ways += [(self.meets(within, self.program.rules[i].holds.boxes), []) for i, given in described.rules if given >= strength]
        for i, given in described.standing:
            entry = self.program.standing[i]
            if given >= strength:
                ways.append((list(within), self.fails(1)) if entry.first else (self.reaching(entry.rank, within), []))
        return ways

    def find(self, within: Sequence[int], forbidding: Sequence[int] = (), absent: Sequence[Given] = (), present: Given | None = None) -> int:
        """A smallest case of `within`, free of the terms, that lacks each of `absent` and is given `present`; 0 if there is none."""
        lacks = self.lacking(absent)
        if lacks is None:
            return 0
        more, raised = lacks
        boxes = self.reaching(1, within) if raised else list(within)
        for inner, further in [(boxes, [])] if present is None else self.ways(boxes, *present):
            wanted = [*forbidding, *more, *further]
            if found := self.search.find(inner, wanted):
                return self.search.smallest(inner, wanted, found)
        return 0

    def standing(self, within: Sequence[int], slot: int, strength: int, forbidding: Sequence[int] = ()) -> int:
        """A smallest case in which a duty stands at least so strongly: as `find`, but a `may` counts for nothing beside a prohibition."""
        described = self.program.slots[slot]
        if strength == STRENGTH["may"] and not described.forbids and described.opposite >= 0:
            stronger = self.find(within, forbidding, present=(slot, strength + 1))
            return stronger or self.find(within, forbidding, [(described.opposite, 1)], (slot, strength))
        return self.find(within, forbidding, present=(slot, strength))
