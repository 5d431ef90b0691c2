"""Say what a change of policy would have done to past cases.

OLD and NEW are packs: an id, an id at a version, a path, or git:REVISION:PATH.
TABLE is a CSV or Parquet file of past cases whose columns are facts. Every row is
decided by both. Shown are counts: what became of each outcome, which duties change,
which rules bring it, and one example of each kind of change, cut down to the facts
that matter. Numbers below --smallest are not shown, nor ones that give them away.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safeguarding_rules.cli.arguments import add_places, add_today, day
from safeguarding_rules.cli.batch import NEEDS, telling
from safeguarding_rules.cli.diff_sources import stand_of
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, say
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.engine import now_in_london


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("old", metavar="OLD", help="the policy before the change")
    parser.add_argument("new", metavar="NEW", help="the policy after it")
    parser.add_argument("table", metavar="TABLE", type=Path, help="a .csv or .parquet file whose columns are facts")
    parser.add_argument("--skip", metavar="COLUMN", action="append", default=[], help="a column that is about no fact; may be given again")
    parser.add_argument("--smallest", metavar="NUMBER", type=int, default=5, help="the smallest number of cases shown (default: 5; 1 shows all)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json")
    parser.add_argument("--picture", metavar="FILE", type=Path, help="draw how cases flow from old to new outcomes: .svg, .png or .pdf")
    parser.add_argument("--old-on", type=day, metavar="DATE", help="the day of OLD (default: today, or its last day in force)")
    parser.add_argument("--new-on", type=day, metavar="DATE", help="the day of NEW (default: today, or its last day in force)")
    add_today(parser, "the day that counts as today")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if arguments.smallest < 1:
        return refused(f"`--smallest {arguments.smallest}` leaves no number to show or to hide", "give 1 to show all numbers, or more")
    try:
        return _run(arguments)
    except ImportError as error:
        needed = ("the picture needs matplotlib", "pip install 'safeguarding-rules[plots]'") if (error.name or "").startswith("matplotlib") else NEEDS
        return refused(*needed)
    except (PackError, FactsError) as error:
        return unusable(error)


def _run(arguments: argparse.Namespace) -> int:
    from safeguarding_rules.cli import impact_text  # noqa: PLC0415  an extra
    from safeguarding_rules.tabular.impact import impact  # noqa: PLC0415
    from safeguarding_rules.tabular.table_files import TableError, open_table  # noqa: PLC0415

    form = None
    if arguments.picture is not None:
        from safeguarding_rules.tabular.flow_picture import FORMS, picture  # noqa: PLC0415  an extra of its own

        form = arguments.picture.suffix.lower().removeprefix(".")
        if form not in FORMS:
            return refused(f"`{arguments.picture}` would be no picture", "give it a name that ends in .svg, .png or .pdf")
    today = arguments.today or now_in_london().date()
    old, new = (stand_of(name, on, today, arguments.path) for name, on in ((arguments.old, arguments.old_on), (arguments.new, arguments.new_on)))
    told = telling()
    try:
        document = impact(old, new, open_table(arguments.table), skip=arguments.skip, smallest=arguments.smallest, progress=told)
    except TableError as error:
        return refused(error.message, error.help)
    finally:
        told(-1, 1)
    if form is not None:
        try:
            write_whole(arguments.picture, picture(document, form))
        except OSError as error:
            return not_written(arguments.picture, error)
    say(document.model_dump_json(by_alias=True, indent=2) if arguments.format == "json" else impact_text.render(document))
    return DONE
