"""Make small mistakes in packs and see whether a case notices.

Mutants that provably change no decision are not counted. Those that no case
notices are listed as sentences.
"""

from __future__ import annotations

import argparse

from safeguarding_rules.cli.arguments import add_paths, add_places, add_today
from safeguarding_rules.cli.findings import unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, note, progress, say
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.testing.mutate import Mutation, mutate
from safeguarding_rules.testing.mutate_report import document, report

_BAR = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_paths(parser)
    parser.add_argument("--jobs", metavar="NUMBER", type=int, default=2, help="how many processes work side by side (default: 2)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    parser.add_argument("--threshold", metavar="PERCENT", type=float, help="exit with 1 if fewer mutants than this share are noticed")
    add_today(parser, "the day of cases that name none")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    show = progress()

    def bar(done: int, count: int) -> None:
        filled = _BAR * done // max(1, count)
        show(f"[{'#' * filled}{'.' * (_BAR - filled)}] {done} of {counted(count, 'mutant')}")

    show("reading")
    result = mutate(arguments.paths, arguments.path, arguments.today or now_in_london().date(), jobs=arguments.jobs, progress=bar)
    show("")
    if arguments.format == "json":
        say(document(result).model_dump_json(indent=2, by_alias=True))
    elif result.packs or not result.problems:
        say(report(result))
    if result.problems:
        return unusable(*result.problems)
    return _code(result, arguments.threshold)


def _code(result: Mutation, threshold: float | None) -> int:
    for case in result.failing:
        note(f"does not come out as expected, so it notices nothing: {case.id}")
    percent = result.score().percent
    if threshold is not None and percent < threshold:
        note(f"{percent:.1f} % of the mutants are noticed, fewer than {threshold:g} %")
        return FINDINGS
    return FINDINGS if result.failing else DONE
