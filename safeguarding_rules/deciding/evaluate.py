"""Decide a box of cases exactly: rule statuses, possible outcomes, advice, duties.

Comes in: a Program and a closed box (the cases that agree with the known facts). Goes out: a Verdict of numbers, no text. Promised: the published semantics, exactly, unless
the node budget runs out; then safe bounds with `exact` false. How: the lowest case of a box shows what can be; each open rule is shown open by one case; only where those
witnesses do not show it does a search decide. Source: docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum

Status = Literal["applies", "presumed", "depends"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A duty of the decision: the slot, its status and strength, and the stronger strengths that are presumed or possible (0: none)."""

    slot: int
    status: Status
    strength: int
    presumed: int
    possible: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a box of cases comes to. Rules by index; `possible` ranks ascending; `advice` a rank."""

    box: int
    met: tuple[int, ...]
    open: tuple[int, ...]
    presumed: tuple[int, ...]
    possible: tuple[int, ...]
    advice: int
    entries: tuple[Entry, ...]
    exact: bool = True
    joint: bool = False  # the least outcome is forced by several open rules together

    @property
    def settled(self) -> bool:
        """Whether missing facts can no longer change the outcome."""
        return len(self.possible) == 1 and self.exact

    @property
    def firm(self) -> bool:
        """Whether nothing missing can make the advice milder."""
        return self.advice == self.possible[0]


def evaluate(program: Program, box: int) -> Verdict | None:
    """Decide a closed box; None if no case lies in it."""
    return _Evaluation(program, box).verdict()


@dataclass
class _Evaluation:
    program: Program
    box: int
    exact: bool = True
    case: int = 0
    met: list[int] = field(default_factory=list)
    open: list[CompiledRule] = field(default_factory=list)
    witness: dict[int, int] = field(default_factory=dict)
    possible: list[int] = field(default_factory=list)

    def verdict(self) -> Verdict | None:
        space = self.program.space
        self.case = space.lowest(self.box)
        if space.loose and any(not self.case & bits for bits in space.loose):
            self.case = self.search(self.box, ())
            if not self.case and self.exact:
                return None
            self.case = self.case or space.lowest(self.box)
        self.judge_rules()
        self.judge_outcomes()
        presumed = [rule for rule in self.open if self.presumes(rule)]
        advice = self.advise(presumed)
        entries = self.judge_duties(presumed, advice)
        floor = max((self.program.rules[i].rank for i in self.met), default=-1)
        return Verdict(
            self.box,
            tuple(self.met),
            tuple(rule.index for rule in self.open),
            tuple(rule.index for rule in presumed),
            tuple(self.possible),
            advice,
            entries,
            self.exact,
            joint=self.possible[0] > max(floor, 0),
        )

    # -- searching ------------------------------------------------------------------------------------------------------------------

    def search(self, box: int, forbidding: Sequence[int]) -> int:
        """A case of the box that no forbidden term covers; 0 if there is none, or if the budget ran out (then no longer exact)."""
        try:
            return self.program.space.find(box, forbidding)
        except BudgetExceededError:
            self.exact = False
            return 0

    def can_hold(self, condition: Sum) -> int:
        """A case of the box in which the condition holds; 0 if there is none."""
        space = self.program.space
        for term in condition.boxes:
            if box := space.tighten(self.box & term):
                case = space.lowest(box)
                if not space.loose or all(case & bits for bits in space.loose) or (case := self.search(box, ())):
                    return case
        return 0

    def can_fail(self, condition: Sum) -> bool:
        """Whether the condition fails in some case of the box. On an exhausted budget: yes."""
        if any(not self.box & bits for bits in condition.fails):
            return False
        if all(self.case & bits for bits in condition.fails):
            return True
        exact = self.exact
        found = self.search(self.box, condition.fails)
        return bool(found) or (exact and not self.exact)

    # -- rules and outcomes ---------------------------------------------------------------------------------------------------------

    def judge_rules(self) -> None:
        """Sort every rule into met, open or neither, keeping for each open rule a case in which it holds."""
        box, case = self.box, self.case
        for rule in self.program.rules:
            fails = rule.holds.fails
            at_case = False
            for bits in fails:
                if not box & bits:
                    self.met.append(rule.index)
                    break
                if not case & bits:
                    at_case = True
            else:
                if at_case:
                    if self.can_fail(rule.holds):
                        self.open.append(rule)
                        self.witness[rule.index] = case
                    else:
                        self.met.append(rule.index)
                elif found := self.can_hold(rule.holds):
                    self.open.append(rule)
                    self.witness[rule.index] = found

    def judge_outcomes(self) -> None:
        """The exact possible outcomes."""
        rules = self.program.rules
        floor = max((rules[i].rank for i in self.met), default=0)
        floor = max(floor, 0)
        raising = [rule for rule in self.open if rule.rank > floor]
        here = max((rule.rank for rule in raising if rule.holds.holds(self.case)), default=floor)
        found = {here}
        for rank in sorted({rule.rank for rule in raising} | {floor}):
            if rank not in found and self.reaches(rank, floor, raising):
                found.add(rank)
        self.possible = sorted(found)

    def reaches(self, rank: int, floor: int, raising: list[CompiledRule]) -> bool:
        """Whether some case of the box has exactly the outcome `rank`."""
        above = [rule for rule in raising if rule.rank > rank]
        forbidding = [bits for rule in above for bits in rule.holds.fails]
        was_exact = self.exact
        if rank == floor:
            return bool(self.search(self.box, forbidding)) or (was_exact and not self.exact)
        space = self.program.space
        equal = [rule for rule in raising if rule.rank == rank]
        for rule in equal:
            case = self.witness[rule.index]
            if all(case & bits for bits in forbidding):
                return True
        for rule in equal:
            for term in rule.holds.boxes:
                box = space.tighten(self.box & term)
                if box and self.search(box, forbidding):
                    return True
        return was_exact and not self.exact

    def presumes(self, rule: CompiledRule) -> bool:
        """Whether an open rule is presumed to be met."""
        if rule.presume == "presume_met":
            return True
        if rule.presume == "ask":
            return False
        if any(not self.can_fail(limb) for limb in rule.limbs):
            return True
        if rule.unless is None or rule.when is None or self.can_fail(rule.when):
            return False
        return self.can_fail(rule.unless) and bool(self.can_hold(rule.unless))

    def advise(self, presumed: Iterable[CompiledRule]) -> int:
        """The advice, as a rank."""
        least, greatest = self.possible[0], self.possible[-1]
        if len(self.possible) == 1 and self.exact:
            return least
        return max([least, min(self.program.policy.when_unsettled.outcome, greatest), *(rule.rank for rule in presumed)])

    # -- duties ---------------------------------------------------------------------------------------------------------------------

    def judge_duties(self, presumed: list[CompiledRule], advice: int) -> tuple[Entry, ...]:
        """The status and strength of every slot that some case gives to."""
        program = self.program
        applies = list(program.always)
        reach = list(applies)
        rules = program.rules
        for i in self.met:
            for slot, strength in rules[i].gives:
                if strength > applies[slot]:
                    applies[slot] = strength
        for slot, strength in enumerate(applies):
            reach[slot] = strength
        least, greatest = self.possible[0], self.possible[-1]
        for entry in program.standing:
            certain = greatest == 0 if entry.first else least >= entry.rank
            if certain:
                _raise(applies, entry.gives)
            if certain or (least == 0 if entry.first else greatest >= entry.rank):
                _raise(reach, entry.gives)
        assumed = [0] * len(applies)
        unsettled = not (len(self.possible) == 1 and self.exact)
        if self.open or unsettled:
            for rule in self.open:
                _raise(reach, rule.gives)
            self.raise_certain(applies, reach)
            for rule in presumed:
                _raise(assumed, rule.gives)
            if unsettled:
                _raise(assumed, program.unsettled_gives)
                for entry in program.standing:
                    if not entry.first and entry.rank <= advice:
                        _raise(assumed, entry.gives)
        return self.entries(applies, assumed, reach)

    def entries(self, applies: list[int], assumed: list[int], reach: list[int]) -> tuple[Entry, ...]:
        """Turn strengths per slot into entries, a `may` giving way to a prohibition."""
        slots = self.program.slots
        for i, slot in enumerate(slots):
            if slot.contested_may:
                self.contest(i, applies, assumed, reach)
        found = []
        for i, strength in enumerate(reach):
            strongest = assumed[i]
            if applies[i]:
                found.append(
                    Entry(i, "applies", applies[i], strongest if strongest > applies[i] else 0, strength if strength > max(applies[i], strongest) else 0)
                )
            elif strongest:
                found.append(Entry(i, "presumed", strongest, 0, strength if strength > strongest else 0))
            elif strength:
                found.append(Entry(i, "depends", strength, 0, 0))
        return tuple(found)

    def raise_certain(self, applies: list[int], reach: list[int]) -> None:
        """Raise what applies where several open givers together leave no case without it."""
        at_case = self.strengths_at(self.case)
        for i, slot in enumerate(self.program.slots):
            while applies[i] < min(reach[i], at_case[i]) and not slot.contested_may:
                wanted = min(s for s in self.strengths_of(i) if s > applies[i])
                if self.lacks(i, wanted):
                    break
                applies[i] = wanted

    def strengths_at(self, case: int) -> list[int]:
        """Per slot, the strength given in one complete case of the box."""
        program = self.program
        given = list(program.always)
        rank = 0
        for i in self.met:
            rule = program.rules[i]
            rank = max(rank, rule.rank)
            _raise(given, rule.gives)
        for rule in self.open:
            if rule.holds.holds(case):
                rank = max(rank, rule.rank)
                _raise(given, rule.gives)
        for entry in program.standing:
            if (rank == 0) if entry.first else rank >= entry.rank:
                _raise(given, entry.gives)
        return given

    def strengths_of(self, slot: int) -> set[int]:
        """Every strength ever given to a slot."""
        described = self.program.slots[slot]
        return {strength for _, strength in (*described.rules, *described.standing)}

    def lacks(self, slot: int, strength: int) -> bool:
        """Whether in some case of the box the slot is given less than `strength`."""
        return self.exists(absent=[(slot, strength)])

    def exists(self, absent: Sequence[tuple[int, int]], present: tuple[int, int] | None = None) -> bool:
        """Whether in some case each slot of `absent` is given less than that strength and, if asked, the slot of `present` at least that.

        On an exhausted budget: yes.
        """
        program = self.program
        forbidding: list[int] = []
        raised = False
        for slot, strength in absent:
            described = program.slots[slot]
            for index, given in described.rules:
                if given >= strength:
                    forbidding.extend(program.rules[index].holds.fails)
            for index, given in described.standing:
                entry = program.standing[index]
                if given < strength:
                    continue
                if entry.first:
                    raised = True
                elif entry.rank == 0:
                    return False
                else:
                    forbidding.extend(bits for rule in program.rules if rule.rank >= entry.rank for bits in rule.holds.fails)
        was_exact = self.exact
        for box in self.boxes_above(0) if raised else [self.box]:
            for inner, more in [(box, [])] if present is None else self.boxes_giving(box, *present):
                if inner and self.search(inner, [*forbidding, *more]):
                    return True
        return was_exact and not self.exact

    def boxes_above(self, rank: int) -> list[int]:
        """The boxes, within this one, of the rules whose outcome is above `rank`."""
        space = self.program.space
        return [
            box for rule in self.program.rules if rule.rank > rank for term in rule.holds.boxes if (box := space.tighten(self.box & term))
        ]

    def boxes_giving(self, box: int, slot: int, strength: int) -> list[tuple[int, list[int]]]:
        """Boxes (with terms to forbid) that together are the cases of `box` in which the slot is given at least `strength`."""
        program, space = self.program, self.program.space
        described = program.slots[slot]
        found: list[tuple[int, list[int]]] = []
        for index, given in described.rules:
            if given >= strength:
                found += [(space.tighten(box & term), []) for term in program.rules[index].holds.boxes]
        for index, given in described.standing:
            entry = program.standing[index]
            if given < strength:
                continue
            if entry.first:
                found.append((box, [bits for rule in program.rules if rule.rank > 0 for bits in rule.holds.fails]))
            elif entry.rank == 0:
                found.append((box, []))
            else:
                found += [
                    (space.tighten(box & term), []) for rule in program.rules if rule.rank >= entry.rank for term in rule.holds.boxes
                ]
        return found

    def contest(self, i: int, applies: list[int], assumed: list[int], reach: list[int]) -> None:
        """Settle a slot whose `may` a prohibition of the same action outranks: such a `may` counts for nothing."""
        opposite = self.program.slots[i].opposite
        if reach[i] == 1 and reach[opposite] and not self.exists([(opposite, 1)], (i, 1)):
            reach[i] = 0
        applies[i] = 0
        for strength in sorted(self.strengths_of(i)):
            if strength > reach[i] or self.lacks(i, strength):
                break
            if strength > 1 or not reach[opposite] or not self.exists([(i, 2)], (opposite, 1)):
                applies[i] = strength
        if applies[opposite] or assumed[opposite]:
            assumed[i] = 0 if assumed[i] == 1 else assumed[i]
            reach[i] = 0 if reach[i] == 1 and not applies[i] and not assumed[i] else reach[i]


def _raise(strengths: list[int], gives: Iterable[tuple[int, int]]) -> None:
    for slot, strength in gives:
        if strength > strengths[slot]:
            strengths[slot] = strength
