"""Lay the YAML files of packs out one way, keeping comments and order.

Two spaces for each level, lists indented below their key, at most one blank line,
long texts folded. What a file says never changes; CSV tables are left alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, FINDINGS, counted, progress, say
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.reading import files_in_folder
from safeguarding_rules.reading.layout import laid_out
from safeguarding_rules.reading.places_to_look import locations_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a pack folder, a folder of packs, or a YAML file")
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a file would change")


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    show = progress()
    errors: list[PackError] = []
    try:
        files = list(dict.fromkeys(file for path in arguments.paths for file in _files(path)))
    except PackError as error:
        return unusable(error)
    if not files:
        return refused("there are no YAML files there", "give a pack folder, such as policy_packs/kscmp/2024.9")
    changed = 0
    for file in files:
        show(str(file))
        try:
            content = file.read_bytes()
            text = laid_out(content, file.as_posix()).encode()
            if text != content and not arguments.check:
                write_whole(file, text)
        except PackError as error:
            errors.append(error)
            continue
        except OSError as error:
            show("")
            return not_written(file, error)
        if text != content:
            changed += 1
            show("")
            say(f"{'would lay out' if arguments.check else 'laid out'} {file}")
    show("")
    if errors:
        return unusable(*errors)
    if not changed:
        say(f"{counted(len(files), 'file')}: nothing to change")
    return FINDINGS if arguments.check and changed else DONE


def _files(path: Path) -> Iterator[Path]:
    """Yield the YAML files of the packs at a path, or the one file it is. Raises PackError."""
    if path.suffix == ".yaml" and path.is_file():
        yield path
        return
    for location in locations_in(path):
        if location.folder is not None:
            found = files_in_folder(location.folder)
            yield from (location.folder / name for name in found.contents if name.endswith(".yaml"))
