"""Erasing the personal values of a case at the end of retention.

Comes in: the id of a case. Goes out: what was done. Promised: in a SQLite file nothing of the values or their salts is left; in PostgreSQL nothing
in the tables, with `wal_recycle = off` nothing in the write-ahead log either, and what may be left elsewhere is said. The erasure itself is an entry,
so that a value that is merely missing shows. What it cannot reach (copies, backups, freed blocks of the disk): docs/how-to/keep-records.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlalchemy import func as sql

from safeguarding_rules.casework.journal.entry import Draft
from safeguarding_rules.casework.journal.keepable import require_keepable
from safeguarding_rules.casework.journal.tables import entries, values
from safeguarding_rules.diagnostics import JournalError

if TYPE_CHECKING:
    from safeguarding_rules.casework.journal.journal import Journal

ERASURE: Final = "erasure"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did: how many values are gone, and what its owner still has to see to."""

    case: str
    values: int
    left_to_do: tuple[str, ...]


def erase(journal: Journal, case: str, reason: str) -> Erasure:
    """Erase the values of a case and append an entry that says so. Raises JournalError if there is no such case, or it cannot be named so."""
    require_keepable(case=case, reason=reason)
    database = journal.database
    belonging = select(entries.c.seq).where(entries.c.case_id == case)
    with database.reading() as connection:
        if not case or connection.scalar(belonging.limit(1)) is None:
            raise database.problem("SR922", f"there is no case `{case}` in the journal", "`safeguarding-rules journal list` names the cases")
    # The entry comes first: should the machine stop in between, values stand that were to go, and erasing again mends it.
    with database.reading() as connection:
        count = connection.scalar(select(sql.count()).select_from(values).where(values.c.seq.in_(belonging))) or 0
    (said,) = journal.append([Draft(ERASURE, {"reason": reason, "values": count}, case)])
    with database.writing() as connection:
        connection.execute(delete(values).where(values.c.seq.in_(belonging.where(entries.c.seq < said.seq))))
    return Erasure(case, count, _tidy(journal))


def _tidy(journal: Journal) -> tuple[str, ...]:
    """Write the storage anew without what was deleted; say what could not be done."""
    database = journal.database
    if database.is_file:
        copies = "copies and backups of the file made before this still hold the values"
        try:
            with database.alone() as connection:
                connection.exec_driver_sql("VACUUM")
        except JournalError as error:
            why = error.diagnostics[0].message.partition(": ")[2].partition(";")[0]
            return (f"the values are deleted, but the file may still hold their bytes ({why}): erase the case again when nobody else uses it", copies)
        return (copies,)
    left = ["archived write-ahead log, replicas and backups made before this still hold the values"]
    for statement, otherwise in (
        ("VACUUM FULL journal_value", "the owner of the table must run `VACUUM FULL journal_value`"),
        ("SELECT pg_switch_wal()", "a superuser must run `SELECT pg_switch_wal()`, then `CHECKPOINT`"),
        ("CHECKPOINT", "a superuser must run `CHECKPOINT`"),
    ):
        try:
            with database.alone() as connection:
                connection.exec_driver_sql(statement)
        except JournalError:
            left.append(otherwise)
    with database.reading() as connection:
        recycled = connection.exec_driver_sql("SHOW wal_recycle").scalar() != "off"
    if recycled or len(left) > 1:
        left.append(
            "segments of the write-ahead log in `pg_wal` hold the values until the server has written over them; "
            "with `wal_recycle = off` in the settings of the server they go with the checkpoint"
        )
    return tuple(left)
