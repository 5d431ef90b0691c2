"""The five guarantees that every pack gets from the engine, for facts that do not contradict."""

from __future__ import annotations

import copy
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from safeguarding_rules import Engine
from safeguarding_rules.diagnostics import FactsError, PackError
from tests.properties import shipped
from tests.properties.engines import describe, engine_for, load
from tests.properties.strategies import DO, SCALE, complete_facts, consistent_facts, manifest, stacks
from tests.reference.cases import complete_cases
from tests.reference.interpreter import RANK, strongest

PROTECTIVE = {"must", "should", "must_not", "should_not"}


def level(outcome: str) -> int:
    """Give the rank of an outcome of the generated scale."""
    return SCALE.index(outcome)


def entries(decision: Any) -> dict[Any, Any]:
    """Map (action, by, direction) to its entry."""
    return {(item.action, item.by, item.modality.endswith("_not")): item for item in decision.actions}


def floor(stack: Any, decision: Any) -> int:
    """Give the lesser of `when_unsettled` and the greatest possible outcome."""
    return min(complete_cases(stack)[0].unsettled, max(map(level, decision.possible_outcomes)))


# --------------------------------------------------------------------------------------------------------------- 1: learning


@given(st.data())
def test_learning_never_changes_a_settled_outcome_nor_weakens_what_applies(data: st.DataObject) -> None:
    """Reveal the facts of one complete case one after another."""
    stack = data.draw(stacks())
    facts = data.draw(complete_facts(stack))
    order = data.draw(st.permutations(list(facts)))
    engine = engine_for(stack)
    final = engine.decide(facts)
    assert final.firm or not final.settled
    for count in range(len(order)):
        before, after = (engine.decide({name: facts[name] for name in order[: count + more]}) for more in (0, 1))
        assert set(after.possible_outcomes) <= set(before.possible_outcomes)
        assert final.outcome in before.possible_outcomes or not final.settled
        if before.settled:
            assert after.settled
            assert after.outcome == before.outcome
        later = entries(after)
        for key, entry in entries(before).items():
            if entry.status == "applies":
                assert later[key].status == "applies", describe(stack, facts, entry, later[key])
                assert RANK[later[key].modality] >= RANK[entry.modality]


# ------------------------------------------------------------------------------------------------------------- 2: forgetting


@given(st.data())
def test_forgetting_never_leads_to_the_mildest_outcome(data: st.DataObject) -> None:
    """Forgetting or nulling a fact: the advice falls only while unsettled, and never below the floor."""
    stack = data.draw(stacks())
    facts = data.draw(consistent_facts(stack))
    assume(facts)
    engine = engine_for(stack)
    before = engine.decide(facts)
    forgotten = data.draw(st.sampled_from(sorted(facts)))
    without = {name: value for name, value in facts.items() if name != forgotten}
    after, nulled = engine.decide(without), engine.decide({**facts, forgotten: None})
    assert (after.outcome, after.actions) == (nulled.outcome, nulled.actions)
    if level(after.outcome) < level(before.outcome):
        event("fell")
        assert not after.settled
        assert level(after.outcome) >= floor(stack, after)
    if not after.settled:
        assert level(after.outcome) >= floor(stack, after) > 0


@given(st.data())
def test_misspelt_and_mistyped_facts_are_errors(data: st.DataObject) -> None:
    """Never a decision: one error that lists every problem."""
    stack = data.draw(stacks())
    facts = data.draw(consistent_facts(stack))
    engine = engine_for(stack)
    name = data.draw(st.sampled_from(sorted(complete_cases(stack)[0].facts)))
    kind = complete_cases(stack)[0].facts[name].type
    wrong: dict[str, list[Any]] = {
        "boolean": [1, 0, "true", "yes", [], {"below": 3}, 0.0, {"is_not": 1}],
        "integer": [True, "14", 14.0, float("nan"), -1, 21, 10**30, [1], {"below": "3"}, {"includes": 3}, {"only": [3]}],
        "choice": [True, 1, "purple", ["red"], "Red", {"one_of": ["purple"]}, {"includes": "red"}],
        "choices": ["red", True, ["purple"], {"only": "red"}, {"only": ["purple"]}, {"one_of": ["red"]}, ["red", 1]],
    }
    bad = {name: data.draw(st.sampled_from(wrong[kind])), f"{name}x": True}
    with pytest.raises(FactsError) as caught:
        engine.decide(facts | bad)
    assert len(caught.value.diagnostics) == 2, caught.value.diagnostics
    with pytest.raises(FactsError):
        engine.decide(facts | {name: bad[name]})


