"""How the cost of one decision grows with rules, facts, unknown facts and layers: `python -m benchmarks.growth [NAME…] [--quick] [--write]`.

Synthetic packs (`benchmarks/synthetic.py`); the share of unknown facts on the shipped `kscmp` stack as well. Processor time, medians of rounds.
NAME chooses what grows: rules, facts, layers, unknown. `--quick` takes smaller packs, `--rounds` says how often each is measured. `--write` writes
`docs/benchmarks/growth-NAME.json` and `.svg`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from benchmarks import report
from benchmarks.cases import complete_cases, forgetful
from benchmarks.synthetic import synthetic
from safeguarding_rules import Engine

CASES, ROUNDS = 200, 5
KNOWN = {"complete": 0.0, "30 % unknown": 0.3}
RULES, FACTS, LAYERS = (50, 200, 1000, 5000), (60, 250, 1000), (1, 2, 3, 4, 5)
ACROSS = {"rules": "rules, 60 facts", "facts": "facts, 200 rules", "layers": "layers of 200 rules in all", "unknown": "share of facts unknown, %"}
Series = dict[str, list[tuple[float, float]]]
Work = dict[str, list[tuple[int, Engine, list[dict[str, Any]]]]]


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*ACROSS, []], help="what grows (default: everything in turn)")
    parser.add_argument("--quick", action="store_true", help="without the largest packs")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"how often each is measured (default: {ROUNDS})")
    parser.add_argument("--write", action="store_true", help="write JSON and plots under docs/")
    chosen = parser.parse_args()
    for name in chosen.names or ACROSS:
        found = grown(name, chosen.rounds, quick=chosen.quick)
        for series, points in found.items():
            (_, first), *_, (size, last) = points
            print(f"{name}, {series}: {last / first:.1f} times from {points[0][0]:g} to {size:g}", flush=True)
        if chosen.write:
            report.FOLDER.mkdir(exist_ok=True)
            report.write_json(f"growth-{name}", {"name": name, "across": ACROSS[name], "series": found})
            report.lines(f"growth-{name}", ACROSS[name], found)


def grown(name: str, rounds: int, *, quick: bool) -> Series:
    """Return the cost by size of what grows."""
    if name == "rules":
        return over([(count, partial(synthetic, count, 60)) for count in (RULES[:-1] if quick else RULES)], rounds)
    if name == "facts":
        return over([(count, partial(synthetic, 200, count)) for count in (FACTS[:-1] if quick else FACTS)], rounds)
    if name == "layers":
        return over([(count, partial(synthetic, 200, 60, count)) for count in LAYERS], rounds)
    return unknown(rounds)


def over(engines: Sequence[tuple[int, Callable[[], Engine]]], rounds: int) -> Series:
    """Return the cost for each engine, by how much is known."""
    work: Work = {name: [] for name in KNOWN}
    for size, made in engines:
        engine = made()
        cases = complete_cases(engine.program, CASES)
        for name, share in KNOWN.items():
            work[name].append((size, engine, forgetful(cases, share) if share else cases))
    return costs(work, rounds)


def unknown(rounds: int) -> Series:
    """Return the cost by the share of unknown facts, in percent."""
    work: Work = {}
    for name, engine in (("kscmp", Engine.load("kscmp", on=date(2026, 11, 22))), ("200 rules, 60 facts", synthetic(200, 60))):
        cases = complete_cases(engine.program, CASES)
        work[name] = [(share, engine, forgetful(cases, share / 100)) for share in range(0, 101, 10)]
    return costs(work, rounds)


def costs(work: Work, rounds: int) -> Series:
    """Return the microseconds of a decision. All take turns, so that what disturbs the machine disturbs all alike."""
    taken: dict[tuple[str, int], list[float]] = {}
    for turn in range(rounds + 1):
        for name, points in work.items():
            for size, engine, cases in points:
                spent = once(engine, cases)
                if turn:  # the first fills what engines remember
                    taken.setdefault((name, size), []).append(spent)
    found: Series = {name: [(size, statistics.median(taken[name, size])) for size, *_ in points] for name, points in work.items()}
    for name, line in found.items():
        print(f"{name}: {', '.join(f'{size:g}: {spent:.0f}' for size, spent in line)} µs", flush=True)
    return found


def once(engine: Engine, cases: Sequence[dict[str, Any]]) -> float:
    """Return the microseconds of a decision in one round."""
    start = time.process_time()
    for case in cases:
        engine.decide(case)
    return (time.process_time() - start) / len(cases) * 1e6


if __name__ == "__main__":
    main()
