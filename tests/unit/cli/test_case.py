"""The `case` command: a case over time in a journal file."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest

from safeguarding_rules.casework.events import CaseOpened
from safeguarding_rules.casework.journal import Journal
from safeguarding_rules.casework.journal.store import JournalStore
from safeguarding_rules.cli.main import main
from safeguarding_rules.deciding.decision import Decision
from tests.unit.cli.command import Command


def test_a_case_from_opening_to_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """U5: an adult involved is at least `refer_police`; the journal keeps every event."""
    place = str(tmp_path / "journal.db")

    def case(action: str, *more: str, who: str = "A. Lead") -> tuple[int, str]:
        code = main(["case", action, "c1", *more, "--journal", place, "--who", who])
        written = capsys.readouterr()
        return code, written.out + written.err

    assert main(["journal", "new", place]) == 0
    capsys.readouterr()
    assert case("learn", "adult_involved", "true")[0] == 2  # not opened
    assert case("open", "--pack", "kscmp", "--text", "An image was passed on.")[0] == 0
    code, text = case("learn", "adult_involved", "true", "--source", "form tutor")
    assert (code, text.startswith("rose from review to refer_police because: An adult")) == (0, True)
    assert case("learn", "youngest_pictured_age", "{below: 13}", "--source", "roll")[0] == 0
    code, text = case("learn", "adult_involvd", "true")
    assert (code, "did you mean `adult_involved`?" in text) == (2, True)
    assert case("learn", "doubts_remain", "true", who="")[0] == 2
    assert case("done", "refer_to_police", "--text", "By telephone.")[0] == 0
    assert case("waive", "secure_device", "--reason", "nonsense", "--text", "x")[0] == 2
    assert case("waive", "secure_device", "--reason", "not_possible", "--text", "At home.")[0] == 0
    assert case("override", "emergency", "--reason", "more_protective", "--text", "To be safe.")[0] == 0
    assert case("note", "discussion", "--text", "With the head.")[0] == 0
    assert case("review", "2030-01-10")[0] == 0
    assert case("review", "soon")[0] == 2
    page = tmp_path / "record.html"
    assert case("record", "--html", str(page))[0] == 0
    assert "Decided instead: Call 999" in page.read_text(encoding="utf-8")
    code, text = case("close", "--text", "Done.")
    assert (code, "neither done nor waived" in text) == (1, True)
    code, text = case("show", "--format", "json")
    shown = json.loads(text)
    assert (code, shown["open"], shown["decision"]["outcome"]) == (0, True, "refer_police")
    assert {"action": "refer_to_police", "by": "dsl", "state": "done"}.items() <= next(
        duty for duty in shown["duties"] if duty["action"] == "refer_to_police"
    ).items()
    assert "refer_police" in case("show")[1]
    assert main(["journal", "verify", place]) == 0


def test_two_clocks_records_and_signatures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What policy said with what was known; a record once more; every entry signed."""
    place, key = str(tmp_path / "journal.db"), str(tmp_path / "dsl.key")
    assert main(["journal", "key", key]) == 0
    assert main(["journal", "new", place, "--key", key]) == 0

    def case(action: str, *more: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["case", action, "c1", *more, "--journal", place, "--who", "A. Lead", "--key", key])
        written = capsys.readouterr()
        return code, written.out + written.err

    assert case("open", "--pack", "kscmp", "--text", "An image was passed on.", "--known", "2026-01-05T09:00")[0] == 0
    assert case("learn", "adult_involved", "true", "--source", "parent", "--known", "2026-01-05T15:00")[0] == 0
    code, text = case("as-of", "--known", "2026-01-05T14:00")
    assert (code, "policy advises: Hold the review (review)" in text) == (0, True)
    code, text = case("as-of", "--known", "2026-01-05T16:00", "--policy-on", "2023-12-01")
    assert (code, "Tell the police now (refer_police)" in text, "ukcis 2020.12" in text) == (0, True, True)
    assert "(review)" in case("as-of", "--known", "2026-01-05T16:00", "--recorded-by", "2026-01-05T16:00")[1]
    assert json.loads(case("as-of", "--format", "json")[1])["outcome"] == "refer_police"
    assert case("clock", "known", "none")[0] == 0
    assert case("clock", "allegation_made", "none")[0] == 2  # a clock that no deadline of these packs counts from
    assert case("clock", "known", "yesterday")[0] == 2
    assert case("done", "refer_to_police")[0] == 0
    assert case("take-up", "refer_to_police", "--text", "It was another case.")[0] == 0
    code, text = case("show")
    assert (code, "overdue Report to the police (refer_to_police by DSL, due 05 January 2026 15:00)" in " ".join(text.split())) == (0, True)
    assert max(map(len, text.splitlines())) <= 80
    assert case("override", "refer", "--reason", "professional_judgement", "--text", "By telephone.")[0] == 0
    assert case("headteacher", "the head", "--outcome", "refer")[0] == 0
    assert "decided instead: Refer now (refer), by A. Lead: By telephone." in case("show")[1]
    assert case("follow")[0] == 0
    assert case("follow")[0] == 2
    assert case("record")[1].startswith("record 1: Tell the police now (refer_police)\nmissing: ")
    page = tmp_path / "page.html"
    assert case("print", "1", "--html", str(page))[0] == 0
    assert "Policy advises: Tell the police now" in page.read_text(encoding="utf-8")
    assert case("print", "2")[0] == 2
    assert case("print", "first")[0] == 2
    capsys.readouterr()
    assert main(["journal", "verify", place, "--public-key", f"{key}.pub"]) == 0
    assert main(["journal", "verify", place]) == 0
    assert "entries are signed" in capsys.readouterr().out