# ----------------------------------------------------------------------------------------------------------------- 3: layers


def duties(stack: Any, decision: Any) -> dict[Any, str]:
    """Give the protective duties that stand and do not hang on an exact outcome or on the outcome being unsettled."""
    policy = complete_cases(stack)[0]
    exact = [item for kind, _, items in policy.standing if kind == "when_outcome" for item in items] + policy.unsettled_gives
    following = {(action, by, side == "negative") for action, by, side in strongest(exact)}
    found = {}
    for key, entry in entries(decision).items():
        if key not in following and entry.modality in PROTECTIVE and entry.status in {"applies", "presumed"}:
            found[key] = entry.modality
    return found


@given(st.data())
def test_a_layer_never_weakens_the_one_above(data: st.DataObject) -> None:
    """With the layer the advice is at least as protective and every protective duty still stands at least as strongly."""
    stack = data.draw(stacks(layers=(1, 1, 2)))
    facts = data.draw(st.one_of(consistent_facts(stack), complete_facts(stack)))
    whole = engine_for(stack).decide(facts)
    count = data.draw(st.integers(1, len(stack) - 1))
    above = stack[:count]
    known = complete_cases(above)[0].facts
    part = engine_for(above).decide({name: value for name, value in facts.items() if name in known})
    event("higher with the layer" if level(whole.outcome) > level(part.outcome) else "same advice")
    assert level(whole.outcome) >= level(part.outcome), describe(stack, facts, part, whole)
    standing = {key: entry for key, entry in entries(whole).items() if entry.status in {"applies", "presumed"}}
    for key, modality in duties(above, part).items():
        assert key in standing, describe(stack, facts, part, whole)
        presumed = [more.modality for more in standing[key].stronger if more.status == "presumed"]
        assert max(RANK[one] for one in (standing[key].modality, *presumed)) >= RANK[modality], describe(stack, facts, part, whole)
    for key, entry in entries(part).items():
        if entry.status == "applies" and key in duties(above, part):
            assert standing[key].status == "applies"


@given(st.data())
def test_a_layer_tells_nothing_about_facts_from_above(data: st.DataObject) -> None:
    """What is known of a layer's own facts leaves the rules from above as they were."""
    stack = data.draw(stacks(layers=(1, 2)))
    facts = data.draw(consistent_facts(stack))
    known = complete_cases(stack[:1])[0].facts
    whole, part = engine_for(stack).decide(facts), engine_for(stack[:1]).decide({name: value for name, value in facts.items() if name in known})
    for status in ("met", "presumed", "open"):
        of_top = [item.rule for item in getattr(whole.rules, status) if item.rule.startswith("top/")]
        assert sorted(of_top) == sorted(item.rule for item in getattr(part.rules, status))


# --------------------------------------------------------------------------------------------------- 4: citations, same bytes


@given(st.data())
def test_every_decision_cites_and_names_its_packs(data: st.DataObject) -> None:
    """At least one statement, and every pack with version and digest."""
    stack = data.draw(stacks())
    decision = engine_for(stack).decide(data.draw(st.one_of(consistent_facts(stack), complete_facts(stack))))
    assert decision.citations
    known = {statement for pack in stack for statement in pack["statements.yaml"]["statements"]}
    assert set(decision.citations) <= known
    assert sorted((pack.pack, pack.version) for pack in decision.policy.packs) == sorted((pack["pack.yaml"]["pack"], "1") for pack in stack)
    assert all(pack.digest.startswith("sha256:") for pack in decision.policy.packs)


# ------------------------------------------------------------------------------------- 5: what fails a check does not load


def _rule(stack: Any, number: int = 0) -> Any:
    rules = next(document for path, document in stack[number].items() if path.startswith("rules/"))
    return next(iter(rules["rules"].values()))


def unknown_fact(stack: Any) -> None:
    """Mention a fact that no pack declares."""
    _rule(stack)["when"] = {"all": [{"no_such_fact": True}, {"always": True}]}


def unknown_action(stack: Any) -> None:
    """Give an action that no pack declares."""
    _rule(stack)["actions"] = [{"must": "no_such_action"}]


