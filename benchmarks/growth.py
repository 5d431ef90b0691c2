"""How the cost of one decision grows with rules, facts, unknown facts and layers: `python -m benchmarks.growth [--quick] [--write]`.

Synthetic packs (`benchmarks/synthetic.py`); the share of unknown facts on the shipped `kscmp` stack as well. Processor time, medians of rounds.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from benchmarks import report
from benchmarks.cases import complete_cases, forgetful
from benchmarks.synthetic import synthetic
from safeguarding_rules import Engine

CASES, ROUNDS = 200, 5
KNOWN = {"complete": 0.0, "30 % unknown": 0.3}
Series = dict[str, list[tuple[float, float]]]


def main() -> None:
    """Measure, print, and write if asked."""
    quick = "--quick" in sys.argv
    rules = (50, 200, 1000) if quick else (50, 200, 1000, 5000)
    facts = (60, 250) if quick else (60, 250, 1000)
    found: dict[str, Any] = {
        "rules": over([(count, synthetic(count, 60)) for count in rules]),
        "facts": over([(count, synthetic(200, count)) for count in facts]),
        "layers": over([(count, synthetic(200, 60, count)) for count in (1, 2, 3, 4, 5)]),
        "unknown": unknown(),
    }
    first, last = (found["rules"]["complete"][i][1] for i in (0, -1))
    print(f"{rules[-1]} rules against {rules[0]}: {last / first:.1f} times, complete facts; ", end="")
    first, last = (found["rules"]["30 % unknown"][i][1] for i in (0, -1))
    print(f"{last / first:.1f} times, 30 % unknown")
    if "--write" in sys.argv:
        report.FOLDER.mkdir(exist_ok=True)
        report.write_json("growth", found)
        words = {"rules": "rules", "facts": "facts", "layers": "layers of 200 rules in all", "unknown": "share of facts unknown, %"}
        for name, across in words.items():
            report.lines(f"growth-{name}", across, found[name])


def over(engines: Sequence[tuple[int, Engine]]) -> Series:
    """Return the cost for each engine, by how much is known."""
    found: Series = {name: [] for name in KNOWN}
    for size, engine in engines:
        cases = complete_cases(engine.program, CASES)
        for name, share in KNOWN.items():
            found[name].append((size, cost(engine, forgetful(cases, share) if share else cases)))
            print(f"{size:>6} {name:<14} {found[name][-1][1]:8.1f} µs", flush=True)
    return found


def unknown() -> Series:
    """Return the cost by the share of unknown facts, in percent."""
    found: Series = {}
    for name, engine in (("kscmp", Engine.load("kscmp", on=date(2026, 11, 22))), ("200 rules, 60 facts", synthetic(200, 60))):
        cases = complete_cases(engine.program, CASES)
        found[name] = [(share, cost(engine, forgetful(cases, share / 100))) for share in range(0, 101, 10)]
        print(name, " ".join(f"{share}%: {taken:.0f}" for share, taken in found[name]), flush=True)
    return found


def cost(engine: Engine, cases: Sequence[dict[str, Any]]) -> float:
    """Return the microseconds of a decision."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for case in cases:
            engine.decide(case)
        taken.append((time.process_time() - start) / len(cases) * 1e6)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
