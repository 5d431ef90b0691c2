"""A receipt of the head of a journal: how many entries there were, and the hash of the last one.

Kept elsewhere, it shows what was cut off or written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from safeguarding_rules.diagnostics import Diagnostic, JournalError

_FORM = re.compile(r"journal-receipt/1 (?P<journal>[0-9a-f]{32}) (?P<seq>[1-9][0-9]{0,17}) (?P<hash>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept elsewhere: the id of the journal, the number of its last entry, and the hash of that entry."""

    journal: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"journal-receipt/1 {self.journal} {self.seq} {self.hash}"

    @classmethod
    def read(cls, text: str) -> Receipt:
        """Read a receipt: its text, or the path of a file that holds it. Raises JournalError."""
        given = text
        if _FORM.fullmatch(text.strip()) is None:
            try:
                given = Path(text).read_text(encoding="utf-8")
            except (OSError, ValueError):
                raise _not_a_receipt(text) from None
        found = _FORM.fullmatch(given.strip())
        if found is None:
            raise _not_a_receipt(text)
        return cls(found["journal"], int(found["seq"]), found["hash"])


def _not_a_receipt(text: str) -> JournalError:
    remedy = "give the line that `safeguarding-rules journal head` printed, or a file that holds it"
    return JournalError([Diagnostic("SR910", "error", f"`{text[:80]}` is no receipt", help=remedy)])
