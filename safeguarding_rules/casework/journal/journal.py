"""The journal itself: append, read, head, erase.

Comes in: drafts of entries. Goes out: entries, in one chain. Promised: `append` returns once the entries are on the disk, all of them or none;
writers of several threads and processes wait for each other, and the chain stays one. It must not know what the entries mean.
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, bindparam, func, select

from safeguarding_rules import __version__
from safeguarding_rules.casework.journal import entry as form
from safeguarding_rules.casework.journal.content import Contents
from safeguarding_rules.casework.journal.database import WAIT, Database
from safeguarding_rules.casework.journal.entry import ERASED, Draft, Entry, Sealed
from safeguarding_rules.casework.journal.erasing import Erasure, erase
from safeguarding_rules.casework.journal.keepable import require_keepable
from safeguarding_rules.casework.journal.receipt import Receipt
from safeguarding_rules.casework.journal.signing import PrivateKey
from safeguarding_rules.casework.journal.tables import entries, values
from safeguarding_rules.casework.journal.trouble import CommitUnknownError, unknown
from safeguarding_rules.casework.store import CaseChangedError
from safeguarding_rules.diagnostics import Diagnostic, JournalError
from safeguarding_rules.engine import now_in_london

STARTED = "journal_started"


class Journal:
    """An append-only journal in a file or in PostgreSQL. Threads may share one; processes open their own. Close it, or use it in `with`."""

    def __init__(self, database: Database, key: PrivateKey | None, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.contents = Contents(database)
        self._key = key
        self._clock = clock

    @classmethod
    def create(cls, place: str | Path, *, key: PrivateKey | None = None, clock: Callable[[], datetime] = now_in_london, wait: float = WAIT) -> Self:
        """Start a journal: a new file, or the tables in a PostgreSQL database. Raises JournalError, also where there is one already.

        `place` is a path, or a URL such as `postgresql://user@host/database`. With a `key` every entry is signed. `clock` gives the moment at which
        an entry is appended. `wait` is how many seconds a writer waits for another.
        """
        from safeguarding_rules.casework.journal.migrate import migrate  # noqa: PLC0415  slow to load, and only a new journal needs it

        database = Database(place, wait=wait)
        journal = cls(database, key, clock)
        made: Path | None = None
        try:
            if database.path is not None:
                database.make_file()
                made = database.path
            elif database.version() is not None:
                raise database.problem("SR942", f"`{database.name}` holds a journal already", "open it")  # noqa: TRY301  closed below
            migrate(database)
            journal.append([Draft(STARTED, {"journal": uuid.uuid4().hex, "library_version": __version__})])
        except BaseException:
            journal.close()
            # Half a journal would be taken for a whole one.
            for end in ("", "-wal", "-shm", "-journal") if made is not None else ():
                Path(f"{made}{end}").unlink(missing_ok=True)
            raise
        return journal

    @classmethod
    def open(cls, place: str | Path, *, key: PrivateKey | None = None, clock: Callable[[], datetime] = now_in_london, wait: float = WAIT) -> Self:
        """Open a journal that is there. Raises JournalError if there is none, or it has another version of the schema."""
        database = Database(place, wait=wait)
        try:
            database.require()
        except BaseException:
            database.close()
            raise
        return cls(database, key, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    # -- writing ----------------------------------------------------------------------------------------------------------------------

    def append(self, drafts: Sequence[Draft], *, expected: int | None = None) -> tuple[Entry, ...]:
        """Append entries, all of them or none; return once they are on the disk.

        `expected` is how many entries the case of the first draft has until now. Raises CaseChangedError if it has more or fewer, JournalError if the
        database does not take them or a name of theirs cannot be written down, ValueError for data without a canonical form.
        """
        for draft in drafts:
            require_keepable(case=draft.case, kind=draft.kind, **{f"personal.{place}": name for place, name in enumerate(draft.personal, start=1)})
        sealed = [form.seal(draft.personal) for draft in drafts]
        payloads = [form.payload_of(draft.data, personal) for draft, personal in zip(drafts, sealed, strict=True)]
        made: tuple[Entry, ...] = ()
        try:
            with self.database.writing() as connection:
                made = self._chain(connection, drafts, payloads, expected)
                self._write(connection, made, sealed)
        except CommitUnknownError:
            self._settle(made)
        return made

    def _chain(self, connection: Connection, drafts: Sequence[Draft], payloads: Sequence[str], expected: int | None) -> tuple[Entry, ...]:
        if not drafts:
            return ()
        first = drafts[0].case
        last = connection.execute(_LAST_AND_NUMBER, {"case": first}).first()
        seq, previous, number = (last.seq, last.hash, last.number or 0) if last is not None else (0, form.FIRST, 0)
        if expected is not None and number != expected:
            raise CaseChangedError(f"the case has {number} entries, not {expected}: read it again")
        at = self._clock().astimezone(UTC).isoformat().replace("+00:00", "Z")
        numbers = {first: number}
        made = []
        for draft, payload in zip(drafts, payloads, strict=True):
            if draft.case not in numbers:
                numbers[draft.case] = connection.scalar(_NUMBER, {"case": draft.case}) or 0
            numbers[draft.case] += 1
            seq += 1
            columns: dict[str, Any] = {
                "seq": seq,
                "case": draft.case,
                "number": numbers[draft.case],
                "kind": draft.kind,
                "at": at,
                "payload": payload,
                "previous": previous,
                "key": None if self._key is None else self._key.public.id,
            }
            previous = form.hash_of(**columns)
            signature = None if self._key is None else self._key.sign(previous)
            made.append(Entry(**columns, hash=previous, signature=signature, personal=draft.personal))
        return tuple(made)

    def _write(self, connection: Connection, made: Sequence[Entry], sealed: Sequence[tuple[Sealed, ...]]) -> None:
        _insert(connection, entries, [_row(one) for one in made])
        kept = [(one.seq, value.name, value.salt, value.value) for one, personal in zip(made, sealed, strict=True) for value in personal]
        _insert(connection, values, kept)

    def _settle(self, made: Sequence[Entry]) -> None:
        """Find out whether entries were kept whose commit was cut off. The old transaction holds the writers' lock until it has ended."""
        try:
            with self.database.writing() as connection:
                found = connection.scalar(select(entries.c.hash).where(entries.c.seq == made[-1].seq))
        except (JournalError, CommitUnknownError) as error:
            raise unknown(self.database.name) from error
        if found != made[-1].hash:
            raise self.database.problem("SR947", f"the server of `{self.database.name}` went while it was writing; nothing was kept", "try again")

    def erase(self, case: str, reason: str) -> Erasure:
        """Erase every personal value of a case, for good, and say so in the journal. Raises JournalError; what it does: docs/reference/journal.md."""
        return erase(self, case, reason)

    # -- reading ----------------------------------------------------------------------------------------------------------------------

    def entries(
        self,
        case: str | None = None,
        *,
        kinds: Iterable[str] | None = None,
        without: Iterable[str] = (),
        unread: Iterable[str] = (),
        among: range | None = None,
    ) -> Iterator[Entry]:
        """The entries in order, of one case or of all, with their personal values or ERASED in their place. Raises JournalError.

        Entries that are appended meanwhile come too.

        `kinds`: only entries of these. `without`: personal values that are left out. `unread`: those that are given as the JSON text that is kept.
        `among`: only entries with these numbers.
        """
        require_keepable(case=case or "")
        left, as_text = frozenset(without), frozenset(unread)
        conditions = [] if case is None else [entries.c.case_id == case]
        if kinds is not None:
            conditions.append(entries.c.kind.in_(tuple(kinds)))
        if among is not None:
            conditions.append(entries.c.seq < among.stop)
        after = 0 if among is None else among.start - 1
        while page := self._page(conditions, left, after, as_text):
            yield from page
            after = page[-1].seq

    def _page(self, conditions: Sequence[ColumnElement[bool]], left: frozenset[str], after: int, as_text: frozenset[str]) -> list[Entry]:
        """The next entries. Each page is a transaction of its own, so that a long reading keeps no writer of a file waiting."""
        wanted = select(entries).where(*conditions, entries.c.seq > after).order_by(entries.c.seq).limit(_PAGE)
        with self.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
            if not rows:
                return []
            inside = (values.c.seq > after, values.c.seq <= rows[-1]["seq"], values.c.name.not_in(left))
            beside = select(values).join(entries, values.c.seq == entries.c.seq).where(*conditions, *inside).order_by(values.c.seq, values.c.name)
            personal = dict(_grouped(connection.execute(beside).mappings()))
        return [_entry(row, personal.get(row["seq"], {}), left, as_text) for row in rows]

    def numbers(self, case: str | None = None, *, kinds: Iterable[str] = ()) -> tuple[int, ...]:
        """The numbers of the entries of some kinds, of one case or of all, in order. Raises JournalError."""
        require_keepable(case=case or "")
        wanted = select(entries.c.seq).where(entries.c.kind.in_(tuple(kinds))).order_by(entries.c.seq)
        with self.database.reading() as connection:
            return tuple(connection.scalars(wanted if case is None else wanted.where(entries.c.case_id == case)))

    def cases(self) -> tuple[str, ...]:
        """The ids of all cases, in the order in which they were opened."""
        found = select(entries.c.case_id).where(entries.c.number == 1, entries.c.case_id != "").order_by(entries.c.seq)
        with self.database.reading() as connection:
            return tuple(connection.scalars(found))

    def head(self) -> Receipt:
        """The receipt of the head, to keep elsewhere. Raises JournalError."""
        with self.database.reading() as connection:
            first = connection.execute(select(entries).where(entries.c.seq == 1)).mappings().first()
            last = connection.execute(_LAST).first()
        if first is None or last is None:
            raise self.database.problem("SR912", "entry 1 is missing", "restore the latest good copy of the journal")
        return Receipt(str(_entry(first, {}, frozenset()).data.get("journal")), last.seq, last.hash)


