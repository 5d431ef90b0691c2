"""Answer over HTTP: decisions for products written in other languages.

Without PACK, every pack with a version in force is served. On an address that
others can reach, callers need a key: `safeguarding-rules keys add FILE` makes
one. Nothing about a case is kept or logged. Ctrl-C or SIGTERM ends it; SIGHUP
loads the packs again. A draft is not served; `workbench` tries one.
"""

from __future__ import annotations

import argparse
import ipaddress
import socket
from collections.abc import Sequence
from pathlib import Path

from safeguarding_rules.cli.arguments import add_places
from safeguarding_rules.cli.findings import refused, unusable
from safeguarding_rules.cli.terminal import DONE, note
from safeguarding_rules.diagnostics import Diagnostic, PackError

_BY_ID = "a server decides by packs in force, named by their id: `serve ID --path FOLDER`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("packs", metavar="PACK", nargs="*", help="ids of the packs to serve (default: all)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (default: 8080; 0 takes a free one)")
    parser.add_argument("--keys", metavar="FILE", type=Path, help="the file of keys; needed for any address but this machine's")
    parser.add_argument("--open", action="store_true", help="let anybody who reaches the address decide, without a key")
    parser.add_argument("--name", metavar="HOST", action="append", default=[], help="a name that callers use for this server; others are refused")
    parser.add_argument("--watch", action="store_true", help="load packs again when a file under a --path changes")
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second from one caller (default: 100; 0: no limit)")
    parser.add_argument("--burst", type=int, default=200, help="requests that a caller may send at once (default: 200)")
    parser.add_argument("--cases", type=int, default=10_000, help="cases in one batch (default: 10000)")
    parser.add_argument("--megabytes", type=int, default=32, help="size of the body of a batch (default: 32)")
    parser.add_argument("--seconds", type=float, default=30.0, help="time for a batch (default: 30)")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    local = _is_loopback(arguments.host)
    if arguments.keys is None and not local and not arguments.open:
        help_ = "make keys with `safeguarding-rules keys add FILE` and say --keys FILE; --open lets anybody in"
        return refused(f"callers of {arguments.host} need keys", help_)
    try:
        from safeguarding_rules.web.api import policies, serving  # noqa: PLC0415  the extra may be missing
    except ModuleNotFoundError as error:
        return refused(f"serving needs more than is installed ({error.name})", "pip install 'safeguarding-rules[web]'")
    from safeguarding_rules.web.api.app import LOOPBACK, Serving  # noqa: PLC0415
    from safeguarding_rules.web.api.keys import KeyFileError, Keys, read_keys  # noqa: PLC0415
    from safeguarding_rules.web.api.limits import Limits  # noqa: PLC0415

    try:
        keys = None if arguments.keys is None else Keys.of(read_keys(arguments.keys))
        found = policies.load(_ids(arguments.packs), arguments.path)
        listening = socket.create_server((arguments.host, arguments.port), family=_family(arguments.host), backlog=2048)
    except KeyFileError as error:
        return refused(str(error), "`safeguarding-rules keys add FILE` makes one")
    except PackError as error:
        return unusable(error)
    except (OSError, OverflowError) as error:
        return refused(f"cannot listen on {arguments.host} port {arguments.port}: {str(getattr(error, 'strerror', None) or error).lower()}")
    limits = Limits(
        largest_batch=arguments.megabytes * 1024 * 1024,
        most_cases=arguments.cases,
        batch_seconds=arguments.seconds,
        rate=arguments.rate,
        burst=arguments.burst,
    )
    # A page in a browser on this machine must not be able to ask in its user's place, by a name that leads here.
    names = frozenset(name.lower() for name in arguments.name)
    hosts = names or (LOOPBACK if local and keys is None else None)
    state = Serving(found, limits, keys, hosts)
    files = serving.Files(tuple(arguments.packs), tuple(arguments.path), arguments.keys, arguments.watch)
    with listening:
        host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
        note(f"answering on http://{host}:{listening.getsockname()[1]} by {', '.join(found.packs)}; {_who(arguments)}")
        serving.run(state, files, [listening])
    return DONE


def _ids(names: Sequence[str]) -> Sequence[str]:
    """The names as ids of packs. Raises PackError for a folder."""
    folders = [name for name in names if name.startswith(".") or "/" in name]
    if folders:
        raise PackError([Diagnostic("SR301", "error", f"`{name}` is a folder, not the id of a pack", None, _BY_ID) for name in folders])
    return names


def _who(arguments: argparse.Namespace) -> str:
    if arguments.keys is not None:
        return "callers need a key"
    return "anybody who reaches it may ask" if arguments.open else "this machine only, no key needed"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
