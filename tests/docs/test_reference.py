"""The reference pages leave nothing out."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import get_args

import pytest
from pydantic import BaseModel

from safeguarding_rules.deciding.document import DecisionDocument
from tests.docs.pages import ROOT

DECISION = ROOT / "docs" / "reference" / "decision.md"
COMMANDS = ROOT / "docs" / "reference" / "command-line.md"


def fields(model: type[BaseModel]) -> set[str]:
    found: set[str] = set()
    for name, info in model.model_fields.items():
        found.add(info.alias or name)
        for inner in (info.annotation, *get_args(info.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found |= fields(inner)
    return found


def test_every_field_of_a_decision_is_described() -> None:
    named = set(re.findall(r"`([a-z_]+)`", DECISION.read_text(encoding="utf-8")))
    assert not fields(DecisionDocument) - named


def test_every_command_and_option_is_described() -> None:
    from safeguarding_rules.cli.main import COMMANDS as commands  # noqa: N811, PLC0415  the command line is loaded for this test only

    text = COMMANDS.read_text(encoding="utf-8")
    for name in commands:
        assert f"## `{name}" in text, name
        shown = subprocess.run(
            [sys.executable, "-c", f"from safeguarding_rules.cli.main import main; main(['{name}', '--help'])"],
            cwd=ROOT,
            text=True,
            capture_output=True,
            check=True,
        ).stdout
        section = text.partition(f"## `{name}")[2].partition("\n## ")[0]
        for option in set(re.findall(r"(?<![\w-])--[a-z]+", shown)) - {"--help", "--path"}:
            assert option in section, f"{name} {option}"


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "policy_packs/LICENCE.md", "news/README.md"])
def test_what_a_project_needs_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_pins_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|file:|^-|@ ", text, re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text.strip()))
