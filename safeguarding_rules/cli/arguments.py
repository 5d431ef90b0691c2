"""Arguments that several commands take, and how their values are read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from safeguarding_rules.language.deadlines import LONDON


def add_pack(parser: argparse.ArgumentParser) -> None:
    """Take one PACK."""
    parser.add_argument("pack", metavar="PACK", help="a pack's id (kscmp), an id at a version (ukcis@2020.12), or a path to a pack folder")


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Take PATHs of packs."""
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a pack folder, or a folder of packs")


def add_places(parser: argparse.ArgumentParser) -> None:
    """Take further places to look for packs."""
    parser.add_argument("--path", metavar="DIR", action="append", type=Path, default=[], help="a further place to look for packs; may be given again")


def add_today(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Take the day that counts as today."""
    parser.add_argument("--today", type=day, metavar="DATE", help=f"{meaning} (default: today)")


def places_for(pack: str, given: Sequence[Path]) -> tuple[Path, ...]:
    """Return where to look for the packs above a PACK: the places given, and beside it where it is a folder."""
    if not Path(pack).exists():
        return tuple(given)
    from safeguarding_rules.testing.stacks import neighbourhoods  # noqa: PLC0415  slow to load, and only folders need it

    return (*given, *neighbourhoods([Path(pack)]))


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a day; write it as in 2026-11-22") from None


def moment(text: str) -> datetime:
    """Read a moment; without a time zone it is London's."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a time; write it as in 2026-11-22T09:30") from None
    return read if read.tzinfo is not None else read.replace(tzinfo=LONDON)
