"""The schema of a journal moves forward whole or not at all, and a journal of an earlier version is still read and replayed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from safeguarding_rules.casework import Replayer, open_case
from safeguarding_rules.casework.canonical import canonical_bytes
from safeguarding_rules.casework.events import Decided
from safeguarding_rules.casework.journal import Journal, Receipt, verify
from safeguarding_rules.casework.journal.database import Database
from safeguarding_rules.casework.journal.migrate import MIGRATIONS, migrate
from safeguarding_rules.casework.journal.records import replay_journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.casework.record import DecisionRecord
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


def restored(version: str, place: Path) -> Journal:
    """A journal of an earlier version, migrated."""
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript((KEPT / f"{version}.sql").read_text(encoding="utf-8"))
    database = Database(place)
    migrate(database)
    database.close()
    return Journal.open(place)


CHANGING = (("case-4", "identical"), ("case-4", "identical"), *[("case-5", "identical")] * 3)
DECISIONS = {"0.1.0": (), "0.1.0-changing": CHANGING, "0.1.0-told": (*CHANGING, ("case-6", "identical"), ("case-6", "identical"))}
"""What a kept journal holds beside the decisions of its first three cases."""


@pytest.mark.parametrize("version", [path.stem for path in sorted(KEPT.glob("*.sql"))])
def test_a_journal_of_an_earlier_version_is_read_verified_and_replayed(tmp_path: Path, version: str) -> None:
    """What `kept/` holds was written by the version of its name, and is never written anew: see `kept/README.md`."""
    with restored(version, tmp_path / "journal.db") as journal:
        receipt = Receipt.read(str(KEPT / f"{version}.receipt"))
        found = verify(journal, expected=[receipt])
        assert (found.findings, found.signed > 0, found.erased > 0) == ((), True, True)
        found_again = [(one.case, one.state) for one in replay_journal(journal, Replayer(journal.contents.pack), whole=False)]
        assert found_again[:5] == [
            ("case-1", "identical"),
            ("case-1", "identical"),
            ("case-2", "erased"),
            ("case-3", "identical"),
            ("case-3", "identical"),
        ]
        assert sorted(found_again[5:]) == list(DECISIONS[version])
        packs = [journal.contents.pack(digest) for _, _, digest in next(journal.entries("case-3", kinds=["decided"])).data["packs"]]
        case = open_case(Engine.from_packs(packs), "case-3", store=JournalStore(journal))
        assert [record.number for record in case.records] == [1, 2]
        assert case.decision.outcome == "review"
        assert not case.is_open


@pytest.mark.parametrize("version", ["0.1.0-changing", "0.1.0-told"])
def test_records_are_read_as_they_were_written_byte_for_byte(tmp_path: Path, version: str) -> None:
    """A field that records have since is not made up for those that have it not. (Of 0.1.0 `lapsed`, `left_out`, `advised` are.)"""
    with restored(version, tmp_path / "journal.db") as journal:
        kept = [entry.personal["record"] for entry in journal.entries(kinds=["decided"], without=["who", "verdict"]) if not entry.erased]
        assert len(kept) == 4 + len(DECISIONS[version])
        for written in kept:
            assert DecisionRecord.model_validate(written).canonical() == canonical_bytes(written)
        assert {"history" in written for written in kept} == {version == "0.1.0-told"}


def test_how_a_record_came_about_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The case in the journal that `write_kept.telling` wrote."""
    with restored("0.1.0-told", tmp_path / "journal.db") as journal:
        before, after = (event.record for event in JournalStore(journal).events("case-6") if isinstance(event, Decided))
        assert [(one.event, one.text) for one in after.history[:5]] == [
            ("case_opened", ""),
            ("fact_learnt", ""),
            ("duty_done", "By telephone."),
            ("duty_done", "It was held up."),
            ("fact_corrected", "The parent was mistaken."),
        ]
        assert after.history[:5] == before.history
        assert [one.answer for one in (*before.facts, *after.facts)] == ["No", "Yes"]
        told = {one.action: (one.modality, one.state, one.earlier is not None) for one in after.duties}
        assert told == {"tell": ("must", "open", True), "look": ("must_not", "done", False)}
        assert [one.compared for one in replay_journal(journal, Replayer(journal.contents.pack), "case-6")] == ["whole", "whole"]


def test_what_was_left_out_lapsed_and_advised_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The cases over a change of policy in the journal that `write_kept.changing` wrote."""
    with restored("0.1.0-changing", tmp_path / "journal.db") as journal:
        stored = JournalStore(journal)
        first, second = ([event.record for event in stored.events(case) if isinstance(event, Decided)] for case in ("case-4", "case-5"))
        named = [[(one.name, one.value) for one in record.left_out] for record in first]
        assert named == [[], [("b", 15), ("reported", "2026-11-20T09:00:00+00:00")]]
        versions: Any = [record.decision["policy"] for record in first]
        assert [policy["packs"][0]["version"] for policy in versions] == ["1", "2"]
        assert [record.stated_facts() for record in first] == [{"a": True, "b": 15}, {"a": True}]
        stood, lapsed, anew = second
        assert stood.override is not None
        assert (stood.override.advised, stood.override.outcome, stood.lapsed) == ("review", "manage", None)
        assert lapsed.lapsed is not None
        assert (lapsed.outcome_advised, lapsed.override, lapsed.lapsed.advised) == ("refer", None, "review")
        assert anew.override is not None
        assert (anew.override.advised, anew.override.outcome, anew.lapsed) == ("refer", "review", None)
        whole = list(replay_journal(journal, Replayer(journal.contents.pack), "case-5"))
        assert [one.compared for one in whole] == ["whole"] * 3
