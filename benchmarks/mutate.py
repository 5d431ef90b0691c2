"""How long a full run of mutation takes on the shipped packs, and what it scores: `python benchmarks/mutate.py [JOBS]`."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

from safeguarding_rules.testing.mutate import mutate
from safeguarding_rules.testing.mutate_mutants import KINDS

PACKS = Path(__file__).parent.parent / "policy_packs"
TODAY = date(2026, 11, 22)


def main(jobs: int) -> None:
    """Run on every shipped version, and print the figures."""
    started, worked = time.perf_counter(), _processor()
    result = mutate([PACKS], [], TODAY, jobs=jobs)
    seconds, worked = time.perf_counter() - started, _processor() - worked
    mutants = sum(len(pack.fates) for pack in result.packs)
    print(f"{mutants} mutants, {jobs} processes: {seconds:.0f} s (goal: under 300 s), {worked:.0f} s of processor time")
    for pack in result.packs:
        rows = [("all", pack.score()), *((kind, pack.score([kind])) for kind in KINDS)]
        for name, score in rows:
            print(f"  {pack.pack} {pack.version} {name:<14}{score.killed:>5} of {score.counted:>5} {score.percent:6.1f} % ({score.equivalent})")


def _processor() -> float:
    """Seconds of processor time of this process and of those that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
