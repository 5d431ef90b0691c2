"""Look for a stack of which a check fails: `python -m tests.properties.odd_search SECONDS SEED [CHECK…]`.

SECONDS are of processor time. Prints what was checked, and each failure with its seed; the same seed gives the same stack and the same facts. A
failure that is mended belongs into `corners.py`, made small by hand.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections import Counter

from tests.properties.odd_analyses import ANALYSES, conflicting_stack, conflicts
from tests.properties.odd_checks import CHECKS, Odd
from tests.properties.odd_places import PLACES
from tests.properties.odd_stacks import REFUSED, odd_stacks

MOST = 12


def main() -> int:
    """Check stacks until the time is over, or a dozen failures were found."""
    seconds, start = float(sys.argv[1]), int(sys.argv[2])
    checks = CHECKS | ANALYSES | PLACES
    names = sys.argv[3:] or list(checks)
    counts: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    seed = start
    if sys.argv[3:] == ["conflicts"]:
        return look_for_conflicts(seconds, start)
    for seed, stack, engine in odd_stacks(start):
        if time.process_time() > seconds or failures.total() >= MOST:
            break
        counts["stacks"] += 1
        if not counts["stacks"] % 100:
            print(f"seed {seed}: {dict(counts)}", flush=True)
        for name in names:
            before = time.process_time()
            try:
                checks[name](Odd(seed, stack, engine, random.Random(f"{seed} {name}")))
            except Exception as error:  # noqa: BLE001  a crash is a failure
                failures[name] += 1
                place = traceback.extract_tb(error.__traceback__)[-1]
                print(f"seed {seed}, {name}: {type(error).__name__} at {place.name}:{place.lineno}: {str(error)[:700]}", flush=True)
            counts[name] += 1
            counts[f"ms {name}"] += round(1000 * (time.process_time() - before))
    print(f"seeds {start} to {seed - 1}, {len(REFUSED)} refused by loading; {dict(counts)}; failures {dict(failures)}")
    return 1 if failures else 0


def look_for_conflicts(seconds: float, start: int) -> int:
    """The same of stacks in which every action is demanded and forbidden, those that are refused included."""
    counts: Counter[str] = Counter()
    failed, seed = 0, start
    while time.process_time() < seconds and failed < MOST:
        try:
            counts[conflicts(conflicting_stack(seed))] += 1
        except AssertionError as error:
            failed += 1
            print(f"seed {seed}: {error}", flush=True)
        seed += 1
    print(f"seeds {start} to {seed - 1}: {dict(counts)}, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
