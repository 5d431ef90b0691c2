from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.cli.command import Command

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def test_a_file_is_laid_out_and_then_left_alone(command: Command) -> None:
    pack = command.pack()
    command.edit(f"{pack}/rules/referral.yaml", "    title: An adult is involved", "    title:    An adult is involved    # as told")
    done = command("fmt", "--check", pack)
    assert (done.code, done.out) == (1, f"would lay out {pack}/rules/referral.yaml\n")
    done = command("fmt", pack)
    assert (done.code, done.out) == (0, f"laid out {pack}/rules/referral.yaml\n")
    assert "    title: An adult is involved  # as told\n" in (command.folder / pack / "rules/referral.yaml").read_text(encoding="utf-8")
    assert command("fmt", "packs", "--check").out == "8 files: nothing to change\n"


def test_a_file_that_is_no_yaml_is_refused_and_left(command: Command) -> None:
    pack = command.pack()
    command.write(f"{pack}/rules/more.yaml", "rules: [\n")
    done = command("fmt", pack)
    assert done.code == 2
    assert f"{pack}/rules/more.yaml" in done.err
    assert (command.folder / pack / "rules/more.yaml").read_text(encoding="utf-8") == "rules: [\n"


def test_one_file_can_be_given(command: Command) -> None:
    file = command.write("odd.yaml", "a:   1\n")
    assert command("fmt", file).code == 0
    assert (command.folder / file).read_text(encoding="utf-8") == "a: 1\n"


def test_nothing_to_lay_out(command: Command) -> None:
    command.write("empty/readme.txt", "nothing")
    assert command("fmt", "nowhere").code == 2
    assert "there are no YAML files" in command("fmt", "empty").err


def test_a_reader_who_stops_is_no_file_that_cannot_be_written(command: Command) -> None:
    pack = command.pack()
    command.edit(f"{pack}/rules/referral.yaml", "    title: An adult is involved", "    title:    An adult is involved")
    line = f"{sys.executable} -u -m safeguarding_rules fmt --check {pack} | true"
    done = subprocess.run(
        ["/bin/bash", "-c", f"{line}; echo ${{PIPESTATUS[0]}}"], cwd=command.folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("141\n", "")
