from __future__ import annotations

import json

import pytest

from tests.unit.cli.command import RULES, Command, later, layer


def test_a_good_pack_passes(command: Command) -> None:
    done = command("check", command.pack())
    assert (done.code, done.out, done.err) == (0, "minimal 2024.1: nothing found\n", "")


def test_findings_are_shown_with_their_lines_and_counted(command: Command) -> None:
    pack = command.pack()
    command.edit(f"{pack}/rules/referral.yaml", "outcome: refer", "outcome: refr")
    command.edit(f"{pack}/facts.yaml", "at_most: 17", "at_moist: 17")
    done = command("check", pack)
    assert done.code == 1
    assert f"{pack}/facts.yaml:9:5: error SR203: unknown key `at_moist`" in done.out
    assert done.out.endswith("\nminimal 2024.1: 2 errors\n") or "minimal 2024.1: 1 error" in done.out
    assert done.err == ""


def test_a_layer_is_linked_with_every_version_it_can_meet(command: Command) -> None:
    path = layer(command)
    new = later(command)
    assert command("lock", path).code == 0
    assert command("check", path).out == "layered 2024.2: nothing found; linked with minimal 2024.1; with minimal 2025.1\n"
    # What only the later version does not have is found too.
    command.edit(f"{new}/actions.yaml", "tell_services", "tell_somebody")
    command.edit(f"{new}/rules/referral.yaml", "tell_services", "tell_somebody")
    command.edit(f"{new}/rules/age.csv", "tell_services", "tell_somebody")
    command.edit(f"{new}/invariants.yaml", "tell_services", "tell_somebody")
    done = command("check", path)
    assert done.code == 1
    assert "unknown action `tell_services`" in done.out


def test_no_pack_above_on_a_day_of_the_layer_is_found(command: Command) -> None:
    path = layer(command)
    command.edit("packs/minimal/2024.1/pack.yaml", "{from: 2024-01-01}", "{from: 2024-01-01, until: 2025-01-01}")
    done = command("check", path)
    assert done.code == 1
    assert "no version of `minimal` is in force on 2025-01-01" in done.out


def test_weakening_is_shown_with_both_places(command: Command) -> None:
    weaker = RULES + "strengthens:\n  minimal/adult-involved: {outcome: review, because: We know better., cite: [LOC-1]}\n"
    done = command("check", layer(command, weaker))
    assert done.code == 1
    assert "SR321" in done.out
    assert "packs/layered/2024.2/rules/local.yaml:9:37: error SR321" in done.out
    assert "packs/minimal/2024.1/rules/referral.yaml" in done.out


def test_an_overdue_review_is_a_warning(command: Command) -> None:
    pack = command.pack(pack="review_by: 2025-01-01\n")
    assert command("check", pack, "--today", "2024-12-31").out == "minimal 2024.1: nothing found\n"
    done = command("check", pack, "--today", "2025-01-01")
    assert done.code == 0
    assert f"{pack}/pack.yaml:19:12: warning SR608: `minimal` 2024.1 was to be reviewed by 2025-01-01" in done.out
    assert done.out.endswith("minimal 2024.1: 1 warning\n")
    assert command("check", pack, "--today", "2025-01-01", "--strict").code == 1


def test_an_accepted_finding_is_left_out_until_its_day(command: Command) -> None:
    rule = """  odd:
    title: Never
    when: {all: [{origin: made_by_adult}, {adult_involved: false}]}
    outcome: refer
    because: It cannot be.
    cite: [MIN-3]
"""
    pack = command.pack(invariants="accepted:\n  - {finding: SR601, at: odd, because: It waits for 2026., until: 2026-01-01}\n")
    command.edit(f"{pack}/rules/referral.yaml", "rules:\n", f"rules:\n{rule}")
    command.edit(f"{pack}/statements.yaml", "[outcomes/refer, ", "[outcomes/refer, odd, ")
    done = command("check", pack, "--today", "2025-12-31")
    assert (done.code, done.out) == (0, "minimal 2024.1: nothing found (1 accepted)\n")
    assert "warning SR601" in command("check", pack, "--today", "2026-01-01").out


