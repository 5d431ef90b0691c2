"""Journals, decisions and records for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from safeguarding_rules import Decision, Engine
from safeguarding_rules.casework.journal import Draft, Journal
from safeguarding_rules.casework.record import Agreement, DecisionRecord, RecordedFact
from safeguarding_rules.casework.verdict import verdict_of_document
from safeguarding_rules.language.words import LANGUAGE

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def ticking(start: datetime = START) -> Callable[[], datetime]:
    """A clock that goes on by a minute whenever it is read."""
    moments = iter(range(10**9))
    return lambda: start + timedelta(minutes=next(moments))


def note(number: int = 0, case: str = "case-1", text: str = "Something was said.") -> Draft:
    return Draft("note", {"number": number}, case, {"text": text})


def filled(place: str, number: int, **options: object) -> Journal:
    """A journal with its start and this many entries of three cases."""
    journal = Journal.create(place, clock=ticking(), **options)  # type: ignore[arg-type]
    journal.append([note(i, f"case-{i % 3}", f"Something was said, {i}.") for i in range(number)])
    return journal


@cache
def engine() -> Engine:
    return Engine.load("kscmp", on=date(2026, 11, 22))


def record_of(decision: Decision, *, case: str = "case-1", number: int = 1, language: str = LANGUAGE) -> DecisionRecord:
    """The least record of a decision."""
    facts = tuple(RecordedFact(fact=name, question="?", value=value, known_at=START, recorded_at=START) for name, value in decision.facts.items())
    return DecisionRecord(
        case=case,
        number=number,
        made_at=START,
        known_at=START,
        facts=facts,
        clocks={"known": START},
        decision=decision.model_dump(),
        headteacher=Agreement(needed=False),
        pack="kscmp",
        language_version=language,
        library_version="0.1.0",
    )


def decided(facts: Mapping[str, object], **options: object) -> DecisionRecord:
    return record_of(engine().decide(facts, clocks={"known": START}), **options)  # type: ignore[arg-type]


def decision_draft(record: DecisionRecord) -> Draft:
    """A decision as an entry, the way live cases write it."""
    decision: Any = record.decision
    rules = [rule["rule"] for status in ("met", "presumed") for rule in decision["rules"][status]]
    data = {
        "number": record.number,
        "outcome": decision["outcome"],
        "settled": decision["settled"],
        "rules": rules,
        "questions": [one["fact"] for one in decision["questions"]],
        "overdue": [],
        "override": None,
        "packs": [[pack["pack"], pack["version"], pack["digest"]] for pack in decision["policy"]["packs"]],
        "fingerprint": decision["policy"]["fingerprint"],
        "language_version": record.language_version,
        "library_version": record.library_version,
    }
    personal = {"record": record.model_dump(mode="json", by_alias=True), "verdict": verdict_of_document(decision), "who": "A. Lead"}
    return Draft("decided", data, record.case, personal)
