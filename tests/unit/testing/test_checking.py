"""Accepted findings: one excuses the part it names, and nothing that only mentions it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules.testing.checking import check_packs
from safeguarding_rules.testing.stacks import Stacks
from tests.unit.making import pack, write


@pytest.mark.parametrize(("at", "accepted"), [("top/r", 1), ("refer", 0)])
def test_a_finding_is_accepted_at_the_part_it_is_about(tmp_path: Path, at: str, accepted: int) -> None:
    """The strengthening of `top/r` is no longer needed; `refer` is only the outcome that the message mentions."""
    low = pack(name="low", above="top", strengthens={"top/r": {"outcome": "refer"}}, status="in_force")
    low["invariants.yaml"] = {"accepted": [{"finding": "SR607", "at": at, "because": "It waits.", "until": "2027-01-01"}]}
    write(tmp_path, pack({"r": {"when": {"a": True}, "outcome": "refer"}}, facts="a", status="in_force"), low)
    checked, _ = check_packs(Stacks([tmp_path]), date(2026, 1, 1))
    (found,) = [one for one in checked if one.id == "low"]
    assert found.accepted == accepted
    assert ("SR607" in {one.code for one in found.diagnostics}) == (not accepted)
