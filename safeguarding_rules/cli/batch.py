"""Decide every row of a CSV or Parquet file.

Each column of TABLE is a fact, or is named with --keep and carried along. An empty
cell is not known. A row that cannot be used gets no decision and says why in the
column `error`. The answers are written to OUT, CSV or Parquet by its name, which
appears once all of it is there; a run that was stopped is simply started again.
Exit code 1 where rows could not be used.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safeguarding_rules.cli.arguments import add_pack, add_places, day, places_for
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, progress, say
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.engine import Engine, now_in_london

if TYPE_CHECKING:
    from safeguarding_rules.tabular.batch import BatchReport

NEEDS = "`batch` and `impact` need narwhals, polars and pyarrow", "pip install 'safeguarding-rules[tables]'"
_SECONDS_APART = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_pack(parser)
    parser.add_argument("table", metavar="TABLE", type=Path, help="a .csv or .parquet file whose columns are facts")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the .csv or .parquet file to write")
    parser.add_argument("--keep", metavar="COLUMN", action="append", default=[], help="a column to carry along, such as a case number; may repeat")
    parser.add_argument("--lists", action="store_true", help="names of rules, outcomes and actions as lists too (always in CSV)")
    parser.add_argument("--texts", action="store_true", help="the title of the outcome and the reasons")
    parser.add_argument("--first-question", action="store_true", help="what to ask first (slow)")
    parser.add_argument("--on", type=day, metavar="DATE", help="decide by what is in force on this day (default: today)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the counts are reported")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    try:
        from safeguarding_rules.tabular.table_files import SUFFIXES, TableError  # noqa: PLC0415  an extra

        output: Path = arguments.output
        if problem := _wrong_output(output, arguments.table, SUFFIXES):
            return refused(*problem)
        report = _decided(arguments)
    except ImportError:
        return refused(*NEEDS)
    except (PackError, FactsError) as error:
        return unusable(error)
    except (TableError, OSError) as error:
        return refused(error.message, error.help) if isinstance(error, TableError) else not_written(arguments.output, error)
    say(report.model_dump_json(by_alias=True, indent=2) if arguments.format == "json" else _in_words(report, output))
    return FINDINGS if report.invalid else DONE


def _wrong_output(output: Path, table: Path, suffixes: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with the name of the output, and the remedy."""
    if output.suffix.lower() not in suffixes:
        return f"`{output}` would be neither CSV nor Parquet", "give OUT a name that ends in .csv or .parquet"
    if output.exists() and table.exists() and output.samefile(table):
        return "OUT is the table itself", "write the answers to another file"
    return None


def _decided(arguments: argparse.Namespace) -> BatchReport:
    from safeguarding_rules.tabular.batch import decide_file  # noqa: PLC0415  an extra
    from safeguarding_rules.tabular.batches import Wanted  # noqa: PLC0415
    from safeguarding_rules.tabular.table_files import open_table  # noqa: PLC0415

    on = arguments.on or now_in_london().date()
    engine = Engine.load(arguments.pack, on=on, paths=places_for(arguments.pack, arguments.path))
    wanted = Wanted(lists=arguments.lists, texts=arguments.texts, first_question=arguments.first_question)
    told = telling()
    try:
        table = open_table(arguments.table)
        return decide_file(engine.program, table, arguments.output, on=on.isoformat(), keep=arguments.keep, wanted=wanted, progress=told)
    finally:
        told(-1, 1)


def _in_words(report: BatchReport, output: Path) -> str:
    packs = ", ".join(f"{pack.pack} {pack.version}" for pack in report.packs)
    lines = [f"{counted(report.rows, 'row')} decided by {packs} for {report.on}: {output}"]
    lines += [f"  {number:>13,}  {name}" for name, number in report.outcomes.items()]
    lines.append(f"  {report.invalid:>13,}  could not be used (see the column `error`)")
    return "\n".join([*lines, f"Of those decided, {report.settled:,} settled; in {report.contradicting:,} the facts contradict each other."])


def telling() -> Callable[[int, float], None]:
    """What shows rows done, rate and remaining time on a terminal. Called with -1 rows it wipes its line."""
    show, start = progress(), time.monotonic()
    last = start

    def tell(rows: int, share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if rows < 0:
            show("")
        elif now - last >= _SECONDS_APART:
            last = now
            show(shown_progress(rows, share, now - start))

    return tell


def shown_progress(rows: int, share: float, seconds: float) -> str:
    """Progress in words: rows done, rows a second, time left."""
    left = seconds / share - seconds if share > 0 else 0
    minutes, rest = divmod(round(left), 60)
    return f"{share:4.0%}  {rows:,} rows  {rows / max(seconds, 1e-9):,.0f} rows a second  {minutes}:{rest:02} left"