def unknown_outcome(stack: Any) -> None:
    """Lead to an outcome that is not on the scale."""
    _rule(stack)["outcome"] = "no_such_outcome"


def no_citation(stack: Any) -> None:
    """Cite nothing."""
    _rule(stack)["cite"] = []


def unknown_citation(stack: Any) -> None:
    """Cite a statement that is not registered."""
    _rule(stack)["cite"] = ["TOP-S-999"]


def unknown_key(stack: Any) -> None:
    """Use a word the language does not have."""
    _rule(stack)["whenever"] = {"always": True}


def conflict(stack: Any) -> None:
    """Demand and forbid the same of the same person."""
    _rule(stack)["when"] = {"always": True}
    _rule(stack)["actions"] = [{"must": "act_a", "by": "dsl"}, {"must_not": "act_a", "by": "dsl"}]


def unsatisfiable(stack: Any) -> None:
    """Declare implications that leave no complete case."""
    fact = next(iter(stack[0]["facts.yaml"]["facts"]))
    stack[0]["facts.yaml"]["facts"][fact] = {"type": "boolean", "question": "?"}
    always = {"because": "b", "cite": _rule(stack)["cite"]}
    stack[0]["facts.yaml"]["implications"] = [{"if": {"always": True}, "then": {fact: value}} | always for value in (True, False)]


def mildest_when_unsettled(stack: Any) -> None:
    """Advise the mildest outcome while unsettled."""
    stack[0]["pack.yaml"]["when_unsettled"]["outcome"] = SCALE[0]


def definition_cycle(stack: Any) -> None:
    """Define a condition by itself."""
    rules = next(document for path, document in stack[0].items() if path.startswith("rules/"))
    rules.setdefault("definitions", {})["round"] = {"not": {"defined": "round"}}


def layer_lowers_an_outcome(stack: Any) -> None:
    """Lower an outcome in a layer."""
    _rule(stack)["outcome"] = SCALE[-1]
    _layer_rules(stack)["strengthens"] = {"top/r0": {"outcome": SCALE[1], "because": "b", "cite": _rule(stack, 1)["cite"]}}


def layer_allows_what_should_not_be(stack: Any) -> None:
    """Allow, in a layer, what protecting means to refrain from."""
    _rule(stack, 1)["actions"] = [{"may": "ban_a"}]


def layer_adds_an_outcome(stack: Any) -> None:
    """Give a layer a scale of its own."""
    stack[1]["pack.yaml"]["outcomes"] = stack[0]["pack.yaml"]["outcomes"]


def layer_speaks_of_facts_above(stack: Any) -> None:
    """Imply something about a fact from above in a layer."""
    name = next(iter(stack[0]["facts.yaml"]["facts"]))
    stack[0]["facts.yaml"]["facts"][name] = {"type": "boolean", "question": "?"}
    facts = stack[1].setdefault("facts.yaml", {"facts": {}})
    facts["facts"]["g9"] = {"type": "boolean", "question": "?"}
    facts["implications"] = [{"if": {"g9": True}, "then": {name: False}, "because": "b", "cite": _rule(stack, 1)["cite"]}]


def layer_redeclares_a_fact(stack: Any) -> None:
    """Declare a fact from above again in a layer."""
    name = next(iter(stack[0]["facts.yaml"]["facts"]))
    stack[1].setdefault("facts.yaml", {"facts": {}})["facts"][name] = {"type": "boolean", "question": "?"}


def layer_lowers_when_unsettled(stack: Any) -> None:
    """Lower `when_unsettled` in a layer."""
    stack[0]["pack.yaml"]["when_unsettled"]["outcome"] = SCALE[2]
    stack[1]["pack.yaml"]["when_unsettled"] = {"outcome": SCALE[1], "because": "b", "cite": _rule(stack, 1)["cite"]}


def layer_forbids_a_duty(stack: Any) -> None:
    """Forbid in a layer what the pack above demands."""
    _rule(stack)["when"] = _rule(stack, 1)["when"] = {"always": True}
    for number in (0, 1):
        for key in ("given", "unless", "if_unknown"):
            _rule(stack, number).pop(key, None)
    _rule(stack)["actions"] = [{"must": next(iter(DO)), "by": "dsl"}]
    _rule(stack, 1)["actions"] = [{"must_not": next(iter(DO)), "by": "dsl"}]


