"""Whether facts matter: two cases alike but for these facts, with another outcome or other duties.

Comes in: names of facts, and actions that may differ. Goes out: a pair of cases, or the certainty that there is none. Two cases are alike but for
some facts if every other fact has the same value in both; a fact that `applies_when` ties to a changed fact may change with it, but only between
applying and not applying. Facts that implications tie to a changed fact do not change: where they leave only one value, there is no second case to
compare.

How: of a pair that differs, one case lies in a term of a rule that gives what the other lacks, and that term looks at one of the changed facts. For
every such term and every combination of the changed facts in it, one search finds the other case. Outcomes are compared first; where they are
always equal, so is what follows from them, and only the duties of rules are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.claims import Witness
from safeguarding_rules.proving.scoped import stands
from safeguarding_rules.proving.search import UndecidedError
from safeguarding_rules.proving.witness import facts_of_case, in_words, witness
from safeguarding_rules.worlds.space import Variable
from safeguarding_rules.worlds.terms import sum_of

COMBINATIONS = 4_096


@dataclass(frozen=True, slots=True)
class Difference:
    """Two complete cases, and what one gives that the other lacks: an outcome rank, or a slot with a strength."""

    more: int
    less: int
    rank: int
    slot: int = -1
    strength: int = 0


def difference(arena: Arena, names: Sequence[str], excepted: Sequence[str] = (), *, smallest: bool = True) -> Difference | None:
    """A pair of cases in which the facts matter; None if there is none. Raises UndecidedError."""
    comparing = Comparing(arena, names, smallest=smallest)
    # The most protective outcomes first: fewer rules can stand in the way of a pair.
    for rule in sorted(arena.program.rules, key=lambda rule: -rule.rank):
        if rule.rank > 0:
            for term in comparing.touched(rule.holds.boxes):
                for more, less in comparing.pairs(term, arena.fails(rule.rank)):
                    return Difference(more, less, rule.rank)
    for rule in arena.program.rules:
        for slot, strength in rule.gives:
            described = arena.program.slots[slot]
            if described.action in excepted:
                continue
            absent = [(slot, strength)]
            if strength == 1 and described.opposite >= 0 and not described.forbids:
                absent.append((described.opposite, 1))
            found = comparing.lacking(rule.holds.boxes, absent)
            if found is not None:
                return _of_duties(arena, *found, slot, strength)
    return None


def _of_duties(arena: Arena, more: int, less: int, slot: int, strength: int) -> Difference:
    """What differs where the first case has a duty that the second lacks: of a `may` that is outranked, the prohibition that the second lacks."""
    opposite = arena.program.slots[slot].opposite
    if strength == 1 and opposite >= 0:
        verdict = evaluate(arena.program, more)
        outranking = verdict.applies[opposite] if verdict is not None else 0
        if outranking:
            return Difference(more, less, -1, opposite, outranking)
    return Difference(more, less, -1, slot, strength)


class Comparing:
    """Finds pairs of cases that are alike but for some facts."""

    def __init__(self, arena: Arena, names: Sequence[str], *, smallest: bool = True) -> None:
        """`smallest`: look for the smallest second case, which takes longer."""
        self.arena = arena
        self.smallest = smallest
        self.space = arena.space
        self.names = frozenset(names)
        self.tied = self._tied()
        self.variables = [v for v in self.space.variables if v.fact in self.names | self.tied]
        self.bits = 0
        for variable in self.variables:
            self.bits |= variable.block
        self.clauses = [clause.bits for clause in self.space.clauses if clause.bits & self.bits]

    def _tied(self) -> frozenset[str]:
        found: set[str] = set()
        while more := {
            name
            for name, spec in self.space.specs.items()
            if name not in found | self.names and spec.tied is not None and {test.fact for test in tests_of(spec.tied)} & (found | self.names)
        }:
            found |= more
        return frozenset(found)

    def touched(self, boxes: Sequence[int]) -> Iterator[int]:
        """The terms that look at a changed fact; the others hold in both cases of a pair."""
        for box in boxes:
            if self.space.full & ~box & self.bits:
                yield box

    def lacking(self, boxes: Sequence[int], absent: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        """A pair of which the first case lies in one of the boxes and the second lacks what is given there."""
        terms = list(self.touched(boxes))
        lacks = self.arena.lacking(absent) if terms else None
        if lacks is None:
            return None
        forbidding, raised = lacks
        for term in terms:
            for pair in self.pairs(term, forbidding, raised=raised):
                return pair
        return None

    def pairs(self, term: int, forbidding: Sequence[int], *, raised: bool = False) -> Iterator[tuple[int, int]]:
        """Pairs of which the first case lies in the term and the second is free of the terms to forbid: at most one for each combination."""
        space, search = self.space, self.arena.search
        loose = (term | self.bits) & space.full
        for before in self._combinations(term):
            wanted = [*forbidding, *(rest & ~self.bits for rest in self.clauses if not rest & before)]
            for box in self._alike(space.close(loose), before):
                boxes = self.arena.reaching(1, [box]) if raised else [box]
                less = search.find(boxes, wanted)
                if less:
                    less = search.smallest(boxes, wanted, less) if self.smallest else less
                    yield (less & ~self.bits) | before, less

    def _combinations(self, term: int) -> Iterator[int]:
        """Every combination of the cells of the changed facts in a term, for the first case."""
        ranges: list[list[int]] = []
        number = 1
        matters = self.space.full & ~term
        for bits in self.clauses:
            matters |= bits
        for variable in self.variables:
            cells = _cells(term & variable.block)
            # Where neither the term nor a constraint looks at a fact, any cell serves as well as another.
            cells = cells if matters & variable.block else cells[:1]
            ranges.append(cells)
            number *= max(len(cells), 1)
        if number > COMBINATIONS:
            raise UndecidedError("too many facts change together to compare every combination")
        for chosen in product(*ranges):
            yield sum(chosen)

    def _alike(self, box: int, before: int) -> Iterator[int]:
        """The boxes of second cases: the tied facts have the value they have in the first, or apply in one of the two cases only."""
        boxes = [box] if box else []
        for variable in self.variables:
            if variable.fact in self.names or not boxes:
                continue
            boxes = [inner for one in boxes for inner in self._tied_alike(one, before, variable)]
        yield from boxes

    def _tied_alike(self, box: int, before: int, variable: Variable) -> Iterator[int]:
        """The boxes of second cases in which one tied fact is as it was, or applies no more, or applies only now."""
        space = self.space
        tie = space.specs[variable.fact].tied
        assert tie is not None  # noqa: S101  only tied facts get here
        cell, idle = before & variable.block, _idle(variable)
        if same := space.meet(box, space.narrowing(cell, variable.block)):
            yield same
        if not cell & idle:
            starts, ends, kept = [space.full], sum_of(space, tie, holds=False), idle
        else:
            # In the first case it did not apply: what `applies_when` says of the unchanged facts then holds in both cases.
            starts = [term | self.bits for term in sum_of(space, tie, holds=False) if not before & self.bits & ~term]
            ends, kept = sum_of(space, tie), variable.block & ~idle
        for start, end in product(starts, ends):
            closed = space.close(start & end & ~(variable.block & ~kept))
            if closed and (inner := space.meet(box, closed)):
                yield inner


def _idle(variable: Variable) -> int:
    """The cell of a tied variable where its fact does not apply."""
    wanted = NOT_APPLICABLE if NOT_APPLICABLE in variable.cells else False
    return 1 << (variable.offset + variable.cells.index(wanted))


def _cells(bits: int) -> list[int]:
    found = []
    while bits:
        found.append(bits & -bits)
        bits &= bits - 1
    return found


def shown(arena: Arena, found: Difference) -> tuple[Witness, str]:
    """The pair as a witness, both run through the engine, and what differs."""
    space = arena.space
    if found.slot < 0:
        name = arena.policy.outcomes[found.rank].name
        more = witness(arena, found.more, lambda d: d.verdict.advice >= found.rank)
        less = witness(arena, found.less, lambda d: d.verdict.advice < found.rank)
        reason = f"the first case ends in `{name}` or more, the second does not"
    else:
        slot = arena.program.slots[found.slot]
        modality = {1: "may", 2: "should_not" if slot.forbids else "should", 3: "must_not" if slot.forbids else "must"}[found.strength]
        more = witness(arena, found.more, lambda d: stands(d, slot.action, modality, slot.by))
        less = witness(arena, found.less, lambda d: not stands(d, slot.action, modality, slot.by))
        reason = f"the first case has `{modality} {slot.action}`, the second does not"
    changed = facts_of_case(space, found.more, found.more ^ found.less)
    other = facts_of_case(space, found.less, found.more ^ found.less)
    words = f"{less.words}; and once {in_words(arena, changed)}, once {in_words(arena, other)}"
    return more.model_copy(update={"words": words, "beside": less.facts, "beside_advice": less.advice}), reason
