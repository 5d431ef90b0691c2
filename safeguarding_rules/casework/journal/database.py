"""The database under a journal: SQLite in a file, or PostgreSQL. Connections with full durability, one writer at a time, errors in our words.

Comes in: a path or a URL. Goes out: transactions. Promised: a transaction that ends without an error is on the disk (SQLite: rollback journal with
`synchronous=FULL`; PostgreSQL: `synchronous_commit=on`); one that ends with an error left nothing behind, unless the error says that this is not
known. Why so: docs/decisions/0035-the-journal-is-one-file.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from safeguarding_rules.casework.journal.tables import SCHEMA_VERSION, VERSION_TABLE
from safeguarding_rules.casework.journal.trouble import CommitUnknownError, gone, trouble
from safeguarding_rules.diagnostics import Diagnostic, JournalError

WAIT: Final = 60.0
"""How many seconds a writer waits for another."""
_LOCK: Final = 0x5AFE6A4D
"""The number of the advisory lock of PostgreSQL that one writer holds at a time."""


class Database:
    """A database that holds a journal, or can."""

    def __init__(self, place: str | Path, *, wait: float = WAIT) -> None:
        """Name the database; nothing is opened yet. Raises JournalError for a URL that leads nowhere."""
        self.wait = wait
        self.path: Path | None = None
        self.name = str(place)
        if isinstance(place, Path) or "://" not in place:
            self.path = Path(place)
            self.engine = _sqlite(self.path, wait)
        else:
            url = _url(place)
            self.name = url.render_as_string(hide_password=True)
            self.engine = _postgresql(url, wait)

    @property
    def is_file(self) -> bool:
        """Whether this is a SQLite file."""
        return self.path is not None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def require(self) -> None:
        """Raise JournalError unless there is a journal of this version of the schema here."""
        if self.path is not None and not self.path.is_file():
            raise self.problem("SR941", f"there is no journal `{self.path}`", "`safeguarding-rules journal new` starts one; check the path")
        found = self.version()
        if found is None:
            raise self.problem("SR942", f"`{self.name}` holds no journal", "`safeguarding-rules journal new` starts one; check the path")
        if found != SCHEMA_VERSION:
            later = found > SCHEMA_VERSION
            remedy = "use a later version of safeguarding-rules" if later else "`safeguarding-rules journal migrate` brings it up to date"
            raise self.problem("SR943", f"`{self.name}` has schema {found}, and this version reads {SCHEMA_VERSION}", remedy)

    def make_file(self) -> None:
        """Make the empty file of a new journal. Raises JournalError, also where something lies there."""
        assert self.path is not None  # noqa: S101  only called for files
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise self.problem("SR942", f"`{self.path}` is there already", "open it, or choose another name") from None
        except OSError as error:
            raise JournalError([trouble(error, self.name, writing=True)]) from None

    def version(self) -> str | None:
        """The version of the schema; None where there is no journal."""
        with self.reading() as connection:
            if not self.engine.dialect.has_table(connection, VERSION_TABLE):
                return None
            found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608  a constant
            return found

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the journal and changes nothing. Raises JournalError."""
        with self._said(writing=False), self.engine.connect() as connection:
            options = {} if self.is_file else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            yield connection.execution_options(**options)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one writing transaction; others wait. Raises JournalError; CommitUnknownError if the server went while it committed."""
        with self._said(writing=True), self.engine.connect() as connection:
            connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin() as transaction:
                if not self.is_file:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
                try:
                    transaction.commit()
                except DBAPIError as error:
                    if gone(error):
                        raise CommitUnknownError(self.name) from error
                    raise

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A connection outside any transaction, for what tidies up. Raises JournalError."""
        with self._said(writing=True), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT", begin="")

    @contextmanager
    def _said(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, UnicodeDecodeError) as error:
            raise JournalError([trouble(error, self.name, writing=writing)]) from error

    def problem(self, code: str, message: str, remedy: str) -> JournalError:
        """An error about this database."""
        return JournalError([Diagnostic(code, "error", message, help=remedy)])


def _url(place: str) -> URL:
    try:
        url = make_url(place)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql":
        remedy = "give a file, or a URL such as postgresql://user@host/database"
        raise JournalError([Diagnostic("SR941", "error", "a journal lies in a file or in PostgreSQL, and this is neither", help=remedy)])
    return url if "+" in url.drivername else url.set(drivername="postgresql+psycopg")


def _sqlite(path: Path, wait: float) -> Engine:
    # Without a mode a misspelt path would make an empty file. `reading` of a file that may not be written works on read-only media too.
    def connect() -> Any:  # noqa: ANN401  a connection of the driver
        import sqlite3  # noqa: PLC0415  loaded only for files

        address = f"file:{quote(str(path))}?mode={_mode(path)}"
        connection = sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None, check_same_thread=False)
        # Bytes that are no text must not keep `verify` from naming the entry they are in.
        connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_timeout=wait, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401
        record.info["opened"] = _opened(path)
        cursor = connection.cursor()
        # Rollback journal, not WAL: what is acknowledged lies in the one file. secure_delete overwrites what is erased.
        for pragma in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "checkout")
    def _(_: object, record: Any, proxy: Any) -> None:  # noqa: ANN401
        # What is written to a file that another one has taken the place of since is lost; and a connection is not shared with a forked process.
        opened = record.info["opened"]
        if opened[0] != os.getpid():
            record.dbapi_connection = proxy.dbapi_connection = None  # not closed: the other process goes on with it
        if opened != _opened(path):
            raise DisconnectionError

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        if statement := connection.get_execution_options().get("begin", "BEGIN"):
            connection.exec_driver_sql(statement)

    return engine


def _mode(path: Path) -> str:
    return "rw" if os.access(path, os.W_OK) or not path.exists() else "ro"


def _opened(path: Path) -> tuple[object, ...]:
    """Which file a connection is to, and whose it is."""
    try:
        found = path.stat()
    except OSError:
        return (os.getpid(),)
    return (os.getpid(), found.st_dev, found.st_ino, _mode(path))


def _postgresql(url: URL, wait: float) -> Engine:
    try:
        engine = create_engine(url, hide_parameters=True, connect_args={"connect_timeout": max(2, int(wait))})
    except (ModuleNotFoundError, NoSuchModuleError):
        remedy = "pip install 'safeguarding-rules[postgresql]'"
        raise JournalError([Diagnostic("SR941", "error", "the PostgreSQL driver is not installed", help=remedy)]) from None

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: object) -> None:  # noqa: ANN401
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute(f"SET lock_timeout = {int(wait * 1000)}")
        connection.commit()

    return engine
