"""The judge is judged: examples computed by hand from `docs/reference/semantics.md`, one per clause."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference.cases import NOT_APPLICABLE, complete_cases, passes
from tests.reference.interpreter import Entry, decide, questions
from tests.reference.stack import cell_condition

SCALE = ["mild", "review", "refer", "police"]
YES_NO = {"type": "boolean"}


def pack(
    rules: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    *,
    name: str = "top",
    unsettled: dict[str, Any] | None = None,
    implications: list[Any] | None = None,
    **document: Any,
) -> dict[str, Any]:
    """Build the part of a pack that means something: facts a, b, c (boolean) unless given, actions x, y (by dsl)."""
    manifest: dict[str, Any] = {"pack": name, "outcomes": {outcome: {} for outcome in SCALE}}
    if unsettled or name == "top":
        manifest["when_unsettled"] = unsettled or {"outcome": "review"}
    if facts is None:
        facts = dict.fromkeys("abc", YES_NO) if name == "top" else {}
    return {
        "pack.yaml": manifest,
        "facts.yaml": {"facts": facts, "implications": implications or []},
        "actions.yaml": {"actions": {"x": {"by": "dsl"}, "y": {"by": "dsl"}}},
        "rules/r.yaml": {"rules": rules or {}, **document},
    }


REFER_A = {"r": {"when": {"a": True}, "outcome": "refer"}}


def actions(stack: list[Any], facts: dict[str, Any]) -> dict[Any, Entry]:
    """Give the entries of a decision."""
    return decide(stack, facts).actions


# ------------------------------------------------------------------------------------------------------- outcome and advice


def test_no_rule_holds_gives_the_first_outcome_settled_and_firm() -> None:
    answer = decide([pack(REFER_A)], {"a": False})
    assert (answer.outcome, answer.possible_outcomes, answer.settled, answer.firm) == ("mild", {"mild"}, True, True)
    assert answer.rules == {"top/r": "not_met"}


def test_the_most_protective_rule_that_holds_decides() -> None:
    rules = {"low": {"when": {"a": True}, "outcome": "review"}, "high": {"when": {"b": True}, "outcome": "police"}}
    assert decide([pack(rules)], {"a": True, "b": True}).outcome == "police"


def test_unsettled_advice_is_the_lesser_of_when_unsettled_and_the_greatest_possible() -> None:
    answer = decide([pack(REFER_A)], {})
    assert (answer.outcome, answer.possible_outcomes, answer.settled, answer.firm) == ("review", {"mild", "refer"}, False, False)
    assert answer.rules == {"top/r": "open"}
    low = {"r": {"when": {"a": True}, "outcome": "review"}}
    assert decide([pack(low, unsettled={"outcome": "refer"})], {}).outcome == "review"


def test_firm_where_the_advice_is_the_least_possible() -> None:
    rules = REFER_A | {"p": {"when": {"b": True}, "outcome": "police"}}
    answer = decide([pack(rules)], {"a": True})
    assert (answer.outcome, answer.settled, answer.firm) == ("refer", False, True)


def test_two_open_rules_settle_together() -> None:
    rules = REFER_A | {"s": {"when": {"a": False}, "outcome": "refer"}}
    answer = decide([pack(rules)], {})
    assert (answer.outcome, answer.settled, answer.rules) == ("refer", True, {"top/r": "open", "top/s": "open"})


def test_given_and_when_and_not_unless() -> None:
    rules = {"r": {"given": {"a": True}, "when": {"b": True}, "unless": {"c": True}, "outcome": "refer"}}
    stack = [pack(rules)]
    assert decide(stack, {"a": True, "b": True, "c": False}).outcome == "refer"
    for missing in ({"a": False, "b": True, "c": False}, {"a": True, "b": False, "c": False}, {"a": True, "b": True, "c": True}):
        assert decide(stack, missing).outcome == "mild"


def test_null_is_unknown() -> None:
    assert decide([pack(REFER_A)], {"a": None}) == decide([pack(REFER_A)], {})


# ---------------------------------------------------------------------------------------------------------------- presuming


def test_presume_met_presumes_an_open_rule_and_its_outcome() -> None:
    answer = decide([pack({"r": REFER_A["r"] | {"if_unknown": "presume_met"}})], {})
    assert (answer.presumed, answer.outcome, answer.firm) == ({"top/r"}, "refer", False)
    assert decide([pack({"r": REFER_A["r"] | {"if_unknown": "presume_met"}})], {"a": False}).presumed == set()


PARTLY = {"when": {"all": [{"a": True}, {"b": True}]}, "if_unknown": "presume_if_partly_met", "outcome": "police"}


@pytest.mark.parametrize(("facts", "presumed"), [({}, False), ({"a": True}, True), ({"b": True}, True), ({"c": True}, False), ({"a": False}, False)])
def test_one_met_limb_of_an_all_presumes(facts: dict[str, Any], presumed: bool) -> None:
    assert decide([pack({"r": PARTLY})], facts).presumed == ({"top/r"} if presumed else set())


def test_given_is_not_a_limb_but_may_be_what_is_open() -> None:
    rule = PARTLY | {"given": {"c": True}}
    assert decide([pack({"r": rule})], {"c": True}).presumed == set()
    assert decide([pack({"r": rule})], {"a": True, "b": True}).presumed == {"top/r"}


def test_limbs_of_an_any_are_the_members_of_its_alls_only() -> None:
    rule = PARTLY | {"given": {"c": True}, "when": {"any": [{"a": True}, {"all": [{"b": True}, {"d": True}]}]}}
    stack = [pack({"r": rule}, dict.fromkeys("abcd", YES_NO))]
    assert decide(stack, {"a": True}).presumed == set()  # given open, a is no member of an all
    assert decide(stack, {"b": True}).presumed == {"top/r"}


def test_definitions_are_expanded_and_nested_alls_flattened_before_limbs_are_counted() -> None:
    rule = PARTLY | {"when": {"defined": "both"}}
    stack = [pack({"r": rule}, definitions={"both": {"all": [{"defined": "pair"}, {"c": True}]}, "pair": {"all": [{"a": True}, {"b": True}]}})]
    assert decide(stack, {"a": True}).presumed == {"top/r"}
    split = PARTLY | {"when": {"all": [{"any": [{"all": [{"a": True}, {"b": True}]}, {"b": True}]}, {"c": True}]}}
    assert decide([pack({"r": split})], {"a": True}).presumed == set()  # an any inside an all is one limb, and it is open


def test_when_as_a_whole_is_a_limb_only_where_unless_is_open() -> None:
    rule = {"when": {"a": True}, "unless": {"b": True}, "if_unknown": "presume_if_partly_met", "outcome": "refer"}
    assert decide([pack({"r": rule})], {"a": True}).presumed == {"top/r"}
    assert decide([pack({"r": rule})], {}).presumed == set()
    given = rule | {"given": {"c": True}}
    assert decide([pack({"r": given})], {"a": True, "b": False}).presumed == set()  # unless is known; given alone is open


def test_a_limb_met_through_an_implication_counts() -> None:
    stack = [pack({"r": PARTLY}, implications=[{"if": {"c": True}, "then": {"a": True}}])]
    assert decide(stack, {"c": True}).presumed == {"top/r"}


# ------------------------------------------------------------------------------------------------------------------ actions


def gives(*items: dict[str, Any], when: Any = None) -> dict[str, Any]:
    """Write a rule that gives actions only."""
    return {"when": when or {"always": True}, "actions": list(items)}


def test_an_action_applies_with_its_least_strength_and_says_what_is_stronger() -> None:
    rules = {"r": gives({"should": "x"}), "s": gives({"must": "x"}, when={"a": True})}
    assert actions([pack(rules)], {}) == {("x", "dsl", "positive"): Entry("applies", "should", (("depends", "must"),))}
    assert actions([pack(rules)], {"a": True}) == {("x", "dsl", "positive"): Entry("applies", "must")}


def test_an_action_of_every_completion_applies_though_no_rule_is_met() -> None:
    rules = {"r": gives({"must": "x"}, when={"a": True}), "s": gives({"should": "x"}, when={"a": False})}
    assert actions([pack(rules)], {}) == {("x", "dsl", "positive"): Entry("applies", "should", (("depends", "must"),))}


def test_presumed_then_depends() -> None:
    rules = {
        "r": PARTLY | {"actions": [{"should": "x"}]},
        "s": gives({"must": "x"}, when={"c": True}),
        "t": gives({"should_not": "y"}, when={"c": True}),
    }
    assert actions([pack(rules)], {"a": True}) == {
        ("x", "dsl", "positive"): Entry("presumed", "should", (("depends", "must"),)),
        ("y", "dsl", "negative"): Entry("depends", "should_not"),
    }


def test_what_is_presumed_more_strongly_than_it_applies_is_said_too() -> None:
    rules = {"r": gives({"may": "x"}), "s": gives({"should": "x"}, when={"a": True}) | {"if_unknown": "presume_met"}}
    assert actions([pack(rules)], {}) == {("x", "dsl", "positive"): Entry("applies", "may", (("presumed", "should"),))}
    rules |= {"t": gives({"must": "x"}, when={"b": True})}
    assert actions([pack(rules)], {}) == {("x", "dsl", "positive"): Entry("applies", "may", (("presumed", "should"), ("depends", "must")))}


def test_actors_are_kept_apart() -> None:
    rules = {"r": gives({"must": "x", "by": "headteacher"}), "s": gives({"should": "x"}, when={"a": True})}
    assert actions([pack(rules)], {"a": True}) == {
        ("x", "headteacher", "positive"): Entry("applies", "must"),
        ("x", "dsl", "positive"): Entry("applies", "should"),
    }


def test_may_counts_for_nothing_where_a_prohibition_is_given() -> None:
    rules = {"r": gives({"may": "x"}), "s": gives({"must_not": "x"}, when={"a": True})}
    assert actions([pack(rules)], {"a": True}) == {("x", "dsl", "negative"): Entry("applies", "must_not")}
    assert actions([pack(rules)], {"a": False}) == {("x", "dsl", "positive"): Entry("applies", "may")}
    both = {("x", "dsl", "positive"): Entry("depends", "may"), ("x", "dsl", "negative"): Entry("depends", "must_not")}
    assert actions([pack(rules)], {}) == both


def test_a_prohibition_by_another_leaves_may_alone() -> None:
    rules = {"r": gives({"may": "x"}), "s": gives({"must_not": "x", "by": "headteacher"})}
    assert actions([pack(rules)], {})["x", "dsl", "positive"] == Entry("applies", "may")


def test_a_depending_may_is_dropped_where_a_prohibition_is_presumed() -> None:
    rules = {"r": gives({"may": "x"}), "s": gives({"must_not": "x"}, when={"a": True}) | {"if_unknown": "presume_met"}}
    assert actions([pack(rules)], {}) == {("x", "dsl", "negative"): Entry("presumed", "must_not")}


def test_a_presumed_may_is_dropped_where_a_prohibition_is_presumed() -> None:
    presumed = {"if_unknown": "presume_met"}
    rules = {"r": gives({"may": "x"}, when={"a": True}) | presumed, "s": gives({"should_not": "x"}, when={"b": True}) | presumed}
    assert actions([pack(rules)], {}) == {("x", "dsl", "negative"): Entry("presumed", "should_not")}


def test_a_presumed_may_that_never_counts_has_no_entry() -> None:
    rules = {"r": gives({"may": "x"}, when={"a": True}) | {"if_unknown": "presume_met"}, "s": gives({"must_not": "x"}, when={"a": True})}
    assert actions([pack(rules)], {}) == {("x", "dsl", "negative"): Entry("depends", "must_not")}


STANDING: list[dict[str, Any]] = [
    {"always": True, "actions": [{"must_not": "y"}]},
    {"at_least": "refer", "actions": [{"must": "x"}]},
    {"when_outcome": "mild", "actions": [{"should": "x", "by": "setting"}]},
]


def test_standing_entries_follow_the_outcome_of_each_case() -> None:
    stack = [pack(REFER_A | {"p": {"when": {"b": True}, "outcome": "police"}}, standing=STANDING)]
    always = {("y", "dsl", "negative"): Entry("applies", "must_not")}
    high, low = {("x", "dsl", "positive"): Entry("applies", "must")}, {("x", "setting", "positive"): Entry("applies", "should")}
    assert actions(stack, {"a": False, "b": False}) == always | low
    assert actions(stack, {"a": True, "b": False}) == actions(stack, {"a": False, "b": True}) == always | high
    assert actions(stack, {"a": True}) == always | high  # unsettled between refer and police, both at least refer
    depends = {side: Entry("depends", entry.modality) for side, entry in (high | low).items()}
    assert actions(stack, {}) == always | depends  # the advice is review, below at_least: refer


def test_standing_up_to_the_unsettled_advice_is_presumed() -> None:
    stack = [pack({"r": REFER_A["r"] | {"if_unknown": "presume_met"}}, standing=STANDING)]
    assert actions(stack, {})["x", "dsl", "positive"] == Entry("presumed", "must")
    assert actions(stack, {})["x", "setting", "positive"] == Entry("depends", "should")  # when_outcome is never presumed


def test_when_unsettled_gives_presumed_actions_only_while_unsettled() -> None:
    stack = [pack(REFER_A, unsettled={"outcome": "review", "actions": [{"should": "y"}]})]
    assert actions(stack, {}) == {("y", "dsl", "positive"): Entry("presumed", "should")}
    assert actions(stack, {"a": True}) == {}


# ----------------------------------------------------------------------------------------------------------- complete cases


def test_tests_on_not_applicable() -> None:
    hold = [test for test in ({"is_not": 3}, {"none_of": [1, 3]}) if passes(test, NOT_APPLICABLE)]
    fail = [3, {"below": 3}, {"at_most": 3}, {"at_least": 3}, {"above": 3}, {"one_of": [1, 3]}]
    assert len(hold) == 2
    assert not any(passes(test, NOT_APPLICABLE) for test in fail)


def test_integer_cells_are_cut_by_the_stack_and_by_the_facts() -> None:
    age = {"age": {"type": "integer", "at_least": 0, "at_most": 17}}
    stack = [pack({"r": {"when": {"age": {"below": 13}}, "outcome": "refer"}, "s": {"when": {"age": 16}, "outcome": "police"}}, age)]
    assert [case["age"] for case in complete_cases(stack)[1]] == [0, 13, 16, 17]
    assert [case["age"] for case in complete_cases(stack, {"age": {"above": 14}})[1]] == [0, 13, 15, 16, 17]
    assert decide(stack, {"age": {"below": 13}}).outcome == "refer"
    assert decide(stack, {"age": {"at_least": 13}}).possible_outcomes == {"mild", "police"}
    assert decide(stack, {"age": {"below": 20}}).possible_outcomes == {"mild", "refer", "police"}
    assert decide(stack, {"age": {"is_not": 16}}).possible_outcomes == {"mild", "refer"}
    assert decide(stack, {"age": 12}).outcome == "refer"


TIED = {
    "a": YES_NO,
    "b": {"type": "boolean", "applies_when": {"a": True}},
    "n": {"type": "integer", "at_least": 0, "at_most": 3, "applies_when": {"b": True}},
}


def test_applies_when_ties_facts_both_ways() -> None:
    stack = [pack({"r": {"when": {"n": {"at_least": 2}}, "outcome": "refer"}}, TIED)]
    found = [(case["a"], case["b"], case["n"]) for case in complete_cases(stack)[1]]
    assert found == [(False, False, NOT_APPLICABLE), (True, False, NOT_APPLICABLE), (True, True, 0), (True, True, 2)]
    assert decide(stack, {"a": False}).outcome == "mild"
    rules = {"r": {"when": {"a": True}, "outcome": "refer"}}
    assert decide([pack(rules, TIED)], {"n": 1}).outcome == "refer"  # a known value implies the condition
    assert decide([pack(rules, TIED)], {"n": {"none_of": [1]}}).settled is False  # holds where n does not apply


def test_excludes_holds_of_a_choices_fact_that_does_not_apply() -> None:
    facts = {"a": YES_NO, "m": {"type": "choices", "values": ["p", "q"], "applies_when": {"a": True}}}
    rules = {"r": {"when": {"m": {"excludes": "p"}}, "outcome": "refer"}, "s": {"when": {"m": {"includes_any": ["p", "q"]}}, "outcome": "police"}}
    stack = [pack(rules, facts)]
    assert decide(stack, {"a": False}).outcome == "refer"
    assert decide(stack, {"m": ["p"]}).outcome == "police"
    assert decide(stack, {"m": {"only": ["p"]}}).rules == {"top/r": "not_met", "top/s": "met"}
    assert decide(stack, {"m": ["q"]}).rules == {"top/r": "open", "top/s": "met"}
    assert decide(stack, {"m": {"only": []}}).outcome == "refer"


def test_implications_restrict_both_ways() -> None:
    stack = [pack(REFER_A, implications=[{"if": {"b": True}, "then": {"a": True}}])]
    assert decide(stack, {"b": True}).outcome == "refer"
    assert decide(stack, {"a": False}).settled
    assert len(complete_cases(stack)[1]) == 6


def test_choice_facts_with_none_of() -> None:
    facts = {"o": {"type": "choice", "values": ["adult", "child", "ai"]}}
    rules = {"r": {"when": {"o": {"one_of": ["adult", "ai"]}}, "outcome": "police"}}
    assert decide([pack(rules, facts)], {"o": {"none_of": ["adult", "ai"]}}).outcome == "mild"
    assert decide([pack(rules, facts)], {"o": {"is_not": "child"}}).outcome == "police"


# ------------------------------------------------------------------------------------------------------------------- layers


def test_a_strengthened_rule_has_its_strengthened_outcome_and_actions() -> None:
    layer = pack(name="area", strengthens={"top/r": {"outcome": "police", "actions": [{"must": "x"}]}})
    answer = decide([pack(REFER_A), layer], {"a": True})
    assert (answer.outcome, answer.actions) == ("police", {("x", "dsl", "positive"): Entry("applies", "must")})
    rules = {"r": gives({"should": "x"})}
    added = pack(name="area", strengthens={"top/r": {"actions": [{"must": "x"}]}})
    assert actions([pack(rules), added], {}) == {("x", "dsl", "positive"): Entry("applies", "must")}


def test_definitions_and_rules_of_two_packs_may_share_a_name() -> None:
    rule = {"r": {"when": {"defined": "d"}, "outcome": "refer"}}
    top, layer = pack(rule, definitions={"d": {"a": True}}), pack(rule, name="area", definitions={"d": {"b": True}})
    assert decide([top, layer], {"a": False, "b": True}).rules == {"top/r": "not_met", "area/r": "met"}


def test_a_layer_raises_when_unsettled_and_keeps_the_actions_above() -> None:
    top = pack(REFER_A, unsettled={"outcome": "review", "actions": [{"should": "y"}]})
    layer = pack(name="area", unsettled={"outcome": "refer", "actions": [{"should": "x"}]})
    answer = decide([top, layer], {})
    assert answer.outcome == "refer"
    assert set(answer.actions) == {("x", "dsl", "positive"), ("y", "dsl", "positive")}


MASKED = {"m": {"type": "boolean", "applies_when": {"a": True}}}


def test_a_masked_layer_fact_tells_nothing_about_facts_from_above() -> None:
    layer = pack({"s": {"when": {"m": True}, "outcome": "police"}, "t": {"when": {"m": False}, "actions": [{"must": "x"}]}}, MASKED, name="area")
    stack = [pack(REFER_A), layer]
    assert decide(stack, {"m": True}).possible_outcomes == {"mild", "police"}  # a stays open; where a is false m counts as false
    assert decide(stack, {"m": True, "a": False}).outcome == "mild"
    assert decide(stack, {"m": True, "a": False}).rules["area/t"] == "met"
    assert decide(stack, {"a": False}).settled
    assert len(complete_cases(stack)[1]) == 16


def test_a_masked_integer_counts_as_not_applicable() -> None:
    facts = {"n": {"type": "integer", "at_least": 0, "at_most": 9, "applies_when": {"a": True}}}
    layer = pack(
        {"s": {"when": {"n": {"is_not": 3}}, "outcome": "police"}, "t": {"when": {"n": {"below": 5}}, "outcome": "refer"}}, facts, name="area"
    )
    assert decide([pack(), layer], {"a": False, "n": 3}).rules == {"area/s": "met", "area/t": "not_met"}
    assert decide([pack(), layer], {"a": True, "n": 3}).rules == {"area/s": "not_met", "area/t": "met"}


def test_a_layer_fact_that_depends_on_its_own_pack_only_is_tied() -> None:
    facts = {"k": YES_NO, "m": {"type": "boolean", "applies_when": {"k": True}}}
    layer = pack({"s": {"when": {"k": True}, "outcome": "police"}}, facts, name="area")
    assert decide([pack(), layer], {"m": True}).outcome == "police"


def test_a_fact_that_depends_on_a_masked_fact_is_masked_too() -> None:
    facts = MASKED | {"k": {"type": "boolean", "applies_when": {"m": True}}}
    layer = pack({"s": {"when": {"k": True}, "outcome": "police"}}, facts, name="area")
    assert decide([pack(REFER_A), layer], {"k": True}).rules == {"top/r": "open", "area/s": "open"}
    assert decide([pack(REFER_A), layer], {"k": True, "a": True, "m": False}).rules["area/s"] == "not_met"


def test_an_implication_of_a_layer_looks_past_the_mask() -> None:
    layer = pack(facts=MASKED | {"k": YES_NO}, name="area", implications=[{"if": {"m": True}, "then": {"k": True}}])
    assert decide([pack(REFER_A), layer], {"m": True, "k": False}).contradiction
    assert decide([pack(REFER_A), layer], {"m": True}).rules["top/r"] == "open"


# --------------------------------------------------------------------------------------------------------- tables and dates


def test_table_rows_are_rules() -> None:
    facts = {"a": YES_NO, "n": {"type": "integer", "at_least": 0, "at_most": 9}}
    table = {"facts": ["a", "n"], "unless": {"n": 9}, "if_unknown": "presume_if_partly_met"}
    rows = [{"row": "one", "a": True, "n": {"at_least": 3}, "outcome": "refer"}, {"row": "two", "a": True, "n": "-", "actions": [{"must": "x"}]}]
    stack = [pack(facts=facts, tables={"t": table | {"rows": rows}})]
    assert decide(stack, {"a": True, "n": 3}).rules == {"top/t/one": "met", "top/t/two": "met"}
    assert decide(stack, {"a": True, "n": 9}).rules == {"top/t/one": "not_met", "top/t/two": "not_met"}
    assert decide(stack, {"a": True}).presumed == {"top/t/one", "top/t/two"}


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        (True, {"f": True}),
        ("TRUE", {"f": True}),
        ("-", None),
        ("12", {"f": 12}),
        ("a | b", {"f": {"one_of": ["a", "b"]}}),
        ("not a", {"f": {"is_not": "a"}}),
        ("below 13", {"f": {"below": 13}}),
        ("at least 3", {"f": {"at_least": 3}}),
        ("3..7", {"all": [{"f": {"at_least": 3}}, {"f": {"at_most": 7}}]}),
        ("includes a", {"f": {"includes": "a"}}),
    ],
)
def test_cells(cell: object, condition: object) -> None:
    assert cell_condition("f", cell) == condition


def test_rules_are_in_force_from_included_until_not_included_when_a_date_is_given() -> None:
    rules = {"r": REFER_A["r"] | {"in_force": {"from": "2024-03-11", "until": "2024-09-01"}}}
    stack = [pack(rules)]
    found = [decide(stack, {"a": True}, on=on).outcome for on in ("2024-03-10", "2024-03-11", "2024-08-31", "2024-09-01")]
    assert found == ["mild", "refer", "refer", "mild"]
    assert decide(stack, {"a": True}).outcome == "refer"


# ----------------------------------------------------------------------------------------------- questions, contradictions


def test_questions_ask_what_can_remove_an_outcome_highest_first() -> None:
    rules = REFER_A | {"p": {"when": {"all": [{"b": True}, {"a": True}]}, "outcome": "police"}}
    assert questions([pack(rules)], {}) == [("a", {"mild", "refer", "police"}), ("b", {"refer", "police"})]
    assert questions([pack(rules)], {"a": False}) == []
    assert questions([pack(rules)], {"a": True}) == [("b", {"police"})]


def test_a_fact_that_matters_only_after_another_is_asked_too_and_a_fact_that_never_matters_is_not() -> None:
    rules = {"r": {"when": {"any": [{"all": [{"a": True}, {"b": True}]}, {"all": [{"a": True}, {"b": False}]}]}, "outcome": "refer"}}
    assert [name for name, _ in questions([pack(rules)], {})] == ["a"]
    assert [name for name, _ in questions([pack({"r": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"}})], {})] == ["a", "b"]


def test_a_fact_that_only_changes_an_action_is_asked_with_nothing_it_could_become() -> None:
    assert questions([pack({"r": gives({"should": "x"}), "s": gives({"must": "x"}, when={"b": True})})], {}) == [("b", set())]


def test_a_fact_tied_to_another_is_asked_and_a_correlated_one_only_where_it_tells_something() -> None:
    stack = [pack(REFER_A, implications=[{"if": {"b": True}, "then": {"a": True}}])]
    assert questions(stack, {}) == [("a", {"mild", "refer"}), ("b", {"mild"})]
    assert questions(stack, {"a": True}) == []


def test_contradicting_facts_are_decided_by_their_largest_consistent_parts() -> None:
    rules = REFER_A | {"p": {"when": {"c": True}, "outcome": "police"}} | {"s": gives({"must": "x"}, when={"b": False})}
    stack = [pack(rules, implications=[{"if": {"a": True}, "then": {"b": True}}], unsettled={"outcome": "review", "actions": [{"should": "y"}]})]
    answer = decide(stack, {"a": True, "b": False, "c": False})  # parts: a with c, b with c
    assert (answer.contradiction, answer.outcome, answer.possible_outcomes) == (True, "refer", {"mild", "refer"})
    assert (answer.settled, answer.firm) == (False, False)
    assert answer.actions == {("x", "dsl", "positive"): Entry("presumed", "must"), ("y", "dsl", "positive"): Entry("presumed", "should")}


def test_a_contradiction_is_never_advised_below_when_unsettled() -> None:
    stack = [pack({}, implications=[{"if": {"a": True}, "then": {"b": True}}])]
    answer = decide(stack, {"a": True, "b": False})
    assert (answer.outcome, answer.possible_outcomes) == ("review", {"mild"})
