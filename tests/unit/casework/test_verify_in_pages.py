"""`verify` reads in pages: writers go on meanwhile, and nothing is missed or made up where two pages meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from safeguarding_rules.casework.journal import Journal, Verification, verify
from safeguarding_rules.casework.journal.verify import _PAGE
from tests.unit.casework.journals import filled, note
from tests.unit.casework.test_tampering import rewrite, said, with_triggers, without_triggers

SIZE = 2 * _PAGE + 50


def meanwhile(journal: Journal, act: Callable[[], object]) -> Verification:
    """Verify, and do something once the first page was read."""
    waiting = [act]

    def progress(_: str) -> None:
        if waiting:
            waiting.pop()()

    found = verify(journal, progress=progress)
    assert not waiting
    return found


def test_who_verifies_keeps_no_writer_waiting(place: str) -> None:
    with filled(place, SIZE - 1) as journal, Journal.open(place, wait=0.2) as other:
        found = meanwhile(journal, lambda: other.append([note(1), note(2)]))
        assert (found.sound, found.entries, found.values) == (True, SIZE + 2, SIZE + 1)
        assert found.head == journal.head()


def test_an_erasure_meanwhile_is_no_finding(place: str) -> None:
    """Values of the case were seen in the first page, and are missing in the next ones."""
    with filled(place, SIZE - 1) as journal, Journal.open(place, wait=0.2) as other:
        found = meanwhile(journal, lambda: other.erase("case-1", "end of retention"))
        assert said(found) == []
        assert 0 < found.erased < SIZE // 3
        assert verify(journal).erased == SIZE // 3


def changed(path: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    good = path.with_suffix(".good")
    good.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        without_triggers(connection)
        change(connection)
        with_triggers(good, connection)
        connection.commit()


def test_an_end_that_is_cut_off_meanwhile_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    def cut(connection: sqlite3.Connection) -> None:
        connection.executescript(f"DELETE FROM journal_value WHERE seq > {_PAGE}; DELETE FROM journal_entry WHERE seq > {_PAGE}")  # noqa: S608  a constant

    with filled(str(path), SIZE - 1) as journal:
        [(code, message)] = said(meanwhile(journal, lambda: changed(path, cut)))
        assert (code, message.endswith("the end was cut off meanwhile")) == ("SR914", True)


def test_a_journal_that_is_written_anew_meanwhile_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with filled(str(path), SIZE - 1) as journal:
        found = said(meanwhile(journal, lambda: changed(path, lambda connection: rewrite(connection, SIZE))))
        assert [code for code, _ in found] == ["SR913", "SR914"]
        assert f"entry {_PAGE + 1} does not follow the entry {_PAGE}" in found[0][1]
        assert "written anew meanwhile" in found[1][1]


def test_an_erasure_that_was_not_finished_is_still_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with filled(str(path), SIZE - 1) as journal:
        with closing(sqlite3.connect(path)) as connection:
            kept = connection.execute("SELECT * FROM journal_value WHERE seq = 3").fetchone()
        journal.erase("case-1", "end of retention")
        changed(path, lambda connection: connection.execute("INSERT INTO journal_value VALUES (?, ?, ?, ?)", kept))
        assert said(verify(journal)) == [("SR916", "the case of entry 3 was erased, and values of it are there")]


@pytest.mark.parametrize("at", [1, _PAGE - 1, _PAGE, _PAGE + 1, SIZE])
def test_what_is_missing_where_two_pages_meet_is_named(tmp_path: Path, at: int) -> None:
    path = tmp_path / "journal.db"
    with filled(str(path), SIZE - 1) as journal:
        changed(path, lambda connection: connection.execute("DELETE FROM journal_value WHERE seq = ?", (at,)))
        wanted = [] if at == 1 else [("SR916", f"the value `text` of entry {at} is missing, and no erasure says so")]
        assert said(verify(journal)) == wanted
        changed(path, lambda connection: connection.execute("DELETE FROM journal_entry WHERE seq = ?", (at,)))
        assert (("SR912", f"entry {at} is missing") in said(verify(journal))) == (at < SIZE)


@pytest.mark.parametrize("seq", ["0", "-5", f"{_PAGE}.5", "'x'", "x'00'", f"{SIZE + 1}", "1e300"])
def test_a_value_beside_no_entry_is_named_whatever_its_number(tmp_path: Path, seq: str) -> None:
    path = tmp_path / "journal.db"
    with filled(str(path), SIZE - 1) as journal:
        changed(path, lambda connection: connection.executescript(f"INSERT INTO journal_value VALUES ({seq}, 'more', zeroblob(32), '1')"))  # noqa: S608
        [(code, message)] = said(verify(journal))
        assert (code, message.startswith("a value `more` stands beside entry ")) == ("SR916", True)
