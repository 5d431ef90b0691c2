"""The engine that the tests of tables use."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding_rules import Engine

pytest.importorskip("polars")
pytest.importorskip("narwhals")
pytest.importorskip("pyarrow")


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load("kscmp@2024.9", on=date(2026, 11, 22))
