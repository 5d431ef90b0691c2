from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.command import Command

HEAD = "cases:\n"
EXAMPLES = Path(__file__).parents[3] / "examples" / "vignettes"


def vignette(name: str, facts: str, expect: str, by: str = "North") -> str:
    agreed = f"    agreed_by: {by}\n    agreed_on: 2026-05-01\n"
    return f"  {name}:\n    title: {name}\n    facts: {facts}\n    expect: {expect}\n    follows_from: [MIN-1]\n{agreed}"


def conflicts(command: Command, *cases: str) -> tuple[int, list[dict[str, Any]]]:
    command.pack()
    files = [command.write(f"{number}.yaml", HEAD + case) for number, case in enumerate(cases)]
    done = command("vignettes", *files, "--pack", "packs/minimal/2024.1", "--format", "json", "--today", "2026-11-22")
    return done.code, json.loads(done.out)["conflicts"]


def test_cases_outside_packs_are_run(command: Command) -> None:
    command.pack()
    file = command.write("north.yaml", HEAD + vignette("adult", "{adult_involved: true}", "{outcome: refer, rules: [adult-involved]}"))
    done = command("vignettes", file, "--pack", "packs/minimal/2024.1", "--today", "2026-11-22")
    assert done.code == 0
    assert done.out == "1 case, all as expected; 0 conflicts, 0 to look at\n"
    same = command("test", "--cases", file, "--pack", "packs/minimal/2024.1", "--today", "2026-11-22")
    assert (same.code, same.out) == (done.code, done.out)


def test_a_case_that_fails_says_why(command: Command) -> None:
    command.pack()
    file = command.write("north.yaml", HEAD + vignette("adult", "{adult_involved: true}", "{outcome: manage}"))
    done = command("vignettes", file, "--pack", "packs/minimal/2024.1")
    assert done.code == 1
    assert "FAILED adult" in done.out
    assert "north.yaml:2:3" in done.out
    assert "rule `minimal/adult-involved`" in done.out


@pytest.mark.parametrize(
    ("facts", "expect", "said"),
    [
        ("{adult_involvd: true}", "{outcome: refer}", "did you mean `adult_involved`?"),
        ("{}", "{outcome: refr}", "unknown outcome `refr` (did you mean `refer`?)"),
        ("{}", "{actions: [{must: tell_service}]}", "unknown action `tell_service` (did you mean `tell_services`?)"),
        ("{}", "{rules: [adult-involvd]}", "unknown rule `adult-involvd` (did you mean `adult-involved`?)"),
        ("{}", "{asks: [ag]}", "unknown fact `ag`"),
    ],
)
def test_names_that_the_stack_does_not_know(command: Command, facts: str, expect: str, said: str) -> None:
    command.pack()
    file = command.write("north.yaml", HEAD + vignette("one", facts, expect))
    done = command("vignettes", file, "--pack", "packs/minimal/2024.1")
    assert done.code == 1
    assert said in done.out


def test_a_file_of_the_wrong_shape_is_shown(command: Command) -> None:
    command.pack()
    file = command.write("north.yaml", "cases:\n  one:\n    titel: x\n")
    done = command("vignettes", file, "nothing.yaml", "--pack", "packs/minimal/2024.1")
    assert done.code == 2
    assert "unknown key `titel`" in done.err
    assert "`nothing.yaml` cannot be read" in done.err


def test_same_facts_in_other_words_conflict(command: Command) -> None:
    one = vignette("one", "{age: {at_least: 6}, adult_involved: false}", "{outcome: manage}")
    other = vignette("other", "{adult_involved: {is_not: true}, age: {above: 5}, origin: made_by_child}", "{outcome_at_least: review}", "South")
    code, found = conflicts(command, one, other)
    assert code == 1
    assert [(pair["kind"], pair["certain"]) for pair in found] == [("same facts", True)]
    assert found[0]["one"]["agreed_by"] == "North"
    assert found[0]["other"]["agreed_by"] == "South"
    assert found[0]["other"]["agreed_on"] == "2026-05-01"


def test_answers_that_can_both_be_right_do_not_conflict(command: Command) -> None:
    _, found = conflicts(
        command,
        vignette("one", "{adult_involved: true}", "{outcome: refer}"),
        vignette("other", "{adult_involved: true}", "{outcome_at_least: review}", "South"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("never", "found"),
    [
        ("{must: tell_services}", [True]),
        ("{may: tell_services}", [True]),
        ("{must: tell_services, by: setting}", []),
        ("{must_not: tell_services}", []),
    ],
)
def test_a_duty_that_the_other_rules_out_conflicts(command: Command, never: str, found: list[bool]) -> None:
    _, pairs = conflicts(
        command,
        vignette("one", "{adult_involved: true}", "{outcome: refer, actions: [{must: tell_services}]}"),
        vignette("other", "{adult_involved: true}", f"{{outcome: refer, never: [{never}]}}", "South"),
    )
    assert [pair["certain"] for pair in pairs] == found
    assert all("one expects `must: tell_services`, which the other rules out" in pair["why"] for pair in pairs)


def test_a_duty_may_come_with_what_else_is_known(command: Command) -> None:
    _, pairs = conflicts(
        command,
        vignette("more", "{adult_involved: true, age: 12}", "{outcome: refer, actions: [{must: tell_services}]}"),
        vignette("less", "{adult_involved: true}", "{outcome: refer, never: [{may: tell_services}]}", "South"),
    )
    assert pairs == []


def test_other_facts_do_not_conflict(command: Command) -> None:
    _, found = conflicts(
        command,
        vignette("one", "{adult_involved: true}", "{outcome: refer}"),
        vignette("other", "{age: 12}", "{outcome: review}", "South"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("less", "by", "found"),
    [
        ("{outcome: review}", "South", [("more known", False)]),
        ("{outcome: review}", "North", []),
        ("{outcome: review}", "none yet", []),
        ("{outcome: review, settled: true}", "North", [("more known", True)]),
        ("{outcome: review, firm: true}", "South", [("more known", True)]),
    ],
)
def test_a_case_that_knows_more(command: Command, less: str, by: str, found: list[tuple[str, bool]]) -> None:
    _, pairs = conflicts(
        command,
        vignette("less", "{origin: made_by_child}", less, by),
        vignette("more", "{origin: made_by_child, adult_involved: false, age: 12}", "{outcome: manage}"),
    )
    assert [(pair["kind"], pair["certain"]) for pair in pairs] == found
    assert all(pair["one"]["name"] == "more" for pair in pairs)


def test_test_wants_a_path_or_files_with_a_pack(command: Command) -> None:
    assert "there is no PATH" in command("test").err
    assert "go together" in command("test", "--cases", "x.yaml").err
    assert "go together" in command("test", "packs", "--pack", "kscmp").err


def test_the_example_shows_a_conflict(command: Command) -> None:
    files = [str(EXAMPLES / name) for name in ("north.yaml", "south.yaml")]
    done = command("vignettes", *files, "--pack", "ukcis", "--today", "2026-11-22")
    assert done.code == 1
    assert "CONFLICT: same facts" in done.out
    assert "agreed by Invented South safeguarding partnership on 2026-06-15" in done.out