def test_machines_get_json_and_sarif(command: Command) -> None:
    pack = command.pack()
    assert json.loads(command("check", pack, "--format", "json").out) == []
    command.edit(f"{pack}/rules/referral.yaml", "outcome: refer", "outcome: refr")
    found = json.loads(command("check", pack, "--format", "json").out)
    assert [(one["code"], one["span"]["file"]) for one in found] == [("SR403", f"{pack}/rules/referral.yaml")]
    done = command("check", pack, "--format", "sarif")
    assert done.code == 1
    assert json.loads(done.out)["runs"][0]["results"][0]["ruleId"] == "SR403"


def test_all_packs_of_a_folder_are_checked_and_one_bad_one_hides_no_other(command: Command) -> None:
    layer(command)
    assert command("lock", "packs").code == 0
    command.write("packs/broken/1.0/pack.yaml", "pack: [\n")
    done = command("check", "packs")
    assert (done.code, done.err) == (1, "")
    assert "layered 2024.2: nothing found" in done.out
    assert "minimal 2024.1: nothing found" in done.out
    assert "packs/broken/1.0/pack.yaml:" in done.out
    assert "packs/broken/1.0: 1 error\n" in done.out


@pytest.mark.parametrize(("format_", "code"), [("json", "SR204"), ("sarif", "SR204"), ("text", "SR204")])
def test_a_wrong_manifest_is_a_finding_like_any_other(command: Command, format_: str, code: str) -> None:
    pack = command.pack()
    command.edit(f"{pack}/pack.yaml", "layer: national", "layer: natoinal")
    done = command("check", pack, "--format", format_)
    assert (done.code, done.err) == (1, "")
    if format_ == "json":
        assert [one["code"] for one in json.loads(done.out)] == [code]
    elif format_ == "sarif":
        assert [one["ruleId"] for one in json.loads(done.out)["runs"][0]["results"]] == [code]
    else:
        assert f"{pack}/pack.yaml:7:8: error {code}" in done.out


def test_a_wrong_manifest_hides_nothing_behind_it(command: Command) -> None:
    path = layer(command)
    command.edit(f"{path}/pack.yaml", "layer: local", "layer: locl")
    command.edit(f"{path}/rules/local.yaml", "below: 5", "belwo: 5")
    command.edit(f"{path}/rules/local.yaml", "tell_services", "tell_servics")
    command.write(f"{path}/facts.yaml", "facts:\n  here: {type: boolean, question: Is it here?, applies_when: {adlt_involved: true}}\n")
    found = json.loads(command("check", path, "--format", "json").out)
    assert [(one["span"]["file"].removeprefix(f"{path}/"), one["code"]) for one in found] == [
        ("facts.yaml", "SR414"),
        ("pack.yaml", "SR204"),
        ("rules/local.yaml", "SR213"),
        ("rules/local.yaml", "SR402"),
    ]


def test_without_what_it_extends_a_layer_is_not_said_to_use_unknown_names(command: Command) -> None:
    path = layer(command)
    command.edit(f"{path}/pack.yaml", "extends: {pack: minimal}", "extends: [minimal]")
    found = json.loads(command("check", path, "--format", "json").out)
    assert [one["code"] for one in found] == ["SR201"]


def test_a_path_without_packs_is_no_input(command: Command) -> None:
    command.write("empty/readme.txt", "nothing")
    for path in ("nowhere", "empty"):
        done = command("check", path)
        assert (done.code, done.out) == (2, "")
        assert path in done.err


def test_cases_are_judged_by_what_is_in_force_on_their_day(command: Command) -> None:
    """A case of a long-lived layer may use words that a later pack above no longer has."""
    path = layer(command)
    cases = "cases:\n  early: {title: Early, on: 2024-07-01, expect: {actions: [{must_not: look_at_it}]}, follows_from: [LOC-1]}\n"
    command.write(f"{path}/cases/cases.yaml", cases)
    new = later(command)
    for file in ("actions", "rules/referral"):
        command.edit(f"{new}/{file}.yaml", "look_at_it", "look_at_them")
    assert command("check", path).code == 0
    assert command("test", path).code == 0
    command.edit(f"{path}/cases/cases.yaml", "2024-07-01", "2025-07-01")
    assert "unknown action `look_at_it`" in command("check", path).out
    assert "unknown action `look_at_it`" in " ".join(command("test", path).out.split())


