from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.unit.cli.command import Command, layer

WRONG = """  too-mild:
    title: A young child, and too little expected
    facts: {age: 3}
    expect: {outcome: manage, never: [{should: tell_services}]}
    follows_from: [MIN-3]
"""


def test_cases_that_come_out_as_expected(command: Command) -> None:
    done = command("test", command.pack())
    assert (done.code, done.err) == (0, "")
    expected = [
        "minimal 2024.1 (draft): 1 case, as expected",
        "  rules: 1 of 2; no case exercises",
        "    age/very-young",
        "  outcomes: 1 of 3; no case exercises",
        "    manage, review",
        "  actions: 2 of 2",
        "",
        "1 case: as expected",
    ]
    assert done.out.splitlines() == expected


def test_a_case_that_does_not_says_what_came_and_why(command: Command) -> None:
    done = command("test", command.pack(cases__cases=WRONG))
    assert done.code == 1
    expected = [
        "FAILED minimal 2024.1: too-mild",
        "  A young child, and too little expected",
    ]
    lines = done.out.splitlines()
    assert lines[:2] == expected
    assert lines[2].startswith("  packs/minimal/2024.1/cases/cases.yaml:8:3, decided for ")
    assert lines[3:11] == [
        "    expected  `manage` (Manage)",
        "    came      `refer` (Refer)",
        "    why       rule `minimal/age/very-young` (age: very-young) is met and asks",
        "              for `refer`",
        "",
        "    expected  never: should `tell_services` (Tell the services)",
        "    came      must `tell_services`, by the DSL",
        "    why       must `tell_services`, by the DSL: given by",
    ]
    assert lines[-1] == "2 cases: 1 not as expected"
    assert "FAILED" in command("test", "packs", "-q").out
    assert "rules: " not in command("test", "packs", "-q").out


def test_some_cases_are_chosen_by_words(command: Command) -> None:
    pack = command.pack(cases__cases=WRONG)
    done = command("test", pack, "-k", "Adult MADE")
    assert (done.code, done.out.splitlines()[-1]) == (0, "1 case: as expected")
    assert "rules:" not in done.out
    done = command("test", pack, "-k", "nothing like it")
    assert done.code == 2
    assert "no case has `nothing like it`" in done.err


def test_junit_holds_every_case(command: Command) -> None:
    pack = command.pack(cases__cases=WRONG)
    assert command("test", pack, "--junit", "results.xml").code == 1
    root = ET.parse(command.folder / "results.xml").getroot()  # noqa: S314  our own file
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "1", "0")
    failed = root.find("testsuite/testcase/failure")
    assert failed is not None
    assert "expected `manage` (Manage), came `refer` (Refer)" in str(failed.get("message"))
    assert "why: rule `minimal/age/very-young`" in str(failed.text)
    assert [case.get("name") for case in root.iter("testcase")] == ["adult", "too-mild"]
    assert {case.get("classname") for case in root.iter("testcase")} == {"minimal@2024.1.cases.cases"}


def test_junit_that_cannot_be_written_is_said(command: Command) -> None:
    done = command("test", command.pack(), "--junit", "nowhere/results.xml")
    assert done.code == 2
    assert "`nowhere/results.xml` cannot be written: no such file or directory" in done.err


def test_packs_that_cannot_be_used_are_said_and_hide_no_other(command: Command) -> None:
    pack = command.pack()
    command.write("packs/broken/1.0/pack.yaml", "pack: [\n")
    done = command("test", "packs", "--junit", "results.xml")
    assert done.code == 2
    assert done.out.endswith("1 case: as expected; 1 pack could not be used\n")
    assert "packs/broken/1.0/pack.yaml" in done.err
    assert ET.parse(command.folder / "results.xml").getroot().get("errors") == "1"  # noqa: S314  our own file
    command.edit(f"{pack}/rules/referral.yaml", "outcome: refer", "outcome: refr")
    done = command("test", pack)
    assert done.code == 2
    assert "SR403" in done.err
    assert done.out == "no cases; 1 pack could not be used\n"


def test_a_layer_is_tested_with_what_is_above_it_and_covers_only_its_own(command: Command) -> None:
    path = layer(command)
    expect = "{outcome: refer, rules: [office, minimal/age/very-young]}"
    case = f"cases:\n  tiny: {{title: A very young child, facts: {{age: 2}}, expect: {expect}, follows_from: [LOC-1]}}\n"
    command.write(f"{path}/cases/cases.yaml", case)
    done = command("test", path)
    assert done.code == 0
    assert done.out.splitlines()[:2] == ["layered 2024.2: 1 case, as expected", "  rules: 1 of 1"]
    both = command("test", "packs")
    assert "minimal 2024.1: 1 case, as expected\n  rules: 2 of 2" in both.out


@pytest.mark.parametrize(("day", "code"), [("2023-12-31", 1), ("2024-01-01", 0)])
def test_a_case_is_decided_on_its_day(command: Command, day: str, code: int) -> None:
    case = f"  dated: {{title: Dated, on: {day}, expect: {{outcome: review}}, follows_from: [MIN-2]}}\n"
    done = command("test", command.pack(cases__cases=case))
    assert done.code == code
    assert ("a day on which minimal 2024.1 is in force" in done.out) == bool(code)


def test_a_case_with_a_mistake_fails_alone(command: Command) -> None:
    case = "  typo: {title: Typo, facts: {agee: 3}, expect: {outcome: review}, follows_from: [MIN-2]}\n"
    done = command("test", command.pack(cases__cases=case))
    assert done.code == 1
    assert "unknown fact `agee`" in " ".join(done.out.split())
    assert done.out.endswith("2 cases: 1 not as expected\n")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("mutation", ("mutate", "PACK", "--jobs", "1", "--format", "json")),
        ("coverage", ("test", "PACK", "--coverage", "json")),
        ("vignettes", ("vignettes", "FILE", "--pack", "PACK", "--format", "json")),
    ],
)
def test_what_is_printed_as_json_is_what_the_schema_says(command: Command, name: str, arguments: tuple[str, ...]) -> None:
    pack = command.pack(cases__cases=WRONG)
    file = command.write("outside.yaml", "cases:\n" + WRONG + "    agreed_by: North\n    agreed_on: 2026-05-01\n")
    done = command(*({"PACK": pack, "FILE": file}.get(argument, argument) for argument in arguments))
    document = json.loads(done.out)
    schema = json.loads(command("schema", name).out)
    assert document["schema"] == f"{name}/1"
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors(document))
