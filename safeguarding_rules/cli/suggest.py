"""Suggest the vignettes that a pack lacks, with the answers left blank for a person.

Writes the fewest complete cases that complete MC/DC of every rule and try both
sides of every number. The engine never writes its own expected answers: `check`
reports every blank until somebody has filled it in from the guidance.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safeguarding_rules.cli.arguments import add_places, add_today
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, counted, note, progress, say
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.testing.coverage_bench import benches_of
from safeguarding_rules.testing.coverage_full import coverage_of
from safeguarding_rules.testing.stacks import Stacks
from safeguarding_rules.testing.suggest import Suggestions, file_of, suggest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("pack", metavar="PATH", type=Path, help="a pack folder")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write the file of cases here (default: to the terminal)")
    parser.add_argument("--apart", action="store_true", help="one vignette for each thing that is missing, instead of as few as possible")
    add_today(parser, "the day of cases that name none")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    show = progress()
    show("reading")
    benches = benches_of(Stacks([arguments.pack], arguments.path), arguments.today or now_in_london().date())
    if benches.problems:
        show("")
        return unusable(*benches.problems)
    if len(benches.packs) != 1:
        show("")
        return refused(f"`{arguments.pack}` holds {counted(len(benches.packs), 'pack')}", "name one version of one pack")
    found = suggest(benches, coverage_of(benches, show), apart=arguments.apart)[0]
    show("")
    text = file_of(found)
    if arguments.output is None:
        say(text.rstrip("\n"))
    else:
        try:
            write_whole(arguments.output, text.encode())
        except OSError as error:
            return not_written(arguments.output, error)
    _summary(found)
    return DONE


def _summary(found: Suggestions) -> None:
    fulfilled = sum(len(one.fulfils) for one in found.vignettes)
    if not fulfilled and not found.left:
        note(f"{found.pack} {found.version}: nothing is missing")
        return
    vignettes, missing = counted(len(found.vignettes), "vignette"), counted(fulfilled, "missing obligation")
    note(f"{found.pack} {found.version}: {vignettes} for {missing}; fill in what they expect")
    for one in found.left:
        note(f"no case was found in which {one.words}")
