"""The decision records in a journal, for replay.

Comes in: a journal. Goes out: for each decision its record, or that it was erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from safeguarding_rules.casework.journal.entry import ERASED, Entry
from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.replay import Replayed, Replayer

DECIDED = "decided"


def replay_journal(  # noqa: PLR0913  which records, and how
    journal: Journal, replayer: Replayer, case: str | None = None, *, number: int | None = None, whole: bool = True, among: range | None = None
) -> Iterator[Replayed]:
    """Replay every decision of a journal, or of a case, or one; `among`: only in entries with these numbers.

    Raises JournalError if the journal cannot be read.
    """
    for entry in journal.entries(case, kinds=[DECIDED], without=["who", "verdict"] if whole else ["who", "record"], unread=["record"], among=among):
        data = entry.data
        if number is None or data.get("number") == number:
            yield _whole(entry, data, replayer) if whole else _verdict(entry, data, replayer)


def _verdict(entry: Entry, data: Mapping[str, Any], replayer: Replayer) -> Replayed:
    """Replay the verdict that stands beside the record of an entry."""
    verdict = entry.personal.get("verdict", ERASED)
    return _erased(entry, data) if verdict is ERASED else replayer.replay_verdict(entry.case, data, verdict)


def _whole(entry: Entry, data: Mapping[str, Any], replayer: Replayer) -> Replayed:
    """Replay the record of an entry, given as text."""
    text = entry.personal.get("record", ERASED)
    if text is ERASED:
        return _erased(entry, data)
    if (found := replayer.replay_text(text)) is not None:
        return found
    try:
        record = _record(json.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        because = f"entry {entry.seq} holds no decision record: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
        return Replayed(case=entry.case, number=data.get("number"), state="impossible", compared="nothing", because=because, code="SR933")
    return replayer.replay(record)


def _erased(entry: Entry, data: Mapping[str, Any]) -> Replayed:
    number = data.get("number")
    return Replayed(case=entry.case, number=number, state="erased", compared="nothing", because="the case was erased", code="SR921")


def _record(data: Any) -> DecisionRecord:  # noqa: ANN401  any JSON
    """The record in an entry. Its decision may be any JSON, and was read as such: it is taken as it stands. Raises ValidationError."""
    decision = data.get("decision") if isinstance(data, dict) else None
    if not isinstance(decision, dict):
        return DecisionRecord.model_validate(data)
    return DecisionRecord.model_validate({**data, "decision": {}}).model_copy(update={"decision": decision})
