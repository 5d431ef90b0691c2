"""Runs the API until it is told to end, and follows its files while it runs.

In: what to serve. Out: nothing; it answers. Promised: packs are swapped whole, and only when the new ones pass every check; a key that was taken out
of the file stops working within seconds; when told to end, requests in hand are answered first.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
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
_PAUSE = 1.0  # seconds between two looks at the file of keys
_COLLECTED = (20_000, 20, 20)
"""How many new objects lead to a look for garbage. A request leaves none that only such a look finds, and a large body makes many objects at once."""


@dataclass(frozen=True)
class Files:
    """The files that a server follows."""

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    keys: Path | None = None
    watch: bool = False

    def concerned(self, names: Iterable[str]) -> bool:
        """Whether a change of these files concerns the packs."""
        changed = {Path(name).resolve() for name in names}
        return any(name.is_relative_to(path.resolve()) for name in changed for path in self.paths)

    def state_of_keys(self) -> tuple[int, ...] | None:
        """What changes whenever the file of keys does, also where it lies behind links; None while it cannot be seen."""
        try:
            state = self.keys.stat() if self.keys is not None else None
        except OSError:
            return None
        return None if state is None else (state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size)


def set_apart() -> None:
    """Have looks for garbage pass over what is there now: the policies are large, and stay. What they replaced is let go first."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def reload_packs(serving: Serving, files: Files) -> bool:
    """Load the packs again and swap them in if they pass every check. Tells whether they did.

    One at a time: a later load never loses to an earlier one.
    """
    async with serving.reloading:
        return await _reload_packs(serving, files)


async def _reload_packs(serving: Serving, files: Files) -> bool:
    try:
        found = await asyncio.to_thread(policies.load, files.names, files.paths)
    except PackError as error:
        serving.reload_failed = True
        serving.metrics.reloaded("refused")
        for diagnostic in error.diagnostics:
            LOG.warning("packs not swapped: %s", diagnostic)
        return False
    before, after = ({name: _fingerprint(one, name) for name in one.packs} for one in (serving.policies, found))
    serving.policies, serving.reload_failed = found, False
    set_apart()
    serving.metrics.reloaded("unchanged" if before == after else "swapped")
    LOG.info("packs loaded: %s", ", ".join(f"{name} {fingerprint}" for name, fingerprint in after.items()))
    return True


def _fingerprint(served: policies.Policies, name: str) -> str:
    program = served.program(name)
    return "none in force" if program is None else program.fingerprint


def reload_keys(serving: Serving, path: Path) -> None:
    """Read the keys again; a file that cannot be used leaves those before it in use."""
    try:
        serving.keys = Keys.of(read_keys(path))
    except KeyFileError as error:
        LOG.warning("keys not read again: %s", error)


async def follow(serving: Serving, files: Files, stop: asyncio.Event) -> None:
    """Follow the packs until `stop` is set, whatever happens on the way."""
    while files.watch and files.paths and not stop.is_set():
        try:
            async for changes in awatch(*files.paths, stop_event=stop, step=100, debounce=400):
                if files.concerned(name for _, name in changes):
                    await reload_packs(serving, files)
        except Exception:  # noqa: BLE001  whatever it was, files that change later are still to be seen
            LOG.exception("packs are not followed for a moment")
            await asyncio.sleep(_PAUSE)
    await stop.wait()


async def follow_keys(serving: Serving, files: Files, stop: asyncio.Event) -> None:
    """Read the keys again whenever their file changes, until `stop` is set. Looked at by its state, for links may lead to it."""
    state = files.state_of_keys()
    while files.keys is not None and not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _PAUSE)
        if (now := files.state_of_keys()) != state:
            state = now
            reload_keys(serving, files.keys)


def application(serving: Serving, files: Files) -> object:
    """The application with its following of files, for any ASGI server."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        running: set[asyncio.Task[object]] = {
            asyncio.create_task(follow(serving, files, stop)),
            asyncio.create_task(follow_keys(serving, files, stop)),
        }
        loop = asyncio.get_running_loop()
        usual = gc.get_threshold()
        gc.set_threshold(*_COLLECTED)
        set_apart()

        def again() -> None:
            task: asyncio.Task[object] = loop.create_task(reload_packs(serving, files))
            running.add(task)
            task.add_done_callback(running.discard)

        with contextlib.suppress(NotImplementedError, RuntimeError, AttributeError, ValueError):  # Windows, or a server in a thread of a test
            loop.add_signal_handler(signal.SIGHUP, again)
        yield
        gc.set_threshold(*usual)
        gc.unfreeze()
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
