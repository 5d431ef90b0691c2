"""Columns of facts read into bits: which cells of each fact a row excludes, and which rows cannot be used.

Comes in: Arrow arrays of one batch of rows, by fact. Goes out: `Knowledge`. Promised: nothing is guessed, converted or dropped. A value that the
scalar engine would refuse marks its row, with the same words; null is unknown. Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.language.known import KnownError, known_problem, shown
from safeguarding_rules.tabular.bits import Words, every, none_of, packed, rows_in, words_for
from safeguarding_rules.worlds.space import Space, Variable

_MISSING, _BAD = 254, 255
_FEW_TEXTS = 32
_SMALL = np.iinfo(np.int8)
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of the table: the fact it is about and, of a `choices` fact with one column a value, the value."""

    column: str
    fact: str
    value: str | None = None


@dataclass
class Knowledge:
    """What a batch of rows says. `excluded`: the rows that exclude a cell, by the cell's bit position; one that is missing no row excludes."""

    rows: int
    excluded: dict[int, Words] = field(default_factory=dict)
    invalid: Words = field(default_factory=lambda: none_of(0))
    problems: dict[int, list[str]] = field(default_factory=dict)  # row -> what is wrong

    def exclude(self, cell: int, rows: Words) -> None:
        """Add rows that exclude a cell."""
        known = self.excluded.get(cell)
        self.excluded[cell] = rows if known is None else known | rows

    def refuse(self, problems: Mapping[int, Sequence[str]]) -> None:
        """Mark rows as not usable, and why."""
        mask = np.zeros(self.rows, np.bool_)
        mask[list(problems)] = True
        self.invalid |= packed(mask)
        for row, messages in problems.items():
            self.problems.setdefault(row, []).extend(messages)


def read_columns(space: Space, asked: Sequence[Asked], arrays: Mapping[str, pa.Array], rows: int) -> Knowledge:
    """Read the columns that were asked for."""
    found = Knowledge(rows, invalid=none_of(rows))
    for one in asked:
        _Reader(space, one, arrays[one.column], found).read()
    return found


class _Reader:
    """Reads one column."""

    def __init__(self, space: Space, asked: Asked, array: pa.Array, found: Knowledge) -> None:
        self.space, self.asked, self.array, self.found = space, asked, array, found
        self.spec = space.specs[asked.fact]
        if pa.types.is_dictionary(array.type) and self.spec.type != "choice":
            self.array = array.dictionary_decode()

    def read(self) -> None:
        """Add what the column says."""
        kind = self.array.type
        if pa.types.is_null(kind):
            return
        if self.asked.value is not None:
            self.boolean(self.space.variable_of(self.asked.fact, self.asked.value), FactSpec(self.asked.column, "boolean"))
            return
        match self.spec.type:
            case "boolean":
                self.boolean(self.space.variable_of(self.spec.name), self.spec)
            case "integer":
                self.integer()
            case "choice":
                self.choice()
            case "choices":
                self.choices()

    # -- one kind each ----------------------------------------------------------------------------------------------------------------

    def boolean(self, variable: Variable, spec: FactSpec) -> None:
        """A column of true and false."""
        if not pa.types.is_boolean(self.array.type):
            self.refuse_all(spec)
            return
        known = _known(self.array)
        true = _words(self.array.buffers()[1], self.array.offset, len(self.array)) & known
        for i, cell in enumerate(variable.cells):
            self.found.exclude(variable.offset + i, known ^ true if cell is True else true)

    def integer(self) -> None:
        """A column of whole numbers; a column of fractions may hold whole numbers only."""
        array, spec = self.array, self.spec
        if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
            self.refuse_all(spec)
            return
        values = array.buffers()[1]
        numbers = pa.Array.from_buffers(array.type, len(array), [None, values], 0, array.offset).to_numpy()
        known = _known(array)
        if pa.types.is_floating(array.type) or not len(numbers) or numbers.min() < spec.low or numbers.max() > spec.high:
            with np.errstate(invalid="ignore"):  # what is not a number is found wrong all the same
                fits = (numbers >= spec.low) & (numbers <= spec.high)
                if pa.types.is_floating(array.type):
                    fits &= numbers == np.floor(numbers)
            self.refuse_some(known & np.invert(packed(fits)), spec)
        elif spec.low >= _SMALL.min and spec.high <= _SMALL.max:
            numbers = numbers.astype(_SMALL.dtype, copy=False)  # comparing then takes a quarter of the time, or less
        self.cut(numbers, known)

    def cut(self, numbers: Any, known: Words) -> None:  # noqa: ANN401  numbers of any width
        """Add what numbers say that are in range, by the cells they are in."""
        first, *others = self.space.cuts[self.spec.name]
        variable = self.space.variable_of(self.spec.name)
        none = none_of(self.found.rows)
        with np.errstate(invalid="ignore"):
            reached = {first: every(self.found.rows)} | {start: packed(numbers >= start) for start in others}
        for i, cell in enumerate(variable.cells):
            inside = reached[cell[0]] ^ reached.get(cell[1] + 1, none) if isinstance(cell, tuple) else none
            self.found.exclude(variable.offset + i, known & np.invert(inside))

    def choice(self) -> None:
        """A column of texts, each one of the values."""
        if not _is_text(self.array.type):
            self.refuse_all(self.spec)
            return
        variable = self.space.variable_of(self.spec.name)
        given, known, bad = _rows_by_text(self.array, variable.cells)
        self.refuse_some(bad, self.spec)
        for i, words in enumerate(given):
            self.found.exclude(variable.offset + i, known ^ words)

    def choices(self) -> None:
        """A column of lists: what is known to be included."""
        kind = self.array.type
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
            self.refuse_all(self.spec)
            return
        members, parents = pc.list_flatten(self.array), pc.list_parent_indices(self.array).to_numpy(zero_copy_only=False)
        codes = _coded(members, self.spec.values) if _is_text(members.type) else np.full(len(members), _MISSING, np.uint8)
        wrong = np.zeros(len(self.array), np.bool_)
        wrong[parents[np.asarray(members.is_null()) | (codes >= _MISSING)]] = True
        self.refuse_some(packed(wrong), self.spec)
        for i, value in enumerate(self.spec.values):
            included = np.zeros(len(self.array), np.bool_)
            included[parents[codes == i]] = True
            variable = self.space.variable_of(self.spec.name, value)
            self.found.exclude(variable.offset + variable.cells.index(False), packed(included))

    # -- what is said of rows ---------------------------------------------------------------------------------------------------------

    def refuse_all(self, spec: FactSpec) -> None:
        """A type of column none of whose values can be used: every row that has one is refused."""
        self.refuse_some(_known(self.array), spec)

    def refuse_some(self, wrong: Words, spec: FactSpec) -> None:
        """Mark rows whose value the scalar engine would refuse, in its words."""
        rows = rows_in(wrong, len(self.array))
        if not len(rows):
            return
        known: dict[str, str] = {}
        problems: dict[int, list[str]] = {}
        for row, value in zip(rows.tolist(), self.array.take(pa.array(rows)).to_pylist(), strict=True):
            key = repr(value)
            if key not in known:
                whole = isinstance(value, float) and spec.type == "integer" and value.is_integer()
                known[key] = problem_of(spec, int(value) if whole else value)
            problems[row] = [known[key]]
        self.found.refuse(problems)


