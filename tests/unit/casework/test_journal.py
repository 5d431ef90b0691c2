from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from safeguarding_rules.casework.events import CaseOpened, FactLearnt
from safeguarding_rules.casework.journal import ERASED, Draft, Journal, PrivateKey, PublicKey, Receipt, verify
from safeguarding_rules.casework.journal.entry import hash_of
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.casework.store import CaseChangedError
from safeguarding_rules.diagnostics import JournalError
from tests.unit.casework.journals import START, filled, note, ticking
from tests.unit.casework.postgresql import Server


def codes(error: pytest.ExceptionInfo[JournalError]) -> list[str]:
    return [one.code for one in error.value.diagnostics]


def test_entries_come_back_as_they_were_appended(place: str) -> None:
    with Journal.create(place, clock=ticking()) as journal:
        journal.append([Draft("note", {"n": 1, "text": "é \u2028 \U0001f600"}, "a", {"who": "A. Teacher", "more": [1, {"b": None}]})])
        journal.append([note(2, "b"), note(3, "a")])
    with Journal.open(place) as journal:
        start, one, two, three = journal.entries()
        assert (start.kind, start.seq, start.case) == ("journal_started", 1, "")
        assert (one.seq, one.case, one.number, one.kind) == (2, "a", 1, "note")
        assert one.data == {"n": 1, "text": "é \u2028 \U0001f600"}
        assert one.personal == {"who": "A. Teacher", "more": [1, {"b": None}]}
        assert [(two.case, two.number), (three.case, three.number)] == [("b", 1), ("a", 2)]
        assert [one.seq for one in journal.entries("a")] == [2, 4]
        assert journal.cases() == ("a", "b")
        assert verify(journal).sound


def test_the_hash_is_sha256_over_the_canonical_json_of_all_columns(place: str) -> None:
    import hashlib  # noqa: PLC0415

    with filled(place, 2) as journal:
        before, entry = list(journal.entries())[1:3]
    document = {
        "schema": "journal-entry/1",
        "seq": entry.seq,
        "case": entry.case,
        "key": None,
        "number": entry.number,
        "kind": entry.kind,
        "at": "2026-11-02T09:01:00Z",
        "payload": json.loads(entry.payload),
        "previous": before.hash,
    }
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert entry.hash == hashlib.sha256(canonical).hexdigest()


def test_no_personal_value_stands_in_the_chain(place: str) -> None:
    with filled(place, 3) as journal:
        assert not any("Something" in entry.payload for entry in journal.entries())
        first, second = [entry.commitments["text"] for entry in journal.append([note(1), note(1)])]
        assert first != second  # a salt of its own for each value


def test_a_case_that_somebody_else_added_to_is_not_written(place: str) -> None:
    with Journal.create(place) as journal:
        journal.append([note()], expected=0)
        with pytest.raises(CaseChangedError):
            journal.append([note()], expected=0)
        journal.append([note()], expected=1)
        assert [one.number for one in journal.entries("case-1")] == [1, 2]


@pytest.mark.parametrize("value", [0.5, "\ud800", 2**60, {"é": 1}])
def test_what_has_no_canonical_form_is_refused_whole(tmp_path: Path, value: object) -> None:
    with Journal.create(tmp_path / "journal.db") as journal:
        before = journal.head()
        with pytest.raises(ValueError, match=r"canonical|surrogates|ASCII"):
            journal.append([note(), Draft("note", {"value": value}, "a")])
        assert journal.head() == before


