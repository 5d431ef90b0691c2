from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from safeguarding_rules.casework.journal import Draft, Journal, verify
from safeguarding_rules.diagnostics import Diagnostic, JournalError
from tests.unit.casework.postgresql import Server, server

MARK = "MARKOFAPERSON"


def marked(place: str) -> Journal:
    journal = Journal.create(place)
    drafts = []
    for i in range(60):  # long and short values, so that pages overflow, fill and split
        personal = {"text": f"{MARK}-{i}-" + "x" * (i * 97 % 6000), "who": f"{MARK}-who-{i}"}
        drafts.append(Draft("note", {"number": i}, f"case-{i % 2}", personal))
    for start in range(0, 60, 7):
        journal.append(drafts[start : start + 7])
    return journal


def salts(journal: Journal, case: str) -> list[bytes]:
    query = text("SELECT salt FROM journal_value WHERE seq IN (SELECT seq FROM journal_entry WHERE case_id = :case)")
    with journal.database.reading() as connection:
        return [bytes(salt) for salt in connection.scalars(query, {"case": case})]


def test_nothing_of_an_erased_value_is_left_in_the_file_or_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with marked(str(path)) as journal:
        gone, stays = salts(journal, "case-1"), salts(journal, "case-0")
        assert all(salt in path.read_bytes() for salt in (*gone, *stays))
        journal.erase("case-1", "end of retention")
        files = b"".join(one.read_bytes() for one in tmp_path.iterdir())
        for i in range(60):
            assert (f"{MARK}-{i}-".encode() in files) == (i % 2 == 0)
            assert (f'"{MARK}-who-{i}"'.encode() in files) == (i % 2 == 0)
        assert not any(salt in files for salt in gone)
        assert all(salt in files for salt in stays)
        assert verify(journal).sound


def test_nothing_of_an_erased_value_is_left_in_the_tables_of_the_server(postgresql: Server) -> None:
    with marked(postgresql.database("erasing")) as journal:
        gone = salts(journal, "case-1")
        with journal.database.alone() as connection:
            connection.exec_driver_sql("ANALYZE")
        done = journal.erase("case-1", "end of retention")
        with journal.database.alone() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            folder = connection.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = current_database()").scalar()
        files = b"".join(one.read_bytes() for one in (postgresql.data / "base" / str(folder)).iterdir())
        assert not any(salt in files for salt in gone)
        assert f'"{MARK}-who-1"'.encode() not in files
        assert f'"{MARK}-who-2"'.encode() in files
        assert any("write-ahead log" in line for line in done.left_to_do)
        assert verify(journal).sound


def test_nothing_of_an_erased_value_is_left_in_the_write_ahead_log_of_a_server_that_does_not_recycle_it() -> None:
    with server() as running:
        running.stop()
        running.start(settings=("wal_recycle=off",))
        with marked(running.url()) as journal:
            gone, stays = salts(journal, "case-1"), salts(journal, "case-0")
            log = running.data / "pg_wal"
            logged = b"".join(one.read_bytes() for one in log.iterdir() if one.is_file())
            assert sum(salt in logged for salt in gone) > len(gone) / 2  # a few lie across two pages of the log
            done = journal.erase("case-1", "end of retention")
            files = b"".join(one.read_bytes() for one in running.data.rglob("*") if one.is_file())
            assert not any(salt in files for salt in gone)
            assert f'"{MARK}-who-1"'.encode() not in files
            assert all(salt in files for salt in stays)
            assert len(done.left_to_do) == 1  # copies made before
            assert verify(journal).sound


def test_what_is_left_to_do_is_said_where_the_file_could_not_be_tidied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    with marked(str(path)) as journal:
        with monkeypatch.context() as patch:
            why = Diagnostic("SR946", "error", "the journal `x` cannot be written: somebody else is writing; nothing was kept")
            patch.setattr(journal.database, "alone", lambda: (_ for _ in ()).throw(JournalError([why])))
            done = journal.erase("case-1", "end of retention")
        assert "(somebody else is writing): erase the case again" in done.left_to_do[0]
        assert salts(journal, "case-1") == []
        assert not any("again" in line for line in journal.erase("case-1", "once more").left_to_do)
    files = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert f'"{MARK}-who-1"'.encode() not in files
