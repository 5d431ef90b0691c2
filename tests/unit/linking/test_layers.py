"""A stack merged into one Policy: what a layer adds, what it strengthens, and what it may not touch."""

from __future__ import annotations

from typing import Any

import pytest

from safeguarding_rules.diagnostics import PackError, render_text
from safeguarding_rules.language.conditions import All, Test
from safeguarding_rules.linking.link import check, link
from safeguarding_rules.linking.policy import Duty, Policy, PolicyRule
from tests.unit.making import Data, codes, pack, read

TOP = pack(
    {
        "r": {
            "when": {"a": True},
            "outcome": "review",
            "actions": [{"should": "x", "within": "P7D", "from": "told", "until": "It is over.", "note": "Do."}],
        },
        "s": {"when": {"b": True}, "actions": [{"must_not": "y"}]},
    },
    facts="a b",
    actions={"x": {"route": "people"}, "y": {"protects": "refrain"}},
    routes={
        "people": [
            {"when": {"a": True}, "name": "Emergency", "emergency": True},
            {"when": {"b": True}, "name": "Nearer"},
            {"otherwise": True, "name": "Anybody"},
        ]
    },
)


def layer(**parts: Any) -> Data:
    return pack(**({"name": "low", "above": "top"} | parts))


def linked(*stack: Data) -> Policy:
    return link(read(*stack))


def rule_of(policy: Policy, name: str) -> PolicyRule:
    return next(rule for rule in policy.rules if rule.id == name)


def strengthened(**data: Any) -> PolicyRule:
    return rule_of(linked(TOP, layer(strengthens={"top/r": data})), "top/r")


# ------------------------------------------------------------------------------------------------------------- strengthening


def test_a_strengthened_rule_keeps_what_it_was_and_says_who_strengthened_it() -> None:
    rule = strengthened(outcome="refer")
    assert (rule.outcome, rule.strengthened_by) == (2, ("low",))
    assert rule.because == "r is so. top/r is so."
    assert rule.cite == ("TOP-r", "LOW-top.r")
    assert [duty.action for duty in rule.duties] == ["x"]


def test_a_stronger_duty_keeps_the_deadline_and_everything_else_of_the_old_one() -> None:
    (duty,) = strengthened(actions=[{"must": "x"}]).duties
    assert (duty.modality, duty.deadline and duty.deadline.text, duty.clock, duty.until, duty.note) == ("must", "P7D", "told", "It is over.", "Do.")


def test_a_shorter_deadline_replaces_the_old_one() -> None:
    (duty,) = strengthened(actions=[{"should": "x", "within": "PT24H", "from": "told", "note": "Hurry."}]).duties
    assert (duty.deadline and duty.deadline.text, duty.clock, duty.note) == ("PT24H", "told", "Do. Hurry.")


def test_what_somebody_else_does_is_another_duty_and_so_is_the_opposite() -> None:
    duties = strengthened(actions=[{"may": "x", "by": "headteacher", "within": "P9D"}, {"should_not": "y"}]).duties
    assert [(duty.modality, duty.action, duty.by) for duty in duties] == [
        ("should", "x", "dsl"),
        ("may", "x", "headteacher"),
        ("should_not", "y", "dsl"),
    ]


def test_a_rule_that_only_gave_duties_can_get_an_outcome() -> None:
    policy = linked(TOP, layer(strengthens={"top/s": {"outcome": "review"}}))
    assert rule_of(policy, "top/s").outcome == 1


def test_two_layers_strengthen_one_after_the_other() -> None:
    middle = layer(strengthens={"top/r": {"outcome": "refer"}})
    lowest = pack(name="deep", above="low", strengthens={"top/r": {"outcome": "police", "actions": [{"must": "x"}]}})
    rule = rule_of(linked(TOP, middle, lowest), "top/r")
    assert (rule.outcome, rule.strengthened_by, [duty.modality for duty in rule.duties]) == (3, ("low", "deep"), ["must"])
    lower = pack(name="deep", above="low", strengthens={"top/r": {"outcome": "review"}})
    assert codes(TOP, middle, lower) == ["SR321"]


def test_a_layer_strengthens_a_rule_of_the_layer_above_it() -> None:
    middle = layer(rules={"own": {"when": {"a": True}, "outcome": "review"}})
    lowest = pack(name="deep", above="low", strengthens={"low/own": {"outcome": "refer"}})
    assert rule_of(linked(TOP, middle, lowest), "low/own").outcome == 2


@pytest.mark.parametrize("name", ["top/standing/always", "top/when_unsettled"])
def test_only_rules_can_be_strengthened(name: str) -> None:
    top = TOP | {"rules/more.yaml": {"standing": [{"always": True, "actions": [{"must": "x"}], "because": "b", "cite": ["TOP-0"]}]}}
    top = top | {"statements.yaml": _with_encoded(TOP["statements.yaml"], "TOP-0", "standing/always")}
    assert codes(top, layer(strengthens={name: {"actions": [{"must": "x"}]}})) == ["SR327"]


