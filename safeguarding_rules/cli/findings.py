"""Findings on the terminal: as pictures, on the stream they belong on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from safeguarding_rules.cli.terminal import UNUSABLE, in_colour, note
from safeguarding_rules.diagnostics import CaseError, Diagnostic, FactsError, JournalError, PackError


def pictures(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], stream: TextIO) -> str:
    """Return findings with the lines they are about, for a stream."""
    from safeguarding_rules.diagnostics.picture import render_text  # noqa: PLC0415  most commands end without a finding
    from safeguarding_rules.reading.sources import text_on_disk  # noqa: PLC0415

    return render_text(diagnostics, lambda file: texts.get(file) or text_on_disk(file), colour=in_colour(stream))


def unusable(*errors: PackError | FactsError | JournalError | CaseError) -> int:
    """Show why the input could not be used, on stderr, and return the exit code."""
    texts: dict[str, str] = {}
    for error in errors:
        texts |= error.texts
    note(pictures([diagnostic for error in errors for diagnostic in error.diagnostics], texts, sys.stderr))
    return UNUSABLE


def refused(message: str, help_: str | None = None) -> int:
    """Say in a line why the input could not be used, on stderr, and return the exit code."""
    note(f"error: {message}" + (f"\n   = help: {help_}" if help_ else ""))
    return UNUSABLE


def not_written(path: Path, error: OSError) -> int:
    """Say that a file could not be written, and return the exit code."""
    return refused(f"`{path}` cannot be written: {(error.strerror or 'unknown reason').lower()}")
