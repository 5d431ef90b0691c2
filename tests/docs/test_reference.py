"""The reference pages leave nothing out."""

from __future__ import annotations

import contextlib
import io
import re
from typing import get_args

import pytest
from pydantic import BaseModel

from safeguarding_rules.cli.main import COMMANDS, main
from safeguarding_rules.deciding.document import DecisionDocument
from tests.docs.pages import ROOT

DECISION = ROOT / "docs" / "reference" / "decision.md"
PAGE = ROOT / "docs" / "reference" / "command-line.md"


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
    text = PAGE.read_text(encoding="utf-8")
    missing = []
    for name in COMMANDS:
        assert f"## `{name}" in text, name
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            assert main([name, "--help"]) == 0
        section = text.partition(f"## `{name}")[2].partition("\n## ")[0]
        options = set(re.findall(r"(?<![\w-])--[a-z]+", shown.getvalue())) - {"--help", "--path"}
        missing += [f"{name} {option}" for option in sorted(options) if option not in section]
    assert not missing


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "policy_packs/LICENCE.md", "news/README.md"])
def test_what_a_project_needs_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_pins_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|file:|^-|@ ", text, re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries if not entry.startswith("#"))
