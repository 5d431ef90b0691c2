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
    # Where nothing is found at what it names, the entry would only hide the next finding there.
    assert ("SR613" in {one.code for one in found.diagnostics}) == (not accepted)


def test_an_entry_is_idle_only_where_no_stack_of_the_pack_has_the_finding(tmp_path: Path) -> None:
    """The strengthening is needed below the first version of the pack above, and no longer below the second."""
    low = pack(name="low", above="top", strengthens={"top/r": {"outcome": "refer"}}, status="in_force")
    low["invariants.yaml"] = {"accepted": [{"finding": "SR607", "at": "top/r", "because": "It waits.", "until": "2024-02-01"}]}
    rules = {"r": {"when": {"a": True}, "outcome": "review"}}
    first = pack(rules, facts="a", status="in_force", in_force={"from": "2024-01-01", "until": "2025-01-01"})
    second = pack({"r": rules["r"] | {"outcome": "refer"}}, facts="a", status="in_force", version="2", in_force={"from": "2025-01-01"})

    def codes() -> set[str]:
        checked, _ = check_packs(Stacks([tmp_path]), date(2026, 1, 1))
        return {one.code for entry in checked if entry.id == "low" for one in entry.diagnostics}

    write(tmp_path, first, second, low)
    assert codes() == {"SR607"}  # its day has come, and the finding is there: it is shown, and the entry is not idle
    write(tmp_path, first, second | {"rules/rules.yaml": first["rules/rules.yaml"]}, low)
    assert codes() == {"SR613"}


def test_nothing_is_called_idle_where_a_pack_has_errors(tmp_path: Path) -> None:
    low = pack(name="low", above="top", strengthens={"top/r": {"outcome": "refr"}}, status="in_force")
    low["invariants.yaml"] = {"accepted": [{"finding": "SR607", "at": "top/r", "because": "It waits.", "until": "2027-01-01"}]}
    write(tmp_path, pack({"r": {"when": {"a": True}, "outcome": "refer"}}, facts="a", status="in_force"), low)
    checked, _ = check_packs(Stacks([tmp_path]), date(2026, 1, 1))
    assert {one.code for entry in checked if entry.id == "low" for one in entry.diagnostics} == {"SR403"}
