"""A live case: what each event brings, duties over time, closing, departures, and what the second engine may do."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.casework.canonical import canonical_bytes
from safeguarding_rules.casework.case import LiveCase, open_case
from safeguarding_rules.casework.events import EVENT, CaseOpened, Decided
from safeguarding_rules.casework.moments import personal_fields
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.casework.store import CaseChangedError, MemoryStore
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import CaseError
from tests.unit.casework.live import LEAD, NOON, Clock, codes


def test_a_step_says_what_rose_and_why(case: LiveCase) -> None:
    """U5: an adult involved is at least `refer_police`."""
    step = case.learn("adult_involved", True, who=LEAD, source="form tutor")
    assert step.change.rose
    assert str(step).startswith("rose from review to refer_police because: An adult taking part")
    step = case.correct("adult_involved", False, who=LEAD, source="police")
    assert step.change.fell
    assert step.change.headline.startswith("fell from refer_police to review because")


def test_what_cannot_be_is_refused_and_leaves_the_case_as_it_was(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD)
    before = case.events
    tomorrow = NOON + timedelta(days=1)
    assert codes(lambda: case.learn("adult_involvd", True, who=LEAD)) == ["SR802"]
    assert codes(lambda: case.learn("youngest_pictured_age", "14", who=LEAD)) == ["SR803"]
    assert codes(lambda: case.learn("adult_involved", False, who=LEAD)) == ["SR902"]
    assert codes(lambda: case.withdraw("doubts_remain", who=LEAD)) == ["SR903"]
    assert codes(lambda: case.learn("doubts_remain", True, who=LEAD, known_at=tomorrow)) == ["SR901"]
    assert codes(lambda: case.learn("doubts_remain", True, who=LEAD, known_at=tomorrow.replace(tzinfo=None))) == ["SR901"]
    assert codes(lambda: case.learn("doubts_remain", True, who=" ")) == ["SR909"]
    assert codes(lambda: case.done("refer_to_polise", who=LEAD)) == ["SR904"]
    assert codes(lambda: case.open("again", who=LEAD)) == ["SR905"]
    assert codes(lambda: case.override("refer_polce", "other", "x", who=LEAD)) == ["SR907"]
    assert codes(lambda: case.start_clock("knwn", NOON, who=LEAD)) == ["SR808"]
    assert case.events == before


def test_an_action_that_no_pack_declares_is_answered_with_those_that_are_meant(case: LiveCase) -> None:
    with pytest.raises(CaseError) as caught:
        case.done("police", who=LEAD)
    assert caught.value.diagnostics[0].help == "one of: refer_to_police, seek_police_advice"
    with pytest.raises(CaseError) as caught:
        case.done("ring somebody", who=LEAD)
    assert "set_review_date" in str(caught.value.diagnostics[0].help)


@pytest.mark.parametrize("name", ["2026-041 ", " 2026-041", "2026\n041", "2026\u200b041", "2026\t041"])
def test_an_id_that_looks_like_another_is_refused(kent: Engine, name: str) -> None:
    store = MemoryStore()
    case = open_case(kent, name, store=store)
    assert codes(lambda: case.open("a concern", who=LEAD)) == ["SR924"]
    assert store.cases() == ()


@pytest.mark.parametrize("name", ["2026-041 ", "2026\u200b041"])
def test_a_case_that_was_opened_under_such_an_id_goes_on(kent: Engine, name: str) -> None:
    """Earlier versions took it: what was written down there is still read, and goes on."""
    store = MemoryStore()
    times: Any = {"known_at": NOON, "recorded_at": NOON, "who": LEAD}
    store.append(name, [CaseOpened(**times, pack="kscmp", concern="x")], expected=0)
    case = open_case(kent, name, store=store, clock=lambda: NOON)
    case.learn("adult_involved", True, who=LEAD, source="the lead")
    assert case.record(who=LEAD).case == name
    again = open_case(kent, name, store=store, clock=lambda: NOON)
    assert [one.about for one in again.history()] == ["kscmp", "adult_involved", "refer_police"]


def test_a_mistyped_value_is_refused_even_where_something_known_later_speaks(case: LiveCase) -> None:
    case.learn("youngest_pictured_age", 14, who=LEAD)
    assert codes(lambda: case.correct("youngest_pictured_age", 140, who=LEAD)) == ["SR804"]


def test_duties_become_due_overdue_done_and_waived(case: LiveCase, clock: Clock) -> None:
    """`refer_to_police` must be done immediately from when it was known; the clock starts with the fact that brings it."""
    clock.later(days=2)
    case.learn("adult_involved", True, who=LEAD)

    def state(action: str) -> str:
        return next(duty.state for duty in case.duties() if duty.action == action and duty.by == "dsl")

    assert state("refer_to_police") == "due"
    clock.later(hours=2)
    assert state("refer_to_police") == "overdue"
    case.done("refer_to_police", who=LEAD, text="by telephone")
    assert state("refer_to_police") == "done"
    case.waive("refer_to_childrens_social_care", "agency_leads", "The police made it.", who=LEAD)
    assert state("refer_to_childrens_social_care") == "waived"
    case.take_up("refer_to_childrens_social_care", "They had not.", who=LEAD)
    assert state("refer_to_childrens_social_care") == "overdue"


def test_a_duty_that_lapsed_and_arose_anew_is_to_be_done_anew(case: LiveCase, clock: Clock) -> None:
    case.learn("adult_involved", True, who=LEAD)
    case.done("refer_to_police", who=LEAD)
    clock.later(hours=1)
    case.withdraw("adult_involved", who=LEAD)
    clock.later(hours=1)
    case.learn("adult_involved", True, who=LEAD)
    duty = next(duty for duty in case.duties() if duty.action == "refer_to_police")
    assert (duty.state, duty.since) == ("due", clock.now)


def complete(case: LiveCase) -> None:
    """Do, waive and write down whatever is asked for."""
    for duty in case.duties():
        if duty.outstanding:
            case.waive(duty.action, "other", "Not part of this test.", by=duty.by, who=LEAD)
    for topic in ("not_referred", "parents_not_told"):
        case.note(topic, "As discussed.", who=LEAD)
    case.headteacher("the head", agreed=True, who=LEAD)
    case.review_on(date(2027, 1, 10), who=LEAD)
    case.record(who=LEAD)


def test_closing_is_refused_with_a_list_and_new_information_reopens(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD)
    with pytest.raises(CaseError) as caught:
        case.close("Done.", who=LEAD)
    said = str(caught.value)
    assert {found.code for found in caught.value.diagnostics} == {"SR906"}
    assert "correct `adult_involved` with its source" in said
    assert "Report to the police (DSL): neither done nor waived" in said
    assert "the decision is not recorded as it stands" in said
    case.correct("adult_involved", True, who=LEAD, source="form tutor")
    complete(case)
    assert case.missing() == ()
    case.close("Police lead.", who=LEAD)
    assert not case.is_open
    assert codes(lambda: case.close("Again.", who=LEAD)) == ["SR905"]
    step = case.learn("high_distress", True, who=LEAD, source="parent")
    assert step.reopened
    assert case.is_open
    assert "open again" in str(step)


def test_closing_writes_a_last_record_that_says_how_the_case_ended(case: LiveCase) -> None:
    """KCSIE: a note of any action taken, decisions reached and the outcome."""
    case.learn("adult_involved", True, who=LEAD, source="form tutor")
    complete(case)
    before = case.records
    assert before[-1].outcome is None
    case.close("The police lead; the school supports.", who=LEAD)
    assert case.records[:-1] == before
    last = case.records[-1]
    assert last.number == len(before) + 1
    assert last.outcome is not None
    assert (last.outcome.text, last.outcome.who) == ("The police lead; the school supports.", LEAD)
    assert last.missing == ()
    assert not case.is_open


def test_a_closed_case_is_not_departed_from_and_takes_no_record(case: LiveCase) -> None:
    complete(case)
    case.close("Nothing more.", who=LEAD)
    assert codes(lambda: case.override("refer", "more_protective", "x", who=LEAD)) == ["SR905"]
    assert codes(lambda: case.follow_advice(who=LEAD)) == ["SR905"]
    assert codes(lambda: case.record(who=LEAD)) == ["SR905"]
    assert codes(lambda: case.close("Again.", who=LEAD)) == ["SR905"]
    case.note("other", "A letter was filed.", who=LEAD)
    assert not case.is_open  # nothing that decides
    case.reopen("Asked.", who=LEAD)
    assert case.is_open


def test_recording_reviewing_and_agreeing_are_duties_done(case: LiveCase, clock: Clock) -> None:
    def state(action: str) -> str:
        return next(duty.state for duty in case.duties() if duty.action == action and duty.by == "dsl")

    clock.later(days=3)
    assert state("set_review_date") == "overdue"  # U1: review, the same day
    assert state("record_decision_and_reasons") != "done"
    case.review_on(date(2026, 11, 27), who=LEAD)
    record = case.record(who=LEAD)
    assert state("set_review_date") == state("record_decision_and_reasons") == "done"
    recorded = {duty.action: duty.state for duty in record.duties if duty.by == "dsl"}
    assert recorded["record_decision_and_reasons"] == "done"
    case.take_up("set_review_date", "The date was wrong.", who=LEAD)
    assert state("set_review_date") == "overdue"


def agreement(case: LiveCase) -> list[str]:
    return [item.item for item in case.missing() if "headteacher" in item.item]


def test_an_agreement_is_to_an_outcome(case: LiveCase, clock: Clock) -> None:
    """UKCIS-2024-REC-2, MAN-3: who decides not to refer has the headteacher agree to that."""
    case.learn("adult_involved", True, who=LEAD)
    case.headteacher("the head", agreed=True, who=LEAD)  # to refer to the police
    case.override("refer", "professional_judgement", "Said by telephone.", who=LEAD)
    assert agreement(case) == ["the headteacher agreed to “Tell the police now”"]
    case.headteacher("the head", agreed=False, who=LEAD)
    assert agreement(case) == ["the headteacher has not agreed"]
    clock.later(hours=1)
    case.headteacher("the head", agreed=True, who=LEAD)
    assert agreement(case) == []
    record = case.record(who=LEAD)
    assert (record.headteacher.agreed, record.headteacher.outcome) == (True, "refer")
    case.override("review", "other", "Thought again.", who=LEAD)
    assert agreement(case) == ["the headteacher agreed to “Refer now”"]
    assert codes(lambda: case.headteacher("the head", agreed=True, who=LEAD, outcome="reviw")) == ["SR907"]
    case.headteacher("the head", agreed=True, who=LEAD, outcome="review")
    assert agreement(case) == []


def test_the_packs_of_a_record_are_kept(kent: Engine, clock: Clock) -> None:
    store = MemoryStore()
    case = open_case(kent, "a", store=store, clock=clock)
    case.open("a concern", who=LEAD)
    record = case.record(who=LEAD)
    decision: Any = record.decision
    assert [pack["digest"] for pack in decision["policy"]["packs"]] == list(store.packs)


def test_a_review_that_was_not_held_keeps_the_case_open(case: LiveCase, clock: Clock) -> None:
    complete(case)
    clock.later(days=60)
    assert [item.item for item in case.missing()] == ["the review of 10 January 2027 was not held"]
    case.reviewed(who=LEAD, text="Nothing new.")
    assert case.missing() == ()


def test_viewing_must_be_written_down(case: LiveCase) -> None:
    """UKCIS-2024-VIEW-6."""
    case.learn("staff_has_viewed", True, who=LEAD, source="teacher")
    viewing = [item for item in case.missing() if "UKCIS-2024-VIEW-6" in item.statements]
    assert len(viewing) == 1
    case.note("viewing", "Unavoidable; second person present.", who=LEAD)
    assert not [item for item in case.missing() if "UKCIS-2024-VIEW-6" in item.statements]


def test_a_departure_stands_beside_the_advice(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD)
    assert codes(lambda: case.override("refer_police", "other", "x", who=LEAD)) == ["SR907"]
    assert codes(lambda: case.override("refer", "other", " ", who=LEAD)) == ["SR909"]
    case.override("refer", "professional_judgement", "Said by telephone.", who=LEAD)
    record = case.record(who=LEAD)
    assert case.decision.outcome == record.outcome_advised == "refer_police"
    assert record.override is not None
    assert (record.override.outcome, record.override.reason) == ("refer", "professional_judgement")
    assert record.headteacher.needed  # less is done than advised
    case.follow_advice(who=LEAD)
    assert case.record(who=LEAD).override is None


def test_a_late_fact_never_changes_an_old_record(case: LiveCase, clock: Clock) -> None:
    case.learn("contains_imagery", True, who=LEAD)
    made = case.record(who=LEAD)
    kept = made.canonical()
    clock.later(hours=3)
    case.learn("adult_involved", True, who=LEAD, known_at=NOON)
    assert case.records == (made,)
    assert case.records[0].canonical() == kept
    assert case.decision_as_of(known_at=NOON).outcome == "refer_police"  # it was known
    assert case.decision_as_of(known_at=NOON, recorded_by=NOON).outcome == "review"  # but not written down


def test_a_correction_with_the_time_of_the_mistake_takes_its_place(case: LiveCase, clock: Clock) -> None:
    case.learn("adult_involved", True, who=LEAD)
    clock.later(hours=1)
    case.correct("adult_involved", False, who=LEAD, known_at=NOON, text="typed by mistake")
    assert case.decision_as_of(known_at=NOON).facts["adult_involved"] is False
    clock.later(hours=1)
    case.correct("adult_involved", True, who=LEAD, text="the police say so")
    assert case.decision_as_of(known_at=NOON).facts["adult_involved"] is False
    assert case.decision.facts["adult_involved"] is True


def test_policy_of_another_day(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD)
    packs = case.decision_as_of(policy_on=date(2023, 12, 1)).policy.packs
    assert [(pack.pack, pack.version) for pack in packs] == [("ukcis", "2020.12"), ("kscmp", "2023.4")]


def test_the_record_holds_what_guidance_asks_for(case: LiveCase, kent: Engine) -> None:
    case.learn("adult_involved", True, who=LEAD, source="form tutor")
    case.done("refer_to_police", who=LEAD, text="by telephone")
    record = case.record(who="another lead")
    assert record.concern == "An image was passed on in Year 9."
    assert [(fact.fact, fact.value, fact.source, fact.who) for fact in record.facts] == [("adult_involved", True, "form tutor", LEAD)]
    assert record.decided_by == "another lead"
    assert any("adult" in reason for reason in record.reasons)
    assert {"UKCIS-2024-SCOPE-X1"} <= {statement.statement for statement in record.statements}
    duty = next(duty for duty in record.duties if duty.action == "refer_to_police" and duty.by == "dsl")
    assert (duty.state, duty.text) == ("done", "by telephone")
    again = DecisionRecord.model_validate_json(record.canonical())
    assert again == record
    assert again.canonical() == record.canonical()
    decided = kent.decide(record.stated_facts(), clocks=record.clocks, on=date.fromisoformat(str(record.decision["on"])))
    assert canonical_bytes(decided.model_dump()) == canonical_bytes(dict(record.decision))


def test_events_are_canonical_and_come_back(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD)
    complete(case)
    for event in case.events:
        data = canonical_bytes(event)
        assert EVENT.validate_json(data) == event
        assert canonical_bytes(EVENT.validate_json(data)) == data
        assert list(json.loads(data)) == sorted(json.loads(data))
        assert "who" in personal_fields(type(event))
    assert "record" in personal_fields(Decided)


def test_canonical_json_refuses_what_has_no_form() -> None:
    for wrong in ({"a": 1.5}, {"a": 2**53}, {"é": 1}, {"a": object()}):
        with pytest.raises(ValueError, match=r"canonical|JSON"):
            canonical_bytes(wrong)
    with pytest.raises(ValueError, match="surrogates"):
        canonical_bytes({"a": "\ud800"})
    assert canonical_bytes({"b": [1, None, True], "a": 'é"\n'}) == '{"a":"é\\"\\n","b":[1,null,true]}'.encode()


def test_two_people_at_once_do_not_overwrite_each_other(kent: Engine, clock: Clock) -> None:
    store = MemoryStore()
    one = open_case(kent, "a", store=store, clock=clock)
    one.open("a concern", who=LEAD)
    other = open_case(kent, "a", store=store, clock=clock)
    one.learn("adult_involved", True, who=LEAD)
    with pytest.raises(CaseChangedError):
        other.learn("adult_involved", False, who="another")
    assert len(other.events) == 1
    assert open_case(kent, "a", store=store, clock=clock).decision.outcome == "refer_police"


class Objecting:
    """A second engine that always objects, or fails."""

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails

    def follow(self, decision: Decision) -> str:
        if self.fails:
            raise MemoryError
        return f"not {decision.outcome}"

    def close(self) -> None:
        pass


@pytest.mark.parametrize("fails", [True, False])
def test_where_the_second_engine_differs_or_fails_the_compiled_answer_stands(kent: Engine, clock: Clock, fails: bool) -> None:
    case = LiveCase(kent, "a", store=MemoryStore(), clock=clock, second=Objecting(fails=fails))
    case.open("a concern", who=LEAD)
    step = case.learn("adult_involved", True, who=LEAD)
    assert step.decision.outcome == "refer_police"
    assert step.problem is not None
    assert step.problem.code == "SR908"
    assert "WARNING" in str(step)
    assert case.problem == step.problem
