"""Frames of every kind, taken apart into Arrow batches and put together again.

Comes in: a frame wrapped by narwhals. Goes out: the answers as a frame of the same kind, columns carried along in front. Must not know: what a policy
is. A lazy frame of polars or Spark stays lazy; a relation of duckdb is read once, batch by batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import cpu_count
from typing import Any, TypeVar

import narwhals as nw
import pyarrow as pa

from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.language.known import known_problem
from safeguarding_rules.tabular.batches import ROWS_A_BATCH, BatchDecider
from safeguarding_rules.tabular.columns import Asked, Knowledge, problem_of

Refused = dict[int, list[str]]
Decided = TypeVar("Decided")


def decide_arrow(decider: BatchDecider, table: pa.Table, asked: Sequence[Asked], refused: Mapping[int, list[str]] | None = None) -> pa.Table:
    """The answers for an Arrow table; `refused`: rows already known to be of no use, and why."""
    return pa.Table.from_batches(_in_batches(decider.decide_known, decider, table, asked, refused or {}), decider.schema)


def _in_batches(
    decide: Callable[[Knowledge], Decided], decider: BatchDecider, table: pa.Table, asked: Sequence[Asked], refused: Mapping[int, list[str]]
) -> list[Decided]:
    """Decide a table batch by batch, several at once; at least one batch."""
    batches = table.select([one.column for one in asked]).combine_chunks().to_batches(ROWS_A_BATCH) if asked else _empty_batches(table.num_rows)
    batches = batches or [pa.RecordBatch.from_pylist([], table.schema)]
    starts = [0]
    for batch in batches:
        starts.append(starts[-1] + batch.num_rows)

    def decided(at: int) -> Decided:
        start, end = starts[at], starts[at + 1]
        here = {row - start: messages for row, messages in refused.items() if start <= row < end}
        return decide(_read(decider, batches[at], asked, here))

    if len(batches) == 1:
        return [decided(0)]
    with ThreadPoolExecutor(min(len(batches), cpu_count() or 1)) as pool:
        return list(pool.map(decided, range(len(batches))))


def _read(decider: BatchDecider, batch: pa.RecordBatch, asked: Sequence[Asked], refused: Mapping[int, list[str]]) -> Knowledge:
    return decider.read(asked, {one.column: batch.column(one.column) for one in asked}, batch.num_rows, refused)


def _empty_batches(rows: int) -> list[pa.RecordBatch]:
    """Batches that say nothing of so many rows."""
    sizes = [min(ROWS_A_BATCH, rows - start) for start in range(0, rows, ROWS_A_BATCH)]
    return [pa.RecordBatch.from_arrays([pa.nulls(size)], ["nothing"]) for size in sizes]


# -- eager ----------------------------------------------------------------------------------------------------------------------------


def decide_eager(decider: BatchDecider, frame: nw.DataFrame[Any], asked: Sequence[Asked], keep: Sequence[str]) -> nw.DataFrame[Any]:
    """The answers for a frame in memory."""
    refused = Refused()
    columns = _columns(decider, frame, asked, refused)
    table = pa.table(columns) if columns else pa.table({"nothing": pa.nulls(len(frame))})
    if frame.implementation.is_polars():
        decided: nw.DataFrame[Any] = nw.from_native(_polars(decider, table, asked, refused), eager_only=True)
    else:
        decided = _native(decide_arrow(decider, table, asked, refused), frame)
    return nw.concat([frame.select(*keep), decided], how="horizontal") if keep else decided


def _columns(decider: BatchDecider, frame: nw.DataFrame[Any], asked: Sequence[Asked], refused: Refused) -> dict[str, pa.ChunkedArray | pa.Array]:
    """The columns that are asked for, as Arrow. Polars gives all of them in one step."""
    kinds = frame.schema
    found: dict[str, pa.ChunkedArray | pa.Array] = {}
    if frame.implementation.is_polars():
        plain = frame.select(*(one.column for one in asked if kinds[one.column] != nw.Object)).to_arrow()
        found = dict(zip(plain.column_names, plain.columns, strict=True))
    for one in asked:
        if kinds[one.column] == nw.Object:
            spec = decider.program.space.specs[one.fact] if one.value is None else None
            found[one.column] = _objects(frame.get_column(one.column), spec, refused)
        elif one.column not in found:
            found[one.column] = frame.get_column(one.column).to_arrow()
    return found


def _objects(series: nw.Series[Any], spec: FactSpec | None, refused: Refused) -> pa.Array:
    """A column of Python objects as Arrow. It may hold anything: each is looked at."""
    spec = spec or FactSpec(series.name, "boolean")
    values = [_plain(value) for value in series.to_list()]
    for row, value in enumerate(values):
        if value is not None and (known_problem(spec, value) is not None or isinstance(value, Mapping)):
            refused.setdefault(row, []).append(problem_of(spec, value))
            values[row] = None
    kinds = {"boolean": pa.bool_(), "integer": pa.int64(), "choice": pa.string(), "choices": pa.list_(pa.string())}
    return pa.array(values, kinds[spec.type])


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a column of objects holds
    """A value of a column of objects as Python has it; None for what pandas takes as missing."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    missing = value is None or type(value).__name__ in {"NAType", "NaTType"} or (isinstance(value, float) and value != value)  # noqa: PLR0124  NaN
    return None if missing else value


