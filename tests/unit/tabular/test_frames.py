"""The same call and the same answers for every kind of frame."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from safeguarding_rules import Engine, FactsError
from safeguarding_rules.tabular.decide_table import count_rows, decide_table

OPTIONS: dict[str, Any] = {"keep": ["case"], "lists": True, "texts": True}


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    chance = random.Random(5)
    origins = ["self_generated", "x", "made_by_adult", "found_online_passed_off"]
    return pl.DataFrame(
        {
            "case": [f"c{i}" for i in range(400)],
            "adult_involved": chance.choices([True, False, None], k=400),
            "youngest_pictured_age": pl.Series(chance.choices([12, 3, 400, 17, None, None], k=400), dtype=pl.Int16),
            "imagery_origin": chance.choices([*origins, None, None], k=400),
            "contains_imagery": chance.choices([True, False, None, None], k=400),
        }
    )


@pytest.fixture(scope="module")
def expected(engine: Engine, frame: pl.DataFrame) -> list[dict[str, Any]]:
    found = decide_table(engine, frame, **OPTIONS).rows(named=True)
    assert sum(row["error"] is not None for row in found) > 50
    assert sum(row["contradicts"] is True for row in found) > 20
    assert len({row["outcome"] for row in found}) > 2
    return found


def plain(value: Any) -> Any:
    """A value of any frame as plain Python; a struct without a single value is null."""
    if isinstance(value, dict):
        inner = {name: plain(one) for name, one in value.items()}
        return inner if any(one is not None for one in inner.values()) else None
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(one) for one in value]
    return None if value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and np.isnan(value)) else value


def same(rows: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert [{name: plain(value) for name, value in row.items()} for row in rows] == [
        {name: plain(value) for name, value in row.items()} for row in expected
    ]


def test_polars_lazily(engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
    found = decide_table(engine, frame.lazy(), **OPTIONS)
    assert isinstance(found, pl.LazyFrame)
    assert found.collect().rows(named=True) == expected
    assert found.collect(engine="streaming").sort("case").rows(named=True) == sorted(expected, key=lambda row: row["case"])
    some = found.filter(pl.col("outcome") == "refer_police").select("case", "outcome").collect()
    assert some.rows(named=True) == [{"case": row["case"], "outcome": "refer_police"} for row in expected if row["outcome"] == "refer_police"]
    assert found.head(3).collect().rows(named=True) == expected[:3]
    assert found.select(pl.len()).collect().item() == 400


def test_pyarrow(engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
    table = frame.to_arrow()
    found = decide_table(engine, table, **OPTIONS)
    assert isinstance(found, pa.Table)
    same(found.to_pylist(), expected)
    chunked = pa.concat_tables([table.slice(0, 3), table.slice(3, 250), table.slice(253)])
    assert decide_table(engine, chunked, **OPTIONS).equals(found)


def test_narwhals_stays_narwhals(engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
    found = decide_table(engine, nw.from_native(frame, eager_only=True), **OPTIONS)
    assert isinstance(found, nw.DataFrame)
    assert found.to_native().rows(named=True) == expected


class TestPandas:
    def test_columns_with_missing_values(self, engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
        pd = pytest.importorskip("pandas")
        table = pd.DataFrame(frame.to_dict(as_series=False), index=[f"row {i}" for i in range(400)])
        assert [str(kind) for kind in table.dtypes[1:3]] == ["object", "float64"]  # what pandas makes of nulls
        found = decide_table(engine, table, **OPTIONS)
        assert isinstance(found, pd.DataFrame)
        assert list(found.index) == list(table.index)
        assert found["outcome"].cat.ordered
        same(found.to_dict("records"), expected)

    @pytest.mark.parametrize("backend", ["pyarrow", "numpy_nullable"])
    def test_nullable_types(self, engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]], backend: str) -> None:
        pd = pytest.importorskip("pandas")
        table = pd.DataFrame(frame.to_dict(as_series=False)).convert_dtypes(dtype_backend=backend)
        same(decide_table(engine, table, **OPTIONS).to_dict("records"), expected)

    def test_columns_without_missing_values(self, engine: Engine) -> None:
        pd = pytest.importorskip("pandas")
        table = pd.DataFrame({"adult_involved": np.array([True, False]), "youngest_pictured_age": np.array([12, 9], np.int64)})
        same(
            [{"outcome": one} for one in decide_table(engine, table)["outcome"]],
            [{"outcome": engine.decide(facts).outcome} for facts in table.to_dict("records")],
        )

    def test_a_column_of_anything(self, engine: Engine) -> None:
        pd = pytest.importorskip("pandas")
        values = [True, "yes", 1, None, float("nan"), pd.NA, np.bool_(False), dt.date(2024, 1, 1), {"is_not": True}]
        found = decide_table(engine, pd.DataFrame({"adult_involved": pd.Series(values, dtype=object)}))
        assert found["error"].isna().tolist() == [True, False, False, True, True, True, True, False, False]
        assert found["outcome"].isna().tolist() == [False, True, True, False, False, False, False, True, True]
        assert "`'yes'` is not true or false" in found["error"][1]
        lists = decide_table(engine, pd.DataFrame({"motivation": pd.Series([["harm"], None, np.array(["harm"]), ["fun"]], dtype=object)}))
        assert lists["error"].isna().tolist() == [True, True, True, False]

    def test_categories(self, engine: Engine) -> None:
        pd = pytest.importorskip("pandas")
        table = pd.DataFrame({"imagery_origin": pd.Categorical(["made_by_adult", None, "x"])})
        found = decide_table(engine, table)
        assert found["outcome"].tolist()[0] == "refer_police"
        assert found["error"].isna().tolist() == [True, True, False]


class TestDuckdb:
    def test_a_relation(self, engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
        duckdb = pytest.importorskip("duckdb")
        connection = duckdb.connect()
        connection.register("source", frame.to_arrow())
        connection.execute("create table past as select * from source")
        found = decide_table(engine, connection.table("past"), **OPTIONS)
        assert isinstance(found, duckdb.DuckDBPyRelation)
        same(found.to_arrow_table().to_pylist(), expected)
        both = found.set_alias("decided").join(connection.table("past").set_alias("past"), "decided.case = past.case")  # of the same connection
        assert both.count("*").fetchall() == [(400,)]
        told = found.aggregate("count(*) filter (outcome = 'refer_police')").fetchall()
        assert told == [(sum(row["outcome"] == "refer_police" for row in expected),)]
        assert count_rows(engine, found) == count_rows(engine, decide_table(engine, frame, **OPTIONS))

    def test_a_query(self, engine: Engine) -> None:
        duckdb = pytest.importorskip("duckdb")
        relation = duckdb.connect().sql("select true as adult_involved union all select null")
        assert sorted(decide_table(engine, relation).project("outcome").fetchall()) == [("refer_police",), ("review",)]


def test_unknown_columns_are_an_error_for_lazy_frames_too(engine: Engine) -> None:
    with pytest.raises(FactsError, match="did you mean `adult_involved`"):
        decide_table(engine, pl.LazyFrame({"adult_involvd": [True]}))


@pytest.mark.parametrize("lazy", [True, False])
def test_counts_of_any_frame(engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]], lazy: bool) -> None:
    counts = count_rows(engine, decide_table(engine, frame.lazy() if lazy else frame, **OPTIONS))
    assert counts.rows == 400
    assert counts.invalid == sum(row["error"] is not None for row in expected)
    assert counts.contradicting == sum(row["contradicts"] is True for row in expected)
    assert counts.settled == sum(row["settled"] is True for row in expected)
    assert counts.outcomes == {name: sum(row["outcome"] == name for row in expected) for name in counts.outcomes}