def problem_of(spec: FactSpec, value: object) -> str:
    """What is wrong with a value, on one line."""
    found = known_problem(spec, value) or KnownError("SR803", f"{shown(value)} is not of the type of the fact", "")
    return f"`{spec.name}`: {found.message}" + (f" ({found.help})" if found.help else "")


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _coded(array: pa.Array, cells: Sequence[object]) -> Codes:
    """The number of the cell of each text; `_BAD` for a text that is none, anything for null."""
    number = {cell: i for i, cell in enumerate(cells) if isinstance(cell, str)}
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.large_string()) if pa.types.is_string_view(array.type) else array
        places = pc.index_in(array, pa.array(list(number), array.type)).fill_null(len(number)).to_numpy(zero_copy_only=False)
        coded: Codes = np.array([*number.values(), _BAD], np.uint8)[places]
        return coded
    texts = array.dictionary.to_pylist()
    table = np.array([*[_MISSING if text is None else number.get(text, _BAD) for text in texts], _MISSING], np.uint8)
    # What stands under a null is anything: `clip` keeps it inside the table.
    found: Codes = np.take(table, _indices(array), mode="clip")
    return found


def _indices(array: pa.Array) -> Any:  # noqa: ANN401  numbers of any width
    """The places in the dictionary; under a null stands anything."""
    indices = array.indices
    return pa.Array.from_buffers(indices.type, len(indices), [None, indices.buffers()[1]], 0, indices.offset).to_numpy()


def _rows_by_text(array: pa.Array, cells: Sequence[object]) -> tuple[list[Words], Words, Words]:
    """For each cell the rows with its text, the rows with any text, and those with a text that is no cell."""
    rows = len(array)
    known = _known(array)
    texts = array.dictionary.to_pylist() if pa.types.is_dictionary(array.type) else None
    if texts is None or len(texts) > _FEW_TEXTS:
        codes = _coded(array, cells)
        known = known & packed(codes != _MISSING)
        return [packed(codes == i) & known for i in range(len(cells))], known, packed(codes == _BAD) & known
    number = {cell: i for i, cell in enumerate(cells) if isinstance(cell, str)}
    none = none_of(rows)
    given, bad = [none] * len(cells), none
    for text, here in zip(texts, _rows_by_place(_indices(array), known, len(texts)), strict=True):
        if text is None:
            known = known ^ here
        elif text in number:
            given[number[text]] = given[number[text]] | here
        else:
            bad = bad | here
    return given, known, bad


def _rows_by_place(places: Any, rows: Words, count: int) -> list[Words]:  # noqa: ANN401  numbers of any width
    """For each of a few numbers those of some rows that have it, if each has one of them: by the bits of the numbers, which are fewer than they."""
    found = [rows]
    places = places.astype(np.uint8, copy=False)
    for bit in reversed(range((count - 1).bit_length())):
        high = packed(places & np.uint8(1 << bit))
        split = [(words, words & high) for words in found[: -(-count >> bit + 1)]]
        found = [half for words, upper in split for half in (words ^ upper, upper)]
    return found[:count]


def _known(array: pa.Array) -> Words:
    """The rows that are not null."""
    validity = array.buffers()[0]
    return every(len(array)) if validity is None else _words(validity, array.offset, len(array))


def _words(buffer: pa.Buffer, offset: int, rows: int) -> Words:
    """The bits of an Arrow buffer from a row onwards."""
    first, words = offset // 8, words_for(rows)
    if not offset % 8 and buffer.size >= first + words * 8:
        return np.frombuffer(buffer, np.uint64, words, first)
    octets = np.frombuffer(buffer, np.uint8)
    if offset % 8:
        bits = np.unpackbits(octets[first : (offset + rows + 7) // 8], bitorder="little")[offset % 8 :]
        return packed(bits[:rows].view(np.bool_))
    found = none_of(rows)
    held = octets[first : first + (rows + 7) // 8]
    found.view(np.uint8)[: len(held)] = held
    return found
