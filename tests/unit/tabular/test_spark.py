"""The identical call on a Spark DataFrame, on a real Spark of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from safeguarding_rules import Engine, FactsError
from safeguarding_rules.tabular.decide_table import count_rows, decide_table
from tests.unit.tabular.test_frames import OPTIONS, expected, frame, same

__all__ = ["expected", "frame"]
LEAST_JAVA = 17
ROOT = Path(__file__).parents[3]


def java_home() -> Path | None:
    """The Java that Spark needs: `JAVA_HOME`, what is on the path, or what is installed."""
    on_path = shutil.which("java")
    places = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    places += [Path(on_path).resolve().parents[1]] if on_path else []
    places += sorted(Path("/usr/lib/jvm").glob("*17*")) if Path("/usr/lib/jvm").is_dir() else []
    for place in places:
        program = place / "bin" / "java"
        if program.exists():
            said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', said)
            if version is not None and int(version[1]) >= LEAST_JAVA:
                return place
    return None


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: install safeguarding-rules[spark]")
    java = java_home()
    if java is None:
        pytest.skip(f"Spark needs Java {LEAST_JAVA} or later, which is not here: install it, and set JAVA_HOME where it is not on the path")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JAVA_HOME", str(java))
        patched.setenv("PYSPARK_PYTHON", sys.executable)
        patched.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        patched.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.bindAddress", "127.0.0.1")
        session = builder.config("spark.sql.shuffle.partitions", "2").config("spark.driver.memory", "1g").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")


def spark_frame(spark: Any, frame: pl.DataFrame) -> Any:
    return spark.createDataFrame(
        frame.rows(), "case string, adult_involved boolean, youngest_pictured_age int, imagery_origin string, contains_imagery boolean"
    )


def test_the_identical_call_gives_the_identical_answers(spark: Any, engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
    found = decide_table(engine, spark_frame(spark, frame).repartition(3), **OPTIONS)
    assert type(found).__module__.startswith("pyspark.sql")
    rows = sorted((row.asDict(recursive=True) for row in found.collect()), key=lambda row: int(row["case"][1:]))
    same(rows, expected)


def test_answers_are_columns_like_any_other(spark: Any, engine: Engine, frame: pl.DataFrame, expected: list[dict[str, Any]]) -> None:
    found = decide_table(engine, spark_frame(spark, frame), keep=["case"])
    counted = {row["outcome"]: row["count"] for row in found.groupBy("outcome").count().collect()}
    assert counted == {name: sum(row["outcome"] == name for row in expected) for name in {row["outcome"] for row in expected}}
    met = found.where("met.`ukcis/adult-involved` and applies.dsl_must_refer_to_police").count()
    assert met == sum(bool(row["error"] is None and row["met"]["ukcis/adult-involved"]) for row in expected)
    counts = count_rows(engine, found)
    assert (counts.rows, counts.invalid) == (400, sum(row["error"] is not None for row in expected))


def test_unknown_columns_and_lists(spark: Any, engine: Engine) -> None:
    with pytest.raises(FactsError, match="did you mean `adult_involved`"):
        decide_table(engine, spark.createDataFrame([(True,)], "adult_involvd boolean"))
    found = decide_table(engine, spark.createDataFrame([(["harm"],), ([],), (None,), (["fun"],)], "motivation array<string>"))
    assert sorted(row["error"] is None for row in found.collect()) == [False, True, True, True]
    empty = decide_table(engine, spark.createDataFrame([], "case int"), keep=["case"])
    assert empty.count() == 0
