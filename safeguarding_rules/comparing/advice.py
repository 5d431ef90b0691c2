"""What changes no complete case but may change the advice while facts are unknown: presumptions, and `when_unsettled`.

Comes in: two Sides. Goes out: `AdviceChange`s. Promised: in a partial case an outcome or duty is advised because every complete case has it, or
because a rule that may be presumed, a standing entry from an outcome upwards, or `when_unsettled` gives it; so wherever one of these is not the same
on both sides there is an entry, and it is milder unless it is shown not to be. Partial cases are not searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safeguarding_rules.comparing.direction import scale_direction
from safeguarding_rules.comparing.document import AdviceChange, Direction
from safeguarding_rules.comparing.rules import Giver, RuleStates
from safeguarding_rules.comparing.sides import Side, SlotKey
from safeguarding_rules.comparing.words import actor_words, modality_words
from safeguarding_rules.language.conditions import Condition
from safeguarding_rules.language.deadlines import never_later
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, PolicyRule, Standing
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import sum_in

_ORDER = {"ask": 0, "presume_if_partly_met": 1, "presume_met": 2}
_WORDS = {
    "ask": "counts only once it is known to be met",
    "presume_if_partly_met": "is presumed met once part of it is met",
    "presume_met": "is presumed met until it is known not to be",
}


def advice_changes(old: Side, new: Side, states: RuleStates) -> tuple[AdviceChange, ...]:
    """Every such change, `when_unsettled` first."""
    pairs = [change for here, there in states.pairs for change in _Pair(old, new, states).changes(here, there)]
    return (*_unsettled(old, new), *pairs, *_one_sided(old, new, states))


def presumable(giver: Giver) -> bool:
    """Whether a rule or standing entry can be advised where some case does not give it."""
    return giver.if_unknown != "ask" if isinstance(giver, PolicyRule) else giver.kind == "at_least" and giver.outcome > 0


def direction_of(found: Iterable[Direction]) -> Direction:
    """The direction of several changes together: milder if any is, else stricter if any is."""
    listed = set(found)
    return "milder" if "milder" in listed else "stricter" if "stricter" in listed else "other"


def _unsettled(old: Side, new: Side) -> Iterator[AdviceChange]:
    before, after = old.policy.when_unsettled, new.policy.when_unsettled
    names = old.policy.outcomes[before.outcome], new.policy.outcomes[after.outcome]
    if names[0].name != names[1].name:
        direction = _shown(scale_direction(old.policy, new.policy, names[0].name, names[1].name))
        text = f"while missing facts can still change the outcome, the advice was at least “{names[0].title}” and is now at least “{names[1].title}”"
        yield AdviceChange(what="when_unsettled", name="outcome", direction=direction, text=text)
    for key, (had, has, direction) in _duties(old, new, before.duties, after.duties).items():
        text = f"while the outcome is not settled: was {_said(old, had)}, is now {_said(new, has)}"
        yield AdviceChange(what="when_unsettled", name=key[0], direction=direction, text=text)


def _shown(direction: Direction) -> Direction:
    """A direction between outcomes; milder where the scales do not say."""
    return "milder" if direction == "other" else direction


# -- duties -------------------------------------------------------------------------------------------------------------------------------


def _duties(
    old: Side, new: Side, before: Iterable[Duty], after: Iterable[Duty]
) -> dict[SlotKey, tuple[tuple[Duty, ...], tuple[Duty, ...], Direction]]:
    """The duties that differ, per (action, by, whether forbidden): what was given, what is, and the direction."""
    had, has = _by_slot(before), _by_slot(after)
    found = {}
    for key in dict.fromkeys((*had, *has)):
        one, other = had.get(key, ()), has.get(key, ())
        lost = any(not any(_covers(b, a) for b in other) for a in one)
        gained = any(not any(_covers(a, b) for a in one) for b in other)
        directions: list[Direction] = [towards(old, new, key, more=more) for more, there in ((False, lost), (True, gained)) if there]
        if gained and not lost and not one and not key[2] and all(duty.modality == "may" for duty in other):
            directions = ["other" if directions == ["stricter"] else directions[0]]
        if directions:
            found[key] = (one, other, direction_of(directions))
    return found


def towards(old: Side, new: Side, key: SlotKey, *, more: bool) -> Direction:
    """The direction of more or less of a duty."""
    info = new.policy.actions.get(key[0]) or old.policy.actions[key[0]]
    return "stricter" if more != (info.protects == "refrain" and not key[2]) else "milder"


def _by_slot(duties: Iterable[Duty]) -> dict[SlotKey, tuple[Duty, ...]]:
    found: dict[SlotKey, tuple[Duty, ...]] = {}
    for duty in duties:
        key = slot_of(duty)
        found[key] = (*found.get(key, ()), duty)
    return found


def slot_of(duty: Duty) -> SlotKey:
    """The (action, by, whether forbidden) of a duty."""
    return duty.action, duty.by, duty.modality in PROHIBITIONS


def _covers(other: Duty, duty: Duty) -> bool:
    """Whether a duty is as strong and as soon as another of the same slot."""
    if STRENGTH[other.modality] < STRENGTH[duty.modality]:
        return False
    if duty.deadline is None:
        return True
    return other.deadline is not None and other.clock == duty.clock and never_later(other.deadline, duty.deadline)


def _said(side: Side, duties: Iterable[Duty]) -> str:
    said = []
    for duty in duties:
        within = f", {duty.deadline.text.replace('_', ' ')}" if duty.deadline is not None else ""
        said.append(f"“{modality_words(duty.modality)}: {side.policy.actions[duty.action].title}” ({actor_words(duty.by)}{within})")
    return " and ".join(said) or "nothing"


# -- rules and standing entries of both sides ---------------------------------------------------------------------------------------------


class _Pair:
    """Compares a rule or standing entry with what has become of it, where either can be presumed."""

    def __init__(self, old: Side, new: Side, states: RuleStates) -> None:
        self.old, self.new, self.states = old, new, states

    def changes(self, here: Giver, there: Giver) -> Iterator[AdviceChange]:
        """Everything that is not the same."""
        if isinstance(here, PolicyRule) and isinstance(there, PolicyRule):
            if here.if_unknown != there.if_unknown:
                yield self._presumption(here, there)
            if presumable(here):
                yield from self._condition(here, there)
                yield from self._outcome(here, there)
        elif isinstance(here, Standing) and isinstance(there, Standing):
            yield from self._threshold(here, there)
        if presumable(here):
            title = there.title if isinstance(there, PolicyRule) else there.id
            for had, has, direction in _duties(self.old, self.new, here.duties, there.duties).values():
                text = f"where “{title}” is presumed: was {_said(self.old, had)}, is now {_said(self.new, has)}"
                yield AdviceChange(what="duties", name=there.id, direction=direction, text=text)

    def _presumption(self, here: PolicyRule, there: PolicyRule) -> AdviceChange:
        more = _ORDER[there.if_unknown] > _ORDER[here.if_unknown]
        direction = _given(self.new, there, more=True) if more else _given(self.old, here, more=False)
        text = f"while facts are unknown, “{there.title}” {_WORDS[there.if_unknown]}; before, it {_WORDS[here.if_unknown]}"
        return AdviceChange(what="if_unknown", name=there.id, direction=direction, text=text)

    def _condition(self, here: PolicyRule, there: PolicyRule) -> Iterator[AdviceChange]:
        if self.states.conditions(self.old, here) == self.states.conditions(self.new, there):
            return
        wider, narrower = self._presumed_within(self.old, here, self.new, there), self._presumed_within(self.new, there, self.old, here)
        same, more = wider and narrower, wider and not narrower
        direction: Direction = "other" if same else _given(self.new, there, more=True) if more else "milder"
        how = "is presumed in the same cases" if same else "is presumed where it was, and elsewhere" if more else "may not be presumed where it was"
        text = f"“{there.title}” has other parts: while facts are unknown, it now {how}"
        yield AdviceChange(what="limbs", name=there.id, direction=direction, text=text)

    def _presumed_within(self, side: Side, rule: PolicyRule, other_side: Side, other: PolicyRule) -> bool:
        """Whether a rule is shown to be presumed or met wherever another is; False where it cannot be shown."""
        if _ORDER[other.if_unknown] < _ORDER[rule.if_unknown] or not self._within(side, rule, other_side, other):
            return False
        if other.if_unknown == "presume_met":
            return True
        theirs = [other_side.common.condition(other_side.side, limb) for limb in other.limbs]
        ours = [side.common.condition(side.side, limb) for limb in rule.limbs]
        if not all(any(self._implies(limb, wider) for wider in theirs) for limb in ours):
            return False
        one, two = self.states.conditions(side, rule), self.states.conditions(other_side, other)
        return rule.unless is None or (one[2] == two[2] and self._implies(one[1], two[1]))

    def _within(self, side: Side, rule: PolicyRule, other_side: Side, other: PolicyRule) -> bool:
        fails = other_side.sums[other.id].fails
        try:
            return not any(side.space.find(box, fails) for box in side.sums[rule.id].boxes)
        except BudgetExceededError:
            return False

    def _implies(self, one: Condition, other: Condition) -> bool:
        space = self.old.space
        try:
            fails = sum_in(space, other).fails
            return one == other or not any(space.find(box, fails) for box in sum_in(space, one).boxes)
        except BudgetExceededError:
            return False

    def _outcome(self, here: PolicyRule, there: PolicyRule) -> Iterator[AdviceChange]:
        before = None if not here.outcome else self.old.policy.outcomes[here.outcome]
        after = None if not there.outcome else self.new.policy.outcomes[there.outcome]
        if (before and before.name) == (after and after.name):
            return
        direction: Direction = "milder" if after is None else "stricter"
        if before is not None and after is not None:
            direction = _shown(scale_direction(self.old.policy, self.new.policy, before.name, after.name))
        was, now = (f"“{one.title}”" if one is not None else "no outcome" for one in (before, after))
        text = f"where “{there.title}” is presumed, it brought {was} and now brings {now}"
        yield AdviceChange(what="presumed_rule", name=there.id, direction=direction, text=text)

    def _threshold(self, here: Standing, there: Standing) -> Iterator[AdviceChange]:
        names = self.old.policy.outcomes[here.outcome], self.new.policy.outcomes[there.outcome]
        if not (presumable(here) or presumable(there)) or (here.kind, names[0].name) == (there.kind, names[1].name):
            return
        rises: Direction = "milder"
        if "first" not in (here.kind, there.kind):
            rises = scale_direction(self.old.policy, self.new.policy, names[0].name, names[1].name)
        lower = rises == "milder" and "first" not in (here.kind, there.kind)
        direction = _given(self.new, there, more=True) if lower else "milder"
        text = f"{there.id} followed {_from(here, names[0].title)} and now follows {_from(there, names[1].title)}, presumed outcomes included"
        yield AdviceChange(what="standing", name=there.id, direction=direction, text=text)


def _from(entry: Standing, title: str) -> str:
    if entry.kind == "always":
        return "every outcome"
    return f"“{title}” only" if entry.kind == "first" else f"outcomes from “{title}” up"


def _given(side: Side, giver: Giver, *, more: bool) -> Direction:
    """The direction of something being presumed more readily, or less."""
    directions: list[Direction] = []
    if isinstance(giver, PolicyRule) and giver.outcome:
        directions.append("stricter" if more else "milder")
    for duty in giver.duties:
        direction = towards(side, side, slot_of(duty), more=more)
        directions.append("other" if duty.modality == "may" and more and direction == "stricter" else direction)
    return direction_of(directions)


# -- of one side alone --------------------------------------------------------------------------------------------------------------------


def _one_sided(old: Side, new: Side, states: RuleStates) -> Iterator[AdviceChange]:
    """Rules that are presumed, and standing entries from an outcome upwards, of one side alone."""
    for side, state in ((new, "added"), (old, "removed")):
        for rule in side.policy.rules:
            if presumable(rule) and states.state(side, rule) == state:
                text = (
                    f"while facts are unknown, the {state} rule “{rule.title}” {_WORDS[rule.if_unknown] if side is new else 'is no longer presumed'}"
                )
                yield AdviceChange(what="presumed_rule", name=rule.id, direction=_given(side, rule, more=side is new), text=text)
        for entry in side.policy.standing:
            if presumable(entry) and states.state(side, entry) == state:
                text = f"the standing duties {entry.id}, which follow {_from(entry, side.policy.outcomes[entry.outcome].title)}, are {state}"
                yield AdviceChange(what="standing", name=entry.id, direction=_given(side, entry, more=side is new), text=text)
