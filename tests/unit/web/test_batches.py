"""Batches as lists and as tables: the same results as one case after another, whichever way a case is decided."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.testing.cases import cases_of
from safeguarding_rules.testing.stacks import Stacks
from safeguarding_rules.web.api import batches
from tests.unit.web.server import Server

ON = "2026-11-22"
PACKS = Path(__file__).parents[3] / "policy_packs"
ODD: Sequence[dict[str, Any]] = (
    {"adult_involved": False, "adult_role": "pupil_18_plus"},  # a contradiction
    {"youngest_pictured_age": 1.5},
    {"youngest_pictured_age": 14.0},
    {"youngest_pictured_age": True},
    {"youngest_pictured_age": "14"},
    {"youngest_pictured_age": 10**30},
    {"youngest_pictured_age": -1},
    {"youngest_pictured_age": {"below": 13}},
    {"youngest_pictured_age": {"bellow": 13}},
    {"adult_involved": 1},
    {"adult_involved": "yes"},
    {"adult_involved": {"is_not": True}},
    {"imagery_origin": "made_by_adult"},
    {"imagery_origin": "nowhere"},
    {"imagery_origin": {"one_of": ["made_by_adult", "self_generated"]}},
    {"imagery_origin": ["made_by_adult"]},
    {"motivation": ["pressure"]},
    {"motivation": {"only": ["romantic"]}},
    {"motivation": {"only": []}},
    {"motivation": "pressure"},
    {"motivation": ["nothing"]},
    {"viewing_proposed": True, "viewing_reason": "only_way_to_decide", "viewer_role": "dsl", "headteacher_authorised_viewing": True},
)


def varied(count: int) -> list[dict[str, Any]]:
    """The shipped cases with facts forgotten by chance, and what is odd among them."""
    choose = random.Random(11)
    stacks = Stacks([PACKS])
    latest = {one.id: one for one in stacks.targets()[0]}
    shipped = [dict(case.facts) for one in latest.values() for case in cases_of(stacks.pack(one), date.fromisoformat(ON))]
    found = [
        {name: value for name, value in choose.choice(shipped).items() if choose.random() < share}
        for share in (0.02, 0.2, 0.6, 0.9, 1.0)
        for _ in range(count // 5)
    ]
    return [*found, *ODD]


def as_columns(cases: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for facts in cases for name in facts)
    return {name: [facts.get(name) for facts in cases] for name in names}


def results(server: Server, **body: Any) -> tuple[dict[str, Any], list[Any]]:
    given = server("POST", "/v1/packs/kscmp/decide-many", json={"on": ON, **body})
    assert given.status_code == 200, given.text
    told = given.json()
    return {name: told[name] for name in ("decided", "errors", "fingerprint")}, told["results"]


def test_a_table_gives_what_each_case_by_itself_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = varied(600)
    server = Server()
    as_list, as_table = results(server, cases=cases), results(server, columns=as_columns(cases))
    monkeypatch.setattr(batches, "ENOUGH_FOR_A_TABLE", 1 << 60)
    one_by_one = results(server, cases=cases)
    assert as_list == one_by_one
    assert as_table == one_by_one
    assert one_by_one[0]["errors"] > 5


def test_most_rows_are_decided_by_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared above is not one way with itself."""
    alone: list[object] = []
    own = batches.Batch._one  # noqa: SLF001

    def noted(batch: batches.Batch, facts: object) -> str:
        alone.append(facts)
        return own(batch, facts)

    monkeypatch.setattr(batches.Batch, "_one", noted)
    cases = varied(600)
    results(Server(), columns=as_columns(cases))
    assert len(alone) < len(cases) / 10


def test_without_the_extra_for_tables_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = varied(500)
    with_it = results(Server(), columns=as_columns(cases))
    monkeypatch.setattr("safeguarding_rules.web.api.policies.Policies.table", lambda *_: None)
    assert results(Server(), columns=as_columns(cases)) == with_it


def test_a_small_table_and_whole_decisions() -> None:
    server = Server()
    columns = {"adult_involved": [True, None], "contains_imagery": [None, False]}
    cases = [{"adult_involved": True}, {"contains_imagery": False}]
    for full in (False, True):
        assert results(server, columns=columns, full=full) == results(server, cases=cases, full=full)
    assert results(server, columns={})[1] == []


def test_a_name_that_no_pack_knows_is_told_in_its_place_of_a_list() -> None:
    cases = [*({"contains_imagery": True} for _ in range(500)), {"adult_involvd": True}, 3]
    told, found = results(Server(), cases=cases)
    assert told["errors"] == 2
    assert found[500]["error"][0]["help"] == "did you mean `adult_involved`?"
    assert all("outcome" in one for one in found[:500])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "`cases` is not a list of facts"),
        ({"columns": []}, "`columns` is not an object"),
        ({"columns": {"adult_involved": True}}, "`columns` is not an object"),
        ({"columns": {"adult_involved": [True], "contains_imagery": []}}, "the columns are not of one length"),
        ({"columns": {}, "cases": []}, "both given"),
        ({"columns": {"adult_involvd": [True]}}, "unknown fact `adult_involvd`"),
    ],
)
def test_a_table_that_is_none_is_refused(body: dict[str, Any], message: str) -> None:
    given = Server()("POST", "/v1/packs/kscmp/decide-many", json=body)
    assert given.status_code == 422
    assert message in json.dumps(given.json()["diagnostics"], ensure_ascii=False)


def test_a_table_may_not_be_longer_than_a_batch() -> None:
    assert Server()("POST", "/v1/packs/kscmp/decide-many", json={"columns": {"adult_involved": [None] * 10_001}}).status_code == 413
