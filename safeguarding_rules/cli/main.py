"""`safeguarding-rules`: finds the command, loads its module and no other, runs it.

In: arguments. Out: an exit code: 0 done; 1 findings (failed check, case, proof, threshold); 2 the input could not be used; 3 undecided proof.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from safeguarding_rules import __version__
from safeguarding_rules.cli.terminal import DONE, UNUSABLE, WIDTH, columns, note, say

PROGRAM: Final = "safeguarding-rules"

COMMANDS: Final = {
    "decide": "decide one case",
    "ask": "ask what still matters about one case, then decide it",
    "case": "follow a case over time",
    "packs": "list the packs found, their versions and their state",
    "new": "start a pack of your own",
    "check": "check packs: read, link, lint",
    "fmt": "lay the files of a pack out",
    "lock": "check a pack and write its lock",
    "workbench": "show packs as pages that follow the files as you edit them",
    "docs": "write packs as pages that anyone can read",
    "test": "run the cases shipped in packs",
    "suggest": "write the vignettes that a pack lacks, answers left blank",
    "vignettes": "run cases that lie outside packs, and list answers that conflict",
    "mutate": "make small mistakes in packs and see whether a case notices",
    "prove": "prove every invariant and guarantee for all possible cases",
    "diff": "say which cases two versions decide differently",
    "batch": "decide every row of a CSV or Parquet file",
    "impact": "say what a change would have done to past cases",
    "serve": "answer over HTTP",
    "keys": "make and take out keys of callers of serve",
    "journal": "keep records that last: new, head, verify, erase, report",
    "replay": "decide a record again, and say what differs",
    "schema": "print a JSON Schema",
}
"""Every command, which is also the name of its module in this package, and what it does."""

_INTERRUPTED = 130
_PIPE_CLOSED = 141


class _Layout(argparse.RawDescriptionHelpFormatter):
    """Lays help out as wide as the terminal. Left to itself, argparse loads what packs archives to learn how wide that is."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """As argparse does it, but names with hyphens stay whole."""
        from textwrap import wrap  # noqa: PLC0415  only help needs it

        return wrap(" ".join(text.split()), width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Paragraphs no wider than a page; tables, which have several spaces in a line, stay as they are."""
        from textwrap import fill  # noqa: PLC0415  only help needs it

        shown = (
            part if any("  " in line.strip() for line in part.splitlines()) else fill(part, min(width, WIDTH), break_on_hyphens=False)
            for part in text.strip().split("\n\n")
        )
        return "\n\n".join(indent + part for part in shown)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints end with where to look."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and stop."""
        from safeguarding_rules.diagnostics import suggest  # noqa: PLC0415  only a mistake needs it

        note(f"error: {message}")
        wrong = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if wrong is not None and (hint := suggest(wrong[1], re.findall(r"'([^']*)'", wrong[2]))):
            note(hint)
        note(f"`{self.prog} --help` shows how it is used")
        raise SystemExit(UNUSABLE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows another; a decision is never lost for it.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        code = _run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        note("stopped")
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    return code


def _run(given: Sequence[str]) -> int:
    name, *rest = given or [""]
    if name in ("", "-h", "--help", "help"):
        if name == "help" and rest:
            return _run([rest[0], "--help"])
        (say if name else note)(_help())
        return DONE if name else UNUSABLE
    if name in ("-V", "--version"):
        say(f"{PROGRAM} {__version__}")
        return DONE
    if name not in COMMANDS:
        return _unknown(name)
    module = import_module(f"safeguarding_rules.cli.{name}")
    parser = _Parser(prog=f"{PROGRAM} {name}", description=module.__doc__, formatter_class=_Layout, allow_abbrev=False)
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(rest))
    return code


def _unknown(name: str) -> int:
    from safeguarding_rules.diagnostics import suggest  # noqa: PLC0415  only a misspelt command needs it

    note(f"error: there is no command `{name}`")
    note(suggest(name, COMMANDS) or f"`{PROGRAM} --help` lists the commands")
    return UNUSABLE


def _help() -> str:
    lines = [
        f"usage: {PROGRAM} COMMAND …",
        "",
        "Safeguarding decisions for schools, from policy written as data.",
        "",
        *(f"  {name:<9} {summary}" for name, summary in COMMANDS.items()),
        "",
        f"`{PROGRAM} COMMAND --help` shows what a command takes.",
        "PACK is an id (kscmp), an id at a version (ukcis@2020.12), or a path to a pack.",
        "Exit codes: 0 done; 1 findings; 2 the input could not be used; 3 undecided.",
    ]
    return "\n".join(lines)
