"""What is checked of an odd stack beyond single decisions: proofs, conflicts, differences, tables, live cases. As in `odd_checks.py`."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from safeguarding_rules import PackError, pack_from_data
from safeguarding_rules.casework.case import open_case
from safeguarding_rules.casework.knowledge import known_facts
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.replay import Replayer
from safeguarding_rules.comparing.common_space import common_space
from safeguarding_rules.deciding import contradictions
from safeguarding_rules.diagnostics import CaseError
from safeguarding_rules.linking.link import check
from tests.properties import tables, test_diff, test_proving
from tests.properties.engines import load
from tests.properties.odd_checks import START, Odd
from tests.properties.odd_stacks import Draft, Mood, Stack, odd_stack
from tests.reference.cases import Case, complete_cases, holds
from tests.reference.interpreter import RANK, Answer, _decide, decide, outcome_of, strengths_of
from tests.reference.stack import Policy
from tests.unit.proving.stacks import DAY, claims_of, invariant_claims

FEW = 40  # complete cases of which every set that can be known is tried
MANY = 4_000  # such sets

# -- proofs ---------------------------------------------------------------------------------------------------------------------------------


def invariants(odd: Odd) -> None:
    """Every form of invariant is proved exactly where trying every case, or every partial case, finds nothing against it."""
    if len(odd.cases) > FEW:
        return
    chance = odd.chance
    drawn = [_invariant(odd, kind) for kind in chance.choices(["whenever", "always", "reachable", "must_not_matter", "while_unknown"], k=6)]
    stack = test_proving.loaded(odd.stack, drawn)
    if stack is None:
        return
    proof = invariant_claims(stack)
    oracle = test_proving.Oracle(test_proving._splitting(odd.stack, drawn))  # noqa: SLF001  the same oracle
    plain = test_proving.Oracle(odd.stack)
    for n, invariant in enumerate(drawn):
        claim = proof[f"i{n}"]
        assert claim.state != "undecided", (invariant, claim.reason)
        if "reachable" in invariant:
            broken = oracle.rank(invariant["reachable"]) not in oracle.outcomes
        elif "must_not_matter" in invariant:
            broken = plain.differ(invariant)
        elif "while_unknown" in invariant:
            if _sets_to_try(odd.policy, odd.cases) > MANY:
                continue
            broken = plain.partial(invariant)
        else:
            scope = invariant.get("whenever", {"always": True})
            inside = [i for i, case in enumerate(oracle.cases) if holds(oracle.policy, len(odd.stack) - 1, scope, case)]
            broken = any(oracle.breaks(invariant, i) for i in inside)
            broken = broken or test_proving._advised_while_unsettled(odd.stack, oracle, invariant, claim)  # noqa: SLF001
        assert (claim.state == "refuted") == broken, f"{invariant}: {claim.state} {claim.reason} {claim.witness}"


def _invariant(odd: Odd, kind: str) -> dict[str, Any]:
    chance, names, scale = odd.chance, sorted(odd.policy.facts), odd.policy.scale
    unknown = chance.sample(names, min(len(names), chance.choice([1, 1, 2])))
    if kind == "reachable":
        return {kind: chance.choice(scale)}
    actions = sorted(odd.policy.actors)
    if kind == "must_not_matter":
        excepted = chance.sample(actions, chance.choice([0, 0, 1]))
        return {kind: unknown} | ({"except_for": excepted} if excepted else {})
    modality = chance.choice(["must", "should", "must_not", "should_not"])
    claims: list[dict[str, Any]] = [
        {"outcome_at_least": chance.choice(scale)},
        {"outcome_at_most": chance.choice(scale)},
        {modality: [chance.choice(actions)]},
        {"never": [{chance.choice([modality, "may"]): chance.choice(actions)}]},
    ]
    claim = chance.choice(claims)
    if kind == "while_unknown":
        return {kind: unknown, **claim}
    if kind == "always":
        return {kind: True, **claim}
    declared = {name: fact.declaration for name, fact in odd.policy.facts.items()}
    return {kind: Draft(Mood(chance, 1), 0, declared, {}).condition(2), **claim}


def never_counting(odd: Odd) -> None:
    """Rules and facts said never to count do not; layers that load are proved to strengthen."""
    stack = test_proving.loaded(odd.stack, [])
    if stack is None:  # the pack above a layer does not load alone
        return
    claims, oracle = claims_of(stack), test_proving.Oracle(odd.stack)
    if len(odd.cases) > 3 * FEW:
        return
    for claim in claims.values():
        if claim.kind == "layer":
            assert claim.state == "proved", (claim.name, claim.state, claim.reason, claim.witness)
    for finding in [one for name in ("every-rule-counts", "every-fact-matters") for one in claims[name].findings]:
        if finding.code == "SR713":
            assert not oracle.differ({"must_not_matter": [finding.at]}), finding
            continue
        for held, outcome, strengths in zip(oracle.held, oracle.outcomes, oracle.strengths, strict=True):
            rest = [rule for rule in held if rule.name != finding.at]
            assert outcome_of(rest) == outcome, finding
            assert finding.code != "SR711" or strengths_of(oracle.policy, rest) == strengths, finding
            assert finding.code != "SR601" or len(rest) == len(held), finding


# -- facts that contradict in many ways ------------------------------------------------------------------------------------------------------


def parts(odd: Odd) -> None:
    """Where not every consistent part of contradicting facts is looked at, the decision says so, and advises nothing milder than is right."""
    for facts in [odd.any_facts() for _ in range(6)]:
        expected = decide(odd.stack, facts)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(contradictions, "PART_LIMIT", 1)
            patched.setattr(contradictions, "CONFLICT_LIMIT", odd.chance.choice([1, 2, 128]))
            found = odd.engine.decide(facts)
        assert odd.rank(found.outcome) >= odd.rank(expected.outcome), facts
        assert not found.exact or found.outcome == expected.outcome, facts
        assert found.exact or not found.settled


# -- conflicts ------------------------------------------------------------------------------------------------------------------------------


def _sets_of(policy: Policy, cases: list[Case]) -> list[list[Any]]:
    """Per fact, what can be known of it: None, or the values left; of a `choices` fact what is known to be in it or not."""
    options: list[list[Any]] = []
    for name, fact in policy.facts.items():
        if fact.type == "choices":
            values = list(fact.declaration["values"])
            options.append([dict(zip(values, told, strict=True)) for told in itertools.product([None, True, False], repeat=len(values))])
        else:
            values = list(dict.fromkeys(case[name] for case in cases))
            options.append([set(some) for size in range(1, len(values) + 1) for some in itertools.combinations(values, size)])
    return options


def _sets_to_try(policy: Policy, cases: list[Case]) -> int:
    count = 1
    for options in _sets_of(policy, cases):
        count *= len(options)
    return count


def _partial_answers(policy: Policy, cases: list[Case]) -> Iterator[Answer]:
    """What the reference says of everything that can be known."""
    seen: set[tuple[int, ...]] = set()
    for known in itertools.product(*_sets_of(policy, cases)):
        kept = tuple(n for n, case in enumerate(cases) if all(_fits(told, case[name]) for name, told in zip(policy.facts, known, strict=True)))
        if kept and kept not in seen:
            seen.add(kept)
            yield _decide(policy, [cases[n] for n in kept])


def _fits(told: Any, value: Any) -> bool:
    if isinstance(told, dict):
        return all(there is None or (one in value) == there for one, there in told.items())
    return value in told


def conflicting_stack(seed: int) -> Stack:
    """A small stack in which actions are demanded here and forbidden there."""
    chance = random.Random(f"conflicts {seed}")
    return odd_stack(
        seed,
        chance.choice([12, 24]),
        opposed=60,
        rules=chance.choice([2, 3, 4]),
        standing=chance.choice([0, 0, 1, 2]),
        depth=chance.choice([0, 1, 2]),
        layers=chance.choice([0, 0, 0, 1]),
        actions=1,
        scale=["manage", "review", "refer", "police"][: chance.choice([2, 3, 4])],
    )


def conflicts(stack: Stack) -> str:
    """A stack is refused for a conflict exactly where something that can be known brings a duty and its opposite; says what was found.

    What `when_unsettled` gives against what several rules only give together is left to `prove`, and to a warning of the decision.
    """
    found = {one.code for one in check([pack_from_data(pack) for pack in stack], DAY)[1] if one.severity == "error"}
    if found - {"SR605"}:
        return "refused for something else"
    policy, cases = complete_cases(stack)
    if len(cases) > FEW or _sets_to_try(policy, cases) > MANY:
        return "too many cases"
    opposed = any(_opposed(answer) for answer in _partial_answers(policy, cases))
    if "SR605" in found:
        assert opposed, "a conflict is invented"
    elif not policy.unsettled_gives:
        assert not opposed, "a conflict is overlooked"
    return "conflict" if opposed else "none"


def _opposed(answer: Answer) -> bool:
    standing = set()
    for side, entry in answer.actions.items():
        told = [(entry.status, entry.modality), *entry.stronger]
        if any(status != "depends" and RANK[modality] > 1 for status, modality in told):
            standing.add(side)
    return any((action, by, "negative") in standing for action, by, direction in standing if direction == "positive")


# -- differences ----------------------------------------------------------------------------------------------------------------------------


def differences(odd: Odd) -> None:
    """The difference from a changed copy is exactly what brute force finds."""
    if len(odd.cases) > FEW:
        return
    for _ in range(2):
        changed = copy.deepcopy(odd.stack)
        for _ in range(odd.chance.randint(0, 3)):
            _change(odd.chance, changed, odd.policy.scale)
        try:
            load(changed)
        except PackError:
            continue
        if len(complete_cases(changed)[1]) <= 2 * FEW:
            test_diff.check(*((odd.stack, changed) if odd.chance.random() < 0.5 else (changed, odd.stack)))


def unlike(odd: Odd) -> None:
    """The difference from a stack drawn apart, over the same scale, is exactly what brute force finds."""
    other = odd_stack(odd.seed + 1_000_000, 60, scale=odd.policy.scale)
    try:
        there = load(other).program.policy
    except PackError:
        return
    few = len(odd.cases) * len(complete_cases(other)[1]) <= 2_000
    if few and common_space(odd.engine.program.policy, there).space.start:
        test_diff.check(odd.stack, other)


def _change(chance: random.Random, stack: Stack, scale: list[str]) -> None:
    """Change one thing in one pack, if it has such a thing."""
    pack = chance.choice(stack)
    documents = [one for path, one in pack.items() if path.startswith("rules/")]
    rules = [rule for one in documents for rule in one.get("rules", {}).values()]
    standing = [entry for one in documents for entry in one.get("standing", []) if "at_least" in entry]
    items = [item for one in (*rules, *standing) for item in one.get("actions", [])]
    tied = [one for one in pack.get("facts.yaml", {"facts": {}})["facts"].values() if "applies_when" in one]
    kind = chance.choice(["rule", "rule", "within", "modality", "standing", "tie", "implications"])
    if kind == "rule" and rules:
        _change_rule(chance, chance.choice(rules), scale)
    elif kind == "within" and items:
        chance.choice(items)["within"] = chance.choice(["immediately", "same_day", "2 working days", "PT24H"])
    elif kind == "modality" and items:
        item = chance.choice(items)
        modality = next(iter(item))
        item[{"must": "should", "should": "must", "must_not": "should_not", "may": "should"}.get(modality, modality)] = item.pop(modality)
    elif kind == "standing" and standing:
        chance.choice(standing)["at_least"] = chance.choice(scale)
    elif kind == "tie" and tied:
        del chance.choice(tied)["applies_when"]
    elif kind == "implications" and pack.get("facts.yaml", {}).get("implications"):
        pack["facts.yaml"]["implications"] = pack["facts.yaml"]["implications"][1:]


def _change_rule(chance: random.Random, rule: dict[str, Any], scale: list[str]) -> None:
    kind = chance.choice(["outcome", "negate", "unless", "actions"])
    if kind == "outcome" and "outcome" in rule:
        rule["outcome"] = chance.choice(scale)
    elif kind == "negate":
        rule["when"] = {"not": rule["when"]}
        rule.pop("if_unknown", None)
    elif kind == "unless" and rule.get("if_unknown") != "presume_if_partly_met":
        rule.pop("unless", None)
    elif kind == "actions" and "outcome" in rule:
        rule.pop("actions", None)


# -- tables ---------------------------------------------------------------------------------------------------------------------------------


def rows(odd: Odd) -> None:
    """Every row of a table gets what `decide` says of it."""
    from safeguarding_rules.tabular.decide_table import decide_table  # noqa: PLC0415  needs an extra

    chance = odd.chance
    cases = [tables.forgotten(chance, tables.plain(chance.choice(odd.cases)), share) for share in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    drawn = [{name: value for name, value in odd.any_facts().items() if value is not None} for _ in range(4)]
    cases += [{name: value for name, value in facts.items() if not isinstance(value, list | dict) or "only" in value} for facts in drawn]
    listed = [{name: value for name, value in facts.items() if not isinstance(value, dict)} for facts in drawn]
    for some in (cases, listed):  # a table says what a fact includes in one way
        found = decide_table(odd.engine, tables.table_of(odd.engine.program, some), lists=True)
        for facts, row in zip(some, found.rows(named=True), strict=True):
            assert tables.answers_of(row) == tables.expected_of(odd.engine.decide(facts)), facts


# -- live cases -----------------------------------------------------------------------------------------------------------------------------


def live_cases(odd: Odd) -> None:
    """After every event a case stands as `decide` says, and durable-rules agrees; every record is replayed to the byte, read back from its text."""
    moment = [START]

    def clock() -> datetime:
        moment[0] += timedelta(minutes=1)
        return moment[0]

    packs = {pack.digest: pack for pack in map(pack_from_data, odd.stack)}
    replayer = Replayer(packs.__getitem__)
    case = open_case(odd.engine, "a", clock=clock, verify=True)
    try:
        steps = [case.open("a concern", who="a lead")]
        for facts in (odd.true_facts(), odd.any_facts(), odd.any_facts()):
            for name, value in facts.items():
                if value is None:
                    if name in known_facts(case.events, moment[0]):
                        steps.append(case.withdraw(name, who="a lead"))
                    continue
                try:
                    steps.append(case.learn(name, value, who="a lead"))
                except CaseError:
                    steps.append(case.correct(name, value, who="a lead"))
            known = {name: event.value for name, event in known_facts(case.events, moment[0]).items()}
            assert case.decision.outcome == odd.engine.decide(known).outcome
            assert case.decision.facts == odd.engine.decide(known).facts
            record = case.record(who="a lead")
            text = record.canonical().decode()
            again = DecisionRecord.model_validate_json(text)
            assert again == record
            for whole in (True, False):
                assert replayer.replay(again, whole=whole).state == "identical", known
            assert replayer.replay_text(text) is not None, known
        assert [step.problem for step in steps if step.problem is not None] == []
    finally:
        case.close_engine()


ANALYSES: dict[str, Callable[[Odd], None]] = {
    check.__name__: check for check in (invariants, never_counting, parts, differences, unlike, rows, live_cases)
}
