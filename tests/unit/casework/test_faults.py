"""A full disk, a read-only file, a lock, a server that goes: a clear error, nothing half-written, and on it goes once mended."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from safeguarding_rules.casework.journal import Draft, Journal, verify
from safeguarding_rules.diagnostics import JournalError
from tests.durability.scale import often
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


def test_a_server_that_goes_in_mid_write_says_what_became_of_it(own_server: Server) -> None:
    """Killed while it writes: what the error says of the entries is so, and on it goes once the server is back."""
    chance = random.Random(5)
    with Journal.create(own_server.url()) as journal:
        kept = 1
        for _ in range(often(2, 20)):
            killer = threading.Timer(chance.uniform(0, 0.05), own_server.kill)
            killer.start()
            done, error = until_it_fails(journal, lambda: [note(), note()])
            kept += done
            killer.join()
            own_server.start()
            found = verify(journal)
            unknown = "not known" in error
            assert unknown or "nothing was kept" in error
            assert "SR947" in error
            assert found.sound
            assert found.entries == kept or (unknown and found.entries == kept + 2)
            kept = found.entries
            journal.append([note(kept)])
            kept += 1


def test_a_server_whose_disk_is_full() -> None:
    """PostgreSQL stops when it cannot write its log; with room it goes on from what was acknowledged."""
    with small_disk(100) as folder, server(folder) as running, Journal.create(running.url()) as journal:
        journal.append([note(1)])
        filler = folder / "filler"
        room = os.statvfs(folder)
        with filler.open("wb") as stream:
            stream.write(bytes(max(0, room.f_bavail * room.f_frsize - 3_000_000)))
        chance = random.Random(5)
        done, error = until_it_fails(journal, lambda: [note(text=chance.randbytes(100_000).hex())])
        kept = 2 + done
        assert re.search("SR94[57]", error)
        filler.unlink()
        if running.process is not None and running.process.poll() is not None:
            running.process = None
            running.start()
        for _ in range(100):
            try:
                found = verify(journal)
                break
            except JournalError:
                time.sleep(0.2)
        assert (found.sound, found.entries) == (True, kept)
        journal.append([note(3)])
        assert verify(journal).entries == kept + 1


def test_a_role_that_may_only_read_and_a_lock_that_somebody_holds(postgresql: Server) -> None:
    place = postgresql.database("faults")
    with filled(place, 3) as owner, owner.database.alone() as connection:
        connection.exec_driver_sql("CREATE ROLE reader LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with Journal.open(place.replace("journal@", "reader@")) as reader:
        assert verify(reader).entries == 4
        with pytest.raises(JournalError, match=r"SR944.*nothing was kept"):
            reader.append([note(4)])
    with Journal.open(place, wait=0.3) as journal:
        with Journal.open(place) as other, other.database.writing():
            with pytest.raises(JournalError, match=r"SR946.*nothing was kept"):
                journal.append([note(4)])
            assert verify(journal).entries == 4  # readers do not wait
        journal.append([note(4)])
        assert verify(journal).entries == 5


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with small_disk(1) as folder:
        with filled(str(folder / "journal.db"), 3) as journal:
            done, error = until_it_fails(journal, lambda: [note(text="x" * 30_000)])
            kept = 4 + done
            assert re.search("SR945.*nothing was kept", error)
            assert verify(journal).entries == kept
        assert kept > 8
        shutil.copy(folder / "journal.db", tmp_path / "journal.db")  # onto a disk with room
    with Journal.open(tmp_path / "journal.db") as journal:
        journal.append([note(kept)])
        assert verify(journal).entries == kept + 1


def test_a_journal_that_another_file_took_the_place_of_is_written_there(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append([note(6)])
        restored = path.with_name("restored.db")
        shutil.copy(path, restored)
        journal.append([note(7)])
        restored.replace(path)  # somebody restores a copy while the program runs
        journal.append([note(8)])
    assert entries(path) == 8


def test_a_forked_process_opens_its_own_connection(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append([note(6)])
        assert in_a_child(lambda: journal.append([note(7)])) == "done"
        journal.append([note(8)])
    assert entries(path) == 9


def until_it_fails(journal: Journal, drafts: Callable[[], list[Draft]]) -> tuple[int, str]:
    """Append until the journal refuses; how many entries were acknowledged, and what was said."""
    done = 0
    while True:
        try:
            done += len(journal.append(drafts()))
        except JournalError as error:
            return done, str(error)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk of a few megabytes. Skips the test where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="sr-disk-", dir="/tmp"))
    folder.chmod(0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=False, capture_output=True)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()


def test_a_server_that_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="SR947"):
        Journal.open(f"postgresql://nobody@/nothing?host={tmp_path}")


def test_a_journal_that_cannot_be_finished_is_not_left_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.db"

    def fails(*_: object, **__: object) -> None:
        raise OSError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", fails)
        with pytest.raises(OSError, match="away"):
            Journal.create(path)
    assert list(tmp_path.iterdir()) == []
    with Journal.create(path) as journal:
        assert verify(journal).sound
