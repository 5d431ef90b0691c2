"""The naive reference interpreter: `docs/reference/semantics.md`, clause by clause, on plain data.

In comes a stack of packs from the top (national) down, each a mapping of file path to parsed YAML, and the facts of one case. Out comes an `Answer`.
It enumerates every complete case of the stack (`cases.py`) and looks. It is never optimised (one cache holds the complete cases of a stack) and must
not import anything of the package: it is the judge of the engine, so it knows nothing of it. Packs are taken to be valid; nothing is checked here.

Where the page leaves a choice, the more protective reading was taken; the places say `Reading:`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.reference.cases import NOT_APPLICABLE, Case, agreeing_cases, complete_cases, holds, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference.stack import Given, Policy, Rule, Stack

Side = tuple[str, str, str]  # (action, by, "positive" | "negative")

RANK = {"must": 3, "should": 2, "may": 1, "must_not": 3, "should_not": 2}
NAME = {"positive": {3: "must", 2: "should", 1: "may"}, "negative": {3: "must_not", 2: "should_not"}}


@dataclass(frozen=True)
class Entry:
    """What a decision says about one side of one (action, by); `stronger` is what more is presumed, then what more is possible."""

    status: str
    modality: str
    stronger: tuple[tuple[str, str], ...] = ()


@dataclass
class Answer:
    """All that the semantics page fixes about a decision, questions excepted (see `questions`)."""

    outcome: str
    possible_outcomes: set[str]
    settled: bool
    firm: bool
    rules: dict[str, str]
    presumed: set[str]
    actions: dict[Side, Entry]
    contradiction: bool = False


# -------------------------------------------------------------------------------------------------------------------- decide


def decide(stack: Stack, facts: Case, on: str | None = None, fixed: Case | None = None) -> Answer:
    """Give the answer for the facts of one case."""
    policy, cases = complete_cases(stack, facts, on, fixed)
    matching = agreeing_cases(cases, facts)
    return _decide(policy, matching) if matching else _decide_contradiction(policy, cases, facts)


def outcome_of(held: list[Rule]) -> int:
    """Give the most protective outcome among the rules that hold, the scale's first if none."""
    return max([rule.outcome for rule in held if rule.outcome is not None], default=0)


def strengths_of(policy: Policy, held: list[Rule]) -> dict[Side, int]:
    """Give the strength of each side of each (action, by) in a complete case, from the rules that hold in it."""
    outcome = outcome_of(held)
    given = [item for rule in held for item in rule.gives]
    for kind, wanted, items in policy.standing:
        if kind == "always" or (kind == "at_least" and outcome >= wanted) or (kind == "when_outcome" and outcome == wanted):
            given += items
    strengths = strongest(given)
    return {side: rank for side, rank in strengths.items() if not (NAME[side[2]][rank] == "may" and (side[0], side[1], "negative") in strengths)}


def strongest(given: list[Given]) -> dict[Side, int]:
    """Give the strongest strength given, per side."""
    strengths: dict[Side, int] = {}
    for action, by, modality in given:
        side = (action, by, "negative" if modality.endswith("_not") else "positive")
        strengths[side] = max(strengths.get(side, 0), RANK[modality])
    return strengths


def status_of(policy: Policy, pack: int, condition: Any, cases: list[Case]) -> str:
    """Met if it holds in every case, not met if in none, else open."""
    return _status([holds(policy, pack, condition, case) for case in cases])


def _status(held: list[bool]) -> str:
    return "met" if all(held) else "open" if any(held) else "not_met"


def limbs(policy: Policy, rule: Rule) -> list[Any]:
    """List the limbs that `when` gives by its shape: definitions expanded, an `all` directly inside an `all` flattened."""

    def expanded(condition: Any) -> Any:
        while "defined" in condition:
            condition = policy.definitions[rule.pack, condition["defined"]]
        return condition

    def members(condition: Any) -> list[Any]:
        if "all" not in condition:
            return [condition]
        return [limb for part in condition["all"] for limb in members(expanded(part))]

    when = expanded(rule.when)
    if "all" in when:
        return members(when)
    if "any" in when:
        return [limb for part in map(expanded, when["any"]) if "all" in part for limb in members(part)]
    return []


