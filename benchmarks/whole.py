"""Whole decisions on the shipped `kscmp` stack: texts, reasons, questions and JSON, by share of unknown facts, and of the shipped cases.

`python -m benchmarks.whole [CASES [ROUNDS]]` (400 cases, 3 rounds by default). Distinct cases take turns, so nothing is answered from a cache of
results; each case counts with its fastest round, in processor time. `decide` stands beside it, so that what is told is a ratio, too.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from benchmarks.cases import complete_cases, forgetful
from benchmarks.http import different_cases
from safeguarding_rules import Engine

CASES, ROUNDS = 400, 3
SHARES = (0.0, 0.3, 0.6, 0.9)
Facts = Mapping[str, Any]


def taken(engine: Engine, cases: Sequence[Facts], rounds: int) -> tuple[list[float], list[float]]:
    """Per case the least seconds of processor time: to decide it, and to make its whole document besides."""
    deciding, writing = [float("inf")] * len(cases), [float("inf")] * len(cases)
    for _ in range(rounds):
        for i, facts in enumerate(cases):
            start = time.process_time()
            decision = engine.decide(facts)
            decided = time.process_time()
            decision.model_dump_json()
            deciding[i] = min(deciding[i], decided - start)
            writing[i] = min(writing[i], time.process_time() - start)
    return deciding, writing


def main() -> None:
    """Measure and print."""
    count, rounds = (int(given) for given in (*sys.argv[1:], *(str(one) for one in (CASES, ROUNDS)[len(sys.argv) - 1 :])))
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    complete = complete_cases(engine.program, count)
    named: dict[str, Sequence[Facts]] = {f"{share:.0%} unknown" if share else "complete": forgetful(complete, share) for share in SHARES}
    for name, cases in {**named, "shipped cases": different_cases(count)}.items():
        deciding, writing = taken(engine, cases, rounds)
        mean, middle, decided = (1e6 * value for value in (statistics.mean(writing), statistics.median(writing), statistics.mean(deciding)))
        print(f"{name}: {mean:.0f} µs a whole document (median {middle:.0f}), {decided:.0f} µs to decide, {mean / decided:.1f} times", flush=True)


if __name__ == "__main__":
    main()
