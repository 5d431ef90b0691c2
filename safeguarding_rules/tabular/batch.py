"""Decide every row of a file, however long it is.

Comes in: a Program, a table in a file. Goes out: a file of answers, and a report of counts. Promised: rows are held a few batches at a time;
the output appears whole or not at all. Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from os import cpu_count
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.tabular.asking import asked_of
from safeguarding_rules.tabular.batches import BatchDecider, Wanted
from safeguarding_rules.tabular.columns import Asked, Knowledge
from safeguarding_rules.tabular.table_files import TableFile, write_table
from safeguarding_rules.tabular.text_columns import typed

ROWS_A_BATCH = 1 << 18
NOT_IN_CSV = frozenset({"met", "presumed", "applies"})
"""Structs, which CSV has no room for; the names of what holds stand in lists."""

Piece = tuple[pa.RecordBatch, float]
"""A batch, and the share of the file that has been read."""
Progress = Callable[[int, float], None]
"""Told the rows done and the share of the file."""


class BatchPart(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PackUsed(BatchPart):
    """A pack of the stack that decided."""

    pack: str
    version: str
    digest: str


class BatchReport(BatchPart):
    """What `batch` did. Numbers are exact: they are for whoever has the table."""

    schema_: Literal["batch/1"] = Field(default="batch/1", alias="schema")
    rows: int = Field(description="Rows of the table, each with a row in the output.")
    invalid: int = Field(description="Rows that could not be used; their column `error` says why.")
    contradicting: int = Field(description="Rows whose facts contradict each other.")
    settled: int = Field(description="Rows whose outcome nothing missing can change.")
    outcomes: dict[str, int] = Field(description="Rows by outcome, least protective first.")
    on: str = Field(description="The day whose policy decided.")
    fingerprint: str
    packs: tuple[PackUsed, ...]


@dataclass
class _Counts:
    """Counts as they grow."""

    rows: int = 0
    invalid: int = 0
    contradicting: int = 0
    settled: int = 0
    outcomes: list[int] = field(default_factory=list)

    def add(self, answers: pa.RecordBatch) -> None:
        """Count one batch of answers."""
        self.rows += answers.num_rows
        self.invalid += answers.num_rows - answers.column("error").null_count
        self.contradicting += pc.sum(answers.column("contradicts")).as_py() or 0
        self.settled += pc.sum(answers.column("settled")).as_py() or 0
        codes = answers.column("outcome").indices.drop_null().to_numpy(zero_copy_only=False)
        for rank, number in enumerate(np.bincount(codes, minlength=len(self.outcomes)).tolist()):
            self.outcomes[rank] += number


def decide_file(  # noqa: PLR0913  what may be asked for
    program: Program,
    table: TableFile,
    output: Path,
    *,
    on: str,
    keep: Sequence[str] = (),
    wanted: Wanted | None = None,
    progress: Progress = lambda _rows, _share: None,
) -> BatchReport:
    """Decide every row of a table and write the answers, CSV or Parquet by the name of `output`.

    Raises FactsError for columns that are about no fact, TableError where the table cannot be read to its end, OSError.
    """
    csv = output.suffix.lower() == ".csv"
    chosen = wanted or Wanted()
    decider = BatchDecider(program, Wanted(lists=chosen.lists or csv, texts=chosen.texts, first_question=chosen.first_question))
    asked = asked_of(program, table.columns, keep, decider.schema.names)
    read = list(dict.fromkeys([*keep, *(one.column for one in asked)]))
    counts = _Counts(outcomes=[0] * len(program.policy.outcomes))
    about = {"safeguarding_rules.fingerprint": program.fingerprint, "safeguarding_rules.on": on}

    def decided(piece: Piece) -> pa.RecordBatch:
        return decide_rows(decider, piece[0], asked, texts=table.texts)

    left_out = (NOT_IN_CSV if chosen.lists else NOT_IN_CSV | {"open_rules"}) if csv else frozenset()
    with closing(table.batches(read, ROWS_A_BATCH)) as batches:
        first = next(batches, None)
        schema = _written(decider.schema, keep, None if first is None else first[0].schema, left_out)

        def answers() -> Iterator[pa.RecordBatch]:
            for (batch, share), answered in ahead(decided, chain([] if first is None else [first], batches)):
                counts.add(answered)
                yield _joined(batch, answered, schema, len(keep))
                progress(counts.rows, share)

        write_table(output, schema, answers(), about, [outcome.name for outcome in program.policy.outcomes])
    return _report(program, counts, on)


def decide_rows(decider: BatchDecider, batch: pa.RecordBatch, asked: Sequence[Asked], *, texts: bool) -> pa.RecordBatch:
    """The answers for one batch of a file; `texts`: its values are texts."""
    return decider.decide_known(read_rows(decider, batch, asked, texts=texts)[0])


def read_rows(decider: BatchDecider, batch: pa.RecordBatch, asked: Sequence[Asked], *, texts: bool) -> tuple[Knowledge, dict[str, pa.Array]]:
    """What the rows of a file leave possible, and their typed columns."""
    arrays = {one.column: batch.column(one.column) for one in asked}
    refused: dict[int, list[str]] = {}
    if texts:
        for one in asked:
            spec = decider.program.space.specs[one.fact] if one.value is None else FactSpec(one.column, "boolean")
            arrays[one.column], wrong = typed(spec, arrays[one.column])
            for row, message in wrong.items():
                refused.setdefault(row, []).append(message)
    return decider.read(asked, arrays, batch.num_rows, refused), arrays


Taken = TypeVar("Taken")
Given = TypeVar("Given")


def ahead(work: Callable[[Taken], Given], pieces: Iterable[Taken]) -> Iterator[tuple[Taken, Given]]:
    """Do a few pieces of work, each in a thread, ahead of the one that is taken; they come in order."""
    workers = min(8, cpu_count() or 1)
    waiting: deque[tuple[Taken, Future[Given]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for piece in pieces:
            waiting.append((piece, pool.submit(work, piece)))
            if len(waiting) > workers:
                taken, found = waiting.popleft()
                yield taken, found.result()
        while waiting:
            taken, found = waiting.popleft()
            yield taken, found.result()


def _written(answers: pa.Schema, keep: Sequence[str], read: pa.Schema | None, left_out: frozenset[str]) -> pa.Schema:
    """What is written: what is kept, then the answers."""
    kinds = [pa.string() if read is None else read.field(name).type for name in keep]
    kept = [pa.field(name, kind.value_type if pa.types.is_dictionary(kind) else kind) for name, kind in zip(keep, kinds, strict=True)]
    return pa.schema([*kept, *(one for one in answers if one.name not in left_out)])


def _joined(batch: pa.RecordBatch, answers: pa.RecordBatch, schema: pa.Schema, kept: int) -> pa.RecordBatch:
    """What is kept of a batch, and its answers."""
    columns = [batch.column(name) for name in schema.names[:kept]]
    columns = [column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in columns]
    return pa.RecordBatch.from_arrays([*columns, *(answers.column(name) for name in schema.names[kept:])], schema=schema)


def _report(program: Program, counts: _Counts, on: str) -> BatchReport:
    policy = program.policy
    return BatchReport(
        rows=counts.rows,
        invalid=counts.invalid,
        contradicting=counts.contradicting,
        settled=counts.settled,
        outcomes={outcome.name: number for outcome, number in zip(policy.outcomes, counts.outcomes, strict=True)},
        on=on,
        fingerprint=policy.fingerprint,
        packs=tuple(PackUsed(pack=pack.id, version=pack.version, digest=pack.digest) for pack in policy.packs),
    )
