"""Which unknown facts still matter, what they could bring, and in which order to ask.

Comes in: a Program and the verdict of what is known. Goes out: the facts worth asking. A fact matters if some step of learning it removes a possible outcome or changes a duty
(docs/reference/semantics.md, "Questions"). How: such a step is a pair of complete cases, one before and one after, alike but for the fact and what its new value forces; the pair
is searched for starting from the terms that the step touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from safeguarding_rules.deciding.evaluate import Verdict
from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.worlds.space import BudgetExceededError

RELEASE_LIMIT = 256
BUDGET = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking: the outcome ranks that hang on it, and whether anything but a route does."""

    fact: str
    outcomes: tuple[int, ...]
    duties: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """Learning that a variable has one value. `before`: the cases in which it has not; `fixed`: the cells the value forces, one per block of `changed`.

    `released`: completions of the blocks that the value forces to change without saying to what; one empty completion where there are none.
    """

    before: int
    fixed: int
    changed: int
    released: tuple[int, ...]

    def after(self, bits: int, completion: int = 0) -> int | None:
        """What is left of a forbidden term's outside after the step: None if the step itself leaves the term."""
        if bits & (self.fixed | completion):
            return None
        return bits & ~self.changed


def questions(program: Program, verdict: Verdict) -> tuple[Question, ...]:
    """The facts that still matter, in the order to ask them."""
    inquiry = _Inquiry(program, verdict)
    found = []
    for order, info in enumerate(program.policy.facts):
        name = info.spec.name
        indexes = [program.space.index[name, value] for value in (info.spec.values if info.spec.type == "choices" else (None,))]
        outcomes: set[int] = set()
        for i in indexes:
            outcomes |= inquiry.outcomes_on(i)
        duties = bool(outcomes) or any(inquiry.duties_on(i) for i in indexes)
        if duties or any(inquiry.routes_on(i) for i in indexes):
            others = tuple(sorted(outcomes - {verdict.advice}))
            found.append((not duties, -max(others, default=-1), -len(outcomes), order, Question(name, others, duties)))
    return tuple(question for *_, question in sorted(found, key=lambda entry: entry[:4]))


