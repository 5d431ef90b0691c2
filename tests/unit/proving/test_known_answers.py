"""Each analysis on packs small enough to know the answer."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from safeguarding_rules.proving import witness as witnesses
from safeguarding_rules.proving.claims import Claim, Proof
from safeguarding_rules.proving.run import prove
from safeguarding_rules.proving.search import Limits
from safeguarding_rules.proving.witness import DisagreementError
from tests.unit.proving.stacks import claims_of, invariant_claims, pack, stack_of

RULES: dict[str, Any] = {
    "adult": {"when": {"a": True}, "outcome": "police", "actions": [{"must": "tell"}]},
    "young": {"when": {"all": [{"b": True}, {"age": {"below": 13}}]}, "if_unknown": "presume_if_partly_met", "outcome": "refer"},
    "doubt": {"when": {"c": True}, "unless": {"b": True}, "outcome": "review", "actions": [{"should": "call", "within": "same_day"}]},
}
STANDING = [{"id": "everyday", "always": True, "actions": [{"must_not": "look"}]}]


def one(invariant: dict[str, Any], rules: dict[str, Any] = RULES, **more: Any) -> Claim:
    """The claim of one invariant of the pack of this module."""
    return invariant_claims(stack_of([pack(rules, invariants={"it": invariant}, standing=STANDING, **more)]))["it"]


PROVED: list[dict[str, Any]] = [
    {"whenever": {"a": True}, "outcome_at_least": "police", "must": ["tell"]},
    {"whenever": {"all": [{"b": True}, {"age": 12}]}, "outcome_at_least": "refer"},
    {"whenever": {"all": [{"a": False}, {"b": False}, {"c": False}]}, "outcome_at_most": "manage"},
    {"always": True, "must_not": ["look"], "never": [{"may": "look"}, {"must": "call"}]},
    {"reachable": "manage"},
    {"reachable": "refer"},
    {"must_not_matter": ["age"], "except_for": ["tell"], "because": "…"},
    {"while_unknown": ["a"], "outcome_at_least": "review"},
    {"while_unknown": ["a", "b"], "must_not": ["look"]},
    {"while_unknown": ["b"], "never": [{"must": "call"}]},
]
REFUTED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"whenever": {"b": True}, "outcome_at_least": "refer"}, {"b": True}, "manage"),
    ({"whenever": {"age": {"at_most": 13}}, "outcome_at_most": "review"}, {"a": True}, "police"),
    ({"always": True, "outcome_at_most": "refer"}, {"a": True}, "police"),
    ({"whenever": {"c": True}, "should": ["call"]}, {"b": True, "c": True}, "manage"),
    ({"whenever": {"c": True}, "never": [{"should": "call"}]}, {"c": True}, "review"),
    ({"while_unknown": ["a"], "outcome_at_least": "refer"}, {}, "review"),
    ({"while_unknown": ["age"], "outcome_at_least": "review"}, {"a": False, "b": False, "c": False}, "manage"),
    ({"while_unknown": ["a"], "must": ["tell"]}, {}, "review"),
]


PERMITTED: list[tuple[dict[str, Any], str, str]] = [
    # (rules that give or prohibit `look`, what is unknown, what is proved of "never may look")
    ({"ban": {"when": {"a": True}, "actions": [{"must_not": "look"}]}, "let": {"when": {"b": True}, "actions": [{"may": "look"}]}}, "c", "refuted"),
    # While `a` is not known, the permission only depends on it.
    ({"ban": {"when": {"a": True}, "actions": [{"must_not": "look"}]}, "let": {"when": {"b": True}, "actions": [{"may": "look"}]}}, "a", "proved"),
    # A prohibition that is presumed ends the permission, too; one that can be ruled out does not.
    (
        {
            "ban": {"when": {"a": True}, "if_unknown": "presume_met", "actions": [{"must_not": "look"}]},
            "let": {"when": {"b": True}, "if_unknown": "presume_met", "actions": [{"may": "look"}]},
        },
        "a",
        "proved",
    ),
    (
        {
            "ban": {"when": {"a": True}, "if_unknown": "presume_met", "actions": [{"must_not": "look"}]},
            "let": {"when": {"b": True}, "if_unknown": "presume_met", "actions": [{"may": "look"}]},
        },
        "b",
        "refuted",
    ),
    # An open prohibition leaves a permission that is presumed as it is.
    (
        {
            "ban": {"when": {"a": True}, "actions": [{"must_not": "look"}]},
            "let": {"when": {"b": True}, "if_unknown": "presume_met", "actions": [{"may": "look"}]},
        },
        "b",
        "refuted",
    ),
]


def test_what_each_value_of_an_unknown_fact_gives_by_another_rule() -> None:
    rules = {
        "so": {"when": {"all": [{"a": True}, {"b": True}]}, "actions": [{"should": "call"}]},
        "not-so": {"when": {"all": [{"a": False}, {"c": True}]}, "actions": [{"should": "call"}]},
    }
    claim = one({"while_unknown": ["a"], "never": [{"should": "call"}]}, rules)
    assert (claim.state, claim.witness and claim.witness.facts) == ("refuted", {"b": True, "c": True})
    assert one({"while_unknown": ["a", "b"], "never": [{"should": "call"}]}, rules).state == "proved"


@pytest.mark.parametrize("presumed", [False, True])
def test_a_fact_that_the_rest_settles_is_not_unknown(*, presumed: bool) -> None:
    """Where `b` or `c` holds, `a` must, so while `a` is unknown nobody has said either; while `age` is unknown somebody may have."""
    half = {"if_unknown": "presume_if_partly_met"} if presumed else {}
    rules = {"so": {"when": {"all": [{"b": True}, {"c": True}]}, **half, "outcome": "refer", "actions": [{"must": "call"}]}}
    tied = {"implications": [{"if": {"any": [{"b": True}, {"c": True}]}, "then": {"a": True}, "because": "…"}]}
    for breach in ({"never": [{"must": "call"}]}, {"outcome_at_most": "review"}):
        assert one({"while_unknown": ["a"], **breach}, rules, **tied).state == "proved"
        claim = one({"while_unknown": ["age"], **breach}, rules, **tied)
        assert claim.state == "refuted"
        assert claim.witness is not None
        assert len({"b", "c"} & claim.witness.facts.keys()) == (1 if presumed else 2)


def test_a_number_that_no_rule_asks_about_is_unknown_too() -> None:
    rules = {"so": {"when": {"b": True}, "outcome": "refer"}}
    claim = one({"while_unknown": ["age"], "outcome_at_least": "police"}, rules)
    assert (claim.state, claim.witness and claim.witness.facts) == ("refuted", {})
    assert one({"while_unknown": ["age"], "outcome_at_most": "refer"}, rules).state == "proved"


def test_a_fact_that_is_never_unknown() -> None:
    tied: dict[str, Any] = {"implications": [{"if": {"b": known}, "then": {"a": True}, "because": "…"} for known in (True, False)]}
    claim = one({"while_unknown": ["a"], "outcome_at_least": "police"}, **tied)
    assert (claim.state, claim.reason) == ("proved", "these facts are never unknown")


@pytest.mark.parametrize(("rules", "unknown", "state"), PERMITTED)
def test_permissions_that_a_prohibition_can_outrank(rules: dict[str, Any], unknown: str, state: str) -> None:
    claim = invariant_claims(stack_of([pack(rules, invariants={"it": {"while_unknown": [unknown], "never": [{"may": "look"}]}})]))["it"]
    assert claim.state == state
    assert state == "proved" or (claim.witness is not None and unknown not in claim.witness.facts)


@pytest.mark.parametrize("invariant", PROVED, ids=str)
def test_proved(invariant: dict[str, Any]) -> None:
    rules = {**RULES, "young": {**RULES["young"], "when": {"b": True}, "if_unknown": "ask"}} if "must_not_matter" in invariant else RULES
    assert one(invariant, rules).state == "proved"


@pytest.mark.parametrize(("invariant", "telling", "outcome"), REFUTED, ids=str)
def test_refuted_by_the_smallest_case(invariant: dict[str, Any], telling: dict[str, Any], outcome: str) -> None:
    claim = one(invariant)
    assert claim.state == "refuted"
    assert claim.code == "SR701"
    assert claim.witness is not None
    assert claim.witness.advice.outcome == outcome
    shown = {name: value for name, value in claim.witness.facts.items() if name in claim.witness.telling and name != "age"}
    assert shown == telling


def test_a_case_tells_what_its_claim_is_about_though_it_is_as_mild_as_can_be() -> None:
    claim = one({"whenever": {"all": [{"a": False}, {"age": {"at_most": 13}}]}, "outcome_at_least": "review"})
    assert claim.witness is not None
    assert set(claim.witness.telling) == {"a", "age"}
    assert claim.witness.words.startswith("a: no, age")


def test_facts_that_matter_are_shown_by_two_cases() -> None:
    claim = one({"must_not_matter": ["age"]})
    assert claim.state == "refuted"
    witness = claim.witness
    assert witness is not None
    assert witness.beside is not None
    assert witness.beside_advice is not None
    assert {name for name in witness.facts if witness.facts[name] != witness.beside[name]} == {"age"}
    assert (witness.advice.outcome, witness.beside_advice.outcome) == ("refer", "manage")


def test_what_never_happens_is_not_reachable() -> None:
    rules = {**RULES, "always-review": {"when": {"always": True}, "outcome": "review"}}
    claim = one({"reachable": "manage"}, rules)
    assert (claim.state, claim.witness) == ("refuted", None)


def test_a_waiver_excuses_until_it_expires() -> None:
    invariant = {"always": True, "outcome_at_most": "refer", "waived": {"because": "Being looked at.", "until": "2027-01-01"}}
    data = [pack(RULES, invariants={"it": invariant}, standing=STANDING)]
    live, expired = (prove([stack_of(data, today=day)]) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    waived = {claim.name: claim for claim in live.stacks[0].claims}["it"]
    assert (waived.state, waived.counts_as) == ("refuted", "proved")
    assert waived.waived is not None
    assert {claim.name: claim for claim in expired.stacks[0].claims}["it"].waived is None
    assert (live.state, expired.state) == ("proved", "refuted")


def test_rules_that_never_count() -> None:
    rules = {
        **RULES,
        "covered": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer", "actions": [{"should": "tell"}]},
        "duties-only": {"when": {"all": [{"a": True}, {"c": True}]}, "outcome": "refer", "actions": [{"must": "call"}]},
        "sooner": {"when": {"all": [{"a": True}, {"b": True}]}, "actions": [{"must": "tell", "within": "immediately"}]},
    }
    found = claims_of(stack_of([pack(rules, standing=STANDING)]))["every-rule-counts"]
    assert {finding.at: finding.code for finding in found.findings} == {"top/covered": "SR711", "top/duties-only": "SR712"}
    assert "`top/adult` gives" in found.findings[0].message


def test_a_rule_that_is_presumed_counts_for_that() -> None:
    presumed = {"when": {"all": [{"a": True}, {"b": True}]}, "if_unknown": "presume_if_partly_met", "outcome": "police"}
    found = claims_of(stack_of([pack({**RULES, "presumed": presumed}, standing=STANDING)]))["every-rule-counts"]
    assert not found.findings


def test_accepted_findings_are_listed_until_their_day() -> None:
    rules = {**RULES, "covered": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"}}
    accepted = [{"finding": "SR711", "at": "covered", "because": "It says so in the source.", "until": "2027-01-01"}]
    data = [pack(rules, standing=STANDING, accepted=accepted)]
    assert claims_of(stack_of(data))["every-rule-counts"].state == "proved"
    assert claims_of(stack_of(data))["every-rule-counts"].findings[0].accepted is not None
    assert claims_of(stack_of(data, today=date(2027, 1, 1)))["every-rule-counts"].state == "refuted"


def test_facts_that_never_matter() -> None:
    rules = {"adult": RULES["adult"], "hasten": {"when": {"c": True}, "actions": [{"must_not": "look", "within": "immediately"}]}}
    found = claims_of(stack_of([pack(rules, standing=STANDING)]))["every-fact-matters"]
    assert {finding.at for finding in found.findings} == {"b", "age"}


def test_rows_that_disagree() -> None:
    rows = [{"row": "r1", "a": True, "b": "-", "outcome": "refer"}, {"row": "r2", "a": "-", "b": True, "outcome": "review"}]
    found = claims_of(stack_of([pack(RULES, tables={"grid": {"facts": ["a", "b"], "rows": rows}})]))["tables-without-gaps"]
    assert [finding.code for finding in found.findings] == ["SR612"]


def test_invariants_that_a_layer_may_change_are_proved_above_only() -> None:
    invariants = {
        "mild": {"reachable": "manage"},
        "most": {"whenever": {"c": False}, "outcome_at_most": "police"},
        "age": {"must_not_matter": ["c"], "except_for": ["call"]},
        "adult": {"whenever": {"a": True}, "outcome_at_least": "police"},
        "unknown": {"while_unknown": ["a"], "outcome_at_least": "review"},
    }
    stack = stack_of([pack(RULES, invariants=invariants), pack({"everyday": {"when": {"always": True}, "outcome": "review"}}, layer=True)])
    claims = claims_of(stack)
    assert {name for name in claims if name in invariants} == {"adult", "unknown"}
    assert {claim.state for claim in claims.values() if claim.kind == "layer"} == {"proved"}


def test_no_time_is_undecided_and_never_proved() -> None:
    limits = Limits(until=time.monotonic() - 1)
    proof: Proof = prove([stack_of([pack(RULES, invariants={"it": PROVED[0]})], limits=limits)])
    assert proof.state == "undecided"
    assert {claim.name: claim.state for claim in proof.stacks[0].claims}["it"] == "undecided"


def test_two_jobs_say_the_same() -> None:
    invariants = {f"i{n}": invariant for n, (invariant, *_) in enumerate(REFUTED)}
    alone, together = (prove([stack_of([pack(RULES, invariants=invariants)])], jobs=jobs) for jobs in (1, 2))
    assert alone.model_dump() == together.model_dump()


def test_a_case_that_the_engine_decides_otherwise_is_an_error_of_ours() -> None:
    stack = stack_of([pack(RULES)])
    with pytest.raises(DisagreementError):
        witnesses.witness(stack.arena, stack.arena.find(stack.arena.everything), lambda _: False)


def test_and_leaves_the_claim_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witnesses, "facts_of_case", lambda *_: {"a": True})
    claim = one({"reachable": "manage"})
    assert claim.state == "undecided"
    assert "an error of ours" in claim.reason


def test_the_document_can_be_read_back() -> None:
    proof = prove([stack_of([pack(RULES, invariants={"it": REFUTED[0][0]})])])
    text = proof.model_dump_json(by_alias=True)
    assert '"schema":"proof/1"' in text
    assert Proof.model_validate_json(text).state == "refuted"


def test_a_permission_that_is_outranked_is_not_what_differs() -> None:
    """Where one rule permits what another forbids at once, the two cases differ in the prohibition."""
    rules = {"allows": {"when": {"a": True}, "actions": [{"may": "call"}]}, "forbids": {"when": {"a": True}, "actions": [{"must_not": "call"}]}}
    claim = one({"must_not_matter": ["a"]}, rules)
    assert (claim.state, claim.reason) == ("refuted", "the first case has `must_not call`, the second does not")
    assert claim.witness is not None
    assert (claim.witness.facts["a"], (claim.witness.beside or {})["a"]) == (True, False)
