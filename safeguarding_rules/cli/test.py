"""Run the cases shipped in packs, against what is in force on each case's day.

Shows every case that did not come out as expected, and which rules, outcomes and
actions the cases exercise.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safeguarding_rules.cli.arguments import add_paths, add_places, day
from safeguarding_rules.cli.terminal import DONE, FINDINGS, UNUSABLE, note, progress, say, unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_paths(parser)
    parser.add_argument("-k", metavar="WORDS", dest="words", help="run only cases whose pack, file, name or title has all these words")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write the results as JUnit XML too")
    parser.add_argument("--today", type=day, metavar="DATE", help="the day of cases that name none (default: today)")
    parser.add_argument("-q", "--quiet", action="store_true", help="show only what failed")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    from safeguarding_rules.cli.test_report import failures, summary  # noqa: PLC0415  `--help` loads nothing
    from safeguarding_rules.engine import now_in_london  # noqa: PLC0415
    from safeguarding_rules.testing.cases import PackCase  # noqa: PLC0415
    from safeguarding_rules.testing.run import run_cases  # noqa: PLC0415
    from safeguarding_rules.testing.stacks import Stacks  # noqa: PLC0415

    words = (arguments.words or "").casefold().split()

    def chosen(case: PackCase) -> bool:
        named = f"{case.id} {case.title}".casefold()
        return all(word in named for word in words)

    show = progress()
    today = arguments.today or now_in_london().date()
    result = run_cases(Stacks(arguments.paths, arguments.path), today, chosen if words else None, show)
    show("")
    if arguments.junit is not None and not _written(arguments.junit, result):
        return UNUSABLE
    for text in failures(result):
        say(text)
        say()
    if not arguments.quiet:
        say(summary(result))
    if result.problems:
        return unusable(*result.problems)
    if words and not any(result.results):
        note(f"error: no case has `{arguments.words}` in its pack, file, name or title")
        return UNUSABLE
    return FINDINGS if result.failed else DONE


def _written(path: Path, result: object) -> bool:
    from safeguarding_rules.testing.junit import junit_xml  # noqa: PLC0415

    try:
        path.write_text(junit_xml(result), encoding="utf-8", newline="\n")  # type: ignore[arg-type]
    except OSError as error:
        note(f"error: `{path}` cannot be written: {(error.strerror or 'unknown reason').lower()}")
        return False
    return True
