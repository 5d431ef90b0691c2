from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules.engine import now_in_london
from tests.unit.cli.command import Command, layer

BESIDE = ("--extends", "minimal", "--path", "packs")


def _version() -> str:
    today = now_in_london().date()
    return f"{today.year}.{today.month}"


@pytest.mark.parametrize(("pack", "parent", "kind"), [("my-area", "ukcis", "local"), ("my_school2", "kscmp", "setting")])
def test_a_new_pack_passes_check_test_and_fmt_at_once(command: Command, pack: str, parent: str, kind: str) -> None:
    folder = f"{pack}/{_version()}"
    done = command("new", "pack", pack, "--extends", parent)
    assert (done.code, done.err) == (0, "")
    assert f"safeguarding-rules check {folder}" in done.out
    assert command("check", "--strict", folder).out.startswith(f"{pack} {_version()}: nothing found; linked with ukcis")
    tested = command("test", folder)
    assert (tested.code, tested.out.splitlines()[-1]) == (0, "2 cases: all as expected")
    assert "no case exercises" not in tested.out
    assert command("fmt", "--check", folder).code == 0
    assert f"layer: {kind}\n" in (command.folder / folder / "pack.yaml").read_text(encoding="utf-8")


def test_it_names_schemas_that_are_there(command: Command) -> None:
    layer(command)
    command("new", "pack", "my-school", *BESIDE, "-o", "our/packs")
    files = sorted((command.folder / "our/packs/my-school").rglob("*.yaml"))
    assert len(files) == 8
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert schema != first
        assert (file.parent / schema).resolve().is_file(), first


def test_it_uses_the_schemas_of_a_checkout(command: Command) -> None:
    command.write("schemas/pack.schema.json", "{}")
    layer(command)
    command("new", "pack", "my-school", *BESIDE, "-o", "packs")
    text = next((command.folder / "packs/my-school").rglob("pack.yaml")).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../../schemas/pack.schema.json\n")
    assert not Path("packs/schemas").exists()


def test_it_can_build_on_a_draft_beside_it(command: Command) -> None:
    layer(command)
    assert command("new", "pack", "our-trust", *BESIDE, "-o", "packs").code == 0
    done = command("new", "pack", "our-school", "--extends", f"packs/our-trust/{_version()}", "-o", "packs")
    assert done.code == 0
    assert command("check", "packs/our-trust", "packs/our-school").code == 0
    assert command("test", "packs/our-school").code == 0


def test_what_to_do_next_can_be_copied_into_a_shell(command: Command) -> None:
    told = command("new", "pack", "my-school", "--output", "our packs").out.splitlines()
    check = shlex.split(next(line for line in told if " check " in line))
    assert command(*check[1:]).code == 0


def test_nothing_is_overwritten(command: Command) -> None:
    layer(command)
    command("new", "pack", "my-school", *BESIDE)
    done = command("new", "pack", "my-school", *BESIDE)
    assert done.code == 2
    assert "there is a `my-school` already" in done.err
    assert "there is a `minimal` already" in command("new", "pack", "minimal", *BESIDE).err


def test_ids_and_parents_that_cannot_be_are_refused(command: Command) -> None:
    for arguments, reason in (
        (["My School"], "is not a name"),
        (["École"], "write `ecole`"),
        (["all"], "is a word of the language"),
        (["my-school", "--extends", "kscmpp"], "did you mean `kscmp`?"),
        (["my-school", "--extends", "ukcis@2020.12"], "is not in force today"),
    ):
        done = command("new", "pack", *arguments)
        assert (done.code, done.out) == (2, "")
        assert reason in done.err
    assert not list(command.folder.iterdir())


def test_the_last_day_of_february_has_a_review_day(monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    moment = now_in_london().replace(year=2028, month=2, day=29)
    monkeypatch.setattr("safeguarding_rules.cli.new.now_in_london", lambda: moment)
    layer(command)
    assert command("new", "pack", "my-school", *BESIDE).code == 0
    assert f"review_by: {date(2029, 2, 28)}" in (command.folder / "my-school/2028.2/pack.yaml").read_text(encoding="utf-8")
