"""Facts, values, bounds and outcomes that one side alone has: handled, and said."""

from __future__ import annotations

from typing import Any

from tests.unit.comparing.packs import ADULT, FACTS, SCALE, YOUNG, diff, pack, wheres


def apart(found: Any) -> set[tuple[str, str, bool]]:
    return {(note.kind, note.side, note.left_out) for note in found.apart}


def test_a_fact_of_one_side_takes_every_value() -> None:
    found = diff(
        pack(),
        pack({"adult-involved": ADULT, "young": YOUNG, "new": {"when": {"threat": True}, "outcome": "refer"}}, facts={"threat": {"type": "boolean"}}),
    )
    assert apart(found) == {("fact", "new", False)}
    assert [wheres(change) for change in found.outcomes] == [[["threat"]]]
    assert "threat" not in found.outcomes[0].regions[0].example.facts_old
    assert found.outcomes[0].regions[0].example.facts_new["threat"] is True


def test_a_fact_that_got_another_name_is_one_fact() -> None:
    rules = {"adult-involved": ADULT | {"when": {"grown_up": True}}, "young": YOUNG}
    found = diff(pack(), pack(rules, facts={"adult": None, "grown_up": {"type": "boolean", "formerly": ["adult"]}}))
    assert found.result == "same"
    assert apart(found) == {("fact", "both", False)}
    assert [change.what for change in found.texts if change.part == "fact"] == [("question",)]


def test_a_fact_that_gets_its_old_name_back_is_one_fact() -> None:
    rules = {"adult-involved": ADULT | {"when": {"grown_up": True}}, "young": YOUNG}
    found = diff(pack(rules, facts={"adult": None, "grown_up": {"type": "boolean", "formerly": ["adult"]}}), pack())
    assert found.result == "same"
    assert [note.text for note in found.apart] == ["`grown_up` is now called `adult`; they are compared as one"]


def test_a_value_of_a_choice_that_one_side_has_is_left_out() -> None:
    origin = FACTS["origin"]["values"] | {"stolen": "Stolen"}
    stolen = {"when": {"origin": "stolen"}, "outcome": "police"}
    found = diff(pack(), pack({"adult-involved": ADULT, "young": YOUNG, "stolen": stolen}, facts={"origin": {"type": "choice", "values": origin}}))
    assert found.result == "same"
    assert apart(found) == {("value", "new", True)}


def test_a_value_of_choices_that_one_side_has_is_compared() -> None:
    signs = FACTS["signs"]["values"] | {"money": "Money"}
    money = {"when": {"signs": {"includes": "money"}}, "outcome": "police"}
    found = diff(pack(), pack({"adult-involved": ADULT, "young": YOUNG, "money": money}, facts={"signs": {"type": "choices", "values": signs}}))
    assert apart(found) == {("value", "new", False)}
    assert all(wheres(change) == [["signs includes “Money”"]] for change in found.outcomes)


def test_bounds_are_compared_where_they_overlap() -> None:
    found = diff(pack(), pack(facts={"age": FACTS["age"] | {"at_most": 17}}))
    assert found.result == "same"
    assert apart(found) == {("bounds", "both", True)}


def test_a_type_that_changes_makes_two_facts() -> None:
    old = pack({"made": {"when": {"origin": "made"}, "outcome": "refer"}})
    found = diff(old, pack({"made": {"when": {"origin": True}, "outcome": "refer"}}, facts={"origin": {"type": "boolean"}}))
    assert ("type", "both", False) in apart(found)
    assert {(change.from_, change.to) for change in found.outcomes} == {("manage", "refer"), ("refer", "manage")}


def test_a_fact_that_applies_otherwise_is_the_same_where_it_applies_on_both_sides() -> None:
    found = diff(
        pack(),
        pack(
            {"adult-involved": ADULT, "young": {"when": {"age": {"below": 13}}, "outcome": "refer"}},
            facts={"age": {key: value for key, value in FACTS["age"].items() if key != "applies_when"}},
        ),
    )
    assert ("applies", "both", False) in apart(found)
    (change,) = found.outcomes
    assert (change.from_, change.to) == ("manage", "refer")
    assert wheres(change) == [["age (as the new version asks it) 12 or under"]]
    assert change.regions[0].example.facts_old["image"] is False


