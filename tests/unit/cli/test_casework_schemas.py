"""What `case`, `journal` and `replay` print as JSON is what their schemas say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import jsonschema
import pytest

from tests.unit.cli.command import Command
from tests.unit.cli.generated import ROOT


def validated(name: str, document: Any) -> Any:
    """A document, once its schema accepts it."""
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
    return document


@pytest.fixture
def journal(command: Command) -> str:
    """A journal with a case that was recorded."""
    assert command("journal", "new", "journal.db").code == 0
    return "journal.db"


DOCUMENTS = (
    *("case-step", "case-standing", "case-missing", "journal-verification"),
    *("journal-report", "journal-cases", "journal-entry", "replay"),
)
STEPS = (
    ("open", "--pack", "kscmp", "--text", "An image was passed on."),
    ("learn", "adult_involved", "true", "--source", "form tutor"),
    ("correct", "adult_involved", "false", "--source", "form tutor"),
    ("withdraw", "adult_involved"),
    ("done", "refer_to_police"),
    ("waive", "secure_device", "--reason", "not_possible", "--text", "At home."),
    ("review", "2030-01-10"),
    ("override", "emergency", "--reason", "more_protective", "--text", "To be safe."),
)


def case(command: Command, journal: str, action: str, *more: str) -> Any:
    outcome = command("case", action, "c1", *more, "--journal", journal, "--who", "A. Lead", "--format", "json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_what_a_case_prints_is_what_its_schemas_say(command: Command, journal: str) -> None:
    for step in STEPS:
        validated("case-step", case(command, journal, *step))
    shown = validated("case-standing", case(command, journal, "show"))
    assert (shown["schema"], shown["departure"]["outcome"], shown["open"]) == ("case-standing/1", "emergency", True)
    assert shown["missing"]
    assert {"overdue", "waived"} & {duty["state"] for duty in shown["duties"]}
    validated("decision", shown["decision"])
    validated("decision", case(command, journal, "as-of"))
    validated("record", case(command, journal, "record"))
    validated("record", case(command, journal, "print", "1"))


def test_a_case_that_cannot_be_closed_says_so_in_json_too(command: Command, journal: str) -> None:
    for step in STEPS[:2]:
        case(command, journal, *step)
    outcome = command("case", "close", "c1", "--text", "Over.", "--journal", journal, "--who", "A. Lead", "--format", "json")
    found = validated("case-missing", json.loads(outcome.out))
    assert (outcome.code, found["schema"], found["case"]) == (1, "case-missing/1", "c1")
    assert {"refer_to_police", None} <= {item["action"] for item in found["missing"]}


def test_what_a_journal_prints_is_what_its_schemas_say(command: Command, journal: str) -> None:
    for step in STEPS:
        case(command, journal, *step)
    case(command, journal, "record")
    lines = command("journal", "show", journal, "c1").out.splitlines()
    kinds = [validated("journal-entry", json.loads(line))["kind"] for line in lines]
    assert (kinds[0], kinds[-1]) == ("case_opened", "decided")
    [row] = validated("journal-cases", json.loads(command("journal", "list", journal, "--format", "json").out))
    assert row == {"case": "c1", "entries": len(lines), "erased": False}
    found = validated("journal-verification", json.loads(command("journal", "verify", journal, "--format", "json").out))
    assert (found["sound"], found["entries"], found["findings"]) == (True, len(lines) + 1, [])
    for smallest in ("2", "5"):
        validated("journal-report", json.loads(command("journal", "report", journal, "--smallest", smallest, "--format", "json").out))
    dated = ("--from", "2026-01-01", "--until", "2027-01-01")
    assert validated("journal-report", json.loads(command("journal", "report", journal, *dated, "--format", "json").out))["since"] == "2026-01-01"
    assert validated("replay", json.loads(command("replay", "c1", "--journal", journal, "--quick", "--format", "json").out))["identical"] == 1


def test_a_journal_that_is_not_sound_and_a_case_that_was_erased_fit_too(command: Command, journal: str) -> None:
    for step in STEPS[:2]:
        case(command, journal, *step)
    case(command, journal, "record")
    assert command("journal", "erase", journal, "c1", "--reason", "end of retention", "--yes").code == 0
    lines = [validated("journal-entry", json.loads(line)) for line in command("journal", "show", journal, "c1").out.splitlines()]
    assert lines[0]["personal"]["concern"] == "erased"
    assert validated("replay", json.loads(command("replay", "all", "--journal", journal, "--format", "json").out))["erased"] == 1
    with closing(sqlite3.connect(command.folder / journal)) as connection:
        connection.execute("DROP TRIGGER journal_entry_update")
        connection.commit()
    outcome = command("journal", "verify", journal, "--format", "json")
    found = validated("journal-verification", json.loads(outcome.out))
    assert (outcome.code, found["sound"], [one["code"] for one in found["findings"]]) == (1, False, ["SR918"])


@pytest.mark.parametrize(
    "name", ["case-step", "case-standing", "case-missing", "journal-verification", "journal-report", "journal-cases", "journal-entry", "replay"]
)
def test_a_schema_refuses_what_is_not_declared(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validated(name, {"schema": f"{name}/1", "more": 1})
