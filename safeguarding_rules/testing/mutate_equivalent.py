"""Proves that a mutant changes nothing: for all complete cases by search, for partial ones where only what is presumed could differ.

Comes in: the Program of a stack, the one with the mistake in it, and the mutant. Goes out: whether they decide every case alike. Promised: "alike" is
a proof; a search that runs out of nodes means "not alike", so that no mutant is removed for want of time.

How: the cases in which the old and the new part differ are boxes without terms. In each of them, the outcome differs where no other rule asks for as
much; a duty differs where nothing else gives it as strongly (a `may`: and nothing forbids it); a deadline where nothing else sets as early a one.
The standing duties hang on the outcome, so where the outcome is the same they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.language.deadlines import never_later
from safeguarding_rules.linking.policy import STRENGTH, Duty, PolicyRule, Standing, WhenUnsettled
from safeguarding_rules.testing.mutate_mutants import Mutant, Part, strengths
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum

Side = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class _Region:
    """Cases: in one of the boxes and with a bit in each of `forbidding`; `part` is what is given there by one policy and not by the other."""

    boxes: Sequence[int]
    forbidding: tuple[int, ...]
    rank: int
    gives: dict[Side, int]
    deadlines: tuple[Duty, ...] = ()


def alike(old: Program, new: Program, mutant: Mutant) -> bool:
    """Whether two Programs over one space, which differ by a mutant, decide every case alike."""
    try:
        if isinstance(mutant.old, WhenUnsettled):
            return _covered(old, mutant.old, new.policy.when_unsettled)
        proof = _Proof(old, new, mutant)
        return not any(proof.shows(region) for region in proof.regions()) and proof.presumed_alike()
    except BudgetExceededError:
        return False


class _Proof:
    def __init__(self, old: Program, new: Program, mutant: Mutant) -> None:
        self.old, self.new = old, new
        self.policy = old.policy
        self.space = old.space
        self.is_rule = isinstance(mutant.old, PolicyRule)
        names = [rule.id for rule in self.policy.rules] if self.is_rule else [entry.id for entry in self.policy.standing]
        self.index = names.index(mutant.where)

    # -- where the parts differ -------------------------------------------------------------------------------------------------------

    def regions(self) -> Iterable[_Region]:
        """Yield the cases in which the two parts do not give the same."""
        if not self.is_rule:
            old, new = self.policy.standing[self.index], self.new.policy.standing[self.index]
            boxes, forbidding = self._standing_cases(old)
            yield _Region(boxes, forbidding, 0, _stronger(old, new), _sooner(old, new))
            return
        i = self.index
        old_rule, new_rule = self.policy.rules[i], self.new.policy.rules[i]
        one, other = self.old.rules[i], self.new.rules[i]
        if one.holds != other.holds:
            yield _Region(one.holds.boxes, other.holds.fails, one.rank, strengths(old_rule))
            yield _Region(other.holds.boxes, one.holds.fails, other.rank, strengths(new_rule))
        rank = one.rank if one.rank != other.rank else 0
        gives = _stronger(old_rule, new_rule)
        sooner = _sooner(old_rule, new_rule)
        if rank > 0 or gives or sooner:
            yield _Region(one.holds.boxes, (), rank, gives, sooner)

    def _standing_cases(self, entry: Standing) -> tuple[Sequence[int], tuple[int, ...]]:
        if entry.kind == "always":
            return [self.space.start], ()
        if entry.kind == "first":
            return [self.space.start], tuple(self._fails(lambda rule: (rule.outcome or 0) > 0))
        return [box for rule in self.old.rules if rule.rank >= entry.outcome for box in rule.holds.boxes], ()

    # -- whether anybody would notice ---------------------------------------------------------------------------------------------------

    def shows(self, region: _Region) -> bool:
        """Whether in some case of a region the outcome or a duty differs."""
        if region.rank > 0 and self._some(region, self._fails(lambda rule: (rule.outcome or 0) >= region.rank)):
            return True
        for side, strength in region.gives.items():
            if self._noticed(region, side, strength):
                return True
        return any(self._later(region, duty) for duty in region.deadlines)

    def _noticed(self, region: _Region, side: Side, strength: int) -> bool:
        forbidding, above_first = self._givers(lambda duty: _side(duty) == side and STRENGTH[duty.modality] >= strength)
        if forbidding is None:
            return False
        if strength == 1 and not side[2]:
            opposite = (side[0], side[1], True)
            more, further = self._givers(lambda duty: _side(duty) == opposite, everyone=True)
            if more is None:
                return False
            forbidding, above_first = [*forbidding, *more], above_first or further
        return self._some(region, forbidding, above_first=above_first)

    def _later(self, region: _Region, duty: Duty) -> bool:
        forbidding, above_first = self._givers(lambda other: _as_early(other, duty))
        return forbidding is not None and self._some(region, forbidding, above_first=above_first)

    def _givers(self, counts: Callable[[Duty], bool], *, everyone: bool = False) -> tuple[list[int] | None, bool]:
        """The terms under which another part gives such a duty (None: in every case), and whether the first outcome does."""
        own = self.index if self.is_rule and not everyone else -1
        found = [
            bits
            for i, rule in enumerate(self.policy.rules)
            if i != own and any(counts(duty) for duty in rule.duties)
            for bits in self.old.rules[i].holds.fails
        ]
        first = False
        for i, entry in enumerate(self.policy.standing):
            if (not self.is_rule and i == self.index and not everyone) or not any(counts(duty) for duty in entry.duties):
                continue
            if entry.kind == "always":
                return None, False
            if entry.kind == "first":
                first = True
            else:
                found += self._fails(lambda rule, rank=entry.outcome: (rule.outcome or 0) >= rank, but_own=False)  # type: ignore[misc]
        return found, first

    def _fails(self, counts: Callable[[PolicyRule], bool], *, but_own: bool = True) -> list[int]:
        """The terms of the rules that count, the rule that changes left out."""
        own = self.index if self.is_rule and but_own else -1
        return [bits for i, rule in enumerate(self.policy.rules) if i != own and counts(rule) for bits in self.old.rules[i].holds.fails]

    def _some(self, region: _Region, forbidding: Sequence[int], *, above_first: bool = False) -> bool:
        wanted = list(dict.fromkeys([*region.forbidding, *forbidding]))
        if 0 in wanted:
            return False
        for box in region.boxes:
            inner = [box]
            if above_first and not (self.is_rule and region.rank > 0):
                inner = [one for rule in self.old.rules if rule.rank > 0 for term in rule.holds.boxes if (one := self.space.meet(box, term))]
            if any(self.space.find(one, wanted) for one in inner):
                return True
        return False

    # -- partial cases ------------------------------------------------------------------------------------------------------------------

    def presumed_alike(self) -> bool:
        """Whether the rule is presumed in the same partial cases, or presuming it can never show."""
        if not self.is_rule:
            return self._advised_alike()
        one, other = self.old.rules[self.index], self.new.rules[self.index]
        if one.presume == other.presume == "ask" or not (one.holds.boxes or other.holds.boxes):
            return True
        if (one.presume, one.holds, one.limbs, one.unless, one.when) == (other.presume, other.holds, other.limbs, other.unless, other.when):
            return not self._presuming_shows(one, other)
        if one.presume == other.presume == "presume_met" and self._same_cases(one.holds, other.holds):
            return True  # such a rule is presumed wherever it is open
        if one.holds.boxes and set(one.holds.boxes) == set(other.holds.boxes) and not self._presumed_apart():
            rule = self.policy.rules[self.index]
            return not rule.duties and (rule.outcome or 0) <= self.policy.when_unsettled.outcome
        return False

    def _advised_alike(self) -> bool:
        """Whether a standing entry that the unsettled advice calls up is covered by what is called up with it, or before."""
        old, new = self.policy.standing[self.index], self.new.policy.standing[self.index]
        if old.kind != "at_least":
            return True
        called = [duty for duty, rank in self._standing_duties(but=self.index) if rank <= old.outcome]
        return _covers([*called, *self.policy.when_unsettled.duties], old, new)

    def _presuming_shows(self, one: CompiledRule, other: CompiledRule) -> bool:
        """Whether a rule that is presumed in the same cases as before gives more, or less, than what is presumed wherever it is."""
        old, new = self.policy.rules[self.index], self.new.policy.rules[self.index]
        if one.rank != other.rank and max(one.rank, other.rank) > self.policy.when_unsettled.outcome:
            return True
        called = [duty for duty, rank in self._standing_duties() if rank <= max(min(one.rank, other.rank), 0)]
        for rule, compiled in zip(self.policy.rules, self.old.rules, strict=True):
            if rule is not old and self._as_ready(compiled, one):
                called += rule.duties
        return not _covers(called, old, new)

    def _as_ready(self, one: CompiledRule, other: CompiledRule) -> bool:
        """Whether a rule is met, or presumed, wherever another is."""
        if one.presume == "presume_met":
            return not any(self.space.find(box, one.holds.fails) for box in other.holds.boxes)
        return (one.presume, one.holds, one.limbs, one.unless, one.when) == (other.presume, other.holds, other.limbs, other.unless, other.when)

    def _standing_duties(self, but: int = -1) -> Iterable[tuple[Duty, int]]:
        """Yield the duties that stand whatever the outcome, or from a rank on."""
        for i, entry in enumerate(self.policy.standing):
            if entry.kind != "first" and i != but:
                yield from ((duty, entry.outcome if entry.kind == "at_least" else 0) for duty in entry.duties)

    def _same_cases(self, one: Sum, other: Sum) -> bool:
        """Whether two conditions hold in the same possible cases."""
        pairs = ((one, other), (other, one))
        return not any(self.space.find(box, inner.fails) for outer, inner in pairs for box in outer.boxes)

    def _presumed_apart(self) -> bool:
        """Whether some partial case that knows one limb of the rule is decided differently."""
        for limb in self.old.rules[self.index].limbs:
            for box in limb.boxes:
                before, after = evaluate(self.old, box), evaluate(self.new, box)
                if before is not None and after is not None and (before.advice, before.assumed) != (after.advice, after.assumed):
                    return True
        return False


def _covered(program: Program, old: WhenUnsettled, new: WhenUnsettled) -> bool:
    """Whether what the unsettled advice no longer gives as strongly or as soon is given while it stands: the outcome is then above the first."""
    if old.outcome != new.outcome or old.outcome < 1:
        return False
    standing = [duty for entry in program.policy.standing if entry.kind == "always" or 0 < entry.outcome <= 1 for duty in entry.duties]
    return _covers(standing, old, new)


def _covers(duties: Sequence[Duty], old: Part, new: Part) -> bool:
    """Whether some duties are as strong and as soon as each in which two parts differ."""
    gone = _stronger(old, new)
    strong = all(any(_side(duty) == side and STRENGTH[duty.modality] >= strength for duty in duties) for side, strength in gone.items())
    return strong and all(any(_as_early(other, duty) for other in duties) for duty in _sooner(old, new))


def _as_early(other: Duty, duty: Duty) -> bool:
    """Whether a duty has a deadline that is never later than that of another."""
    if _side(other) != _side(duty) or other.clock != duty.clock or other.deadline is None or duty.deadline is None:
        return False
    return never_later(other.deadline, duty.deadline)


def _side(duty: Duty) -> Side:
    return duty.action, duty.by, duty.modality in ("must_not", "should_not")


def _stronger(old: Part, new: Part) -> dict[Side, int]:
    """What one of two parts gives more strongly than the other."""
    one, other = strengths(old), strengths(new)
    return {side: max(one.get(side, 0), other.get(side, 0)) for side in {**one, **other} if one.get(side) != other.get(side)}


def _sooner(old: Part, new: Part) -> tuple[Duty, ...]:
    """The duties of the old part whose deadline the new one does not have."""
    kept = {(_side(duty), duty.deadline, duty.clock) for duty in new.duties}
    return tuple(duty for duty in old.duties if duty.deadline is not None and (_side(duty), duty.deadline, duty.clock) not in kept)
