from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from safeguarding_rules.cli import terminal
from safeguarding_rules.cli.main import COMMANDS
from tests.unit.cli.command import Command

ROOT = Path(__file__).parents[3]


def test_help_lists_every_command(command: Command) -> None:
    done = command("--help")
    assert done.code == 0
    assert all(f"  {name} " in done.out and summary in done.out for name, summary in COMMANDS.items())
    assert max(map(len, done.out.splitlines())) <= terminal.WIDTH


def test_no_command_shows_the_help_and_fails(command: Command) -> None:
    done = command()
    assert (done.code, done.out) == (2, "")
    assert "usage: safeguarding-rules COMMAND" in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(command: Command, name: str) -> None:
    done = command(name, "--help")
    assert done.code == 0
    assert f"usage: safeguarding-rules {name}" in done.out
    assert command("help", name) == done
    assert max(map(len, done.out.splitlines())) <= terminal.WIDTH
    assert not any(line.endswith("-") for line in done.out.splitlines())  # a name is not broken at its hyphen


@pytest.mark.parametrize("given", ["", "0", "-5", "wide", "9" * 5000])
def test_a_width_of_no_use_is_passed_over(command: Command, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    expected = command("decide", "--help")
    monkeypatch.setenv("COLUMNS", given)
    assert command("decide", "--help") == expected


def test_version(command: Command) -> None:
    assert command("--version").out.startswith("safeguarding-rules 0.")


def test_a_misspelt_command_gets_a_suggestion(command: Command) -> None:
    done = command("decidee")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: there is no command `decidee`\ndid you mean `decide`?\n"


def test_wrong_arguments_end_with_where_to_look(command: Command) -> None:
    done = command("decide", "minimal")
    assert done.code == 2
    assert done.err.splitlines() == [
        "error: the following arguments are required: --facts",
        "`safeguarding-rules decide --help` shows how it is used",
    ]


def test_help_loads_nothing_that_it_does_not_need() -> None:
    program = "import sys; from safeguarding_rules.cli.main import main; main(['--help']); print(*sys.modules)"
    loaded = _python("-c", program).stdout.split()
    assert not {"pydantic", "ruamel.yaml", "safeguarding_rules.engine", "safeguarding_rules.diagnostics", "typer", "rich"} & set(loaded)


def test_deciding_as_json_writes_no_prose_and_knows_no_packs_under_test() -> None:
    facts = "import io; sys.stdin = io.StringIO('{}')"
    run = "main(['decide', 'tests/packs/good/minimal', '--facts', '-', '--format', 'json'])"
    loaded = _python("-c", f"import sys; {facts}; from safeguarding_rules.cli.main import main; {run}; print(*sys.modules)").stdout.split()
    assert "safeguarding_rules.engine" in loaded
    assert not {"typer", "rich", "hypothesis", "holidays", "jsonschema", "safeguarding_rules.explaining.explanation"} & set(loaded)


def test_the_package_runs_as_a_module() -> None:
    assert "usage: safeguarding-rules" in _python("-m", "safeguarding_rules", "--help").stdout


def test_a_reader_who_has_seen_enough_ends_it_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "safeguarding_rules", "schema", "decision"], cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert done.returncode == 141
    assert done.stderr == b""


def test_an_interruption_is_no_traceback(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("safeguarding_rules.cli.packs.run", interrupt)
    assert (command("packs").code, command("packs").err) == (130, "stopped\n")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert terminal.in_colour(_Terminal())
    assert not terminal.in_colour(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not terminal.in_colour(_Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.in_colour(_Terminal())


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    terminal.progress()("ukcis 2024.3")
    assert stream.getvalue() == "\r\x1b[Kukcis 2024.3"
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    terminal.progress()("ukcis 2024.3")
    assert plain.getvalue() == ""


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, text=True, capture_output=True, check=True)