def is_presumed(policy: Policy, rule: Rule, cases: list[Case]) -> bool:
    """Tell whether an open rule is presumed."""
    if rule.if_unknown == "presume_met":
        return True
    if rule.if_unknown != "presume_if_partly_met":
        return False
    found = limbs(policy, rule)
    if status_of(policy, rule.pack, rule.unless, cases) == "open":
        found = [*found, rule.when]
    return any(status_of(policy, rule.pack, limb, cases) == "met" for limb in found)


def _decide(policy: Policy, cases: list[Case]) -> Answer:
    held = [rules_of(policy, case) for case in cases]
    outcomes = {outcome_of(one) for one in held}
    settled = len(outcomes) == 1
    rules = {name: _status([rule in one for one in held]) for name, rule in policy.rules.items()}
    presumed = {name for name, status in rules.items() if status == "open" and is_presumed(policy, policy.rules[name], cases)}
    presumed_outcomes = [outcome for name in presumed if (outcome := policy.rules[name].outcome) is not None]
    advice = min(outcomes) if settled else max(min(outcomes), min(policy.unsettled, max(outcomes)), *presumed_outcomes)

    every = [strengths_of(policy, one) for one in held]
    sides = {side for strengths in every for side in strengths}
    greatest = {side: max(strengths.get(side, 0) for strengths in every) for side in sides}
    least = {side: min(strengths.get(side, 0) for strengths in every) for side in sides}
    taken = [item for name in presumed for item in policy.rules[name].gives]
    unsettled_only = strongest([] if settled else policy.unsettled_gives)
    presumable = strongest(taken + ([] if settled else _advised(policy, advice)))
    # Reading: what only when_unsettled gives has an entry too, though no complete case gives it.
    presumable = {side: rank for side, rank in presumable.items() if side in greatest or side in unsettled_only}
    actions = _entries(least, presumable, greatest)
    return Answer(policy.scale[advice], {policy.scale[o] for o in outcomes}, settled, advice == min(outcomes), rules, presumed, actions)


def _advised(policy: Policy, advice: int) -> list[Given]:
    """List what is presumed because the outcome is not settled."""
    return policy.unsettled_gives + [item for kind, wanted, items in policy.standing if kind == "at_least" and wanted <= advice for item in items]


def _entries(least: dict[Side, int], presumable: dict[Side, int], greatest: dict[Side, int]) -> dict[Side, Entry]:
    forbidden = {side[:2] for side in [*presumable, *(s for s, rank in least.items() if rank)] if side[2] == "negative"}

    def kept(side: Side, rank: int) -> int:
        """Drop a presumed or depending `may` where a prohibition applies or is presumed."""
        return 0 if rank == RANK["may"] and side[2] == "positive" and side[:2] in forbidden else rank

    actions = {}
    for side in {**greatest, **presumable}:
        presumed, possible = kept(side, presumable.get(side, 0)), kept(side, greatest.get(side, 0))
        ranks = {"applies": least.get(side, 0), "presumed": presumed, "depends": possible}
        levels = [(status, rank) for status, rank in ranks.items() if rank]
        rising = [(status, rank) for n, (status, rank) in enumerate(levels) if all(rank > other for _, other in levels[:n])]
        if rising:
            (status, modality), *stronger = [(status, NAME[side[2]][rank]) for status, rank in rising]
            actions[side] = Entry(status, modality, tuple(stronger))
    return actions


