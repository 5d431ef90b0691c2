"""What hangs on one unknown fact, found by search.

Comes in: a Program and the verdict of what is known. Goes out: for a variable, the outcomes and duties that learning it can change. A fact matters if
some step of learning it removes a possible outcome or changes a duty (docs/reference/semantics.md, "Questions"). How: such a step is a pair of
complete cases, one before and one after, alike but for the fact and what its new value forces; the pair is searched for starting from the terms that
the step touches. Every limit errs to one side: what cannot be followed to its end counts as found, so a fact may be asked once too often, never once
too seldom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from functools import cached_property, reduce
from itertools import product
from operator import or_

from safeguarding_rules.deciding.giving import Giving, Lists
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.sayings import Open
from safeguarding_rules.deciding.steps import Step
from safeguarding_rules.deciding.touching import Touching, moved
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.frozen import frozen
from safeguarding_rules.worlds.index import bits_at, positions
from safeguarding_rules.worlds.space import BudgetExceededError

BUDGET = 2_000
FOLLOW_LIMIT = 1_000  # searches per variable; shipped packs need about 200

EVERY = -1  # every term there could be

Way = tuple[int, list[int]]  # a box, and terms to forbid in it


@frozen
class _Following:
    """What `follow` needs besides a case: the step, where it may lead, how to tell that it led elsewhere, and the constraints it touches.

    `ways` keeps where it may lead, once it has been worked out for a completion.
    """

    step: Step
    after: Callable[[int], list[Way]]
    fails: Callable[[int], bool]
    touching: Sequence[int]
    ways: dict[int, list[Way]] = field(default_factory=dict)


class Inquiry:
    """Tells of each variable what hangs on it. `least` is the least strength of a duty that counts."""

    def __init__(self, program: Program, verdict: Verdict, least: int = 1, opened: Open | None = None) -> None:
        self.program = program
        self.space = program.space
        self.verdict = verdict
        self.open = opened or Open(program, verdict)
        self.sayings = program.sayings
        self.possible = bits_at(verdict.possible)
        self.floor = self.open.floor
        self.followed = 0  # searches spent on steps that release something, for the variable in hand
        self.steps: dict[int, tuple[Step, ...] | None] = {}
        self.ranks: dict[int, int] = {}
        self.told: dict[int, int] = {}
        self.removing: dict[tuple[int, int, int, tuple[int, ...], int], bool] = {}
        self.closures: dict[int, int] = {}
        self.touching = Touching(program, self.open, verdict.possible[0])
        self.above = Lists(lambda rank: self.open.listed(self.sayings.outside, rank + 1, len(program.policy.outcomes)))
        self.equal = Lists(lambda rank: self.open.listed(self.sayings.outside, rank, rank + 1))
        self.terms = Lists(lambda rank: self.open.listed(program.index.boxes, rank, rank + 1))
        applied = [strength if strength >= least else least - 1 for strength in verdict.applies]
        rules = program.rules
        self.gifts = {i: [(s, n) for s, n in rules[i].gives if n > applied[s]] for i in verdict.open}
        self.giving = Giving(program, verdict, self.open, self.above)

    @cached_property
    def ranked(self) -> list[tuple[int, int]]:
        """The ranks above the floor with the cells outside each of their terms, the highest first."""
        return [(rank, bits) for rank in range(len(self.sayings.ranked) - 1, self.floor, -1) for bits in self.equal[rank]]

    # -- steps ----------------------------------------------------------------------------------------------------------------------

    def steps_of(self, index: int) -> tuple[Step, ...] | None:
        """Every step of learning one value of a variable that is not known to have one; None if there are too many to follow."""
        if index not in self.steps:
            block = self.sayings.blocks[index]
            self.steps[index] = self.program.steps.steps_of(self.verdict.box, index) if block & self.open.tied else self.free_steps(block)
        return self.steps[index]

    def free_steps(self, block: int) -> tuple[Step, ...]:
        """The steps of a variable that no constraint connects to another any more."""
        box, found = self.verdict.box, []
        cells = box & block if self.open.several & block else 0
        while cells:
            cell = cells & -cells
            cells ^= cell
            if not cell & self.space.not_applicable:
                found.append(Step(box & ~cell, cell, block, (0,)))
        return tuple(found)

    def removable(self, index: int) -> int:
        """The ranks, as bits, that steps of a variable could remove: possible ones for which they touch a term of a higher rank, or of that one."""
        found = self.ranks.get(index)
        if found is None:
            terms = self.touched_by(index)
            touched = 0
            for rank, ranked in enumerate(self.sayings.ranked):
                if terms & ranked:
                    touched |= 1 << rank
            below = (1 << touched.bit_length()) - 1 >> 1
            reached = below | (touched >> self.floor + 1 << self.floor + 1)
            found = self.ranks[index] = self.possible if terms == EVERY else self.possible & reached
        return found

    def touched_by(self, index: int) -> int:
        """The open terms that steps of a variable touch; EVERY where there are too many steps to follow."""
        found = self.told.get(index)
        if found is None:
            if self.sayings.blocks[index] & self.open.tied:
                steps = self.steps_of(index)
                found = EVERY if steps is None else self.touching.about(reduce(or_, [step.changed for step in steps], 0))
            else:
                found = self.sayings.about[index] & self.open.terms
            self.told[index] = found
        return found

    @cached_property
    def giving_terms(self) -> int:
        """The open terms of rules that give duties that count."""
        owned = self.sayings.owned
        return reduce(or_, [owned[i] for i, gifts in self.gifts.items() if gifts], 0)

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

    def remaining(self, step: Step, terms: Sequence[int], completion: int = 0) -> list[int]:
        """What is left of terms after the step; those that the step itself leaves are gone."""
        return [rest for bits in terms if (rest := step.after(bits, completion)) is not None]

    def as_high_after(self, step: Step, rank: int) -> list[int]:
        """What is left, after the step, of the terms of every rule as protective or more so, but for what `above` says before it already."""
        outside, about = self.sayings.outside, self.touching.about(step.changed)
        touched = [outside[number] for number in positions(about & (self.sayings.above[rank] | self.sayings.ranked[rank]))]
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
        step = following.step
        waiting: list[tuple[int, int, list[int], list[int]]] = [(box, self.space.full, forbidding, [])]
        while waiting:
            box, way, forbidding, more = waiting.pop()
            box, forbidding = self.space.meet(box, way), forbidding + more
            case = self.found(box, forbidding) if box else 0
            if case is None:
                return True
            if not case:
                continue
            valid = False
            kept = (case & ~step.changed) | step.fixed
            touching = [bits for bits in following.touching if not kept & bits]
            for completion in step.released:
                if touching and not all(completion & bits for bits in touching):
                    continue
                valid = True
                if following.fails(kept | completion):
                    waiting += [(box, way, forbidding, more) for way, more in reversed(self.ways(following, completion))]
                    break
            else:
                if valid:
                    return True
                for completion in reversed(step.released):
                    needed = self.remaining(step, following.touching, completion)
                    if all(needed):
                        waiting.append((box, self.space.full, forbidding, needed))
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

    def failing(self, step: Step, terms: Sequence[int] | None, completion: int) -> list[Way]:
        """The way in which all terms fail after the step; none if they cannot."""
        if terms is None:
            return []
        return [(self.space.full, self.remaining(step, terms, completion))]

    # -- what hangs on a variable ---------------------------------------------------------------------------------------------------

    def removed(self, index: int, ranks: int) -> int:
        """Those of the ranks, as bits, that learning the variable can remove."""
        self.followed = 0
        found = 0
        for rank in positions(ranks):
            if self.hangs_plainly(index, rank) or self.hangs_released(index, rank):
                found |= 1 << rank
        return found

    def hangs_plainly(self, index: int, rank: int) -> bool:
        """Whether learning the variable can remove the rank by a step that says of everything it changes what it becomes."""
        steps = self.steps_of(index) if self.removable(index) >> rank & 1 else ()
        return steps is None or any(self.removes(step, rank) for step in steps if step.plain)

    def hangs_released(self, index: int, rank: int) -> bool:
        """Whether it can by a step that releases something."""
        steps = self.steps_of(index) if self.removable(index) >> rank & 1 else ()
        return steps is None or any(self.removes_released(step, rank) for step in steps if not step.plain)

    def removes(self, step: Step, rank: int) -> bool:
        """Whether the step can remove the outcome `rank`: present before it, and milder or more protective after it."""
        boxes, about = self.program.index.boxes, self.touching.about(step.changed)
        for number in positions(about & self.sayings.above[rank]):
            if self.raises(step, boxes[number], rank):
                return True
        equal = about & self.sayings.ranked[rank]
        if rank <= self.floor or not equal:
            return False
        after = self.as_high_after(step, rank)
        return any(self.pair(step, step.before & boxes[number], self.above[rank], after) for number in positions(equal))

    def raises(self, step: Step, box: int, rank: int) -> bool:
        """Whether the step can lead from the outcome `rank` to a case in which the term `box` of a more protective rule holds."""
        before = self.closed(step.before & moved(self.space, step, box))
        terms = self.terms[rank] if rank > self.floor else [self.space.full]
        return bool(before) and any(self.pair(step, before & term, self.above[rank], ()) for term in terms)

    def removes_released(self, step: Step, rank: int) -> bool:
        """Whether a step that releases blocks removes the outcome `rank`: whatever they become, the outcome is another one."""
        # Facts of which no open rule with an outcome tells take the same step, as far as outcomes go.
        telling = self.open.telling
        key = (step.before, step.fixed & telling, step.changed & telling, step.released, rank)
        if key not in self.removing:
            self.removing[key] = self.searched_released(step, rank)
        return self.removing[key]

    def searched_released(self, step: Step, rank: int) -> bool:
        """What `removes_released` remembers, found by search."""
        gained, lost = self.touching.moves(step)
        losing = rank > self.floor and lost >> rank & 1
        if rank >= gained and not losing:
            return False
        above = self.sayings.above[rank]
        step = self.touching.reduced(step, above | self.sayings.ranked[rank] if losing else above, gain=not losing)
        # A term that the step leaves alone would hold before it too.
        touched = [self.program.index.boxes[number] for number in positions(self.touching.about(step.changed) & above)]

        def after(completion: int) -> list[Way]:
            higher: list[Way] = [(box, []) for term in touched if (box := moved(self.space, step, term, completion))]
            return [*self.failing(step, self.above[rank - 1] if rank > self.floor else None, completion), *higher]

        terms = self.terms[rank] if rank > self.floor else [self.space.full]
        return self.leads(step, [(term, self.above[rank]) for term in terms], after, lambda case: self.rank_at(case) == rank)

    def duties_on(self, index: int) -> bool:
        """Whether learning the variable can change the status or strength of a duty."""
        self.followed = 0
        if not self.touched_by(index) & self.giving_terms:
            return False
        steps = self.steps_of(index)
        return (
            steps is None
            or any(
                self.changes(step, one.boxes, slot, strength)
                for step in steps
                if step.plain
                for one in self.touching.touched(step, self.giving_terms)
                for slot, strength in self.gifts[one.rule]
            )
            or any(self.changes_released(step, *gift) for step in steps if not step.plain for gift in self.gifts_touched(step))
        )

    def changes(self, step: Step, terms: Sequence[int], slot: int, strength: int) -> bool:
        """Whether the step can take away, or bring, a duty of that strength through one of the terms."""
        given = self.giving.of(slot, strength)
        if given is None:
            return False
        without, outranked = given.without, given.outranked
        without_after, outranked_after = self.remaining(step, without), self.remaining(step, outranked)
        for box, lift in product(terms, given.lifts):
            if self.pair(step, step.before & box & lift, outranked, without_after):
                return True
            before = self.closed(step.before & lift & moved(self.space, step, box))
            if before and self.pair(step, before, without, outranked_after):
                return True
        return False

    def gifts_touched(self, step: Step) -> list[tuple[int, int]]:
        """The duties that the rules give of which the step touches a term; where the outcome is the same, no others can change."""
        return sorted({gift for one in self.touching.touched(step, self.giving_terms) for gift in self.gifts[one.rule]})

    def changes_released(self, step: Step, slot: int, strength: int) -> bool:
        """Whether a step that releases blocks changes a duty: whatever they become, it is gone, or is there."""
        known = self.giving.of(slot, strength)
        if known is None:
            return False
        without, outranked, lifts = known.without, known.outranked, known.lifts
        step = self.touching.reduced(step, known.terms, gain=False)
        # A term that the step leaves alone holds before and after it, or neither.
        touched = self.touching.touched(step, self.giving_terms)
        giving = [one for one in touched if any(s == slot and n >= strength for s, n in self.gifts[one.rule])]
        given = [term for one in giving for term in one.boxes]

        def lifted(completion: int) -> list[int]:
            return [box for lift in lifts if (box := moved(self.space, step, lift, completion))]

        def gone(completion: int) -> list[Way]:
            return [(box, self.remaining(step, without, completion)) for box in lifted(completion)]

        def there(completion: int) -> list[Way]:
            kept, above = self.remaining(step, outranked, completion), lifted(completion)
            return [(box & lift, kept) for term in given if (box := moved(self.space, step, term, completion)) for lift in above]

        present = [(term & lift, outranked) for term in given for lift in lifts]
        if self.leads(step, present, gone, lambda case: self.given_at(case, slot, strength)):
            return True
        return self.leads(step, [(lift, without) for lift in lifts], there, lambda case: not self.given_at(case, slot, strength))
