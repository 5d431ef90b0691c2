"""`docs`: what is written, from what, and what happens where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.command import Command, layer

pytestmark = pytest.mark.usefixtures("nothing_shipped")


def files(command: Command) -> list[Path]:
    return [path for path in (command.folder / "site").rglob("*") if path.is_file()]


def test_a_pack_becomes_pages(command: Command) -> None:
    done = command("docs", command.pack(), "-o", "site")
    assert done.code == 0
    assert "start with site/index.html" in done.out
    written = {path.relative_to(command.folder / "site").as_posix() for path in files(command)}
    assert {"index.html", "search.html", "minimal/2024.1/rules.html", "minimal/2024.1/whole.html", "minimal-2024.1.md"} <= written
    assert f"{len(written)} files written" in done.out
    assert "call 999" in (command.folder / "site/minimal/2024.1/rules.html").read_text(encoding="utf-8")


def test_pages_of_an_earlier_run_are_named(command: Command) -> None:
    """Whoever kept the address of a withdrawn version still reads it."""
    pack = command.pack()
    assert command("docs", pack, "-o", "site").err == ""
    assert command("docs", pack, "-o", "site").err == ""
    command.edit(f"{pack}/pack.yaml", 'version: "2024.1"', 'version: "2024.2"')
    done = command("docs", pack, "-o", "site")
    assert done.code == 0
    assert done.err == "note: site/minimal/2024.1 is of an earlier run and stays; delete it where nobody should read it any more\n"
    assert (command.folder / "site/minimal/2024.1/rules.html").is_file()


def test_packs_above_are_written_too(command: Command) -> None:
    done = command("docs", layer(command), "-o", "site")
    assert done.code == 0, done.err
    assert (command.folder / "site/minimal/2024.1/rules.html").is_file()


def test_cases_can_be_run_for_the_pages(command: Command) -> None:
    pack = command.pack()
    command("docs", pack, "-o", "without")
    command("docs", pack, "-o", "with", "--run-cases")
    without, shown = [(command.folder / name / "minimal/2024.1/checks.html").read_text(encoding="utf-8") for name in ("without", "with")]
    assert "The examples were not run for this page." in without
    assert "As expected." in shown
    assert "Tried out" in shown


def test_writing_again_gives_the_same_files(command: Command) -> None:
    pack = command.pack()
    command("docs", pack, "-o", "site", "--today", "2025-01-01")
    before = {path: path.read_bytes() for path in files(command)}
    command("docs", pack, "-o", "site", "--today", "2025-01-01")
    assert before == {path: path.read_bytes() for path in files(command)}


def test_nothing_is_written_of_a_pack_that_is_wrong(command: Command) -> None:
    pack = command.pack()
    command.edit(f"{pack}/pack.yaml", "layer: national", "layer: nowhere")
    done = command("docs", pack, "-o", "site")
    assert done.code == 2
    assert "nowhere" in done.err
    assert not (command.folder / "site").exists()


def test_a_place_that_cannot_be_written_is_named(command: Command) -> None:
    command.write("site", "a file")
    done = command("docs", command.pack(), "-o", "site")
    assert done.code == 2
    assert "`site` cannot be written" in done.err


def test_without_templates_the_remedy_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    done = command("docs", command.pack(), "-o", "site")
    assert done.code == 2
    assert "pip install 'safeguarding-rules[web]'" in done.err
