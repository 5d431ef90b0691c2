"""A real PostgreSQL server for tests: in a folder of its own, reached through a socket, run by a user without rights, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SETTINGS = ("listen_addresses=", "max_connections=40", "shared_buffers=16MB", "autovacuum=off")


def binaries() -> Path | None:
    """The folder of the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found and os.environ.get("CI") == "true" and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "postgresql"], check=False, capture_output=True)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


@dataclass
class Server:
    """A server that can be stopped, killed and started again."""

    bin: Path
    folder: Path
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", role: str = "journal") -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, user=self.user, check=check, capture_output=True, cwd=self.folder)

    def start(self, *, prefix: tuple[str, ...] = (), settings: tuple[str, ...] = ()) -> None:
        options = [part for setting in (*SETTINGS, f"unix_socket_directories={self.folder}", *settings) for part in ("-c", setting)]
        log = (self.folder / "log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*prefix, str(self.bin / "postgres"), "-D", str(self.data), *options],
                user=None if prefix else self.user,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        for _ in range(600):
            if self.run(str(self.bin / "pg_isready"), "-q", "-h", str(self.folder), check=False).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                os.kill(self.postmaster(), how)
            self.process.wait(timeout=60)
            self.process = None

    def kill(self) -> None:
        """Kill every process of the server at once, as a crash does."""
        main = self.postmaster()
        children = subprocess.run(["pgrep", "-P", str(main)], capture_output=True, check=False, text=True).stdout.split()
        for pid in (main, *map(int, children)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        assert self.process is not None
        self.process.wait(timeout=60)
        self.process = None
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for socket in self.folder.glob(".s.PGSQL*"):
            socket.unlink()

    def database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        self.run(str(self.bin / "createdb"), "-h", str(self.folder), "-U", "journal", name)
        return self.url(name)


@contextmanager
def server(within: Path | None = None) -> Iterator[Server]:
    """A running server, its folder within a folder if one is given. Skips the test where there is no PostgreSQL."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    user = None
    if os.geteuid() == 0:
        user = next((name for name in ("postgres", "nobody") if _known(name)), None)
    place = within or Path("/") / "tmp"  # the path of a socket must be short
    folder = Path(tempfile.mkdtemp(prefix="sr-pg-", dir=place))
    if user is not None:
        shutil.chown(folder, user)
    running = Server(programs, folder, user)
    try:
        running.run(str(programs / "initdb"), "-D", str(running.data), "-U", "journal", "--no-sync", "-E", "UTF8", "--locale=C", "-A", "trust")
        running.start()
        yield running
    finally:
        running.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
