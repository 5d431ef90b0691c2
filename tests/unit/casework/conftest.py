from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.casework.case import LiveCase, open_case
from tests.unit.casework.live import LEAD, NOON, Clock
from tests.unit.casework.postgresql import Server, server
from tests.unit.cli.conftest import command

__all__ = ["command"]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server for all tests of a process."""
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a journal can be made: a file, or an empty PostgreSQL database."""
    if request.param == "sqlite":
        return str(tmp_path / "journal.db")
    running: Server = request.getfixturevalue("postgresql")
    return running.database(f"journal{next(_numbers)}")


@pytest.fixture(scope="module")
def kent() -> Engine:
    return Engine.load("kscmp", clock=lambda: NOON)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def case(kent: Engine, clock: Clock) -> LiveCase:
    made = open_case(kent, "a", clock=clock)
    made.open("An image was passed on in Year 9.", who=LEAD)
    return made
