"""The interview on the screen of a real terminal, as somebody at the other end of SSH has it: tmux shows 80 columns, and is typed into."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed (Debian: apt-get install tmux)")


class Screen:
    """A terminal with one command in it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder, self.socket = folder, f"ask-{uuid4().hex[:12]}"
        environment = ["env", "-i", "PATH=/usr/bin:/bin", "TERM=screen", "LANG=C.UTF-8", f"PYTHONPATH={ROOT}", f"HOME={folder}"]
        command = [*environment, sys.executable, "-m", "safeguarding_rules", *arguments]
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "50", "-c", str(folder), *command)
        self._tmux("set-option", "-g", "remain-on-exit", "on")

    def _tmux(self, *arguments: str) -> str:
        return subprocess.run(["tmux", "-L", self.socket, *arguments], check=True, capture_output=True, text=True).stdout

    def shown(self, *wanted: str) -> str:
        """What the screen shows, once it shows what is wanted and waits."""
        until = monotonic() + 60
        text = ""
        while monotonic() < until:
            text = self._tmux("capture-pane", "-p")
            if all(one in " ".join(text.split()) for one in wanted):
                return text
            sleep(0.1)
        raise AssertionError(text)

    def type(self, line: str, *wanted: str) -> str:
        """Type a line; clear what stood there before."""
        self._tmux("send-keys", "-R", line, "Enter")
        self._tmux("clear-history")
        return self.shown(*wanted)

    def end(self) -> None:
        self._tmux("kill-server")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    shown = Screen(tmp_path, "ask", "kscmp", "--on", "2026-11-22", "--save-facts", "facts.yaml")
    yield shown
    shown.end()


def test_an_interview_from_the_first_question_to_the_decision(screen: Screen) -> None:
    first = screen.shown("Does any of these apply?", "Life or safety in danger now", ">")
    assert max(map(len, first.splitlines())) <= 80
    assert "\x1b" not in first
    screen.type("no", "Does any of these apply?", "Suspicion of significant harm")
    screen.type("perhaps", "That was not understood")
    screen.type("1", "The outcome is settled", "stop")
    end = screen.type("q", "DSL")
    assert max(map(len, end.splitlines())) <= 80
    saved = screen.folder / "facts.yaml"
    until = monotonic() + 30
    while not saved.exists() and monotonic() < until:
        sleep(0.1)
    assert "immediate_danger: false\n" in saved.read_text(encoding="utf-8")
