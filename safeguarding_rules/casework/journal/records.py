"""The decision records in a journal, for replay.

Comes in: a journal. Goes out: for each decision its record, or that it was erased.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from safeguarding_rules.casework.journal.entry import ERASED, Entry
from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.replay import Replayed, Replayer

DECIDED = "decided"


def replay_journal(
    journal: Journal, replayer: Replayer, case: str | None = None, *, number: int | None = None, whole: bool = True
) -> Iterator[Replayed]:
    """Replay every decision of a journal, or of a case, or one. Raises JournalError if the journal cannot be read."""
    for entry in journal.entries(case, kinds=[DECIDED], without=["who"] if whole else ["who", "record"]):
        data = entry.data
        if number is None or data.get("number") == number:
            yield _replayed(entry, data, replayer, whole=whole)


def _replayed(entry: Entry, data: Mapping[str, Any], replayer: Replayer, *, whole: bool) -> Replayed:
    """Replay the decision of an entry: its record, or only the verdict that stands beside the record."""
    number = data.get("number")
    if entry.personal.get("record" if whole else "verdict", ERASED) is ERASED:
        return Replayed(case=entry.case, number=number, state="erased", compared="nothing", because="the case was erased", code="SR921")
    if not whole:
        return replayer.replay_verdict(entry.case, data, entry.personal["verdict"])
    try:
        record = _record(entry.personal["record"])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        because = f"entry {entry.seq} holds no decision record: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
        return Replayed(case=entry.case, number=number, state="impossible", compared="nothing", because=because, code="SR933")
    return replayer.replay(record)


def _record(data: Any) -> DecisionRecord:  # noqa: ANN401  any JSON
    """The record in an entry. Its decision may be any JSON, and was read as such: it is taken as it stands. Raises ValidationError."""
    decision = data.get("decision") if isinstance(data, dict) else None
    if not isinstance(decision, dict):
        return DecisionRecord.model_validate(data)
    return DecisionRecord.model_validate({**data, "decision": {}}).model_copy(update={"decision": decision})
