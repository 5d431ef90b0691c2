"""Each expectation against a decision: met, and not met with what came and why."""

from __future__ import annotations

from typing import Any

import pytest

from safeguarding_rules.language.documents import Expectation
from safeguarding_rules.testing.judging import Miss, judge
from tests.unit.making import engine, pack

PACK = pack(
    {
        "both": {
            "when": {"all": [{"a": True}, {"b": True}]},
            "if_unknown": "presume_if_partly_met",
            "outcome": "refer",
            "actions": [{"must": "call", "within": "same_day"}, {"should": "write", "within": "immediately", "from": "told"}],
        },
        "write_anyway": {"when": {"c": True}, "actions": [{"may": "write"}, {"should": "write", "by": "headteacher"}]},
        "police": {"when": {"d": True}, "outcome": "police", "actions": [{"should_not": "wait"}]},
    },
    facts="a b c d",
    actions="call write wait look",
    standing=[{"always": True, "actions": [{"must_not": "look"}]}],
)
ENGINE = engine(PACK)


def misses(facts: dict[str, object], **expect: Any) -> tuple[Miss, ...]:
    return judge(Expectation.model_validate(expect), ENGINE.decide(facts), "top")


PARTLY: dict[str, object] = {"a": True, "c": True}
QUIET: dict[str, object] = {"a": False, "c": False, "d": False}
MET = [
    (PARTLY, {"outcome": "refer", "outcome_at_least": "review", "outcome_at_most": "police"}),
    (PARTLY, {"settled": False, "firm": False, "possible_outcomes": ["police", "manage", "refer"]}),
    (QUIET, {"outcome": "manage", "settled": True, "firm": True, "possible_outcomes": ["manage"]}),
    (PARTLY, {"actions": [{"must": "call"}, {"should": "call"}, {"may": "call", "by": "dsl"}]}),
    # `may` applies and `should` is presumed: at least that strongly is `should`.
    (PARTLY, {"actions": [{"should": "write", "by": "dsl"}], "never": [{"must": "write"}]}),
    (PARTLY, {"actions": [{"should": "write", "by": "headteacher"}]}),
    (QUIET, {"never": [{"may": "call"}, {"may": "write"}, {"may": "look"}, {"should_not": "wait"}]}),
    (QUIET, {"actions": [{"must_not": "look"}, {"should_not": "look"}]}),
    ({}, {"never": [{"should_not": "wait"}, {"may": "call"}]}),
    (PARTLY, {"actions": [{"must": "call", "within": "same_day"}, {"must": "call", "within": "1 working day", "from": "known"}]}),
    (PARTLY, {"actions": [{"should": "write", "within": "immediately", "from": "told"}]}),
    (PARTLY, {"rules": ["write_anyway", "top/write_anyway"], "presumed": ["both", "top/both"], "asks": ["b", "d"]}),
    (QUIET, {"not_met": ["police", "top/both"]}),
    # `never` with a person is about that person.
    ({"c": True}, {"never": [{"should": "write", "by": "dsl"}]}),
]


@pytest.mark.parametrize(("facts", "expect"), MET)
def test_met(facts: dict[str, object], expect: dict[str, Any]) -> None:
    assert misses(facts, **expect) == ()


