"""A small MIS: a table of cases of its own, and a journal that keeps what happened.

The journal is the truth; the table is what lists and reminders read, written anew after each event.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import DateTime, Engine, String, create_engine, delete, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import safeguarding_rules
from safeguarding_rules.casework import CaseStep, LiveCase, open_case
from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.diagnostics import JournalError


class Base(DeclarativeBase):
    """The tables of the MIS."""


class CaseRow(Base):
    """A case as lists and reminders need it. No name and no fact about a child stands here."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    pupil_reference: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(80))
    is_open: Mapped[bool]
    overdue: Mapped[int]
    next_due: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    review_on: Mapped[date | None]


class Mis:
    """What a MIS needs of live cases."""

    def __init__(self, database: Engine, journal: Journal, rules: safeguarding_rules.Engine) -> None:
        """Take the database of the MIS, the journal, and the rules."""
        self.database = database
        self.store = JournalStore(journal)
        self.rules = rules
        Base.metadata.create_all(database)

    def open(self, case_id: str, pupil_reference: str, concern: str, who: str) -> CaseStep:
        """A concern is written down."""
        case = open_case(self.rules, case_id, store=self.store)
        step = case.open(concern, who=who)
        self._list(case, pupil_reference)
        return step

    def tell(self, case_id: str, event: Callable[[LiveCase], CaseStep]) -> CaseStep:
        """Something happened: `mis.tell("2026-041", lambda case: case.learn("adult_involved", True, who=user))`."""
        case = open_case(self.rules, case_id, store=self.store)
        step = event(case)
        self._list(case)
        return step

    def _list(self, case: LiveCase, pupil_reference: str | None = None) -> None:
        """Write the row of a case anew."""
        duties = [duty for duty in case.duties() if duty.outstanding]
        due = [duty.due.astimezone(UTC) for duty in duties if duty.due is not None]
        with Session(self.database) as session, session.begin():
            row = session.get(CaseRow, case.id) or CaseRow(id=case.id, pupil_reference=pupil_reference or "")
            row.outcome = case.decision.outcome
            row.is_open = case.is_open
            row.overdue = sum(duty.state == "overdue" for duty in duties)
            row.next_due = min(due, default=None)
            row.review_on = case.review.on if case.review is not None and case.review.held_at is None else None
            session.add(row)

    def refresh(self) -> None:
        """Write every row anew: each night, for duties fall due and policy changes without anybody typing anything. Erased cases leave the table."""
        for case_id in self.store.cases():
            try:
                case = open_case(self.rules, case_id, store=self.store)
            except JournalError as error:
                if not any(found.code == "SR921" for found in error.diagnostics):  # erased at the end of retention
                    raise
                self._forget(case_id)
            else:
                self._list(case)

    def _forget(self, case_id: str) -> None:
        """Take the row of an erased case away: it links the case to a pupil."""
        with Session(self.database) as session, session.begin():
            session.execute(delete(CaseRow).where(CaseRow.id == case_id))

    def reminders(self) -> list[tuple[str, str, int]]:
        """Open cases with overdue duties: id, outcome, how many."""
        with Session(self.database) as session:
            rows = session.scalars(select(CaseRow).where(CaseRow.is_open, CaseRow.overdue > 0).order_by(CaseRow.id))
            return [(row.id, row.outcome, row.overdue) for row in rows]

    def reviews(self, today: date) -> list[tuple[str, date]]:
        """Open cases whose review is to be held by today: id, and the day that was set."""
        with Session(self.database) as session:
            rows = session.scalars(select(CaseRow).where(CaseRow.is_open, CaseRow.review_on <= today).order_by(CaseRow.review_on, CaseRow.id))
            return [(row.id, row.review_on) for row in rows if row.review_on is not None]


def main(database: str, journal_place: str) -> None:
    """Open a case, learn something, and print what there is to do."""
    if not Path(journal_place).exists():
        Journal.create(journal_place).close()
    with Journal.open(journal_place) as journal:
        mis = Mis(create_engine(f"sqlite:///{database}"), journal, safeguarding_rules.Engine.load("kscmp"))
        if "2026-041" not in mis.store.cases():
            mis.open("2026-041", "pupil-17", "A pupil says that an image was passed on.", "A. Lead")
        print(mis.tell("2026-041", lambda case: case.learn("adult_involved", value=True, who="A. Lead", source="parent")))
        print(mis.reminders() or "nothing is overdue")


if __name__ == "__main__":
    main(*sys.argv[1:3])