class _Inquiry:
    def __init__(self, program: Program, verdict: Verdict) -> None:
        self.program = program
        self.space = program.space
        self.verdict = verdict
        self.open = [program.rules[i] for i in verdict.open]
        self.floor = max([0, *(program.rules[i].rank for i in verdict.met)])
        self.steps: dict[int, tuple[_Step, ...]] = {}
        self.above = {
            rank: [bits for rule in self.open if rule.rank > rank for bits in rule.holds.fails] for rank in range(-1, len(program.policy.outcomes))
        }
        self.terms = {rank: [box for rule in self.open if rule.rank == rank for box in rule.holds.boxes] for rank in self.above}
        applied = {entry.slot: entry.strength for entry in verdict.entries if entry.status == "applies"}
        self.gifts = [(rule, [(s, n) for s, n in rule.gives if n > applied.get(s, 0)]) for rule in self.open]

    # -- steps ----------------------------------------------------------------------------------------------------------------------

    def steps_of(self, index: int) -> tuple[_Step, ...]:
        """Every step of learning one value of a variable that is not known to have one."""
        if index not in self.steps:
            self.steps[index] = tuple(self._steps(index))
        return self.steps[index]

    def _steps(self, index: int) -> Iterator[_Step]:
        space, box = self.space, self.verdict.box
        variable = space.variables[index]
        cells = [1 << (variable.offset + i) for i in range(len(variable.cells)) if box >> (variable.offset + i) & 1]
        if len(cells) < 2:  # noqa: PLR2004
            return
        for cell in cells:
            learned = space.tighten(box & space.narrowing(cell, variable.block))
            if not learned:
                continue
            moved = space.blocks_in((box ^ learned) & ~variable.block)
            single = [block for block in moved if (learned & block).bit_count() == 1]
            several = [block for block in moved if (learned & block).bit_count() > 1]
            fixed, changed = cell, variable.block
            for block in single:
                fixed |= learned & block
                changed |= block
            outside = space.close(box & ~cell)
            yield from self._patterns(outside, learned, fixed, changed, several)

    def _patterns(self, outside: int, learned: int, fixed: int, changed: int, several: Sequence[int]) -> Iterator[_Step]:
        """One step for each way in which the blocks of `several` stand before it: those outside what the step forces are released."""
        for count in range(len(several) + 1):
            for released in combinations(several, count):
                before = outside
                for block in several:
                    before &= ~(learned & block) if block in released else learned | ~block
                before = self.space.close(before)
                if before:
                    mask = changed
                    for block in released:
                        mask |= block
                    yield _Step(before, fixed, mask, self._completions(learned, released))
            if len(several) > 6 and count == 0:  # noqa: PLR2004  blocks that share their reason to apply move together
                before = outside
                for block in several:
                    before &= ~(learned & block)
                if before := self.space.close(before):
                    mask = changed
                    for block in several:
                        mask |= block
                    yield _Step(before, fixed, mask, self._completions(learned, several))
                return

    def _completions(self, learned: int, released: Sequence[int]) -> tuple[int, ...]:
        cells = [_bits(learned & block) for block in released]
        found = []
        for chosen in product(*cells):
            completion = 0
            for bit in chosen:
                completion |= bit
            found.append(completion)
            if len(found) > RELEASE_LIMIT:
                break
        return tuple(found)

    # -- pairs of cases -------------------------------------------------------------------------------------------------------------

    def pair(self, step: _Step, before: int, forbidden_before: Sequence[int], forbidden_after: Sequence[int]) -> bool:
        """Whether some case of `before`, free of the first terms, leads by the step only to cases free of the second (or to none that is possible)."""
        forbidding = list(forbidden_before)
        valid = self.stays_possible(step)
        if valid is None:
            return False
        for completion in step.released:
            for bits in forbidden_after:
                rest = step.after(bits, completion)
                if rest is not None:
                    forbidding.append(rest)
        return any(self.search(before, [*forbidding, *more]) for more in valid)

    def stays_possible(self, step: _Step) -> list[list[int]] | None:
        """What must be forbidden besides, so that the step leads to a possible case; alternatives, one per completion."""
        if step.released == (0,) and not self.space.wide:
            return [[]]
        ways = []
        for completion in step.released[:RELEASE_LIMIT]:
            needed = [rest for clause in self.space.clauses if clause.bits & step.changed and (rest := step.after(clause.bits, completion)) is not None]
            if all(needed):
                ways.append(needed)
        return ways or None

    def search(self, box: int, forbidding: Sequence[int]) -> bool:
        """Whether a case exists; on an exhausted budget, yes: asking once too often is safe."""
        box = self.space.tighten(box)
        if not box:
            return False
        try:
            return bool(self.space.find(box, forbidding, BUDGET))
        except BudgetExceededError:
            return True

    def touched(self, step: _Step, rule: CompiledRule) -> Iterator[int]:
        """The terms of a rule that say something about what the step changes."""
        for box, fails in zip(rule.holds.boxes, rule.holds.fails, strict=True):
            if fails & step.changed:
                yield box

    def moved(self, step: _Step, box: int, completion: int) -> int:
        """A term, as it must stand before the step in order to hold after it; 0 if the step leaves it."""
        inside = step.fixed | completion
        if any(not box & inside & block for block in self.space.blocks_in(inside)):
            return 0
        return box | step.changed

    # -- what hangs on a variable ---------------------------------------------------------------------------------------------------

    def outcomes_on(self, index: int) -> set[int]:
        """The ranks that learning the variable can remove."""
        found: set[int] = set()
        for rank in self.verdict.possible:
            if any(self.removes(step, rank) for step in self.steps_of(index)):
                found.add(rank)
        return found

    def removes(self, step: _Step, rank: int) -> bool:
        """Whether the step can remove the outcome `rank`: present before it, and milder or more protective after it."""
        if rank > self.floor:
            after = self.above[rank - 1]
            for rule in self.open:
                if rule.rank == rank and any(self.pair(step, step.before & box, self.above[rank], after) for box in self.touched(step, rule)):
                    return True
        for rule in self.open:
            if rule.rank > rank:
                for box in self.touched(step, rule):
                    if self.raises(step, box, rank):
                        return True
        return False

    def raises(self, step: _Step, box: int, rank: int) -> bool:
        """Whether the step can lead from the outcome `rank` to a case in which the term `box` of a more protective rule holds, whatever is released."""
        before = step.before
        for completion in step.released:
            before &= self.moved(step, box, completion)
        if not before:
            return False
        for term in self.terms[rank] if rank > self.floor else [self.space.full]:
            if self.pair(step, before & term, self.above[rank], ()):
                return True
        return False

    def duties_on(self, index: int) -> bool:
        """Whether learning the variable can change the status or strength of a duty."""
        return any(self.changes(step, rule, slot, strength) for step in self.steps_of(index) for rule, gifts in self.gifts for slot, strength in gifts)

    def changes(self, step: _Step, rule: CompiledRule, slot: int, strength: int) -> bool:
        """Whether the step can take away, or bring, a duty of that strength through a term of the rule."""
        terms = list(self.touched(step, rule))
        if not terms:
            return False
        without = self.absent(slot, strength)
        if without is None:
            return False
        outranked = self.absent(self.program.slots[slot].opposite, 1) if strength == 1 and self.program.slots[slot].contested_may else []
        if outranked is None:
            return False
        lifts = self.lifts(slot, strength)
        for box, lift in product(terms, lifts):
            if self.pair(step, step.before & box & lift, outranked, without):
                return True
            before = step.before & lift
            for completion in step.released:
                before &= self.moved(step, box, completion)
            kept = [rest for c in step.released for bits in outranked if (rest := step.after(bits, c)) is not None]
            if before and self.pair(step, before, [*without, *kept], ()):
                return True
        return False

    def lifts(self, slot: int, strength: int) -> list[int]:
        """The boxes to look in: those above the first outcome where that outcome's standing duties would give the slot anyway."""
        described = self.program.slots[slot]
        if any(given >= strength and self.program.standing[index].first for index, given in described.standing):
            return [box for rank, boxes in self.terms.items() if rank > 0 for box in boxes]
        return [self.space.full]

    def absent(self, slot: int, strength: int) -> list[int] | None:
        """The terms to forbid so that the slot is given less than `strength`; None if that cannot be."""
        described = self.program.slots[slot]
        found: list[int] = []
        for index, given in described.rules:
            if given >= strength:
                found.extend(self.program.rules[index].holds.fails)
        for index, given in described.standing:
            entry = self.program.standing[index]
            if given >= strength and not entry.first:
                if entry.rank <= self.floor:
                    return None
                found.extend(self.above[entry.rank - 1])
        return found

    def routes_on(self, index: int) -> bool:
        """Whether the variable, still open, stands in the condition of a route of an action that can be advised."""
        variable = self.space.variables[index]
        open_block = self.verdict.box & variable.block
        if open_block.bit_count() < 2:  # noqa: PLR2004
            return False
        return bool(self.program.route_facts(tuple(entry.slot for entry in self.verdict.entries)) & {variable.fact})


def _bits(bits: int) -> list[int]:
    """Each bit on its own, lowest first."""
    found = []
    while bits:
        found.append(bits & -bits)
        bits &= bits - 1
    return found
