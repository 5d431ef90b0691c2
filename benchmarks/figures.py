"""Figures as a table: what was measured, the figure asked for, and ratios.

Nothing here is a test: times depend on the machine, ratios much less.
"""

from __future__ import annotations

import gc
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of a table. `base` is what the ratio is taken to; `asked` the figure of the issue, in the same unit."""

    name: str
    value: float
    unit: str
    base: float | None = None
    asked: float | None = None
    note: str = ""


def seconds(work: Callable[[], Any], rounds: int = 5) -> float:
    """Return the median processor time of a piece of work, which other work on the machine disturbs least."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def each(work: Callable[[Any], Any], items: Sequence[Any]) -> list[float]:
    """Return the sorted times, in microseconds, of a piece of work on each of some items."""
    taken = []
    for item in items:
        start = time.perf_counter()
        work(item)
        taken.append((time.perf_counter() - start) * 1e6)
    return sorted(taken)


def quantile(taken: Sequence[float], share: float) -> float:
    """Return the time that `share` of the sorted times stay under."""
    return taken[min(int(share * len(taken)), len(taken) - 1)]


def show(title: str, figures: Iterable[Figure], base: str) -> None:
    """Print a table; `base` says what the ratios are taken to."""
    rows = [["", "measured", f"ratio to {base}", "asked", "measured/asked", ""]]
    for one in figures:
        ratio = "" if not one.base else f"{one.value / one.base:.2f}"
        asked = "" if one.asked is None else f"{one.asked:g} {one.unit}"
        share = "" if one.asked is None else f"{one.value / one.asked:.2f}"
        rows.append([one.name, f"{one.value:.4g} {one.unit}", ratio, asked, share, one.note])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    print(f"\n{title}  (Python {platform.python_version()}, {sys.platform})")
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) if i in (0, len(row) - 1) else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("-" * (sum(widths) + 2 * len(widths) - 2))
