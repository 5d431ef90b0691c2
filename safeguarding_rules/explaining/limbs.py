"""Why a rule is presumed: which of its limbs is met, by which known facts, and what is not known.

Comes in: a Program, the facts of a case with their boxes, and the box of all of them. Goes out: names of facts. Promised: the facts named for a
limb meet it, and none of them can be left out. Must not know: words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.conditions import Condition, tests_of
from safeguarding_rules.linking.policy import PolicyRule
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum

Reason = Literal["until_known", "partly_met", "exception_open"]


@frozen
class Limb:
    """A limb that is met (by these known facts) or open (for want of these)."""

    met: bool
    known: tuple[str, ...]
    unknown: tuple[str, ...]


class LimbReader:
    """Reads the limbs of presumed rules in one case."""

    def __init__(self, program: Program, boxes: Mapping[str, int], box: int) -> None:
        self._program = program
        self._space = program.space
        self._boxes = boxes
        self._box = box

    def reason(self, compiled: CompiledRule) -> Reason:
        """Why an open rule is presumed."""
        if compiled.presume == "presume_met":
            return "until_known"
        return "partly_met" if any(self.certain(limb, self._box) for limb in compiled.limbs) else "exception_open"

    def limbs(self, rule: PolicyRule, compiled: CompiledRule) -> tuple[Limb, ...]:
        """The limbs of a presumed rule that are met or open; where only its exception is open, its trigger and its exception."""
        reason = self.reason(compiled)
        if reason == "partly_met":
            pairs = list(zip(rule.limbs, compiled.limbs, strict=True))
            return tuple(limb for condition, found in pairs if (limb := self._limb(condition, found)))
        if reason == "exception_open" and compiled.when is not None and compiled.unless is not None and rule.unless is not None:
            pairs = [(rule.when, compiled.when), (rule.unless, compiled.unless)]
            return tuple(limb for condition, found in pairs if (limb := self._limb(condition, found)))
        return ()

    def unknown(self, conditions: Sequence[Condition | None]) -> tuple[str, ...]:
        """The facts of some conditions that are not known to have one value, in declared order."""
        named = {test.fact for condition in conditions if condition is not None for test in tests_of(condition)}
        variables = self._space.variables
        return tuple(dict.fromkeys(v.fact for v in variables if v.fact in named and (self._box & v.block).bit_count() != 1))

    def _limb(self, condition: Condition, found: Sum) -> Limb | None:
        if self.certain(found, self._box):
            return Limb(met=True, known=self._forcing(condition, found), unknown=())
        if any(self._space.tighten(self._box & term) for term in found.boxes):
            return Limb(met=False, known=(), unknown=self.unknown([condition]))
        return None

    def certain(self, condition: Sum, box: int) -> bool:
        """Whether a condition holds in every case of a box."""
        try:
            return not self._space.find(box, condition.fails)
        except BudgetExceededError:
            return False

    def _forcing(self, condition: Condition, found: Sum) -> tuple[str, ...]:
        """Known facts that make the condition hold, none of which can be left out; facts it names rather than others."""
        named = {test.fact for test in tests_of(condition)}
        kept = [name for name in self._boxes if name in named]
        if not self.certain(found, self.joined(kept)):
            kept = list(self._boxes)
        for name in sorted(kept, key=lambda fact: fact in named):
            without = [other for other in kept if other != name]
            if self.certain(found, self.joined(without)):
                kept = without
        return tuple(kept)

    def joined(self, names: Sequence[str]) -> int:
        """The box of some of the known facts."""
        box = self._space.full
        for name in names:
            box &= self._boxes[name]
        return self._space.close(box)
