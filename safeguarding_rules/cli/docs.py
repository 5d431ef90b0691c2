"""Write packs as pages that anyone can read: rules, tables, flow, sources, examples, changes.

Writes a folder of static pages that works from a web server and from a folder,
with a search, and one Markdown file for each version of a pack. Packs that the
named ones build on are written too, so that every link leads somewhere.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path

from safeguarding_rules.cli.arguments import add_paths, add_places, add_today, day
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, counted, note, progress, say
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.publishing.shelf import Placed, day_to_show, views_of, with_those_above
from safeguarding_rules.reading import Found
from safeguarding_rules.testing.stacks import Stacks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_paths(parser)
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write; it is made where it is not there")
    parser.add_argument("--on", type=day, metavar="DATE", help="show each pack as it stands on this day (default: today, or its last day in force)")
    parser.add_argument("--run-cases", action="store_true", help="run the cases too, and show how each came out and what they try out")
    add_today(parser, "the day that counts as today")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if importlib.util.find_spec("jinja2") is None:
        return refused("the pages need Jinja2, which is not installed", "pip install 'safeguarding-rules[web]'")
    show = progress()
    today = arguments.today or now_in_london().date()
    stacks = Stacks(arguments.paths, arguments.path)
    found, failed = stacks.targets()
    if failed:
        return unusable(*failed)
    try:
        placed = with_those_above([placed_on(stacks, one, arguments.on or day_to_show(one.manifest.in_force, today)) for one in found])
        views = list(views_of(placed, progress=show, today=today))
    except PackError as error:
        show("")
        return unusable(error)
    from safeguarding_rules.cli.docs_cases import published  # noqa: PLC0415  templates are loaded only where there is something to write
    from safeguarding_rules.publishing.site import site_of  # noqa: PLC0415

    files = list(site_of(published(views, stacks if arguments.run_cases else None, today, show)))
    try:
        for name, content in files:
            path = arguments.output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
    except OSError as error:
        show("")
        return not_written(arguments.output, error)
    show("")
    say(f"{counted(len(files), 'file')} written; start with {arguments.output / 'index.html'}")
    for folder in _left_from_before(arguments.output, {name for name, _ in files}):
        note(f"note: {folder} is of an earlier run and stays; delete it where nobody should read it any more")
    return DONE


def _left_from_before(output: Path, written: AbstractSet[str]) -> list[Path]:
    """The folders of packs that an earlier run wrote and this one did not: whoever has their address still reads them."""
    pages = (path.parent for path in output.glob("*/*/whole.html") if path.relative_to(output).as_posix() not in written)
    return sorted(folder for folder in pages if (folder / "statements.html").is_file())


def placed_on(stacks: Stacks, found: Found, on: date) -> Placed:
    """A pack as it stands on a day. Raises PackError."""
    decider = stacks.decider(found, on)
    return Placed(stacks.stack(found, on), decider, on)
