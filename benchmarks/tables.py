"""Many decisions at once on the shipped `kscmp` stack, 30 % of the facts unknown: ours beside the same columns written by hand.

Equal answers are asserted on complete facts, where three-valued logic written by hand is exact; the times are those of a table with unknown facts,
where ours is exact and by hand is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import duckdb
import polars as pl

from benchmarks.contest import Contest, Contestant, Goal
from benchmarks.table_cases import table_of
from benchmarks.tables_by_hand import Polars, Sql
from safeguarding_rules import Engine
from safeguarding_rules.tabular.batches import Wanted, decider_for
from safeguarding_rules.tabular.decide_table import decide_table

ROWS, FEW_ROWS = 1_000_000, 50_000
LOOPED, COMPARED, BY_SQL, ASKED = 2_000, 1_000, 50_000, 60
"""Rows of the slower contestants."""
UNKNOWN = 0.3
COLUMNS = ("outcome", "settled", "firm", "least_outcome", "most_outcome", "met", "presumed", "applies")


def contests(*, quick: bool) -> Iterator[Contest]:
    """The contests of this module."""
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    table = table_of(engine.program, FEW_ROWS if quick else ROWS, UNKNOWN)
    complete = table_of(engine.program, COMPARED, 0, seed=2)
    yield _against_by_hand(engine, table, complete)
    yield _frames(engine, table, complete)
    yield _on_request(engine, table[:FEW_ROWS])


def _answers(frame: Any) -> Sequence[Any]:  # noqa: ANN401  a frame of any kind
    """Every row as plain values; of a struct the names of what holds."""
    rows = frame.select(COLUMNS).with_columns(pl.col("outcome", "least_outcome", "most_outcome").cast(pl.String)).rows()
    return [tuple(frozenset(name for name, held in value.items() if held) if isinstance(value, dict) else value for value in row) for row in rows]


def facts_of(table: pl.DataFrame, engine: Engine) -> list[dict[str, Any]]:
    """Rows as the facts of single cases."""
    lists = {info.spec.name: info.spec.values for info in engine.program.policy.facts if info.spec.type == "choices"}
    found = []
    for row in table.rows(named=True):
        facts = {name: value for name, value in row.items() if value is not None and "_includes_" not in name}
        for name, values in lists.items():
            said = {value: row[f"{name}_includes_{value}"] for value in values}
            if None not in said.values():
                facts[name] = {"only": [value for value, held in said.items() if held]}
            elif any(said.values()):
                facts[name] = [value for value, held in said.items() if held]
        found.append(facts)
    return found


def _single(engine: Engine, cases: Sequence[dict[str, Any]]) -> list[Any]:
    """What deciding one by one comes to."""
    found = []
    for facts in cases:
        decision = engine.decide(facts)
        possible = decision.possible_outcomes
        met, presumed = (frozenset(item.rule for item in items) for items in (decision.rules.met, decision.rules.presumed))
        applies = frozenset(f"{item.by}_{item.modality}_{item.action}" for item in decision.actions if item.status == "applies")
        found.append((decision.outcome, decision.settled, decision.firm, possible[0], possible[-1], met, presumed, applies))
    return found


def _against_by_hand(engine: Engine, table: pl.DataFrame, complete: pl.DataFrame) -> Contest:
    by_hand, query = Polars(engine.program), Sql(engine.program).query()
    looped = facts_of(table[:LOOPED], engine)

    def loop() -> None:
        for facts in looped:
            decision = engine.decide(facts)
            decision.outcome, decision.settled, decision.firm, decision.verdict  # noqa: B018  what a caller reads

    def sql(frame: pl.DataFrame) -> Any:  # noqa: ANN401  an Arrow table
        cases = frame.with_columns(pl.col(pl.Enum).cast(pl.String)).to_arrow()
        connection = duckdb.connect()
        connection.register("cases", cases)
        return connection.sql(query).to_arrow_table()

    part = table[:BY_SQL]
    ours = "decide_table on polars"
    return Contest(
        "tables-kscmp",
        f"Many decisions, kscmp stack, {UNKNOWN:.0%} of the facts unknown: outcome columns and boolean structs",
        "row",
        ours,
        [
            Contestant(ours, lambda: decide_table(engine, table), len(table), lambda: _answers(decide_table(engine, complete)), "exact"),
            Contestant("polars by hand", lambda: by_hand.decide(table), len(table), lambda: _answers(by_hand.decide(complete)), "bounds only"),
            Contestant("duckdb SQL by hand", lambda: sql(part), len(part), lambda: _answers(pl.DataFrame(sql(complete))), "bounds only"),
            Contestant("looping decide", loop, LOOPED, lambda: _single(engine, facts_of(complete, engine)), "exact"),
        ],
        [
            Goal("rows a second", (ours,), at_least=10_000_000),
            Goal("ours against polars by hand", (ours,), "polars by hand", at_most=2),
            Goal("looping decide against ours", ("looping decide",), ours, at_least=30),
        ],
        clock="wall",
        rounds=5,
    )


def _frames(engine: Engine, table: pl.DataFrame, complete: pl.DataFrame) -> Contest:
    def pandas(frame: pl.DataFrame) -> Any:  # noqa: ANN401  a pandas frame
        return frame.to_pandas(use_pyarrow_extension_array=True)

    connection = duckdb.connect()
    connection.register("cases", table.to_arrow())
    arrow, of_pandas = table.to_arrow(), pandas(table)
    work: dict[str, Callable[[], Any]] = {
        "polars": lambda: decide_table(engine, table),
        "polars, lazily": lambda: decide_table(engine, table.lazy()).collect(),
        "pyarrow": lambda: decide_table(engine, arrow),
        "pandas (Arrow types)": lambda: decide_table(engine, of_pandas),
        "duckdb": lambda: decide_table(engine, connection.table("cases")),
    }
    small: dict[str, Callable[[], Any]] = {
        "polars": lambda: decide_table(engine, complete),
        "polars, lazily": lambda: decide_table(engine, complete.lazy()).collect(),
        "pyarrow": lambda: pl.DataFrame(decide_table(engine, complete.to_arrow())),
        "pandas (Arrow types)": lambda: pl.from_pandas(decide_table(engine, pandas(complete))),
    }

    def answers(name: str) -> Callable[[], Sequence[Any]] | None:
        return (lambda: _answers(small[name]())) if name in small else None

    contestants = [Contestant(name, one, len(table), answers(name)) for name, one in work.items()]
    title = f"Many decisions by kind of frame, kscmp stack, {UNKNOWN:.0%} unknown"
    return Contest("tables-frames", title, "row", "polars", contestants, clock="wall", rounds=3)


def _on_request(engine: Engine, table: pl.DataFrame) -> Contest:
    few = table[:ASKED]
    contestants = [
        Contestant("outcome columns and structs", lambda: decide_table(engine, table), len(table)),
        Contestant("with lists", lambda: decide_table(engine, table, lists=True), len(table)),
        Contestant("with texts", lambda: decide_table(engine, table, texts=True), len(table)),
        Contestant("with the first question", lambda: _without_memory(engine, few), len(few), note="every row another pattern"),
    ]
    title = f"What is made on request, kscmp stack, {UNKNOWN:.0%} unknown"
    return Contest("tables-on-request", title, "row", "outcome columns and structs", contestants, clock="wall", rounds=3)


def _without_memory(engine: Engine, table: pl.DataFrame) -> None:
    """Ask for the first question with nothing remembered of earlier rounds."""
    decider_for(engine.program, Wanted(first_question=True)).forget()
    decide_table(engine, table, first_question=True)
