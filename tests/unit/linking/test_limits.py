"""Packs that would run away when written out are refused, in little time and with their place."""

from __future__ import annotations

import functools
from typing import Any, cast

import pytest

from safeguarding_rules.linking.link import check
from tests.unit.making import Data, codes, pack, read

REFER: Data = {"when": {"a": True}, "outcome": "refer"}


def definitions(count: int, body: Any) -> Data:
    return {f"d{i}": body(f"d{i - 1}") if i else {"a": True} for i in range(count)}


def using(count: int, body: Any) -> Data:
    last: Any = {"when": {"defined": f"d{count - 1}"}, "outcome": "refer"}
    return pack({"r": last}, facts="a", definitions=definitions(count, body))


def nested(name: str) -> Any:
    return functools.reduce(lambda inner, _: {"not": inner}, range(40), cast(Any, {"defined": name}))


@pytest.mark.parametrize(
    ("count", "body"),
    [
        (60, lambda name: {"all": [{"defined": name}, {"not": {"defined": name}}]}),
        (700, lambda name: {"not": {"defined": name}}),
        (90, nested),
    ],
    ids=["doubled", "long", "deep"],
)
def test_definitions_of_definitions_have_their_bounds(count: int, body: Any) -> None:
    (finding,) = check(read(using(count, body)))[1]
    assert finding.code == "SR509"
    assert finding.span is not None
    assert finding.span.file == "top/rules/rules.yaml"


def layer(count: int, applies: Any) -> list[Data]:
    facts = {f"g{i}": {"type": "boolean", "applies_when": applies(f"g{i - 1}" if i else "a")} for i in range(count)}
    return [pack({"r": REFER}, facts="a"), pack({"s": {"when": {f"g{count - 1}": True}, "outcome": "refer"}}, name="low", above="top", facts=facts)]


def test_facts_that_lean_on_one_another_have_their_bounds() -> None:
    assert set(codes(*layer(60, lambda name: {"any": [{name: True}, {name: False}]}))) == {"SR509"}
    assert set(codes(*layer(300, lambda name: {name: True}))) == {"SR509"}
    assert codes(*layer(30, lambda name: {name: True})) == []


def test_ordinary_reuse_of_definitions_is_welcome() -> None:
    assert codes(using(40, lambda name: {"all": [{"defined": name}, {"a": True}]})) == []


@pytest.mark.parametrize("where", ["rule", "route", "implication"])
def test_a_condition_of_too_many_terms_is_reported_where_it_stands(where: str) -> None:
    names = [f"f{i}" for i in range(26)]
    pairs = {"any": [{"all": [{one: True}, {other: True}]} for one, other in zip(names[::2], names[1::2], strict=True)]}
    parts: Data = {"facts": " ".join(["a", *names]), "rules": {"r": REFER}}
    if where == "rule":
        parts["rules"] = {"r": REFER | {"when": {"not": pairs}}}
    elif where == "route":
        parts["routes"] = {"p": [{"when": {"not": pairs}, "name": "N"}, {"otherwise": True, "name": "O"}]}
    else:
        parts["implications"] = [({"f0": True}, {"f1": True}), ({"a": True}, pairs)]
    (finding,) = check(read(pack(**parts)))[1]
    assert finding.code == "SR509"
    assert finding.span is not None
    file = {"rule": "rules/rules", "route": "routes", "implication": "facts"}[where]
    assert finding.span.file == f"top/{file}.yaml"


def test_the_first_implication_that_excludes_every_case_is_shown() -> None:
    implications = [
        ({"a": True}, {"b": True}),
        ({"a": False}, {"b": True}),
        ({"b": True}, {"a": False}),
        ({"a": False}, {"b": False}),
        ({"b": True}, {"c": True}),
    ]
    (finding,) = check(read(pack({"r": REFER}, facts="a b c", implications=implications)))[1]
    assert finding.code == "SR508"
    assert finding.span is not None
    shown = read(pack({"r": REFER}, facts="a b c", implications=implications))[0].span("facts.yaml", ("implications", 3))
    assert finding.span == shown


def test_thousands_of_definitions_in_a_row_take_little_time() -> None:
    names = {f"d{i}": {"a": True} if i % 50 == 0 else {"all": [{"defined": f"d{i - 1}"}, {"a": True}]} for i in range(1500)}
    assert codes(pack({"r": {"when": {"defined": "d1499"}, "outcome": "refer"}}, facts="a", definitions=names)) == []
