"""The `case` command: a case over time in a journal file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safeguarding_rules.cli.main import main


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
    assert (code, text.startswith("rose from review to refer_police because An adult")) == (0, True)
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
    assert "Decided instead: emergency" in page.read_text(encoding="utf-8")
    code, text = case("close", "--text", "Done.")
    assert (code, "is neither done nor waived" in text) == (1, True)
    code, text = case("show", "--format", "json")
    shown = json.loads(text)
    assert (code, shown["open"], shown["decision"]["outcome"]) == (0, True, "refer_police")
    assert {"action": "refer_to_police", "by": "dsl", "state": "done"}.items() <= next(
        duty for duty in shown["duties"] if duty["action"] == "refer_to_police"
    ).items()
    assert "refer_police" in case("show")[1]
    assert main(["journal", "verify", place]) == 0