NOT_MET: list[tuple[dict[str, object], dict[str, Any], str, str, str]] = [
    (
        PARTLY,
        {"outcome": "police"},
        "outcome",
        "`refer` (refer); missing facts could still make it `manage` and `police`",
        "rule `top/police` (police) asks for it",
    ),
    (QUIET, {"outcome_at_least": "review"}, "outcome_at_least", "`manage` (manage)", "no rule that asks for `review` or more holds"),
    (PARTLY, {"outcome_at_most": "review"}, "outcome_at_most", "`refer`", "rule `top/both` (both) is presumed and asks for `refer`"),
    ({}, {"outcome": "manage"}, "outcome", "`review`", "the advice is at least `review`; missing: `d`, `a` and `b`"),
    (PARTLY, {"settled": True}, "settled", "not settled", "missing:"),
    (QUIET, {"settled": False}, "settled", "settled", "the outcomes still possible are `manage`"),
    (PARTLY, {"firm": True}, "firm", "not firm", "the advice is `refer`"),
    (PARTLY, {"possible_outcomes": ["manage"]}, "possible_outcomes", "possible: `manage`, `refer` and `police`", ""),
    ({}, {"actions": [{"must": "call"}]}, "actions", "must `call`, by the DSL, but only if missing facts say so", "missing: `a` and `b`"),
    (PARTLY, {"actions": [{"must": "write"}]}, "actions", "may `write`, by the DSL; should is presumed", "given by `top/"),
    (PARTLY, {"actions": [{"should": "call", "by": "headteacher"}]}, "actions", "nothing of the kind", "no rule that could hold"),
    (
        QUIET,
        {"actions": [{"may": "look"}]},
        "actions",
        "nothing of the kind",
        "against it stands must not `look`, by the DSL: given by `top/standing/always`",
    ),
    (PARTLY, {"never": [{"should": "call"}]}, "never", "must `call`, by the DSL, presumed", "given by `top/both`; missing: `b`"),
    ({"c": True}, {"never": [{"should": "write"}]}, "never", "should `write`, by the headteacher", "given by `top/write_anyway`"),
    (QUIET, {"never": [{"should_not": "look"}]}, "never", "must not `look`, by the DSL", "`top/standing/always`"),
    (
        PARTLY,
        {"actions": [{"must": "call", "within": "immediately"}]},
        "actions",
        "must `call`, by the DSL, presumed, within `same_day`",
        "`top/both`",
    ),
    (PARTLY, {"actions": [{"should": "write", "within": "PT1H"}]}, "actions", "within `immediately` from `told`", "`top/both`"),
    (QUIET, {"actions": [{"must_not": "look", "within": "same_day"}]}, "actions", "must not `look`, by the DSL, without a deadline", "always"),
    (PARTLY, {"rules": ["both"]}, "rules", "it is presumed", "it waits for `b`"),
    (PARTLY, {"rules": ["police"]}, "rules", "it is open", "it waits for `d`"),
    (QUIET, {"rules": ["police"]}, "rules", "it is not met", "it holds when: d; the case says `d: false`"),
    ({"a": True, "b": True}, {"presumed": ["both"]}, "presumed", "it is met", "there is nothing to presume"),
    (PARTLY, {"not_met": ["write_anyway"]}, "not_met", "it is met", "the facts of the case meet it"),
    (PARTLY, {"not_met": ["police"]}, "not_met", "it is open", "it waits for `d`"),
    (PARTLY, {"asks": ["a"]}, "asks", "asked: `d` and `b`", "the case says what it is: true"),
    (QUIET, {"asks": ["b"]}, "asks", "asked: nothing", "no answer to it could change the outcome or a duty"),
]


@pytest.mark.parametrize(("facts", "expect", "about", "came", "why"), NOT_MET)
def test_not_met(facts: dict[str, object], expect: dict[str, Any], about: str, came: str, why: str) -> None:
    (miss,) = misses(facts, **expect)
    assert miss.about == about
    assert came in miss.came
    assert why in " ".join(miss.why)


def test_what_was_expected_is_said_in_the_words_of_the_pack() -> None:
    (miss,) = misses(QUIET, actions=[{"should_not": "wait", "by": "other_staff"}])
    assert miss.expected == "should not `wait` (wait) by other staff"


def test_every_miss_is_said() -> None:
    assert [miss.about for miss in misses(QUIET, outcome="refer", settled=False, rules=["both"], asks=["a"])] == [
        "outcome",
        "settled",
        "rules",
        "asks",
    ]


def test_a_rule_that_is_not_in_force_on_the_day_is_said() -> None:
    data = pack({"later": {"when": {"a": True}, "outcome": "refer", "in_force": {"from": "2025-01-01"}}}, facts="a")
    decision = engine(data, on="2024-06-01").decide({"a": True})
    (miss,) = judge(Expectation.model_validate({"rules": ["later"]}), decision, "top")
    assert miss.why == ("it is not in force on this day",)


def test_of_many_open_rules_the_nearest_are_named() -> None:
    rules: dict[str, Any] = {f"police-{n}": {"when": {"all": [{"a": True}, {"d": {"one_of": [True]}}]}, "outcome": "police"} for n in range(3)}
    rules |= {f"review-{n}": {"when": {"a": True}, "outcome": "review"} for n in range(3)}
    rules["about-b"] = {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer"}
    decision = engine(pack(rules, facts="a b d", unsettled={"outcome": "review"})).decide({"b": True})
    (miss,) = judge(Expectation.model_validate({"outcome": "refer"}), decision, "top")
    first, *others = miss.why
    assert first == "rule `top/about-b` (about-b) asks for it, and is open: it waits for `a`"
    assert all("asks for more than it" in one for one in others)
    assert len(others) == 3
    (miss,) = judge(
        Expectation.model_validate({"outcome_at_least": "refer"}), engine(pack({**rules, **_more("c")}, facts="a b c d")).decide({}), "top"
    )
    assert miss.why[-1] == "2 more rules that ask for it or more are open"


def _more(fact: str) -> dict[str, Any]:
    return {f"refer-{n}": {"when": {fact: True}, "outcome": "refer"} for n in range(2)}