def test_durable_rules_may_follow(command: Command) -> None:
    pytest.importorskip("durable.engine", exc_type=ImportError)  # Python 3.13 cannot load it
    pack = command.pack()
    assert command("journal", "new", "journal.db").code == 0
    shared = ("--journal", "journal.db", "--who", "A. Lead", "--verify")
    assert command("case", "open", "c1", "--pack", pack, *shared).code == 0
    outcome = command("case", "learn", "c1", "age", "9", *shared)
    assert (outcome.code, "WARNING" in outcome.out) == (0, False)


@pytest.mark.parametrize("action", [("record",), ("show",), ("as-of",), ("note", "other", "--text", "x"), ("close", "--text", "x")])
def test_what_a_second_engine_objects_to_is_said_by_every_action(command: Command, monkeypatch: pytest.MonkeyPatch, action: tuple[str, ...]) -> None:
    """A record that was made while the two disagreed must not look as if they agreed."""

    class Objecting:
        def follow(self, decision: Decision) -> str:
            return f"durable-rules came to something else than {decision.outcome}"

        def close(self) -> None:
            pass

    command("journal", "new", "journal.db")
    shared = ("--journal", "journal.db", "--who", "A. Lead")
    command("case", "open", "c1", "--pack", command.pack(), "--text", "x", *shared)
    command("case", "learn", "c1", "age", "9", "--source", "roll", *shared)
    if action[0] == "close":
        for duty in json.loads(command("case", "show", "c1", "--format", "json", *shared).out)["duties"]:
            command("case", "waive", "c1", duty["action"], "--by", duty["by"], "--reason", "other", "--text", "x", *shared)
        command("case", "record", "c1", *shared)
    monkeypatch.setitem(sys.modules, "safeguarding_rules.casework.durable", cast(ModuleType, SimpleNamespace(DurableCase=Objecting)))
    done = command("case", action[0], "c1", *action[1:], "--verify", *shared)
    assert (done.code, "durable-rules came to something else" in " ".join((done.out + done.err).split())) == (1, True), done
    assert command("case", action[0], "c1", *action[1:], *shared).code in (0, 2 if action[0] == "close" else 0)


