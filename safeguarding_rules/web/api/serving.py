"""Runs the API until it is told to end, and follows its files while it runs.

In: what to serve. Out: nothing; it answers. Promised: packs are swapped whole, and only when the new ones pass every check; a key that was taken out
of the file stops working within seconds; when told to end, requests in hand are answered first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from watchfiles import awatch

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.web.api import policies
from safeguarding_rules.web.api.app import Serving, build
from safeguarding_rules.web.api.guard import LOG, AnswerLines
from safeguarding_rules.web.api.keys import KeyFileError, Keys, read_keys
from safeguarding_rules.web.api.protocol import BoundedProtocol

GRACE = 10  # seconds for requests in hand


@dataclass(frozen=True)
class Files:
    """The files that a server follows."""

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    keys: Path | None = None
    watch: bool = False

    def concerned(self, names: Iterable[str]) -> tuple[bool, bool]:
        """Whether a change of these files concerns the keys, and whether it concerns the packs."""
        changed = {Path(name).resolve() for name in names}
        keys = self.keys is not None and self.keys.resolve() in changed
        return keys, self.watch and any(name.is_relative_to(path.resolve()) for name in changed for path in self.paths)


async def reload_packs(serving: Serving, files: Files) -> bool:
    """Load the packs again and swap them in if they pass every check. Tells whether they did."""
    try:
        found = await asyncio.to_thread(policies.load, files.names, files.paths)
    except PackError as error:
        serving.reload_failed = True
        serving.metrics.reloaded("refused")
        for diagnostic in error.diagnostics:
            LOG.warning("packs not swapped: %s", diagnostic)
        return False
    before = {name: served.engine.program.fingerprint for name, served in serving.policies.packs.items()}
    after = {name: served.engine.program.fingerprint for name, served in found.packs.items()}
    serving.policies, serving.reload_failed = found, False
    serving.metrics.reloaded("unchanged" if before == after else "swapped")
    LOG.info("packs loaded: %s", ", ".join(f"{name} {fingerprint}" for name, fingerprint in after.items()))
    return True


def reload_keys(serving: Serving, path: Path) -> None:
    """Read the keys again; a file that cannot be used leaves those before it in use."""
    try:
        serving.keys = Keys.of(read_keys(path))
    except KeyFileError as error:
        LOG.warning("keys not read again: %s", error)


async def follow(serving: Serving, files: Files, stop: asyncio.Event) -> None:
    """Follow the files until `stop` is set."""
    watched: list[Path] = [*(files.paths if files.watch else ()), *([files.keys.parent] if files.keys is not None else [])]
    if not watched:
        await stop.wait()
        return
    async for changes in awatch(*watched, stop_event=stop, step=100, debounce=400):
        keys, packs = files.concerned(name for _, name in changes)
        if keys and files.keys is not None:
            reload_keys(serving, files.keys)
        if packs:
            await reload_packs(serving, files)


def application(serving: Serving, files: Files) -> object:
    """The application with its following of files, for any ASGI server."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        running: set[asyncio.Task[object]] = {asyncio.create_task(follow(serving, files, stop))}
        loop = asyncio.get_running_loop()

        def again() -> None:
            task: asyncio.Task[object] = loop.create_task(reload_packs(serving, files))
            running.add(task)
            task.add_done_callback(running.discard)

        with contextlib.suppress(NotImplementedError, RuntimeError, AttributeError, ValueError):  # Windows, or a server in a thread of a test
            loop.add_signal_handler(signal.SIGHUP, again)
        yield
        stop.set()
        await asyncio.gather(*running, return_exceptions=True)

    return build(serving, lifespan)


def run(serving: Serving, files: Files, listening: Sequence[socket.socket]) -> None:
    """Answer on sockets until told to end (SIGTERM, or Ctrl-C)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    serving.lines = AnswerLines(sys.stderr.write)
    config = uvicorn.Config(
        application(serving, files),  # type: ignore[arg-type]  # uvicorn's own type of applications
        access_log=False,  # its lines hold what callers sent
        log_level="warning",
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE,
        http=BoundedProtocol,
        proxy_headers=False,  # a caller could give itself another address for each request
    )
    try:
        uvicorn.Server(config).run(sockets=list(listening))
    finally:
        serving.lines.flush()
