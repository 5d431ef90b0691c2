"""Live cases: what an event costs with and without durable-rules, and whether its memory stays flat over many cases.

`python -m benchmarks.live_cases [CASES]` (20,000 by default): a small pack of its own, one process.
`python -m benchmarks.live_cases kscmp`: the shipped stack. Ratios count, not times.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from safeguarding_rules import Engine
from safeguarding_rules.casework.case import open_case
from safeguarding_rules.casework.ruleset import translate
from tests.unit import making

CASES = 20_000
STEPS = 10


class Clock:
    """A minute later with each look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the next minute."""
        self.now += timedelta(minutes=1)
        return self.now


def resident() -> int:
    """KiB of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def one_case(engine: Engine, fact: str, *, verify: bool, told: bool = False) -> float:
    """Open, learn, withdraw and forget a case, `told`: with what each event changed in words; the seconds it took."""
    started = time.perf_counter()
    with open_case(engine, "a", clock=Clock(), verify=verify) as case:
        case.open("a concern", who="a lead")
        for step in (case.learn(fact, value=True, who="a lead"), case.withdraw(fact, who="a lead")):
            assert step.problem is None, step.problem  # noqa: S101  a measure of wrong answers measures nothing
            if told:
                str(step)
    return time.perf_counter() - started


def medians(engine: Engine, fact: str) -> tuple[float, float]:
    """Medians with and without durable-rules, side by side."""
    pairs = [(one_case(engine, fact, verify=True), one_case(engine, fact, verify=False)) for _ in range(200)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def shipped() -> None:
    """What durable-rules costs for the shipped stack: once for each program, and for each event."""
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    started = time.perf_counter()
    ruleset = translate(engine.program)
    translated = time.perf_counter() - started
    started = time.perf_counter()
    one_case(engine, "adult_involved", verify=True)
    first = time.perf_counter() - started
    ways = ({"verify": True}, {"verify": False}, {"verify": False, "told": True})
    turns = [[one_case(engine, "adult_involved", **way) / 3 for way in ways] for _ in range(9)]
    durable, plain, told = (statistics.median(turn[i] for turn in turns) for i in range(3))
    print(f"kscmp: {len(engine.program.rules)} rules become {len(ruleset.rules)} of durable-rules, translated in {translated:.1f} s")
    print(f"kscmp: the first case {first:.1f} s, translation and registering included")
    print(f"kscmp: an event {plain * 1e3:.1f} ms compiled, {durable * 1e3:.0f} ms with durable-rules, {durable / plain:.0f} times")
    print(f"kscmp: with what changed in words, an event {told * 1e3:.0f} ms compiled, {told / plain:.0f} times")


def main() -> None:
    """Measure and print."""
    if sys.argv[1:] == ["kscmp"]:
        shipped()
        return
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    facts = {f"fact_{i}": making.YES_NO for i in range(10)}
    rules = {f"rule-{i}": {"when": {"all": [{f"fact_{i}": True}, {f"fact_{i + 1}": True}]}, "outcome": "refer"} for i in range(9)}
    engine, fact = making.engine(making.pack(rules, facts=facts)), "fact_0"
    one_case(engine, fact, verify=True)  # registers the ruleset
    durable, plain = medians(engine, fact)
    print(f"a case of three events: compiled {plain * 1e3:.2f} ms, with durable-rules {durable * 1e3:.2f} ms, {durable / plain:.1f} times")
    for part in range(STEPS + 1):
        print(f"{part * cases // STEPS:6} cases: {resident() / 1024:.1f} MiB")
        for _ in range(cases // STEPS if part < STEPS else 0):
            one_case(engine, fact, verify=True)


if __name__ == "__main__":
    main()
