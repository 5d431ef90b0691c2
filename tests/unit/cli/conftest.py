from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.command import Command


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Command(tmp_path, monkeypatch, capsys)


@pytest.fixture
def nothing_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave only the packs of the test."""
    monkeypatch.setattr("safeguarding_rules.reading.registry.shipped_folder", lambda: None)
