"""A live case while advice, policy, clocks and hands change around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.casework import LiveCase, MemoryStore, Replayer, open_case, record_page
from safeguarding_rules.casework.duties import CaseDuty
from safeguarding_rules.casework.journal import Journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import CaseError, FactsError
from safeguarding_rules.linking.link import link
from tests.unit import making
from tests.unit.casework.journals import record_of
from tests.unit.casework.live import LEAD, NOON, Clock, codes
from tests.unit.cli.command import Command, later


def items(case: LiveCase) -> str:
    return "; ".join(item.item for item in case.missing())


def duty(case: LiveCase, action: str, at: datetime | None = None) -> CaseDuty:
    return next(one for one in case.duties(at) if one.action == action and one.by == "dsl")


# -- a departure is from one advice -------------------------------------------------------------------------------------------------


def test_a_departure_lapses_when_the_advice_rises(case: LiveCase, clock: Clock) -> None:
    """U5: an adult involved is at least `refer_police`; nobody has decided to do less than that."""
    case.override("manage_in_setting", "professional_judgement", "Nothing in it.", who=LEAD)
    case.headteacher("the head", agreed=True, who=LEAD)
    record = case.record(who=LEAD)
    assert record.override is not None
    assert (record.override.advised, record.override.outcome, record.headteacher.agreed) == ("review", "manage_in_setting", True)
    clock.later(hours=1)
    step = case.learn("adult_involved", True, who=LEAD, source="parent")
    assert "WARNING `manage_in_setting` was decided instead of `review`" in str(step)
    assert case.departure is None
    record = case.record(who=LEAD)
    assert (record.outcome_advised, record.override, record.headteacher.agreed) == ("refer_police", None, None)
    lapsed = "“Manage within the setting” was decided instead of “Hold the review”, and since then policy advised something else"
    assert lapsed in [item.item for item in record.missing]
    assert record.lapsed is not None
    page = record_page(record)
    assert "That no longer stands" in page
    assert "the advice is followed" not in page
    with pytest.raises(CaseError, match="since then policy advised something else"):
        case.close("Done.", who=LEAD)


def test_a_departure_made_anew_needs_the_agreement_anew(case: LiveCase, clock: Clock) -> None:
    case.override("manage_in_setting", "professional_judgement", "Nothing in it.", who=LEAD)
    case.headteacher("the head", agreed=True, who=LEAD)
    assert "headteacher" not in items(case)
    case.learn("adult_involved", True, who=LEAD, source="parent")
    case.override("manage_in_setting", "professional_judgement", "A cousin of 18.", who=LEAD)
    assert case.departure is not None
    assert case.departure.advised == "refer_police"
    assert "the headteacher agreed before the advice rose" in items(case)
    clock.later(hours=1)
    case.headteacher("the head", agreed=True, who=LEAD)
    assert "headteacher" not in items(case)


def test_a_departure_that_lapsed_does_not_come_back_by_itself(case: LiveCase, clock: Clock) -> None:
    case.override("manage_in_setting", "professional_judgement", "Nothing in it.", who=LEAD)
    case.learn("adult_involved", True, who=LEAD, source="parent")
    clock.later(hours=1)
    assert "WARNING" not in str(case.correct("adult_involved", False, who=LEAD, source="police"))  # it was said before
    assert case.decision.outcome == "review"
    assert case.departure is None
    assert "since then policy advised something else" in items(case)
    case.follow_advice(who=LEAD)
    assert "since then policy advised something else" not in items(case)
    assert codes(lambda: case.follow_advice(who=LEAD)) == ["SR907"]


def test_a_departure_stands_while_the_advice_stays(case: LiveCase, clock: Clock) -> None:
    case.override("refer", "more_protective", "To be sure.", who=LEAD)
    clock.later(days=1)
    case.learn("contains_imagery", True, who=LEAD, source="form tutor")
    assert case.decision.outcome == "review"
    assert case.departure is not None
    assert "since then" not in items(case)


# -- policy changes under a case ----------------------------------------------------------------------------------------------------

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def changing(command: Command, clock: Clock) -> tuple[Command, Callable[[], Engine]]:
    """The minimal pack in two versions, the second from 2025 on; the clock stands at the last noon of 2024."""
    command.pack()
    later(command)
    command.edit("packs/minimal/2024.1/pack.yaml", "status: draft", "status: in_force")
    clock.now = NEW_YEAR - timedelta(hours=12)

    def load() -> Engine:
        for version in ("2024.1", "2025.1"):
            assert command("lock", f"packs/minimal/{version}").code == 0
        return Engine.load("minimal", paths=["packs"], clock=clock)

    return command, load


def test_a_policy_that_no_longer_takes_a_fact_does_not_lock_the_case(changing: tuple[Command, Callable[[], Engine]], clock: Clock) -> None:
    command, load = changing
    command.edit("packs/minimal/2025.1/facts.yaml", "at_most: 17", "at_most: 12")
    case = open_case(load(), "a", clock=clock)
    case.open("a concern", who=LEAD)
    case.learn("age", 15, who=LEAD, source="register")
    case.learn("adult_involved", True, who=LEAD, source="parent")
    assert case.left_out == {}
    clock.later(days=2)
    assert [pack.version for pack in case.decision.policy.packs] == ["2025.1"]
    assert dict(case.decision.facts) == {"adult_involved": True}
    assert list(case.left_out) == ["age"]
    assert "does not take what is known of `age`" in items(case)
    assert "WARNING `age` is left out" in str(case.note("other", "A letter.", who=LEAD))
    record = case.record(who=LEAD)
    assert [fact.fact for fact in record.facts] == ["adult_involved"]
    assert [(one.name, one.value) for one in record.left_out] == [("age", 15)]
    assert case.duties()
    assert codes(lambda: case.correct("age", 15, who=LEAD)) == ["SR804"]  # what is new must fit the policy in force
    assert "WARNING" not in str(case.correct("age", 12, who=LEAD, source="register"))
    assert case.left_out == {}
    case.withdraw("age", who=LEAD)
    assert case.decision.facts == {"adult_involved": True}
    assert case.decision_as_of(known_at=NEW_YEAR - timedelta(hours=6)).facts["age"] == 15


def test_a_duty_that_arises_because_policy_changed_becomes_overdue(changing: tuple[Command, Callable[[], Engine]], clock: Clock) -> None:
    """The rule speaks of children below 10, from 2025 of those below 17: `within: same_day` of the day on which it does."""
    command, load = changing
    for name in command.folder.glob("packs/minimal/2025.1/rules/*.csv"):
        command.edit(str(name.relative_to(command.folder)), "below 10", "below 17")
    case = open_case(load(), "a", clock=clock)
    case.open("a concern", who=LEAD)
    case.learn("age", 15, who=LEAD, source="register")
    case.learn("adult_involved", False, who=LEAD, source="register")
    assert "tell_services" not in [one.action for one in case.duties()]
    clock.later(days=5)
    found = duty(case, "tell_services")
    assert (found.since, found.state) == (NEW_YEAR, "overdue")


def test_a_departure_lapses_when_policy_changes_the_advice(changing: tuple[Command, Callable[[], Engine]], clock: Clock) -> None:
    command, load = changing
    for name in command.folder.glob("packs/minimal/2025.1/rules/*.csv"):
        command.edit(str(name.relative_to(command.folder)), "below 10", "below 17")
    case = open_case(load(), "a", clock=clock)
    case.open("a concern", who=LEAD)
    case.learn("age", 15, who=LEAD, source="register")
    case.learn("adult_involved", False, who=LEAD, source="register")
    case.override("review", "more_protective", "To be sure.", who=LEAD)
    assert case.departure is not None
    clock.later(days=5)
    assert case.decision.outcome == "refer"
    assert case.departure is None


# -- clocks, days, hands ------------------------------------------------------------------------------------------------------------


def test_what_a_clock_ahead_wrote_down_is_known(kent: Engine) -> None:
    store, ahead, behind = MemoryStore(), Clock(NOON + timedelta(seconds=0.5)), Clock()
    open_case(kent, "a", store=store, clock=behind).open("a concern", who=LEAD)
    open_case(kent, "a", store=store, clock=ahead).learn("adult_involved", True, who=LEAD, source="parent")
    case = open_case(kent, "a", store=store, clock=behind)
    assert case.decision.outcome == "refer_police"
    record = case.record(who=LEAD)
    assert [fact.fact for fact in record.facts] == ["adult_involved"]
    assert [one.recorded_at for one in case.events] == sorted(one.recorded_at for one in case.events)


def test_nothing_is_known_since_a_day_without_policy(clock: Clock) -> None:
    """Else what was due since then could never be told, nor the case recorded or closed."""
    long_ago = datetime(2015, 3, 2, 9, tzinfo=UTC)
    case = open_case(Engine.load("kscmp"), "from-another-system", clock=clock)
    with pytest.raises(CaseError, match="no version of `kscmp` is in force on 2015-03-02") as raised:
        case.open("A concern.", who=LEAD, known_at=long_ago)
    assert [one.code for one in raised.value.diagnostics] == ["SR901"]
    assert case.events == ()
    case.open("A concern; it was raised in March 2015.", who=LEAD)
    with pytest.raises(CaseError, match="2015-03-02"):
        case.learn("contains_imagery", True, who=LEAD, known_at=long_ago)
    with pytest.raises(CaseError, match="2015-03-02"):
        case.start_clock("known", long_ago, who=LEAD, known_at=long_ago)
    case.done("preserve_evidence", by="dsl", who=LEAD, at=long_ago)
    assert case.duties()
    assert case.record(who=LEAD).outcome_advised == "review"


def test_a_clock_that_is_wrong_is_said(kent: Engine) -> None:
    store = MemoryStore()
    open_case(kent, "a", store=store, clock=Clock(NOON + timedelta(hours=2))).open("a concern", who=LEAD)
    case = open_case(kent, "a", store=store, clock=Clock())
    step = case.learn("adult_involved", True, who=LEAD)
    assert "WARNING the entry before was written down at a time that is 2:00:00 later than the clock now" in str(step)
    assert step.events[0].recorded_at == NOON + timedelta(hours=2)


def test_what_stood_at_a_past_moment_is_not_changed_by_taking_up_later(case: LiveCase, clock: Clock) -> None:
    case.learn("adult_involved", True, who=LEAD)
    case.done("refer_to_police", who=LEAD)
    clock.later(hours=1)
    then = clock.now
    before = case.duties(then)
    assert duty(case, "refer_to_police", then).state == "done"
    clock.later(hours=1)
    case.take_up("refer_to_police", "Nobody answered.", who=LEAD)
    assert case.duties(then) == before
    assert duty(case, "refer_to_police").state == "overdue"


def close(case: LiveCase) -> None:
    for one in case.duties():
        if one.outstanding:
            case.waive(one.action, "other", "Not part of this test.", by=one.by, who=LEAD)
    for topic in ("not_referred", "parents_not_told"):
        case.note(topic, "As discussed.", who=LEAD)
    case.headteacher("the head", agreed=True, who=LEAD)
    case.review_on(date(2027, 1, 10), who=LEAD)
    case.record(who=LEAD)
    case.close("Nothing more.", who=LEAD)


def test_taking_a_duty_up_opens_a_closed_case(case: LiveCase) -> None:
    case.learn("adult_involved", True, who=LEAD, source="parent")
    close(case)
    step = case.take_up("refer_to_police", "Nobody answered.", who=LEAD)
    assert step.reopened
    assert case.is_open
    assert duty(case, "refer_to_police").outstanding


def test_learning_again_what_is_known_leaves_it_known_since_the_first(case: LiveCase, clock: Clock) -> None:
    case.learn("adult_involved", True, who=LEAD)
    clock.later(days=3)
    case.learn("adult_involved", True, who="another", source="police")
    case.learn("adult_involved", True, who="another")
    [fact] = case.record(who=LEAD).facts
    assert (fact.known_at, fact.recorded_at, fact.source, fact.who) == (NOON, NOON, "police", LEAD)
    case.withdraw("adult_involved", who=LEAD)
    clock.later(days=1)
    case.learn("adult_involved", True, who=LEAD, source="police")
    assert case.record(who=LEAD).facts[0].known_at == clock.now
    earlier = NOON - timedelta(hours=1)
    case.learn("adult_involved", True, who=LEAD, known_at=earlier)  # known before it was known to be known
    assert case.decision_as_of(known_at=earlier).facts["adult_involved"] is True


def test_a_clock_is_one_that_policy_names(case: LiveCase) -> None:
    before = case.events
    assert codes(lambda: case.start_clock("Jane_Smith_disclosed", NOON, who=LEAD)) == ["SR808"]
    with pytest.raises(FactsError) as caught:
        case.start_clock("Jane_Smith_disclosed", NOON, who=LEAD)
    assert "Jane" not in str(caught.value)
    assert case.events == before
    case.start_clock("known", NOON, who=LEAD)
    case.start_clock("known", None, who=LEAD)
    assert codes(lambda: case.start_clock("known", NOON.replace(year=1066), who=LEAD)) == ["SR808"]


# -- one pack, and nothing personal in errors ---------------------------------------------------------------------------------------


def test_a_case_is_held_to_its_pack(command: Command) -> None:
    kent = Engine.load("kscmp")
    with Journal.create("journal.db") as journal:
        open_case(kent, "a", store=JournalStore(journal)).open("a concern", who=LEAD)
        national = Engine.load("ukcis")
        with pytest.raises(CaseError, match="decided by the pack `kscmp`, not by `ukcis`") as caught:
            open_case(national, "a", store=JournalStore(journal))
        assert [found.code for found in caught.value.diagnostics] == ["SR923"]
        open_case(national, "b", store=JournalStore(journal)).open("a concern", who=LEAD)
    outcome = command("case", "show", "a", "--journal", "journal.db", "--pack", "ukcis@2020.12")
    assert outcome.code == 2
    assert re.search(r"SR923.*`kscmp`.*`ukcis@2020.12`", outcome.err, re.DOTALL)
    assert command("case", "show", "a", "--journal", "journal.db").code == 0


def test_a_folder_of_packs_that_moved_is_the_same_pack(command: Command) -> None:
    store = MemoryStore()
    now = datetime(2024, 3, 1, 12, tzinfo=UTC)
    open_case(Engine.load(command.pack(), clock=lambda: now), "a", store=store).open("a concern", who=LEAD)
    (command.folder / "packs").rename(command.folder / "moved")
    case = open_case(Engine.load("moved/minimal/2024.1", clock=lambda: now), "a", store=store)
    assert case.decision.outcome == "review"


PERSON = "Jane Smith"
WRONG: dict[str, tuple[Callable[[LiveCase], Any], str, str]] = {
    "naive": (lambda case: case.start_clock("known", NOON.replace(tzinfo=None), who=PERSON), "SR901", "started_at"),
    "reason": (lambda case: case.waive("refer_to_police", PERSON, "x", who=LEAD), "SR924", "reason"),  # type: ignore[arg-type]
    "departing": (lambda case: case.override("refer", PERSON, "x", who=LEAD), "SR924", "reason"),  # type: ignore[arg-type]
    "topic": (lambda case: case.note(PERSON, "x", who=LEAD), "SR924", "topic"),  # type: ignore[arg-type]
    "long": (lambda case: case.note("other", PERSON * 3000, who=LEAD), "SR924", "text"),
    "concern": (lambda case: open_case(case.engine, "b").open(PERSON * 3000, who=LEAD), "SR924", "concern"),
    "tuple": (lambda case: case.learn("adult_role", (PERSON, PERSON), who=LEAD), "SR924", "value"),
    "fraction": (lambda case: case.learn("youngest_pictured_age", {"below": 13.5}, who=PERSON), "SR924", "value"),
    "surrogate": (lambda case: case.note("other", PERSON + "\ud800", who=LEAD), "SR924", "text"),
    "zero": (lambda case: case.note("other", PERSON + "\0", who=LEAD), "SR924", "text"),
    "zero in a value": (lambda case: case.learn("adult_role", {"one_of": [PERSON + "\0"]}, who=LEAD), "SR924", "value"),
    "zero in a fact": (lambda case: case.learn("adult_role\0", value=True, who=LEAD), "SR924", "fact"),
    "zero in who": (lambda case: case.record(who=PERSON + "\0"), "SR924", "who"),
    "zero in the case": (lambda case: open_case(case.engine, PERSON + "\0"), "SR924", "id"),
    "surrogate in the case": (lambda case: open_case(case.engine, PERSON + "\ud800"), "SR924", "id"),
    "number as a case": (lambda case: open_case(case.engine, 17), "SR924", "id"),  # type: ignore[arg-type]
    "day": (lambda case: case.review_on(PERSON, who=LEAD), "SR924", "on"),  # type: ignore[arg-type]
    "case": (lambda case: open_case(case.engine, ""), "SR924", "id"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_written_down_is_refused_without_repeating_it(case: LiveCase, name: str) -> None:
    call, code, place = WRONG[name]
    before = case.events
    with pytest.raises(CaseError) as caught:
        call(case)
    [found] = caught.value.diagnostics
    assert (found.code, place in found.message, bool(found.help)) == (code, True, True)
    error: BaseException | None = caught.value
    while error is not None:
        assert PERSON not in str(error)
        error = error.__cause__ or error.__context__
    assert case.events == before


def test_what_is_missing_in_a_case_that_was_not_opened(kent: Engine) -> None:
    assert "the concern is not written down" in items(open_case(kent, "new"))


# -- replay -------------------------------------------------------------------------------------------------------------------------


def test_replay_never_raises_for_what_a_record_says(case: LiveCase) -> None:
    record = case.record(who=LEAD)
    assert (Replayer().replay(record).state, Replayer().replay(record).code) == ("impossible", "SR919")
    data: Any = record.model_dump(mode="json", by_alias=True)
    data["decision"]["policy"]["packs"] = []
    empty = type(record).model_validate(data)
    assert (Replayer().replay(empty).state, Replayer().replay(empty).code) == ("impossible", "SR933")
    assert Replayer().replay_verdict("a", {"packs": []}, {"facts": {}, "on": "2026-11-20"}).state == "impossible"
    assert Replayer().replay_verdict("a", {"packs": [], "language_version": "1"}, {"facts": {}, "on": "2026-11-20"}).code == "SR933"


def test_what_linked_by_older_versions_is_replayed_without_them() -> None:
    """The national pack went beyond what the layer asks for: told by its older version, which is not kept with a record."""
    old = making.pack({"adult": {"when": {"a": True}, "outcome": "review"}}, facts="a", version="0")
    new = making.pack({"adult": {"when": {"a": True}, "outcome": "police"}}, facts="a")
    low = making.pack(name="low", above="top", strengthens={"top/adult": {"outcome": "refer"}})
    national, local, older = making.read(new, low, old)
    on = date(2024, 3, 1)
    decision = Decider(compile_policy(link([national, local], on, lambda _: [older]))).decide({"a": True}, on)
    packs = {pack.digest: pack for pack in (national, local)}
    replayed = Replayer(packs.__getitem__).replay(record_of(decision))
    assert (replayed.state, replayed.differences) == ("identical", ())
    forged = decision.model_dump()
    forged["outcome"] = "refer"
    record = record_of(decision).model_copy(update={"decision": forged})
    assert Replayer(packs.__getitem__).replay(record).state == "differs"
