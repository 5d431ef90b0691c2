"""Whoever can write to the file changes it in every way we thought of; `verify` names what does not fit."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from safeguarding_rules.casework.journal import Journal, Receipt, Verification, verify
from safeguarding_rules.casework.journal.entry import hash_of
from safeguarding_rules.diagnostics import JournalError
from tests.unit.casework.journals import filled, note
from tests.unit.casework.postgresql import Server

SIZE = 30


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Receipt]:
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    with filled(str(path), SIZE - 1) as journal:
        return path, journal.head()


def without_triggers(connection: sqlite3.Connection) -> None:
    for name in ("journal_entry_update", "journal_entry_delete", "journal_value_update"):
        connection.execute(f"DROP TRIGGER {name}")


def with_triggers(path: Path, connection: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(path)) as good:
        for (sql,) in good.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(sql)


def tampered(original: tuple[Path, Receipt], folder: Path, change: Callable[[sqlite3.Connection], object], *, receipt: bool = False) -> Verification:
    path, head = original
    copy = folder / "copy.db"
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        without_triggers(connection)
        change(connection)
        with_triggers(path, connection)
        connection.commit()
    with Journal.open(copy) as journal:
        return verify(journal, expected=[head] if receipt else [])


def run(sql: str) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.executescript(sql)


def said(found: Verification) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in found.findings]


def test_nothing_is_said_of_a_good_journal(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    assert tampered(original, tmp_path, run(""), receipt=True).sound


@pytest.mark.parametrize("column", ["case_id", "kind", "at", "payload", "previous", "hash"])
def test_a_changed_text_names_its_entry(original: tuple[Path, Receipt], tmp_path: Path, column: str) -> None:
    found = tampered(original, tmp_path, run(f"UPDATE journal_entry SET {column} = {column} || 'x' WHERE seq = 7"))  # noqa: S608
    assert ("SR911", "entry 7 has changed") in said(found)


@pytest.mark.parametrize("column", ["number", "at", "payload"])
def test_a_value_of_another_type_names_its_entry(original: tuple[Path, Receipt], tmp_path: Path, column: str) -> None:
    found = tampered(original, tmp_path, run(f"UPDATE journal_entry SET {column} = x'00ff' WHERE seq = 7"))  # noqa: S608
    assert ("SR911", "entry 7 has changed") in said(found)


def test_a_missing_entry_is_named(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    found = said(tampered(original, tmp_path, run("DELETE FROM journal_entry WHERE seq = 7")))
    assert ("SR912", "entry 7 is missing") in found
    assert ("SR916", "a value `text` stands beside entry 7 and belongs to no entry") in found
    found = said(tampered(original, tmp_path, run("DELETE FROM journal_entry WHERE seq IN (7, 8, 9)")))
    assert ("SR912", "entries 7 to 9 are missing") in found


def test_swapped_entries_are_named(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    swap = "".join(f"UPDATE journal_entry SET seq = {new} WHERE seq = {old};" for old, new in ((7, -1), (12, 7), (-1, 12)))  # noqa: S608
    found = said(tampered(original, tmp_path, run(swap)))
    assert ("SR913", "entry 12 stands in the place of entry 7") in found
    assert ("SR913", "entry 7 stands in the place of entry 12") in found


def test_an_end_that_was_cut_off_needs_the_receipt(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    cut = run("DELETE FROM journal_value WHERE seq > 25; DELETE FROM journal_entry WHERE seq > 25")
    assert tampered(original, tmp_path, cut).sound
    [(code, message)] = said(tampered(original, tmp_path, cut, receipt=True))
    assert (code, message) == ("SR914", f"the journal ends with entry 25; the receipt names entry {SIZE}: the end was cut off")


def test_everything_taken_away_shows_without_a_receipt(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    found = said(tampered(original, tmp_path, run("DELETE FROM journal_value; DELETE FROM journal_entry")))
    assert [code for code, _ in found] == ["SR912"]


def rewrite(connection: sqlite3.Connection, last: int) -> None:
    """What somebody does who knows how the chain is made: change an entry, and make all hashes anew up to one."""
    connection.execute("UPDATE journal_entry SET kind = 'other' WHERE seq = 7")
    previous = connection.execute("SELECT hash FROM journal_entry WHERE seq = 6").fetchone()[0]
    rows = connection.execute("SELECT seq, case_id, number, kind, at, payload FROM journal_entry WHERE seq BETWEEN 7 AND ?", (last,)).fetchall()
    for seq, case, number, kind, at, payload in rows:
        made = hash_of(seq=seq, case=case, number=number, kind=kind, at=at, payload=payload, previous=previous, key=None)
        connection.execute("UPDATE journal_entry SET previous = ?, hash = ? WHERE seq = ?", (previous, made, seq))
        previous = made


def test_a_chain_written_anew_in_part_shows_where_it_ends(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    [(code, message)] = said(tampered(original, tmp_path, lambda connection: rewrite(connection, 15)))
    assert (code, message) == ("SR913", "entry 16 does not follow the entry 15 that stands before it: one of the two was put in its place")


def test_a_chain_written_anew_to_its_end_needs_the_receipt(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    assert tampered(original, tmp_path, lambda connection: rewrite(connection, SIZE)).sound  # the threat model says so
    [(code, _)] = said(tampered(original, tmp_path, lambda connection: rewrite(connection, SIZE), receipt=True))
    assert code == "SR914"


def test_personal_values_cannot_be_changed_taken_or_added(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    changed = said(tampered(original, tmp_path, run("UPDATE journal_value SET value = '\"Other.\"' WHERE seq = 7")))
    assert changed == [("SR915", "the value `text` of entry 7 has changed")]
    salted = said(tampered(original, tmp_path, run("UPDATE journal_value SET salt = zeroblob(32) WHERE seq = 7")))
    assert salted == [("SR915", "the value `text` of entry 7 has changed")]
    taken = said(tampered(original, tmp_path, run("DELETE FROM journal_value WHERE seq = 7")))
    assert taken == [("SR916", "the value `text` of entry 7 is missing, and no erasure says so")]
    added = said(tampered(original, tmp_path, run("INSERT INTO journal_value VALUES (7, 'more', zeroblob(32), '1')")))
    assert added == [("SR916", "a value `more` stands beside entry 7 and belongs to no entry")]


def test_a_trigger_or_table_that_was_added_or_taken_away_shows(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    trigger = "CREATE TRIGGER more AFTER INSERT ON journal_entry BEGIN SELECT 1; END"
    assert said(tampered(original, tmp_path, run(trigger))) == [("SR918", "the trigger `more` in the file is not of the journal")]
    path, _ = original
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DROP TRIGGER journal_entry_update")
        connection.commit()
    with Journal.open(copy) as journal:
        assert said(verify(journal)) == [("SR918", "the trigger `journal_entry_update` of the journal is gone")]
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TRIGGER journal_entry_update BEFORE UPDATE ON journal_entry BEGIN SELECT 1; END")
        connection.commit()
    with Journal.open(copy) as journal:
        assert said(verify(journal)) == [("SR918", "the trigger `journal_entry_update` of the journal does something else")]


def contents(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        tables = ("journal_entry", "journal_value", "journal_content", "journal_version")
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]  # noqa: S608


def byte_flips(original: Path, copy: Path, places: list[int], choose: random.Random) -> tuple[int, int, list[int]]:
    """Change single bytes of the file: how many were found, how many changed nothing that is kept, and the places of those that were missed."""
    good = original.read_bytes()
    kept = contents(original)
    found, harmless, missed = 0, 0, []
    for place in places:
        changed = bytearray(good)
        changed[place] ^= choose.randrange(1, 256)
        copy.write_bytes(changed)
        try:
            with Journal.open(copy, wait=0.1) as journal:
                sound = verify(journal).sound
        except JournalError:
            sound = False
        if not sound:
            found += 1
        elif contents(copy) == kept:
            harmless += 1
        else:
            missed.append(place)
    return found, harmless, missed


def test_a_single_byte_of_the_file_that_changes_what_is_kept_is_found(original: tuple[Path, Receipt], tmp_path: Path) -> None:
    path, _ = original
    choose = random.Random(5)
    places = choose.sample(range(path.stat().st_size), 150)
    found, harmless, missed = byte_flips(path, tmp_path / "copy.db", places, choose)
    print(f"{found} found, {harmless} in bytes that hold nothing, {len(missed)} missed")
    assert not missed
    assert found > 30


REFUSE = "EXECUTE FUNCTION journal_refuse()"
CHANGES_OF_THE_SERVER = [
    (
        ["DROP TRIGGER journal_entry_kept ON journal_entry", f"CREATE TRIGGER journal_entry_kept BEFORE UPDATE ON journal_entry {REFUSE}"],
        "the trigger `journal_entry_kept` of the journal does something else",
    ),
    (
        ["DROP TRIGGER journal_value_kept ON journal_value", f"CREATE TRIGGER journal_value_kept BEFORE UPDATE ON journal_content {REFUSE}"],
        "the trigger `journal_value_kept` on `journal_content` is not of the journal",
    ),
    (
        ["ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_kept"],
        "the trigger `journal_entry_kept` on `journal_entry`, which refuses changes, is gone or switched off",
    ),
    (["CREATE RULE more AS ON INSERT TO journal_content DO INSTEAD NOTHING"], "the rule `more` on a table of the journal is not of the journal"),
]


@pytest.mark.parametrize(("statements", "message"), CHANGES_OF_THE_SERVER)
def test_triggers_and_rules_of_the_server_that_were_changed_show(postgresql: Server, statements: list[str], message: str) -> None:
    with filled(postgresql.database(f"triggers{sum(map(ord, message))}"), 3) as journal:
        assert verify(journal).sound
        with journal.database.writing() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        assert message in {finding.message for finding in verify(journal).findings}


def test_an_entry_that_a_rule_of_the_server_swallows_is_not_said_to_be_kept(postgresql: Server) -> None:
    with filled(postgresql.database("swallowed"), 3) as journal:
        with journal.database.writing() as connection:
            connection.exec_driver_sql("CREATE RULE more AS ON INSERT TO journal_entry DO INSTEAD NOTHING")
        with pytest.raises(JournalError, match="nothing was kept"):
            journal.append([note(7)])
        assert len(list(journal.entries())) == 4
