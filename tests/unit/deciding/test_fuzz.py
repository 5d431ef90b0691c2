"""Nothing given as a pack raises anything but PackError, and nothing given as facts anything but FactsError. Seeds are fixed."""

from __future__ import annotations

import copy
import json
from collections import ChainMap, OrderedDict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from ruamel.yaml import YAML

from safeguarding_rules import Decision, Diagnostic, Engine, FactsError, PackError, pack_from_data
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.linking.link import check, link
from tests.packs.pipeline import GOOD
from tests.unit.making import NUMBER, Data, engine, pack

# -------------------------------------------------------------------------------------------------------------------- packs


@cache
def good(name: str) -> str:
    """A good pack as one JSON text (so that every copy is a new one)."""
    yaml = YAML(typ="safe", pure=True)
    folder = GOOD / name
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return json.dumps({name: path.read_text() if name.endswith(".csv") else yaml.load(path) for name, path in files.items()}, default=str)


WORDS = [
    "shared", "adult_involved", "recipients", "origin", "motives", "money", "tell_services", "look_at_it", "refer", "manage", "police",
    "grown_up", "one", "wider/adult-involved", "standing/always", "when_unsettled", "WID-3", "LAY-1", "nobody", "services", "known_here",
    "visits", "presume_if_partly_met", "2024-06-01", "P1D", "same_day", "below 3", "3..1", "a | b", "-", "", "\x00", "é", "x" * 300, "true",
    "null", "1", "wider", "layer", "enacted", "draft",
]  # fmt: skip
CONDITIONS: list[Any] = [
    {"always": True}, {"shared": True}, {"not": {"shared": True}}, {"all": []}, {"any": [{"age": 3}, {"age": {"above": 99}}]},
    {"defined": "grown_up"}, {"motives": {"includes_any": ["money"]}}, {"age": {"none_of": list(range(18))}},
    {"origin": {"one_of": ["made_by_child", 3]}}, {"recipients": {"below": 5}}, {"all": [{"shared": True}, {"shared": False}]},
    {"visits": {"is_not": 3}}, {"asked_at_home": False}, {"age": True}, {"shared": {"is_not": "x"}},
]  # fmt: skip
ODDITIES: list[Any] = [
    None, True, False, 0, -1, 3, 10**30, 1.5, float("nan"), float("inf"), [], {}, [[]], [None], {"": None}, {"a": {"b": {"c": []}}},
    b"bytes", (1, 2), {1, 2}, object(), Decimal(1), Fraction(1, 3), Path("x"), {3: 4}, {None: 1}, {("a", "b"): 1}, 1j, range(3), Ellipsis,
    int, "never",
]  # fmt: skip


def paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from paths(value, (*path, key))


