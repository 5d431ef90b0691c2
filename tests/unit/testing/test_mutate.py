"""Mutants: known ones of small rules, and what is proved equivalent against trying every case."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.language.deadlines import parse_deadline
from safeguarding_rules.linking.link import link
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.testing.coverage_bench import bench_of
from safeguarding_rules.testing.mutate import mutate
from safeguarding_rules.testing.mutate_equivalent import alike
from safeguarding_rules.testing.mutate_mutants import Mutant, applied, mutants_of
from tests.unit import making
from tests.unit.testing.small import FACTS, every_case, policy_of, rules

DUTY = {"must": "x", "within": "immediately"}


def made(policy: Policy) -> list[Mutant]:
    return list(mutants_of(policy, None, "top", "1"))


def answers(program: Program) -> list[object]:
    """What a Program decides in every complete case: the outcome and each duty."""
    knowledge = Knowledge(program.space)
    found: list[object] = []
    for case in every_case():
        verdict = evaluate(program, knowledge.read(case))
        assert verdict is not None
        named = {(slot.action, slot.by, slot.forbids): strength for slot, strength in zip(program.slots, verdict.applies, strict=True) if strength}
        found.append((verdict.advice, named))
    return found


def test_the_mutants_of_a_rule_are_said_in_words() -> None:
    policy = policy_of({"r": {"when": {"all": [{"a": True}, {"n": {"below": 3}}]}, "outcome": "refer", "actions": [DUTY]}})
    said = {mutant.sentence for mutant in made(policy) if mutant.where == "top/r"}
    assert {
        "no case would notice 3 becoming 2 in `n: {below: 3}` in `top/r`",
        "no case would notice 3 becoming 4 in `n: {below: 3}` in `top/r`",
        "no case would notice `a: true` being left out in `top/r`",
        "no case would notice `a: true` being turned round in `top/r`",
        "no case would notice `all` of `a: true and n: {below: 3}` becoming `any` in `top/r`",
        "no case would notice the rule being left out in `top/r`",
        "no case would notice `refer` becoming `review` in `top/r`",
        "no case would notice `must: x` becoming `should` in `top/r`",
        "no case would notice `must: x` losing its deadline (`immediately`) in `top/r`",
        "no case would notice `immediately` of `must: x` becoming `same_day` in `top/r`",
    } <= said


def test_the_exception_and_the_presumption_are_mutated_too() -> None:
    rule = {"when": {"a": True}, "unless": {"b": True}, "if_unknown": "presume_if_partly_met", "outcome": "refer"}
    kinds = {(mutant.kind, mutant.words) for mutant in made(policy_of({"r": rule}))}
    assert ("condition", "`unless: b: true` being left out") in kinds
    assert ("presumption", "`if_unknown: presume_if_partly_met` becoming `ask`") in kinds
    assert ("presumption", "`review` becoming `manage`") in kinds


def test_what_a_layer_strengthens_is_taken_back() -> None:
    read = making.read(making.pack({"r": {"when": {"a": True}, "outcome": "refer", "actions": [{"should": "x"}]}}, facts=FACTS, actions="x y"))
    above = link(read)
    (rule,) = above.rules
    (duty,) = rule.duties
    sooner = replace(duty, modality="must", deadline=parse_deadline("immediately"))
    stronger = replace(rule, outcome=(rule.outcome or 0) + 1, duties=(sooner,), strengthened_by=("lay",))
    lowest = replace(above.packs[-1], id="lay")
    layered = replace(above, rules=(stronger,), packs=(*above.packs, lowest))
    found = {(mutant.kind, mutant.words) for mutant in mutants_of(layered, above, "lay", "1")}
    assert ("strengthening", "the stricter outcome being left out") in found
    assert ("strengthening", "the strengthening to `must: x` being left out") in found


def test_a_mutant_says_what_changes_and_nothing_else() -> None:
    policy = policy_of({"r": {"when": {"a": True}, "outcome": "refer"}, "s": {"when": {"b": True}, "outcome": "police"}})
    for mutant in made(policy):
        changed = applied(policy, mutant)
        assert changed is not None
        differing = [one.id for one, other in zip(policy.rules, changed.rules, strict=True) if one != other]
        assert differing == ([mutant.where] if mutant.where.startswith("top/") else [])


def test_a_rule_that_another_covers_can_be_left_out_unnoticed() -> None:
    policy = policy_of({"r": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "review"}, "s": {"when": {"a": True}, "outcome": "refer"}})
    bench = bench_of(policy)
    fates = {}
    for mutant in made(policy):
        changed = applied(policy, mutant)
        assert changed is not None
        if mutant.kind == "rule":
            fates[mutant.where] = alike(bench.program, compile_policy(changed, bench.space), mutant)
    assert fates == {"top/r": True, "top/s": False}


def test_what_standing_duties_give_anyway_the_unsettled_advice_need_not() -> None:
    duty = {"must": "x", "within": "immediately"}
    for entry, alike_ in (({"at_least": "review"}, True), ({"at_least": "refer"}, False)):
        policy = policy_of(
            {"r": {"when": {"a": True}, "outcome": "refer"}},
            unsettled={"actions": [duty]},
            standing=[{**entry, "actions": [duty]}],
        )
        bench = bench_of(policy)
        found = {
            (mutant.kind, alike(bench.program, compile_policy(changed, bench.space), mutant))
            for mutant in made(policy)
            if mutant.where == "when_unsettled" and (changed := applied(policy, mutant)) is not None
        }
        assert found == {("modality", alike_), ("deadline", alike_), ("presumption", False)}


def test_a_limb_that_another_implies_can_be_left_out_where_the_rule_is_always_presumed() -> None:
    rule = {"when": {"always": True}, "unless": {"all": [{"n": {"below": 3}}, {"n": {"below": 2}}]}, "actions": [DUTY]}
    policy = policy_of({"r": {**rule, "if_unknown": "presume_met"}})
    bench = bench_of(policy)
    fates = {}
    for mutant in made(policy):
        changed = applied(policy, mutant)
        assert changed is not None
        fates[mutant.words] = alike(bench.program, compile_policy(changed, bench.space), mutant)
    assert fates["`n: {below: 3}` being left out"]
    assert not fates["`n: {below: 2}` being left out"]


@pytest.mark.parametrize("seed", range(25))
def test_what_is_proved_equivalent_changes_no_partial_case(seed: int) -> None:
    chance = random.Random(1_000 + seed)
    given = rules(chance)
    for rule in given.values():
        rule["if_unknown"] = chance.choice(["ask", "presume_met"] if "any" in rule["when"] or "not" in rule["when"] else ["presume_if_partly_met"])
    try:
        policy = policy_of(given)
    except PackError:
        pytest.skip("not a pack that can be linked")
    bench = bench_of(policy)
    before = partial_answers(bench.program)
    for mutant in made(policy):
        changed = applied(policy, mutant)
        assert changed is not None
        program = compile_policy(changed, bench.space)
        if mutant.kind != "deadline" and alike(bench.program, program, mutant):
            assert partial_answers(program) == before, mutant.sentence


def partial_answers(program: Program) -> list[object]:
    """What a Program advises in every case of which each fact is known or not."""
    knowledge = Knowledge(program.space)
    found: list[object] = []
    for values in itertools.product((None, False, True), (None, False, True), (None, False, True), (None, *range(5))):
        verdict = evaluate(program, knowledge.read({name: value for name, value in zip("abcn", values, strict=True) if value is not None}))
        assert verdict is not None
        strengths = zip(program.slots, verdict.applies, verdict.assumed, strict=True)
        named = {(slot.action, slot.by, slot.forbids): (applies, assumed) for slot, applies, assumed in strengths if applies or assumed}
        found.append((verdict.advice, tuple(verdict.possible), named))
    return found


DEADLINES = ("immediately", "same_day", "1 working day")


@pytest.mark.parametrize("seed", range(25))
def test_equivalence_of_deadlines_against_trying_every_case(seed: int) -> None:
    """A deadline that is lengthened shows in some case, or it is proved that it does not: the soonest deadline of each duty, in every case."""
    chance = random.Random(seed)
    given = rules(chance)
    for rule in given.values():
        for item in rule.get("actions", ()):
            item["within"] = chance.choice(DEADLINES)
    try:
        policy = policy_of(given)
    except PackError:
        pytest.skip("not a pack that can be linked")
    bench = bench_of(policy)
    for mutant in made(policy):
        changed = applied(policy, mutant)
        if mutant.kind == "deadline" and changed is not None:
            program = compile_policy(changed, bench.space)
            assert alike(bench.program, program, mutant) == (soonest(bench.program) == soonest(program)), mutant.sentence


def soonest(program: Program) -> list[object]:
    """The soonest deadline of each duty in every complete case, as its place in `DEADLINES`."""
    decider = Decider(program)
    found: list[object] = []
    for case in every_case():
        decision = decider.decide(case, date(2024, 1, 1))
        ranks = {(one.action, one.by): [_rank(due.within) for due in one.deadlines] for one in decision.actions}
        found.append({duty: min(due) for duty, due in ranks.items() if due})
    return found


def _rank(within: str) -> int:
    return DEADLINES.index(within) if within in DEADLINES else len(DEADLINES)


@pytest.mark.parametrize("seed", range(40))
def test_equivalence_against_trying_every_case(seed: int) -> None:
    try:
        policy = policy_of(rules(random.Random(seed)))
    except PackError:
        pytest.skip("not a pack that can be linked")
    bench = bench_of(policy)
    before = answers(bench.program)
    for mutant in made(policy):
        if mutant.kind in ("deadline", "presumption"):
            continue
        changed = applied(policy, mutant)
        assert changed is not None
        program = compile_policy(changed, bench.space)
        assert alike(bench.program, program, mutant) == (answers(program) == before), mutant.sentence


def test_a_case_that_expects_a_deadline_notices_that_a_layer_no_longer_sets_it(tmp_path: Path) -> None:
    """The duty stands anyway: only when it is due changes."""
    top = making.pack(
        {"r": {"when": {"a": True}, "outcome": "refer"}},
        facts="a",
        actions={"x": {}},
        standing=[{"always": True, "actions": [{"must": "x"}]}],
        status="in_force",
    )
    low = making.pack(name="low", above="top", strengthens={"top/r": {"actions": [DUTY]}}, status="in_force")
    expected = {"outcome": "refer", "actions": [DUTY]}
    case = {"title": "a", "on": "2024-02-01", "facts": {"a": True}, "expect": expected, "follows_from": ["LOW-top.r"]}
    low["cases/c.yaml"] = {"cases": {"one": case}}
    making.write(tmp_path, top, low)
    (found,) = mutate([tmp_path / "low" / "1"], [tmp_path / "top" / "1"], date(2024, 2, 1), jobs=1).packs
    assert [(mutant.kind, fate.state) for mutant, fate in found.fates if mutant.where == "top/r"] == [("strengthening", "killed")]


def test_the_unsettled_advice_is_changed_where_a_pack_states_it() -> None:
    rule = {"r": {"when": {"a": True}, "outcome": "refer"}}
    top = making.pack(rule, facts="a", actions="x y", unsettled={"actions": [{"should": "x"}, {"must": "y"}]})
    low = making.pack(name="low", above="top", unsettled={"outcome": "review", "actions": [{"should": "y"}]})
    policy = link(making.read(top, low))
    changed = {name: [mutant for mutant in mutants_of(policy, None, name, "1") if mutant.where == "when_unsettled"] for name in ("top", "low")}
    assert {name: [one.kind for one in found] for name, found in changed.items()} == {
        "top": ["presumption", "modality", "modality"],
        "low": ["modality"],
    }
    for found in changed.values():
        for mutant in found:
            after = applied(policy, mutant)
            assert after is not None
            assert len(after.when_unsettled.duties) == len(after.when_unsettled.given_by)
    dropped = [applied(policy, one) for one in changed["low"]]
    assert [one.when_unsettled.given_by for one in dropped if one is not None] == [("top", "top", "low")]
