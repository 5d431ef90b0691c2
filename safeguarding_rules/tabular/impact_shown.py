"""What an impact shows of its counts: the document, with small numbers left out and examples made small.

Comes in: exact counts, and a few rows of each kind of change. Goes out: an `ImpactDocument`. Promised: no number below the smallest allowed, nor
one that would give it away, transitions and duties looked at together (comparing/suppression.py); an example has only facts that matter for both
decisions, so that it tells of a kind of case and not of a child.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from safeguarding_rules.comparing.direction import scale_direction
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.comparing.suppression import counts_shown, rows_shown
from safeguarding_rules.diagnostics import FactsError
from safeguarding_rules.tabular.impact_document import DutyChange, ImpactDocument, PackSide, PolicySide, Responsible, Transition

Change = tuple[str, str]
DutySlot = tuple[str, str, bool, int, int]
"""Of a duty that changes: action, by, whether it forbids, strength before and after."""
_WORDS = {(1, False): "may", (2, False): "should", (3, False): "must", (2, True): "should_not", (3, True): "must_not"}


@dataclass
class Found:
    """Exact counts."""

    rows: int = 0
    invalid: int = 0
    contradicting: int = 0
    outcomes: Counter[Change] = field(default_factory=Counter)
    rules: Counter[tuple[Change, str | None]] = field(default_factory=Counter)
    duties: Counter[tuple[Change, DutySlot]] = field(default_factory=Counter)

    def add(self, other: Found) -> None:
        """Add the counts of other rows."""
        self.rows += other.rows
        self.invalid += other.invalid
        self.contradicting += other.contradicting
        self.outcomes += other.outcomes
        self.rules += other.rules
        self.duties += other.duties


def document(old: Stand, new: Stand, found: Found, examples: Mapping[Change, Sequence[dict[str, Any]]], smallest: int) -> ImpactDocument:
    """Lay out what may be shown."""
    named = {" > ".join(change): change for change in found.outcomes}
    cells: dict[DutySlot, dict[str, int]] = {}
    for (change, slot), number in found.duties.items():
        cells.setdefault(slot, {})[" > ".join(change)] = number
    shown = counts_shown({name: found.outcomes[change] for name, change in named.items()}, cells, smallest)
    sides: dict[str, Any] = {"old": _side(old), "new": _side(new), "scale": _scale(old, new), "invalid": found.invalid, "smallest": smallest}
    if shown is None or not found.rows:
        return ImpactDocument(**sides, rows=None if found.rows else 0, contradicting=None if found.rows else 0, transitions=(), duties=())
    layout = _Layout(old, new, found, smallest)
    transitions = [layout.transition(change, shown[0][name], examples.get(change, ())) for name, change in named.items()]
    order = {name: at for at, name in enumerate(sides["scale"])}
    return ImpactDocument(
        **sides,
        rows=found.rows,
        contradicting=rows_shown({"": found.contradicting}, smallest, found.rows)[""],
        transitions=tuple(sorted(transitions, key=lambda one: (order[one.old], order[one.new]))),
        duties=tuple(layout.duties(shown[1])),
    )


def _scale(old: Stand, new: Stand) -> tuple[str, ...]:
    """Every outcome of both scales; one that only the old one has stands before the next that both have."""
    before, after = ([outcome.name for outcome in stand.policy.outcomes] for stand in (old, new))
    found = list(after)
    for at, name in enumerate(before):
        if name not in after:
            following = next((found.index(one) for one in before[at + 1 :] if one in found), len(found))
            found.insert(following, name)
    return tuple(found)


def _side(stand: Stand) -> PolicySide:
    packs = tuple(PackSide(pack=pack.id, version=pack.version) for pack in stand.policy.packs)
    return PolicySide(name=stand.name, packs=packs, on=stand.on.isoformat(), fingerprint=stand.policy.fingerprint)


class _Layout:
    """Lays out the parts of one document."""

    def __init__(self, old: Stand, new: Stand, found: Found, smallest: int) -> None:
        self.old, self.new, self.found, self.smallest = old, new, found, smallest

    def transition(self, change: Change, rows: int | None, examples: Sequence[dict[str, Any]]) -> Transition:
        """One kind of change; nothing but its name where its number is not shown."""
        before, after = change
        if before == after:
            return Transition(old=before, new=after, direction=None, rows=rows)
        direction = scale_direction(self.old.policy, self.new.policy, before, after)
        if rows is None:
            return Transition(old=before, new=after, direction=direction, rows=None)
        side: Literal["old", "new"] = "old" if direction == "milder" else "new"
        rules = tuple(self.responsible(change, side))
        return Transition(old=before, new=after, direction=direction, rows=rows, rules=rules, example=self.example(change, examples))

    def responsible(self, change: Change, side: Literal["old", "new"]) -> list[Responsible]:
        """The rules behind a change, by name: an order by number would say what is not shown."""
        numbers = {rule or "": number for (of, rule), number in self.found.rules.items() if of == change}
        shown = rows_shown(numbers, self.smallest, self.found.outcomes[change], self.found.rows)
        texts = {rule.id: rule for rule in (self.old if side == "old" else self.new).policy.rules}
        return [
            Responsible(
                rule=name or None,
                policy=side,
                title=texts[name].title if name else None,
                because=texts[name].because if name else None,
                rows=shown[name],
            )
            for name in sorted(numbers, key=lambda name: (not name, name))
        ]

    def example(self, change: Change, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
        """The facts of the first row that still show the change once every fact that can be left out is."""
        for facts in rows:
            if self.shows(change, facts):
                kept = dict(facts)
                for name in reversed(facts):
                    fewer = {other: value for other, value in kept.items() if other != name}
                    if self.shows(change, fewer):
                        kept = fewer
                return kept
        return None

    def shows(self, change: Change, facts: Mapping[str, Any]) -> bool:
        """Whether the two policies decide facts in this way."""
        return (_outcome(self.old, facts), _outcome(self.new, facts)) == change

    def duties(self, shown: Mapping[DutySlot, int | None]) -> list[DutyChange]:
        """Duties that change, in the order of the actions."""
        actions = dict(self.old.policy.actions) | dict(self.new.policy.actions)
        order = {name: at for at, name in enumerate(actions)}
        return [
            DutyChange(
                action=action,
                title=actions[action].title,
                by=by,
                old=_WORDS.get((was, forbids)),
                new=_WORDS.get((now, forbids)),
                rows=shown[action, by, forbids, was, now],
            )
            for action, by, forbids, was, now in sorted(shown, key=lambda key: (order[key[0]], *key[1:]))
        ]


def _outcome(stand: Stand, facts: Mapping[str, Any]) -> str | None:
    """The outcome of the facts that a policy knows, under their former names too."""
    names = {info.spec.name: info.spec.name for info in stand.policy.facts}
    names |= {former: info.spec.name for info in stand.policy.facts for former in info.formerly}
    try:
        return stand.decider.decide({names[name]: value for name, value in facts.items() if name in names}, stand.on).outcome
    except FactsError:
        return None
