"""Check packs: read them, link each with every pack it can be in force with, lint.

Findings show the line they are about and what to do.
"""

from __future__ import annotations

import argparse
import sys

from safeguarding_rules.cli.arguments import add_paths, add_places, day
from safeguarding_rules.cli.terminal import DONE, FINDINGS, pictures, progress, say, unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_paths(parser)
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="text to read (default); json or sarif for programs")
    parser.add_argument("--strict", action="store_true", help="warnings fail the check too")
    parser.add_argument("--today", type=day, metavar="DATE", help="the day by which reviews are overdue (default: today)")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    from safeguarding_rules.diagnostics import in_order, render_json, render_sarif  # noqa: PLC0415  `--help` loads nothing
    from safeguarding_rules.engine import now_in_london  # noqa: PLC0415
    from safeguarding_rules.testing.checking import check_packs  # noqa: PLC0415
    from safeguarding_rules.testing.stacks import Stacks  # noqa: PLC0415

    show = progress()
    today = arguments.today or now_in_london().date()
    checked, failed = check_packs(Stacks(arguments.paths, arguments.path), today, show)
    show("")
    found = in_order(diagnostic for pack in checked for diagnostic in pack.diagnostics)
    texts = {file: text for pack in checked for file, text in pack.texts.items()}
    if arguments.format == "text":
        if found:
            say(pictures(found, texts, sys.stdout))
            say()
        for pack in checked:
            say(_line(pack))
    elif not failed or found:
        say((render_json if arguments.format == "json" else render_sarif)(found))
    if failed:
        return unusable(*failed)
    worst = {diagnostic.severity for diagnostic in found}
    return FINDINGS if "error" in worst or (arguments.strict and "warning" in worst) else DONE


def _line(pack: object) -> str:
    from safeguarding_rules.testing.checking import Checked  # noqa: PLC0415

    assert isinstance(pack, Checked)  # noqa: S101
    counts = {severity: sum(1 for one in pack.diagnostics if one.severity == severity) for severity in ("error", "warning", "note")}
    found = ", ".join(f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in counts.items() if count) or "nothing found"
    withs = list(dict.fromkeys(" and ".join(others) for _, others in pack.stacks if others))
    beside = f", linked with {'; '.join(withs)}" if withs else ""
    accepted = f" ({pack.accepted} accepted)" if pack.accepted else ""
    return f"{pack.id} {pack.version}: {found}{accepted}{beside}"
