"""Where the events of cases are kept: a protocol, and the plainest thing that keeps it.

A store appends events and gives them back in order. It knows nothing of policy. Promised by every store: `append` returns once the events are kept,
all of them or none; events are never changed.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from safeguarding_rules.casework.events import Event
from safeguarding_rules.reading import Pack


class CaseChangedError(Exception):
    """Somebody else has added to the case meanwhile: read it again, and look at what is new before going on."""


@runtime_checkable
class CaseStore(Protocol):
    """Keeps the events of cases."""

    def append(self, case: str, events: Sequence[Event], *, expected: int) -> None:
        """Keep events of a case that has `expected` events until now. Raises CaseChangedError if it has more."""

    def events(self, case: str) -> Sequence[Event]:
        """The events of a case in order; none for a case that is not known."""

    def cases(self) -> Sequence[str]:
        """The ids of all cases, in the order in which they were opened."""

    def keep(self, packs: Sequence[Pack]) -> None:
        """Keep the packs that a decision was made by, each once, so that it can be replayed when they are no longer installed."""


class MemoryStore:
    """Keeps events for as long as the process lives: for tests, and for products that keep events themselves."""

    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = {}
        self.packs: dict[str, Pack] = {}
        self._lock = threading.Lock()

    def append(self, case: str, events: Sequence[Event], *, expected: int) -> None:
        """Keep events. Raises CaseChangedError."""
        with self._lock:
            kept = self._events.setdefault(case, [])
            if len(kept) != expected:
                raise CaseChangedError(f"the case has {len(kept)} events, not {expected}: read it again")
            kept.extend(events)

    def events(self, case: str) -> Sequence[Event]:
        """The events of a case in order."""
        with self._lock:
            return tuple(self._events.get(case, ()))

    def cases(self) -> Sequence[str]:
        """The ids of all cases."""
        with self._lock:
            return tuple(self._events)

    def keep(self, packs: Sequence[Pack]) -> None:
        """Keep packs by digest, in `packs`."""
        self.packs |= {pack.digest: pack for pack in packs}
