"""All contests in one run: `python -m benchmarks.run [NAME…] [--quick] [--write]`.

NAME chooses modules (see `MODULES`), `--quick` takes fewer cases and rounds, `--write` writes `docs/benchmarks.md` and what lies beside it.
Each module has `contests(quick)`, which gives contests; a module whose extras are not installed says so and is passed over.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from importlib import import_module

from benchmarks import contest, report

MODULES = ("scalar", "peers", "tables")
QUICK_ROUNDS = 3


def main() -> None:
    """Run, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"modules to run: {', '.join(MODULES)}")
    parser.add_argument("--quick", action="store_true", help="fewer cases and rounds: to see that everything runs")
    parser.add_argument("--write", action="store_true", help="write the page, the JSON and the plots under docs/")
    chosen = parser.parse_args()
    results = []
    for name in chosen.names or MODULES:
        for one in import_module(f"benchmarks.{name}").contests(quick=chosen.quick):
            result = contest.run(replace(one, rounds=QUICK_ROUNDS) if chosen.quick else one)
            print(report.show(result), flush=True)
            results.append(result)
    if chosen.write:
        report.write(results)


if __name__ == "__main__":
    main()
