"""Serves the workbench on the loopback address of this computer, and nowhere else.

Comes in: paths and a port. Goes out: a running server until it is told to stop. Promised: the address is always 127.0.0.1; requests are not logged.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import uvicorn

from safeguarding_rules.web.workbench.app import Workbench
from safeguarding_rules.web.workbench.library import Library

ADDRESS: Final = "127.0.0.1"
_WAITING: Final = 128


def listening(port: int) -> socket.socket:
    """A socket on a port of the loopback address; 0 for any that is free. Raises OSError where it is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((ADDRESS, port))
        found.listen(_WAITING)  # from here on connections wait for the server instead of being refused
    except OSError:
        found.close()
        raise
    return found


class _Server(uvicorn.Server):
    """Ends open streams first, so that stopping does not wait for them."""

    def __init__(self, config: uvicorn.Config, workbench: Workbench) -> None:
        super().__init__(config)
        self._workbench = workbench

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._workbench.stop()
        await super().shutdown(sockets)


def server_of(paths: Sequence[Path], also: Sequence[Path], today: Callable[[], date], listener: socket.socket) -> uvicorn.Server:
    """A server over some packs, ready to `run(sockets=[listener])`."""
    workbench = Workbench(Library(paths, also, today))
    app = workbench.app(listener.getsockname()[1])
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=2, limit_concurrency=64)
    return _Server(config, workbench)
