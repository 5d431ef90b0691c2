"""Many threads deciding at once give the same bytes as one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.deciding.decide import Decider
from tests.unit.making import NUMBER, Data, engine, pack, write

THREADS = 8


def several_packs() -> list[Data]:
    facts: Data = {f"b{i}": {"type": "boolean"} | ({"applies_when": {"b0": True}} if i % 3 == 1 else {}) for i in range(8)}
    facts |= {"n": NUMBER, "c": {"type": "choice", "values": ["x", "y", "z"]}, "m": {"type": "choices", "values": ["p", "q"]}}
    rules: Data = {
        "r": {
            "when": {"all": [{"b0": True}, {"n": {"below": 13}}]},
            "outcome": "refer",
            "if_unknown": "presume_if_partly_met",
            "actions": [{"must": "x"}],
        },
        "s": {"when": {"any": [{"b2": True}, {"c": "x"}]}, "unless": {"m": {"includes": "p"}}, "outcome": "police", "actions": [{"should": "y"}]},
        "t": {"when": {"c": {"is_not": "y"}}, "outcome": "review", "actions": [{"may": "x"}]},
    }
    implications = [({"c": "z"}, {"b3": True}), ({"b5": True}, {"any": [{"b6": True}, {"n": {"above": 9}}]})]
    top = pack(rules, facts=facts, actions="x y", implications=implications)
    return [
        top,
        pack(
            {"own": {"when": {"g": True}, "outcome": "refer"}},
            name="low",
            above="top",
            facts={"g": {"type": "boolean", "applies_when": {"b0": True}}},
        ),
    ]


def some_facts(rnd: Random) -> Data:
    values: Data = {f"b{i}": [True, False] for i in range(8)} | {"g": [True, False]}
    values |= {"n": [3, 14, {"below": 13}], "c": ["x", "y", {"none_of": ["x"]}], "m": [["p"], {"only": []}]}
    return {name: rnd.choice(options) for name, options in values.items() if rnd.random() < 0.5}


@pytest.fixture(autouse=True)
def hasty_threads() -> Iterator[None]:
    """Switch between threads as often as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(work: Any) -> list[Any]:
    """Let every thread do the same work, starting together."""
    barrier = Barrier(THREADS)

    def start(_: int) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(start, range(THREADS)))


def test_threads_sharing_an_engine_give_the_bytes_of_one() -> None:
    cases = [some_facts(Random(seed)) for seed in range(60)]
    stack = several_packs()
    alone = engine(*stack)
    expected = [alone.decide(facts).model_dump_json() for facts in cases]
    assert len(set(expected)) > 50
    fresh = Decider(alone.program)  # nothing memorised yet
    shared = engine(*stack)
    for results in at_once(lambda: [shared.decide(facts).model_dump_json() for facts in cases]):
        assert results == expected
    for results in at_once(lambda: [fresh.decide(facts, date(2024, 1, 1)).model_dump_json() for facts in reversed(cases)]):
        assert list(reversed(results)) == expected


def test_threads_asking_one_decision_see_the_same() -> None:
    decision = engine(*several_packs()).decide({"b0": True})
    expected = engine(*several_packs()).decide({"b0": True}).model_dump_json()
    assert at_once(decision.model_dump_json) == [expected] * THREADS


def test_threads_loading_at_once_share_what_they_read(tmp_path: Path) -> None:
    write(tmp_path, *(data | {"pack.yaml": data["pack.yaml"] | {"status": "in_force"}} for data in several_packs()))
    first = Engine.load("low", on=date(2024, 6, 1), paths=[tmp_path])
    engines = at_once(lambda: Engine.load("low", on=date(2024, 6, 1), share=first))
    assert len({loaded.program.fingerprint for loaded in engines}) == 1
    assert len({loaded.decide({"b0": True, "n": 3}).model_dump_json() for loaded in engines}) == 1
