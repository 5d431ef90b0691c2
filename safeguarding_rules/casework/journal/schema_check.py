"""What stands in the database of a journal besides what the migrations made: a trigger or a view can make the journal show what it does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from safeguarding_rules.casework.journal.migrations.versions.v0001_first import REFUSING, SQLITE_TRIGGERS
from safeguarding_rules.diagnostics import Diagnostic

_EXPECTED = frozenset(
    {
        ("index", "sqlite_autoindex_journal_content_1"),
        ("index", "sqlite_autoindex_journal_entry_1"),
        ("index", "sqlite_autoindex_journal_value_1"),
        ("index", "sqlite_autoindex_journal_version_1"),
        ("table", "journal_content"),
        ("table", "journal_entry"),
        ("table", "journal_value"),
        ("table", "journal_version"),
        ("trigger", "journal_entry_delete"),
        ("trigger", "journal_entry_update"),
        ("trigger", "journal_value_update"),
    }
)


def strangers(connection: Connection) -> Iterator[Diagnostic]:
    """Yield what is damaged, or does not belong."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite(connection)
    else:
        yield from _postgresql(connection)


def _sqlite(connection: Connection) -> Iterator[Diagnostic]:
    remedy = "stop writing, keep this copy, and restore the latest good one"
    for (said,) in connection.execute(text("PRAGMA integrity_check")).all():
        if said != "ok":
            yield Diagnostic("SR948", "error", f"the file is damaged: {str(said).strip().splitlines()[-1]}", help=remedy)
    found = {(kind, name) for kind, name in connection.execute(text("SELECT type, name FROM sqlite_schema")).all()}
    for kind, name in sorted(found - _EXPECTED):
        yield Diagnostic("SR918", "error", f"the {kind} `{name}` in the file is not of the journal", help=remedy)
    for kind, name in sorted(_EXPECTED - found):
        yield Diagnostic("SR918", "error", f"the {kind} `{name}` of the journal is gone", help=remedy)
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")).all()
    for name, statement in sorted(triggers):
        if ("trigger", name) in _EXPECTED and statement not in SQLITE_TRIGGERS:
            yield Diagnostic("SR918", "error", f"the trigger `{name}` of the journal does something else", help=remedy)


def _postgresql(connection: Connection) -> Iterator[Diagnostic]:
    remedy = "find out who added it; a journal that shares a database keeps its own tables to itself"
    ours = "('journal_entry_kept', 'journal_value_kept')"
    query = (
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid IN "  # noqa: S608  constants
        f"('journal_entry'::regclass, 'journal_value'::regclass, 'journal_content'::regclass) AND tgname NOT IN {ours} ORDER BY 1, 2"
    )
    for table, name in connection.execute(text(query)).all():
        yield Diagnostic("SR918", "error", f"the trigger `{name}` on `{table}` is not of the journal", help=remedy)
    refusing = f"SELECT count(*) FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid WHERE tgname IN {ours} AND tgenabled <> 'D' AND prosrc = :source"  # noqa: S608  constants
    kept = connection.execute(text(refusing), {"source": REFUSING}).scalar()
    if kept != 2:  # noqa: PLR2004  one for each name
        yield Diagnostic("SR918", "error", "the triggers that refuse changes of entries are gone, switched off or do something else", help=remedy)
    kinds = connection.execute(
        text("SELECT c.relname FROM pg_class c WHERE c.oid IN ('journal_entry'::regclass, 'journal_value'::regclass) AND c.relkind <> 'r'")
    ).all()
    for (name,) in kinds:
        yield Diagnostic("SR918", "error", f"`{name}` is not a table", help=remedy)
