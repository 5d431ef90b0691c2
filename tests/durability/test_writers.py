"""Many processes append at once: one valid chain, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import sys
import time

from safeguarding_rules.casework.journal import Journal, verify
from tests.durability.scale import often
from tests.unit.casework.journals import note


def write(place: str, name: str, number: int) -> None:
    """Append entries of one case, one after the other."""
    with Journal.open(place) as journal:
        for i in range(number):
            journal.append([note(i, name)])


def test_processes_keep_one_chain(place: str) -> None:
    writers, each = often(3, 8), often(8, 1000)
    Journal.create(place).close()
    context = multiprocessing.get_context("spawn")
    started = time.perf_counter()
    running = [context.Process(target=write, args=(place, f"case-{i}", each)) for i in range(writers)]
    for one in running:
        one.start()
    for one in running:
        one.join()
        assert one.exitcode == 0
    taken = time.perf_counter() - started
    with Journal.open(place) as journal:
        found = verify(journal)
        assert (found.sound, found.entries) == (True, writers * each + 1)
        for i in range(writers):
            assert [entry.data["number"] for entry in journal.entries(f"case-{i}")] == list(range(each))
    sys.stdout.write(
        f"{writers} processes x {each} entries: one chain of {found.entries}, none lost, {writers * each / taken:.0f} entries a second\n"
    )
