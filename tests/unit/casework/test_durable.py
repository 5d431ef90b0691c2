"""durable-rules confined: states are deleted, threads and forked processes served, and what goes wrong in it stays in it."""

from __future__ import annotations

import os
import resource
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.casework import open_case
from tests.durability.scale import often
from tests.unit import making

pytest.importorskip("durable.engine", exc_type=ImportError)  # Python 3.13 cannot load it
WHO = "a lead"
START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def engine() -> Engine:
    facts = {f"fact_{i}": making.YES_NO for i in range(4)}
    rules = {f"rule-{i}": {"when": {"all": [{f"fact_{i}": True}, {f"fact_{i + 1}": True}]}, "outcome": "refer"} for i in range(3)}
    return making.engine(making.pack(rules, facts=facts))


def one_case(rules: Engine, *, closed: bool = True) -> tuple[str, object]:
    """A case that rises, falls and is closed or just dropped; the outcome at its highest, and what durable-rules objected to."""
    case = open_case(rules, "a", clock=lambda: START, verify=True)
    steps = [case.open("a concern", who=WHO)]
    steps += [case.learn(fact, value=True, who=WHO) for fact in ("fact_0", "fact_1")]
    highest = steps[-1].decision.outcome
    steps.append(case.withdraw("fact_1", who=WHO))
    if closed:
        case.close_engine()
    return highest, next((step.problem for step in steps if step.problem is not None), None)


def resident() -> int:
    """KiB of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_memory_stays_flat_and_no_state_is_left_over_many_cases() -> None:
    """durable-rules 2.0.28 holds 1,024 states: more cases show that each is deleted, also where a case is dropped without a word."""
    rules, cases = engine(), often(2200, 20_000)
    warm = cases // 10
    measured = 0
    for number in range(cases):
        assert one_case(rules, closed=number % 2 == 0) == ("refer", None)
        if number == warm:
            measured = resident()
    grown = (resident() - measured) / 1024
    sys.stdout.write(f"{cases} cases in one process: {measured / 1024:.1f} MiB after {warm}, {grown:+.1f} MiB from there on\n")
    assert grown < 8


def test_threads_and_forked_processes_are_served() -> None:
    rules, found = engine(), []
    threads = [threading.Thread(target=lambda: found.append(one_case(rules))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [("refer", None)] * 4
    child = os.fork()
    if child == 0:
        os._exit(0 if one_case(rules) == ("refer", None) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_cases_side_by_side_do_not_mix() -> None:
    rules, now = engine(), [START]

    def clock() -> datetime:
        now[0] += timedelta(minutes=1)
        return now[0]

    with open_case(rules, "a", clock=clock, verify=True) as one, open_case(rules, "a", clock=clock, verify=True) as other:
        steps = [one.open("a concern", who=WHO), other.open("another", who=WHO)]
        steps.append(one.learn("fact_0", value=True, who=WHO))
        steps.append(other.learn("fact_1", value=True, who=WHO))
        assert one.decision.outcome == other.decision.outcome == "review"  # each knows one limb only
        steps.append(one.learn("fact_1", value=True, who=WHO))
        assert (one.decision.outcome, other.decision.outcome) == ("refer", "review")
        assert [step.problem for step in steps] == [None] * 5


def test_the_case_goes_on_where_durable_rules_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from safeguarding_rules.casework import durable  # noqa: PLC0415  needs the extra

    def fail(*_: object) -> None:
        raise MemoryError("no room for a state")

    with open_case(engine(), "a", clock=lambda: START, verify=True) as case:
        case.open("a concern", who=WHO)
        with monkeypatch.context() as patched:
            patched.setattr(durable._Session, "put", fail)  # noqa: SLF001  what durable-rules might do
            step = case.learn("fact_0", value=True, who=WHO)
        assert step.problem is not None
        assert step.problem.code == "SR908"
        assert "MemoryError" in step.problem.message
        step = case.learn("fact_1", value=True, who=WHO)  # a fresh state, told everything anew
        assert (step.decision.outcome, step.problem) == ("refer", None)
