"""Constraints that name three facts and more: every row of a small policy, beside deciding it alone."""

from __future__ import annotations

import itertools
from typing import Any

import polars as pl
import pytest

from safeguarding_rules.tabular.decide_table import decide_table
from tests.properties.tables import answers_of, expected_of
from tests.unit.making import engine, pack

FACTS = "a b c d e"
RULES: dict[str, dict[str, Any]] = {
    "both": {"when": {"all": [{"a": True}, {"b": True}]}, "outcome": "refer", "if_unknown": "presume_if_partly_met"},
    "one": {"when": {"any": [{"c": False}, {"d": True}]}, "outcome": "review"},
    "most": {"when": {"all": [{"a": True}, {"d": True}, {"e": False}]}, "outcome": "police", "actions": [{"must": "act"}]},
    "other": {"when": {"all": [{"b": False}, {"e": True}]}, "outcome": "refer", "actions": [{"should": "act"}]},
}


@pytest.mark.parametrize(
    "implications",
    [
        [({"all": [{"a": True}, {"b": True}]}, {"c": True})],
        [({"all": [{"a": True}, {"b": True}]}, {"all": [{"c": True}, {"d": True}]}), ({"e": True}, {"a": True})],
        [({"a": True}, {"any": [{"b": True}, {"c": True}, {"d": True}]}), ({"all": [{"b": True}, {"c": True}]}, {"e": False})],
        [({"all": [{"a": False}, {"b": False}]}, {"any": [{"d": True}, {"e": True}]}), ({"all": [{"d": True}, {"c": True}]}, {"b": True})],
    ],
)
def test_rows_under_constraints_of_many_facts(implications: list[Any]) -> None:
    decides = engine(pack(RULES, facts=FACTS, actions="act", implications=implications))
    rows = list(itertools.product([True, False, None], repeat=5))
    names = FACTS.split()
    found = decide_table(decides, pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Boolean), orient="row"), lists=True)
    for values, row in zip(rows, found.rows(named=True), strict=True):
        facts = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        assert answers_of(row) == expected_of(decides.decide(facts)), facts
    assert found["contradicts"].any()
