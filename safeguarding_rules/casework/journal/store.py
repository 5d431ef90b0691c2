"""Keeps the events of cases in a journal: the CaseStore for products.

Comes in: events. Goes out: the same events. Promised: the personal fields of an event are kept beside the chain, so that they can be erased; a case
that was erased is not read as if it had been shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safeguarding_rules.casework.canonical import plain_data
from safeguarding_rules.casework.events import EVENT, Event
from safeguarding_rules.casework.journal.entry import Draft, Entry
from safeguarding_rules.casework.journal.erasing import ERASURE
from safeguarding_rules.casework.journal.journal import Journal
from safeguarding_rules.casework.moments import personal_fields
from safeguarding_rules.diagnostics import Diagnostic, JournalError
from safeguarding_rules.reading import Pack


class JournalStore:
    """A store of cases in a journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def append(self, case: str, events: Sequence[Event], *, expected: int) -> None:
        """Keep events of a case that has `expected` events until now. Raises CaseChangedError if it has more, JournalError if they cannot be kept."""
        self.journal.append([draft_of(case, event) for event in events], expected=expected)

    def events(self, case: str) -> Sequence[Event]:
        """The events of a case in order; none for a case that is not known. Raises JournalError for a case that was erased."""
        found = tuple(self.journal.entries(case))
        if any(entry.kind == ERASURE or entry.erased for entry in found):
            remedy = "what may still be counted of it is in `safeguarding-rules journal report`"
            raise JournalError([Diagnostic("SR921", "error", f"the case `{case}` was erased", help=remedy)])
        return tuple(event_of(entry) for entry in found)

    def cases(self) -> Sequence[str]:
        """The ids of all cases, in the order in which they were opened."""
        return self.journal.cases()

    def keep(self, packs: Sequence[Pack]) -> None:
        """Keep packs in the content store of the journal. Raises JournalError."""
        self.journal.contents.keep(packs)


def draft_of(case: str, event: Event) -> Draft:
    """An event as an entry: its personal fields apart."""
    data = plain_data(event)
    personal = {name: data.pop(name) for name in sorted(personal_fields(type(event)))}
    return Draft(event.event, data, case, personal)


def event_of(entry: Entry) -> Event:
    """An entry as the event it keeps. Raises pydantic's ValidationError where it keeps none."""
    data: dict[str, Any] = {**entry.data, **entry.personal}
    return EVENT.validate_python(data)
