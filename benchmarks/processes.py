"""How long a whole process takes that decides one case by a kept policy: `python -m benchmarks.processes [ROUNDS]`.

Processor time (user and system) of whole processes, with bytecode compiled and the policy kept, taken in turns. Ratios are taken to
importing pydantic.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from benchmarks.figures import Figure, show
from safeguarding_rules.cli.facts_file import read_facts

ROOT = Path(__file__).parents[1]
CASES = {
    "one fact known": {"adult_involved": True},
    "twelve and a sexual act": "vc-21-twelve-and-sexual-act",
    "a low-risk exchange": "vg-17-low-risk-exchange",
}
ASKED = 3.0


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        show("Whole processes, in turns", measured(Path(folder), rounds), "importing pydantic")


def measured(folder: Path, rounds: int) -> list[Figure]:
    """Measure what imports alone cost, and each case as JSON and as text."""
    commands = {
        "an empty process": ["-c", "pass"],
        "import pydantic": ["-c", "import pydantic"],
        "from pydantic import BaseModel": ["-c", "from pydantic import BaseModel"],
        "import safeguarding_rules": ["-c", "import safeguarding_rules"],
    }
    for name, case in CASES.items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps(known(case)))
        decide = ["-m", "safeguarding_rules", "decide", "kscmp", "--on", "2026-11-22", "--facts", str(file)]
        commands |= {f"decide, {name}, {form}": [*decide, "--format", form] for form in ("json", "text")}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):  # the first turn compiles and keeps
        for name, command in commands.items():
            spent = process(command, folder)
            taken[name] += [spent] if number else []
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = medians["import pydantic"]
    asked = {name: ASKED * base for name in commands if name.startswith("decide")}
    return [Figure(name, value, "s", base, asked.get(name), f"lowest {min(taken[name]):.4g} s") for name, value in medians.items()]


def known(case: object) -> dict[str, Any]:
    """Return the facts of a case, given as they are or as the name of an example."""
    found = read_facts(str(ROOT / "examples" / "facts" / f"{case}.yaml"), None).facts if isinstance(case, str) else case
    return cast(dict[str, Any], found)


def process(command: list[str], folder: Path) -> float:
    """Return the processor time of a fresh interpreter that is given some arguments."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "SAFEGUARDING_RULES_CACHE": str(folder / "cache")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
