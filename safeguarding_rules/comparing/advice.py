"""What changes no complete case but may change the advice while facts are unknown: presumptions, limbs, and `when_unsettled`."""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding_rules.comparing.direction import scale_direction
from safeguarding_rules.comparing.document import AdviceChange, Direction
from safeguarding_rules.comparing.rules import RuleStates
from safeguarding_rules.comparing.sides import Side
from safeguarding_rules.comparing.words import actor_words, modality_words
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, PolicyRule

_ORDER = {"ask": 0, "presume_if_partly_met": 1, "presume_met": 2}
_WORDS = {
    "ask": "counts only once it is known to be met",
    "presume_if_partly_met": "is presumed met once part of it is met",
    "presume_met": "is presumed met until it is known not to be",
}


def advice_changes(old: Side, new: Side, states: RuleStates) -> tuple[AdviceChange, ...]:
    """Every such change, `when_unsettled` first."""
    return (*_unsettled(old, new), *_presumptions(states), *_one_sided(old, new, states))


def _unsettled(old: Side, new: Side) -> Iterator[AdviceChange]:
    before, after = old.policy.when_unsettled, new.policy.when_unsettled
    names = old.policy.outcomes[before.outcome], new.policy.outcomes[after.outcome]
    if names[0].name != names[1].name:
        direction = scale_direction(old.policy, new.policy, names[0].name, names[1].name)
        text = f"while missing facts can still change the outcome, the advice was at least “{names[0].title}” and is now at least “{names[1].title}”"
        yield AdviceChange(what="when_unsettled", name="outcome", direction=direction, text=text)
    had, has = _strongest(before.duties), _strongest(after.duties)
    for key in dict.fromkeys((*had, *has)):
        a, b = had.get(key), has.get(key)
        if a and b and (a.modality, a.deadline, a.clock) == (b.modality, b.deadline, b.clock):
            continue
        more = STRENGTH[b.modality] if b else 0, STRENGTH[a.modality] if a else 0
        direction = "other" if more[0] == more[1] else _towards(old, new, key, more=more[0] > more[1])
        text = f"while the outcome is not settled: was {_said(old, a)}, is now {_said(new, b)}"
        yield AdviceChange(what="when_unsettled", name=key[0], direction=direction, text=text)


def _towards(old: Side, new: Side, key: tuple[str, str, bool], *, more: bool) -> Direction:
    info = new.policy.actions.get(key[0]) or old.policy.actions[key[0]]
    return "stricter" if more != (info.protects == "refrain" and not key[2]) else "milder"


def _strongest(duties: tuple[Duty, ...]) -> dict[tuple[str, str, bool], Duty]:
    found: dict[tuple[str, str, bool], Duty] = {}
    for duty in duties:
        key = (duty.action, duty.by, duty.modality in PROHIBITIONS)
        if key not in found or STRENGTH[duty.modality] > STRENGTH[found[key].modality]:
            found[key] = duty
    return found


def _said(side: Side, duty: Duty | None) -> str:
    if duty is None:
        return "nothing"
    within = f", {duty.deadline.text.replace('_', ' ')}" if duty.deadline is not None else ""
    return f"“{modality_words(duty.modality)}: {side.policy.actions[duty.action].title}” ({actor_words(duty.by)}{within})"


def _presumptions(states: RuleStates) -> Iterator[AdviceChange]:
    for here, there in states.pairs:
        if not isinstance(here, PolicyRule) or not isinstance(there, PolicyRule):
            continue
        if here.if_unknown != there.if_unknown:
            direction: Direction = "stricter" if _ORDER[there.if_unknown] > _ORDER[here.if_unknown] else "milder"
            text = f"while facts are unknown, “{there.title}” {_WORDS[there.if_unknown]}; before, it {_WORDS[here.if_unknown]}"
            yield AdviceChange(what="if_unknown", name=there.id, direction=direction, text=text)
        elif there.if_unknown == "presume_if_partly_met":
            conditions = states.conditions(states.old, here), states.conditions(states.new, there)
            if conditions[0] != conditions[1]:
                text = f"“{there.title}” has other parts: which facts make it presumed while others are unknown has changed"
                yield AdviceChange(what="limbs", name=there.id, direction="other", text=text)


def _one_sided(old: Side, new: Side, states: RuleStates) -> Iterator[AdviceChange]:
    """Rules of one side alone that are presumed."""
    for side, state, direction in ((new, "added", "stricter"), (old, "removed", "milder")):
        for rule in side.policy.rules:
            if rule.if_unknown != "ask" and states.state(side, rule) == state:
                text = (
                    f"while facts are unknown, the {state} rule “{rule.title}” {_WORDS[rule.if_unknown] if side is new else 'is no longer presumed'}"
                )
                yield AdviceChange(what="presumed_rule", name=rule.id, direction="stricter" if direction == "stricter" else "milder", text=text)