def test_a_conflict_that_a_layer_makes_is_shown_at_its_line(command: Command) -> None:
    wrong = RULES + (
        "strengthens:\n  minimal/adult-involved:\n    actions: [{should_not: tell_services}]\n    because: We know better.\n    cite: [LOC-1]\n"
    )
    path = layer(command, wrong)
    command.edit(f"{path}/statements.yaml", "[office]", "[office, minimal/adult-involved]")
    found = json.loads(command("check", path, "--format", "json").out)
    assert {(one["code"], one["span"]["file"], one["span"]["line"]) for one in found} == {("SR605", f"{path}/rules/local.yaml", 10)}
    assert all(one["help"].startswith("take it out here, or say it in a rule of `layered`") for one in found)
    others = sorted((one["related"][0]["span"]["file"].removeprefix("packs/"), one["related"][0]["span"]["line"]) for one in found)
    assert others == [("layered/2024.2/rules/local.yaml", 2), ("minimal/2024.1/rules/age.csv", 2), ("minimal/2024.1/rules/referral.yaml", 5)]


def test_a_pack_in_force_without_its_lock_is_a_warning(command: Command) -> None:
    path = layer(command)
    done = command("check", path)
    assert done.code == 0
    assert f"{path}/pack.yaml:7:9: warning SR141" in done.out
    assert f"run `safeguarding-rules lock {path}`" in done.out
    assert command("check", path, "--strict").code == 1
    command("lock", path)
    assert "nothing found" in command("check", path).out


def test_files_that_differ_from_the_lock_are_one_warning(command: Command) -> None:
    path = layer(command)
    command("lock", path)
    command.edit(f"{path}/rules/local.yaml", "The office knows", "The office may know")
    (found,) = json.loads(command("check", path, "--format", "json").out)
    assert (found["code"], found["severity"], found["message"]) == ("SR142", "warning", "`rules/local.yaml` has changed since it was locked")
    command.edit(f"{path}/statements.yaml", "is told of", "hears of")
    command.edit(f"{path}/pack.yaml", "A layer", "Some layer")
    (found,) = json.loads(command("check", path, "--format", "json").out)
    assert found["message"].endswith("has changed since it was locked, and 2 more differ from the lock")
    assert command("check", path).code == 0


def test_nothing_is_said_of_the_lock_of_a_draft_or_of_a_pack_with_errors(command: Command) -> None:
    path = layer(command)
    command.edit(f"{path}/rules/local.yaml", "should: tell_services", "should: tell_servics")
    assert [one["code"] for one in json.loads(command("check", path, "--format", "json").out)] == ["SR402"]
    command.edit(f"{path}/rules/local.yaml", "should: tell_servics", "should: tell_services")
    command.edit(f"{path}/pack.yaml", "status: in_force", "status: draft")
    assert json.loads(command("check", path, "--format", "json").out) == []


@pytest.mark.parametrize(
    "words", [("check",), ("test",), ("lock",), ("fmt",), ("mutate",), ("suggest",), ("docs", "-o", "out"), ("packs", "--path")], ids=" ".join
)
def test_a_path_that_leads_nowhere_is_shown_without_a_line(command: Command, words: tuple[str, ...]) -> None:
    done = command(*words, "nope")
    assert done.code == 2
    assert "nope: error SR101: there is nothing at `nope`\n" in done.err
    assert ":1:1" not in done.err


def test_a_folder_without_packs_has_no_line(command: Command) -> None:
    (command.folder / "empty").mkdir()
    assert command("check", "empty").err.startswith("empty: error SR117: there is no pack at `empty`\n")


def test_a_column_for_a_duty_in_a_table_is_told_where_duties_stand(command: Command) -> None:
    """A spreadsheet with a column `must` is not sent to declare a fact of that name."""
    pack = command.pack()
    table = "row,age,must,outcome,actions,because,cite\nyoung,below 10,TRUE,refer,must tell_services,The child is very young.,MIN-3\n"
    command.write(f"{pack}/rules/duties.csv", table)
    done = command("check", pack)
    assert "unknown fact `must`" in done.out
    assert "stands in the column `actions`" in done.out
