"""Findings as a picture for people: path, line and column, the source line, an underline, then help.

In: findings, and a function that gives the text of a file. Out: text. Promised: the underline stands under the text it means, tabs and
wide characters included; nothing a file contains can control the terminal. This module must not read files.
"""

import unicodedata
from collections.abc import Callable, Iterable

from safeguarding_rules.diagnostics.finding import Diagnostic, Span, in_order

Sources = Callable[[str], str | None]

_TAB = 4
_WIDEST = 150
_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1;36m", "place": "\x1b[1m", "margin": "\x1b[34m"}
_RESET = "\x1b[0m"


def render_text(diagnostics: Iterable[Diagnostic], sources: Sources, *, colour: bool = False) -> str:
    """Return the findings as pictures, sorted, with a blank line between them.

    `sources` gives the text of a file named in a span, or None where it cannot (then the picture has no source line).
    """
    pen = _Pen(colour=colour)
    return "\n\n".join("\n".join(_picture(diagnostic, sources, pen)) for diagnostic in in_order(diagnostics))


class _Pen:
    """Writes in colour, or not."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def __call__(self, style: str, text: str) -> str:
        return f"{_COLOURS[style]}{text}{_RESET}" if self._colour else text


def _picture(diagnostic: Diagnostic, sources: Sources, pen: _Pen) -> list[str]:
    title = f"{pen(diagnostic.severity, f'{diagnostic.severity} {diagnostic.code}')}: {visible(diagnostic.message)}"
    spans = [span for span in (diagnostic.span, *(span for _, span in diagnostic.related)) if span is not None]
    margin = max((len(str(span.line)) for span in spans), default=0)
    lines = [title]
    if diagnostic.span is not None:
        lines[0] = f"{pen('place', visible(str(diagnostic.span)))}: {title}"
        lines += _excerpt(diagnostic.span, sources, margin, pen, diagnostic.severity)
    for label, span in diagnostic.related:
        lines.append(f"{' ' * (margin + 3)}{visible(label)}: {pen('place', visible(str(span)))}")
        lines += _excerpt(span, sources, margin, pen, "note")
    if diagnostic.help is not None:
        lines.append(f"{' ' * (margin + 3)}{pen('margin', '=')} help: {visible(diagnostic.help)}")
    return lines


def _excerpt(span: Span, sources: Sources, margin: int, pen: _Pen, style: str) -> list[str]:
    text = sources(span.file)
    source_lines = [] if text is None else text.split("\n")
    if not 1 <= span.line <= len(source_lines):
        return []
    line = source_lines[span.line - 1].rstrip("\r")
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    shown, before, width = _window(line, start, end)
    bar = pen("margin", "|")
    underline = " " * before + pen(style, "^" * max(width, 1))
    number = pen("margin", str(span.line).rjust(margin + 2))
    return [f"{number} {bar} {shown}", f"{' ' * (margin + 2)} {bar} {underline}"]


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """Return the part of a line that is shown, and how wide what stands before the underline and the underline are in it."""
    first = 0 if end <= _WIDEST else max(0, start - 20)
    last = min(len(line), first + _WIDEST)
    lead, tail = ("…" if first else "", "…" if last < len(line) else "")
    shown = _flat(line[first:last])
    before = len(lead) + _width(_flat(line[first:start]))
    width = _width(_flat(line[first : min(end, last)])) + len(lead) - before
    return lead + shown + tail, before, width


def _flat(text: str) -> str:
    """Return text with tabs as spaces up to the next stop and control characters visible."""
    if text.isascii() and text.isprintable():
        return text
    flat: list[str] = []
    column = 0
    for character in text:
        piece = " " * (_TAB - column % _TAB) if character == "\t" else visible(character)
        flat.append(piece)
        column += _width(piece)
    return "".join(flat)


def visible(text: str) -> str:
    """Return text on one line in which no character can control the terminal."""
    if text.isprintable():
        return text
    return "".join(character if _harmless(character) else "\N{REPLACEMENT CHARACTER}" for character in text.replace("\n", "⏎"))


def _harmless(character: str) -> bool:
    # Cf holds the characters that turn the direction of writing; Cs are lone surrogates, which cannot be written at all.
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
