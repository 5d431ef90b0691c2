"""What tests of live cases share: a moment, a clock that is moved by hand, a person, and the codes of what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from safeguarding_rules.diagnostics import CaseError, FactsError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEAD = "the lead"


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def codes(call: Callable[[], object]) -> list[str]:
    """The codes of what a call is refused for."""
    with pytest.raises((CaseError, FactsError)) as caught:
        call()
    return [found.code for found in caught.value.diagnostics]
