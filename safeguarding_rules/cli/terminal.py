"""What every command shares of the terminal: exit codes, colour, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final, TextIO

DONE: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2
UNDECIDED: Final = 3

WIDTH: Final = 80


def in_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that is to be written to in colour."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str = "") -> None:
    """Write a line of what a command was asked for."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Write a line about what a command does, which is not part of what it was asked for."""
    sys.stderr.write(f"{text}\n")


def columns() -> int:
    """Return how many characters go on a line: as `COLUMNS` says, else as the terminal is wide, else 80."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and len(given) < 10 and int(given):  # noqa: PLR2004  Python reads no number of any length
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or WIDTH  # type: ignore[union-attr]  # no output is no terminal
    except (AttributeError, ValueError, OSError):
        return WIDTH


def progress() -> Callable[[str], None]:
    """Return what shows on a terminal what is at work, and nowhere else. Called with an empty text it wipes its line."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return lambda _: None

    def show(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    return show


def counted(number: int, what: str) -> str:
    """Return a number with its noun: 1 case, 2 cases."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def printable(text: str) -> str:
    """Return a line that somebody typed without what would steer the terminal."""
    return "".join(one if one.isprintable() else " " for one in text)
