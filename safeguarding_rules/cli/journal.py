"""Keep records that last.

new PLACE             start a journal: a file, or postgresql://user@host/name
head PLACE            print a receipt to keep elsewhere
verify PLACE          find what was changed, is missing, moved or cut off
list PLACE            the cases, and how many entries each has
show PLACE CASE       the entries of a case as JSON, one a line
keep PLACE PACK       keep a pack, and those above it, in the content store
erase PLACE CASE      erase the personal values of a case, for good
report PLACE          what was decided, in numbers without cases
key FILE              make a pair of keys: FILE, and FILE.pub
migrate PLACE         bring the tables of an older journal up to date
"""

from __future__ import annotations

import argparse

from safeguarding_rules.cli.arguments import add_places, day
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.diagnostics import FactsError, JournalError, PackError

ACTIONS = ("new", "head", "verify", "list", "show", "keep", "erase", "report", "key", "migrate")
_WITH_MORE = {"show": "CASE", "keep": "PACK", "erase": "CASE"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help=", ".join(ACTIONS))
    parser.add_argument("place", metavar="PLACE", help="a journal file, or postgresql://user@host/database; for `key` the file to write")
    parser.add_argument("what", metavar="CASE", nargs="?", help="for `show` and `erase` a case, for `keep` a PACK")
    parser.add_argument("--key", metavar="FILE", help="new, erase: sign entries with this private key")
    parser.add_argument(
        "--expect-head", metavar="RECEIPT", action="append", default=[], help="verify: a receipt, or a file with one; may be given again"
    )
    parser.add_argument("--public-key", metavar="FILE", action="append", default=[], help="verify: a key that may sign; may be given again")
    parser.add_argument("--reason", metavar="TEXT", help="erase: why, such as `end of retention`; nothing about a person")
    parser.add_argument("--yes", action="store_true", help="erase: do not ask")
    parser.add_argument("--from", dest="since", type=day, metavar="DATE", help="report: the first day")
    parser.add_argument("--until", type=day, metavar="DATE", help="report: the first day no longer counted")
    parser.add_argument("--smallest", type=int, default=5, metavar="NUMBER", help="report: smaller numbers are not shown (default: 5)")
    parser.add_argument("--plots", metavar="DIR", help="report: draw plots too, as SVG files in this folder")
    parser.add_argument("--on", type=day, metavar="DATE", help="keep: the versions in force on this day (default: today)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    action = arguments.action
    if (action in _WITH_MORE) != (arguments.what is not None):
        return refused(f"`journal {action}` takes PLACE{' and ' + _WITH_MORE[action] if action in _WITH_MORE else ' only'}")
    try:
        from safeguarding_rules.cli.journal_actions import run_action  # noqa: PLC0415  needs the extra
    except ModuleNotFoundError:
        return refused("the journal needs more libraries", "pip install 'safeguarding-rules[journal]'")
    try:
        return run_action(action, arguments)
    except (JournalError, PackError, FactsError) as error:
        return unusable(error)
