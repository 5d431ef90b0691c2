"""CSV as spreadsheets write it, with the place of every cell.

In: text with `,` or `;` between cells, quotes where needed. Out: rows of cells that know where each of their characters stands.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from safeguarding_rules.reading.places import Corners

_SAID = re.compile(r'"?sep=([,;\t])"? *')


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without surrounding spaces; `offsets` are the positions in the text of its characters, and of what follows the last one."""

    value: str
    offsets: Sequence[int]

    def part(self, start: int, end: int) -> "Cell":
        """Return a part of the cell without surrounding spaces."""
        value = self.value[start:end]
        lead = len(value) - len(value.lstrip())
        stop = start + len(value.rstrip()) if value.strip() else start + lead
        return Cell(self.value[start + lead : stop], self.offsets[start + lead : stop + 1])


@dataclass(frozen=True, slots=True)
class CsvText:
    """The rows of a text, its empty lines left out."""

    rows: tuple[tuple[Cell, ...], ...]
    starts: tuple[int, ...]
    unclosed: int | None
    """The position of a quote that is never closed."""

    def corners(self, cell: Cell) -> Corners:
        """Return where a cell stands; an empty one has the width of one character."""
        line, column = self.position(cell.offsets[0])
        end_line, end_column = self.position(cell.offsets[-1])
        return line, column, end_line, max(end_column, column + 1) if line == end_line else end_column

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a position in the text, 1-based."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def scan(text: str) -> CsvText:
    """Return the cells of a CSV text."""
    header = text.split("\n", 1)[0]
    # Spreadsheets write `sep=;` in a line of its own to say what separates the cells.
    said = _SAID.fullmatch(header)
    separator = said[1] if said is not None else ";" if header.count(";") >= header.count(",") and ";" in header else ","
    starts = (0, *(place + 1 for place, character in enumerate(text) if character == "\n"))
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    position, unclosed = 0 if said is None else len(header) + 1, None
    while position < len(text) or row:
        cell, position, unclosed = _cell(text, position, separator)
        row.append(cell)
        at_end = position >= len(text)
        if at_end or text[position] == "\n":
            if any(found.value for found in row):
                rows.append(tuple(row))
            row = []
        if at_end:
            break
        position += 1
    return CsvText(tuple(rows), starts, unclosed)


def _cell(text: str, position: int, separator: str) -> tuple[Cell, int, int | None]:
    """Return the cell that starts at a position, the position of what ends it, and that of a quote that is never closed."""
    if text.startswith('"', position):
        return _quoted(text, position, separator)
    end = position
    while end < len(text) and text[end] not in (separator, "\n"):
        end += 1
    raw = Cell(text[position:end], range(position, end + 1))
    return raw.part(0, end - position), end, None


def _quoted(text: str, position: int, separator: str) -> tuple[Cell, int, int | None]:
    characters: list[str] = []
    offsets: list[int] = []
    quoted, at = True, position + 1
    while at < len(text) and (quoted or text[at] not in (separator, "\n")):
        if quoted and text[at] == '"':
            if text.startswith('""', at):
                characters.append('"')
                offsets.append(at)
                at += 1
            else:
                quoted = False
        else:
            characters.append(text[at])
            offsets.append(at)
        at += 1
    end = offsets[-1] + 1 if offsets else position
    cell = Cell("".join(characters), (*offsets, end))
    return cell.part(0, len(characters)), at, position if quoted else None
