"""The journal: appends beside bare inserts with the same durability, in a file and in a server; replay of many records.

`python -m benchmarks.journal [appends|replay] [RECORDS [FILE]]` (10,000 by default; FILE keeps the records).
Appends and bare inserts take turns: ratios count, times do not.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks.cases import complete_cases, forgetful
from safeguarding_rules import Engine
from safeguarding_rules.casework.journal import Draft, Journal
from safeguarding_rules.casework.journal.many import Wanted, replay_many
from safeguarding_rules.casework.journal.records import replay_journal
from safeguarding_rules.casework.replay import ReplayReport, gather
from tests.unit.casework.journals import START, decision_draft, record_of
from tests.unit.casework.postgresql import server

ROUNDS = 400
RECORDS = 10_000
FEW = 1_000
DISTINCT = 1000  # decisions; each is recorded in several cases, and decided anew for each when it is replayed
WORDS = "Something was said on the telephone, and written down at once. " * 4

TABLES = (
    """CREATE TABLE bare_entry (seq integer PRIMARY KEY, case_id text NOT NULL, number integer NOT NULL, kind text NOT NULL, at text NOT NULL,
    payload text NOT NULL, previous text NOT NULL, hash text NOT NULL, key_id text, signature text, UNIQUE (case_id, number))""",
    "CREATE TABLE bare_value (seq integer REFERENCES bare_entry, name text, salt {blob} NOT NULL, value text NOT NULL, PRIMARY KEY (seq, name))",
)
ENTRY = "INSERT INTO bare_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
VALUE = "INSERT INTO bare_value VALUES (?, ?, ?, ?)"


def draft(number: int) -> Draft:
    """An entry as a live case writes it: an event with three personal values."""
    return Draft(
        "fact_learnt", {"fact": "adult_involved", "number": number}, f"case-{number % 20}", {"who": "A. Lead", "value": True, "source": WORDS}
    )


def rows(number: int) -> tuple[tuple[object, ...], list[tuple[object, ...]]]:
    """The same rows, made without hashing anything."""
    payload = json.dumps({"commitments": dict.fromkeys(("who", "value", "source"), "0" * 64), "data": {"fact": "adult_involved", "number": number}})
    entry = (number, f"case-{number % 20}", number, "fact_learnt", "2026-11-20T09:00:00Z", payload, "0" * 64, "1" * 64, None, None)
    return entry, [(number, name, os.urandom(32), json.dumps(value)) for name, value in (("who", "A. Lead"), ("value", True), ("source", WORDS))]


@contextmanager
def bare_file(path: Path) -> Iterator[Callable[[int], None]]:
    """Bare inserts into a SQLite file with the settings of the journal."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        for table in TABLES:
            connection.execute(table.format(blob="blob"))

        def insert(number: int) -> None:
            entry, values = rows(number)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(ENTRY, entry)
            connection.executemany(VALUE, values)
            connection.execute("COMMIT")

        yield insert


@contextmanager
def bare_server(url: str) -> Iterator[Callable[[int], None]]:
    """Bare inserts into a PostgreSQL server with the settings of the journal."""
    import psycopg  # noqa: PLC0415  only where there is a server

    with psycopg.connect(url) as connection:
        connection.execute("SET synchronous_commit = on")
        for table in TABLES:
            connection.execute(table.format(blob="bytea"))
        connection.commit()

        def insert(number: int) -> None:
            entry, values = rows(number)
            with connection.cursor() as cursor:
                cursor.execute(ENTRY.replace("?", "%s"), entry)
                cursor.executemany(VALUE.replace("?", "%s"), values)
            connection.commit()

        yield insert


def taken(work: Callable[[int], object], number: int) -> float:
    """The seconds one of them took."""
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start


def beside(name: str, journal: Journal, bare: Callable[[int], None]) -> None:
    """Append and insert by turns, and print both."""

    def append(number: int) -> None:
        journal.append([draft(number)])

    pairs = [(taken(append, number), taken(bare, number)) for number in range(1, ROUNDS + 1)][ROUNDS // 10 :]
    ours, theirs = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    print(f"{name}: {1 / ours:.0f} appends a second, {1 / theirs:.0f} bare inserts of the same rows; {ours / theirs:.2f} times (asked: within 2)")


def appends() -> None:
    """Measure appends."""
    with tempfile.TemporaryDirectory() as folder:
        with Journal.create(Path(folder) / "journal.db") as journal, bare_file(Path(folder) / "bare.db") as bare:
            beside("SQLite", journal, bare)
        with server() as running:
            place = running.database("appends")
            with Journal.create(place) as journal, bare_server(place) as bare:
                beside("PostgreSQL", journal, bare)


def fill(place: Path, number: int) -> None:
    """Write a journal of many records, in half of which half of the facts are not known."""
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    distinct = min(number, DISTINCT)
    whole = complete_cases(engine.program, distinct)
    facts = [case for pair in zip(whole[: distinct // 2], forgetful(whole[distinct // 2 :], 0.5), strict=True) for case in pair]
    drafts = [decision_draft(record_of(engine.decide(case, clocks={"known": START}))) for case in facts]
    with Journal.create(place) as journal:
        for start in range(0, number, 500):
            journal.append([of_case(drafts[i % distinct], f"case-{i}") for i in range(start, min(start + 500, number))])


def replay(place: Path) -> None:
    """Measure replay: all of the records by their verdicts, and byte for byte: some, all, and all by one process a processor."""
    with Journal.open(place) as journal:
        wanted = Wanted(str(place))
        replayer = wanted.replayer(journal)
        list(replay_journal(journal, replayer, "case-0", whole=False))
        show_rate("verdicts", lambda: gather(replay_journal(journal, replayer, whole=False)))
        show_rate("byte for byte", lambda: gather(islice(replay_journal(journal, replayer), FEW)))
        show_rate("byte for byte", lambda: gather(replay_journal(journal, replayer)))
        show_rate("byte for byte, one process a processor", lambda: gather(replay_many(journal, wanted)))


def of_case(draft: Draft, case: str) -> Draft:
    """The same decision, in another case."""
    return replace(draft, case=case, personal={**draft.personal, "record": {**draft.personal["record"], "case": case}})


def show_rate(name: str, work: Callable[[], ReplayReport]) -> None:
    """Print how many records a second, by the clock and by the processor's, which other work on the machine disturbs less."""
    clock, processor = time.perf_counter(), processor_time()
    report = work()
    clock, processor = time.perf_counter() - clock, processor_time() - processor
    rates = f"{report.records / clock:.0f} a second, {report.records / processor:.0f} a second of processor time"
    print(f"{name}: {report.identical} of {report.records} identical, {rates}")


def processor_time() -> float:
    """The seconds that processors have worked for this process, and for those it started that have ended."""
    return sum(os.times()[:4])


def main() -> None:
    """Measure and print."""
    wanted, number, place, *_ = (*sys.argv[1:], *("all", str(RECORDS), "")[len(sys.argv) - 1 :])
    if wanted in ("all", "appends"):
        appends()
    if wanted in ("all", "replay"):
        with tempfile.TemporaryDirectory() as folder:
            filled = Path(place or f"{folder}/journal.db")
            if not filled.exists():
                fill(filled, int(number))
            replay(filled)


if __name__ == "__main__":
    main()
