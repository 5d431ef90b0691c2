"""The schema of a journal moves forward whole or not at all, and a journal of an earlier version is still read and replayed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from safeguarding_rules.casework import Replayer, open_case
from safeguarding_rules.casework.journal import Journal, Receipt, verify
from safeguarding_rules.casework.journal.database import Database
from safeguarding_rules.casework.journal.migrate import MIGRATIONS, migrate
from safeguarding_rules.casework.journal.records import replay_journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.diagnostics import JournalError
from safeguarding_rules.engine import Engine
from tests.unit.casework.journals import filled

KEPT = Path(__file__).parent / "kept"
NEXT = """
from alembic import op
from sqlalchemy import Column, Integer

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("journal_more", Column("seq", Integer, primary_key=True))
    {then}
"""


@pytest.mark.parametrize("fails", [True, False])
def test_a_migration_is_whole_or_nothing(place: str, tmp_path: Path, fails: bool) -> None:
    filled(place, 3).close()
    scripts = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    then = "raise RuntimeError('half way')" if fails else "pass"
    (scripts / "versions" / "v0002_more.py").write_text(NEXT.format(then=then), encoding="utf-8")
    database = Database(place)
    try:
        if fails:
            with pytest.raises(RuntimeError, match="half way"):
                migrate(database, scripts=scripts)
        else:
            migrate(database, scripts=scripts)
        with database.reading() as connection:
            assert inspect(connection).has_table("journal_more") is not fails
        assert database.version() == ("0001" if fails else "0002")
    finally:
        database.close()
    if fails:
        with Journal.open(place) as journal:
            assert verify(journal).entries == 4
    else:
        with pytest.raises(JournalError, match="use a later version"):
            Journal.open(place)


@pytest.mark.parametrize("version", [path.stem for path in sorted(KEPT.glob("*.sql"))])
def test_a_journal_of_an_earlier_version_is_read_verified_and_replayed(tmp_path: Path, version: str) -> None:
    """What `kept/` holds was written by the version of its name, and is never written anew: see `kept/README.md`."""
    place = tmp_path / "journal.db"
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript((KEPT / f"{version}.sql").read_text(encoding="utf-8"))
    database = Database(place)
    migrate(database)
    database.close()
    with Journal.open(place) as journal:
        receipt = Receipt.read(str(KEPT / f"{version}.receipt"))
        found = verify(journal, expected=[receipt])
        assert (found.findings, found.signed > 0, found.erased > 0) == ((), True, True)
        assert [(one.case, one.state) for one in replay_journal(journal, Replayer(journal.contents.pack), whole=False)] == [
            ("case-1", "identical"),
            ("case-1", "identical"),
            ("case-2", "erased"),
            ("case-3", "identical"),
            ("case-3", "identical"),
        ]
        packs = [journal.contents.pack(digest) for _, _, digest in next(journal.entries("case-3", kinds=["decided"])).data["packs"]]
        case = open_case(Engine.from_packs(packs), "case-3", store=JournalStore(journal))
        assert [record.number for record in case.records] == [1, 2]
        assert case.decision.outcome == "review"
        assert not case.is_open
