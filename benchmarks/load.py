"""How long loading and checking take, and what they need: `python -m benchmarks.load`.

Times are processor times; those of imports, and memory, are those of fresh interpreters. Ratios are taken to what each table names.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, seconds, show
from benchmarks.packs import generated
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.linking.link import check, link
from safeguarding_rules.reading import Pack, Registry, events, pack_from_data

if TYPE_CHECKING:
    from collections.abc import Iterator

ON = date(2026, 11, 22)
DECIDE = """
from datetime import date
from safeguarding_rules import Engine
Engine.load("kscmp", on=date(2026, 11, 22)).decide({"adult_involved": True}).model_dump_json()
"""
PEAK = """
from pathlib import Path
status = Path("/proc/self/status")
print(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")) if status.exists() else 0)
"""


def main() -> None:
    """Measure and print."""
    show("Importing, in fresh processes", importing(), "an empty process")
    show("Loading the kscmp stack without its cases", loading(), "the whole, compiled parser" if events.has_compiled_parser() else "the whole")
    show("Checking generated packs (60 facts, 30 actions; 2 to 4 limbs a rule)", checking(), "500 rules")
    show("Checks that look at pairs", pairs(), "the same without pairs")


# -- fresh processes --------------------------------------------------------------------------------------------------------------


def process(code: str, rounds: int = 9) -> float:
    """Return the median processor time of a fresh interpreter that runs some code."""
    return statistics.median(_told(f"{code}\nimport time; print(time.process_time())") for _ in range(rounds))


def peak(code: str) -> float:
    """Return the peak memory, in MB, of a fresh interpreter that runs some code; 0 where the system does not say."""
    return statistics.median(_told(f"{code}\n{PEAK}") / 1024 for _ in range(3))


def _told(code: str) -> float:
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.split()[-1])


def importing() -> list[Figure]:
    """Measure imports and memory."""
    empty, door, engine, whole = (
        process("pass"),
        process("import safeguarding_rules"),
        process("from safeguarding_rules import Engine"),
        process(DECIDE, 3),
    )
    idle, used = peak("pass"), peak(DECIDE)
    return [
        Figure("an empty process", empty, "s", empty),
        Figure("import safeguarding_rules (less the empty process)", door - empty, "s", empty, 0.15),
        Figure("from safeguarding_rules import Engine (less the empty process)", engine - empty, "s", empty),
        Figure("load kscmp, decide, write JSON: whole process", whole, "s", empty),
        Figure("… its peak memory", used, "MB", idle, 120.0, f"an empty process: {idle:.0f} MB"),
    ]


# -- the shipped stack ------------------------------------------------------------------------------------------------------------


@contextmanager
def pure_parser() -> Iterator[None]:
    """Read with the pure parser, though the compiled one is installed."""
    compiled = events._COMPILED  # noqa: SLF001
    events._COMPILED = None  # noqa: SLF001
    try:
        yield
    finally:
        events._COMPILED = compiled  # noqa: SLF001


def loading() -> list[Figure]:
    """Measure reading, linking with every check, and compiling, each on its own and together."""
    registry = Registry()
    found = registry.stack(registry.in_force("kscmp", ON), ON)
    files: list[dict[str, object]] = [
        {name: content for name, content in one.location.files().contents.items() if not name.startswith("cases/") and name != "pack.lock"}
        for one in found
    ]

    def read() -> list[Pack]:
        return [pack_from_data(one) for one in files]

    def whole() -> None:
        compile_policy(link(read(), ON))

    packs = read()
    policy = link(packs, ON)
    with pure_parser():
        pure_read, pure_whole = seconds(read, 3), seconds(whole, 3)
    fast_read, fast_whole = seconds(read), seconds(whole)
    size = sum(len(content) for one in files for content in one.values() if isinstance(content, bytes)) / 1024
    lines = [
        Figure("read, pure parser", pure_read, "s", fast_whole, None, f"{size:.0f} kB of YAML"),
        Figure("read + check + compile, pure parser", pure_whole, "s", fast_whole, 1.5),
        Figure("link and check", seconds(lambda: check(packs, ON)), "s", fast_whole),
        Figure("link and check, invariants and cases too", seconds(lambda: check(packs, ON, thorough=True)), "s", fast_whole),
        Figure("compile", seconds(lambda: compile_policy(policy)), "s", fast_whole),
    ]
    if events.has_compiled_parser():
        lines[2:2] = [
            Figure("read, compiled parser", fast_read, "s", fast_whole),
            Figure("read + check + compile, compiled parser", fast_whole, "s", fast_whole, 0.5),
        ]
    return lines


# -- generated packs --------------------------------------------------------------------------------------------------------------


def checked(pack: Pack) -> None:
    """Check a generated pack; it must pass."""
    policy, found = check([pack], date(2024, 6, 1), thorough=True)
    if policy is None:
        raise PackError(found)


def checking() -> list[Figure]:
    """Measure reading, checking and compiling of growing packs."""
    lines = []
    base: dict[str, float] = {}
    for count in (500, 1000, 5000):
        files = generated(count)
        with pure_parser():
            pure = seconds(partial(pack_from_data, files), 1)
        pack = pack_from_data(files)
        policy = link([pack], date(2024, 6, 1))
        for name, taken, asked in (
            ("read, pure parser", pure, None),
            ("read", seconds(partial(pack_from_data, files), 3), None),
            ("structural checks", seconds(partial(checked, pack), 3), 20.0 if count == 5000 else None),  # noqa: PLR2004
            ("compile", seconds(partial(compile_policy, policy), 3), None),
        ):
            first = base.setdefault(name, taken)
            lines.append(Figure(f"{count} rules: {name}", taken, "s", first, asked, f"{taken / count * 1e6:.0f} µs a rule"))
    return lines


def pairs() -> list[Figure]:
    """Measure the checks whose cost is in pairs."""
    without = pack_from_data(generated(1000))
    base = seconds(partial(checked, without), 3)
    lines = [Figure("1000 rules, no opposite duties, no table", base, "s", base)]
    for opposite in (50, 100, 200, 400):
        pack = pack_from_data(generated(1000, opposite=opposite))
        taken = seconds(partial(checked, pack), 3)
        count = opposite * opposite
        note = f"{max(taken - base, 0) / count * 1e6:.1f} µs a pair"
        lines.append(Figure(f"… {opposite} that give and {opposite} that forbid one action: {count} pairs", taken, "s", base, None, note))
    for rows in (100, 200, 400):
        pack = pack_from_data(generated(1000, rows=rows))
        taken = seconds(partial(checked, pack), 3)
        count = rows * (rows - 1) // 2
        note = f"{max(taken - base, 0) / count * 1e6:.1f} µs a pair"
        lines.append(Figure(f"… and a table of {rows} rows: {count} pairs", taken, "s", base, None, note))
    return lines


if __name__ == "__main__":
    main()
