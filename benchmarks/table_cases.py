"""Tables of random cases: consistent ones repeated, with facts forgotten cell by cell. The same seed gives the same table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from benchmarks.cases import complete_cases
from safeguarding_rules.deciding.program import Program

CASES = 4_000
"""Complete cases to start from; forgetting makes nearly every row another one."""


def schema_of(program: Program) -> dict[str, Any]:
    """The columns of a table, each with its type: choices as Enum, of a `choices` fact one column a value."""
    found: dict[str, Any] = {}
    for info in program.policy.facts:
        spec = info.spec
        if spec.type == "choices":
            found |= {f"{spec.name}_includes_{value}": pl.Boolean() for value in spec.values}
        else:
            found[spec.name] = {"boolean": pl.Boolean(), "integer": pl.Int32(), "choice": pl.Enum(list(spec.values))}[spec.type]
    return found


def frame_of(program: Program, cases: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Complete cases as rows."""
    lists = {info.spec.name: info.spec.values for info in program.policy.facts if info.spec.type == "choices"}
    records = []
    for case in cases:
        record = {name: value for name, value in case.items() if name not in lists}
        for name, values in lists.items():
            record |= {f"{name}_includes_{value}": value in case[name]["only"] for value in values if name in case}
        records.append(record)
    return pl.DataFrame(records, schema=schema_of(program))


def table_of(program: Program, rows: int, unknown: float, seed: int = 1) -> pl.DataFrame:
    """A table of so many rows, a share of its values null."""
    schema = schema_of(program)
    cases = frame_of(program, complete_cases(program, CASES, seed))
    chance = np.random.default_rng(seed)
    chosen = cases[chance.integers(0, len(cases), rows)]
    forgotten = (pl.Series(chance.random(rows, np.float32) < unknown) for _ in schema)
    return chosen.select(pl.when(~gone).then(pl.col(name)).alias(name) for name, gone in zip(schema, forgotten, strict=True))
