"""Tables in files: CSV and Parquet, read and written batch by batch.

Comes in: the path of a table. Goes out: its columns and its batches; and the other way round. Promised: a file is put in place whole or not at all; a
run that was killed leaves no more than a hidden `.NAME.part`, which the next run writes over. Errors of a file are TableError, with place and remedy.
Must not know: what the columns mean.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

SUFFIXES = (".csv", ".parquet")
BLOCK_BYTES = 8 << 20
"""How much of a CSV file is looked at at once; a line must not be longer."""
GROUPED_ROWS = 1 << 18
"""Rows of one group of a Parquet file."""
LISTED = "|"
"""What stands between several values in one cell of a CSV file."""


class TableError(Exception):
    """A file that is no table: what is wrong, and the remedy."""

    def __init__(self, message: str, help: str | None = None) -> None:  # noqa: A002  the word of the diagnostics
        super().__init__(message)
        self.message = message
        self.help = help


class TableFile(Protocol):
    """A table that can be read once, from its start."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        ...

    @property
    def rows(self) -> int | None:
        """How many rows there are, where the file says."""
        ...

    @property
    def texts(self) -> bool:
        """Whether every value is a text that has to be understood first."""
        ...

    def batches(self, columns: list[str], rows: int) -> Generator[tuple[pa.RecordBatch, float]]:
        """Some columns in batches of at most so many rows, each with the share of the file that has been read."""
        ...


def open_table(path: Path) -> TableFile:
    """Open a table. Raises TableError."""
    if path.suffix.lower() not in SUFFIXES:
        raise TableError(f"`{path}` is neither CSV nor Parquet", "the name of a table ends in .csv or .parquet")
    if not path.is_file():
        raise TableError(f"there is no file `{path}`")
    try:
        return _CsvTable(path) if path.suffix.lower() == ".csv" else _ParquetTable(path)
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        raise TableError(f"`{path}` cannot be read: {_plain(error)}") from error


class _ParquetTable:
    texts = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = pq.ParquetFile(path, pre_buffer=False)  # what is buffered ahead is kept until the file is closed
        self.columns = list(self._file.schema_arrow.names)
        self.rows: int | None = self._file.metadata.num_rows

    def batches(self, columns: list[str], rows: int) -> Generator[tuple[pa.RecordBatch, float]]:
        done, total = 0, max(1, self.rows or 0)
        try:
            if not columns:
                for start in range(0, self.rows or 0, rows):
                    size = min(rows, (self.rows or 0) - start)
                    yield pa.RecordBatch.from_arrays([pa.nulls(size)], ["nothing"]), (start + size) / total
                return
            for batch in self._file.iter_batches(rows, columns=columns):
                done += batch.num_rows
                yield batch, done / total
        except pa.ArrowException as error:
            raise TableError(f"`{self._path}` cannot be read after row {done}: {_plain(error)}") from error


class _CsvTable:
    texts = True
    rows: int | None = None

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as stream:
            head = stream.readline()
        line = head.decode("utf-8-sig").rstrip("\r\n")
        self._delimiter = ";" if line.count(";") > line.count(",") else ","
        self.columns = next(csv.reader([line], delimiter=self._delimiter), [])
        if not any(name.strip() for name in self.columns):
            raise TableError(f"`{path}` has no names of columns", "the first line of a CSV file names its columns")
        twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
        if twice:
            raise TableError(f"`{path}` has several columns `{'`, `'.join(twice)}`", "give every column a name of its own")

    def batches(self, columns: list[str], rows: int) -> Generator[tuple[pa.RecordBatch, float]]:
        size = max(1, self._path.stat().st_size)
        done = 0
        # Arrow's own file: its threads read ahead, and with a file of Python's they could be caught by the end of the process, which kills it.
        with pa.OSFile(str(self._path)) as stream:
            try:
                for batch in self._reader(stream):
                    done += batch.num_rows
                    share = min(1.0, stream.tell() / size)
                    for start in range(0, batch.num_rows, rows):
                        yield batch.slice(start, rows).select(columns or batch.schema.names[:1]), share
            except pa.ArrowException as error:
                help_ = "every line has as many cells as the first; cells with the separator in them stand in quotes; the file is UTF-8"
                raise TableError(f"`{self._path}` cannot be read after row {done}: {_plain(error)}", help_) from error

    def _reader(self, stream: object) -> Iterator[pa.RecordBatch]:
        reader = pa_csv.open_csv(
            stream,
            pa_csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
            pa_csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()), strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True
            ),
        )
        with reader:
            yield from reader


def _plain(error: Exception) -> str:
    """The first line of what a library says."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


# -- writing ---------------------------------------------------------------------------------------------------------------------------


def write_table(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], about: dict[str, str], outcomes: Sequence[str]) -> None:
    """Write batches to a table that appears under its name once all of it is there.

    `about` stands in a file that has room for it; `outcomes` is the scale that dictionaries number. Raises OSError, and what the batches raise.
    """
    part = path.with_name(f".{path.name}.part")
    write = _write_csv if path.suffix.lower() == ".csv" else _write_parquet
    try:
        with part.open("wb"):  # an error of the system has the name of the file, whoever writes it
            pass
        write(part, schema, batches, about, outcomes)
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], about: dict[str, str], outcomes: Sequence[str]) -> None:
    """Polars writes booleans several times faster than pyarrow; it takes the batches one by one."""
    from polars.io.plugins import register_io_source  # noqa: PLC0415  only Parquet needs it

    from safeguarding_rules.tabular.polars_answers import polars_frame  # noqa: PLC0415  the same

    trouble: list[BaseException] = []

    def frames(*_: object) -> Iterator[Any]:
        try:
            for batch in batches:
                yield polars_frame(pa.Table.from_batches([batch]), outcomes)
        except BaseException as error:
            trouble.append(error)
            raise

    columns = polars_frame(schema.empty_table(), outcomes).schema
    try:
        register_io_source(frames, schema=columns).sink_parquet(path, compression="zstd", row_group_size=GROUPED_ROWS, metadata=about)
    except Exception:
        if trouble:
            raise trouble[0] from None
        raise


def _write_csv(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], _about: dict[str, str], _outcomes: Sequence[str]) -> None:
    """Lists become names with `|` between them."""
    flat = pa.schema([pa.field(field.name, _flat(field.type)) for field in schema])
    with path.open("wb") as stream, pa_csv.CSVWriter(stream, flat) as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays([_flattened(column) for column in batch.columns], schema=flat))


def _flat(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_nested(kind) or pa.types.is_dictionary(kind) else kind


def _flattened(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc  # noqa: PLC0415  only CSV needs it

    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode().cast(pa.string())
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), LISTED)
    return column
