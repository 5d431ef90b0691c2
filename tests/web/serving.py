"""A workbench that really serves, over a folder of packs that a test may edit."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic, sleep

import uvicorn

from safeguarding_rules.web.workbench.serving import listening, server_of

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)


@dataclass
class Served:
    """Where the workbench is, and the packs it shows."""

    address: str
    folder: Path

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file of the packs, as an editor does."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def at_once() -> None:
    """Stands in for what makes the process that runs cases and proofs step back; beside other tests it would get no turn."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Served]:
    """Serve a folder on a port, or on a free one, until the block ends."""
    listener = listening(port)
    server: uvicorn.Server = server_of([folder], [], lambda: TODAY, listener)
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
    thread.start()
    until = monotonic() + 30
    while not server.started:
        assert monotonic() < until
        sleep(0.02)
    try:
        yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", folder)
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive()


def shipped_copy(folder: Path) -> Path:
    """A copy of the packs in force that may be edited."""
    for name in ("ukcis/2024.3", "kscmp/2024.9"):
        shutil.copytree(ROOT / "policy_packs" / name, folder / name)
    return folder
