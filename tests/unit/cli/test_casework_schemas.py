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
    *("case-step", "case-standing", "case-history", "case-missing", "journal-verification"),
    *("journal-report", "journal-cases", "journal-entry", "replay"),
    *("journal-head", "journal-packs", "journal-erasure", "journal-keys", "journal-tables"),
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
    assert (shown["review"]["on"], shown["headteacher"]["agreed"], shown["known"]) == ("2030-01-10", None, [])
    told = validated("case-history", case(command, journal, "history"))
    assert [one["event"] for one in told["events"]][:4] == ["case_opened", "fact_learnt", "fact_corrected", "fact_withdrawn"]
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


def test_what_a_journal_does_is_said_as_its_schemas_say(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each action prints the same with `--format json` as without, for programs."""

    def both(name: str, *arguments: str, again: tuple[str, ...] = ()) -> tuple[Any, str]:
        done = command("journal", *arguments, "--format", "json")
        assert done.code == 0, done.err
        text = command("journal", *(again or arguments))
        assert text.code == 0, text.err
        return validated(name, json.loads(done.out)), text.out.rstrip("\n")

    started, receipt = both("journal-head", "new", "one.db", again=("head", "one.db"))
    assert (started["receipt"], started["entries"]) == (receipt, 1)
    assert receipt == f"journal-receipt/1 {started['journal']} 1 {started['hash']}"
    case(command, "one.db", *STEPS[0])
    later, receipt = both("journal-head", "head", "one.db")
    assert (later["receipt"], later["journal"]) == (receipt, started["journal"])
    assert later["entries"] > started["entries"]
    assert command("journal", "verify", "one.db", "--expect-head", later["receipt"]).code == 0

    kept, text = both("journal-packs", "keep", "one.db", "kscmp", "--on", "2026-11-22")
    assert [one["pack"] for one in kept["packs"]] == ["ukcis", "kscmp"]
    assert text.splitlines() == [f"{one['pack']} {one['version']} {one['digest']}" for one in kept["packs"]]

    tables, text = both("journal-tables", "migrate", "one.db")
    assert text == f"`one.db` has schema {tables['tables']}"

    done = command("journal", "erase", "one.db", "c1", "--reason", "end of retention", "--yes", "--format", "json")
    erased = validated("journal-erasure", json.loads(done.out))
    assert (erased["case"], erased["values"], done.err) == ("c1", 2, "")
    assert any("backups" in line for line in erased["left_to_do"])

    monkeypatch.delenv("SAFEGUARDING_RULES_KEY_PASSWORD", raising=False)
    plain, text = both("journal-keys", "key", "a", again=("key", "b"))
    assert (plain["private"], plain["public"], plain["password"]) == ("a", "a.pub", False)
    assert text.startswith("b: private key, without a password; b.pub: public key ")
    monkeypatch.setenv("SAFEGUARDING_RULES_KEY_PASSWORD", "correct horse")
    assert both("journal-keys", "key", "c", again=("key", "d"))[0]["password"] is True


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_refuses_what_is_not_declared(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validated(name, {"schema": f"{name}/1", "more": 1})
