"""Facts read into a box: exactly the cases that agree, or one error with every problem."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from types import MappingProxyType
from typing import Any, cast

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from safeguarding_rules import Engine
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.diagnostics import Diagnostic, FactsError, in_order
from safeguarding_rules.language.conditions import AnyOf, Condition, Not, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.worlds.build import build_space
from safeguarding_rules.worlds.space import Space
from tests.unit.making import NUMBER, YES_NO, engine, pack
from tests.unit.worlds.spaces import ValueMap, holds, single_test, world_of

FACTS = [
    FactSpec("adult", "boolean"),
    FactSpec("age", "integer", low=0, high=17),
    FactSpec("origin", "choice", ("child", "adult")),
    FactSpec("motives", "choices", ("money", "pressure")),
]
KNOWLEDGE = Knowledge(build_space(FACTS, [], [(Test("age", "below", 13), 1)]))


def some_knowledge(fact: FactSpec, rnd: Random) -> Any:
    """A value, a test or a list that may be said of a fact."""
    if fact.type == "choices":
        some = rnd.sample(fact.values, rnd.randint(0, len(fact.values)))
        return rnd.choice([some, {"only": some}, {"includes_all": some}, {"excludes": fact.values[0]}, {"includes": fact.values[0]}])
    if rnd.random() < 0.5:
        return rnd.choice(fact.values or {"boolean": [True, False], "integer": range(fact.low, fact.high + 1)}[fact.type])
    test = single_test(fact, rnd)
    return test.value if test.op == "is" else {test.op: list(test.value) if isinstance(test.value, tuple) else test.value}


def agrees(fact: FactSpec, known: Any, case: ValueMap) -> bool:
    if isinstance(known, list):
        return all(case[fact.name, one] for one in known)
    op, operand = next(iter(known.items())) if isinstance(known, dict) else ("is", known)
    if op == "only":
        return all(case[fact.name, member] == (member in operand) for member in fact.values)
    return holds(Test(fact.name, cast(Any, op), tuple(operand) if isinstance(operand, list) else operand), case)


@settings(max_examples=400)
@given(st.randoms(use_true_random=True))
def test_the_box_holds_exactly_the_cases_that_agree(rnd: Random) -> None:
    world = world_of(rnd, 4)
    facts = {fact.name: some_knowledge(fact, rnd) for fact in world.facts if rnd.random() < 0.7}
    specs = {fact.name: fact for fact in world.facts}
    box = Knowledge(world.space).read(facts)
    agreeing = {world.box_of(case) for case in world.cases if all(agrees(specs[name], known, case) for name, known in facts.items())}
    event("none" if not agreeing else "some")
    assert world.inside(box) == agreeing
    assert box == world.space.close(box)


def held_by_case(program: Program, box: int) -> set[int]:
    """The rules whose condition holds in a complete case."""
    return {rule.index for rule in program.rules if any(not box & fails for fails in rule.holds.fails)}


@pytest.mark.parametrize("unknown", [0, 0.02, 0.3])
@pytest.mark.parametrize("name", ["ukcis@2024.3", "kscmp@2024.9"])
def test_which_rules_hold_in_a_complete_case_is_read_with_its_facts(name: str, unknown: float) -> None:
    program = Engine.load(name, on=date(2025, 1, 1)).program
    knowledge, rnd = Knowledge(program.space, program.index), Random(f"{name} {unknown}")
    told = 0
    for _ in range(400):
        case = program.space.start
        for variable in rnd.sample(program.space.variables, len(program.space.variables)):
            cells = [bit for i in range(len(variable.cells)) if (bit := 1 << (variable.offset + i)) & case]
            case = next(inner for bit in rnd.sample(cells, len(cells)) if (inner := program.space.close(case & (bit | ~variable.block))))
        facts = {name: value for name, value in said_of(program.space, case).items() if rnd.random() >= unknown}
        box, held, _ = knowledge.see(facts)
        assert box == Knowledge(program.space).read(facts)
        assert held < 0 or program.space.complete(box)
        if held >= 0:
            told += 1
            assert set(program.index.listed(program.index.ruled(held))) == held_by_case(program, box)
    assert told == 400 if not unknown else told < 400


def said_of(space: Space, case: int) -> dict[str, Any]:
    """A complete case as facts."""
    facts: dict[str, Any] = {}
    for variable, cell in space.chosen(case):
        if variable.value is not None:
            facts.setdefault(variable.fact, {"only": []})["only"] += [variable.value] if cell is True else []
        elif cell is not NOT_APPLICABLE:
            facts[variable.fact] = cell[0] if isinstance(cell, tuple) else cell
    return facts


def test_a_value_that_several_facts_leave_together_is_looked_up() -> None:
    """Neither of them excludes the rule by itself."""
    facts = {"x": {"type": "choice", "values": ["a", "b", "c"]}, "z": YES_NO}
    implications = [({"z": True}, {"x": {"is_not": "a"}})]
    rule = {"when": {"x": {"one_of": ["a", "c"]}}, "outcome": "refer"}
    decides = engine(pack({"r": rule}, facts=facts, implications=implications))
    known = {"x": {"one_of": ["a", "b"]}, "z": True}
    assert decides.program.space.complete(Knowledge(decides.program.space).read(known))
    assert Knowledge(decides.program.space, decides.program.index).see(known)[1] == -1
    assert (decides.decide(known).outcome, decides.decide(known).rules.met) == ("manage", ())


def test_of_many_terms_none_are_read_with_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    program = engine(pack({"r": {"when": {"z": True}, "outcome": "refer"}}, facts={"z": YES_NO})).program
    assert Knowledge(program.space, program.index).see({"z": True})[:2] == (Knowledge(program.space).read({"z": True}), 1)
    assert Knowledge(program.space).see({"z": True})[1] == -1
    monkeypatch.setattr("safeguarding_rules.deciding.knowing.MOST_TERMS", 0)
    assert Knowledge(program.space, program.index).see({"z": True})[:2] == (Knowledge(program.space).read({"z": True}), -1)


@pytest.mark.parametrize("further", [{}, {"immediate_danger": True, "contains_imagery": False}])
def test_what_becomes_of_given_facts_changes_no_decision(further: dict[str, Any]) -> None:
    engine = Engine.load("kscmp@2024.9", on=date(2025, 1, 1))

    def facts_anew() -> dict[str, Any]:
        return {"youngest_pictured_age": {"below": 13}, "motivation": {"only": []}, "local_advice": {"one_of": ["not_sought"]}, **further}

    facts, clocks = facts_anew(), {"known": datetime(2024, 11, 22, 9, tzinfo=UTC)}
    kept, expected = engine.decide(facts, clocks=clocks), engine.decide(facts_anew(), clocks=dict(clocks)).model_dump_json()
    facts["youngest_pictured_age"]["below"] = 3
    facts["motivation"]["only"].append("coercion")
    facts["local_advice"]["one_of"].clear()
    facts["adult_involved"] = True
    clocks.clear()
    assert kept.model_dump_json() == expected


def test_a_list_that_is_changed_later_stays_as_it_was() -> None:
    engine = Engine.load("kscmp@2024.9", on=date(2025, 1, 1))
    listed = [engine.program.space.specs["motivation"].values[0]]
    kept = engine.decide({"motivation": listed})
    listed.clear()
    assert len(kept.facts["motivation"]) == 1


def test_absent_and_null_say_nothing() -> None:
    everything = KNOWLEDGE.read({})
    assert KNOWLEDGE.read(dict.fromkeys(["adult", "age", "origin", "motives"])) == everything
    assert KNOWLEDGE.read({"motives": []}) == everything
    assert KNOWLEDGE.boxes({"adult": None, "age": 3}) == {"age": KNOWLEDGE.read({"age": 3})}


def test_any_mapping_will_do_and_its_order_says_nothing() -> None:
    facts = {"adult": True, "age": {"below": 9}, "motives": ["money"]}
    assert KNOWLEDGE.read(MappingProxyType(facts)) == KNOWLEDGE.read(dict(reversed(facts.items())))


def test_numbers_of_one_cell_are_told_apart_by_nothing() -> None:
    assert KNOWLEDGE.read({"age": 0}) == KNOWLEDGE.read({"age": 12}) == KNOWLEDGE.read({"age": {"below": 5}}) != KNOWLEDGE.read({"age": 13})
    assert KNOWLEDGE.read({"age": {"above": 5}}) == KNOWLEDGE.read({})


def test_a_test_that_no_number_passes_agrees_with_no_case() -> None:
    assert KNOWLEDGE.read({"age": {"below": 0}}) == 0
    assert KNOWLEDGE.read({"age": {"above": 17}}) == 0
    assert KNOWLEDGE.read({"adult": {"none_of": [True, False]}}) == 0


def test_every_problem_is_listed_and_nothing_decided() -> None:
    facts: Any = {
        "adlut": True, "adult": "yes", "age": 99, "origin": "chlid", "motives": ["mony"], "AGE": 3, 3: True, None: None, ("adult",): True,
        "x" * 500: 1, "": 1,
    }  # fmt: skip
    with pytest.raises(FactsError) as caught:
        KNOWLEDGE.read(facts)
    found = {one.code: [other.message for other in caught.value.diagnostics if other.code == one.code] for one in caught.value.diagnostics}
    assert {code: len(messages) for code, messages in found.items()} == {"SR802": 7, "SR803": 1, "SR804": 1, "SR805": 2}
    helps = {one.message: one.help for one in caught.value.diagnostics}
    assert helps["unknown fact `adlut`"] == "did you mean `adult`?"
    assert helps["unknown fact `AGE`"] == "did you mean `age`?"
    assert all(one.span is None and len(one.message) < 200 for one in caught.value.diagnostics)


@pytest.mark.parametrize("facts", [None, [], "adult", 3, {"adult"}, [("adult", True)], NOT_APPLICABLE, object(), dict])
def test_only_a_mapping_is_facts(facts: Any) -> None:
    with pytest.raises(FactsError) as caught:
        KNOWLEDGE.read(facts)
    assert [one.code for one in caught.value.diagnostics] == ["SR801"]


def test_what_two_facts_say_of_a_third_is_put_together() -> None:
    """Each leaves two of three values, together they leave one, which has a consequence."""
    facts = [FactSpec("x", "choice", ("a", "b", "c")), FactSpec("y", "boolean"), FactSpec("z", "boolean")]
    implications: list[tuple[Condition, Condition]] = [
        (Test("z", "is", True), Not(Test("x", "is", "a"))),
        (Not(AnyOf((Test("x", "is", "a"), Test("x", "is", "c")))), Test("y", "is", True)),
    ]
    space = build_space(facts, implications, [])
    box = Knowledge(space).read({"x": {"one_of": ["a", "b"]}, "z": True})
    y = space.variable_of("y")
    assert box & y.block == 1 << (y.offset + y.cells.index(True))


def test_and_so_a_rule_on_the_consequence_is_met() -> None:
    facts = {"x": {"type": "choice", "values": ["a", "b", "c"]}, "y": YES_NO, "z": YES_NO, "n": NUMBER}
    implications = [({"z": True}, {"x": {"is_not": "a"}}), ({"x": "b"}, {"y": True})]
    decision = engine(pack({"r": {"when": {"y": True}, "outcome": "refer"}}, facts=facts, implications=implications)).decide(
        {"x": {"one_of": ["a", "b"]}, "z": True}
    )
    assert (decision.outcome, decision.settled) == ("refer", True)
    assert [rule.rule for rule in decision.rules.met] == ["top/r"]


SAID = st.sampled_from([True, 1, 17, 18, "child", "chld", None, [1], {"below": 3}])


@given(st.dictionaries(st.sampled_from(["adult", "age", "agee", "origin"]), SAID))
def test_the_problems_of_facts_are_those_for_which_they_are_refused(facts: dict[str, object]) -> None:
    small = engine(pack({"one": {"when": {"age": {"below": 13}}, "outcome": "refer"}}, facts={"adult": YES_NO, "age": NUMBER}))
    refused: tuple[Diagnostic, ...] = ()
    try:
        small.decide(facts)
    except FactsError as error:
        event("refused")
        refused = error.diagnostics
    assert in_order(small.problems(facts)) == refused


def test_what_is_no_mapping_is_a_problem_of_facts() -> None:
    small = engine(pack({"one": {"when": {"age": {"below": 13}}, "outcome": "refer"}}, facts={"age": NUMBER}))
    (problem,) = small.problems([("age", 1)])
    assert problem.code == "SR801"


def test_a_reader_for_few_cases_is_readied_for_many_once_there_were_many(monkeypatch: pytest.MonkeyPatch) -> None:
    program = engine(pack({"one": {"when": {"age": {"below": 13}}, "outcome": "refer"}}, facts={"adult": YES_NO, "age": NUMBER})).program
    monkeypatch.setattr("safeguarding_rules.deciding.decide.FEW", 3)
    facts, on = {"adult": False, "age": 3}, date(2026, 11, 22)
    decider, many = Decider(program, few=True), Decider(program)
    texts, held = [], []
    for _ in range(5):
        texts.append(decider.decide(facts, on).model_dump_json())
        held.append(decider.knowledge.see(facts)[1])
    assert set(texts) == {many.decide(facts, on).model_dump_json()}
    assert held == [-1, -1, *[many.knowledge.see(facts)[1]] * 3]
    assert many.knowledge.see(facts)[1] > 0
