"""`batch`: files in and out, counts, what cannot be used, and runs that are stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("polars")
pytest.importorskip("pyarrow")
import polars as pl

from safeguarding_rules import Engine
from safeguarding_rules.cli.batch import shown_progress
from safeguarding_rules.tabular import batch as tabular_batch
from safeguarding_rules.tabular.batch import BatchReport
from safeguarding_rules.tabular.decide_table import decide_table
from tests.unit.cli.command import Command

TABLE = """case,adult_involved,youngest_pictured_age,imagery_origin,motivation
a,TRUE,12,self_generated,harm|profit
b,,,,
c,false,abc,foo,harm
d,maybe,400, made_by_adult ,"romantic | harm"
e,False, 7 ,made_by_adult,
"""


def test_a_table_that_cannot_be_written_ends_the_process_in_order(tmp_path: Path) -> None:
    """Threads that read a CSV file ahead once brought the whole process down with signal 6, in most runs though not in all."""
    (tmp_path / "cases.csv").write_text("adult_involved\ntrue\n", encoding="utf-8")
    words = [sys.executable, "-m", "safeguarding_rules", "batch", "kscmp", "cases.csv", "-o", "nowhere/answers.csv"]
    running = [subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for one in running:
        _, told = one.communicate(timeout=120)
        assert (one.returncode, told) == (2, "error: `nowhere/answers.csv` cannot be written: no such file or directory\n")


def test_csv_to_csv(command: Command) -> None:
    command.write("cases.csv", TABLE)
    done = command("batch", "kscmp", "cases.csv", "-o", "answers.csv", "--keep", "case", "--on", "2026-11-22", "--texts")
    assert done.code == 1  # rows could not be used
    assert done.err == ""
    assert "5 rows decided by ukcis 2024.3, kscmp 2024.9 for 2026-11-22" in done.out
    assert "2  could not be used" in done.out
    found = pl.read_csv(command.folder / "answers.csv")
    assert found["case"].to_list() == ["a", "b", "c", "d", "e"]
    assert found["outcome"].to_list() == ["refer_police", "review", None, None, found["outcome"][4]]
    assert "ukcis/adult-involved" in found["met_rules"][0].split("|")
    assert "dsl_must_refer_to_police" in found["applying_actions"][0].split("|")
    assert "`'abc'` is not a whole number" in found["error"][2]
    assert "`'foo'` is not one of its values" in found["error"][2]
    assert "`'maybe'` is not true or false" in found["error"][3]
    assert "`400` is outside 0 to 120" in found["error"][3]
    assert found["contradicts"].to_list() == [False, False, None, None, True]  # made by an adult, and no adult involved


def test_the_counts_as_json(command: Command) -> None:
    command.write("cases.csv", TABLE)
    done = command("batch", "kscmp", "cases.csv", "-o", "answers.parquet", "--keep", "case", "--format", "json")
    report = BatchReport.model_validate(json.loads(done.out))
    assert (report.rows, report.invalid, report.contradicting) == (5, 2, 1)
    assert sum(report.outcomes.values()) == 3
    assert report.packs[-1].pack == "kscmp"


def test_parquet_to_parquet_is_what_decide_table_gives(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular_batch, "ROWS_A_BATCH", 64)
    frame = pl.DataFrame(
        {
            "case": range(1000),
            "adult_involved": [True, False, None, None] * 250,
            "recipients_count": [None, 3, 200_000, 5, 9] * 200,
            "motivation": [["harm"], [], None, ["joke_or_dare", "harm"]] * 250,
        }
    )
    frame.write_parquet(command.folder / "cases.parquet")
    done = command("batch", "kscmp", "cases.parquet", "-o", "answers.parquet", "--keep", "case", "--on", "2026-11-22", "--lists")
    assert done.code == 1
    expected = decide_table(Engine.load("kscmp", on=date(2026, 11, 22)), frame, keep=["case"], lists=True)
    found = pl.read_parquet(command.folder / "answers.parquet")
    assert found.with_columns(pl.col(name).cast(expected.schema[name]) for name in ("outcome", "least_outcome", "most_outcome")).equals(expected)
    assert "200,000" not in done.out
    assert not list(command.folder.glob(".*"))


def test_what_is_kept_is_as_it_was(command: Command) -> None:
    kept = pl.DataFrame({"case": [2**40, None], "kind": pl.Series(["b", None], dtype=pl.Categorical), "day": [date(2024, 1, 1), None]})
    kept.with_columns(adult_involved=True).write_parquet(command.folder / "cases.parquet")
    words = ("batch", "kscmp", "cases.parquet", "--keep", "case", "--keep", "kind", "--keep", "day", "-o")
    assert command(*words, "answers.parquet").code == command(*words, "answers.csv").code == 0
    assert pl.read_parquet(command.folder / "answers.parquet").select("case", "kind", "day").equals(kept.with_columns(pl.col("kind").cast(pl.String)))
    assert pl.read_csv(command.folder / "answers.csv", try_parse_dates=True).select("case", "kind", "day").rows() == kept.rows()


def test_a_spreadsheet_s_csv(command: Command) -> None:
    (command.folder / "cases.csv").write_bytes("\ufeffcase;adult_involved;youngest_pictured_age\r\n1;TRUE;12\r\n2;;\r\n".encode())
    done = command("batch", "kscmp", "cases.csv", "-o", "answers.csv", "--keep", "case")
    assert done.code == 0
    assert pl.read_csv(command.folder / "answers.csv")["outcome"].to_list() == ["refer_police", "review"]


def test_a_table_without_rows(command: Command) -> None:
    command.write("cases.csv", "case,adult_involved\n")
    for name in ("answers.csv", "answers.parquet"):
        assert command("batch", "kscmp", "cases.csv", "-o", name, "--keep", "case").code == 0
    assert pl.read_csv(command.folder / "answers.csv").columns[:2] == ["case", "outcome"]
    assert pl.read_parquet(command.folder / "answers.parquet").height == 0


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        ("cases.csv", "adult_involvd\ntrue\n", "did you mean `adult_involved`?"),
        ("cases.csv", "", "has no names of columns"),
        ("cases.csv", "adult_involved,adult_involved\ntrue,true\n", "several columns `adult_involved`"),
        ("cases.csv", "adult_involved,contains_imagery\ntrue,true\ntrue\n", "cannot be read after row"),
        ("cases.parquet", "not parquet", "`cases.parquet` cannot be read"),
        ("cases.xlsx", "", "neither CSV nor Parquet"),
        ("missing.csv", None, "there is no file `missing.csv`"),
    ],
)
def test_tables_that_cannot_be_used_leave_nothing_behind(command: Command, table: str, text: str | None, message: str) -> None:
    if text is not None:
        command.write(table, text)
    for output in ("answers.csv", "answers.parquet"):
        done = command("batch", "kscmp", table, "-o", output)
        assert done.code == 2
        assert message in done.err
        assert {path.name for path in command.folder.iterdir()} == ({table} if text is not None else set())


def test_output_that_cannot_be_written(command: Command) -> None:
    command.write("cases.csv", "adult_involved\ntrue\n")
    assert "neither CSV nor Parquet" in command("batch", "kscmp", "cases.csv", "-o", "answers.txt").err
    assert "OUT is the table itself" in command("batch", "kscmp", "cases.csv", "-o", "cases.csv").err
    for output in ("nowhere/answers.csv", "nowhere/answers.parquet"):
        assert f"`{output}` cannot be written: no such file" in command("batch", "kscmp", "cases.csv", "-o", output).err


def test_without_the_extra_it_says_what_to_install(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safeguarding_rules.tabular.batch", None)
    done = command("batch", "kscmp", "cases.csv", "-o", "answers.csv")
    assert done.code == 2
    assert "safeguarding-rules[tables]'" in done.err


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_was_stopped_leaves_no_output_and_can_be_started_again(tmp_path: Path, how: signal.Signals) -> None:
    pl.DataFrame({"adult_involved": [True, None] * 3_000_000}).write_parquet(tmp_path / "cases.parquet")
    words = [sys.executable, "-m", "safeguarding_rules", "batch", "kscmp", str(tmp_path / "cases.parquet"), "-o", str(tmp_path / "answers.parquet")]
    (tmp_path / "answers.parquet").write_text("an earlier one")
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None and not (tmp_path / ".answers.parquet.part").exists():
            time.sleep(0.01)
        running.send_signal(how)
        assert running.wait(60) != 0
    assert (tmp_path / "answers.parquet").read_text() == "an earlier one"
    assert (tmp_path / ".answers.parquet.part").exists() == (how == signal.SIGKILL)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    assert pl.scan_parquet(tmp_path / "answers.parquet").select(pl.len()).collect().item() == 6_000_000
    assert not (tmp_path / ".answers.parquet.part").exists()


def test_progress_says_how_far_how_fast_and_how_long() -> None:
    assert shown_progress(12_500_000, 0.25, 2.0) == " 25%  12,500,000 rows  6,250,000 rows a second  0:06 left"
    assert shown_progress(0, 0.0, 0.0).startswith("  0%  0 rows")


def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command.write("cases.csv", "adult_involved\n" + "true\n" * 500)
    monkeypatch.setattr(tabular_batch, "ROWS_A_BATCH", 64)
    monkeypatch.setattr("safeguarding_rules.cli.batch._SECONDS_APART", 0)
    assert command("batch", "kscmp", "cases.csv", "-o", "answers.csv").err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    shown = command("batch", "kscmp", "cases.csv", "-o", "answers.csv").err
    assert "rows a second" in shown
    assert shown.endswith("\r\x1b[K")
