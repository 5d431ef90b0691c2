"""Writes a journal to keep: `python -m tests.unit.casework.write_kept NAME`. Refuses to write one anew."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from safeguarding_rules import Engine
from safeguarding_rules.casework import LiveCase, open_case
from safeguarding_rules.casework.journal import Journal, PrivateKey
from safeguarding_rules.casework.journal.store import JournalStore
from tests.unit import making
from tests.unit.casework.journals import ticking
from tests.unit.casework.test_migrations import KEPT

LEAD = "A. Lead"


def cases(journal: Journal) -> None:
    """Three cases of one policy: open, erased, closed."""
    rules = {"old-enough": {"when": {"a": True}, "outcome": "refer"}, "many": {"when": {"b": {"at_least": 10}}, "outcome": "police"}}
    engine = making.engine(making.pack(rules, facts={"a": making.YES_NO, "b": making.NUMBER}))
    clock = ticking(datetime(2026, 11, 20, 9, tzinfo=UTC))

    def opened(name: str) -> LiveCase:
        case = open_case(engine, name, store=JournalStore(journal), clock=clock)
        case.open("A concern.", who=LEAD)
        return case

    first = opened("case-1")
    first.learn("a", value=True, who=LEAD, source="a parent")
    first.record(who=LEAD)
    first.override("police", "more_protective", "To be safe.", who=LEAD)
    first.learn("b", 12, who=LEAD, source="a teacher")
    first.record(who=LEAD)
    second = opened("case-2")
    second.learn("b", 3, who=LEAD)
    second.record(who=LEAD)
    journal.erase("case-2", "end of retention")
    third = opened("case-3")
    third.review_on(date(2027, 1, 10), who=LEAD)
    for duty in third.duties():
        if duty.outstanding:
            third.waive(duty.action, "other", "Not part of this.", by=duty.by, who=LEAD)
    third.record(who=LEAD)
    third.close("It ended.", who=LEAD)


def changing(folder: Path, journal: Journal) -> None:
    """Two cases over a change of policy: one with a fact and a clock that the new policy does not take, one with a departure that lapses."""
    rules: dict[str, making.Data] = {
        "old-enough": {"when": {"a": True}, "outcome": "refer", "actions": [{"must": "tell", "within": "P1D", "from": "reported"}]},
        "many": {"when": {"b": {"at_least": 10}}, "outcome": "police"},
    }
    facts = {"a": making.YES_NO, "b": making.NUMBER}
    old = making.pack(rules, facts=facts, actions="tell", status="in_force", in_force={"from": "2024-01-01", "until": "2026-11-21"})
    new_rules = rules | {"old-enough": rules["old-enough"] | {"actions": [{"must": "tell", "within": "P1D", "from": "reported_on"}]}}
    later: making.Data = {"version": "2", "status": "in_force", "in_force": {"from": "2026-11-21"}}
    new = making.pack(new_rules, facts=facts | {"b": making.NUMBER | {"at_most": 12}}, actions="tell", **later)
    making.write(folder, old, new)
    now = [datetime(2026, 11, 20, 9, tzinfo=UTC)]
    engine = Engine.load("top", paths=[str(folder)], clock=lambda: now[0])
    first, second = (open_case(engine, name, store=JournalStore(journal)) for name in ("case-4", "case-5"))
    for case in (first, second):
        case.open("A concern.", who=LEAD)
    first.learn("a", value=True, who=LEAD, source="a parent")
    first.learn("b", 15, who=LEAD, source="a teacher")
    first.start_clock("reported", now[0], who=LEAD)
    second.learn("b", 3, who=LEAD, source="a teacher")
    second.override("manage", "professional_judgement", "Nothing in it.", who=LEAD)
    for case in (first, second):
        case.record(who=LEAD)
    now[0] += timedelta(days=2)
    first.record(who=LEAD)
    second.learn("a", value=True, who=LEAD, source="a parent")
    second.record(who=LEAD)
    second.override("review", "agency_advice", "The police lead.", who=LEAD)
    second.record(who=LEAD)


def telling(journal: Journal) -> None:
    """A case whose record tells how it came about: an answer corrected twice, a duty that arose anew, and what policy rules out and was done."""
    rules: dict[str, making.Data] = {"old-enough": {"when": {"a": True}, "outcome": "refer", "actions": [{"must": "tell"}]}}
    standing = [{"always": True, "actions": [{"must_not": "look"}]}]
    engine = making.engine(making.pack(rules, facts="a", actions={"tell": {}, "look": {"protects": "refrain"}}, standing=standing))
    case = open_case(engine, "case-6", store=JournalStore(journal), clock=ticking(datetime(2026, 11, 23, 9, tzinfo=UTC)))
    case.open("A concern.", who=LEAD)
    case.learn("a", value=True, who=LEAD, source="a parent")
    case.done("tell", who=LEAD, text="By telephone.")
    case.done("look", who=LEAD, text="It was held up.")
    case.correct("a", value=False, who=LEAD, source="a teacher", text="The parent was mistaken.")
    case.record(who=LEAD)
    case.correct("a", value=True, who=LEAD, source="the police")
    case.record(who=LEAD)


def main(name: str) -> None:
    """Write it."""
    target = KEPT / f"{name}.sql"
    if target.exists():
        raise SystemExit(f"{target.name} is there: a journal that is kept is never written anew")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "journal.db"
        with Journal.create(place, key=PrivateKey.new(), clock=ticking()) as journal:
            cases(journal)
            changing(Path(folder) / "packs", journal)
            telling(journal)
            receipt = journal.head()
        with closing(sqlite3.connect(place)) as connection:
            target.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
    target.with_suffix(".receipt").write_text(f"{receipt}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
