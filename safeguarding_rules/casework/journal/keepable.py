"""Refuses names that not every database keeps, before they reach one: a file and a server refuse the same, in the same words."""

from __future__ import annotations

from safeguarding_rules.casework.canonical import keepable
from safeguarding_rules.diagnostics import Diagnostic, JournalError


def require_keepable(**texts: object) -> None:
    """Raise JournalError naming each field whose text cannot be written down, without the text."""
    message = "the `{}` of an entry holds characters that cannot be written down, or is not text"
    found = [Diagnostic("SR924", "error", message.format(name), help="type it again") for name, text in texts.items() if not keepable(text)]
    if found:
        raise JournalError(found)