def at(node: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


def mutated(data: Data, rnd: Random) -> Data:
    """Change something: put another value in its place, move a part from elsewhere, take it out, rename it, or write it twice."""
    places = list(paths(data))[1:]
    path = rnd.choice(places)
    parent, last = at(data, path[:-1]), path[-1]
    how = rnd.choice(["word", "word", "condition", "condition", "odd", "move", "move", "delete", "rename", "twice", "swap"])
    if how in {"word", "condition", "odd"}:
        parent[last] = copy.copy(rnd.choice({"word": WORDS, "condition": CONDITIONS, "odd": ODDITIES}[how]))
    elif how == "move":
        parent[last] = copy.deepcopy(at(data, rnd.choice(places)))
    elif how == "delete":
        del parent[last]
    elif isinstance(parent, list):
        parent.insert(rnd.randint(0, len(parent)), copy.deepcopy(parent[last]))
    elif how == "swap":
        other = rnd.choice(list(parent))
        parent[last], parent[other] = parent[other], parent[last]
    else:
        name = rnd.choice([*WORDS, f"{last}x"]) if how == "rename" else f"{last}-2"
        parent[name] = copy.deepcopy(parent[last]) if how == "twice" else parent.pop(last)
    return data


def outcome_of(stack: list[Data]) -> str:
    """What becomes of a stack: the kind of its end, or an exception that nobody should see."""
    try:
        packs = [pack_from_data(data) for data in stack]
        check(packs, thorough=True)
        program = compile_policy(link(packs))
    except PackError as error:
        return "refused" if error.diagnostics and str(error) else "says nothing"
    loaded = Engine.from_packs(packs)
    assert program.fingerprint == loaded.program.fingerprint
    loaded.decide({}).model_dump_json()
    return "loaded"


@pytest.mark.parametrize("start", range(0, 160, 40))
def test_no_data_given_as_packs_raises_anything_but_a_pack_error(start: int) -> None:
    ends = []
    for seed in range(start, start + 40):
        rnd = Random(seed)
        stack: list[Data] = [json.loads(good(name)) for name in (["minimal"], ["wider"], ["wider", "layer"], ["wider", "layer"])[seed % 4]]
        for _ in range(rnd.choice([1, 1, 2, 4])):
            mutated(rnd.choice(stack), rnd)
        try:
            ends.append(outcome_of(stack))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    assert {"refused", "loaded"} == set(ends)


@pytest.mark.parametrize("odd", ODDITIES, ids=[f"{place}-{type(odd).__name__}" for place, odd in enumerate(ODDITIES)])
def test_anything_at_all_as_a_file_is_refused(odd: Any) -> None:
    for file in ("pack.yaml", "facts.yaml", "rules/one.yaml", "cases/cases.yaml"):
        data: Data = json.loads(good("wider"))
        data[file] = odd
        assert outcome_of([data]) in {"refused", "loaded"}


# -------------------------------------------------------------------------------------------------------------------- facts


class Colour(Enum):
    RED = "x"


class Number(IntEnum):
    THREE = 3


class Text(str):
    __slots__ = ()


class Strange(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, inner: Mapping[Any, Any]) -> None:
        self.inner = inner

    def __getitem__(self, key: str) -> Any:
        return self.inner[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
LOOP: dict[str, Any] = {}
LOOP["one_of"] = LOOP
FACTS: Data = {
    "a": {"type": "boolean"},
    "n": NUMBER | {"applies_when": {"a": True}},
    "c": {"type": "choice", "values": ["x", "y", "z"]},
    "m": {"type": "choices", "values": ["p", "q"]},
}
VALID: Data = {
    "a": [True, False, None, {"is_not": True}],
    "n": [3, 14, {"below": 5}, {"none_of": [1, 2]}, {"below": 0}],
    "c": ["x", "y", {"one_of": ("x", "z")}, {"is_not": "x"}],
    "m": [["p"], [], {"only": []}, {"excludes": "p"}],
}
NAMES: list[Any] = [
    *FACTS,
    *FACTS,
    *FACTS,
    "A",
    "",
    " a",
    "a ",
    "aa",
    "x" * 500,
    "\ud800",
    3,
    None,
    True,
    1.5,
    ("a",),
    b"a",
    NOT_APPLICABLE,
    Colour.RED,
    Text("a"),
]
SAID: list[Any] = [
    *ODDITIES, 3, "x", "y", ["p"], ["q", "p"], {"only": ["p"]}, {"below": 3}, {"one_of": ["x"]}, {"is_not": "x"}, {"includes": "p"},
    ENDLESS, LOOP, [ENDLESS], {"one_of": ENDLESS}, {"below": LOOP}, {"only": LOOP}, {"one_of": ["x"] * 10_000}, {"none_of": [3, 3.0, True]},
    "x" * 100_000, 10**5000, -(10**5000), Colour.RED, Number.THREE, Text("x"), NOT_APPLICABLE, {"below": 10**5000}, {"below": float("nan")},
    {"is_not": None}, {b"below": 3}, {"excludes": "p"}, {"\ud800": 1}, "\ud800", ["p"] * 10_000, {"only": ("p", "q")}, {"only": {"p"}},
    iter([]), (word for word in ["p"]), lambda: True, {"below": 3, "above": 1}, {"one_of": []}, {"only": []},
]  # fmt: skip


def test_no_mapping_given_as_facts_raises_anything_but_a_facts_error() -> None:
    loaded = engine(
        pack({"r": {"when": {"all": [{"a": True}, {"n": {"below": 9}}]}, "outcome": "refer"}}, facts=FACTS, implications=[({"c": "x"}, {"a": False})])
    )
    rnd = Random(7)
    decided = contradicting = 0
    for _ in range(3000):
        facts: Any = {name: rnd.choice(said) for name, said in VALID.items() if rnd.random() < 0.6}
        facts |= {rnd.choice(NAMES): rnd.choice(SAID) for _ in range(rnd.choice([0, 1, 1, 2]))}
        shape = rnd.choice([dict, dict, MappingProxyType, ChainMap, OrderedDict, Strange])
        refusal, decision = asked_of(loaded, shape(facts))
        if decision is None:
            assert refusal
            assert all(len(found.message) < 300 for found in refusal)
            continue
        assert_whole(decision)
        decided += 1
        contradicting += decision.contradiction is not None
    assert decided > 300
    assert contradicting > 3


def asked_of(loaded: Engine, facts: Any) -> tuple[tuple[Diagnostic, ...], Decision | None]:
    try:
        return (), loaded.decide(facts)
    except FactsError as error:
        return error.diagnostics, None


def assert_whole(decision: Decision) -> None:
    assert decision.model_dump_json()
    assert decision.citations


@pytest.mark.parametrize("facts", [*ODDITIES, "a", ["a"], ENDLESS, Text("a"), NOT_APPLICABLE, iter([])], ids=lambda value: type(value).__name__)
def test_what_is_no_mapping_is_no_facts(facts: Any) -> None:
    loaded = engine(pack({"r": {"when": {"a": True}, "outcome": "refer"}}, facts=FACTS))
    if isinstance(facts, Mapping) and not facts:
        assert_whole(loaded.decide(facts))
        return
    with pytest.raises(FactsError):
        loaded.decide(facts)
