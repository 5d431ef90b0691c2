"""The decision record as a page: everything escaped, everything there, and it prints."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

import safeguarding_rules
from safeguarding_rules import Engine
from safeguarding_rules.casework.canonical import plain_data
from safeguarding_rules.casework.case import open_case
from safeguarding_rules.casework.form import record_page
from safeguarding_rules.casework.record import DecisionRecord
from safeguarding_rules.cli.schema import schema_for
from tests.unit.casework.live import NOON, Clock

HOSTILE = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=y>"


@pytest.fixture(scope="module")
def record() -> DecisionRecord:
    engine = Engine.load("kscmp", clock=lambda: datetime(2026, 7, 20, 12, tzinfo=UTC))
    case = open_case(engine, HOSTILE)
    case.open(HOSTILE, who=HOSTILE)
    case.learn("adult_involved", True, who=HOSTILE, source=HOSTILE)
    case.learn("youngest_pictured_age", {"below": 13}, who=HOSTILE, source=HOSTILE)
    case.learn("motivation", ["pressure", "profit"], who=HOSTILE, source=HOSTILE)
    case.done("refer_to_police", who=HOSTILE, text=HOSTILE)
    case.waive("refer_to_childrens_social_care", "agency_leads", HOSTILE, who=HOSTILE)
    case.headteacher(HOSTILE, agreed=False, who=HOSTILE, text=HOSTILE)
    case.override("emergency", "more_protective", HOSTILE, who=HOSTILE)
    case.note("discussion", HOSTILE, who=HOSTILE)
    case.review_on(date(2026, 8, 3), who=HOSTILE, text=HOSTILE)
    return case.record(who=HOSTILE)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(record: DecisionRecord) -> Tags:
    tags = Tags()
    tags.feed(record_page(record))
    return tags


def test_everything_a_person_typed_is_escaped(record: DecisionRecord) -> None:
    tags = read(record)
    assert not {"script", "img", "link", "iframe"} & set(tags.tags)
    assert tags.attributes <= {"class", "charset", "lang"}
    assert "".join(tags.text).count(HOSTILE) >= 15


def test_the_page_says_what_the_record_says(record: DecisionRecord) -> None:
    text = re.sub(r"\s+", " ", "".join(read(record).text))
    for part in (
        "Policy advises: Tell the police now",
        "Decided instead: Call 999",
        "Reason: to protect more",
        "Below 13",
        "Does not agree",
        "03 August 2026",
    ):
        assert part in text
    assert "20 July 2026, 13:00" in text  # London, in summer
    assert all(fact.question in text for fact in record.facts)
    assert all(statement.statement in text for statement in record.statements)
    assert record_page(record) == record_page(DecisionRecord.model_validate_json(record.canonical()))


def test_the_page_tells_what_was_written_down_and_what_was_wrong_in_it() -> None:
    """Months later: what was believed, who corrected it and why, what was done twice, and what policy had ruled out."""
    now = datetime(2026, 7, 20, 12, tzinfo=UTC)
    case = open_case(Engine.load("kscmp", clock=lambda: now), "c1")
    case.open("A report.", who="A. Lead")
    case.learn("adult_involved", True, who="A. Lead", source="pupil", known_at=now - timedelta(hours=3))
    case.done("refer_to_police", who="A. Lead", text="Log 12.")
    case.done("refer_to_police", who="B. Deputy", text="Log 13.")
    case.done("view_imagery", who="B. Deputy", text="It was held up.")
    case.correct("adult_involved", False, who="A. Lead", source="police", text="He is seventeen.")
    record = case.record(who="A. Lead")
    assert [one.event for one in record.history] == ["case_opened", "fact_learnt", *["duty_done"] * 3, "fact_corrected"]
    text = " ".join("".join(read(record).text).split())
    adult = "Did anyone aged 18 or over make, ask for, pay for, receive, keep or pass on imagery of someone under 18?"
    for part in (
        f"20 Jul 2026, 10:00written down 20 Jul 2026, 13:00{adult} Yesfrom: pupil",
        f"Corrected: {adult} Nofrom: policeHe is seventeen.",
        "Done: Report to the police (DSL)Log 12.",
        "Done: Report to the police (DSL)Log 13.",
        "Look at the imageryDSL must not, by policydone",
        "How and why imagery was viewed, and who was present, is not written down",
    ):
        assert part in text
    case.withdraw("adult_involved", who="A. Lead", text="Nobody knows.")
    assert record.history[0].text == ""  # the concern and notes have their own places
    assert case.history()[0].text == "A report."
    assert record.history[1:] == case.history()[1:6]
    assert "Not known any more" in case.history()[-1].told


def test_no_text_asks_the_locale_for_the_name_of_a_month() -> None:
    """Months by the C library are those of whoever embeds this: Tachwedd, in a Welsh office system. A record and its page are the same for all."""
    sources = Path(safeguarding_rules.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if re.search(r"%[AaBb]\b", path.read_text(encoding="utf-8"))] == []


def test_what_was_done_before_a_duty_arose_anew_is_told_beside_it() -> None:
    clock = Clock()
    case = open_case(Engine.load("kscmp", clock=clock), "c1")
    case.open("A report.", who="A. Lead")
    case.learn("adult_involved", True, who="A. Lead", source="pupil")
    case.done("refer_to_police", who="A. Lead", text="Log 12.")
    clock.later(hours=1)
    case.correct("adult_involved", False, who="A. Lead", source="police")
    clock.later(hours=1)
    case.correct("adult_involved", True, who="A. Lead", source="police")
    record = case.record(who="A. Lead")
    (police,) = [one for one in record.duties if (one.action, one.by, one.modality) == ("refer_to_police", "dsl", "must")]
    assert (police.state, police.at, police.earlier) == ("due", None, NOON)
    assert "before it arose anew" in record_page(record)


def test_a_record_without_a_history_is_read_and_written_as_it_was(record: DecisionRecord) -> None:
    """Records of earlier versions have none."""
    early = plain_data(record) | {"history": None, "facts": [{**fact, "answer": None} for fact in plain_data(record)["facts"]]}
    del early["history"]
    for fact in early["facts"]:
        del fact["answer"]
    again = DecisionRecord.model_validate(early)
    assert plain_data(again) == early
    assert "below 13" in record_page(again)


def test_the_page_says_at_its_head_what_a_reader_must_know_besides() -> None:
    """Statements that are not confirmed, and answers that cannot all be true, which the advice alone does not show."""
    case = open_case(Engine.load("kscmp", clock=lambda: datetime(2026, 7, 20, 12, tzinfo=UTC)), "c1")
    case.open("A report.", who="A. Lead")
    case.learn("adult_involved", False, who="A. Lead", source="pupil")
    case.learn("adult_role", "known_adult", who="A. Lead", source="pupil")
    head, _ = record_page(case.record(who="A. Lead")).split("<h2>Concern</h2>")
    assert "These facts cannot all be true: <code>adult_involved</code>, <code>adult_role</code>" in head
    assert "The decision rests on statements not yet confirmed against their source" in head


def test_a_record_fits_its_schema(record: DecisionRecord) -> None:
    schema = schema_for("record")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(plain_data(record))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(plain_data(record) | {"number": "one"})


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed: apt-get install chromium")
def test_the_page_prints(record: DecisionRecord, tmp_path: Path) -> None:
    page, printed = tmp_path / "record.html", tmp_path / "record.pdf"
    page.write_text(record_page(record), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=120)
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 12
