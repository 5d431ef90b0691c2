"""Which rules and standing entries of two policies are the same, changed, added or removed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from safeguarding_rules.comparing.sides import Side
from safeguarding_rules.language.conditions import Always, Condition, Not, tests_of
from safeguarding_rules.linking.policy import Duty, PolicyRule, Standing

State = Literal["same", "changed", "added", "removed"]
Giver = PolicyRule | Standing
_NEVER = Not(Always())


class RuleStates:
    """Matches what gives outcomes and duties: by id, and what is left by what it says."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self._old = {giver.id: giver for giver in self._givers(old)}
        self._new = {giver.id: giver for giver in self._givers(new)}
        self.matched = self._matched()  # old id -> new id
        self._back = {there: here for here, there in self.matched.items()}

    def _givers(self, side: Side) -> tuple[Giver, ...]:
        return (*side.policy.rules, *side.policy.standing)

    def _matched(self) -> dict[str, str]:
        found = {name: name for name in self._old if name in self._new}
        left = {side: [giver for name, giver in givers.items() if name not in found] for side, givers in (("old", self._old), ("new", self._new))}
        substances: Mapping[str, list[object]] = {
            "old": [self._substance(self.old, giver) for giver in left["old"]],
            "new": [self._substance(self.new, giver) for giver in left["new"]],
        }
        for giver, substance in zip(left["old"], substances["old"], strict=True):
            if substances["old"].count(substance) == 1 and substances["new"].count(substance) == 1:
                found[giver.id] = left["new"][substances["new"].index(substance)].id
        return found

    def _substance(self, side: Side, giver: Giver) -> object:
        """What a rule or standing entry does to complete cases, as written."""
        duties = frozenset(_duty(duty) for duty in giver.duties)
        if isinstance(giver, Standing):
            return giver.kind, side.policy.outcomes[giver.outcome].name, duties
        outcome = None if giver.outcome is None else side.policy.outcomes[giver.outcome].name
        return self.conditions(side, giver), outcome, duties

    def conditions(self, side: Side, rule: PolicyRule) -> tuple[Condition, Condition, Condition]:
        """`given`, `when` and `unless` in the words of the common space."""
        named = side.common.condition
        return (
            named(side.side, rule.given or Always()),
            named(side.side, rule.when),
            named(side.side, rule.unless or _NEVER),
        )

    def state(self, side: Side, giver: Giver) -> State:
        """What has become of a rule or standing entry of a side, or what it came from."""
        pairs, others = (self.matched, self._new) if side is self.old else (self._back, self._old)
        if giver.id not in pairs:
            return "removed" if side is self.old else "added"
        other = others[pairs[giver.id]]
        same = self._substance(side, giver) == self._substance(self.new if side is self.old else self.old, other)
        return "same" if same else "changed"

    def counterpart(self, side: Side, giver: Giver) -> Giver | None:
        """The same rule or standing entry on the other side."""
        if side is self.old:
            return self._new.get(self.matched.get(giver.id, ""))
        return self._old.get(self._back.get(giver.id, ""))

    @property
    def pairs(self) -> list[tuple[Giver, Giver]]:
        """What stands on both sides, in the old order."""
        return [(self._old[here], self._new[there]) for here, there in self.matched.items()]

    @cached_property
    def telling_facts(self) -> frozenset[str]:
        """The facts, as the common space calls them, that rules look at which are not the same on both sides."""
        found: set[str] = set()
        for side in (self.old, self.new):
            for rule in side.policy.rules:
                if self.state(side, rule) != "same":
                    found.update(test.fact for condition in self.conditions(side, rule) for test in tests_of(condition))
        return frozenset(found)


def _duty(duty: Duty) -> tuple[object, ...]:
    return duty.action, duty.by, duty.modality, None if duty.deadline is None else duty.deadline.text, duty.clock
