"""Answers as polars frames, made from bits without a copy wherever polars keeps bits too.

Comes in: the answers for batches, or Arrow tables of answers. Goes out: polars frames, outcomes as an Enum in the order of the scale. Must not know:
what a policy is. Needs polars, which whoever asks for such a frame has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa


class OutcomeSeries:
    """Makes series of outcomes, given for each rank from 1 which rows have at least that: a choice between two values a rank."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names of the scale."""
        scale = pl.Enum(names)
        self._least, *self._higher = (pl.Series([name], dtype=scale) for name in names)
        self._none = pl.Series([None], dtype=scale)

    def __call__(self, at_least: Sequence[pa.Array], rows: int, none: pa.Array | None) -> pl.Series:
        """The series for so many rows; `none`: those that have no outcome."""
        found = self._least.new_from_index(0, rows)
        for value, held in zip(self._higher, at_least, strict=True):
            found = value.zip_with(pl.Series(held), found)
        return found if none is None else self._none.zip_with(pl.Series(none), found)


def series_of(columns: Sequence[Any]) -> list[Any]:
    """Columns of answers as series. Texts of which there is none stay as they are: polars would write down how long each is."""
    return [one if isinstance(one, pa.Array) and _is_empty(one) else pl.Series(one) for one in columns]


def _is_empty(column: pa.Array) -> bool:
    return bool(pa.types.is_string(column.type) and column.null_count == len(column))


def frame_of(schema: pa.Schema, batches: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """One frame of the columns of several batches, as `series_of` gives them."""
    columns: list[Any] = []
    for at, field in enumerate(schema):
        pieces = [batch[at] for batch in batches]
        if all(isinstance(piece, pa.Array) for piece in pieces):
            columns.append(pl.lit(None, pl.String).alias(field.name))
        else:
            series = [pl.Series(piece) if isinstance(piece, pa.Array) else piece for piece in pieces]
            columns.append(pl.concat(series, rechunk=False).alias(field.name))
    return pl.select(*columns)


def polars_frame(answers: pa.Table, outcomes: Sequence[str]) -> pl.DataFrame:
    """Answers in an Arrow table as a polars frame."""
    columns: list[Any] = []
    for field in answers.schema:
        column = answers.column(field.name)
        if pa.types.is_dictionary(field.type):
            pieces = [pl.Series(chunk.indices.cast(pa.uint8())) for chunk in column.chunks]
            ranks = pl.concat(pieces) if pieces else pl.Series([], dtype=pl.UInt8)
            columns.append(ranks.cat.to(pl.Enum(outcomes)).alias(field.name))
        elif field.name == "error" and column.null_count == len(column):
            columns.append(pl.lit(None, pl.String).alias(field.name))
        else:
            columns.append(pl.Series(field.name, column))
    return pl.select(*columns)
