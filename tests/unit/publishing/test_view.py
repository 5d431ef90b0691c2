"""The view says what the pack says: rules grouped, citations both ways, conditions in words, the flow."""

from __future__ import annotations

import pytest

from safeguarding_rules.publishing.document.links import ConditionView
from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.shelf import views_of, with_those_above
from tests.unit.making import NUMBER, pack
from tests.unit.publishing.placing import placed, shipped, view


@pytest.fixture(params=range(4), ids=["kscmp 2023.4", "kscmp 2024.9", "ukcis 2020.12", "ukcis 2024.3"])
def one(request: pytest.FixtureRequest) -> PackView:
    index: int = request.param
    return shipped()[index]


def test_every_citation_is_shown_both_ways(one: PackView) -> None:
    own = {statement.ref.link.name: statement for statement in one.statements}
    cited = 0
    for group in one.groups:
        rules = [*group.rules, *(row for table in group.tables for row in table.rows)]
        parts = [*((rule.link, rule.cites) for rule in rules), *((entry.link, entry.cites) for entry in group.standing)]
        for link, cites in parts:
            for ref in cites:
                if ref.link.pack == one.id:
                    cited += 1
                    assert link in own[ref.link.name].used_by, (link.name, ref.link.name)
    assert cited > 15


def test_every_statement_is_in_the_rules_or_says_why_not(one: PackView) -> None:
    assert one.statements
    for statement in one.statements:
        assert bool(statement.used_by) != bool(statement.not_computable) or not statement.applied, statement.ref.link.name


def test_unconfirmed_statements_are_listed(one: PackView) -> None:
    listed = {statement.ref.link.name for statement in (*one.unconfirmed, *one.quoted)}
    assert listed == {statement.ref.link.name for statement in one.statements if statement.ref.checked != "seen"}


def test_every_rule_with_an_outcome_is_one_question_of_the_flow(one: PackView) -> None:
    asked = [link for step in one.flow for link in step.rules]
    assert len(asked) == len(set(asked))
    own = {rule.link for rule in one.rules if rule.outcome is not None and not rule.state}
    assert own <= set(asked)
    ranks = [step.outcome.rank for step in one.flow]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == 0


def test_the_most_protective_group_comes_first() -> None:
    assert shipped()[3].groups[0].link.title == "Referral"


def test_a_layer_says_what_it_strengthens_and_builds_on() -> None:
    top = pack({"a": {"when": {"x": True}, "outcome": "review"}}, facts="x")
    local = pack({"b": {"when": {"x": False}, "outcome": "refer"}}, name="local", above="top", strengthens={"top/a": {"outcome": "refer"}})
    found = view(top, local)
    assert [(ref.id, ref.version) for ref in found.above] == [("top", "1")]
    (strengthening,) = found.groups[0].strengthens
    assert (strengthening.rule.pack, strengthening.rule.name) == ("top", "a")
    assert strengthening.outcome is not None
    assert strengthening.outcome.title == "refer"
    assert [link.name for step in found.flow for link in step.rules] == ["a", "b"]


def test_advice_while_facts_are_missing_stands_under_the_pack_that_states_it() -> None:
    rules = {"r": {"when": {"a": True}, "outcome": "refer"}}
    top = pack(rules, facts="a", actions="x y", unsettled={"because": "One.", "actions": [{"should": "x"}]})
    low = pack(name="low", above="top", unsettled={"outcome": "refer", "because": "Two.", "actions": [{"must": "y"}]})
    found = view(top, low)
    advice = found.advice
    assert (advice.link.pack, advice.outcome.title) == ("low", "refer")
    told = [(one.pack, one.because, [duty.action.name for duty in one.duties], [ref.link.name for ref in one.cites]) for one in advice.parts]
    assert told == [("top (top)", "One.", ["x"], ["TOP-0"]), ("low (low)", "Two.", ["y"], ["LOW-0"])]


def test_conditions_are_questions_with_answers() -> None:
    when = {"all": [{"x": True}, {"not": {"any": [{"age": {"below": 13}}, {"defined": "odd"}]}}]}
    found = view(pack({"a": {"when": when, "outcome": "review"}}, facts={"x": {"type": "boolean"}, "age": NUMBER}, definitions={"odd": {"x": False}}))
    (rule,) = found.rules
    assert outline(rule.when) == ("all", "Is x so? Yes", ("not", ("any", "Is age so? Below 13", ("defined Odd", "Is x so? No"))))
    assert rule.when.words == "x and not (age below 13 or “odd” holds)"


def outline(condition: ConditionView) -> object:
    if condition.op == "test":
        return f"{condition.question} {condition.answer}"
    name = f"defined {condition.link.title}" if condition.op == "defined" and condition.link else condition.op
    return (name, *(outline(member) for member in condition.members))


