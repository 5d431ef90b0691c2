from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from safeguarding_rules.cli.watching import changes, look
from tests.packs.pipeline import GOOD
from tests.unit.cli.command import Command


class Steps:
    """Stands in for the clock: each wait does the next thing, and the last one ends the watching."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self._steps = list(steps)

    def __call__(self, _seconds: float) -> None:
        if not self._steps:
            raise KeyboardInterrupt
        self._steps.pop(0)()


def nothing() -> None:
    pass


def seen_by(folder: Path, *steps: Callable[[], object]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    try:
        found.extend(tuple(path.name for path in paths) for paths in changes([folder], look([folder]), Steps(*steps)))
    except KeyboardInterrupt:
        return found
    raise AssertionError("watching never ends by itself")


def test_new_changed_and_removed_files_are_noticed(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("a: 1")
    assert seen_by(tmp_path, nothing, nothing) == []
    assert seen_by(tmp_path, lambda: two.write_text("b: 1"), nothing) == [("two.yaml",)]
    assert seen_by(tmp_path, lambda: one.write_text("a: 1 # longer"), nothing) == [("one.yaml",)]
    assert seen_by(tmp_path, two.unlink, nothing) == [("two.yaml",)]


def test_a_change_that_keeps_the_size_is_noticed(tmp_path: Path) -> None:
    one = tmp_path / "one.yaml"
    one.write_text("a: 1")
    os.utime(one, ns=(1, 1))
    assert seen_by(tmp_path, lambda: one.write_text("a: 2"), nothing) == [("one.yaml",)]


def test_files_written_one_after_the_other_are_told_together(tmp_path: Path) -> None:
    assert seen_by(tmp_path, (tmp_path / "a").touch, (tmp_path / "b").touch, nothing) == [("a", "b")]


def test_hidden_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert seen_by(tmp_path, (tmp_path / ".git" / "index").touch, nothing) == []


def test_check_again_at_every_change(command: Command) -> None:
    """The real command, in a process of its own: breaking a file shows the finding, mending it ends it."""
    path = command.pack()
    file = command.folder / path / "rules" / "referral.yaml"
    whole = (GOOD / "minimal" / "rules" / "referral.yaml").read_text(encoding="utf-8")
    program = "import sys; from safeguarding_rules.cli.main import main; sys.exit(main())"
    arguments = [sys.executable, "-u", "-c", program, "check", "--watch", path]
    with subprocess.Popen(arguments, cwd=command.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert next(lines) == "minimal 2024.1: nothing found\n"
        assert any(line.startswith("waiting for changes") for line in lines)
        file.write_text(whole.replace("outcome: refer", "outcome: refr", 1), encoding="utf-8")
        assert any("unknown outcome `refr`" in line for line in lines)
        assert any(line.startswith("minimal 2024.1: 1 error") for line in lines)
        file.write_text(whole, encoding="utf-8")
        assert any(line == "minimal 2024.1: nothing found\n" for line in lines)
        assert any(line.startswith("waiting for changes") for line in lines)
        for number in range(5):
            (file.parent / f"note{number}.txt").touch()
        assert any(line.endswith(" and 2 more files\n") for line in lines)
        assert any(line.startswith("waiting for changes") for line in lines)
        for number in range(5):
            (file.parent / f"note{number}.txt").unlink()
        assert any(line == "minimal 2024.1: nothing found\n" for line in lines)
        assert any(line.startswith("waiting for changes") for line in lines)  # before that, it has not come to a result
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
