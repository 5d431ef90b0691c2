"""Which unknown facts still matter, what they could bring, and in which order to ask.

Comes in: a Program and the verdict of what is known. Goes out: the facts worth asking. A fact matters if some step of learning it removes a
possible outcome or changes a duty
(docs/reference/semantics.md, "Questions"). How: such a step is a pair of complete cases, one before and one after, alike but for the fact and what
its new value forces; the pair
is searched for starting from the terms that the step touches. Every limit errs to one side: what cannot be followed to its end counts as found,
so a fact may be asked once too often, never once too seldom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.deciding.steps import Step
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.worlds.space import BudgetExceededError

BUDGET = 2_000
FOLLOW_LIMIT = 1_000  # searches per variable; shipped packs need about 200

Way = tuple[int, list[int]]  # a box, and terms to forbid in it


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking: the outcome ranks that hang on it, and whether anything but a route does."""

    fact: str
    outcomes: tuple[int, ...]
    duties: bool


@dataclass(frozen=True, slots=True)
class _Following:
    """What `follow` needs besides a case: the step, where it may lead, how to tell that it led elsewhere, and the constraints it touches.

    `ways` keeps where it may lead, once it has been worked out for a completion.
    """

    step: Step
    after: Callable[[int], list[Way]]
    fails: Callable[[int], bool]
    touching: Sequence[int]
    ways: dict[int, list[Way]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Touched:
    """An open rule with those of its terms, as closed boxes and as the cells outside, that say something about what a step changes."""

    rule: CompiledRule
    boxes: tuple[int, ...]
    fails: tuple[int, ...]


def questions(program: Program, verdict: Verdict) -> tuple[Question, ...]:
    """The facts that still matter, in the order to ask them."""
    several = verdict.box & (verdict.box - program.space.lows)
    if not several:
        return ()
    inquiry = Inquiry(program, verdict)
    found = []
    for order, info in enumerate(program.policy.facts):
        name = info.spec.name
        named = [program.space.index[name, value] for value in (info.spec.values if info.spec.type == "choices" else (None,))]
        indexes = [i for i in named if several & program.space.variables[i].block]
        outcomes: set[int] = set()
        for i in indexes:
            outcomes |= inquiry.outcomes_on(i)
        duties = bool(outcomes) or any(inquiry.duties_on(i) for i in indexes)
        if duties or any(inquiry.routes_on(i) for i in indexes):
            others = tuple(sorted(outcomes - {verdict.advice}))
            found.append((not duties, -max(others, default=-1), -len(outcomes), order, Question(name, others, duties)))
    return tuple(question for *_, question in sorted(found, key=lambda entry: entry[:4]))


class Inquiry:
    """Tells of each variable what hangs on it. `least` is the least strength of a duty that counts."""

    def __init__(self, program: Program, verdict: Verdict, least: int = 1) -> None:
        self.program = program
        self.space = program.space
        self.verdict = verdict
        self.open = [program.rules[i] for i in verdict.open]
        self.floor = max([0, *(program.rules[i].rank for i in verdict.met)])
        self.steps: dict[int, tuple[Step, ...] | None] = {}
        self.followed = 0  # searches spent on steps that release something, for the variable in hand
        self.above = {
            rank: [bits for rule in self.open if rule.rank > rank for bits in rule.holds.fails] for rank in range(-1, len(program.policy.outcomes))
        }
        self.ranked = sorted(((rule.rank, bits) for rule in self.open if rule.rank > self.floor for bits in rule.holds.fails), reverse=True)
        self.equal = {rank: [bits for rule in self.open if rule.rank == rank for bits in rule.holds.fails] for rank in self.above}
        self.closures: dict[int, int] = {}
        self.touching: dict[int, tuple[_Touched, ...]] = {}
        self.saying = self._saying()
        self.terms = {rank: [box for rule in self.open if rule.rank == rank for box in rule.holds.boxes] for rank in self.above}
        applied = {entry.slot: entry.strength for entry in verdict.entries if entry.status == "applies"}
        self.gifts = {rule.index: [(s, n) for s, n in rule.gives if n >= least and n > applied.get(s, 0)] for rule in self.open}
        self.wanted = sorted({gift for gifts in self.gifts.values() for gift in gifts})

    def _saying(self) -> dict[int, list[int]]:
        """Block -> the open rules, by place, with a term that says something about it."""
        found: dict[int, list[int]] = {}
        for place, index in enumerate(self.verdict.open):
            for block in self.program.index.blocks[index]:
                found.setdefault(block, []).append(place)
        return found

    # -- steps ----------------------------------------------------------------------------------------------------------------------

    def steps_of(self, index: int) -> tuple[Step, ...] | None:
        """Every step of learning one value of a variable that is not known to have one; None if there are too many to follow."""
        if index not in self.steps:
            self.steps[index] = self.program.steps.steps_of(self.verdict.box, index)
        return self.steps[index]

    # -- pairs of cases -------------------------------------------------------------------------------------------------------------

    def pair(self, step: Step, before: int, forbidden_before: Sequence[int], left: Sequence[int]) -> bool:
        """Whether some case of `before`, free of the first terms, leads by a step that releases nothing to a possible case.

        `left` is what is left, after the step, of the terms that the case after it is to be free of.
        """
        box = self.space.tighten(before)
        if not box:
            return False
        forbidding = [*forbidden_before, *left]
        if self.space.wide:
            forbidding += [rest for clause in self.space.clauses if clause.bits & step.changed and (rest := step.after(clause.bits)) is not None]
        return self.search(box, forbidding)

    def remaining(self, step: Step, terms: Sequence[int]) -> list[int]:
        """What is left of terms after the step; those that the step itself leaves are gone."""
        return [rest for bits in terms if (rest := step.after(bits)) is not None]

    def as_high_after(self, step: Step, rank: int) -> list[int]:
        """What is left, after the step, of the terms of every rule as protective or more so, but for what `above` says before it already."""
        touched = [bits for one in self.touched(step) if one.rule.rank >= rank for bits in one.fails]
        return [*self.remaining(step, touched), *(bits for bits in self.equal[rank] if not bits & step.changed)]

    def leads(self, step: Step, before: Sequence[Way], after: Callable[[int], list[Way]], fails: Callable[[int], bool]) -> bool:
        """Whether the step leads from some case of `before` only to impossible cases or to `after`, whatever the released blocks become.

        At least one completion must be possible. `after` gives the ways for one completion; `fails` tells of a complete case after the step
        whether it is in none.
        """
        touching = [clause.bits for clause in self.space.clauses if clause.bits & step.changed]
        for box, forbidding in before:
            start = self.space.tighten(step.before & box)
            if start and self.follow(_Following(step, after, fails, touching), start, list(forbidding)):
                return True
        return False

    def follow(self, following: _Following, box: int, forbidding: list[int]) -> bool:
        """Take a case, look where the step leads from it, and where that is wrong look for a case that avoids it.

        On an exhausted limit or budget, yes.
        """
        case = self.found(box, forbidding)
        if not case:
            return case is None
        step = following.step
        valid = False
        kept = (case & ~step.changed) | step.fixed
        touching = [bits for bits in following.touching if not kept & bits]
        for completion in step.released:
            if touching and not all(completion & bits for bits in touching):
                continue
            valid = True
            if following.fails(kept | completion):
                ways = self.ways(following, completion)
                return any((inner := self.space.meet(box, way)) and self.follow(following, inner, forbidding + more) for way, more in ways)
        if valid:
            return True
        for completion in step.released:
            needed = [rest for bits in following.touching if (rest := step.after(bits, completion)) is not None]
            if all(needed) and self.follow(following, box, forbidding + needed):
                return True
        return False

    def ways(self, following: _Following, completion: int) -> list[Way]:
        """Where the step may lead for one completion: `after`, or nowhere because it is impossible; each box closed."""
        if completion not in following.ways:
            step = following.step
            impossible: list[Way] = [(self.space.full & ~rest, []) for c in following.touching if (rest := step.after(c, completion)) is not None]
            found = [*following.after(completion), *impossible]
            following.ways[completion] = [(closed, more) for way, more in found if (closed := self.closed(way))]
        return following.ways[completion]

    def closed(self, box: int) -> int:
        """The closed box, worked out once."""
        if box not in self.closures:
            self.closures[box] = self.space.close(box)
        return self.closures[box]

    def found(self, box: int, forbidding: Sequence[int]) -> int | None:
        """A case of a closed box; 0 if there is none, None if the limit is reached or the budget ran out."""
        self.followed += 1
        try:
            return None if self.followed > FOLLOW_LIMIT else self.space.find(box, forbidding, BUDGET)
        except BudgetExceededError:
            return None

    def rank_at(self, case: int) -> int:
        """The outcome of a complete case of the box."""
        for rank, bits in self.ranked:
            if not case & bits:
                return rank
        return self.floor

    def given_at(self, case: int, slot: int, strength: int) -> bool:
        """Whether a complete case gives the slot at least that strength, a `may` giving way to a prohibition."""
        described = self.program.slots[slot]
        rank = self.rank_at(case)
        given = max(
            [s for i, s in described.rules if self.program.rules[i].holds.holds(case)]
            + [s for i, s in described.standing if ((rank == 0) if self.program.standing[i].first else rank >= self.program.standing[i].rank)],
            default=0,
        )
        if given == 1 and described.contested_may and self.given_at(case, described.opposite, 1):
            return False
        return given >= strength

    def search(self, box: int, forbidding: Sequence[int]) -> bool:
        """Whether a case of a closed box exists; on an exhausted budget, yes: asking once too often is safe."""
        try:
            return bool(self.space.find(box, forbidding, BUDGET))
        except BudgetExceededError:
            return True

    def touched(self, step: Step) -> tuple[_Touched, ...]:
        """The open rules with terms that say something about what the step changes, each with these terms."""
        changed = step.changed
        if changed not in self.touching:
            found = []
            for place in sorted({place for block in self.space.blocks_in(changed) for place in self.saying.get(block, ())}):
                rule = self.open[place]
                terms = [(box, fails) for box, fails in zip(rule.holds.boxes, rule.holds.fails, strict=True) if fails & changed]
                found.append(_Touched(rule, tuple(box for box, _ in terms), tuple(fails for _, fails in terms)))
            self.touching[changed] = tuple(found)
        return self.touching[changed]

    def moved(self, step: Step, box: int, completion: int = 0) -> int:
        """A term, as it must stand before the step in order to hold after it; 0 if the step leaves it."""
        inside = step.fixed | completion
        if any(not box & inside & block for block in self.space.blocks_in(inside)):
            return 0
        return box | step.changed

    def failing(self, step: Step, terms: Sequence[int] | None, completion: int) -> list[Way]:
        """The way in which all terms fail after the step; none if they cannot."""
        if terms is None:
            return []
        return [(self.space.full, [rest for bits in terms if (rest := step.after(bits, completion)) is not None])]

    # -- what hangs on a variable ---------------------------------------------------------------------------------------------------

    def outcomes_on(self, index: int) -> set[int]:
        """The ranks that learning the variable can remove."""
        self.followed = 0
        return {rank for rank in self.verdict.possible if self.hangs_plainly(index, rank) or self.hangs_released(index, rank)}

    def hangs_plainly(self, index: int, rank: int) -> bool:
        """Whether learning the variable can remove the rank by a step that says of everything it changes what it becomes."""
        steps = self.steps_of(index)
        return steps is None or any(self.removes(step, rank) for step in steps if step.plain)

    def hangs_released(self, index: int, rank: int) -> bool:
        """Whether it can by a step that releases something."""
        steps = self.steps_of(index)
        return steps is None or any(self.removes_released(step, rank) for step in steps if not step.plain)

    def removes(self, step: Step, rank: int) -> bool:
        """Whether the step can remove the outcome `rank`: present before it, and milder or more protective after it."""
        touched = self.touched(step)
        if any(one.rule.rank > rank and any(self.raises(step, box, rank) for box in one.boxes) for one in touched):
            return True
        equal = [box for one in touched if one.rule.rank == rank for box in one.boxes] if rank > self.floor else []
        if not equal:
            return False
        after = self.as_high_after(step, rank)
        return any(self.pair(step, step.before & box, self.above[rank], after) for box in equal)

    def raises(self, step: Step, box: int, rank: int) -> bool:
        """Whether the step can lead from the outcome `rank` to a case in which the term `box` of a more protective rule holds."""
        before = step.before & self.moved(step, box)
        terms = self.terms[rank] if rank > self.floor else [self.space.full]
        return bool(before) and any(self.pair(step, before & term, self.above[rank], ()) for term in terms)

    def removes_released(self, step: Step, rank: int) -> bool:
        """The same for a step that releases blocks: whatever they become, the outcome is another one."""
        # A term that the step leaves alone would hold before it too.
        touched = [term for one in self.touched(step) if one.rule.rank > rank for term in one.boxes]
        if not touched and (rank <= self.floor or all(one.rule.rank != rank for one in self.touched(step))):
            return False

        def after(completion: int) -> list[Way]:
            higher: list[Way] = [(box, []) for term in touched if (box := self.moved(step, term, completion))]
            return [*self.failing(step, self.above[rank - 1] if rank > self.floor else None, completion), *higher]

        terms = self.terms[rank] if rank > self.floor else [self.space.full]
        return self.leads(step, [(term, self.above[rank]) for term in terms], after, lambda case: self.rank_at(case) == rank)

    def duties_on(self, index: int) -> bool:
        """Whether learning the variable can change the status or strength of a duty."""
        self.followed = 0
        steps = self.steps_of(index)
        return (
            steps is None
            or any(
                self.changes(step, one.boxes, slot, strength)
                for step in steps
                if step.plain
                for one in self.touched(step)
                for slot, strength in self.gifts[one.rule.index]
            )
            or any(self.changes_released(step, slot, strength) for step in steps if not step.plain for slot, strength in self.wanted)
        )

    def changes(self, step: Step, terms: Sequence[int], slot: int, strength: int) -> bool:
        """Whether the step can take away, or bring, a duty of that strength through one of the terms."""
        without = self.absent(slot, strength)
        outranked = self.outranked(slot, strength)
        if without is None or outranked is None:
            return False
        without_after, outranked_after = self.remaining(step, without), self.remaining(step, outranked)
        for box, lift in product(terms, self.lifts(slot, strength)):
            if self.pair(step, step.before & box & lift, outranked, without_after):
                return True
            before = step.before & lift & self.moved(step, box)
            if before and self.pair(step, before, without, outranked_after):
                return True
        return False

    def changes_released(self, step: Step, slot: int, strength: int) -> bool:
        """The same for a step that releases blocks: whatever they become, the duty is gone, or is there."""
        without = self.absent(slot, strength)
        outranked = self.outranked(slot, strength)
        if without is None or outranked is None:
            return False
        # A term that the step leaves alone holds before and after it, or neither.
        giving = [one for one in self.touched(step) if any(s == slot and n >= strength for s, n in self.gifts[one.rule.index])]
        given = [term for one in giving for term in one.boxes]

        def there(completion: int) -> list[Way]:
            kept = [rest for bits in outranked if (rest := step.after(bits, completion)) is not None]
            return [(box, kept) for term in given if (box := self.moved(step, term, completion))]

        lifts = self.lifts(slot, strength)
        present = [(term & lift, outranked) for term in given for lift in lifts]
        if self.leads(step, present, lambda c: self.failing(step, without, c), lambda case: self.given_at(case, slot, strength)):
            return True
        return self.leads(step, [(lift, without) for lift in lifts], there, lambda case: not self.given_at(case, slot, strength))

    def outranked(self, slot: int, strength: int) -> list[int] | None:
        """For a `may` that a prohibition can outrank: the terms of the prohibition; None if it always stands."""
        described = self.program.slots[slot]
        return self.absent(described.opposite, 1) if strength == 1 and described.contested_may else []

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
