"""Apply the seeded faults one at a time to a copy of the package and see that the quick property tests find each.

`python -m tests.faults.run` runs those of the semantics (two at a time), `python -m tests.faults.run analyses` those of the analyses,
`python -m tests.faults.run tables` those of tables, and `python -m tests.faults.run NAME…` some. A fault is *found* if a test fails. One whose old
text is not in the file exactly once, or that keeps the tests from being collected, is *stale* and counts as not found. First the tests must
pass without a fault (else exit code 2). Exit code 1 unless all are found.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.faults.analyses import ANALYSES
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault
from tests.faults.tables import TABLES
from tests.properties.corners import CORNERS
from tests.properties.test_corners import judge

ROOT = Path(__file__).parents[2]
# cheapest first; every stage runs only if the one before found nothing
STAGES = (
    ["tests/properties/test_corners.py"],
    ["tests/properties/test_agreement.py"],
    ["tests/properties/test_guarantees.py", "tests/properties/test_order.py"],
)
LIMIT = 900


class Result(NamedTuple):
    """What became of one fault."""

    fault: Fault
    verdict: str
    found_by: str
    seconds: float


CONTROL = Fault("(no fault)", "safeguarding_rules/__init__.py", "", "", "nothing: the tests must pass")


def try_fault(fault: Fault) -> Result:
    """Run the property tests on a copy of the package that has the fault."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        copy = copy_project(Path(folder))
        target = copy / fault.file
        text = target.read_text(encoding="utf-8") if target.exists() else ""
        if fault.old and text.count(fault.old) != 1:
            return Result(fault, "stale", f"old text occurs {text.count(fault.old)} times", 0.0)
        target.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")
        for stage in [[path] for path in fault.tests] or STAGES:
            code, output = run_tests(copy, stage)
            failed = [line.split(" - ")[0].rsplit("::", 1)[-1] for line in output.splitlines() if line.startswith("FAILED")]
            if code == 1 and failed:
                return Result(fault, "found", failed[0], time.monotonic() - start)
            if code not in {0, 1}:
                last = output.strip().splitlines()[-1:] or [f"exit {code}"]
                return Result(fault, "stale", last[0][:100], time.monotonic() - start)
    return Result(fault, "SURVIVED", "", time.monotonic() - start)


def copy_project(folder: Path) -> Path:
    """Copy what the tests need."""
    for name in ("safeguarding_rules", "tests", "policy_packs", "schemas", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def run_tests(copy: Path, paths: list[str]) -> tuple[int, str]:
    """Run pytest in the copy with the fixed profile, stopping at the first failure."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rf", "--tb=no", "-p", "no:cacheprovider", *paths]
    environment = os.environ | {"SAFEGUARDING_RULES_PROFILE": "faults", "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return 1, "FAILED ::(did not end)"
    return done.returncode, done.stdout


def keep_judged(file: Path) -> None:
    """Ask the reference about the stacks written by hand once for all faults: none of them can change what it says."""
    file.write_bytes(pickle.dumps({name: judge(name) for name in CORNERS}))
    os.environ["SAFEGUARDING_RULES_JUDGED"] = str(file)


def main(names: list[str]) -> int:
    """Print a table and tell whether every fault was found; a name that no fault has is no run."""
    if unknown := set(names) - {"analyses", "tables"} - {fault.name for fault in (*FAULTS, *ANALYSES, *TABLES)}:
        print(f"no fault is called {', '.join(sorted(unknown))}\n\n{__doc__}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="judged-") as folder:
        keep_judged(Path(folder) / "judged")
        return run(names)


def run(names: list[str]) -> int:
    """Try faults, once what the reference says is kept."""
    sets = {(): FAULTS, ("analyses",): ANALYSES, ("tables",): TABLES}
    chosen = sets.get(tuple(names)) or [fault for fault in (*FAULTS, *ANALYSES, *TABLES) if fault.name in names]
    print(f"{'fault':38} {'verdict':9} {'seconds':>7}  found by / breaks")
    verdicts = []
    tests = {path for fault in chosen for path in fault.tests}
    control = try_fault(CONTROL._replace(tests=tuple(sorted(tests))) if all(fault.tests for fault in chosen) else CONTROL)
    print(f"{CONTROL.name:38} {'passes' if control.verdict == 'SURVIVED' else 'FAILS':9} {control.seconds:7.1f}  {control.found_by}", flush=True)
    if control.verdict != "SURVIVED":
        return 2
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(try_fault, chosen):
            verdicts.append(result.verdict)
            print(f"{result.fault.name:38} {result.verdict:9} {result.seconds:7.1f}  {result.found_by or result.fault.breaks}", flush=True)
    print(f"{verdicts.count('found')} of {len(verdicts)} found")
    return 0 if verdicts.count("found") == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
