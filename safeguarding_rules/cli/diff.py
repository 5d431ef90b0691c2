"""Say in words which cases two versions of a policy decide differently.

OLD and NEW are packs: an id, an id at a version, a path, or git:REVISION:PATH.
With --against REVISION, one path: its working copy against that revision.
Everything said about cases is proved for every possible case; "no case changes"
too. Exit code 1 where anything became milder, 3 where the search gave up.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from safeguarding_rules.cli import diff_markdown, diff_text
from safeguarding_rules.cli.arguments import add_places, add_today, day
from safeguarding_rules.cli.diff_sources import git_name, stand_of
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, UNDECIDED, say
from safeguarding_rules.comparing.compare import MOST_REGIONS, compare
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.worlds.terms import TooManyTermsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("packs", metavar="PACK", nargs="+", help="OLD and NEW; with --against, one path")
    parser.add_argument("--against", metavar="REVISION", help="compare the path's working copy with a git revision of it")
    parser.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="text to read (default), markdown for a pull request, or json"
    )
    parser.add_argument("--all", action="store_true", help="show everything; without it long lists are cut, and say so")
    parser.add_argument("--on", type=day, metavar="DATE", help="compare both as they stand on this day")
    parser.add_argument("--old-on", type=day, metavar="DATE", help="the day of OLD (default: today, or its last day in force)")
    parser.add_argument("--new-on", type=day, metavar="DATE", help="the day of NEW (default: today, or its last day in force)")
    add_today(parser, "the day that counts as today")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    names = _names(arguments.packs, arguments.against)
    if names is None:
        return refused("`diff` compares two packs", "say OLD and NEW, or one path with `--against REVISION`")
    today = arguments.today or now_in_london().date()
    days = arguments.old_on or arguments.on, arguments.new_on or arguments.on
    stands: list[Stand] = []
    for name, on in zip(names, days, strict=True):
        try:
            stands.append(_stand(name, on, today, arguments.path))
        except PackError as error:
            return unusable(error)
    try:
        document = compare(*stands, most_regions=None if arguments.all else MOST_REGIONS)
    except TooManyTermsError:
        return refused("a condition is too intricate to be compared", "split the rule, or name parts of it as rules of their own")
    if arguments.format == "json":
        say(document.model_dump_json(by_alias=True, indent=2))
    else:
        say((diff_text if arguments.format == "text" else diff_markdown).render(document, everything=arguments.all))
    if document.milder:
        return FINDINGS
    return UNDECIDED if document.result == "undecided" else DONE


def _names(packs: Sequence[str], against: str | None) -> tuple[str, str] | None:
    if against is not None:
        return (git_name(against, packs[0]), packs[0]) if len(packs) == 1 else None
    return (packs[0], packs[1]) if len(packs) == 2 else None  # noqa: PLR2004  old and new


def _stand(name: str, on: date | None, today: date, also: Sequence[Path]) -> Stand:
    return stand_of(name, on, today, also)
