"""Compile a Policy into a Program: rules as bit terms over a space, duties as slots.

Comes in: a checked Policy. Goes out: a frozen Program that many threads may decide with at once. Promised: the Program means exactly what the
Policy says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from safeguarding_rules.deciding.contacts import Contacts
from safeguarding_rules.deciding.forcing import Forcing
from safeguarding_rules.deciding.local import Local
from safeguarding_rules.deciding.rule_index import RuleIndex
from safeguarding_rules.deciding.sayings import Sayings
from safeguarding_rules.deciding.steps import StepTable
from safeguarding_rules.deciding.strengths import ANY, SLOT_BITS, packed
from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.linking.cases import holds_of, space_of
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, Policy, PolicyRule, RouteEntry
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.sums import Sum, sum_in

if TYPE_CHECKING:
    from safeguarding_rules.deciding.neighbours import Neighbours
    from safeguarding_rules.deciding.never import Never
    from safeguarding_rules.deciding.pieces import Pieces

Gift = tuple[int, int]  # slot, strength
HINTS = 3


@frozen
class CompiledRule:
    """A rule: when it holds, what it gives, and how it is presumed. `rank` is -1 for a rule that only gives actions."""

    index: int
    holds: Sum
    rank: int
    gives: tuple[Gift, ...]
    presume: Literal["ask", "presume_if_partly_met", "presume_met"]
    limbs: tuple[Sum, ...] = ()
    when: Sum | None = None
    unless: Sum | None = None


@frozen
class CompiledStanding:
    """A standing entry: held from `rank` upwards (0: always); at rank 0 only where `first`."""

    rank: int
    first: bool
    gives: tuple[Gift, ...]


@frozen
class Slot:
    """One side of an (action, by): every strength ever given to it, and by whom. `opposite` is the slot of the other side, or -1."""

    action: str
    by: str
    forbids: bool
    opposite: int
    rules: tuple[tuple[int, int], ...]  # rule index, strength
    standing: tuple[tuple[int, int], ...]  # standing index, strength
    unsettled: int  # strength that `when_unsettled` gives
    contested_may: bool  # a `may` that a prohibition can outrank
    strengths: tuple[int, ...]  # every strength that rules and standing entries give to it, the weakest first


class Hints(dict[tuple[int, int], tuple[int, ...]]):
    """Per variable and rank, boxes: what has to be so for it to show that the outcome hangs on the variable.

    They tell where to look first, and never what is so: what is found does not hang on which there are. Limited.
    """

    def learn(self, key: tuple[int, int], box: int) -> None:
        """Keep one more, the newest first."""
        known = self.get(key, ())
        if box not in known:
            self[key] = (box, *known[: HINTS - 1])


@dataclass(frozen=True)
class Program:
    """A Policy ready to decide. Frozen; safe to share between threads."""

    policy: Policy
    space: Space
    rules: tuple[CompiledRule, ...]
    rule_facts: tuple[frozenset[str], ...]  # per rule: the facts that its conditions name
    standing: tuple[CompiledStanding, ...]
    slots: tuple[Slot, ...]
    index: RuleIndex
    steps: StepTable
    contested: frozenset[int]  # slots with a `may` that a prohibition can outrank
    contested_bits: int  # the bytes of those slots, in packed strengths
    nothing: bytes  # no strength for any slot
    unsettled_gives: tuple[Gift, ...]
    unsettled_given: int  # the same, packed
    standing_from: tuple[int, ...]  # per rank, packed: what standing entries give from that rank upwards, `always` included
    standing_at: tuple[int, ...]  # per rank, packed: what standing entries give at that rank; at 0 also what the first outcome alone gives
    raised_to: tuple[int, ...]  # per rank, packed: what standing entries give from some rank above the first up to that rank
    routes: Mapping[str, tuple[tuple[RouteEntry, Sum | None], ...]]  # emergency entries first

    @cached_property
    def forcing(self) -> Forcing:
        """What forces an outcome, with what was found before."""
        return Forcing(self.space, self.rules)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The advice of boxes that differ from another in one fact."""
        from safeguarding_rules.deciding.neighbours import Neighbours  # noqa: PLC0415  it decides with programs

        return Neighbours(self)

    @cached_property
    def sayings(self) -> Sayings:
        """What the terms of its rules say about each variable."""
        return Sayings(self)

    @cached_property
    def never(self) -> Never:
        """What never hangs on a fact."""
        from safeguarding_rules.deciding.never import Never  # noqa: PLC0415  it decides with programs

        return Never(self)

    @cached_property
    def local(self) -> Local:
        """Facts whose duties hang on few other facts."""
        return Local(self)

    @cached_property
    def contacts(self) -> Contacts:
        """Whom to contact, and which facts choose."""
        return Contacts(self)

    @cached_property
    def hints(self) -> Hints:
        """What has shown outcomes to hang on a fact."""
        return Hints()

    @cached_property
    def pieces(self) -> Pieces:
        """What its decisions are made of, in words and as JSON."""
        from safeguarding_rules.deciding.pieces import Pieces  # noqa: PLC0415  deciding in brief needs no words

        return Pieces(self)

    @property
    def fingerprint(self) -> str:
        """Identity of the Program: language version, packs, versions and digests of what is in force."""
        return self.policy.fingerprint

    def route_facts(self, slots: Iterable[int]) -> frozenset[str]:
        """The facts that choose the route of an action of one of these slots."""
        found: set[str] = set()
        for slot in slots:
            route = self.policy.actions[self.slots[slot].action].route
            for entry in self.policy.routes.get(route or "", ()):
                found.update(test.fact for test in tests_of(entry.when)) if entry.when is not None else None
        return frozenset(found)


