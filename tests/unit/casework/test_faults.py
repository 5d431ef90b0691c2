"""A full disk, a read-only file, a lock, a server that goes: a clear error, nothing half-written, and on it goes once mended."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from safeguarding_rules.casework.journal import Journal, verify
from safeguarding_rules.diagnostics import JournalError
from tests.unit.casework.journals import filled, note
from tests.unit.casework.postgresql import Server, server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with filled(str(tmp_path / "journal.db"), 5):
        return tmp_path / "journal.db"


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server of its own, because other tests go on with theirs."""
    with server() as running:
        yield running


def in_a_child(work: Callable[[], object]) -> str:
    """Run something in a process of its own and return the code of the finding it ended with, or `done`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
            said = "done"
        except JournalError as error:
            said = error.diagnostics[0].code
        except BaseException as error:  # noqa: BLE001  told to the parent
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


def append(path: Path, number: int, *, size: int = 10) -> None:
    with Journal.open(path, wait=0.3) as journal:
        for i in range(number):
            journal.append([note(i, text="x" * size)])


def entries(path: Path) -> int:
    with Journal.open(path) as journal:
        found = verify(journal)
        assert found.sound, found.findings
        return found.entries


def test_a_full_disk_keeps_nothing_of_what_does_not_fit_and_goes_on_with_room(path: Path) -> None:
    def with_little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = path.stat().st_size + 20_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        append(path, 100, size=3000)

    assert in_a_child(with_little_room) == "SR945"
    before = entries(path)
    assert 6 <= before < 100
    append(path, 1, size=3000)
    assert entries(path) == before + 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write")
def test_a_file_that_may_not_be_written_is_read_and_not_written(path: Path) -> None:
    for folder in (path.parent, *path.parent.parents[:-2]):
        folder.chmod(0o755)
    path.chmod(0o644)
    path.with_name("journal.db-journal").unlink(missing_ok=True)

    def as_somebody_else(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            os.setgid(65534)
            os.setuid(65534)
            work()

        return run

    assert in_a_child(as_somebody_else(lambda: append(path, 1))) == "SR944"
    assert in_a_child(as_somebody_else(lambda: entries(path))) == "done"
    append(path, 1)
    assert entries(path) == 7


def test_a_locked_journal_says_so_and_goes_on_when_it_is_free(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match=r"SR946.*nothing was kept"):
            append(path, 1)
        other.execute("ROLLBACK")
    append(path, 1)
    assert entries(path) == 7


def test_a_damaged_file_says_so(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])
    with pytest.raises(JournalError, match="SR948"):
        append(path, 1)


def test_a_server_that_goes_and_comes_back(own_server: Server) -> None:
    with filled(own_server.url(), 5) as journal:
        own_server.kill()
        with pytest.raises(JournalError, match=r"SR947.*nothing was kept"):
            journal.append([note(6)])
        own_server.start()
        for _ in range(2):
            journal.append([note(7)])
        found = verify(journal)
        assert (found.sound, found.entries) == (True, 8)


def test_a_server_that_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="SR947"):
        Journal.open(f"postgresql://nobody@/nothing?host={tmp_path}")