def test_what_is_missing_in_a_command_is_said_with_its_option(command: Command) -> None:
    assert command("journal", "new", "journal.db").code == 0
    who = ("--journal", "journal.db", "--who", "A. Lead")
    outcome = command("case", "open", "c1", "--pack", "kscmp", "--journal", "journal.db")
    assert (outcome.code, "`case open` needs --who" in outcome.err) == (2, True)
    assert command("case", "open", "c1", "--pack", "kscmp", "--text", "x", *who).code == 0
    for action, *words in (["waive", "secure_device", "--reason", "not_possible"], ["note", "other"], ["close"], ["take-up", "secure_device"]):
        outcome = command("case", action, "c1", *words, *who)
        assert (outcome.code, f"`case {action}` needs --text" in outcome.err) == (2, True)
    outcome = command("case", "lern", "c1", "adult_involved", "true", *who)
    assert (outcome.code, "did you mean `learn`?" in outcome.err) == (2, True)
    assert command("case", "learn", "c1", "youngest_pictured_age", "12", "--source", "roll", *who).code == 0
    outcome = command("case", "learn", "c1", "youngest_pictured_age", '"12"', *who)
    assert (outcome.code, "is not a whole number" in outcome.err) == (2, True)  # and not: say `correct`
    outcome = command("case", "show", "c2", "--journal", "journal.db")
    assert (outcome.code, "`journal list` names the cases" in outcome.err) == (2, True)


def test_all_that_is_wrong_with_a_command_is_said_at_once(command: Command) -> None:
    command("journal", "new", "journal.db")
    outcome = command("case", "waive", "c1", "--reason", "nonsense", "--journal", "journal.db")
    assert outcome.code == 2
    for told in (
        "takes 1 word after CASE, not 0",
        "`case waive CASE ACTION`",
        "needs --who",
        "needs --text",
        "`nonsense` is no reason for `case waive`",
    ):
        assert told in outcome.err


def test_a_value_is_one_line_and_errors_in_it_name_no_file(command: Command) -> None:
    command("journal", "new", "journal.db")
    who = ("--journal", "journal.db", "--who", "A. Lead")
    assert command("case", "open", "c1", "--pack", "kscmp", "--text", "x", *who).code == 0
    for fact, value, told in (
        ("adult_involved", "true\nfinancial_demand: true", "the value is more than a line"),
        ("adult_involved", "{below", "is not closed"),
        ("adult_involved: true", "x", "is not a name"),
    ):
        outcome = command("case", "learn", "c1", fact, value, *who)
        assert (outcome.code, told in outcome.err, "standard input" in outcome.err) == (2, True, False)


def test_yes_and_no_answer_a_question_that_takes_them(command: Command) -> None:
    command("journal", "new", "journal.db")
    who = ("--journal", "journal.db", "--who", "A. Lead")
    command("case", "open", "c1", "--pack", "kscmp", "--text", "x", *who)
    for fact, value in (("adult_involved", "No"), ("doubts_remain", "yes")):
        assert command("case", "learn", "c1", fact, value, *who).code == 0
    known = json.loads(command("case", "show", "c1", "--format", "json", *who).out)["known"]
    assert {one["fact"]: one["value"] for one in known} == {"adult_involved": False, "doubts_remain": True}
    done = command("case", "learn", "c1", "youngest_pictured_age", "no", *who)
    assert (done.code, "SR803" in done.err) == (2, True)


