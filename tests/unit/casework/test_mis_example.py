"""The example MIS runs as a developer would start it, and its table follows the journal."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from safeguarding_rules import Engine
from safeguarding_rules.casework.journal.journal import Journal

APP = Path(__file__).parents[3] / "examples" / "mis" / "app.py"


def application() -> Any:
    spec = importlib.util.spec_from_file_location("mis_app", APP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mis_app"] = module  # SQLAlchemy looks annotations up there
    spec.loader.exec_module(module)
    return module


def test_the_table_follows_the_journal(tmp_path: Path) -> None:
    """U5: an adult involved is at least `refer_police`, immediately; three hours later that is overdue."""
    now = [datetime(2026, 11, 20, 12, tzinfo=UTC)]
    database = create_engine(f"sqlite:///{tmp_path / 'cases.db'}")
    with Journal.create(tmp_path / "journal.db") as journal:
        mis = application().Mis(database, journal, Engine.load("kscmp", clock=lambda: now[0]))
        mis.open("c1", "pupil-17", "An image was passed on.", "A. Lead")
        step = mis.tell("c1", lambda case: case.learn("adult_involved", value=True, who="A. Lead", source="parent"))
        assert step.change.rose
        assert mis.reminders() == []
        now[0] += timedelta(hours=3)
        assert mis.reminders() == []  # the table is as it was written
        mis.refresh()
        ((case, outcome, before),) = mis.reminders()
        assert (case, outcome) == ("c1", "refer_police")
        mis.tell("c1", lambda case: case.done("refer_to_police", who="A. Lead"))
        assert mis.reminders() == [("c1", "refer_police", before - 1)]
        mis.tell("c1", lambda case: case.review_on(date(2026, 11, 27), who="A. Lead"))
        assert mis.reviews(date(2026, 11, 26)) == []
        assert mis.reviews(date(2026, 11, 27)) == [("c1", date(2026, 11, 27))]
        mis.tell("c1", lambda case: case.reviewed(who="A. Lead"))
        assert mis.reviews(date(2026, 11, 28)) == []
    database.dispose()


def test_an_erased_case_leaves_the_table_and_the_others_go_on(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 20, 12, tzinfo=UTC)]
    database = create_engine(f"sqlite:///{tmp_path / 'cases.db'}")
    with Journal.create(tmp_path / "journal.db") as journal:
        app = application()
        mis = app.Mis(database, journal, Engine.load("kscmp", clock=lambda: now[0]))
        for number in ("c1", "c2"):
            mis.open(number, f"pupil-{number}", "An image was passed on.", "A. Lead")
            mis.tell(number, lambda case: case.learn("adult_involved", value=True, who="A. Lead", source="parent"))
        journal.erase("c1", "end of retention")
        now[0] += timedelta(hours=3)
        mis.refresh()
        assert [case for case, _, _ in mis.reminders()] == ["c2"]
        with database.connect() as connection:
            assert list(connection.exec_driver_sql("select id, pupil_reference from cases")) == [("c2", "pupil-c2")]
    database.dispose()


def test_it_runs_as_the_page_says(tmp_path: Path) -> None:
    command = [sys.executable, str(APP), str(tmp_path / "cases.db"), str(tmp_path / "journal.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout.startswith("rose from review to refer_police because")
    again = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert again.stdout.startswith("stays at refer_police.")
