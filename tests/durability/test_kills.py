"""Writers and servers killed with kill -9 at random points of writing: what was acknowledged is there, and the chain holds."""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from safeguarding_rules.casework.journal import Journal, verify
from tests.durability.scale import SEED, often
from tests.unit.casework.journals import note
from tests.unit.casework.postgresql import Server, server

LONGEST = 0.06  # seconds between the first acknowledgement and the kill


@dataclass
class Tally:
    """What was acknowledged, and what became of it."""

    kills: int = 0
    acknowledged: dict[int, str] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    torn: int = 0

    def look(self, place: str) -> None:
        """Compare what was acknowledged with what is there."""
        self.kills += 1
        with Journal.open(place) as journal:
            self.unsound += [str(one) for one in verify(journal).findings]
            there = {entry.seq: entry.hash for entry in journal.entries(without=["text"])}
        self.lost = [seq for seq, digest in self.acknowledged.items() if there.get(seq) != digest]


def write_for_ever(place: str, said: int, seed: int) -> None:
    """Append one, two or three entries at a time, and say so once they are acknowledged."""
    chance = random.Random(seed)
    with Journal.open(place, wait=5) as journal:
        for number in itertools.count():
            drafts = [note(number, f"case-{chance.randrange(5)}", "x" * chance.choice([10, 300, 9000])) for _ in range(chance.randint(1, 3))]
            lines = [f"{entry.seq} {entry.hash}\n" for entry in journal.append(drafts)]
            os.write(said, "".join(lines).encode())


@contextmanager
def writer(place: str, seed: int) -> Iterator[tuple[int, int]]:
    """A process that writes; its id, and where it says what was acknowledged. Killed at the end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            write_for_ever(place, writing, seed)
        finally:
            os._exit(1)
    os.close(writing)
    try:
        yield child, reading
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)


def everything(reading: int) -> dict[int, str]:
    """What was said until the end."""
    content = b""
    while part := os.read(reading, 65536):
        content += part
    return {int(seq): digest for seq, digest in (line.split() for line in content.decode().splitlines())}


def first_word(reading: int) -> dict[int, str]:
    """What is said first: writing has begun."""
    return {int(seq): digest for seq, digest in (line.split() for line in os.read(reading, 4096).decode().splitlines())}


def report(what: str, tally: Tally) -> None:
    torn = f", {tally.torn} of them in the middle of a transaction" if tally.torn else ""
    sys.stdout.write(f"{what}: {tally.kills} kills{torn}; {len(tally.acknowledged)} entries acknowledged, {len(tally.lost)} lost\n")
    assert not tally.lost
    assert not tally.unsound
    assert len(tally.acknowledged) > tally.kills


def test_a_writer_killed_at_any_point_loses_nothing_in_a_file(tmp_path: Path) -> None:
    place = tmp_path / "journal.db"
    Journal.create(place).close()
    chance, tally = random.Random(SEED), Tally()
    for kill in range(often(8, 200)):
        with writer(str(place), kill) as (child, reading):
            tally.acknowledged |= first_word(reading)
            time.sleep(chance.uniform(0, LONGEST))
            os.kill(child, signal.SIGKILL)
            tally.acknowledged |= everything(reading)
        left = place.with_name("journal.db-journal")
        tally.torn += left.is_file() and left.stat().st_size > 0
        tally.look(str(place))
    report("SQLite, the writer killed", tally)


def test_a_writer_killed_at_any_point_loses_nothing_in_a_server(postgresql: Server) -> None:
    place = postgresql.database("kills")
    Journal.create(place).close()
    chance, tally = random.Random(SEED), Tally()
    for kill in range(often(5, 200)):
        with writer(place, kill) as (child, reading):
            tally.acknowledged |= first_word(reading)
            time.sleep(chance.uniform(0, LONGEST))
            os.kill(child, signal.SIGKILL)
            tally.acknowledged |= everything(reading)
        tally.look(place)
    report("PostgreSQL, the writer killed", tally)


def test_a_server_killed_at_any_point_loses_nothing() -> None:
    chance, tally = random.Random(SEED), Tally()
    with server() as running:
        place = running.url()
        Journal.create(place).close()
        for kill in range(often(3, 100)):
            with writer(place, kill) as (child, reading):
                tally.acknowledged |= first_word(reading)
                time.sleep(chance.uniform(0, LONGEST))
                running.kill()
                os.kill(child, signal.SIGKILL)
                tally.acknowledged |= everything(reading)
            running.start()
            tally.look(place)
    report("PostgreSQL, the server killed", tally)
