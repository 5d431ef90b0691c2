"""Run the steps of `policy.yml` on a small pack in a git repository of its own: each command line exists and works.

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
GATES = ("mutate", "diff")
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
                continue
            command = f'"{sys.executable}" -m safeguarding_rules {line}'
            done = subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=environment, text=True, capture_output=True, check=False)  # noqa: S603
            works = done.returncode == 0 or (done.returncode == 1 and name in GATES)
            failed += not works
            print(f"{name}: {'works' if works else 'FAILED'} (exit code {done.returncode}): safeguarding-rules {line}")
            if not works:
                print(done.stdout[-2000:] + done.stderr[-2000:])
        markdown = folder / "diff.md"
        print(f"diff.md: {len(markdown.read_text(encoding='utf-8').splitlines()) if markdown.exists() else 'no'} lines of Markdown to post")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