def _decide_contradiction(policy: Policy, cases: list[Case], facts: Case) -> Answer:
    """Decide the parts of the facts that are consistent and cannot be enlarged, and take the most protective."""
    known = [name for name, value in facts.items() if value is not None]
    largest: list[set[str]] = []
    answers = []
    for size in range(len(known), -1, -1):
        for part in itertools.combinations(known, size):
            matching = agreeing_cases(cases, {name: facts[name] for name in part})
            if matching and not any(set(part) < other for other in largest):
                largest.append(set(part))
                answers.append(_decide(policy, matching))
    advice = max(policy.unsettled, *(policy.scale.index(answer.outcome) for answer in answers))
    # Reading: an unsettled decision presumes what when_unsettled and the standing entries up to its advice give, here too.
    presumable = strongest(_advised(policy, advice))
    greatest: dict[Side, int] = {}
    for answer in answers:
        for side, entry in answer.actions.items():
            for status, modality in ((entry.status, entry.modality), *entry.stronger):
                greatest[side] = max(greatest.get(side, 0), RANK[modality])
                if status in {"applies", "presumed"}:
                    presumable[side] = max(presumable.get(side, 0), RANK[modality])
    possible = set().union(*(answer.possible_outcomes for answer in answers))
    # Reading: like an action, a rule is at most presumed.
    presumed = {name for name in policy.rules if any(answer.rules[name] == "met" or name in answer.presumed for answer in answers)}
    rules = {name: "open" if any(answer.rules[name] != "not_met" for answer in answers) else "not_met" for name in policy.rules}
    actions = _entries({}, presumable, greatest)
    return Answer(policy.scale[advice], possible, settled=False, firm=False, rules=rules, presumed=presumed, actions=actions, contradiction=True)


# ----------------------------------------------------------------------------------------------------------------- questions


def questions(stack: Stack, facts: Case, on: str | None = None) -> list[tuple[str, set[str]]]:
    """List the facts that are asked, in order, each with what it `could_become`: looking at every extension by known values.

    Reading: where the facts contradict, no extension has a case, so nothing is asked. Routes are not looked at.
    """
    policy, cases = complete_cases(stack, facts, on)
    cases = agreeing_cases(cases, facts)
    if not cases:
        return []
    advice = policy.scale.index(_decide(policy, cases).outcome)
    seen = [(case, outcome_of(held), strengths_of(policy, held)) for case in cases for held in [rules_of(policy, case)]]
    atoms = [(fact.name, value) for fact in policy.facts.values() for value in (fact.declaration["values"] if fact.type == "choices" else [None])]
    found: dict[str, set[int]] = {}
    for extension in _extensions(seen, atoms):
        before = _summary(extension)
        for atom in atoms:
            for step in _known_values(extension, atom).values():
                after = _summary(step)
                if after != before:
                    found.setdefault(atom[0], set()).update(before[0] - after[0])
    could_become = {name: outcomes - {advice} for name, outcomes in found.items()}
    declared = list(policy.facts)
    order = sorted(could_become, key=lambda name: (-max(could_become[name], default=-1), -len(found[name]), declared.index(name)))
    return [(name, {policy.scale[outcome] for outcome in could_become[name]}) for name in order]


def _extensions(seen: list[Any], atoms: list[Any]) -> Iterator[list[Any]]:
    """Yield C(G) for every extension G by known values that has a case."""
    if not atoms:
        yield seen
        return
    yield from _extensions(seen, atoms[1:])
    for step in _known_values(seen, atoms[0]).values():
        yield from _extensions(step, atoms[1:])


def _known_values(seen: list[Any], atom: tuple[str, Any]) -> dict[Any, list[Any]]:
    """Group the cases by the value that could be given for a fact (or for one value of a `choices` fact). *Not applicable* is never given."""
    fact, value = atom
    groups: dict[Any, list[Any]] = {}
    for one in seen:
        groups.setdefault(one[0][fact] if value is None else value in one[0][fact], []).append(one)
    groups.pop(NOT_APPLICABLE, None)
    return groups


def _summary(seen: list[Any]) -> tuple[set[int], dict[Side, tuple[int, int]]]:
    """Give the possible outcomes, and per side the strength with which it applies and the strongest that can be given."""
    sides = {side for _, _, strengths in seen for side in strengths}
    span = {side: [strengths.get(side, 0) for _, _, strengths in seen] for side in sides}
    return {outcome for _, outcome, _ in seen}, {side: (min(ranks), max(ranks)) for side, ranks in span.items()}
