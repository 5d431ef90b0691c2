"""What every command shares of the terminal: exit codes, colour, findings on the right stream, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from safeguarding_rules.diagnostics import Diagnostic, FactsError, PackError

DONE: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2

WIDTH: Final = 80


def in_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that is to be written to in colour."""
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def say(text: str = "") -> None:
    """Write a line of what a command was asked for."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Write a line about what a command does, which is not part of what it was asked for."""
    sys.stderr.write(f"{text}\n")


def unusable(*errors: PackError | FactsError) -> int:
    """Show why the input could not be used, on stderr, and return the exit code."""
    texts: dict[str, str] = {}
    for error in errors:
        texts |= error.texts
    note(pictures([diagnostic for error in errors for diagnostic in error.diagnostics], texts, sys.stderr))
    return UNUSABLE


def pictures(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], stream: TextIO) -> str:
    """Return findings with the lines they are about."""
    from safeguarding_rules.diagnostics import render_text  # noqa: PLC0415  nothing is loaded before it is needed
    from safeguarding_rules.reading.sources import text_on_disk  # noqa: PLC0415

    return render_text(diagnostics, lambda file: texts.get(file) or text_on_disk(file), colour=in_colour(stream))


def progress() -> Callable[[str], None]:
    """Return what shows on a terminal what is at work, and nowhere else. Called with an empty text it wipes its line."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return lambda _: None

    def show(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    return show
