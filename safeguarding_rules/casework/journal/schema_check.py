"""What stands in the database of a journal besides what the migrations made: a trigger or a view can make the journal show what it does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

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

_TABLES = "('journal_entry'::regclass, 'journal_value'::regclass, 'journal_content'::regclass)"
# What fires, as pg_trigger.tgtype has it: 2 before, 8 delete, 16 update, 32 truncate; once for a statement.
_KEPT = {("journal_entry", "journal_entry_kept"): 2 + 8 + 16 + 32, ("journal_value", "journal_value_kept"): 2 + 16 + 32}
_TRIGGERS = f"""
SELECT c.relname AS "of", t.tgname AS "name", t.tgtype AS kind, t.tgqual IS NULL AND t.tgattr = '' AS always, p.prosrc AS source
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgrelid IN {_TABLES}
"""  # noqa: S608  constants


def strangers(connection: Connection) -> Iterator[Diagnostic]:
    """Yield what is damaged, or does not belong."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite(connection)
    else:
        yield from _postgresql(connection)


def _sqlite(connection: Connection) -> Iterator[Diagnostic]:
    from safeguarding_rules.casework.journal.migrations.versions.v0001_first import SQLITE_TRIGGERS  # noqa: PLC0415  slow to load

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
    from safeguarding_rules.casework.journal.migrations.versions.v0001_first import REFUSING  # noqa: PLC0415  slow to load

    remedy = "find out who added it; a journal that shares a database keeps its own tables to itself"
    found = {(row.of, row.name): (row.kind, row.always, row.source) for row in connection.execute(text(_TRIGGERS)).all()}
    for (table, name), trigger in sorted(found.items()):
        if (table, name) not in _KEPT:
            yield Diagnostic("SR918", "error", f"the trigger `{name}` on `{table}` is not of the journal", help=remedy)
        elif trigger != (_KEPT[table, name], True, REFUSING):
            yield Diagnostic("SR918", "error", f"the trigger `{name}` of the journal does something else", help=remedy)
    for table, name in sorted(_KEPT.keys() - found.keys()):
        yield Diagnostic("SR918", "error", f"the trigger `{name}` on `{table}`, which refuses changes, is gone or switched off", help=remedy)
    for (name,) in connection.execute(text(f"SELECT rulename FROM pg_rewrite WHERE ev_class IN {_TABLES} ORDER BY 1")).all():  # noqa: S608  constants
        yield Diagnostic("SR918", "error", f"the rule `{name}` on a table of the journal is not of the journal", help=remedy)
    for (name,) in connection.execute(text(f"SELECT relname FROM pg_class WHERE oid IN {_TABLES} AND relkind <> 'r'")).all():  # noqa: S608  constants
        yield Diagnostic("SR918", "error", f"`{name}` is not a table", help=remedy)