_LAST = select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
_NUMBER = select(func.max(entries.c.number)).where(entries.c.case_id == bindparam("case"))
_LAST_AND_NUMBER = select(entries.c.seq, entries.c.hash, _NUMBER.scalar_subquery().label("number")).order_by(entries.c.seq.desc()).limit(1)
_AT_ONCE = 500
_PAGE = 200


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows, many in one statement: each statement is a way to the server and back."""
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        statement = _statement(table, len(part), "?" if connection.dialect.name == "sqlite" else "%s")
        kept = connection.exec_driver_sql(statement, tuple(itertools.chain.from_iterable(part))).rowcount
        if kept != len(part):
            message = f"the database took {kept} of {len(part)} rows of `{table.name}`; nothing was kept"
            remedy = "`safeguarding-rules journal verify` names what was added to the database"
            raise JournalError([Diagnostic("SR918", "error", message, help=remedy)])


@cache
def _statement(table: Table, number: int, mark: str) -> str:
    row = f"({', '.join([mark] * len(table.columns))})"
    return f"INSERT INTO {table.name} ({', '.join(table.columns.keys())}) VALUES {', '.join([row] * number)}"  # noqa: S608  names of our own


def _row(one: Entry) -> tuple[object, ...]:
    return (one.seq, one.case, one.number, one.kind, one.at, one.payload, one.previous, one.hash, one.key, one.signature)


def _grouped(rows: Iterable[RowMapping]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Values by the entry they belong to, in order."""
    seq = 0
    found: dict[str, str] = {}
    for row in rows:
        if row["seq"] != seq and found:
            yield seq, found
            found = {}
        seq = row["seq"]
        found[row["name"]] = row["value"]
    if found:
        yield seq, found


def _entry(row: RowMapping, personal: Mapping[str, str], left: frozenset[str], as_text: frozenset[str] = frozenset()) -> Entry:
    wanted = [name for name in json.loads(row["payload"])["commitments"] if name not in left]
    return Entry(
        seq=row["seq"],
        case=row["case_id"],
        number=row["number"],
        kind=row["kind"],
        at=row["at"],
        payload=row["payload"],
        previous=row["previous"],
        hash=row["hash"],
        key=row["key_id"],
        signature=row["signature"],
        personal={name: ERASED if name not in personal else personal[name] if name in as_text else json.loads(personal[name]) for name in wanted},
    )
