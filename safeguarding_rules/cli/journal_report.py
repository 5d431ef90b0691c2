"""What `journal report` prints and draws."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from safeguarding_rules.casework.journal import Journal
from safeguarding_rules.casework.report import KINDS, JournalReport, report
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused
from safeguarding_rules.cli.terminal import DONE, note, say

_TABLES = (
    ("outcomes", "Outcome of the latest decision"),
    ("rules", "Rules met or presumed"),
    ("overdue", "Actions that were overdue"),
    ("unanswered", "Questions that stayed open"),
)


def run_report(arguments: argparse.Namespace) -> int:
    """Count, print, draw. Raises JournalError."""
    if arguments.smallest < 2:  # noqa: PLR2004
        return refused("`--smallest` is at least 2", "5 is usual; below 2 nothing would be protected")
    with Journal.open(arguments.place) as journal:
        found = report(journal.entries(kinds=KINDS), since=arguments.since, until=arguments.until, smallest=arguments.smallest)
    if arguments.plots is not None:
        try:
            from safeguarding_rules.casework.plots import plots  # noqa: PLC0415  needs the extra
        except ModuleNotFoundError:
            return refused("plots need matplotlib", "pip install 'safeguarding-rules[plots]'")
        folder = Path(arguments.plots)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in plots(found):
                write_whole(folder / name, content)
                note(f"{folder / name} written")
        except OSError as error:
            return not_written(folder, error)
    say(found.model_dump_json(indent=2, by_alias=True) if arguments.format == "json" else "\n".join(_text(found)))
    return DONE


def _text(found: JournalReport) -> Iterator[str]:
    if found.cases is None:
        yield f"There are fewer than {found.smallest} cases, or they cannot be told without telling single ones: no number is shown."
        return
    yield f"{found.cases} cases with a decision. A number below {found.smallest}, or one that would give it away, is not shown: `…`"
    for table, title in _TABLES:
        rows = getattr(found, table)
        if rows:
            yield f"\n{title}"
            yield from (f"  {_number(row.cases)}  {row.name}" for row in rows)
    if found.overrides:
        yield "\nDepartures from the advice"
        yield from (f"  {_number(row.cases)}  {row.rule}: {row.reason}" for row in found.overrides)


def _number(cases: int | None) -> str:
    return "    …" if cases is None else f"{cases:5d}"
