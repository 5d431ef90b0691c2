"""What is checked of each odd stack, by name: `CHECKS[name](odd)` raises AssertionError where the engine and a plain way differ.

The plain way is the reference, enumeration, or deciding each of the cases in question. `odd_search.py` runs all this at length.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import pytest

from safeguarding_rules import Engine, PackError
from safeguarding_rules.deciding import inquiry, steps
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.explaining.checker import check as check_explanation
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.state import State
from safeguarding_rules.language.deadlines import due, parse_deadline
from safeguarding_rules.linking.policy_data import policy_from_json, policy_to_json
from safeguarding_rules.worlds.space import Space
from tests.properties import test_agreement, test_interview, test_whole_documents
from tests.properties.engines import answer_of, asked, load
from tests.properties.odd_stacks import Stack, consistent, odd_facts
from tests.reference.cases import Case, agreeing_cases, complete_cases, rules_of
from tests.reference.interpreter import RANK, decide, outcome_of, questions, strongest
from tests.reference.stack import MODALITIES, Policy

ON = date(2026, 11, 20)
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
Facts = dict[str, Any]


@dataclass
class Odd:
    """One stack to check, and where chance comes from."""

    seed: int
    stack: Stack
    engine: Engine
    chance: random.Random

    @cached_property
    def policy(self) -> Policy:
        return complete_cases(self.stack)[0]

    @cached_property
    def cases(self) -> list[Case]:
        return complete_cases(self.stack)[1]

    def rank(self, outcome: str) -> int:
        return self.policy.scale.index(outcome)

    def true_facts(self) -> Facts:
        """Part of what is true of some case."""
        return consistent(self.chance, self.stack, self.chance.choice([0, 0.2, 0.4, 0.6, 0.8, 1]))

    def any_facts(self) -> Facts:
        """Facts that may contradict."""
        return odd_facts(self.chance, self.stack, self.chance.choice([0.5, 0.8, 1]))

    def complete(self) -> Facts:
        """All that is true of some case."""
        return values_of(self.chance.choice(self.cases))

    def shuffled(self, mapping: dict[str, Any]) -> dict[str, Any]:
        return {name: mapping[name] for name in self.chance.sample(list(mapping), len(mapping))}


def values_of(case: Case) -> Facts:
    """A complete case as facts."""
    plain = {name: {"only": sorted(value)} if isinstance(value, frozenset) else value for name, value in case.items()}
    return {name: value for name, value in plain.items() if value != "(not applicable)"}


# -- one decision ---------------------------------------------------------------------------------------------------------------------------


def decisions(odd: Odd) -> None:
    """Outcome, statuses and duties are those of the reference."""
    for facts in [odd.true_facts() for _ in range(7)] + [odd.any_facts() for _ in range(4)] + [odd.complete()]:
        test_agreement.check(odd.stack, facts, odd.engine)


def asking(odd: Odd) -> None:
    """Questions are those of the definition; where a limit was reached, those and perhaps more."""
    for facts in [odd.true_facts() for _ in range(3)]:
        if len(odd.cases) > 60 or not agreeing_cases(complete_cases(odd.stack, facts)[1], facts):
            continue
        expected, found = questions(odd.stack, facts), asked_but_for_routes(odd, odd.engine.decide(facts))
        if found != expected:  # a limit was reached, then, and fewer are without it
            assert all(outcomes <= dict(found)[name] for name, outcomes in expected), (facts, found, expected)
            with pytest.MonkeyPatch.context() as patched:
                for module, limit in ((steps, "RELEASE_LIMIT"), (steps, "STEP_LIMIT"), (inquiry, "FOLLOW_LIMIT"), (inquiry, "BUDGET")):
                    patched.setattr(module, limit, 30 * getattr(module, limit))
                patched.setattr(steps, "NEIGHBOUR_LIMIT", 8)
                found = asked_but_for_routes(odd, Decider(compile_policy(odd.engine.program.policy)).decide(facts, ON))
            assert found == expected, (facts, found, expected)


def asked_but_for_routes(odd: Odd, decision: Any) -> list[tuple[str, set[str]]]:
    """The questions of a decision without those at their end that only choose whom to contact, which are of facts that routes name."""
    sides = {(one.action, one.by) for one in decision.actions if not one.modality.endswith("_not")}
    slots = [i for i, slot in enumerate(decision.program.slots) if not slot.forbids and (slot.action, slot.by) in sides]
    found = asked(decision)
    while found and not found[-1][1] and found[-1][0] in decision.program.route_facts(slots) and not matters(odd, decision, found[-1][0]):
        found = found[:-1]
    return found


def matters(odd: Odd, decision: Any, name: str) -> bool:
    """Whether anything but a route hangs on a fact, by the reference."""
    return name in dict(questions(odd.stack, decision.facts))


def documents(odd: Odd) -> None:
    """The text is that of the model and reads back; reasons and nearest changes are those of trying each."""
    for facts in [odd.true_facts() for _ in range(3)] + [odd.any_facts()]:
        test_whole_documents.same(test_whole_documents.check(odd.engine, facts))
        test_whole_documents.same(odd.engine.decide(facts, clocks={"known": START}))


def explanations(odd: Odd) -> None:
    """The separate checker derives every outcome again; a fact outside the smallest set never lowers the least outcome."""
    for facts in [odd.true_facts() for _ in range(3)] + [odd.any_facts()]:
        decision = odd.engine.decide(facts)
        explanation = odd.engine.explain(decision)
        assert check_explanation(explanation, odd.engine.program.policy) == (), facts
        assert explanation.short()
        assert explanation.full()
        assert explanation.audit()
        if decision.contradiction is not None:
            continue
        for name in facts.keys() - set(decision.because.facts):
            for value in (None, odd.any_facts().get(name)):
                other = odd.engine.decide({**facts, name: value})
                if other.contradiction is None:
                    assert odd.rank(other.possible_outcomes[0]) >= odd.rank(decision.possible_outcomes[0]), (facts, name, value)


# -- who gives a duty, and by when ------------------------------------------------------------------------------------------------------


@dataclass
class Given:
    """What one rule or entry says of one side of an (action, by), once."""

    strength: int
    within: tuple[str, str] | None
    until: str | None

    def merged(self, strength: int, within: tuple[str, str] | None) -> Given:
        """The same, strengthened by a layer, which adds no `until`."""
        return Given(max(self.strength, strength), within or self.within, self.until)


class Givers:
    """Every rule and standing entry with what it gives, strengthened from the top down."""

    def __init__(self, odd: Odd) -> None:
        self.odd = odd
        self.of: dict[str, dict[Any, list[Given]]] = defaultdict(lambda: defaultdict(list))
        self.standing: list[tuple[str, str, int]] = []
        documents = [(pack["pack.yaml"]["pack"], one) for pack in odd.stack for path, one in pack.items() if path.startswith("rules/")]
        for pack, document in documents:
            for name, rule in document.get("rules", {}).items():
                self.give(f"{pack}/{name}", rule)
            for name, grid in document.get("tables", {}).items():
                for row in grid["rows"]:
                    self.give(f"{pack}/{name}/{row['row']}", row)
            for entry in document.get("standing", []):
                name = f"{pack}/standing/{entry['id']}"
                self.give(name, entry)
                kind = next(kind for kind in ("always", "at_least", "when_outcome") if kind in entry)
                self.standing.append((name, kind, 0 if kind == "always" else odd.rank(entry[kind])))
        for _, document in documents:
            for name, entry in document.get("strengthens", {}).items():
                self.give(name, entry, strengthening=True)

    def give(self, name: str, entry: dict[str, Any], *, strengthening: bool = False) -> None:
        for item in entry.get("actions", []):
            (modality,) = set(item) & MODALITIES
            side = (item[modality], item.get("by", self.odd.policy.actors[item[modality]]), modality.endswith("_not"))
            within = (item["within"], item.get("from", "known")) if "within" in item else None
            said = self.of[name][side]
            clock = within[1] if within else "known"
            at = next((n for n, one in enumerate(said) if (one.within[1] if one.within else "known") == clock), 0)
            if strengthening and said:  # of two duties with clocks of their own, the one on the same clock is meant
                said[at] = said[at].merged(RANK[modality], within)
            else:
                said.append(Given(RANK[modality], within, item.get("until")))

    def at(self, case: Case) -> list[str]:
        """Who gives anything in a complete case."""
        held = rules_of(self.odd.policy, case)
        rank = outcome_of(held)
        standing = [name for name, kind, least in self.standing if (rank == 0 if kind == "when_outcome" else rank >= least)]
        return [rule.name for rule in held] + standing


def deadlines(odd: Odd) -> None:
    """In a complete case a duty has every deadline, `until` and giver there is, the soonest deadline first; of a partial one none is missing."""
    givers = Givers(odd)
    for case in odd.chance.sample(odd.cases, min(6, len(odd.cases))):
        facts = values_of(case)
        decision = odd.engine.decide(facts, clocks={"known": START})
        if len(agreeing_cases(odd.cases, facts)) > 1:
            continue  # a masked fact is not said of a case in which it has no value
        told = givers.at(case)
        for action in decision.actions:
            side = (action.action, action.by, action.modality.endswith("_not"))
            given = {name: said for name in told if (said := givers.of[name][side])}
            assert set(action.rules) == set(given), (facts, side)
            within = {one.within for said in given.values() for one in said if one.within is not None}
            found = [(one.within, one.from_) for one in action.deadlines]
            assert sorted(found) == sorted(within), (facts, side)
            assert set(action.until) == {one.until for said in given.values() for one in said if one.until is not None}
            moments = [due(parse_deadline(span), START) if clock == "known" else None for span, clock in found]
            assert [one.due for one in action.deadlines] == [None if one is None else one.isoformat() for one in moments]
            started = [one for one in moments if one is not None]
            assert started == sorted(started)
            assert None not in moments[: len(started)]
    for facts in [odd.true_facts() for _ in range(4)]:
        decision = odd.engine.decide(facts)
        if decision.contradiction is None:
            met = {rule.rule for rule in decision.rules.met}
            for action in decision.actions:
                side = (action.action, action.by, action.modality.endswith("_not"))
                # a `may` counts only where nothing forbids it
                surely = {one.within for name in met for one in givers.of[name][side] if one.within is not None and one.strength > 1}
                assert surely <= {(one.within, one.from_) for one in action.deadlines}, (facts, side)


# -- guarantees ---------------------------------------------------------------------------------------------------------------------------


def entries(decision: Any) -> dict[Any, Any]:
    return {(item.action, item.by, item.modality.endswith("_not")): item for item in decision.actions}


def learning(odd: Odd) -> None:
    """Learning widens nothing and takes away nothing that applies; forgetting stays above the floor."""
    for _ in range(3):
        facts = odd.shuffled(odd.true_facts())
        names = list(facts)
        decided = [odd.engine.decide({name: facts[name] for name in names[:count]}) for count in range(len(names) + 1)]
        for before, after in itertools.pairwise(decided):
            assert set(after.possible_outcomes) <= set(before.possible_outcomes)
            assert not before.settled or (after.settled and after.outcome == before.outcome)
            assert not before.firm or odd.rank(after.outcome) >= odd.rank(before.outcome)
            later = entries(after)
            for key, entry in entries(before).items():
                if entry.status == "applies":
                    assert later[key].status == "applies", (facts, key)
                    assert RANK[later[key].modality] >= RANK[entry.modality], (facts, key)
            assert {one.rule for one in before.rules.met} <= {one.rule for one in after.rules.met}
        for decision in decided:
            if not decision.settled:
                assert odd.rank(decision.outcome) >= min(odd.policy.unsettled, odd.rank(decision.possible_outcomes[-1])) > 0


def layers(odd: Odd) -> None:
    """With a layer the advice is at least as protective, protective duties stand at least as strongly, and it tells nothing about facts above."""
    for count in range(1, len(odd.stack)):
        above = odd.stack[:count]
        policy = complete_cases(above)[0]
        try:
            part_engine = load(above)
        except PackError:  # a layer can mend a conflict: what it raises settles the outcome
            continue
        exact = [item for kind, _, items in policy.standing if kind == "when_outcome" for item in items] + policy.unsettled_gives
        following = {(action, by, side == "negative") for action, by, side in strongest(exact)}
        for facts in [odd.true_facts() for _ in range(4)]:
            whole, part = odd.engine.decide(facts), part_engine.decide({name: value for name, value in facts.items() if name in policy.facts})
            assert odd.rank(whole.outcome) >= odd.rank(part.outcome), facts
            standing = entries(whole)
            for key, entry in entries(part).items():
                if key in following or entry.modality == "may" or entry.status == "depends":
                    continue
                there = standing[key]
                assert there.status == "applies" or entry.status == "presumed" == there.status, (facts, key)
                strengths = [RANK[there.modality], *(RANK[more.modality] for more in there.stronger if more.status == "presumed")]
                assert max(strengths) >= RANK[entry.modality], (facts, key)
            for status in ("met", "presumed", "open"):
                ours = {item.rule for item in getattr(whole.rules, status)}
                assert {item.rule for item in getattr(part.rules, status)} == {name for name in ours if name in policy.rules}, (facts, status)


def rearranged(odd: Odd, pack: dict[str, Any]) -> dict[str, Any]:
    """The same pack with its rules in another order and spread over other files."""
    files: dict[str, dict[str, Any]] = {}
    for path, document in pack.items():
        if not path.startswith("rules/"):
            files[path] = document
            continue
        for section, content in document.items():
            for name in odd.chance.sample(list(range(len(content)) if isinstance(content, list) else content), len(content)):
                at = files.setdefault(f"rules/{odd.chance.choice('abc')}.yaml", {})
                if isinstance(content, list):
                    at.setdefault(section, []).append(content[name])
                else:
                    at.setdefault(section, {})[name] = content[name]
    return odd.shuffled(files)


def orders(odd: Odd) -> None:
    """The order of rules, files and facts never matters; the same input gives the same bytes and the same fingerprint."""
    again, same = load([rearranged(odd, pack) for pack in odd.stack]), load(odd.stack)
    assert same.program.fingerprint == odd.engine.program.fingerprint
    for facts in [odd.true_facts() for _ in range(2)] + [odd.any_facts()]:
        one, other = (json.loads(engine.decide(odd.shuffled(facts)).model_dump_json()) for engine in (odd.engine, again))
        one.pop("policy")
        other.pop("policy")
        assert json.dumps(one) == json.dumps(other), facts
        text = odd.engine.decide(facts).model_dump_json()
        assert same.decide(facts).model_dump_json() == text
        with ThreadPoolExecutor(2) as pool:
            assert set(pool.map(lambda known: same.decide(known).model_dump_json(), [odd.shuffled(facts)] * 3)) == {text}
    mixed = [pack | {"facts.yaml": pack["facts.yaml"] | {"facts": odd.shuffled(pack["facts.yaml"]["facts"])}} if "facts.yaml" in pack else pack
             for pack in odd.stack]  # fmt: skip
    engine = load(mixed)
    for facts in [odd.true_facts(), odd.any_facts()]:
        assert answer_of(odd.policy, engine.decide(facts)) == answer_of(odd.policy, odd.engine.decide(facts)), facts


def kept(odd: Odd) -> None:
    """A policy kept as data decides the same bytes; a change of any rule gives another fingerprint."""
    policy = odd.engine.program.policy
    back = policy_from_json(policy_to_json(policy))
    assert back == policy
    decider = Decider(compile_policy(back))
    for facts in [odd.true_facts(), odd.any_facts()]:
        assert decider.decide(facts, ON).model_dump_json() == Decider(odd.engine.program, few=True).decide(facts, ON).model_dump_json()
    changed = json.loads(json.dumps(odd.stack))
    changed[-1]["pack.yaml"]["title"] += " once more"
    assert load(changed).program.fingerprint != odd.engine.program.fingerprint


# -- limits -------------------------------------------------------------------------------------------------------------------------------


def limits(odd: Odd) -> None:
    """Where the budget of the search runs out the bounds are safe, and the decision says that it is not exact."""
    real = Space.find
    allowed = odd.chance.choice([0, 1, 2, 3])

    def find(space: Space, box: int, forbidding: Sequence[int] = (), budget: int = 0) -> int:
        return real(space, box, forbidding, min(budget, allowed) if budget else allowed)

    for facts in [odd.true_facts() for _ in range(3)] + [odd.any_facts()]:
        fresh = Decider(compile_policy(odd.engine.program.policy))
        expected = decide(odd.stack, facts)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Space, "find", find)
            decision = fresh.decide(facts, ON)
            decision.model_dump_json()
        found = answer_of(odd.policy, decision)
        found.contradiction = expected.contradiction
        if decision.exact:
            assert found == expected, (facts, allowed)
            continue
        assert not decision.settled
        assert any(warning.code == "SR814" for warning in decision.warnings)
        assert odd.rank(found.outcome) >= odd.rank(expected.outcome), (facts, allowed)
        if not expected.contradiction:
            assert found.possible_outcomes >= expected.possible_outcomes, (facts, allowed)
            assert {name for name, status in found.rules.items() if status == "met"} <= {n for n, s in expected.rules.items() if s == "met"}
            assert {name for name, status in found.rules.items() if status == "not_met"} <= {n for n, s in expected.rules.items() if s == "not_met"}
        for side, entry in found.actions.items():
            if entry.status == "applies" and side in expected.actions:
                assert expected.actions[side].status == "applies", (facts, side)
                assert RANK[entry.modality] <= RANK[expected.actions[side].modality], (facts, side)
        for side, entry in expected.actions.items():
            if entry.modality != "may":
                assert side in found.actions, (facts, side, allowed)


# -- dialogue -----------------------------------------------------------------------------------------------------------------------------


def interviews(odd: Odd) -> None:
    """An interview about one case ends where no answer changes the outcome or a `must`, with the decision of `decide`."""
    facts = odd.complete()
    interview, state, before = Interview(odd.engine.decide), State(), set[str]()
    for _ in range(test_interview.LIMIT):
        step = interview.step(state)
        if step.kind == "end":
            break
        if step.kind == "offer":
            state = interview.gone_on(state, step)
            continue
        names = test_interview.names(step)
        assert not before & set(names)
        before |= set(names)
        known = odd.chance.random() < 0.9
        state = interview.answered(state, step, {name: facts.get(name) if known else None for name in names})
    assert step.kind == "end"
    assert step.decision.model_dump_json() == odd.engine.decide(dict(state.facts)).model_dump_json()
    test_interview.assert_nothing_is_left(odd.stack, state)


CHECKS: dict[str, Callable[[Odd], None]] = {
    check.__name__: check for check in (decisions, asking, documents, explanations, deadlines, learning, layers, orders, kept, limits, interviews)
}