def _native(answers: pa.Table, like: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """An Arrow table as a frame of the kind of another."""
    kind = like.implementation
    if kind.is_pyarrow():
        return nw.from_native(answers, eager_only=True)
    if kind.is_pandas():
        import pandas as pd  # noqa: PLC0415  the caller has it

        found = answers.to_pandas(types_mapper=lambda one: None if pa.types.is_dictionary(one) else pd.ArrowDtype(one))
        return nw.from_native(found.set_index(nw.to_native(like).index), eager_only=True)
    return nw.from_arrow(answers, backend=kind)


def _polars(decider: BatchDecider, table: pa.Table, asked: Sequence[Asked], refused: Refused) -> Any:  # noqa: ANN401  a polars DataFrame
    """The answers for a table as a polars frame."""
    from safeguarding_rules.tabular.polars_answers import OutcomeSeries, frame_of, series_of  # noqa: PLC0415  the caller has polars

    outcomes = OutcomeSeries([outcome.name for outcome in decider.program.policy.outcomes])
    return frame_of(decider.schema, _in_batches(lambda known: series_of(decider.columns(known, outcomes)), decider, table, asked, refused))


# -- lazy -----------------------------------------------------------------------------------------------------------------------------


def decide_lazy(decider: BatchDecider, frame: nw.LazyFrame[Any], asked: Sequence[Asked], keep: Sequence[str]) -> nw.LazyFrame[Any]:
    """The answers for a frame that is not in memory."""
    wrapped: Callable[[Any], nw.LazyFrame[Any]] = nw.from_native
    kind = frame.implementation
    if kind.is_polars():
        return wrapped(_polars_lazy(decider, nw.to_native(frame), asked, keep))
    if kind.is_duckdb():
        return wrapped(_duckdb(decider, nw.to_native(frame), asked, keep))
    if kind.is_pyspark() or kind.is_pyspark_connect():
        return wrapped(_spark(decider, nw.to_native(frame), asked, keep))
    raise TypeError(f"lazy tables of {kind.name.lower()} are not supported: collect it first, or write it as Parquet for `safeguarding-rules batch`")


def _polars_lazy(decider: BatchDecider, frame: Any, asked: Sequence[Asked], keep: Sequence[str]) -> Any:  # noqa: ANN401  a polars LazyFrame
    def decided(part: Any) -> Any:  # noqa: ANN401  a polars DataFrame
        return nw.to_native(decide_eager(decider, nw.from_native(part, eager_only=True), asked, keep))

    empty = decided(frame.head(0).collect())
    return frame.map_batches(decided, predicate_pushdown=False, projection_pushdown=False, streamable=True, schema=empty.schema)


def _with_kept(decider: BatchDecider, asked: Sequence[Asked], keep: Sequence[str], batch: pa.RecordBatch) -> pa.RecordBatch:
    """One batch of answers with what is carried along in front."""
    answers = decider.decide_known(_read(decider, batch, asked, {}))
    fields = [*(batch.schema.field(name) for name in keep), *answers.schema]
    return pa.RecordBatch.from_arrays([*(batch.column(name) for name in keep), *answers.columns], schema=pa.schema(fields))


def _duckdb(decider: BatchDecider, relation: Any, asked: Sequence[Asked], keep: Sequence[str]) -> Any:  # noqa: ANN401  a duckdb relation
    reader = relation.to_arrow_reader(ROWS_A_BATCH)
    batches = [_with_kept(decider, asked, keep, batch) for batch in reader]
    fields = [*(reader.schema.field(name) for name in keep), *decider.schema]
    answers = pa.Table.from_batches(batches, pa.schema(fields))  # noqa: F841  duckdb finds it by its name
    return relation.query("asked", "select * from answers")


def _spark(decider: BatchDecider, frame: Any, asked: Sequence[Asked], keep: Sequence[str]) -> Any:  # noqa: ANN401  a Spark DataFrame
    from pyspark.sql.types import StructType  # noqa: PLC0415  the caller has it

    kept = [frame.schema[name] for name in keep]
    answers: Any = StructType.fromDDL(", ".join(f"`{field.name}` {_spark_type(field.type)}" for field in decider.schema))
    columns = list(dict.fromkeys([*keep, *(one.column for one in asked)]))
    return frame.select(*[f"`{name}`" for name in columns]).mapInArrow(
        partial(_decide_partition, decider, tuple(asked), tuple(keep)), StructType([*kept, *answers.fields])
    )


def _spark_type(kind: pa.DataType) -> str:
    if pa.types.is_struct(kind):
        return "struct<" + ", ".join(f"`{field.name}`: {_spark_type(field.type)}" for field in kind) + ">"
    if pa.types.is_list(kind):
        return f"array<{_spark_type(kind.value_type)}>"
    return "boolean" if pa.types.is_boolean(kind) else "string"


def _decide_partition(
    decider: BatchDecider, asked: Sequence[Asked], keep: Sequence[str], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """What a worker of a cluster does with its rows."""
    for batch in batches:
        yield _with_kept(decider, asked, keep, batch)
