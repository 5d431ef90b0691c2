"""The facts of a case from a file or from standard input."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from safeguarding_rules.diagnostics import Diagnostic, FactsError
from safeguarding_rules.reading.case_facts import CaseFacts, case_facts
from safeguarding_rules.reading.text import LARGEST_FILE


def read_facts(name: str, standard_input: TextIO | None) -> CaseFacts:
    """Return the facts in a file, or in standard input for `-`, with what is wrong with the text. Raises FactsError where they are no mapping."""
    if name == "-":
        return case_facts(_standard_input(standard_input), "standard input", keep=True)
    try:
        with Path(name).open("rb") as stream:
            return case_facts(stream.read(LARGEST_FILE + 1), Path(name).as_posix(), keep=True)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "it is not a path").lower()
        message = f"`{name}` cannot be read: {reason}"
        raise FactsError([Diagnostic("SR101", "error", message, None, "check the path; `-` reads standard input")]) from error


def _standard_input(stream: TextIO | None) -> bytes:
    try:
        if stream is None:
            raise ValueError  # noqa: TRY301  closed by whoever started the program
        source = getattr(stream, "buffer", None)
        return stream.read(LARGEST_FILE + 1).encode("utf-8", "surrogatepass") if source is None else bytes(source.read(LARGEST_FILE + 1))
    except (OSError, ValueError) as error:
        raise FactsError([Diagnostic("SR101", "error", "standard input cannot be read", None, "give a file instead of `-`")]) from error
