"""Check packs and write their locks.

A lock holds a digest of every file of a pack, so that nobody changes a policy
unnoticed. Only a pack that passes `check` is locked.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from safeguarding_rules.cli.arguments import add_paths, add_places
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, pictures, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, note, progress, say
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.reading import Pack, lock_text
from safeguarding_rules.reading.sources import LOCK
from safeguarding_rules.testing.checking import check_packs
from safeguarding_rules.testing.stacks import Stacks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    add_paths(parser)
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    show = progress()
    checked, failed = check_packs(Stacks(arguments.paths, arguments.path), now_in_london().date(), show)
    show("")
    code = DONE
    for one in checked:
        if not one.passed or one.pack is None:
            note(f"{pictures([found for found in one.diagnostics if found.severity == 'error'], one.texts, sys.stderr)}\n")
            note(f"{one.id} {one.version}: not locked, because of {counted(one.errors, 'error')}")
            code = FINDINGS
            continue
        path = Path(one.pack.origin) / LOCK
        try:
            changed = _lock(one.pack, path)
        except OSError as error:
            return not_written(path, error)
        say(f"{one.id} {one.version}: {'locked' if changed else 'already locked'}, {counted(len(one.pack.files), 'file')}, {one.pack.digest}")
    return unusable(*failed) if failed else code


def _lock(pack: Pack, path: Path) -> bool:
    """Write the lock of a pack and return True, or False where it is there already."""
    text = lock_text(pack.files, f"{pack.id} {pack.version}")
    if pack.locked and pack.source_text(LOCK) == text:
        return False
    write_whole(path, text.encode())
    return True
