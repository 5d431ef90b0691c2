"""`impact`: text, JSON, picture, and what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import pytest

pytest.importorskip("polars")
pytest.importorskip("pyarrow")

from tests.unit.cli.command import Command

SCHEMA = Path(__file__).parents[3] / "schemas" / "impact.schema.json"
LEVELS = "case,support_level_assessed\n" + "".join(f"{number},{level}\n" for number, level in enumerate(["3"] * 60 + ["1"] * 500 + ["9"]))


def test_text_says_what_becomes_of_cases(command: Command) -> None:
    command.write("past.csv", LEVELS)
    done = command("impact", "ukcis@2024.3", "kscmp@2024.9", "past.csv", "--skip", "case")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "560 cases decided by both." in lines
    assert "1 row could not be used, and is counted nowhere else." in lines
    assert [line.split() for line in lines if line.startswith(" " * 6) and "review" in line] == [["review", "refer"]]
    assert ["review", "500", "60"] in [line.split() for line in lines]
    assert "review → refer (stricter): 60" in lines
    assert any(line.startswith("  - 60 by kscmp/support-level-3-or-4 of the new policy: In Kent,") for line in lines)
    assert "  for example where this is known: support_level_assessed: 3" in lines
    assert any("500  Consider early help (dsl): does not apply → should" in line for line in lines)
    assert max(len(line) for line in lines if not line.startswith("          ")) <= 90


def test_no_change(command: Command) -> None:
    command.write("past.csv", LEVELS)
    done = command("impact", "kscmp@2024.9", "kscmp@2024.9", "past.csv", "--skip", "case")
    assert "No case changes its outcome." in done.out
    assert "No case has another duty." in done.out


def test_too_few(command: Command) -> None:
    command.write("past.csv", "support_level_assessed\n3\n3\n")
    done = command("impact", "ukcis@2024.3", "kscmp@2024.9", "past.csv")
    assert "nothing about them is shown" in done.out
    assert "refer" not in done.out
    shown = command("impact", "ukcis@2024.3", "kscmp@2024.9", "past.csv", "--smallest", "1")
    assert "review → refer (stricter): 2" in shown.out


def test_json_fits_its_schema(command: Command) -> None:
    command.write("past.csv", LEVELS)
    done = command("impact", "ukcis@2024.3", "kscmp@2024.9", "past.csv", "--skip", "case", "--format", "json")
    jsonschema.validate(json.loads(done.out), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_picture(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    command.write("past.csv", LEVELS)
    words = ("impact", "ukcis@2024.3", "kscmp@2024.9", "past.csv", "--skip", "case", "--picture")
    assert command(*words, "flow.svg").code == 0
    assert (command.folder / "flow.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "would be no picture" in command(*words, "flow.txt").err
    assert "cannot be written" in command(*words, "nowhere/flow.svg").err
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.delitem(sys.modules, "safeguarding_rules.tabular.flow_picture")
    refused = command(*words, "flow.svg")
    assert refused.code == 2
    assert "safeguarding-rules[plots]'" in refused.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ukcis@2024.3", "kscmp@2024.9", "past.csv"), "no fact is called `case`"),
        (("ukcis@2024.3", "kscmp@1999.9", "past.csv", "--skip", "case"), "1999.9"),
        (("ukcis@2024.3", "kscmp@2024.9", "none.csv"), "there is no file `none.csv`"),
        (("ukcis@2024.3", "kscmp@2024.9", "past.csv", "--skip", "case", "--smallest", "0"), "--smallest 0"),
    ],
)
def test_what_cannot_be_used(command: Command, words: tuple[str, ...], message: str) -> None:
    command.write("past.csv", LEVELS)
    done = command("impact", *words)
    assert done.code == 2
    assert message in done.err


def test_without_the_extra_it_says_what_to_install(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safeguarding_rules.tabular.impact", None)
    assert "safeguarding-rules[tables]'" in command("impact", "ukcis", "kscmp", "past.csv").err
