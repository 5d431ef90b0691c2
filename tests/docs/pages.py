"""The commands and code of README.md and docs/, run as a reader would run them.

Blocks of a page run from top to bottom in one folder that starts as a copy of the examples:

- `sh`: each line is a command that must succeed; what it prints does not matter.
- `console`: lines after `$ ` are commands; what follows is what they print. `…` alone on a line stands for any lines, within a line
  for any part of it.
- `python`: run with the blocks before it; lines of a last comment block `# prints:` are what it prints.
- `yaml file=PATH`: what the reader writes into a file. `yaml into=PATH` adds to its end.
- Any other block is only shown.

A command that a reader runs and that ends with another exit code than 0 is written with `# exit 1` behind it. `python -m tests.docs.pages`
writes what the commands print now into the `console` blocks, so that a change of wording is one command and a diff to read.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```([a-z]*)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d)$")
REST = "…"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what stands behind it, its text, and where the text lies in the page."""

    language: str
    info: str
    text: str
    line: int
    start: int
    end: int


def pages() -> list[Path]:
    """Return the pages whose blocks are run."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    for found in FENCE.finditer(text):
        yield Block(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1, found.start(3), found.end(3))


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a block, each with the lines it is said to print."""
    if block.language == "sh":
        for line in block.text.splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                yield line.strip(), [REST]
        return
    command, printed = "", list[str]()
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, printed
            command, printed = line[2:], []
        else:
            printed.append(line.rstrip())
    yield command, printed


def matches(said: list[str], printed: list[str]) -> bool:
    """Whether lines are those that a page says, `…` standing for any."""
    if not said:
        return not printed
    if said[0].strip() == REST:
        return any(matches(said[1:], printed[i:]) for i in range(len(printed) + 1))
    if not printed:
        return False
    pattern = ".*".join(re.escape(piece) for piece in said[0].split(REST))
    return re.fullmatch(pattern, printed[0]) is not None and matches(said[1:], printed[1:])


class Reader:
    """Somebody who works through one page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        shutil.copytree(ROOT / "examples", self.folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "Makefile", self.folder)
        tools = folder / "bin"
        tools.mkdir()
        program = tools / "safeguarding-rules"
        program.write_text(f"#!{sys.executable}\nimport sys\nfrom safeguarding_rules.cli.main import main\nsys.exit(main())\n")
        program.chmod(0o755)
        (tools / "python").symlink_to(sys.executable)
        path = os.pathsep.join((str(tools), str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        self.environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}
        self.names: dict[str, object] = {"__name__": "__main__"}

    def run(self, command: str) -> tuple[int, list[str]]:
        """Run a command of a page; return its exit code and what it printed. `cd` moves the reader."""
        if command.startswith("cd "):
            self.folder = next(self.folder.glob(command[3:].strip()))
            return 0, []
        done = subprocess.run(
            ["/bin/sh", "-c", EXIT.sub("", command)],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        return done.returncode, [line.rstrip() for line in done.stdout.splitlines()]

    def write(self, block: Block) -> None:
        """Write a file that the page asks its reader to write."""
        kind, _, name = block.info.partition("=")
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if kind == "into" else ""
        path.write_text(before + block.text, encoding="utf-8")

    def execute(self, block: Block, page: str) -> list[str]:
        """Run a block of Python; return what it printed."""
        printed = io.StringIO()
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile("\n" * block.line + block.text, page, "exec"), self.names)  # noqa: S102  the page's own code
        finally:
            os.chdir(before)
        return [line.rstrip() for line in printed.getvalue().splitlines()]


def said_of(block: Block) -> list[str]:
    """Return what a block of Python says that it prints."""
    _, found, after = block.text.partition("# prints:\n")
    return [line[2:].rstrip() if line.startswith("# ") else line.lstrip("#").rstrip() for line in after.splitlines()] if found else [REST]


def expected_code(command: str) -> int:
    """Return the exit code that a page says a command has."""
    found = EXIT.search(command)
    return int(found[1]) if found else 0


def refresh(page: Path) -> str:
    """Return the page with what its commands print now; blocks that still say what is printed stay as they are."""
    text = page.read_text(encoding="utf-8")
    pieces, last = [], 0
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(Path(folder))
        for block in blocks(text):
            if block.language == "yaml" and "=" in block.info:
                reader.write(block)
            elif block.language == "python":
                reader.execute(block, page.name)
            elif block.language in {"sh", "console"}:
                lines: list[str] = []
                for command, said in commands(block):
                    _, printed = (0, said) if command.startswith(OUTSIDE) else reader.run(command)
                    lines += [f"$ {command}", *(said if matches(said, printed) else printed)]
                if block.language == "console":
                    pieces += [text[last : block.start], "\n".join(lines) + "\n"]
                    last = block.end
    return "".join([*pieces, text[last:]])


OUTSIDE = ("make ", "git ", "pip ", "python -m venv", "towncrier ")
"""Commands that would make an environment, or start the tests again: `test_pages.py` checks them in other ways."""


if __name__ == "__main__":
    for one in pages():
        now = refresh(one)
        if now != one.read_text(encoding="utf-8"):
            one.write_text(now, encoding="utf-8", newline="\n")
            print(f"written: {one.relative_to(ROOT)}")
