"""Run the steps of `policy.yml` on a small pack in a git repository of its own: each command line exists and works, and a milder pack is held back.

A step whose command this version does not have is skipped, and said to be. Exit code 0 where no step failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from safeguarding_rules.cli.main import COMMANDS

HERE = Path(__file__).parent
STEP = re.compile(r"- name: (\w+)\n(?:        if: .*\n)?        run: safeguarding-rules (.*)\n")
GATES = ("mutate",)
"""Steps that may also end with 1: the command works, and would hold the change back. The pack that `new` writes has too few cases for `mutate`."""


def steps() -> list[tuple[str, str]]:
    """The name and arguments of every step that runs `safeguarding-rules`."""
    return STEP.findall((HERE / "policy.yml").read_text(encoding="utf-8"))


def git(folder: Path, *arguments: str) -> None:
    """Run git in the folder, as nobody in particular."""
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  the reader's own git


def repository(folder: Path) -> None:
    """Make a repository with a pack, and a change to it that is not committed."""
    new = [sys.executable, "-m", "safeguarding_rules", "new", "pack", "my-area", "--extends", "ukcis", "--layer", "local", "--output", "packs"]
    subprocess.run(new, cwd=folder, check=True, capture_output=True)  # noqa: S603  this package's own command
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "A pack")
    rules = next((folder / "packs" / "my-area").glob("*/rules/*.yaml"))
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# A change.\n", encoding="utf-8")


def run(name: str, line: str, folder: Path, environment: dict[str, str], expected: tuple[int, ...]) -> bool:
    """Run one command line of the workflow in the folder, and say whether it ends as expected."""
    command = f'"{sys.executable}" -m safeguarding_rules {line}'
    done = subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=environment, text=True, capture_output=True, check=False)  # noqa: S603
    works = done.returncode in expected
    print(f"{name}: {'works' if works else 'FAILED'} (exit code {done.returncode}): safeguarding-rules {line}")
    if not works:
        print(done.stdout[-2000:] + done.stderr[-2000:])
    return works


def main() -> int:
    """Run every step and say how it went."""
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        repository(folder)
        pack = next((folder / "packs" / "my-area").iterdir())
        # The package of this checkout is found from any folder, and the variables of the workflow have values.
        environment = {**os.environ, "PACK": f"my-area/{pack.name}", "BASE": "HEAD", "PYTHONPATH": os.pathsep.join(sys.path)}
        for name, line in steps():
            if line.split()[0] not in COMMANDS:
                print(f"{name}: skipped, this version has no command `{line.split()[0]}`")
            elif not run(name, line, folder, environment, (0, 1) if name in GATES else (0,)):
                failed += 1
        markdown = folder / "diff.md"
        print(f"diff.md: {len(markdown.read_text(encoding='utf-8').splitlines()) if markdown.exists() else 'no'} lines of Markdown to post")
        failed += not held_back(pack, environment)
    return 1 if failed else 0


def held_back(pack: Path, environment: dict[str, str]) -> bool:
    """Make the pack milder, and see that `diff` ends with 1 and that what would be posted says so."""
    rules = next(pack.glob("rules/*.yaml"))
    rules.write_text(rules.read_text(encoding="utf-8").replace("{should: tell_my_area_contact", "{may: tell_my_area_contact"), encoding="utf-8")
    folder = pack.parents[2]
    (line,) = (line for name, line in steps() if name == "diff")
    works = run("a milder pack", line, folder, environment, (1,))
    return works and "becomes milder" in (folder / "diff.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
