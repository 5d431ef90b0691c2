"""Single bytes of a journal (1,000 entries in the long run) changed: in every field, at every place of a sample, anywhere in the file; all found."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from safeguarding_rules.casework.journal import Journal, PrivateKey, verify
from safeguarding_rules.casework.journal.migrations.versions.v0001_first import SQLITE_TRIGGERS
from safeguarding_rules.diagnostics import JournalError
from tests.durability.scale import SEED, often
from tests.unit.casework.journals import filled
from tests.unit.casework.test_tampering import byte_flips

SIZE = often(60, 1000)
TEXTS = ("case_id", "kind", "at", "payload", "previous", "hash", "key_id", "signature")
GUARDS = ("journal_entry_update", "journal_entry_delete", "journal_value_update")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed journal of `SIZE` entries with personal values; its triggers are gone, as whoever changes it would have done."""
    path = tmp_path_factory.mktemp("bytes") / "journal.db"
    filled(str(path), SIZE - 1, key=PrivateKey.new()).close()
    with closing(sqlite3.connect(path)) as connection:
        for name in GUARDS:
            connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
    return path


def findings(path: Path) -> list[str]:
    """What is said of a journal, but for the triggers that are gone."""
    try:
        with Journal.open(path) as journal:
            return [one.message for one in verify(journal).findings if "trigger" not in one.message]
    except JournalError as error:
        return [str(error)]


def changed(data: bytes, place: int, chance: random.Random) -> bytes:
    """The same with another byte at a place, or with one more byte if there is none."""
    return bytes([chance.randrange(97, 123)]) if not data else data[:place] + bytes([data[place] ^ chance.randrange(1, 256)]) + data[place + 1 :]


def field(connection: sqlite3.Connection, seq: int, name: str) -> bytes:
    (data,) = connection.execute(f"SELECT CAST({name} AS BLOB) FROM journal_entry WHERE seq = ?", (seq,)).fetchone()  # noqa: S608  our own names
    return bytes(data)


def put(connection: sqlite3.Connection, seq: int, name: str, data: bytes) -> None:
    connection.execute(f"UPDATE journal_entry SET {name} = CAST(? AS TEXT) WHERE seq = ?", (data, seq))  # noqa: S608


@pytest.mark.parametrize("name", TEXTS)
def test_a_byte_changed_in_a_field_of_every_entry_names_every_entry(original: Path, tmp_path: Path, name: str) -> None:
    """All at once, because what is said of an entry rests on that entry alone: each is named."""
    chance, copy = random.Random(SEED), tmp_path / "copy.db"
    shutil.copy(original, copy)
    with closing(sqlite3.connect(copy)) as connection:
        for seq in range(1, SIZE + 1):
            data = field(connection, seq, name)
            put(connection, seq, name, changed(data, chance.randrange(len(data) or 1), chance))
        connection.commit()
    said = set(findings(copy))
    wanted = "the signature of entry {} is wrong" if name == "signature" else "entry {} has changed"
    assert {wanted.format(seq) for seq in range(1, SIZE + 1)} <= said


@pytest.mark.parametrize("change", ["number = number + 100000", "number = number || 'x'"])
def test_a_changed_number_of_every_entry_names_every_entry(original: Path, tmp_path: Path, change: str) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(original, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(f"UPDATE journal_entry SET {change}")  # noqa: S608
        connection.commit()
    assert {f"entry {seq} has changed" for seq in range(1, SIZE + 1)} <= set(findings(copy))


def test_a_byte_changed_in_every_value_and_salt_names_it(original: Path, tmp_path: Path) -> None:
    chance, copy = random.Random(SEED), tmp_path / "copy.db"
    for name, kind in (("value", "TEXT"), ("salt", "BLOB")):
        shutil.copy(original, copy)
        with closing(sqlite3.connect(copy)) as connection:
            rows = connection.execute(f"SELECT seq, CAST({name} AS BLOB) FROM journal_value").fetchall()  # noqa: S608
            for seq, data in rows:
                flipped = changed(data, chance.randrange(len(data) or 1), chance)
                connection.execute(f"UPDATE journal_value SET {name} = CAST(? AS {kind}) WHERE seq = ?", (flipped, seq))  # noqa: S608
            connection.commit()
        assert {f"the value `text` of entry {seq} has changed" for seq, _ in rows} == set(findings(copy))
        assert len(rows) == SIZE - 1


def single_changes(connection: sqlite3.Connection, seqs: list[int], chance: random.Random, step: int) -> Iterator[str]:
    """Change one byte of one field, let it be looked at, and put it back: every `step`th place of every field of some entries."""
    for seq in seqs:
        for name in TEXTS:
            data = field(connection, seq, name)
            for place in range(chance.randrange(step), len(data), step):
                put(connection, seq, name, changed(data, place, chance))
                connection.commit()
                yield f"{name} of entry {seq}, byte {place}"
                put(connection, seq, name, data)
                connection.commit()


def test_every_single_byte_of_a_sample_is_found(original: Path, tmp_path: Path) -> None:
    chance, copy = random.Random(SEED), tmp_path / "copy.db"
    shutil.copy(original, copy)
    missed, tried = [], 0
    with closing(sqlite3.connect(copy)) as connection:
        for seqs, step in (([1, SIZE], often(90, 6)), ([SIZE // 2], often(90, 1))):
            for what in single_changes(connection, seqs, chance, step):
                tried += 1
                if not findings(copy):
                    missed.append(what)
    assert findings(copy) == []  # put back: nothing is said
    sys.stdout.write(f"{tried} single bytes of fields changed, {tried - len(missed)} found\n")
    assert not missed
    assert tried >= often(10, 600)


def test_an_entry_with_another_seq_is_found(original: Path, tmp_path: Path) -> None:
    chance, copy = random.Random(SEED), tmp_path / "copy.db"
    for seq in chance.sample(range(1, SIZE + 1), often(3, 60)):
        shutil.copy(original, copy)
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("UPDATE journal_entry SET seq = ? WHERE seq = ?", (seq ^ 1 << chance.randrange(10, 30), seq))
            connection.commit()
        assert any(f"entry {seq} is missing" in one or "there is no entry" in one for one in findings(copy))


def test_a_byte_anywhere_in_the_file_that_changes_what_is_kept_is_found(original: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    shutil.copy(original, whole)
    with closing(sqlite3.connect(whole)) as connection:
        for statement in SQLITE_TRIGGERS:
            connection.execute(statement)
        connection.commit()
    assert findings(whole) == []
    chance = random.Random(SEED)
    places = chance.sample(range(whole.stat().st_size), often(40, 500))
    found, harmless, missed = byte_flips(whole, tmp_path / "copy.db", places, chance)
    sys.stdout.write(f"{len(places)} bytes of the file changed: {found} found, {harmless} hold nothing, {len(missed)} missed\n")
    assert not missed
