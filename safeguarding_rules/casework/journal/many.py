"""Replay of many decision records by several processes.

Comes in: where a journal is, and where packs may be. Goes out: what `replay_journal` finds, in the same order. Promised: the same results as of one
process, decisions appended meanwhile included; where no process can be started, or one is ended from outside, this one does the rest.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.journal.records import DECIDED, replay_journal
from safeguarding_rules.casework.replay import Replayed, Replayer, packs_found
from safeguarding_rules.reading import Registry

PART = 250
"""Decisions that a process replays at a time."""
ENOUGH = 4 * PART
"""From so many decisions on it is worth starting processes, whole or quick."""
MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions to replay, and how: of which journal, with packs from which places; of one case or all, whole or by the verdict."""

    place: str
    paths: tuple[Path, ...] = ()
    case: str | None = None
    number: int | None = None
    whole: bool = True

    def replayer(self, journal: Journal) -> Replayer:
        """What replays them: with the packs of the journal, else those that are installed."""
        return Replayer(journal.contents.pack, packs_found(Registry(self.paths)))


def replay_many(journal: Journal, wanted: Wanted, processes: int | None = None) -> Iterator[Replayed]:
    """Replay decisions of a journal that is open, in several processes where there are many; by default one for each processor.

    Raises JournalError if the journal cannot be read.
    """
    count = min(MOST_PROCESSES, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    count = count if processes is None else processes
    start = 1
    if count > 1 and wanted.number is None:
        numbers = journal.numbers(wanted.case, kinds=[DECIDED])
        if len(numbers) >= ENOUGH:
            for part, found in _beside(wanted, _parts(numbers), count):
                yield from found
                start = part.stop
    left = range(start, 1 << 62)
    yield from replay_journal(journal, wanted.replayer(journal), wanted.case, number=wanted.number, whole=wanted.whole, among=left)


def _parts(numbers: Sequence[int]) -> list[range]:
    """The numbers of entries, cut into ranges that hold so many of them."""
    starts = numbers[::PART]
    return [range(start, stop) for start, stop in zip(starts, (*starts[1:], numbers[-1] + 1), strict=True)]


def _beside(wanted: Wanted, parts: Sequence[range], count: int) -> Iterator[tuple[range, list[Replayed]]]:
    """What each part holds, in order, found by other processes; ends early where they cannot go on."""
    try:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(wanted,)) as pool:
            yield from zip(parts, pool.map(_replay, parts), strict=True)
    except (BrokenProcessPool, OSError):
        return


class _Process:
    """What a process that replays keeps from one part to the next."""

    wanted: Wanted
    journal: Journal | None = None
    replayer: Replayer


def _begin(wanted: Wanted) -> None:
    _Process.wanted = wanted
    gc.freeze()  # what is loaded by now stays


def _replay(part: range) -> list[Replayed]:
    """What a part holds."""
    wanted = _Process.wanted
    if _Process.journal is None:
        _Process.journal = Journal.open(wanted.place)
        _Process.replayer = wanted.replayer(_Process.journal)
    return list(replay_journal(_Process.journal, _Process.replayer, wanted.case, whole=wanted.whole, among=part))