def compile_policy(policy: Policy, space: Space | None = None) -> Program:
    """Compile a checked Policy, over a space of its own unless a finer one is given.

    Raises TooManyTermsError for a rule too intricate to write out (the check reports it first).
    """
    space = space_of(policy) if space is None else space
    slots = _SlotTable()
    rules = tuple(_compile_rule(space, slots, i, rule) for i, rule in enumerate(policy.rules))
    standing = tuple(CompiledStanding(entry.outcome, entry.kind == "first", slots.gifts(entry.duties)) for entry in policy.standing)
    unsettled = slots.gifts(policy.when_unsettled.duties)
    routes = {
        name: tuple(
            (entry, None if entry.when is None else sum_in(space, entry.when)) for entry in sorted(entries, key=lambda entry: not entry.emergency)
        )
        for name, entries in policy.routes.items()
    }
    finished = slots.finish(rules, standing, unsettled)
    contested = frozenset(i for i, slot in enumerate(finished) if slot.contested_may)
    first = packed(gift for entry in standing if entry.first for gift in entry.gives)
    ranks = range(len(policy.outcomes))
    return Program(
        policy=policy,
        space=space,
        rules=rules,
        rule_facts=tuple(frozenset(test.fact for test in tests_of(holds_of(rule))) for rule in policy.rules),
        standing=standing,
        slots=finished,
        index=RuleIndex(space, rules),
        steps=StepTable(space),
        contested=contested,
        contested_bits=sum(ANY << (SLOT_BITS * slot) for slot in contested),
        nothing=bytes(len(finished)),
        unsettled_gives=unsettled,
        unsettled_given=packed(unsettled),
        standing_from=tuple(given_from(standing, rank) for rank in ranks),
        standing_at=tuple(given_from(standing, rank) | (first if rank == 0 else 0) for rank in ranks),
        raised_to=tuple(packed(gift for entry in standing if 0 < entry.rank <= rank for gift in entry.gives) for rank in ranks),
        routes=routes,
    )


def _compile_rule(space: Space, slots: _SlotTable, index: int, rule: PolicyRule) -> CompiledRule:
    rank = -1 if rule.outcome is None else rule.outcome
    gives = slots.gifts(rule.duties)
    holds = sum_in(space, holds_of(rule))
    if rule.if_unknown != "presume_if_partly_met":
        return CompiledRule(index, holds, rank, gives, rule.if_unknown)
    return CompiledRule(
        index,
        holds,
        rank,
        gives,
        rule.if_unknown,
        limbs=tuple(sum_in(space, limb) for limb in rule.limbs),
        when=sum_in(space, rule.when),
        unless=None if rule.unless is None else sum_in(space, rule.unless),
    )


class _SlotTable:
    """Numbers the (action, by, side) triples as they are met."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str, bool], int] = {}

    def gifts(self, duties: Iterable[Duty]) -> tuple[Gift, ...]:
        """The slots that duties give to, each with the strongest strength given."""
        found: dict[int, int] = {}
        for duty in duties:
            key = (duty.action, duty.by, duty.modality in PROHIBITIONS)
            slot = self.numbers.setdefault(key, len(self.numbers))
            found[slot] = max(found.get(slot, 0), STRENGTH[duty.modality])
        return tuple(found.items())

    def finish(self, rules: tuple[CompiledRule, ...], standing: tuple[CompiledStanding, ...], unsettled: tuple[Gift, ...]) -> tuple[Slot, ...]:
        """The slot descriptions, once everything that gives is compiled."""
        by_rule: list[list[tuple[int, int]]] = [[] for _ in self.numbers]
        by_standing: list[list[tuple[int, int]]] = [[] for _ in self.numbers]
        for rule in rules:
            for slot, strength in rule.gives:
                by_rule[slot].append((rule.index, strength))
        for i, entry in enumerate(standing):
            for slot, strength in entry.gives:
                by_standing[slot].append((i, strength))
        waiting = dict(unsettled)
        found = []
        for (action, by, forbids), slot in self.numbers.items():
            opposite = self.numbers.get((action, by, not forbids), -1)
            given = [strength for _, strength in (*by_rule[slot], *by_standing[slot])]
            may = STRENGTH["may"] in (*given, waiting.get(slot, 0))
            found.append(
                Slot(
                    action,
                    by,
                    forbids,
                    opposite,
                    tuple(by_rule[slot]),
                    tuple(by_standing[slot]),
                    waiting.get(slot, 0),
                    contested_may=may and opposite >= 0,  # prohibitions are never given as a `may`
                    strengths=tuple(sorted(set(given))),
                )
            )
        return tuple(found)


def given_from(standing: tuple[CompiledStanding, ...], rank: int) -> int:
    """What standing entries give at `rank` and upwards, packed; at rank 0, in every case."""
    return packed(gift for entry in standing if entry.rank <= rank and not entry.first for gift in entry.gives)
