"""`while_unknown`: what is advised in every decision, partial cases included, in which some facts are unknown.

A fact is *unknown* in a decision if the decision is told nothing of it and what else is known leaves it at least two values (a fact that the rest
settles is known in all but name). What a decision knows is a *box*: for each other fact the values still possible, met with the constraints. The
claim is about every box that leaves the unknown facts whole and open. There are far too many to try, but a box that breaks a claim can be closed in
on:

1. Take the widest box (nothing known), and the verdict of the engine on it. If it breaks the claim, it is the refutation, and a smallest one:
   nothing need be known for it.
2. If not, something stands in the way of breaking it, which no narrower box that breaks the claim may keep: a case of the box that must be shut out
   (`_Claim.offence`). Knowing more only ever shuts cases out, so each narrower box that breaks the claim lies in one of the boxes that shut this
   case out by one fact, and these are tried next. A fact that neither the rule of the case looks at nor a chain of constraints ties to one it looks
   at need not be tried: exchanging its values leaves the case as offending as it was.
3. A box in which an unknown fact is no longer open, or in which no case could serve any more (`_Claim.hopeless`), is dropped with all below it.

What stands in the way, by claim (k is the rank claimed; the advice is the outcome if settled, else the most protective of the least possible
outcome, the lesser of `when_unsettled` and the greatest possible outcome, and the outcomes of presumed rules):

- *at least k, k not above `when_unsettled`*: the advice is below k only if every case is, since otherwise the greatest possible outcome is not
  below k. Every case of rank k or more stands in the way.
- *at least k, k above `when_unsettled`*: the advice is below k if some case is and no presumed rule has rank k. A rule of rank k that is presumed
  stays presumed or comes to hold as more is known (what is met stays met), unless no case of it is left: every case of it stands in the way.
- *at most k*: if `when_unsettled` is above k, any box whose cases differ and reach above k breaks it, the widest first, so that one look decides.
  Otherwise it is broken where every case is above k (a case that is not stands in the way), or where a rule above k is presumed: where it can hold
  and one of its limbs is met (a case outside the limb stands in the way).
- *duties that must stand*: broken where in some case nobody is given the duty at that strength, and neither presumed rules nor the unsettled advice
  give it. Cases of presumed rules that give it stand in the way; where the unsettled advice gives it, every case of another outcome than the one
  that is left.
- *duties never advised*: broken where every case gives it (cases that do not stand in the way), or where it is presumed, as under *at most*.

Every refutation is the engine's own verdict on a box, so it is right whatever this reasoning is worth; and the proofs are checked against trying
every box of small packs in the tests. Where too many boxes come up, the claim is undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.evaluate import Verdict, evaluate
from safeguarding_rules.deciding.program import CompiledRule
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.linking.policy import STRENGTH
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.scoped import REQUIRED, Result, ranks_of, refuted, stands
from safeguarding_rules.proving.search import UndecidedError
from safeguarding_rules.proving.witness import Check, DisagreementError, facts_of_case, partial_witness
from safeguarding_rules.worlds.sums import Sum

BOXES = 20_000

Ways = Iterator[tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class _Claim:
    """How a claim is broken: `broken` by a verdict; `offence` gives boxes with terms to forbid, whose cases stand in the way.

    `hopeful` gives boxes with terms to forbid of which at least one must hold a case, or the box and all below it cannot break the claim; with
    `every` this must be so for two values of each unknown fact.
    """

    broken: Callable[[Verdict], bool]
    offence: Callable[[int, Verdict], Ways]
    hopeful: Callable[[int], Ways]
    check: Check
    reason: str
    every: bool = False  # whether every case of a box that breaks the claim is one that `hopeful` describes
    terms: tuple[int, ...] | None = None  # terms that cover exactly the cases that stand in the way, where they can be told so


def prove_unknown(arena: Arena, invariant: Invariant) -> Result:
    """Decide an invariant with `while_unknown`."""
    closing = _Closing(arena, invariant.while_unknown or ())
    if not closing.open(arena.space.start):
        return {"state": "proved", "reason": "these facts are never unknown"}
    for one in _claims(arena, invariant):
        box = closing.broken(one)
        if box:
            told = closing.told(closing.widened(box, one))
            try:
                return refuted(partial_witness(arena, told, one.check), one.reason)
            except DisagreementError:
                if any(info.spec.type == "choices" for info in arena.policy.facts):
                    # Part of what is known of a `choices` fact can be more than one test says.
                    raise UndecidedError("a partial case breaks it that facts cannot describe") from None
                raise
    return {"state": "proved"}


class _Closing:
    """Closes in on boxes that break a claim."""

    def __init__(self, arena: Arena, names: Sequence[str]) -> None:
        self.arena = arena
        self.space = arena.space
        self.unknown = [v for v in self.space.variables if v.fact in set(names)]
        self.bits = sum(v.block for v in self.unknown)
        self.names = names
        self.linked = {v.block: self._linked(v.block) for v in self.space.variables}

    def _linked(self, block: int) -> int:
        """The blocks that chains of constraints tie to one."""
        reached = block
        while more := [c.bits for c in self.space.clauses if c.bits & reached and c.bits & ~reached]:
            before = reached
            for bits in more:
                for other in self.space.blocks_in(bits):
                    reached |= other
            if reached == before:
                break
        return reached

    def open(self, box: int) -> bool:
        """Whether the facts are all unknown in a box: of a `choices` fact, at least one value is open."""
        return self._twice(box, None)

    def _twice(self, box: int, one: _Claim | None) -> bool:
        """Whether each unknown fact has two values that are possible in a box, and hopeful if a claim is given."""
        return all(any(self._cells_possible(box, v.block, one) >= 2 for v in self.unknown if v.fact == name) for name in self.names)  # noqa: PLR2004

    def _cells_possible(self, box: int, block: int, one: _Claim | None = None) -> int:
        """How many cells of a block are possible (up to two), and hopeful if a claim is given."""
        found = 0
        rest = box & block
        while rest and found < 2:  # noqa: PLR2004
            cell = rest & -rest
            rest ^= cell
            inner = self.space.meet(box, self.space.narrowing(cell, block))
            found += bool(inner and (self.arena.search.find([inner]) if one is None else self._some(one, inner)))
        return found

    def told(self, box: int) -> dict[str, Any]:
        """What has to be known for a box: nothing of the unknown facts, and of the others what the constraints do not say anyway."""
        space = self.space
        kept = box | self.bits
        for variable in reversed(space.variables):
            wider = kept | variable.block
            if wider != kept and space.close(wider) == box:
                kept = wider
        return facts_of_case(space, kept)

    def breaks(self, box: int, one: _Claim) -> bool:
        """Whether a box breaks a claim, by the verdict of the engine."""
        verdict = evaluate(self.arena.program, box) if box and self.open(box) else None
        return verdict is not None and verdict.exact and one.broken(verdict)

    def widened(self, box: int, one: _Claim) -> int:
        """A box that breaks a claim, with everything unknown that need not be known for it."""
        for variable in reversed(self.space.variables):
            if box & variable.block != self.space.start & variable.block:
                wider = self.space.close((box | variable.block | self.bits) & self.space.start)
                if wider != box and self.breaks(wider, one):
                    box = wider
        return box

    def broken(self, one: _Claim) -> int:
        """A box that breaks a claim; 0 if there is none.

        Where cases stand in the way that terms describe, it is tried first to know everything but the unknown facts: a case that lies in none of
        the terms whatever the unknown facts are. Where no constraint ties the unknown facts to others that is all there can be.
        """
        if one.terms is not None:
            case = self.arena.search.find(self.arena.everything, [bits & ~self.bits for bits in one.terms])
            box = self.space.close(case | self.bits) if case else 0
            if self.breaks(box, one):
                return box
            if not case and not any(self.linked[v.block] & ~v.block for v in self.unknown):
                return 0
        return self._narrowed(one)

    def _narrowed(self, one: _Claim) -> int:
        """A box that breaks a claim, looked for from the widest box down; 0 if there is none."""
        waiting = [self.space.start]
        seen = set(waiting)
        while waiting:
            box = waiting.pop()
            if len(seen) > BOXES:
                raise UndecidedError(f"more than {BOXES} kinds of partial case were needed")
            self.arena.search.limits.check()
            verdict = evaluate(self.arena.program, box) if self.open(box) and self._hopeful(one, box) else None
            if verdict is None:
                continue
            if not verdict.exact:
                raise UndecidedError("the verdict on a partial case needed too many nodes")
            if one.broken(verdict):
                return box
            for narrower in self._without(box, one, verdict):
                if narrower not in seen:
                    seen.add(narrower)
                    waiting.append(narrower)
        return 0

    def _hopeful(self, one: _Claim, box: int) -> bool:
        if not one.every:
            return self._some(one, box)
        return self._twice(box, one)

    def _some(self, one: _Claim, box: int) -> bool:
        return any(self.arena.search.find(boxes, forbidding) for boxes, forbidding in one.hopeful(box))

    def _without(self, box: int, one: _Claim, verdict: Verdict) -> Iterator[int]:
        """The boxes that shut out, by one fact, a case that stands in the way."""
        for boxes, forbidding in one.offence(box, verdict):
            for term in boxes:
                case = self.arena.search.find([term], forbidding)
                if not case:
                    continue
                reached = 0
                for bits in (box ^ term, *forbidding):
                    for block in self.space.blocks_in(bits & self.space.full):
                        reached |= self.linked[block]
                for block in self.space.blocks_in(reached & ~self.bits):
                    alone = not self.linked[block] & ~block
                    shut = term & block if alone and not forbidding else case & block
                    if box & block & ~shut and (narrower := self.space.meet(box, self.space.narrowing(block & ~shut, block))):
                        yield narrower
                return
        raise UndecidedError("nothing was found to stand in the way of a partial case")


# -- the claims ---------------------------------------------------------------------------------------------------------------------------


def _claims(arena: Arena, invariant: Invariant) -> Iterator[_Claim]:
    if invariant.outcome_at_least is not None:
        yield _at_least(arena, ranks_of(arena)[invariant.outcome_at_least], invariant.outcome_at_least)
    if invariant.outcome_at_most is not None:
        yield from _at_most(arena, ranks_of(arena)[invariant.outcome_at_most], invariant.outcome_at_most)
    for modality in REQUIRED:
        for action in getattr(invariant, modality) or ():
            yield from _must_stand(arena, action, modality)
    for item in invariant.never or ():
        for slot in arena.slots(item.action, item.modality, item.by):
            yield from _never(arena, slot, item.modality, item.by)


def _below(arena: Arena, rank: int) -> Callable[[int], Ways]:
    return lambda box: iter([([box], arena.fails(rank))])


def _presumed_cases(box: int, rules: Sequence[CompiledRule], arena: Arena) -> Ways:
    for rule in rules:
        yield arena.meets([box], rule.holds.boxes), []


def _at_least(arena: Arena, rank: int, name: str) -> _Claim:
    reason = f"the advice is milder than `{name}`"
    low = rank <= arena.policy.when_unsettled.outcome

    def offence(box: int, verdict: Verdict) -> Ways:
        if low:
            yield arena.reaching(rank, [box]), []
        else:
            yield from _presumed_cases(box, [arena.program.rules[i] for i in verdict.presumed if arena.program.rules[i].rank >= rank], arena)

    return _Claim(
        lambda v: v.advice < rank,
        offence,
        _below(arena, rank),
        lambda d: d.verdict.advice < rank,
        reason,
        every=low,
        terms=tuple(arena.fails(rank)) if low else None,
    )


def _at_most(arena: Arena, rank: int, name: str) -> Iterator[_Claim]:
    reason = f"the advice is more protective than `{name}`"

    def milder(box: int, verdict: Verdict) -> Ways:
        del verdict
        yield [box], arena.fails(rank + 1)

    def reaching(box: int) -> Ways:
        yield arena.reaching(rank + 1, [box]), []

    above = [rule for rule in arena.program.rules if rule.rank > rank]
    above_met = any(rule.presume == "presume_met" for rule in above)
    low = arena.policy.when_unsettled.outcome <= rank
    yield _Claim(lambda v: v.advice > rank, milder, reaching, lambda d: d.verdict.advice > rank, reason, every=low and not above_met)
    yield from _presumptions(arena, above, lambda v: v.advice > rank, lambda d: d.verdict.advice > rank, reason)


def _presumptions(arena: Arena, rules: Sequence[CompiledRule], broken: Callable[[Verdict], bool], check: Check, reason: str) -> Iterator[_Claim]:
    """One claim for each rule and each limb whose being met makes it presumed: broken where the rule can hold and the limb is met."""
    for rule in rules:
        limbs = list(rule.limbs) if rule.presume == "presume_if_partly_met" else []
        if rule.presume == "presume_if_partly_met" and rule.unless is not None and rule.when is not None:
            limbs.append(rule.when)
        for limb in limbs:
            yield _Claim(broken, _outside(limb), _can_hold(arena, rule), check, reason)


def _outside(limb: Sum) -> Callable[[int, Verdict], Ways]:
    def offence(box: int, verdict: Verdict) -> Ways:
        del verdict
        yield [box], list(limb.fails)

    return offence


def _can_hold(arena: Arena, rule: CompiledRule) -> Callable[[int], Ways]:
    return lambda box: iter([(arena.meets([box], rule.holds.boxes), [])])


def _must_stand(arena: Arena, action: str, modality: str) -> Iterator[_Claim]:
    duty = _Duty(arena, action, modality)
    if not duty.unsettled:
        yield _Claim(duty.broken, duty.low, duty.hopeful, duty.check, duty.reason)
    if duty.unsettled or duty.lowest is not None:
        for rank in range(len(arena.policy.outcomes)):
            yield _Claim(duty.broken, duty.settling(rank), duty.hopeful, duty.check, duty.reason)


class _Duty:
    """A duty that must stand: what breaks it and what stands in the way of breaking it."""

    def __init__(self, arena: Arena, action: str, modality: str) -> None:
        self.arena, self.action, self.modality = arena, action, modality
        self.strength = STRENGTH[modality]
        self.slots = arena.slots(action, modality)
        program = arena.program
        self.giving = frozenset(rule.index for rule in program.rules if self.given(rule.gives))
        self.lowest = min((entry.rank for entry in program.standing if not entry.first and self.given(entry.gives)), default=None)
        self.unsettled = self.given(program.unsettled_gives)
        self.reason = f"`{modality} {action}` does not stand"

    def given(self, gives: Sequence[tuple[int, int]]) -> bool:
        """Whether something gives the duty to anybody, strongly enough."""
        return any(slot in self.slots and strength >= self.strength for slot, strength in gives)

    def check(self, decision: Decision) -> bool:
        """Whether a decision is as the refutation says."""
        return not stands(decision, self.action, self.modality)

    def broken(self, verdict: Verdict) -> bool:
        """Whether nobody has the duty."""
        return all(max(verdict.applies[slot], verdict.assumed[slot]) < self.strength for slot in self.slots)

    def hopeful(self, box: int) -> Ways:
        """For every slot some case must lack the duty."""
        for slot in self.slots:
            lacks = self.arena.lacking([(slot, self.strength)])
            if lacks is None or not self.arena.search.find(self.arena.reaching(1, [box]) if lacks[1] else [box], lacks[0]):
                return
        yield [box], []

    def presumed(self, box: int, verdict: Verdict) -> Ways:
        """The cases of presumed rules that give the duty."""
        yield from _presumed_cases(box, [self.arena.program.rules[i] for i in verdict.presumed if i in self.giving], self.arena)

    def settling(self, rank: int) -> Callable[[int, Verdict], Ways]:
        """What stands in the way of settling on an outcome."""

        def offence(box: int, verdict: Verdict) -> Ways:
            yield from self.presumed(box, verdict)
            yield self.arena.reaching(rank + 1, [box]), []
            yield [box], self.arena.fails(rank) if rank else [0]

        return offence

    def low(self, box: int, verdict: Verdict) -> Ways:
        """What stands in the way of advice below what a standing entry asks for the duty from."""
        yield from self.presumed(box, verdict)
        if self.lowest is None:
            return
        if self.lowest <= self.arena.policy.when_unsettled.outcome:
            yield self.arena.reaching(self.lowest, [box]), []
        else:
            rules = self.arena.program.rules
            yield from _presumed_cases(box, [rules[i] for i in verdict.presumed if rules[i].rank >= self.lowest], self.arena)


def _never(arena: Arena, slot: int, modality: str, by: str | None) -> Iterator[_Claim]:
    strength = STRENGTH[modality]
    program = arena.program
    action = program.slots[slot].action
    reason = f"`{modality} {action}` or more is advised"

    def broken(verdict: Verdict) -> bool:
        return max(verdict.applies[slot], verdict.assumed[slot]) >= strength

    def check(decision: Decision) -> bool:
        return stands(decision, action, modality, by)

    def lacking(box: int, verdict: Verdict) -> Ways:
        del verdict
        lacks = arena.lacking([(slot, strength)])
        if lacks is not None:
            yield (arena.reaching(1, [box]) if lacks[1] else [box]), lacks[0]

    def given(box: int) -> Ways:
        if program.slots[slot].unsettled >= strength:
            yield [box], []
        yield from arena.ways([box], slot, strength)

    if strength == 1 and program.slots[slot].opposite >= 0 and not program.slots[slot].forbids:
        raise UndecidedError(f"whether `may {action}` is outranked by a prohibition in every partial case is not decided")
    giving = [rule for rule in program.rules if any(s == slot and n >= strength for s, n in rule.gives)]
    yield _Claim(broken, lacking, given, check, reason)
    yield from _presumptions(arena, giving, broken, check, reason)
    for rank in sorted({entry.rank for entry in program.standing if not entry.first and any(s == slot and n >= strength for s, n in entry.gives)}):
        for one in _at_most(arena, rank - 1, ""):
            yield _Claim(broken, one.offence, one.hopeful, check, reason)
