"""What cases exercise of a pack: which of its rules hold, which outcomes are advised, which of its actions are advised.

A rule is exercised by a case in which it is met or presumed, an outcome by a case in which it is the advice, an action by a case in which it
applies or is presumed, in either direction. A mistake in a part that no case exercises would go unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.linking.policy import Policy


@dataclass(frozen=True, slots=True)
class Share:
    """How many cases exercise each part of one kind."""

    kind: str
    counts: dict[str, int]

    @property
    def exercised(self) -> int:
        """How many parts are exercised at all."""
        return sum(1 for count in self.counts.values() if count)

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that no case exercises, by name."""
        return tuple(sorted(name for name, count in self.counts.items() if not count))


@dataclass
class Coverage:
    """What the cases of a run exercise of one version of a pack. Its rules are named as in it, those that it strengthens with their pack."""

    pack: str
    version: str
    rules: dict[str, int] = field(default_factory=dict)
    strengthened: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)

    def declare(self, policy: Policy) -> None:
        """Take in what the pack has in a stack, so that what is never exercised is listed too."""
        for rule in policy.rules:
            if rule.pack == self.pack:
                self.rules.setdefault(self._own(rule.id), 0)
            if self.pack in rule.strengthened_by:
                self.strengthened.setdefault(rule.id, 0)
        for action in policy.actions.values():
            if action.pack == self.pack:
                self.actions.setdefault(action.name, 0)
        for outcome in policy.outcomes:
            if outcome.pack == self.pack:
                self.outcomes.setdefault(outcome.name, 0)

    def count(self, decision: Decision) -> None:
        """Count what one decision exercises."""
        verdict, program = decision.verdict, decision.program
        rules = [program.policy.rules[index].id for index in {*verdict.met, *verdict.presumed}]
        slots = [program.slots[entry.slot] for entry in verdict.entries if entry.status != "depends" or entry.presumed]
        _add(self.rules, {self._own(rule) for rule in rules})
        _add(self.strengthened, set(rules))
        _add(self.outcomes, {decision.outcome})
        _add(self.actions, {slot.action for slot in slots})

    def shares(self) -> tuple[Share, ...]:
        """Return the counts by kind; kinds that the pack does not have are left out."""
        kinds = (("rules", self.rules), ("strengthened rules", self.strengthened), ("outcomes", self.outcomes), ("actions", self.actions))
        return tuple(Share(kind, dict(counts)) for kind, counts in kinds if counts)

    def _own(self, rule: str) -> str:
        return rule.removeprefix(f"{self.pack}/")


def _add(counts: dict[str, int], names: set[str]) -> None:
    for name in names & counts.keys():
        counts[name] += 1
