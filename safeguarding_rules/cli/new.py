"""Start a pack of your own: a local layer on a pack that is there, with comments that teach.

`new pack ID` writes ID/VERSION with one example of everything. It passes `check` and
`test` at once; replace the examples piece by piece.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from shlex import quote
from string import Template

from safeguarding_rules.cli.arguments import add_places, places_for
from safeguarding_rules.cli.findings import not_written, refused, unusable
from safeguarding_rules.cli.terminal import DONE, say
from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.language.schemas import write_schemas
from safeguarding_rules.language.shapes import name_problem
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.testing.stacks import policy_of

_LEAP_DAY = (2, 29)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("what", choices=("pack",), help="what to start: a pack")
    parser.add_argument("id", metavar="ID", help="its id: lower case, with `_` or `-`, such as my-school")
    parser.add_argument("--extends", metavar="PACK", default="ukcis", help="the pack it builds on (default: ukcis)")
    parser.add_argument("--layer", choices=("local", "setting"), help="whose arrangements it holds (default: local on a national pack, else setting)")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, default=Path(), help="where to put the folder ID (default: here)")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    problem = name_problem(arguments.id)
    if problem is not None:
        return refused(problem.message, problem.help)
    today = now_in_london().date()
    try:
        policy = policy_of(arguments.extends, today, places_for(arguments.extends, arguments.path))
        above = policy.packs[-1]
        in_force = above if above.status == "draft" else policy_of(above.id, today, arguments.path).packs[-1]
    except PackError as error:
        return unusable(error)
    folder: Path = arguments.output / arguments.id / f"{today.year}.{today.month}"
    if in_force.version != above.version:
        return refused(f"`{above.id}` {above.version} is not in force today", f"name the pack without a version: `--extends {above.id}`")
    if arguments.id in {pack.id for pack in policy.packs} or folder.exists():
        return refused(f"there is a `{arguments.id}` already", "nothing was written; choose another id or place")
    return _start(folder, _values(arguments.id, arguments.layer, policy, today, folder))


def _start(folder: Path, values: Mapping[str, str]) -> int:
    try:
        _write(folder, values)
    except OSError as error:
        return not_written(folder, error)
    say(f"{folder}: a draft that builds on {values['parent']}. Next:")
    for command in ("check", "test"):
        say(f"  safeguarding-rules {command} {quote(str(folder))}")
    say(f"  read {folder / 'README.md'}")
    return DONE


def _values(pack: str, layer: str | None, policy: Policy, today: date, folder: Path) -> Mapping[str, str]:
    """Return what the templates leave open."""
    above = policy.packs[-1]
    schemas = _schemas(folder)
    top = len(policy.outcomes) - 1
    rule, rank = next(((rule.id, rule.outcome) for rule in policy.rules if rule.outcome is not None and rule.outcome < top), ("pack/rule", top - 1))
    return {
        "id": pack,
        "name": pack.replace("-", "_"),
        "version": f"{today.year}.{today.month}",
        "title": pack.replace("-", " ").replace("_", " ").capitalize(),
        "layer": layer or ("local" if above.layer == "national" else "setting"),
        "parent": above.id,
        "extends": f'{{pack: {above.id}, version: "{above.version}"}}' if above.status == "draft" else f"{{pack: {above.id}}}",
        "today": today.isoformat(),
        "review": today.replace(year=today.year + 1, day=28 if (today.month, today.day) == _LEAP_DAY else today.day).isoformat(),
        "statement": pack.replace("_", "-").upper(),
        "rule": rule,
        "outcome": policy.outcomes[rank + 1].name,
        "mildest": policy.outcomes[0].name,
        "unsettled": policy.outcomes[policy.when_unsettled.outcome].name,
        "folder": quote(folder.as_posix()),
        "schemas": schemas,
        "rules_schemas": f"../{schemas}",
    }


def _schemas(folder: Path) -> str:
    """Return how files of the pack name the folder of schemas: one that lies above, else one beside the packs."""
    place = folder.resolve()
    above = next((parent / "schemas" for parent in place.parents if (parent / "schemas" / "pack.schema.json").is_file()), None)
    return Path(os.path.relpath(above or place.parent.parent / "schemas", place)).as_posix()


def _write(folder: Path, values: Mapping[str, str]) -> None:
    _copy(files("safeguarding_rules.cli") / "scaffold", folder, values)
    schemas = (folder / values["schemas"]).resolve()
    if not schemas.exists():
        schemas.mkdir()
        write_schemas(schemas)


def _copy(source: Traversable, target: Path, values: Mapping[str, str]) -> None:
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name, values)
        elif entry.name.endswith((".yaml", ".md")):
            text = Template(entry.read_text(encoding="utf-8")).substitute(values)
            (target / entry.name).write_text(text, encoding="utf-8", newline="\n")
