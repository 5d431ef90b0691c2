"""Check packs: read them, link each with every pack it can be in force with, lint.

Findings show the line they are about and what to do. Errors fail the check,
warnings do not. With --watch, again whenever a file changes, until Ctrl-C.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from pathlib import Path

from safeguarding_rules.cli.arguments import add_paths, add_places, add_today
from safeguarding_rules.cli.findings import pictures, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, note, progress, say
from safeguarding_rules.cli.watching import changes, look
from safeguarding_rules.diagnostics import in_order, render_json, render_sarif
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.testing.checking import Checked, check_packs
from safeguarding_rules.testing.stacks import Stacks

_NAMED = 3
"""How many changed files are named; a folder that was moved has many."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_paths(parser)
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="text to read (default); json or sarif for programs")
    parser.add_argument("--strict", action="store_true", help="warnings fail the check too")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file changes; Ctrl-C ends it")
    add_today(parser, "the day by which reviews are overdue")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    return _watch(arguments) if arguments.watch else _check(arguments)


def _watch(arguments: argparse.Namespace) -> int:
    """Check, and again at every change; Ctrl-C ends it with what the last check came to."""
    places = [Path(path) for path in (*arguments.paths, *arguments.path)]
    code = DONE
    try:
        seen = look(places)
        for changed in itertools.chain([()], changes(places, seen)):
            if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
                sys.stdout.write("\x1b[2J\x1b[H")
            if changed:
                more = f" and {counted(len(changed) - _NAMED, 'more file')}" if len(changed) > _NAMED else ""
                note(f"changed: {', '.join(str(path) for path in changed[:_NAMED])}{more}")
            code = _check(arguments)
            sys.stdout.flush()
            note("waiting for changes; Ctrl-C ends it")
    except KeyboardInterrupt:
        note("")
    return code


def _check(arguments: argparse.Namespace) -> int:
    show = progress()
    checked, failed = check_packs(Stacks(arguments.paths, arguments.path), arguments.today or now_in_london().date(), show)
    show("")
    found = in_order(diagnostic for pack in checked for diagnostic in pack.diagnostics)
    if arguments.format == "text":
        if found:
            say(f"{pictures(found, {file: text for pack in checked for file, text in pack.texts.items()}, sys.stdout)}\n")
        for pack in checked:
            say(_line(pack))
    else:
        say((render_json if arguments.format == "json" else render_sarif)(found))
    if failed:
        return unusable(*failed)
    worst = {diagnostic.severity for diagnostic in found}
    return FINDINGS if "error" in worst or (arguments.strict and "warning" in worst) else DONE


def _line(pack: Checked) -> str:
    numbers = [(sum(1 for one in pack.diagnostics if one.severity == severity), severity) for severity in ("error", "warning", "note")]
    found = ", ".join(counted(number, severity) for number, severity in numbers if number) or "nothing found"
    accepted = f" ({pack.accepted} accepted)" if pack.accepted else ""
    above = list(dict.fromkeys(" and ".join(others) for _, others in pack.stacks if others))
    return f"{f'{pack.id} {pack.version}'.rstrip()}: {found}{accepted}" + (f"; linked with {'; with '.join(above)}" if above else "")
