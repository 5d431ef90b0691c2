"""What people read: the three registers of realistic cases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from safeguarding_rules.explaining.document import WarningWords
from safeguarding_rules.explaining.explanation import Explanation, explain
from safeguarding_rules.explaining.texts import ENGLISH
from tests.unit.explaining.cases import STACKS, VIGNETTES, decision, engine

REGISTERS = ("short", "full", "audit")
ALL = [(stack, case) for stack in STACKS for case in VIGNETTES]


@cache
def explained(case: str, stack: str = "kscmp") -> Explanation:
    """Explain a vignette."""
    return explain(decision(stack, case))


def one_line(text: str) -> str:
    """Undo the wrapping."""
    return " ".join(text.split())


@pytest.mark.parametrize(("stack", "case"), ALL)
@pytest.mark.parametrize("register", REGISTERS)
def test_plain_text_of_80_columns(stack: str, case: str, register: str) -> None:
    text = getattr(explained(case, stack), register)()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x1b\u00a0]| \n|\n\n\n", text)
    for line in text.splitlines():
        assert len(line) <= 80 or len(line.split()) == 1 or re.fullmatch(r" *(- )?https?://\S+", line), line
    assert ": None" not in text
    assert "{" not in text.replace('{"', "")


@pytest.mark.parametrize(("stack", "case"), ALL)
def test_read_back_from_json_it_reads_the_same(stack: str, case: str) -> None:
    found = explained(case, stack)
    again = Explanation.model_validate_json(found.model_dump_json(by_alias=True))
    assert again == found
    assert str(again) == str(found) == found.short()
    assert [again.full(), again.audit()] == [found.full(), found.audit()]
    assert found.model_dump(by_alias=True)["schema"] == "explanation/1"


@pytest.mark.parametrize("case", VIGNETTES)
def test_the_short_register_is_a_page(case: str) -> None:
    lines = explained(case).short().splitlines()
    assert len(lines) <= 110
    assert "Act on this now" in " ".join(lines[3:9]) or case == "VG-17"


def test_what_is_due_now_comes_first_with_contacts() -> None:
    text = explained("VC-31").short()
    assert text.startswith("TELL THE POLICE NOW\n===================\n")
    order = ["\nNOW\n", "Report to the police", "\nTODAY\n", "\nDO NOT\n", "FIND OUT NEXT", "WHOM TO CONTACT"]
    assert sorted(order, key=text.index) == order
    assert "Otherwise: Kent Police, 101" in text
    assert "It could still rise to: Call 999." in one_line(text)


def test_in_danger_the_one_contact_is_999() -> None:
    text = explained("danger").short()
    assert "Setting must    Call 999: Emergency services, 999" in text
    assert "101" not in text.split("Whom to contact".upper())[0].split("\nAS WELL")[0].replace("police or 101", "")


def test_among_other_duties_a_contact_stands_below() -> None:
    """The name of a contact has commas and semicolons of its own, which would blur where the next duty starts."""
    duties, contacts = explained("VC-31").short().split("WHOM TO CONTACT")
    assert re.search(r"Report to CEOP \(contacts: [A-Z]\);", one_line(duties))
    assert "CEOP, the child protection command of the National Crime Agency" in one_line(contacts)


def test_the_last_questions_are_named_though_they_change_only_what_to_do() -> None:
    facts = VIGNETTES["VG-17"]
    many = explain(engine("kscmp").decide(facts)).short()
    assert "questions could change only what to do." in one_line(many)
    rest = {
        "imagery_on_setting_network": False, "other_setting_involved": False, "motivation": {"only": []}, "recipients_count": 1,
        "vulnerability_concern": False,
        "bullying_or_retaliation": False, "further_review_completed": True, "child_wants_to_tell_parents": False, "parent_holds_imagery": False,
        "device_held": "none", "staff_has_viewed": False, "reported_to_dsl": True, "dsl_available": True, "home_authority_is_local": True,
        "outside_working_hours": False,
    }  # fmt: skip
    few = one_line(explain(engine("kscmp").decide({**facts, **rest})).short())
    assert "FIND OUT NEXT 1. Do you also have a general question" in few
    assert "could change only what to do" not in few


def test_the_same_prohibition_for_several_people_is_said_once() -> None:
    text = one_line(explained("VG-01").short())
    assert text.count("look at the imagery") == 1
    assert "Nobody may: look at the imagery; copy, print, store, save or share the imagery;" in text
    assert "Other staff must not: search a child's device; inform and involve parents and carers; question a child about the imagery" in text


def test_what_is_forbidden_in_this_case_says_why() -> None:
    text = one_line(explained("VC-39").short())
    assert "DSL should not: inform and involve parents and carers. Because: Where telling parents may put a child at risk" in text
    assert "Until: Children's social care or the police have agreed the timing." in text
    about = one_line(explained("about the headteacher").short())
    assert "Nobody may: consult the headteacher." in about
    assert "Because: The person a concern is about is never consulted about it" in about


def test_what_is_presumed_is_marked_and_explained() -> None:
    found = explained("VG-07")
    assert "(for now)" in found.short()
    assert "Why, for now: A child under 13" in found.short()
    full = one_line(found.full())
    assert "Part of it is met, so the rest is taken to be met until it is known." in full
    assert "Known: How old was the youngest person pictured at the time the imagery was made? 8." in full
    assert "Not known: From what has been reported, does the imagery show a sexual act?" in full


def test_a_settled_mildest_outcome_says_so() -> None:
    text = explained("VG-17").short()
    assert text.startswith("MANAGE WITHIN THE SETTING")
    assert "This is settled: nothing that is still unknown can change it." in text


def test_contradicting_answers_come_before_anything_to_do() -> None:
    found = explained("contradiction")
    text = found.short()
    assert text.index("These answers cannot all be true. Check them first:") < text.index("\nNOW\n")
    assert "(for now)" not in text
    assert not found.settled
    assert not found.firm


def test_an_exceptional_permission_is_never_among_what_to_do() -> None:
    text = explained("viewing in the exceptional case", "ukcis").short()
    todo, rest = text.split("\nDO NOT\n")
    assert "ook at the imagery" not in todo
    assert "DSL may, but need not: look at the imagery exceptionally, with every safeguard. Every safeguard counts." in one_line(rest)


def test_statements_stand_with_source_section_and_how_far_they_were_checked() -> None:
    full = one_line(explained("VC-21").full())
    assert "(UKCIS-2024-REF-4; source [" in full
    assert "s2 immediate referral (d); advice; not yet confirmed)" in full


def test_audit_numbers_every_field() -> None:
    found = explained("VG-01")
    text = one_line(found.audit())
    for part in ("1.1 Outcome: review", found.fingerprint, "3.3 youngest_pictured_age = 14", "2026-11-22"):
        assert part in text
    for pack in found.packs:
        assert pack.digest in text
    for rule in found.rules:
        assert rule.rule in text
    for duty in found.duties:
        assert duty.action in text
    for statement in found.statements:
        assert statement.id in text


def test_a_due_time_is_given_where_the_clock_is_known() -> None:
    timed = engine("kscmp").decide(VIGNETTES["VG-01"], clocks={"known": datetime(2026, 11, 22, 10, 5, tzinfo=ZoneInfo("Europe/London"))})
    found = explain(timed)
    assert "Take interim safety steps (by 23:59 on 22 November 2026)" in found.short()


def test_a_weaker_duty_does_not_lend_its_note() -> None:
    assert "the local arrangements decide which" not in one_line(explained("VC-31").short()).split("AS WELL", maxsplit=1)[0]


# -- words ----------------------------------------------------------------------------------------------------------------------------------

BLAMING = re.compile(r"\b(blame|fault|guilt|offend|culprit|perpetrat|abuser|victim|naughty|promiscu|sext)", re.IGNORECASE)
LOOKING = re.compile(r"\b(look at|view|open the|watch|inspect|see the imag)", re.IGNORECASE)


def test_the_catalogue_blames_nobody_and_asks_nobody_to_look() -> None:
    for template in ENGLISH.templates.values():
        assert not BLAMING.search(template), template
        assert not LOOKING.search(template), template


def syllables(word: str) -> int:
    """Count roughly: groups of vowels, a silent e left out."""
    return max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e"))))


def test_the_catalogue_reads_at_about_age_12() -> None:
    """Flesch-Kincaid grade of the sentences of the catalogue: grade 7 is age 12."""
    sentences = [s for t in ENGLISH.templates.values() for s in re.split(r"(?<=[.:?])\s", re.sub(r"\{\w+\}", "it", t)) if len(s.split()) > 3]
    words = [re.findall(r"[A-Za-z’']+", sentence) for sentence in sentences]
    assert max(map(len, words)) <= 20, max(sentences, key=lambda s: len(s.split()))
    count = sum(map(len, words))
    grade = 0.39 * count / len(words) + 11.8 * sum(syllables(w) for sentence in words for w in sentence) / count - 15.59
    assert grade <= 7, grade


def test_every_register_says_that_a_pack_is_overdue_for_review() -> None:
    found = explained("VG-01")
    packs = tuple(replace(pack, review_by="2026-01-01") for pack in found.packs)
    warnings = tuple(WarningWords(code="SR815") for _ in packs)
    late = replace(found, packs=packs, warnings=warnings)
    for text in (late.short(), late.full(), late.audit()):
        assert "A pack is overdue for review: ukcis 2024.3 and kscmp 2024.9." in one_line(text)
    assert late.short().count("overdue") == 1


def test_safe_bounds_are_said_to_be_bounds() -> None:
    bounded = replace(explained("VG-01"), exact=False, firm=False)
    assert "What is shown errs on the safe side." in one_line(bounded.short())
    assert "1.6 Exact: No" in one_line(bounded.audit())


def test_a_lead_whom_an_allegation_is_about_is_not_reported_to() -> None:
    decided = engine("kscmp").decide({"staff_allegation": True, "allegation_subject_is_dsl": True})
    text = one_line(explain(decided).short())
    assert "Other staff must not: report to the designated safeguarding lead. Because: The person a concern is about is never reported to." in text


def test_a_change_that_gives_another_answer_is_named_once_per_answer() -> None:
    found = explained("VG-01")
    assert [(c.other_value, c.outcome) for c in found.changes if c.fact == "youngest_pictured_age"] == [(12, "refer")]
    assert "Were it “12”: Refer now." in one_line(found.full())
