"""What stays readable after erasing is what docs/how-to/keep-records.md says: every field of an event that is not erased is told there."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from safeguarding_rules.casework.events import Event
from safeguarding_rules.casework.moments import personal_fields

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "keep-records.md").read_text(encoding="utf-8")
TOLD = {
    "event": "what kind it was",
    "known_at": "its two times",
    "recorded_at": "its two times",
    "fact": "which question was answered",
    "clock": "the clocks of deadlines",
    "started_at": "when they started",
    "action": "which actions were done",
    "by": "by which role",
    "reason": "the coded reason",
    "on": "the date set for a review",
    "topic": "the topic of each note",
    "agreed": "agreed to or not",
    "outcome": "the outcome",
    "advised": "the two outcomes",
    "settled": "whether it was settled",
    "rules": "the rules that were met or presumed",
    "questions": "the questions still open",
    "overdue": "the actions that were overdue",
    "override": "the coded reason",
    "pack": "the packs",
    "packs": "the packs",
    "number": "of each decision",
    "fingerprint": "the packs",
    "language_version": "the versions of pack language and library",
    "library_version": "the versions of pack language and library",
    "because": "what kind it was",
}


@pytest.mark.parametrize("kind", get_args(get_args(Event)[0]), ids=lambda kind: str(kind.__name__))
def test_every_field_that_stays_is_told(kind: type) -> None:
    for name in set(kind.model_fields) - personal_fields(kind):  # type: ignore[attr-defined]
        assert TOLD[name] in PAGE, name
