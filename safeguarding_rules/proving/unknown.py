"""`while_unknown`: what is advised in every decision, partial cases included, in which some facts are unknown.

A fact is *unknown* in a decision if the decision is told nothing of it and what else is known leaves it at least two values (a fact that the rest
settles is known in all but name). What a decision knows is a *box*: for each other fact the values still possible, met with the constraints. The
claim is about every box that leaves the unknown facts whole and open. There are far too many to try, but a box that breaks a claim can be closed in
on:

1. Take the widest box (nothing known), and the verdict of the engine on it. If it breaks the claim, it is the refutation, and a smallest one:
   nothing need be known for it.
2. If not, something stands in the way of breaking it, which no narrower box that breaks the claim may keep: a case of the box that must be shut out
   (`Breach.offence`). Knowing more only ever shuts cases out, so each narrower box that breaks the claim lies in one of the boxes that shut this
   case out by one fact, and these are tried next. A fact that neither the rule of the case looks at nor a chain of constraints ties to one it looks
   at need not be tried: exchanging its values leaves the case as offending as it was.
3. A box in which an unknown fact is no longer open, or in which no case could serve any more (`Breach.hopeful`), is dropped with all below it.

What stands in the way of each claim is said in `unknown_claims`. Where a claim is broken exactly by the partial cases all of whose cases are of a
kind, `points` is asked first; only where it cannot tell is the way above gone.

A rule that is presumed because of `when` as a whole, its exception being unknown, is not presumed any more once the exception is ruled out while
`given` is still open. Where that can be, shutting out the exception is tried besides.

Every refutation is the engine's own verdict on a box, so it is right whatever this reasoning is worth; and the proofs are checked against trying
every box of small packs in the tests. Where too many boxes come up, the claim is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.language.conditions import Condition
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.linking.policy import STRENGTH
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.points import Points
from safeguarding_rules.proving.scoped import Result, refuted
from safeguarding_rules.proving.search import UndecidedError
from safeguarding_rules.proving.unknown_claims import Breach, breaches, never_advised
from safeguarding_rules.proving.witness import DisagreementError, facts_of_case, partial_witness
from safeguarding_rules.worlds.sums import Sum, sum_in

BOXES = 20_000


def prove_unknown(arena: Arena, invariant: Invariant) -> Result:
    """Decide an invariant with `while_unknown`."""
    closing = _Closing(arena, invariant.while_unknown or ())
    if not closing.open(arena.space.start):
        return {"state": "proved", "reason": "these facts are never unknown"}
    for one in breaches(arena, invariant):
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


def prove_never_advised(arena: Arena, invariant: Invariant, scope: Condition | None) -> Result:
    """Decide `never` of an invariant with `whenever` or `always` where `when_unsettled` gives what is never to be advised.

    Such advice is presumed in partial cases that no complete case tells of, and not always in the widest of them: a presumed prohibition ends a
    `may` until it is known not to hold. So the boxes whose cases all meet the condition are closed in on, like those of `while_unknown`.
    """
    met = None if scope is None else sum_in(arena.space, scope)
    closing = _Closing(arena, ())
    for item in invariant.never or ():
        for slot in arena.slots(item.action, item.modality, item.by):
            if arena.program.slots[slot].unsettled >= STRENGTH[item.modality]:
                for one in never_advised(arena, slot, item.modality, item.by):
                    within = _within(arena, one, met)
                    if box := closing.narrowed(within):
                        return refuted(partial_witness(arena, closing.told(closing.widened(box, within)), one.check), one.reason)
    return {"state": "proved"}


def _within(arena: Arena, one: Breach, met: Sum | None) -> Breach:
    """A breach in which every case must meet a condition too: each that does not stands in the way."""
    if met is None:
        return replace(one, every=False, ways=None)

    def offence(box: int, verdict: Verdict) -> Iterator[tuple[list[int], list[int]]]:
        yield [box], list(met.fails)
        yield from one.offence(box, verdict)

    def hopeful(box: int) -> Iterator[tuple[list[int], list[int]]]:
        for boxes, forbidding in one.hopeful(box):
            yield arena.meets(boxes, met.boxes), forbidding

    def broken(verdict: Verdict) -> bool:
        return one.broken(verdict) and not arena.search.find([verdict.box], met.fails)

    return replace(one, broken=broken, offence=offence, hopeful=hopeful, every=False, ways=None)


def unsettled_beside(arena: Arena, slot: int) -> int:
    """A box in which a slot is given whatever is true, by several rules together if need be, while the outcome is open; 0 if there is none.

    What `when_unsettled` asks for is then advised beside it.
    """
    should = STRENGTH["should"]

    def broken(verdict: Verdict) -> bool:
        return len(verdict.possible) > 1 and max(verdict.applies[slot], verdict.assumed[slot]) >= should

    def lacking(box: int, verdict: Verdict) -> Iterator[tuple[list[int], list[int]]]:
        del verdict
        lacks = arena.lacking([(slot, should)])
        if lacks is not None:
            yield (arena.reaching(1, [box]) if lacks[1] else [box]), lacks[0]

    def open_and_given(box: int) -> Iterator[tuple[list[int], list[int]]]:
        verdict = evaluate(arena.program, box)
        if verdict is not None and (len(verdict.possible) > 1 or not verdict.exact):
            yield from arena.ways([box], slot, should)

    return _Closing(arena, ()).narrowed(Breach(broken, lacking, open_and_given, lambda _: True, ""))


class _Closing:
    """Closes in on boxes that break a claim."""

    def __init__(self, arena: Arena, names: Sequence[str]) -> None:
        self.arena = arena
        self.space = arena.space
        self.unknown = [v for v in self.space.variables if v.fact in set(names)]
        self.bits = sum(v.block for v in self.unknown)
        self.names = names
        self.points = Points(arena, names)
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

    def _twice(self, box: int, one: Breach | None) -> bool:
        """Whether each unknown fact has two values that are possible in a box, and hopeful if a claim is given."""
        return all(any(self._cells_possible(box, v.block, one) >= 2 for v in self.unknown if v.fact == name) for name in self.names)  # noqa: PLR2004

    def _cells_possible(self, box: int, block: int, one: Breach | None = None) -> int:
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

    def breaks(self, box: int, one: Breach) -> bool:
        """Whether a box breaks a claim, by the verdict of the engine."""
        verdict = evaluate(self.arena.program, box) if box and self.open(box) else None
        return verdict is not None and verdict.exact and one.broken(verdict)

    def widened(self, box: int, one: Breach) -> int:
        """A box that breaks a claim, with everything unknown that need not be known for it."""
        for variable in reversed(self.space.variables):
            if box & variable.block != self.space.start & variable.block:
                wider = self.space.close((box | variable.block | self.bits) & self.space.start)
                if wider != box and self.breaks(wider, one):
                    box = wider
        return box

    def broken(self, one: Breach) -> int:
        """A box that breaks a claim; 0 if there is none."""
        if one.ways is not None:
            if self.breaks(self.space.start, one):
                return self.space.start
            if self.points.find(one.ways, is_open=False) == 0:
                return 0
            case = self.points.find(one.ways, is_open=True)
            if case == 0 and self.points.complete:
                return 0
            box = self.space.close(case | self.bits) if case else 0
            if self.breaks(box, one):
                return box
        return self.narrowed(one)

    def narrowed(self, one: Breach) -> int:
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

    def _hopeful(self, one: Breach, box: int) -> bool:
        if not one.every:
            return self._some(one, box)
        return self._twice(box, one)

    def _some(self, one: Breach, box: int) -> bool:
        return any(self.arena.search.find(boxes, forbidding) for boxes, forbidding in one.hopeful(box))

    def _without(self, box: int, one: Breach, verdict: Verdict) -> Iterator[int]:
        """The boxes that shut out, by one fact, a case that stands in the way."""
        for boxes, forbidding in one.offence(box, verdict):
            for term in boxes:
                if case := self.arena.search.find([term], forbidding):
                    yield from self._shutting_out(case, box, term, forbidding)
                    yield from self._without_exceptions(box, verdict)
                    return
        raise UndecidedError("nothing was found to stand in the way of a partial case")

    def _shutting_out(self, case: int, box: int, term: int, forbidding: Sequence[int]) -> Iterator[int]:
        """The boxes that shut out, by one fact, a case that offends because it lies in a term and outside others."""
        reached = 0
        for bits in (box ^ term, *forbidding):
            for block in self.space.blocks_in(bits & self.space.full):
                reached |= self.linked[block]
        for block in self.space.blocks_in(reached & ~self.bits):
            alone = not self.linked[block] & ~block
            shut = term & block if alone and not forbidding else case & block
            if box & block & ~shut and (narrower := self.space.meet(box, self.space.narrowing(block & ~shut, block))):
                yield narrower

    def _without_exceptions(self, box: int, verdict: Verdict) -> Iterator[int]:
        """The boxes that shut out, by one fact, the exception of a rule that is presumed because of it, where the rule may fail without it too."""
        find = self.arena.search.find
        for rule in (self.arena.program.rules[index] for index in verdict.presumed):
            if rule.unless is None or rule.presume == "presume_met" or any(not find([box], limb.fails) for limb in rule.limbs):
                continue
            if find([box], [*rule.unless.fails, *rule.holds.fails]):
                for term in self.arena.meets([box], rule.unless.boxes):
                    if case := find([term]):
                        yield from self._shutting_out(case, box, term, ())
                        break