def test_an_implication_of_one_side_leaves_cases_out_and_says_so() -> None:
    implies = {"implications": [{"if": {"adult": True}, "then": {"image": True}, "because": "Adults send images.", "cite": ["S-1"]}]}
    files = pack(more={"facts.yaml": implies})
    files["statements.yaml"]["statements"]["S-1"]["encoded_by"].append("implications")
    found = diff(pack(), files)
    assert ("implication", "new", True) in apart(found)
    assert "Adults send images." in next(note.text for note in found.apart if note.kind == "implication")


def test_outcomes_are_matched_by_name() -> None:
    scale = ("manage", "review", "advise", "refer", "police")
    found = diff(pack(), pack({"adult-involved": ADULT, "young": YOUNG | {"outcome": "advise"}}, scale=scale))
    assert ("scale", "new", False) in apart(found)
    assert [(change.from_, change.to, change.direction) for change in found.outcomes] == [("refer", "advise", "milder")]


def test_scales_that_disagree_count_as_milder() -> None:
    turned = (SCALE[0], SCALE[2], SCALE[1], SCALE[3])
    found = diff(pack(), pack({"adult-involved": ADULT, "young": YOUNG | {"outcome": "review"}}, scale=turned))
    assert [change.direction for change in found.outcomes] == ["other"]
    assert found.milder


def test_where_both_can_express_no_case_nothing_is_proved() -> None:
    def always(image: bool) -> dict[str, Any]:
        implied = [{"if": {"adult": adult}, "then": {"image": image}, "because": "So.", "cite": ["S-1"]} for adult in (True, False)]
        files = pack(more={"facts.yaml": {"implications": implied}})
        files["statements.yaml"]["statements"]["S-1"]["encoded_by"].append("implications")
        return files

    found = diff(always(True), always(False))
    assert found.result == "undecided"
    assert "no case can be expressed by both" in found.undecided[0].about


def test_a_number_that_applies_otherwise_is_cut_only_where_a_rule_cuts_it() -> None:
    """Adult and image say which of the two copies of `age` apply: none 1 case, one alone 2 each, both 2; times 3 origins and 4 sets of signs."""
    found = diff(pack(), pack(facts={"age": FACTS["age"] | {"applies_when": {"adult": True}}}))
    assert ("applies", "both", False) in apart(found)
    assert found.counts is not None
    assert found.counts.cases == (1 + 2 + 2 + 2) * 3 * 4


def test_a_number_that_only_another_fact_leans_on_is_the_same_on_both_sides() -> None:
    """Where `age` applies in both versions it is one number, told apart by what leans on it too."""
    leaning = {"stage": {"type": "boolean", "applies_when": {"age": {"at_least": 18}}}}
    rules = {"grown": {"when": {"stage": True}, "outcome": "refer"}}
    always = {"age": {key: value for key, value in FACTS["age"].items() if key != "applies_when"}}
    found = diff(pack(rules, facts=leaning), pack(rules, facts=leaning | always))
    assert [(change.from_, change.to) for change in found.outcomes] == [("manage", "refer")]


def test_what_one_side_alone_can_say_is_left_out_where_a_fact_applies_otherwise_too() -> None:
    """A value, and numbers, that are new to facts which apply where they did not before."""
    rules = {"adult-involved": ADULT, "young": YOUNG}
    new = {"stolen": {"when": {"origin": "stolen"}, "outcome": "police"}, "old": {"when": {"age": {"above": 20}}, "outcome": "police"}}
    tied = {"origin": FACTS["origin"] | {"applies_when": {"image": True}}}
    origin = {"type": "choice", "values": FACTS["origin"]["values"] | {"stolen": "Stolen"}}
    age = {"type": "integer", "at_least": 0, "at_most": 30}
    found = diff(pack(facts=tied), pack(rules | new, facts={"origin": origin, "age": age}))
    assert found.result == "same"
    assert apart(found) == {("value", "new", True), ("bounds", "both", True), ("applies", "both", False)}