def test_a_table_has_a_column_for_each_fact() -> None:
    rows = [{"row": "young", "x": "true", "age": "below 13", "outcome": "refer"}, {"row": "older", "x": "-", "age": "13..15", "outcome": "review"}]
    found = view(pack(facts={"x": {"type": "boolean"}, "age": NUMBER}, tables={"ages": {"facts": ["x", "age"], "rows": rows}}))
    (table,) = found.groups[0].tables
    assert [column.question for column in table.columns] == ["Is x so?", "Is age so?"]
    assert table.cells == (("Yes", "Below 13"), ("", "13 or more; 15 or less"))
    assert [row.link.anchor for row in table.rows] == ["rule-ages.young", "rule-ages.older"]


def test_what_a_part_of_the_pack_is_used_by() -> None:
    found = view(pack({"a": {"when": {"x": True}, "actions": [{"must": "call"}]}}, facts="x y", actions="call rest"))
    users = {fact.link.name: [link.name for link in fact.used_by] for group in found.facts for fact in group.facts}
    assert users == {"x": ["a"], "y": []}
    assert {action.link.name: [link.name for link in action.given_by] for action in found.actions} == {"call": ["a"], "rest": []}


def test_a_rule_that_is_not_in_force_on_the_day_says_so() -> None:
    rule = {"when": {"x": True}, "outcome": "review", "in_force": {"from": "2025-06-01"}}
    (later,) = view(pack({"a": rule}, facts="x")).rules
    assert later.state == "Not applied on this day."


def test_former_names_stay_places() -> None:
    (rule,) = view(pack({"a": {"when": {"x": True}, "outcome": "review", "formerly": ["b"]}}, facts="x")).rules
    assert [link.anchor for link in rule.formerly] == ["rule-b"]


def test_cases_are_told_in_words_beside_their_starting_point() -> None:
    data = pack({"a": {"when": {"x": True}, "outcome": "refer"}}, facts="x y")
    case = {
        "title": "X",
        "start_from": "quiet",
        "facts": {"x": True, "y": None},
        "expect": {"outcome": "refer", "settled": True, "rules": ["a"]},
        "follows_from": ["TOP-a"],
    }
    data["cases/all.yaml"] = {"starting_points": {"quiet": {"x": False, "y": False}}, "cases": {"x": case}}
    found = view(data)
    (shown,) = found.cases
    assert shown.facts == (("Is x so?", "Yes"), ("Is y so?", "Not known"))
    assert shown.expected == ("The outcome is “refer”.", "Nothing that is missing could change it.", "Met: a.")
    assert shown.start == found.starts[0].link
    assert found.starts[0].facts == (("Is x so?", "No"), ("Is y so?", "No"))
    assert not shown.agreed_by


def test_invariants_are_sentences() -> None:
    data = pack({"a": {"when": {"x": True}, "outcome": "refer", "actions": [{"must": "call"}]}}, facts="x y", actions="call")
    data["invariants.yaml"] = {
        "invariants": {
            "one": {"whenever": {"x": True}, "outcome_at_least": "refer", "must": ["call"]},
            "two": {"reachable": "manage"},
            "three": {"must_not_matter": ["y"]},
            "four": {"while_unknown": ["x"], "outcome_at_least": "review"},
            "five": {"always": True, "never": [{"may": "call", "by": "dsl"}], "waived": {"because": "Later.", "until": "2030-01-01"}},
        }
    }
    found = {one.link.name: one for one in view(data).invariants}
    assert found["one"].words == "Whenever this is so: x – then: the outcome is at least “refer”; must: “call”."
    assert found["two"].words == "Some case ends in “manage”."
    assert found["three"].words == "No outcome and no duty depends on: “Is y so?”."
    assert found["four"].words == "While this is not known: “Is x so?” – then: the outcome is at least “review”."
    assert found["five"].words == "Always: never “may” for DSL: “call”."
    assert found["five"].waived == "Need not hold until 1 January 2030: Later."


def test_what_changed_from_the_version_before() -> None:
    old = pack({"a": {"when": {"x": True}, "outcome": "review"}}, facts="x", in_force={"from": "2024-01-01", "until": "2024-06-01"})
    new = pack({"a": {"when": {"x": True}, "outcome": "refer"}}, facts="x", version="2")
    first, second = views_of(with_those_above([placed(new), placed(old)]))
    assert (first.version, second.version) == ("1", "2")
    assert not first.changes
    (changes,) = second.changes
    assert not changes.milder
    assert changes.groups[0].items[0].text.startswith("“review” becomes “refer”")
    assert changes.groups[0].items[0].direction == "stricter"