def _with_encoded(register: Data, statement: str, reference: str) -> Data:
    entry = register["statements"][statement]
    changed = entry | {"encoded_by": [*entry["encoded_by"], reference]}
    return register | {"statements": register["statements"] | {statement: changed}}


def test_a_breach_shows_both_places() -> None:
    with pytest.raises(PackError) as caught:
        linked(TOP, layer(strengthens={"top/r": {"actions": [{"may": "x"}]}}))
    (finding,) = caught.value.diagnostics
    assert finding.span is not None
    assert finding.span.file == "low/rules/rules.yaml"
    ((words, other),) = finding.related
    assert (words, other.file) == ("the rule", "top/rules/rules.yaml")
    assert set(caught.value.texts) == {"low/rules/rules.yaml", "top/rules/rules.yaml"}
    assert '"may": "x"' in render_text(caught.value.diagnostics, caught.value.texts.get)


# ----------------------------------------------------------------------------------------- what the pack above has caught up with


def history(*versions: Data) -> Any:
    return lambda _: read(*versions)


def earlier(**rule: Any) -> Data:
    return pack({"r": {"when": {"a": True}} | rule}, facts="a b", actions="x", version="0", in_force={"from": "2020-01-01", "until": "2024-01-01"})


OLD = earlier(outcome="review", actions=[{"may": "x", "within": "P9D"}])
NEW = pack({"r": {"when": {"a": True}, "outcome": "police", "actions": [{"must": "x", "within": "same_day"}]}}, facts="a b", actions="x")


@pytest.mark.parametrize(
    "strengthening",
    [{"outcome": "refer"}, {"outcome": "police"}, {"actions": [{"should": "x"}]}, {"actions": [{"must": "x", "within": "P8D"}]}],
)
def test_a_strengthening_the_pack_above_went_beyond_is_no_longer_needed(strengthening: Data) -> None:
    packs = read(NEW, layer(strengthens={"top/r": strengthening}))
    policy, found = check(packs, None, history(OLD, NEW))
    assert [(one.code, one.severity) for one in found] == [("SR607", "warning")]
    assert policy is not None
    rule = rule_of(policy, "top/r")
    assert (rule.outcome, [(duty.modality, duty.deadline and duty.deadline.text) for duty in rule.duties]) == (3, [("must", "same_day")])


@pytest.mark.parametrize(
    ("strengthening", "code"),
    [({"outcome": "refer"}, "SR321"), ({"actions": [{"should": "x"}]}, "SR322"), ({"actions": [{"must": "x", "within": "P8D"}]}, "SR326")],
)
def test_without_a_version_that_it_strengthened_it_is_a_weakening(strengthening: Data, code: str) -> None:
    packs = read(NEW, layer(strengthens={"top/r": strengthening}))
    assert [one.code for one in check(packs, None, history(NEW))[1]] == [code]
    assert [one.code for one in check(packs)[1]] == [code]


# ------------------------------------------------------------------------------------------------------ facts, routes, when_unsettled


def test_a_layers_fact_that_leans_on_one_from_above_is_masked_and_others_are_tied() -> None:
    booleans = {"g": {"a": True}, "h": {"k": True}, "i": {"g": True}, "k": None}
    facts = {name: {"type": "boolean"} | ({"applies_when": applies} if applies else {}) for name, applies in booleans.items()}
    policy = linked(TOP, layer(rules={"own": {"when": {"g": True}, "outcome": "review"}}, facts=facts))
    specs = {info.spec.name: info.spec for info in policy.facts}
    assert specs["g"].masked == Test("a", "is", True)
    assert specs["h"].tied == Test("k", "is", True)
    assert specs["i"].masked == Test("g", "is", True)
    assert (specs["g"].tied, specs["h"].masked, specs["k"].tied) == (None, None, None)
    assert rule_of(policy, "low/own").when == All((Test("a", "is", True), Test("g", "is", True)))


def test_the_routes_of_a_layer_stand_before_those_from_above_but_for_emergency_entries_from_above() -> None:
    own = {
        "people": [{"when": {"b": True}, "name": "Area team", "emergency": True}, {"otherwise": True, "name": "Area desk"}],
        "others": [{"otherwise": True, "name": "They"}],
    }
    policy = linked(TOP, layer(routes=own))
    assert [(entry.name, entry.pack) for entry in policy.routes["people"]] == [("Emergency", "top"), ("Area team", "low"), ("Area desk", "low")]
    assert [entry.name for entry in policy.routes["others"]] == ["They"]
    assert [entry.name for entry in linked(TOP).routes["people"]] == ["Emergency", "Nearer", "Anybody"]


