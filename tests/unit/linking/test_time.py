"""What is in force on a day inside a stack: rules, statements, sources, routes; and for how long a Policy holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from safeguarding_rules.linking.link import link
from safeguarding_rules.linking.policy import Policy
from tests.unit.making import Data, codes, pack, read


def on(day: str, *stack: Data) -> Policy:
    return link(read(*stack), date.fromisoformat(day))


def rules_on(day: str, *stack: Data) -> list[str]:
    return [rule.id for rule in on(day, *stack).rules]


def valid(policy: Policy) -> tuple[str | None, str | None]:
    start, end = policy.valid_from, policy.valid_until
    return start.isoformat() if start else None, end.isoformat() if end else None


REFER = {"when": {"a": True}, "outcome": "refer"}
INTERVAL = {"from": "2024-06-01", "until": "2024-09-01"}


@pytest.mark.parametrize(
    ("day", "there", "until"),
    [
        ("2024-01-01", False, ("2024-01-01", "2024-06-01")),
        ("2024-05-31", False, ("2024-01-01", "2024-06-01")),
        ("2024-06-01", True, ("2024-06-01", "2024-09-01")),
        ("2024-08-31", True, ("2024-06-01", "2024-09-01")),
        ("2024-09-01", False, ("2024-09-01", None)),
        ("2030-01-01", False, ("2024-09-01", None)),
    ],
)
@pytest.mark.parametrize("part", ["rule", "statement", "source"])
def test_a_rule_is_applied_while_it_and_a_statement_of_it_are_in_force(part: str, day: str, there: bool, until: tuple[str, str | None]) -> None:
    late = REFER | ({"in_force": INTERVAL} if part == "rule" else {})
    data = pack({"ever": REFER, "late": late}, facts="a", statements={"TOP-late": {"in_force": INTERVAL}} if part == "statement" else None)
    if part == "source":
        data["statements.yaml"]["sources"]["late"] = {"title": "Late", "publisher": "Nobody", "in_force": INTERVAL}
        data["statements.yaml"]["statements"]["TOP-late"]["source"] = "late"
    policy = on(day, data)
    assert [rule.id for rule in policy.rules] == ["top/ever", *(["top/late"] if there else [])]
    assert valid(policy) == until


def test_one_of_two_statements_in_force_is_enough_and_the_other_is_not_cited() -> None:
    data = pack({"r": REFER | {"cite": ["TOP-1", "TOP-2"]}}, facts="a", statements={"TOP-2": {"in_force": {"from": "2024-06-01"}}})
    assert on("2024-02-01", data).rules[0].cite == ("TOP-1",)
    assert on("2024-07-01", data).rules[0].cite == ("TOP-1", "TOP-2")
    assert on("2024-02-01", data).statements["TOP-2"].status == "not in force on the day"


@pytest.mark.parametrize("status", ["enacted", "proposed", "superseded"])
def test_statements_that_are_not_in_force_are_listed_and_apply_nothing(status: str) -> None:
    top = pack(
        {"r": REFER, "later": REFER | {"outcome": "police"}},
        facts="a",
        actions="x",
        standing=[{"always": True, "actions": [{"must": "x"}], "cite": ["TOP-later"]}],
        statements={"TOP-later": {"status": status}},
    )
    low = pack(
        name="low",
        above="top",
        strengthens={"top/r": {"outcome": "police", "cite": ["LOW-later"]}, "top/later": {"actions": [{"must": "x"}], "cite": ["LOW-later"]}},
        unsettled={"outcome": "police", "cite": ["LOW-later"]},
        statements={"LOW-later": {"status": status}},
    )
    policy = on("2024-02-01", top, low)
    assert [(rule.id, rule.outcome) for rule in policy.rules] == [("top/r", 2)]
    assert policy.standing == ()
    assert policy.when_unsettled.outcome == 1
    assert {name: info.status for name, info in policy.statements.items() if name.endswith("later")} == {"TOP-later": status, "LOW-later": status}


def test_what_is_not_in_force_is_still_checked() -> None:
    data = pack({"r": REFER, "later": {"when": {"wrong": True}, "outcome": "refer", "in_force": {"from": "2030-01-01"}}}, facts="a")
    assert codes(data, on="2024-02-01") == ["SR414"]


def test_routes_have_their_days() -> None:
    entries: list[Any] = [{"when": {"a": True}, "name": "Summer", "in_force": INTERVAL}, {"otherwise": True, "name": "Always"}]
    data = pack({"r": REFER}, facts="a", routes={"people": entries})
    assert [[entry.name for entry in on(day, data).routes["people"]] for day in ("2024-05-31", "2024-06-01")] == [["Always"], ["Summer", "Always"]]
    assert valid(on("2024-07-01", data)) == ("2024-06-01", "2024-09-01")


# --------------------------------------------------------------------------------------------------------------- fingerprints


def test_a_fingerprint_covers_what_is_in_force_and_not_the_day() -> None:
    data = pack({"r": REFER, "late": REFER | {"in_force": INTERVAL}}, facts="a")
    prints = [on(day, data).fingerprint for day in ("2024-01-01", "2024-05-31", "2024-06-01", "2024-08-31", "2024-09-01")]
    assert prints[0] == prints[1] == prints[4]
    assert prints[2] == prints[3] != prints[0]
    assert all(one.startswith("sha256:") for one in prints)


@pytest.mark.parametrize("part", ["statement", "route", "standing", "strengthening"])
def test_whatever_comes_into_force_changes_the_fingerprint(part: str) -> None:
    june = {"from": "2024-06-01"}
    entries: list[Any] = [{"when": {"a": True}, "name": "New", **({"in_force": june} if part == "route" else {})}, {"otherwise": True, "name": "Old"}]
    statements = {"statement": "TOP-r", "standing": "TOP-stand", "strengthening": "LOW-top.r", "route": "TOP-0"}
    later = {} if part == "route" else {statements[part]: {"in_force": june}}
    top = pack(
        {"r": REFER | {"cite": ["TOP-r", "TOP-more"]}},
        facts="a",
        actions="x",
        standing=[{"always": True, "actions": [{"must": "x"}], "cite": ["TOP-stand"]}],
        routes={"people": entries},
        statements={name: more for name, more in later.items() if name.startswith("TOP")},
    )
    low = pack(
        name="low",
        above="top",
        strengthens={"top/r": {"outcome": "police"}},
        statements={name: more for name, more in later.items() if name.startswith("LOW")},
    )
    assert on("2024-05-31", top, low).fingerprint != on("2024-06-01", top, low).fingerprint


def test_a_fingerprint_covers_every_pack_with_its_version_and_content() -> None:
    def printed(version: str = "1", **parts: Any) -> str:
        return on("2024-02-01", pack({"r": REFER}, facts="a", version=version), pack(name="low", above="top", **parts)).fingerprint

    assert printed() == printed()
    assert len({printed(), printed(version="2"), printed(title="Another"), printed(actions="x")}) == 4


# ----------------------------------------------------------------------------------------------------------------- validity


def test_a_policy_holds_between_the_days_on_which_a_pack_of_it_starts_or_ends() -> None:
    top = pack({"r": REFER}, facts="a", in_force={"from": "2024-01-01", "until": "2025-01-01"})
    low = pack(name="low", above="top", in_force={"from": "2024-04-01"})
    assert valid(on("2024-06-01", top, low)) == ("2024-04-01", "2025-01-01")
    assert valid(link(read(top, low))) == ("2024-04-01", "2025-01-01")  # without a day: the latest start
    assert valid(on("2024-02-01", top)) == ("2024-01-01", "2025-01-01")


def test_on_every_day_of_its_validity_a_policy_is_the_same() -> None:
    data = pack(
        {"r": REFER, "late": REFER | {"in_force": INTERVAL}},
        facts="a",
        statements={"TOP-r": {"in_force": {"from": "2024-03-01", "until": "2024-07-15"}}, "TOP-late": {"in_force": {"until": "2024-08-01"}}},
        routes={"p": [{"when": {"a": True}, "name": "N", "in_force": {"from": "2024-02-10"}}, {"otherwise": True, "name": "O"}]},
    )
    packs = read(data)
    policies = {day: link(packs, day) for day in (date(2024, month, day) for month in range(1, 10) for day in (1, 9, 10, 14, 15))}
    for day, policy in policies.items():
        start, end = policy.valid_from, policy.valid_until
        assert start is not None
        same = [other for other in policies if start <= other and (end is None or other < end)]
        assert day in same
        assert all(policies[other] == policy for other in same)