def test_the_answers_of_an_interview_become_those_of_a_case(command: Command) -> None:
    """All of a file is learnt, or nothing: a mistake in one line leaves the case as it was."""
    command("journal", "new", "journal.db")
    who = ("--journal", "journal.db", "--who", "A. Lead")
    assert command("ask", "kscmp", "--save-facts", "facts.yaml", stdin=b"2 others no\nq\n").code == 0
    assert command("case", "open", "c1", "--pack", "kscmp", "--text", "x", *who).code == 0
    wrong = command.write("wrong.yaml", "adult_involvd: true\nyoungest_pictured_age: '12'\ncontains_imagery: true\n")
    done = command("case", "answers", "c1", wrong, "--source", "the class teacher", *who)
    assert (done.code, "wrong.yaml:1:1: error SR802" in done.err, "wrong.yaml:2:24: error SR803" in done.err) == (2, True, True)
    done = command("case", "answers", "c1", "facts.yaml", "--source", "the class teacher", *who)
    assert (done.code, done.out.startswith("rose from review to refer_police because:")) == (0, True)
    shown = json.loads(command("case", "show", "c1", "--format", "json", *who).out)
    assert len(shown["known"]) == 8
    assert {one["source"] for one in shown["known"]} == {"the class teacher"}
    otherwise = command.write("otherwise.yaml", "adult_involved: false\nimmediate_danger: true\ncontains_imagery: true\n")
    done = command("case", "answers", "c1", otherwise, *who)
    assert (done.code, done.err.count("error SR902")) == (2, 2)
    assert "contains_imagery" not in command("case", "history", "c1", *who).out
    assert command("case", "answers", "c1", command.write("nothing.yaml", "adult_involved: null\n"), *who).code == 2
    open_ = command.write("open.yaml", "doubts_remain: true\nadult_involvd: null\n")
    done = command("case", "answers", "c1", open_, *who)
    assert (done.code, "open.yaml:2:1: error SR802" in done.err) == (2, True)
    assert "doubts_remain" not in command("case", "history", "c1", "--format", "json", *who).out
    assert command("journal", "verify", "journal.db").code == 0


def test_a_case_shows_the_gravest_questions_and_counts_the_rest(command: Command) -> None:
    command("journal", "new", "journal.db")
    assert command("case", "open", "c1", "--pack", "kscmp", "--text", "x", "--journal", "journal.db", "--who", "A. Lead").code == 0
    for action in ("show", "as-of"):
        shown = command("case", action, "c1", "--journal", "journal.db").out
        asked = json.loads(command("case", action, "c1", "--journal", "journal.db", "--format", "json").out)
        raising = [one for one in asked.get("decision", asked)["questions"] if one["could_become"]]
        assert shown.count("  unknown  ") == 4
        assert f"and {len(raising) - 4} more questions that could change this" in shown
        assert max(map(len, shown.splitlines())) <= 80


def test_what_was_written_down_is_said_where_the_advice_stays(command: Command) -> None:
    assert command("journal", "new", "journal.db").code == 0
    who = ("--journal", "journal.db", "--who", "A. Lead")
    assert command("case", "open", "c1", "--pack", "kscmp", "--text", "x", *who).code == 0
    told = (
        ("done", "report_to_dsl", "Done: Report to the designated safeguarding lead."),
        ("waive", "secure_device", "--reason", "not_possible", "--text", "x", "Will not be done: Secure the device."),
        ("take-up", "secure_device", "--text", "x", "To be done after all: Secure the device."),
        ("review", "2030-12-24", "The case is to be looked at again on 24 December 2030."),
        ("reviewed", "The review was held."),
        ("note", "other", "--text", "x", "The note is written down."),
        ("override", "refer", "--reason", "more_protective", "--text", "x", "Decided instead of `review`: `refer`."),
        ("headteacher", "B. Head", "The headteacher agrees to `refer`."),
        ("headteacher", "B. Head", "--disagrees", "The headteacher does not agree to `refer`."),
        ("follow", "The advice is followed again."),
        ("clock", "known", "2026-01-05T09:30", "The clock `known` started on 05 January 2026 at 09:30."),
        ("clock", "known", "none", "The clock `known` did not start."),
    )
    for action, *words, sentence in told:
        outcome = command("case", action, "c1", *words, *who)
        assert outcome.code == 0, outcome.err
        assert sentence in " ".join(outcome.out.split())


