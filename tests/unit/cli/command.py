"""Runs commands as a user would, in one process, and packs to run them on."""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeguarding_rules.cli.main import main
from tests.packs.pipeline import GOOD


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str


class Command:
    """Runs the command line in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments)
        shown = self._capsys.readouterr()
        return Outcome(code, shown.out, shown.err)

    def write(self, name: str, text: str) -> str:
        """Write a file and return its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    def pack(self, name: str = "minimal", version: str = "2024.1", **changes: str) -> str:
        """Lay a good pack out as `packs/ID/VERSION` and return its path; `changes` add to files, with `__` for `/`."""
        place = f"packs/{name}/{version}"
        shutil.copytree(GOOD / name, self.folder / place)
        for file, text in changes.items():
            path = self.folder / place / f"{file.replace('__', '/')}.yaml"
            path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
        return place

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


LAYER = """
pack: "layered"
version: "2024.2"
title: A layer
publisher: Nobody
layer: local
language: "1"
status: in_force
in_force: {from: 2024-06-01}
extends: {pack: minimal}
"""
STATEMENTS = """
sources:
  local: {title: The local procedure, publisher: Nobody}
statements:
  LOC-1:
    source: local
    section: "1"
    binds: DSL
    text: The office is told of a very young child.
    strength: should
    force: local_procedure
    checked: seen
    encoded_by: [office]
"""
RULES = """
rules:
  office:
    title: A very young child
    when: {age: {below: 5}}
    because: The office knows the family.
    actions: [{should: tell_services, within: same_day}]
    cite: [LOC-1]
"""


def later(command: Command) -> str:
    """Let the minimal pack end with 2024 and lay out a later version beside it; return the path of the later one."""
    command.edit("packs/minimal/2024.1/pack.yaml", "{from: 2024-01-01}", "{from: 2024-01-01, until: 2025-01-01}")
    path = command.pack("minimal", "2025.1")
    for before, after in (("2024.1", "2025.1"), ("status: draft", "status: in_force"), ("{from: 2024-01-01}", "{from: 2025-01-01}")):
        command.edit(f"{path}/pack.yaml", before, after)
    return path


def layer(command: Command, rules: str = RULES) -> str:
    """Lay out a layer in force on the minimal pack in force, side by side, and return the path of the layer."""
    command.edit(f"{command.pack()}/pack.yaml", "status: draft", "status: in_force")
    for name, text in (("pack", LAYER), ("statements", STATEMENTS), ("rules/local", rules)):
        command.write(f"packs/layered/2024.2/{name}.yaml", text.lstrip())
    return "packs/layered/2024.2"