def _layer_rules(stack: Any) -> Any:
    return next(document for path, document in stack[1].items() if path.startswith("rules/"))


BREAKAGES = [
    unknown_fact, unknown_action, unknown_outcome, no_citation, unknown_citation, unknown_key, conflict, unsatisfiable, mildest_when_unsettled,
    definition_cycle, layer_lowers_an_outcome, layer_allows_what_should_not_be, layer_adds_an_outcome, layer_speaks_of_facts_above,
    layer_redeclares_a_fact, layer_lowers_when_unsettled, layer_forbids_a_duty,
]  # fmt: skip


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.__name__)
def test_a_pack_that_fails_a_check_does_not_load(breakage: Any, request: pytest.FixtureRequest) -> None:
    """One breakage in an otherwise good stack: PackError, with at least one finding that was not there before."""
    stack = request.getfixturevalue("good_stack")
    broken = copy.deepcopy(stack)
    breakage(broken)
    with pytest.raises(PackError) as caught:
        load(broken)
    assert caught.value.diagnostics


@pytest.mark.skipif(not shipped.available(), reason="no shipped pack is there yet")
@pytest.mark.parametrize("change", ["changed", "removed", "added"])
def test_a_pack_whose_files_do_not_match_its_lock_does_not_load(change: str, tmp_path: Path) -> None:
    """Change, remove or add one file in a copy of a shipped pack that is in force."""
    original = next(iter(shipped.available().values()))[0]
    folder = tmp_path / original.parent.name / original.name
    shutil.copytree(original, folder)
    on = date.fromisoformat(str(shipped.read_pack(original)["pack.yaml"]["in_force"]["from"]))
    Engine.load(str(folder), on=on)
    rules = min(folder.glob("rules/*.yaml"))
    if change == "changed":
        rules.write_text(rules.read_text(encoding="utf-8") + "\n# one more line\n", encoding="utf-8")
    elif change == "removed":
        rules.unlink()
    else:
        shutil.copy(rules, rules.with_name("one-more.yaml"))
    with pytest.raises(PackError):
        Engine.load(str(folder), on=on)


@pytest.fixture(scope="module")
def good_stack() -> Any:
    """Give one stack with a layer that loads."""
    cite = {"because": "b", "cite": ["TOP-S-1"]}
    layer_cite = {"because": "b", "cite": ["AREA-S-1"]}
    stack = _minimal_stack(cite, layer_cite)
    load(stack)
    return stack


def _minimal_stack(cite: Any, layer_cite: Any) -> Any:
    statement = {"section": "s1", "binds": "DSL", "text": "T.", "strength": "should", "force": "advice", "checked": "recalled"}

    def register(name: str, *targets: str) -> Any:
        source = {"title": "Guidance", "publisher": "A publisher"}
        entry = statement | {"source": f"{name}-guidance", "encoded_by": list(targets)}
        return {"sources": {f"{name}-guidance": source}, "statements": {f"{name.upper()}-S-1": entry}}

    outcomes = {name: {"title": name, "meaning": name} | cite for name in SCALE}
    actions = {
        name: {"title": name, "meaning": name, "by": "dsl", "protects": protects, "contradicts": []}
        for name, protects in (("act_a", "do"), ("ban_a", "refrain"))
    }
    rule = {"title": "R", "when": {"f0": True}, "outcome": "refer", "actions": [{"must": "act_a"}]}
    return [
        {
            "pack.yaml": manifest("top", 0) | {"outcomes": outcomes, "when_unsettled": {"outcome": "review"} | cite},
            "facts.yaml": {"facts": {"f0": {"type": "boolean", "question": "?"}, "f1": {"type": "boolean", "question": "?"}}},
            "actions.yaml": {"actions": actions},
            "rules/top.yaml": {"rules": {"r0": rule | cite, "r1": {"title": "S", "when": {"f1": True}, "actions": [{"must_not": "ban_a"}]} | cite}},
            "statements.yaml": register("top", "r0", "r1", "when_unsettled", "implications", *(f"outcomes/{name}" for name in SCALE)),
        },
        {
            "pack.yaml": manifest("area", 1),
            "rules/area.yaml": {"rules": {"r0": rule | layer_cite}},
            "statements.yaml": register("area", "r0"),
        },
    ]
