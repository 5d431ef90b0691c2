"""Make, list and take out keys of callers of `serve`.

The file holds no key, only what tells whether a key is right: a key is shown
once, when it is made.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from safeguarding_rules.cli.arguments import day
from safeguarding_rules.cli.files import write_whole
from safeguarding_rules.cli.findings import not_written, refused
from safeguarding_rules.cli.terminal import DONE, note, say
from safeguarding_rules.language.deadlines import LONDON

if TYPE_CHECKING:
    from safeguarding_rules.web.api.keys import KeyFile

_SCOPES = ("decide", "read", "metrics")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("what", choices=("add", "list", "remove"), help="what to do")
    parser.add_argument("file", metavar="FILE", type=Path, help="the file of keys; `add` makes it where there is none")
    parser.add_argument("key", metavar="ID", nargs="?", help="which key to remove")
    parser.add_argument("--name", help="whose key it is, for people to read; no names of children")
    parser.add_argument(
        "--scope", action="append", choices=_SCOPES, default=[], help="what the key allows; may be given again (default: decide, read)"
    )
    parser.add_argument("--expires", type=day, metavar="DATE", help="the last day on which the key works (default: it does not expire)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    from safeguarding_rules.web.api.keys import KeyFile, KeyFileError, read_keys  # noqa: PLC0415  models are loaded when they are needed

    try:
        missing = arguments.what == "add" and not arguments.file.exists()
        kept = KeyFile() if missing else read_keys(arguments.file)
    except KeyFileError as error:
        return refused(str(error))
    if arguments.what == "add":
        return _add(arguments, kept)
    if arguments.what == "remove":
        return _remove(arguments, kept)
    now = datetime.now(UTC)
    for key in kept.keys:
        until = (
            "does not expire"
            if key.expires is None
            else f"{'expired' if key.expired(now) else 'until'} {key.expires.astimezone(LONDON):%Y-%m-%d %H:%M}"
        )
        say(f"{key.id}  {key.name}: {', '.join(key.scopes)}; made {key.created:%Y-%m-%d}; {until}")
    if not kept.keys:
        note("there are no keys")
    return DONE


def _add(arguments: argparse.Namespace, kept: KeyFile) -> int:
    from safeguarding_rules.web.api.keys import new_key  # noqa: PLC0415

    if not arguments.name:
        return refused("a key needs a name", "say whose it is: --name 'Office system'")
    expires = None if arguments.expires is None else datetime.combine(arguments.expires, time(23, 59, 59), LONDON)
    text, key = new_key(
        arguments.name, tuple(dict.fromkeys(arguments.scope)) or ("decide", "read"), datetime.now(UTC).replace(microsecond=0), expires
    )
    code = _write(arguments.file, kept.model_copy(update={"keys": (*kept.keys, key)}))
    if code == DONE:
        say(text)
        note("this key is shown once and kept nowhere; hand it over safely")
    return code


def _remove(arguments: argparse.Namespace, kept: KeyFile) -> int:
    left = tuple(key for key in kept.keys if key.id != arguments.key)
    if len(left) == len(kept.keys):
        return refused(f"there is no key `{arguments.key}`", f"`safeguarding-rules keys list {arguments.file}` shows them")
    return _write(arguments.file, kept.model_copy(update={"keys": left}))


def _write(path: Path, kept: KeyFile) -> int:
    try:
        fresh = not path.exists()
        write_whole(path, kept.to_bytes())
        if fresh:
            path.chmod(0o600)
    except OSError as error:
        return not_written(path, error)
    return DONE
