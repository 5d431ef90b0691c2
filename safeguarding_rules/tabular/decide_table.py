"""Decide every row of a table, whatever kind of table it is.

Comes in: an engine and a frame whose columns are facts: polars (eager or lazy), pandas, pyarrow, duckdb or pyspark. Goes out: a frame of the same
kind, a row for a row. Promised: each row gets what `Engine.decide` says of it, exactly; a row that cannot be used comes out with `error`.
Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw

from safeguarding_rules.tabular.asking import asked_of
from safeguarding_rules.tabular.batches import Wanted, decider_for
from safeguarding_rules.tabular.frames import decide_eager, decide_lazy

if TYPE_CHECKING:
    from safeguarding_rules.engine import Engine

Frame = TypeVar("Frame")


def decide_table(  # noqa: PLR0913  what may be asked for
    engine: Engine,
    frame: Frame,
    *,
    on: date | None = None,
    keep: Sequence[str] = (),
    lists: bool = False,
    texts: bool = False,
    first_question: bool = False,
) -> Frame:
    """Decide every row of a frame, by the policy in force on the engine's day, or on the day `on`.

    `frame`: columns are facts (null: unknown), or named in `keep`, which are carried along in front of the answers. `lists` adds names of rules,
    outcomes and actions as lists; `texts` the title of the outcome and the reasons; `first_question` what to ask first, which is slow. Lazy frames
    stay lazy. Raises FactsError listing every column that is about no fact; TypeError for something that is no frame.
    """
    program = engine.program if on is None else engine.program_on(on)
    try:
        wrapped: Any = nw.from_native(frame)
    except TypeError as error:
        kinds = "polars, pandas, pyarrow, duckdb or pyspark"
        raise TypeError(f"a table is a frame of {kinds}, not {type(frame).__name__}") from error
    lazy = isinstance(wrapped, nw.LazyFrame)
    plain = lazy and not wrapped.implementation.is_polars()
    decider = decider_for(program, Wanted(lists=lists, texts=texts, first_question=first_question, plain=plain))
    asked = asked_of(program, wrapped.collect_schema().names(), keep, decider.schema.names)
    decided: Any = (decide_lazy if lazy else decide_eager)(decider, wrapped, asked, tuple(keep))
    found: Frame = decided if frame is wrapped else nw.to_native(decided)
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there were, could not be used, contradict, and are settled; and how many got each outcome, least protective first."""

    rows: int
    invalid: int
    contradicting: int
    settled: int
    outcomes: dict[str, int]


def count_rows(engine: Engine, decided: Any, *, on: date | None = None) -> Counts:  # noqa: ANN401  any frame
    """Count the rows of a frame that `decide_table` gave; one pass over a lazy frame."""
    program = engine.program if on is None else engine.program_on(on)
    names = [outcome.name for outcome in program.policy.outcomes]
    frame = nw.from_native(decided).lazy()
    outcome = nw.col("outcome").cast(nw.String)
    wanted = {
        "rows": nw.len(),
        "invalid": (~nw.col("error").is_null()).cast(nw.Int64).sum(),
        "contradicting": nw.col("contradicts").fill_null(value=False).cast(nw.Int64).sum(),
        "settled": nw.col("settled").fill_null(value=False).cast(nw.Int64).sum(),
    } | {f"outcome {name}": (outcome == name).fill_null(value=False).cast(nw.Int64).sum() for name in names}
    counted = frame.select(**wanted).collect().rows(named=True)[0]
    rows, invalid, contradicting, settled = (int(counted[name] or 0) for name in ("rows", "invalid", "contradicting", "settled"))
    return Counts(rows, invalid, contradicting, settled, {name: int(counted[f"outcome {name}"] or 0) for name in names})
