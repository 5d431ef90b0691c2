"""Examples of changes: a complete case in words, decided again by both engines, with the rules that make the difference.

Promised: an example is marked confirmed only where both engines, given its facts, say what the comparison says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safeguarding_rules.comparing import document as doc
from safeguarding_rules.comparing.aspects import DUE, Change
from safeguarding_rules.comparing.rules import Giver, RuleStates
from safeguarding_rules.comparing.sides import Side
from safeguarding_rules.comparing.words import fact_words, value_words
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.language.deadlines import never_later, parse_deadline
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.linking.policy import STRENGTH, PolicyRule
from safeguarding_rules.worlds.space import Variable


class Examples:
    """Writes examples of one comparison."""

    def __init__(self, old: Side, new: Side, states: RuleStates, quiet: int) -> None:
        self.old, self.new, self.states = old, new, states
        self.space = old.space
        self.quiet = quiet

    # -- the case -------------------------------------------------------------------------------------------------------------------

    def example(self, change: Change, case: int) -> doc.Example:
        """A complete case as an example of a change."""
        facts = {side: self.facts(side, case) for side in (self.old, self.new)}
        decisions = {side: side.stand.decider.decide(given, side.stand.on) for side, given in facts.items()}
        confirmed = _says(self.old, decisions[self.old], change, change.old) and _says(self.new, decisions[self.new], change, change.new)
        return doc.Example(
            told=self.told(case),
            facts_old=facts[self.old],
            facts_new=facts[self.new],
            outcome_old=decisions[self.old].outcome,
            outcome_new=decisions[self.new].outcome,
            confirmed=confirmed,
        )

    def facts(self, side: Side, case: int) -> dict[str, Any]:
        """A complete case as the facts of one side; what does not apply is left out."""
        found: dict[str, Any] = {}
        own = {joint: name for name, joint in side.common.names[side.side].items()}
        domains = {info.spec.name: info.spec for info in side.policy.facts}
        for joint, value in self._values(case).items():
            name = own.get(joint)
            if name is None or value is NOT_APPLICABLE:
                continue
            found[name] = {"only": [one for one in value["only"] if one in domains[name].values]} if isinstance(value, dict) else value
        return found

    def told(self, case: int) -> tuple[doc.Told, ...]:
        """The facts of a case that are not as in a quiet case."""
        usual, infos = self._values(self.quiet), self.old.common.infos
        return tuple(
            doc.Told(fact=name, words=f"{fact_words(name)}: {value_words(value, infos[name])}")
            for name, value in self._values(case).items()
            if value != usual[name] and value is not NOT_APPLICABLE and not (usual[name] is NOT_APPLICABLE and self._least_telling(name, case))
        )

    def _least_telling(self, name: str, case: int) -> bool:
        """Whether a fact has the least telling of the values it can have where it applies."""
        block = self.space.variable_of(name).block
        applicable = self.space.start & block & ~self.space.not_applicable
        return bool(case & applicable & -applicable)

    def _values(self, case: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for variable, cell in self.space.chosen(case):
            if variable.value is not None:
                included = found.setdefault(variable.fact, {"only": []})["only"]
                included += [variable.value] if cell is True else []
            else:
                found[variable.fact] = self._number(variable, cell) if isinstance(cell, tuple) else cell
        return found

    def _number(self, variable: Variable, cell: tuple[int, int]) -> int:
        """The number of a range that is next to another range."""
        return cell[1] if cell[0] == self.space.specs[variable.fact].low else cell[0]

    # -- the rules ------------------------------------------------------------------------------------------------------------------

    def involved(self, change: Change, case: int) -> tuple[tuple[doc.RuleNote, ...], tuple[doc.RuleNote, ...]]:
        """What gives the value on each side in a case, and what has become of it on the other."""
        old, new = _behind(self.old, change, change.old, case), _behind(self.new, change, change.new, case)
        old += [one for giver in new if (one := self._changed(self.new, giver)) and one not in old]
        new += [one for giver in old if (one := self._changed(self.old, giver)) and one not in new]
        return self._notes(self.old, old), self._notes(self.new, new)

    def _changed(self, side: Side, giver: Giver) -> Giver | None:
        return self.states.counterpart(side, giver) if self.states.state(side, giver) == "changed" else None

    def _notes(self, side: Side, givers: Sequence[Giver]) -> tuple[doc.RuleNote, ...]:
        return tuple(
            doc.RuleNote(
                rule=giver.id,
                title=giver.title if isinstance(giver, PolicyRule) else _standing_title(side, giver),
                state=self.states.state(side, giver),
                citations=giver.cite,
            )
            for giver in dict.fromkeys(givers)
        )


def _standing_title(side: Side, giver: Giver) -> str:
    if isinstance(giver, PolicyRule) or giver.kind == "always":
        return "Standing duties in every case"
    title = side.policy.outcomes[giver.outcome].title
    return f"Standing duties at “{title}”" if giver.kind == "first" else f"Standing duties from “{title}” upwards"


def _behind(side: Side, change: Change, value: int, case: int) -> list[Giver]:
    """What gives a value on one side in a case."""
    if change.slot is None:
        return [rule for rule in side.rules_in(case) if value and rule.outcome == value]
    given = side.givers_in(case, change.slot)
    if change.due is None:
        return [giver for giver, duty in given if STRENGTH[duty.modality] == value]
    deadline, clock = change.due
    if value == DUE:
        return [giver for giver, duty in given if duty.deadline is not None and duty.clock == clock and never_later(duty.deadline, deadline)]
    return [giver for giver, _ in given]


def _says(side: Side, decision: Decision, change: Change, value: int) -> bool:
    """Whether an engine's decision has the value."""
    if change.slot is None:
        return decision.settled and decision.outcome == side.policy.outcomes[value].name
    action, by, forbidden = change.slot
    entries = [a for a in decision.actions if (a.action, a.by, a.modality.endswith("_not")) == (action, by, forbidden) and a.status == "applies"]
    if change.due is None:
        return max((STRENGTH[entry.modality] for entry in entries), default=0) == value
    deadline, clock = change.due
    due = any(found.from_ == clock and never_later(parse_deadline(found.within), deadline) for entry in entries for found in entry.deadlines)
    return bool(entries) and due == (value == DUE)