def test_threads_keep_one_chain(place: str) -> None:
    with Journal.create(place) as journal:
        threads = [threading.Thread(target=lambda: [journal.append([note(i)]) for i in range(5)]) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = verify(journal)
        assert (found.sound, found.entries) == (True, 16)


def test_a_receipt_reads_back_and_is_of_one_journal(place: str, tmp_path: Path) -> None:
    with filled(place, 3) as journal, Journal.create(tmp_path / "other.db") as other:
        receipt = journal.head()
        kept = tmp_path / "receipt.txt"
        kept.write_text(f"{receipt}\n", encoding="utf-8")
        assert Receipt.read(str(receipt)) == Receipt.read(str(kept)) == receipt
        journal.append([note()])
        assert verify(journal, expected=[receipt]).sound
        assert [one.code for one in verify(other, expected=[receipt]).findings] == ["SR914", "SR914"]
    with pytest.raises(JournalError, match="SR910"):
        Receipt.read("12 abc")


_UNGUARDED = {
    "sqlite": ("DROP TRIGGER journal_entry_update",),
    "postgresql": ("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_kept",),
}


def test_signed_entries_are_checked_with_the_key_that_was_kept(place: str, tmp_path: Path) -> None:
    key, other = PrivateKey.new(), PrivateKey.new()
    (tmp_path / "key").write_bytes(key.pem(b"word"))
    (tmp_path / "key.pub").write_bytes(key.public.pem())
    with filled(place, 3, key=PrivateKey.read(tmp_path / "key", b"word")) as journal:
        assert verify(journal, keys=[PublicKey.read(tmp_path / "key.pub")]).sound
        assert {one.code for one in verify(journal, keys=[other.public]).findings} == {"SR917"}
        assert len(verify(journal, keys=[other.public]).findings) == 4
    with Journal.open(place) as unsigned:
        unsigned.append([note()])
        [finding] = verify(unsigned, keys=[key.public]).findings
        assert finding.message == "entry 5 is not signed"
    with Journal.open(place) as stripped, stripped.database.writing() as connection:
        for statement in _UNGUARDED[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE journal_entry SET key_id = NULL, signature = NULL WHERE seq = 3")
        connection.exec_driver_sql("UPDATE journal_entry SET signature = replace(signature, '1', '2') WHERE seq = 2")
    with Journal.open(place) as stripped:
        said = {one.message for one in verify(stripped).findings}  # without any key
        assert {"entry 3 has changed", "the signature of entry 2 is wrong"} <= said
    for path, password in (("key", None), ("key.pub", None), ("nowhere", None)):
        with pytest.raises(JournalError, match="SR949"):
            PrivateKey.read(tmp_path / path, password)


def test_an_erased_case_is_gone_and_the_chain_holds(place: str) -> None:
    with filled(place, 9) as journal:
        before = journal.head()
        done = journal.erase("case-1", "end of retention")
        assert done.values == 3
        found = verify(journal, expected=[before])
        assert (found.sound, found.erased, found.values) == (True, 3, 6)
        assert all(entry.personal == {"text": ERASED} for entry in list(journal.entries("case-1"))[:3])
        assert all(entry.personal["text"] is not ERASED for entry in journal.entries("case-2"))
        with pytest.raises(JournalError) as refused:
            journal.erase("nobody", "end of retention")
        assert codes(refused) == ["SR922"]


def test_events_of_a_case_come_back_and_an_erased_case_says_so(place: str) -> None:
    opened = CaseOpened(known_at=START, recorded_at=START, who="A. Lead", pack="kscmp", concern="A concern.")
    learnt = FactLearnt(known_at=START, recorded_at=START, who="A. Lead", fact="adult_involved", value={"is_not": True}, source="A parent")
    with Journal.create(place) as journal:
        store = JournalStore(journal)
        store.append("case-1", [opened, learnt], expected=0)
        assert store.events("case-1") == (opened, learnt)
        assert store.events("case-2") == ()
        assert store.cases() == ("case-1",)
        with pytest.raises(CaseChangedError):
            store.append("case-1", [learnt], expected=1)
        assert not any("A. Lead" in entry.payload or "parent" in entry.payload for entry in journal.entries())
        journal.erase("case-1", "end of retention")
        with pytest.raises(JournalError) as erased:
            store.events("case-1")
        assert codes(erased) == ["SR921"]


def test_the_database_refuses_changes_by_a_slip(place: str) -> None:
    with filled(place, 3) as journal:
        for statement in ("UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry", "UPDATE journal_value SET value = '1'"):
            with pytest.raises(JournalError), journal.database.writing() as connection:
                connection.execute(text(statement))
        assert verify(journal).sound


def test_a_journal_is_made_once_and_opened_only_where_it_is(place: str, tmp_path: Path) -> None:
    Journal.create(place).close()
    with pytest.raises(JournalError, match="SR942"):
        Journal.create(place)
    with pytest.raises(JournalError, match="SR941"):
        Journal.open(tmp_path / "misspelt.db")
    assert not (tmp_path / "misspelt.db").exists()
    with pytest.raises(JournalError, match="SR941"):
        Journal.open("mysql://somebody@somewhere/journal")
    (tmp_path / "empty.db").touch()
    with pytest.raises(JournalError, match="SR942"):
        Journal.open(tmp_path / "empty.db")
    with Journal.open(place) as journal, journal.database.writing() as connection:
        connection.execute(text("UPDATE journal_version SET version_num = '9999'"))
    with pytest.raises(JournalError, match="later version of safeguarding-rules"):
        Journal.open(place)


def test_a_hash_needs_every_column() -> None:
    columns = {"seq": 1, "case": "a", "number": 1, "kind": "k", "at": "t", "payload": "{}", "previous": "p", "key": "k"}
    seen = {hash_of(**columns)}  # type: ignore[arg-type]
    for name, value in columns.items():
        changed = {**columns, name: value + 1 if isinstance(value, int) else f"{value}x"}
        seen.add(hash_of(**changed))  # type: ignore[arg-type]
    seen.add(hash_of(**{**columns, "key": None}))  # type: ignore[arg-type]
    assert len(seen) == len(columns) + 2


def test_who_reads_keeps_no_writer_waiting(place: str) -> None:
    with filled(place, 450) as journal:
        read = iter(journal.entries())
        first = next(read)
        (added,) = journal.append([note(9_000)])
        found = [first, *read]
        assert [entry.seq for entry in found] == list(range(1, added.seq + 1))
        assert len({entry.seq for entry in journal.entries("case-1")}) == 151


WRITES: dict[str, Callable[[Journal], object]] = {
    "case": lambda journal: journal.append([note(1), Draft("note", {}, "case\0")]),
    "case read": lambda journal: list(journal.entries("case\0")),
    "case erased": lambda journal: journal.erase("case\ud800", "end of retention"),
    "reason": lambda journal: journal.erase("case-1", "end\0"),
    "kind": lambda journal: journal.append([Draft("no\0te", {}, "case-1")]),
    "personal.1": lambda journal: journal.append([Draft("note", {}, "case-1", {"te\0xt": "."})]),
}


@pytest.mark.parametrize("field", WRITES)
def test_what_no_database_keeps_is_refused_alike_and_its_field_is_named(place: str, field: str) -> None:
    with filled(place, 3) as journal:
        with pytest.raises(JournalError, match="cannot be written down") as caught:
            WRITES[field](journal)
        [found] = caught.value.diagnostics
        assert (found.code, f"`{field.split(maxsplit=1)[0]}`" in found.message) == ("SR924", True)
        assert verify(journal).entries == 4


def test_a_zero_within_data_is_kept(place: str) -> None:
    with filled(place, 3) as journal:
        journal.append([Draft("note", {"text": "a\0b"}, "case-1", {"text": "c\0d"})])
        [*_, last] = journal.entries("case-1")
        assert (last.data["text"], last.personal["text"]) == ("a\0b", "c\0d")


def test_what_a_server_does_not_take_is_not_called_a_server_that_is_gone(postgresql: Server) -> None:
    with (
        filled(postgresql.database("taken"), 3) as journal,
        pytest.raises(JournalError, match="does not take what was given") as caught,
        journal.database.writing() as connection,
    ):
        connection.exec_driver_sql("INSERT INTO journal_version VALUES (%s)", ("a\0b",))
    assert caught.value.diagnostics[0].code == "SR924"