def test_a_case_taken_up_again_shows_what_is_known_reviewed_and_written_down(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks later, by somebody else: what is known and from where, the review, and everything in its order."""
    command("journal", "new", "journal.db")

    def case(*words: str) -> str:
        outcome = command("case", *words, "--journal", "journal.db", *([] if words[0] in ("show", "history") else ["--who", "A. Lead"]))
        assert outcome.code == 0, outcome.err
        assert max(map(len, outcome.out.splitlines())) <= 80
        return " ".join(outcome.out.split())

    case("open", "c1", "--pack", "kscmp", "--text", "An image was passed on.")
    case("learn", "c1", "adult_involved", "Yes", "--source", "the form tutor")
    case("correct", "c1", "adult_involved", "no", "--source", "the police", "--text", "Seventeen.\x1b[2J")
    case("review", "c1", "2030-01-10")
    case("headteacher", "c1", "Mrs O")
    shown = case("show", "c1")
    for told in (
        "by: ukcis 2024.3, kscmp 2024.9, as on",
        "review: 10 January 2030",
        "headteacher: agrees to Hold the review (review), Mrs O,",
        "known Did anyone aged 18 or over",
        "No (adult_involved, from the police,",
    ):
        assert told in shown
    monkeypatch.setenv("COLUMNS", "44")
    for action in ("show", "history"):
        narrow = command("case", action, "c1", "--journal", "journal.db").out
        assert max(len(line) for line in narrow.splitlines() if "_" not in line) <= 44
    told = case("history", "c1")
    assert "18? Yes from: the form tutor; by A. Lead" in told
    assert "Corrected: Did anyone aged 18 or over" in told
    assert "Seventeen. [2J" in told  # nothing that somebody typed steers the terminal


def test_an_early_id_does_not_steer_the_terminal(command: Command) -> None:
    """Ids are checked when a case is opened; earlier versions took any."""
    assert command("journal", "new", "journal.db").code == 0
    now, name = datetime(2026, 11, 20, 9, tzinfo=UTC), "c1\x1b[2J"
    with Journal.open("journal.db") as journal:
        opened = CaseOpened(known_at=now, recorded_at=now, who="A. Lead", pack="kscmp", concern="x")
        JournalStore(journal).append(name, [opened], expected=0)
    for called in (("journal", "list", "journal.db"), ("case", "show", name, "--journal", "journal.db")):
        outcome = command(*called)
        assert (outcome.code, outcome.out.startswith("c1 [2J: "), "\x1b" in outcome.out) == (0, True, False)


def test_a_page_that_cannot_be_written_leaves_a_record_that_can_be_printed(command: Command) -> None:
    command("journal", "new", "journal.db")
    shared = ("--journal", "journal.db", "--who", "A. Lead")
    command("case", "open", "c1", "--pack", "kscmp", "--text", "x", *shared)
    done = command("case", "record", "c1", "--html", "nowhere/page.html", *shared)
    assert done.code == 2
    assert "record 1 is kept all the same: `case print c1 1 --html FILE` writes its page" in done.err
    assert command("case", "print", "c1", "1", "--html", "page.html", *shared).code == 0


@pytest.mark.parametrize("recorded", [True, False])
def test_what_was_written_down_is_read_though_the_pack_is_gone(command: Command, recorded: bool) -> None:
    """Years later the pack is no longer installed: records and history need none; the words come from what the journal keeps."""
    command("journal", "new", "journal.db")
    pack = command.pack()
    shared = ("--journal", "journal.db", "--who", "A. Lead")
    command("case", "open", "c1", "--pack", pack, "--text", "A concern.", *shared)
    command("case", "learn", "c1", "adult_involved", "yes", "--source", "roll", *shared)
    if recorded:
        command("case", "record", "c1", *shared)
    shutil.rmtree(command.folder / "packs")
    told = command("case", "history", "c1", *shared)
    assert told.code == 0
    assert ("adult_involved true" in told.out) is not recorded
    assert ("Yes" in told.out) is recorded
    printed = command("case", "print", "c1", "1", "--html", "page.html", *shared)
    assert printed.code == (0 if recorded else 2)
    assert (command.folder / "page.html").exists() is recorded
    shown = command("case", "show", "c1", *shared)
    assert (shown.code, "`case history`, and `case print`" in shown.err) == (2, True)
