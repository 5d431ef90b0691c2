"""One decision at a time on the shipped `kscmp` stack: ours by share of unknown facts, beside a hand-written if/elif of the same rules.

Many distinct cases take turns, so nothing is answered from a cache of results.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from benchmarks.cases import complete_cases, forgetful
from benchmarks.contest import Contest, Contestant
from safeguarding_rules import Engine

COUNT, FEW = 10_000, 1_000
SHARES = (0.3, 0.5)


def contests(*, quick: bool) -> Iterator[Contest]:
    """The contests of this module."""
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    cases = complete_cases(engine.program, FEW if quick else COUNT)
    found = [_ours(engine, "decide, complete facts", cases)]
    found += [_ours(engine, f"decide, {share:.0%} unknown", forgetful(cases, share)) for share in SHARES]
    yield Contest("decide-kscmp", "One decision, kscmp stack", "decision", "decide, complete facts", found)


def _ours(engine: Engine, name: str, cases: list[dict[str, object]]) -> Contestant:
    def work() -> None:
        decide = engine.decide
        for case in cases:
            decide(case)

    return Contestant(name, work, len(cases))
