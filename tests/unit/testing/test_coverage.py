from __future__ import annotations

from safeguarding_rules.testing.coverage import Coverage
from tests.unit.making import engine, pack

TOP = pack(
    {
        "met": {"when": {"a": True}, "outcome": "refer", "actions": [{"must": "call"}]},
        "presumed": {"when": {"b": True}, "if_unknown": "presume_met", "actions": [{"should": "write"}]},
        "never": {"when": {"c": True}, "actions": [{"may": "wait"}]},
    },
    facts="a b c",
    actions="call write wait",
)
LAYER = pack(
    {"own": {"when": {"a": True}, "actions": [{"should": "write"}]}}, name="low", above="top", strengthens={"top/met": {"outcome": "police"}}
)
ENGINE = engine(TOP, LAYER)


def _coverage(name: str, *cases: dict[str, object]) -> dict[str, dict[str, int]]:
    coverage = Coverage(name, "1")
    coverage.declare(ENGINE.program.policy)
    for facts in cases:
        coverage.count(ENGINE.decide(facts))
    return {share.kind: share.counts for share in coverage.shares()}


def test_met_and_presumed_rules_the_advice_and_standing_actions_are_exercised() -> None:
    assert _coverage("top", {"a": True}, {"a": False, "b": False, "c": False}) == {
        "rules": {"met": 1, "presumed": 1, "never": 0},
        "outcomes": {"manage": 1, "review": 0, "refer": 0, "police": 1},
        "actions": {"call": 1, "write": 1, "wait": 0},
    }


def test_a_layer_counts_its_own_and_what_it_strengthens() -> None:
    assert _coverage("low", {"a": True}, {"a": False}) == {"rules": {"own": 1}, "strengthened rules": {"top/met": 1}}


def test_what_is_missing_is_named() -> None:
    coverage = Coverage("top", "1")
    coverage.declare(ENGINE.program.policy)
    coverage.count(ENGINE.decide({"a": True, "b": False}))
    rules = coverage.shares()[0]
    assert (rules.exercised, rules.missing) == (1, ("never", "presumed"))
