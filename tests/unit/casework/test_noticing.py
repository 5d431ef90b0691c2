"""What must not be overlooked when something is written down is said in the step that writes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from safeguarding_rules import Engine
from safeguarding_rules.casework.case import LiveCase, open_case
from safeguarding_rules.casework.events import CaseOpened, Event, FactLearnt
from safeguarding_rules.casework.store import MemoryStore
from tests.unit.casework.live import LEAD, NOON, Clock, codes


def test_a_step_after_another_policy_came_into_force_says_so() -> None:
    """kscmp 2024.9 is in force from 1 September 2024, kscmp 2023.4 before."""
    clock = Clock(datetime(2024, 8, 30, 12, tzinfo=UTC))
    case = open_case(Engine.load("kscmp", clock=clock), "a")
    case.open("a concern", who=LEAD)
    clock.later(days=5)
    told = str(case.note("other", "Nothing new.", who=LEAD))
    assert "WARNING since the entry before, another policy has come into force (" in told
    assert "kscmp 2024.9). The advice stays at `review`." in told
    assert "another policy" not in str(case.note("other", "Nothing new again.", who=LEAD))


def test_what_policy_rules_out_and_was_done_is_said(case: LiveCase) -> None:
    """U16: imagery is never looked at."""
    told = str(case.done("view_imagery", who=LEAD, text="It was held up."))
    assert "WARNING policy says that this must not be done: Look at the imagery." in told
    assert "how and why imagery was viewed, and who was present, is not written down" in [item.item for item in case.missing()]
    assert "WARNING" not in str(case.done("hold_initial_review_meeting", who=LEAD))


def test_a_contradiction_is_said_where_the_advice_stays(case: LiveCase) -> None:
    case.learn("financial_demand", True, who=LEAD)
    case.learn("adult_role", "known_adult", who=LEAD)
    step = case.learn("doubts_remain", True, who=LEAD)
    assert "cannot all be true" not in str(step)
    told = str(case.correct("adult_role", "known_adult", who=LEAD)) + str(case.learn("adult_involved", False, who=LEAD))
    assert told.startswith("stays at refer_police.")
    assert "WARNING these facts cannot all be true: `adult_involved`, `adult_role`." in told
    assert "cannot all be true" not in str(case.note("other", "It was said already.", who=LEAD))


def test_what_is_written_in_a_closed_case_is_said_to_stand_in_no_record(case: LiveCase) -> None:
    for duty in case.duties():
        if duty.outstanding:
            case.waive(duty.action, "other", "Not part of this.", by=duty.by, who=LEAD)
    case.review_on(date(2026, 12, 1), who=LEAD)
    case.note("parents_not_told", "Not yet.", who=LEAD)
    case.record(who=LEAD)
    closed = str(case.close("It ended.", who=LEAD))
    assert "stays so" not in closed
    assert "WARNING the case is closed before its review of 01 December 2026" in closed
    assert "\n".join(case.warnings) in closed
    assert "WARNING the case is closed and stays so" in str(case.note("other", "A thought.", who=LEAD))
    assert "stays so" not in str(case.reopen("Asked by the head.", who=LEAD))


def test_a_review_in_the_past_is_refused_and_one_far_away_is_questioned(case: LiveCase) -> None:
    assert codes(lambda: case.review_on(date(2025, 12, 1), who=LEAD)) == ["SR901"]
    assert codes(lambda: case.review_on(datetime(2026, 12, 1, 9, tzinfo=UTC), who=LEAD)) == ["SR924"]
    assert case.review is None
    assert "is the year right?" in str(case.review_on(date(2029, 12, 1), who=LEAD))
    assert "is the year right?" not in str(case.review_on(NOON.date(), who=LEAD))
    assert case.review is not None
    assert case.review.on == NOON.date()


def test_a_clock_that_is_still_to_start_puts_no_duty_off(case: LiveCase) -> None:
    """A year mistyped must not make "immediately" next year."""
    assert codes(lambda: case.start_clock("known", NOON + timedelta(days=365), who=LEAD)) == ["SR901"]
    case.start_clock("known", NOON, who=LEAD)


def test_nothing_known_is_not_learnt(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD)
    assert codes(lambda: case.learn("doubts_remain", None, who=LEAD)) == ["SR924"]
    assert codes(lambda: case.correct("adult_involved", None, who=LEAD)) == ["SR924"]
    assert codes(lambda: case.duties(NOON.replace(tzinfo=None))) == ["SR901"]


def test_nothing_known_that_an_earlier_version_kept_counts_as_not_known(kent: Engine) -> None:
    store = MemoryStore()
    times: Any = {"known_at": NOON, "recorded_at": NOON, "who": LEAD}
    early: list[Event] = [CaseOpened(**times, pack="kscmp", concern="x"), FactLearnt(**times, fact="doubts_remain", value=None)]
    store.append("a", early, expected=0)
    case = open_case(kent, "a", store=store, clock=lambda: NOON)
    assert not case.known
    case.learn("doubts_remain", True, who=LEAD, source="the lead")
    assert [(one.fact, one.answer, one.source) for one in case.known] == [("doubts_remain", "Yes", "the lead")]
