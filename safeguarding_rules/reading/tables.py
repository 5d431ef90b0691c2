"""A decision table as a spreadsheet writes it, turned into what the same table says in YAML.

In: the bytes of a CSV file. Out: the data of a rules file with one table, and the place of every cell. What the cells mean is
`language/cells.py`'s business; which facts exist is linking's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from safeguarding_rules.diagnostics import Diagnostic, Span, closest
from safeguarding_rules.language.cells import CELL_HELP
from safeguarding_rules.language.words import ROW_WORDS
from safeguarding_rules.reading.csv_text import Cell, CsvText, scan
from safeguarding_rules.reading.places import Corners, Path, Place, Spans
from safeguarding_rules.reading.read_text import MOST_VALUES, YamlReading
from safeguarding_rules.reading.text import decode, start_of
from safeguarding_rules.reading.tree import nowhere

_ACTION = re.compile(
    r"(?P<modality>must[ _]not|should[ _]not|must|should|may) +(?P<action>\S+)"
    r"( +(?P<by_key>by) +(?P<by>\S+))?( +(?P<within_key>within) +(?P<within>\S+( +working +days?)?))?( +(?P<from_key>from) +(?P<from>\S+))?"
)
_ACTION_HELP = "write `must refer_to_police by dsl within immediately from known`, several separated by `|`"
_SLIP = 2  # a fact such as `outcome_known` is no slip
_REQUIRED = ("row", "because", "cite")
_START: Corners = (1, 1, 1, 2)


def read_table(content: bytes, file: str) -> YamlReading:
    """Return what the bytes of a CSV decision table hold, as data of a rules file. Never raises for any content."""
    text, problems = decode(content, file)
    name = PurePosixPath(file).stem
    reader = _Table(file, scan(text), problems)
    if text.count(",") + text.count(";") > MOST_VALUES:
        problems.append(Diagnostic("SR114", "error", "the file holds more than 150,000 values", start_of(file), "split it"))
        return YamlReading(text, None, Spans(file, Place(_START)), tuple(problems), frozenset({()}))
    data, place = reader.read()
    root = Place(_START, children={"tables": Place(_START, _START, {name: Place(_START, _START, place.children)})})
    unreadable = {("tables", name, *path) for path in reader.unreadable} if data else {()}
    return YamlReading(text, {"tables": {name: data}}, Spans(file, root), tuple(reader.problems), frozenset(unreadable))


@dataclass(slots=True)
class _Table:
    """Turns rows of cells into the data of a table."""

    file: str
    csv: CsvText
    problems: list[Diagnostic]
    unreadable: set[Path] = field(default_factory=set)
    missing: tuple[str, ...] = ()
    """Words without a column."""

    def read(self) -> tuple[dict[str, Any], Place]:
        """Return the data of the table and its place; no data where the header cannot be used."""
        if self.csv.unclosed is not None:
            line, column = self.csv.position(self.csv.unclosed)
            self._report("SR137", "the quotes that start here are not closed", (line, column, line, column + 1), "close them")
        if not self.csv.rows:
            self._report("SR115", "the file is empty", _START, "write the table, or delete the file")
            return {}, Place(_START, children={})
        header, *rows = self.csv.rows
        columns = self._columns(header)
        words = self._words(header, columns)
        facts = [(word, cell) for word, cell in zip(words, columns, strict=False) if word is not None and word not in ROW_WORDS]
        if not facts:
            return {}, Place(_START, children={})
        read = [self._row(place, row, columns, words) for place, row in enumerate(rows)]
        data = {"facts": [word for word, _ in facts], "rows": [row for row, _ in read]}
        children = {
            "facts": Place(self.csv.corners(header[0]), _START, [Place(self.csv.corners(cell)) for _, cell in facts]),
            "rows": Place(self.csv.corners(header[0]), _START, [place for _, place in read]),
        }
        return data, Place(_START, children=children)

    def _columns(self, header: tuple[Cell, ...]) -> list[Cell]:
        """Return the named columns; spreadsheets often write empty ones at the end."""
        named = len(header)
        while named and not header[named - 1].value:
            named -= 1
        return list(header[:named])

    def _words(self, header: tuple[Cell, ...], columns: list[Cell]) -> list[str | None]:
        """Return what each column is: a word, a fact, or None for one that is passed over; nothing where the header cannot be used.

        What is misspelt counts as what it looks like, and what is missing is made up, so that the rows are looked at all the same.
        """
        if len(columns) == 1 and "\t" in columns[0].value:
            help_ = "save it with commas or semicolons between the cells, or write `sep=` and a tab in a line before the first"
            self._report("SR133", "the cells are separated by tabs", self.csv.corners(header[0]), help_)
            return []
        before = len(self.problems)
        words = [self._word(cell, columns[:place]) for place, cell in enumerate(columns)]
        missing = [word for word in (*_REQUIRED, *(() if {"outcome", "actions"} & {*words} else ("outcome",))) if word not in words]
        for place, cell in enumerate(columns):
            likely = None if words[place] in (None, *ROW_WORDS) else self._likely(place, cell.value, missing, words)
            if likely is not None:
                self._report("SR203", f"unknown column `{cell.value}`", self.csv.corners(cell), f"did you mean `{likely}`?")
                missing = [word for word in missing if word != likely]
                words[place] = likely
        for word in missing:
            self._report("SR133", f"the table has no column `{word}`", self.csv.corners(header[0]), "add it to the first line")
        self.missing = tuple(missing)
        if all(word is None or word in ROW_WORDS for word in words) and len(self.problems) == before:
            self._report("SR131", "the table has no column for a fact", self.csv.corners(header[0]), "add one column per fact")
        return words

    def _likely(self, place: int, name: str, missing: list[str], words: list[str | None]) -> str | None:
        """Return the word that a column most likely is; a column of actions is told from one of a fact by its cells."""
        cells = [row[place].value for row in self.csv.rows[1:] if place < len(row)]
        acting = any(_ACTION.fullmatch(part.strip()) for cell in cells for part in re.split(r"[;|]", cell))
        absent = [word for word in ("outcome", *(["actions"] if acting else [])) if word not in words and abs(len(word) - len(name)) <= _SLIP]
        return closest(name, missing) or closest(name, absent)

    def _word(self, cell: Cell, before: list[Cell]) -> str | None:
        if not cell.value:
            self._report("SR131", "the column has no name", self.csv.corners(cell), "name it, or delete it")
            return None
        if any(cell.value == other.value for other in before):
            self._report("SR132", f"the column `{cell.value}` is there twice", self.csv.corners(cell), "rename or delete one")
            return None
        return cell.value

    def _row(self, index: int, row: tuple[Cell, ...], columns: list[Cell], words: list[str | None]) -> tuple[dict[str, Any], Place]:
        surplus = [cell for cell in row[len(columns) :] if cell.value]
        if surplus or len(row) < len(columns):
            found = f"this row has {len(row)} cells, the header {len(self.csv.rows[0])}"
            self._report("SR134", found, self.csv.corners(surplus[0] if surplus else row[0]), "put a cell that holds the separator in quotes")
            self.unreadable.add(("rows", index))
        data: dict[str, Any] = {}
        children: dict[str, Place] = {}
        for column, word, cell in zip(columns, words, row, strict=False):
            if word is not None and (cell.value or word not in ROW_WORDS):
                data[word], children[word] = self._value(word, column, cell, ("rows", index, word))
        for word in self.missing:
            data[word], children[word] = None, nowhere()
            self.unreadable.add(("rows", index, word))
        return data, Place(self.csv.corners(row[0]), None, children)

    def _value(self, word: str, column: Cell, cell: Cell, path: Path) -> tuple[Any, Place]:
        corners, key = self.csv.corners(cell), self.csv.corners(column)
        if word == "actions":
            items = [self._action(part, (*path, place)) for place, part in enumerate(_parts(cell, r"[^;|]+"))]
            return [item for item, _ in items], Place(corners, key, [place for _, place in items])
        if word == "cite":
            parts = list(_parts(cell, r"[^\s;,|]+"))
            return [part.value for part in parts], Place(corners, key, [Place(self.csv.corners(part)) for part in parts])
        if word not in ROW_WORDS and not cell.value:
            self._report("SR135", f"the cell for `{word}` is empty", corners, f"write `-` where it does not matter; {CELL_HELP}")
            self.unreadable.add(path)
        return cell.value, Place(corners, key)

    def _action(self, part: Cell, path: Path) -> tuple[dict[str, str], Place]:
        corners = self.csv.corners(part)
        found = _ACTION.fullmatch(part.value)
        if found is None:
            self._report("SR136", f"action not understood: `{part.value}`", corners, _ACTION_HELP)
            self.unreadable.add(path)
            return {}, Place(corners, children={})
        item = {found["modality"].replace(" ", "_"): found["action"]}
        children = {next(iter(item)): self._group(part, found, "action", "modality")}
        for word in ("by", "within", "from"):
            if found[word] is not None:
                item[word] = re.sub(r" +", " ", found[word])
                children[word] = self._group(part, found, word, f"{word}_key")
        return item, Place(corners, None, children)

    def _group(self, part: Cell, found: re.Match[str], value: str, key: str) -> Place:
        return Place(self.csv.corners(part.part(*found.span(value))), self.csv.corners(part.part(*found.span(key))))

    def _report(self, code: str, message: str, corners: Corners, help_: str | None = None) -> None:
        self.problems.append(Diagnostic(code, "error", message, Span(self.file, *corners), help_))


def _parts(cell: Cell, pattern: str) -> Iterator[Cell]:
    for found in re.finditer(pattern, cell.value):
        part = cell.part(*found.span())
        if part.value:
            yield part
