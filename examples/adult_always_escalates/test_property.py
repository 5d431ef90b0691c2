"""Adult involvement always escalates, as a property: whatever else is known of a case, or not known."""

from __future__ import annotations

from datetime import date

from safeguarding_rules import Decision
from safeguarding_rules.testing.strategies import for_all_cases


@for_all_cases("ukcis", known={"adult_involved": True}, on=date(2026, 11, 22))
def test_adult_always_escalates(decision: Decision) -> None:
    """The police are told, and the outcome says so."""
    assert decision.outcome in ("refer_police", "emergency")
    assert any(action.action == "refer_to_police" and action.modality == "must" and action.status == "applies" for action in decision.actions)
