"""Plain text of 80 columns: paragraphs, headings, items that hang under their marker. No colour codes, no tabs.

Comes in: finished phrases. Goes out: one text. Must not know: what the phrases say. A single unbroken token (an address) may be wider than the page.
"""

from __future__ import annotations

import re
from textwrap import wrap

WIDTH = 80
UNBROKEN = "\u00a0"  # a space at which no line breaks
_SPACES = re.compile(r"[ \t\r\n]+")


class Page:
    """Collects lines."""

    def __init__(self, width: int = WIDTH) -> None:
        self._width = width
        self._lines: list[str] = []

    def blank(self) -> None:
        """One empty line, never two."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def title(self, text: str) -> None:
        """The title of the page, underlined."""
        self.paragraph(text)
        self._lines.append("=" * min(self._width, max(len(line) for line in self._lines)))

    def heading(self, text: str) -> None:
        """A heading, set off from what stands before it and underlined."""
        self.blank()
        self.paragraph(text)
        self._lines.append("-" * len(self._lines[-1]))

    def label(self, text: str) -> None:
        """A heading on one line, in capitals."""
        self.blank()
        self.paragraph(text.upper())

    def paragraph(self, text: str, indent: int = 0) -> None:
        """A paragraph."""
        self.item("", text, indent)

    def item(self, marker: str, text: str, indent: int = 0, hang: int | None = None) -> None:
        """A marker with text that hangs under its own first word; `hang` is the column of the text."""
        start = " " * indent + marker
        start = start.ljust(max(hang or indent, len(start) + 1 if marker else 0))
        words = " ".join(_SPACES.split(text.strip()))
        further = " " * len(start)
        lines = wrap(words, self._width, initial_indent=start, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
        self._lines += lines or [start.rstrip()]

    def text(self) -> str:
        """The page, ending in a line break."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines).replace(UNBROKEN, " ") + "\n"