def test_a_layer_raises_when_unsettled_and_adds_to_it() -> None:
    top = pack({"r": {"when": {"a": True}, "outcome": "refer"}}, facts="a", actions="x y", unsettled={"actions": [{"should": "x"}]})
    unsettled = linked(top, layer(unsettled={"outcome": "refer", "actions": [{"must": "y"}]})).when_unsettled
    assert (unsettled.outcome, unsettled.pack, unsettled.cite) == (2, "low", ("TOP-0", "LOW-0"))
    assert unsettled.duties == (Duty("x", "dsl", "should"), Duty("y", "dsl", "must"))
    assert codes(top, layer(unsettled={"outcome": "manage"})) == ["SR507"]


def test_the_order_of_files_and_of_what_stands_in_them_changes_no_finding() -> None:
    rules = {name: {"when": {"wrong": True}, "outcome": "refre"} for name in ("p", "q")}
    one = pack(rules, facts="a")
    other = one | {"rules/rules.yaml": {"rules": dict(reversed(one["rules/rules.yaml"]["rules"].items()))}}
    findings = [[(found.code, found.message) for found in check(read(data))[1]] for data in (one, other)]
    assert sorted(findings[0]) == sorted(findings[1])
    assert len(findings[0]) == 4


# ------------------------------------------------------------------------------------------------- only from this pack or one above


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"rules": {"r": {"when": {"g": True}, "outcome": "refer"}}}, "SR414"),
        ({"rules": {"r": {"when": {"a": True}, "actions": [{"must": "z"}]}}}, "SR402"),
        ({"rules": {"r": {"when": {"a": True}, "outcome": "refer", "cite": ["TOP-r", "LOW-own"]}}}, "SR406"),
        ({"actions": {"x": {"route": "area"}}}, "SR407"),
        ({"actions": {"x": {"contradicts": ["z"]}}}, "SR402"),
        ({"rules": {"r": {"when": {"defined": "d"}, "outcome": "refer"}}}, "SR404"),
    ],
)
def test_a_pack_knows_nothing_of_the_layers_below_it(part: Data, code: str) -> None:
    parts: Data = {"rules": {"r": {"when": {"a": True}, "outcome": "refer"}}, "facts": "a"}
    top = pack(**(parts | part))
    if code == "SR406":  # the register of statements is the pack's own
        del top["statements.yaml"]["statements"]["LOW-own"]
    low = layer(
        rules={"own": {"when": {"defined": "d"}, "outcome": "refer"}},
        facts="g",
        actions="z",
        routes={"area": [{"otherwise": True, "name": "They"}]},
        definitions={"d": {"g": True}},
    )
    assert codes(top, low) == [code]


def test_a_layer_needs_its_stack() -> None:
    assert codes(layer()) == ["SR320"]
    assert codes(TOP, pack(name="low", above="another")) == ["SR320"]
    assert codes(TOP, pack(name="low")) == ["SR320"]


def test_a_rule_is_strengthened_by_an_earlier_id_too() -> None:
    top = pack({"new": {"when": {"a": True}, "outcome": "review", "formerly": ["r"]}}, facts="a")
    policy = linked(top, layer(strengthens={"top/r": {"outcome": "refer"}}))
    assert policy.outcomes[rule_of(policy, "top/new").outcome or 0].name == "refer"


def test_of_two_duties_the_one_on_the_same_clock_is_strengthened() -> None:
    actions = [{"must": "x", "within": "same_day", "from": "known"}, {"must": "x", "within": "1 working day", "from": "told"}]
    top = pack({"r": {"when": {"a": True}, "actions": actions}}, facts="a", actions="x")
    duties = rule_of(linked(top, layer(strengthens={"top/r": {"actions": [{"must": "x", "within": "same_day", "from": "told"}]}})), "top/r").duties
    assert [(duty.clock, duty.deadline and duty.deadline.text) for duty in duties] == [("known", "same_day"), ("told", "same_day")]


def test_reasons_and_duties_of_when_unsettled_are_kept_with_their_packs() -> None:
    top = pack(
        {"r": {"when": {"a": True}, "outcome": "refer"}}, facts="a", actions="x y", unsettled={"because": "One.", "actions": [{"should": "x"}]}
    )
    low = layer(unsettled={"outcome": "review", "because": "Two.", "actions": [{"should": "y"}]})
    unsettled = linked(top, low).when_unsettled
    assert unsettled.because == "One. Two."
    assert [(duty.action, by) for duty, by in zip(unsettled.duties, unsettled.given_by, strict=True)] == [("x", "top"), ("y", "low")]
