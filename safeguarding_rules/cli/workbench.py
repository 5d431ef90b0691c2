"""Show the packs of a folder as pages that follow the files while they are edited.

For authors: read the policy, try cases, see findings, examples, proofs and what
changed. Only this computer can see the pages. Stop with Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

from safeguarding_rules.cli.arguments import add_places, add_today
from safeguarding_rules.cli.findings import refused
from safeguarding_rules.cli.terminal import DONE, note, say
from safeguarding_rules.engine import now_in_london


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("folder", metavar="PATH", nargs="?", type=Path, default=Path(), help="a folder of packs, or a pack (default: this folder)")
    parser.add_argument(
        "--port", metavar="NUMBER", type=_port, default=8999, help="the port of the loopback address (default: 8999; 0: any free one)"
    )
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    add_today(parser, "the day that counts as today")
    add_places(parser)


def _port(text: str) -> int:
    found = int(text) if text.isdecimal() and len(text) < 6 else -1  # noqa: PLR2004  ports have up to five digits
    if not 0 <= found < 65536:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"`{text}` is not a port; write a number from 0 to 65535")
    return found


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if any(importlib.util.find_spec(name) is None for name in ("starlette", "uvicorn", "jinja2", "watchfiles")):
        return refused("the workbench needs packages that are not installed", "pip install 'safeguarding-rules[web]'")
    if not arguments.folder.exists():
        return refused(f"there is nothing at `{arguments.folder}`", "check the path")
    from safeguarding_rules.web.workbench.serving import ADDRESS, listening, server_of  # noqa: PLC0415  heavy, and only here

    try:
        listener = listening(arguments.port)
    except OSError:
        return refused(f"port {arguments.port} is taken", "give another with `--port`, or 0 for any that is free")
    address = f"http://{ADDRESS}:{listener.getsockname()[1]}/"
    server = server_of([arguments.folder], arguments.path, lambda: arguments.today or now_in_london().date(), listener)
    say(f"the workbench is at {address}")
    note("only this computer can see it; stop with Ctrl-C")
    if arguments.open:
        import webbrowser  # noqa: PLC0415

        webbrowser.open(address)
    server.run(sockets=[listener])
    return DONE
