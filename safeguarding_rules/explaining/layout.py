"""Plain text of 80 columns: paragraphs, headings, items that hang under their marker. No colour codes, no tabs.

Comes in: finished phrases. Goes out: one text. Must not know: what the phrases say. A single unbroken token (an address) may be wider than the page.
"""

from __future__ import annotations

from textwrap import wrap

WIDTH = 80


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

    def paragraph(self, text: str, indent: int = 0) -> None:
        """A paragraph."""
        self.item("", text, indent)

    def item(self, marker: str, text: str, indent: int = 0, hang: int | None = None) -> None:
        """A marker with text that hangs under its own first word; `hang` is the column of the text."""
        start = " " * indent + marker
        start = start.ljust(indent + len(marker) + (1 if marker else 0) if hang is None else hang)
        self._lines += wrap(
            " ".join(text.split()), self._width, initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False, break_on_hyphens=False
        ) or [start.rstrip()]

    def text(self) -> str:
        """The page, ending in a line break."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines) + "\n"
