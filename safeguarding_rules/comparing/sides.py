"""One side of a comparison: a Policy with its decider, and where in the common space it gives which outcome, duty and deadline.

Comes in: a Policy and the common space. Goes out: `CaseSet`s by level. Promised: on every complete case the levels say what the engine says (the
examples are decided by the engine itself, to be sure).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from safeguarding_rules.comparing.common_space import CommonSpace, SideName
from safeguarding_rules.comparing.sets import CaseSet, case_in, cases_of, crossed, everything, joined, met, nothing
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.language.deadlines import Deadline, never_later
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, Policy, PolicyRule, Standing
from safeguarding_rules.reading import Pack
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum, sum_in

SlotKey = tuple[str, str, bool]  # action, by, whether it is forbidden
DueKey = tuple[Deadline, str]  # within what, from which clock


@dataclass(frozen=True)
class Stand:
    """A policy as it stands on a day, ready to decide. `name`: how it was asked for; `packs`: what it was linked from."""

    name: str
    decider: Decider
    on: date
    packs: tuple[Pack, ...] = ()

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.decider.program.policy

    @property
    def notes(self) -> dict[str, str]:
        """The notes on standing entries, by id."""
        entries = ((f"{pack.id}/standing/{one.name}", one.note) for pack in self.packs for _, document in pack.rules for one in document.standing)
        return {name: note for name, note in entries if note}


class Side:
    """One side of a comparison in the common space."""

    def __init__(self, side: SideName, stand: Stand, common: CommonSpace) -> None:
        self.side = side
        self.stand = stand
        self.policy = stand.policy
        self.common = common
        self.space = common.space
        self.sums: dict[str, Sum] = {rule.id: sum_in(self.space, common.condition(side, holds_of(rule))) for rule in self.policy.rules}

    @cached_property
    def outcomes(self) -> tuple[CaseSet, ...]:
        """By rank: the cases whose outcome is at least that."""
        ranks = range(1, len(self.policy.outcomes))
        above = (cases_of(self.space, [self.sums[rule.id] for rule in self.policy.rules if (rule.outcome or 0) >= rank]) for rank in ranks)
        return (everything(self.space), *above)

    @cached_property
    def givers(self) -> dict[SlotKey, list[tuple[PolicyRule | Standing, Duty]]]:
        """What gives each side of each (action, by)."""
        found: dict[SlotKey, list[tuple[PolicyRule | Standing, Duty]]] = {}
        givers: list[PolicyRule | Standing] = [*self.policy.rules, *self.policy.standing]
        for giver in givers:
            for duty in giver.duties:
                found.setdefault((duty.action, duty.by, duty.modality in PROHIBITIONS), []).append((giver, duty))
        return found

    def where(self, givers: Iterable[PolicyRule | Standing]) -> CaseSet:
        """The cases in which at least one of some rules and standing entries holds."""
        least = len(self.policy.outcomes)
        rules: dict[str, Sum] = {}
        parts: list[CaseSet] = []
        for giver in givers:
            if isinstance(giver, PolicyRule):
                rules[giver.id] = self.sums[giver.id]
            elif giver.kind == "first":
                parts.append(self.outcomes[1].opposite)
            elif giver.outcome == 0:
                return everything(self.space)
            else:
                least = min(least, giver.outcome)
        for rule in self.policy.rules:
            if (rule.outcome or 0) >= least:
                rules[rule.id] = self.sums[rule.id]
        ruled = cases_of(self.space, rules.values())
        return joined(self.space, ruled, *parts) if parts else ruled

    def strengths(self, slot: SlotKey) -> tuple[CaseSet, ...]:
        """By strength from 0: the cases in which the slot is given at least that."""
        action, by, forbidden = slot
        given = self.givers.get(slot, [])
        levels = [self.where(giver for giver, duty in given if STRENGTH[duty.modality] >= strength) for strength in (1, 2, 3)]
        prohibiting = () if forbidden else self.givers.get((action, by, True), ())
        if prohibiting and any(duty.modality == "may" for _, duty in given):
            allowed = self.where(giver for giver, _ in prohibiting).opposite
            levels[0] = joined(self.space, levels[1], met(self.space, levels[0], allowed))
        return (everything(self.space), *levels)

    def deadlines(self, slot: SlotKey) -> Iterator[DueKey]:
        """The deadlines that are ever given to a slot."""
        yield from dict.fromkeys((duty.deadline, duty.clock) for _, duty in self.givers.get(slot, ()) if duty.deadline is not None)

    def due(self, slot: SlotKey, due: DueKey) -> tuple[CaseSet, ...]:
        """All cases, those in which the slot is given, and those in which it is given and never due later than a deadline."""
        deadline, clock = due
        given = self.strengths(slot)[1]
        soon = self.where(
            giver
            for giver, duty in self.givers.get(slot, ())
            if duty.deadline is not None and duty.clock == clock and never_later(duty.deadline, deadline)
        )
        if not soon.inside:
            return (everything(self.space), given, nothing(self.space))
        same = set(soon.inside) == set(given.inside)
        return (everything(self.space), given, given if same else met(self.space, given, soon) if self._may_lapse(slot) else soon)

    def _may_lapse(self, slot: SlotKey) -> bool:
        """Whether a `may` of the slot can count for nothing although something gives it."""
        action, by, forbidden = slot
        return not forbidden and (action, by, True) in self.givers and any(duty.modality == "may" for _, duty in self.givers[slot])

    # -- one case -------------------------------------------------------------------------------------------------------------------

    def rules_in(self, case: int) -> list[PolicyRule]:
        """The rules that hold in a complete case."""
        return [rule for rule in self.policy.rules if self.sums[rule.id].holds(case)]

    def rank_in(self, case: int) -> int:
        """The outcome of a complete case."""
        return max((rule.outcome or 0 for rule in self.rules_in(case)), default=0)

    def givers_in(self, case: int, slot: SlotKey) -> list[tuple[PolicyRule | Standing, Duty]]:
        """What gives a slot in a complete case."""
        rank = self.rank_in(case)
        return [(giver, duty) for giver, duty in self.givers.get(slot, ()) if self._holds(giver, case, rank)]

    def _holds(self, giver: PolicyRule | Standing, case: int, rank: int) -> bool:
        if isinstance(giver, PolicyRule):
            return self.sums[giver.id].holds(case)
        return rank == 0 if giver.kind == "first" else rank >= giver.outcome


def quiet_case(old: Side, new: Side) -> int:
    """A case in which nothing is out of the ordinary: the first outcome on both sides where there is such a case; 0 if there is no case at all.

    What is near to it is only easier to read: where search gives up, the lowest cells of all will do.
    """
    space = old.space
    if not space.start:
        return 0
    firsts = old.outcomes[1].outside, new.outcomes[1].outside
    for one, other in (firsts, (firsts[0], firsts[0]), (firsts[1], firsts[1])):
        try:
            if case := case_in(space, space.start, crossed(space, one, other)):
                return case
        except BudgetExceededError:
            continue
    return space.lowest(space.start)
