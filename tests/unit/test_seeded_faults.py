"""The seeded faults are where the code is: whoever changes a line that one of them changes is told here, not when they are next tried."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from tests.faults.analyses import ANALYSES
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault
from tests.faults.tables import TABLES

ROOT = Path(__file__).parents[2]
EVERY = tuple(chain(FAULTS, ANALYSES, TABLES))


@pytest.mark.parametrize("fault", EVERY, ids=lambda fault: fault.name)
def test_a_fault_is_in_its_place(fault: Fault) -> None:
    text = (ROOT / fault.file).read_text(encoding="utf-8")
    assert text.count(fault.old) == 1
    assert all((ROOT / path).exists() for path in fault.tests)


def test_each_has_a_name_of_its_own() -> None:
    assert len({fault.name for fault in EVERY}) == len(EVERY)
