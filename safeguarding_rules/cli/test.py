"""Run the cases shipped in packs, against what is in force on each case's day.

Shows every case that did not come out as expected, and which rules, outcomes and
actions the cases exercise. With --cases and --pack, cases that lie outside packs
are run instead, as `vignettes` does.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from safeguarding_rules.cli.arguments import add_places, add_today
from safeguarding_rules.cli.case_results import failures, summary
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, note, progress, say
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.testing.cases import PackCase
from safeguarding_rules.testing.run import run_cases
from safeguarding_rules.testing.stacks import Stacks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="a pack folder, or a folder of packs")
    parser.add_argument("--cases", metavar="FILE", nargs="+", type=Path, dest="files", help="run the cases of these files instead; needs --pack")
    parser.add_argument("--pack", metavar="PACK", help="the pack to run the files of --cases against, with all above it")
    parser.add_argument("-k", metavar="WORDS", dest="words", default="", help="run only cases whose pack, file, name or title has all these words")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML too")
    parser.add_argument(
        "--coverage", choices=("text", "json"), help="show what the cases exercise in full: edges of numbers and MC/DC of every rule too"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="show only what failed")
    add_today(parser, "the day of cases that name none")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if arguments.files or arguments.pack:
        return _outside(arguments)
    if not arguments.paths:
        return refused("there is no PATH", "name a pack folder or a folder of packs, or say `--cases FILE --pack PACK`")
    return _in_packs(arguments)


def _in_packs(arguments: argparse.Namespace) -> int:
    words = arguments.words.casefold().split()

    def chosen(case: PackCase) -> bool:
        named = f"{case.id} {case.title}".casefold()
        return all(word in named for word in words)

    show = progress()
    stacks, today = Stacks(arguments.paths, arguments.path), arguments.today or now_in_london().date()
    result = run_cases(stacks, today, chosen if words else None, show)
    show("")
    if arguments.junit is not None:
        from safeguarding_rules.testing.junit import write_junit  # noqa: PLC0415  few runs ask for XML

        try:
            write_junit(result, arguments.junit)
        except OSError as error:
            return not_written(arguments.junit, error)
    tell = note if arguments.coverage == "json" else say  # programs read JSON, and nothing else beside it
    for text in failures(result):
        tell(f"{text}\n")
    if not arguments.quiet:
        say(_coverage(stacks, today, arguments.coverage) if arguments.coverage and not result.problems else summary(result))
    if result.problems:
        return unusable(*result.problems)
    if words and not any(result.results):
        return refused(f"no case has `{arguments.words}` in its pack, file, name or title")
    return FINDINGS if result.failed else DONE


def _outside(arguments: argparse.Namespace) -> int:
    """Run cases that lie outside packs."""
    from safeguarding_rules.cli import vignettes  # noqa: PLC0415  few runs ask for it

    if not (arguments.files and arguments.pack) or arguments.paths:
        return refused("`--cases` and `--pack` go together, and without a PATH", "such as `test --cases cases.yaml --pack kscmp`")
    arguments.format = "text"
    return vignettes.run(arguments)


def _coverage(stacks: Stacks, today: date, form: str) -> str:
    """What the cases exercise in every respect."""
    from safeguarding_rules.testing.coverage_bench import benches_of  # noqa: PLC0415  few runs ask for it
    from safeguarding_rules.testing.coverage_full import coverage_of, document, report  # noqa: PLC0415

    found = coverage_of(benches_of(stacks, today))
    return document(found).model_dump_json(indent=2, by_alias=True) if form == "json" else report(found)
