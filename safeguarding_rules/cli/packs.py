"""List the packs found: versions, days in force, state, locks, sign-off and reviews."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from safeguarding_rules.cli.arguments import add_places, add_today
from safeguarding_rules.cli.findings import pictures, unusable
from safeguarding_rules.cli.statements_report import ratios, statement_lines
from safeguarding_rules.cli.terminal import DONE, WIDTH, note, say
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.language.documents import Manifest
from safeguarding_rules.reading import Found, Pack, Registry

_STATES = {"draft": "draft", "in_force": "in force", "superseded": "superseded", "withdrawn": "withdrawn"}
_WRAPPER = textwrap.TextWrapper(WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text to read (default), or json for programs")
    parser.add_argument("--statements", action="store_true", help="also show how many statements of the sources are encoded, family by family")
    add_today(parser, "the day by which packs are in force and reviews overdue")
    add_places(parser)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A pack as it is listed; `pack` is None where it could not be read whole."""

    found: Found
    pack: Pack | None
    problems: tuple[Diagnostic, ...]
    current: bool
    """Whether it is the version in force today."""


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    today = arguments.today or now_in_london().date()
    registry = Registry(arguments.path)
    try:
        listed = list(_listed(registry, today))
    except PackError as error:
        return unusable(error)
    if astray := registry.astray():
        note(pictures(astray, {}, sys.stderr))
    if arguments.format == "json":
        say(json.dumps([_data(one, today) for one in listed], indent=2, ensure_ascii=False))
    else:
        say("\n\n".join(_text(one, today, statements=arguments.statements) for one in listed) or "no packs found")
    return DONE


def _listed(registry: Registry, today: date) -> Iterator[_Listed]:
    for found in registry.all_found():
        try:
            current = registry.in_force(found.id, today).version == found.version
        except PackError:
            current = False
        try:
            pack = registry.load(found, verify_lock=False)
        except PackError as error:
            yield _Listed(found, None, error.diagnostics, current)
        else:
            yield _Listed(found, pack, (), current)


def _text(one: _Listed, today: date, *, statements: bool = False) -> str:
    manifest = one.found.manifest
    lines = [f"{manifest.pack} {manifest.version}{', the version in force today' if one.current else ''}", f"  {manifest.title}"]
    extends = f", extends {manifest.extends.pack}" if manifest.extends is not None else ""
    lines.append(f"  {manifest.layer} layer{extends}; {_STATES[manifest.status]}, {_days(manifest)}")
    lines.append(f"  {_lock(one)}; {_signed(manifest)}; {_review(manifest, today)}")
    if one.pack is not None:
        lines.append(f"  {one.pack.digest}")
    lines.append(f"  {one.found.origin}")
    if statements and one.pack is not None:
        lines += statement_lines(one.pack)
    return "\n".join(part for line in lines for part in _WRAPPER.wrap(line))


def _days(manifest: Manifest) -> str:
    until = manifest.in_force.until
    return f"from {manifest.in_force.from_}" + (f" until {until} (not included)" if until is not None else "")


def _lock(one: _Listed) -> str:
    if one.pack is None:
        return f"cannot be read: {one.problems[0].message}"
    if one.pack.locked:
        return "locked"
    return "CHANGED since it was locked" if one.pack.source_text("pack.lock") else "not locked"


def _signed(manifest: Manifest) -> str:
    if not _is_signed(manifest) or manifest.sign_off is None:
        return "not signed off"
    on = f" on {manifest.sign_off.on}" if manifest.sign_off.on is not None else ""
    return f"signed off by {manifest.sign_off.by}{on}"


def _is_signed(manifest: Manifest) -> bool:
    return manifest.sign_off is not None and manifest.sign_off.by.strip().lower() != "none yet"


def _review(manifest: Manifest, today: date) -> str:
    if manifest.review_by is None:
        return "no review date"
    return f"REVIEW OVERDUE since {manifest.review_by}" if manifest.review_by <= today else f"review by {manifest.review_by}"


def _data(one: _Listed, today: date) -> dict[str, object]:
    manifest = one.found.manifest
    until, review = manifest.in_force.until, manifest.review_by
    return {
        "pack": manifest.pack,
        "version": manifest.version,
        "title": manifest.title,
        "publisher": manifest.publisher,
        "layer": manifest.layer,
        "extends": None if manifest.extends is None else manifest.extends.pack,
        "status": manifest.status,
        "in_force": {"from": manifest.in_force.from_.isoformat(), "until": None if until is None else until.isoformat()},
        "in_force_today": one.current,
        "digest": None if one.pack is None else one.pack.digest,
        "locked": one.pack is not None and one.pack.locked,
        "signed_off": _is_signed(manifest),
        "review_by": None if review is None else review.isoformat(),
        "review_overdue": review is not None and review <= today,
        "path": one.found.origin,
        "statements": {} if one.pack is None else {name: {"encoded": e, "of": t} for name, (e, t) in ratios(one.pack.statements.statements).items()},
        "problems": [str(problem) for problem in one.problems],
    }
