"""Floor 9: one case over time. Live cases, decision records, journal, replay.

`open_case` is the door; the journal needs the extra `journal` and stands in `casework.journal`. Loaded when first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeguarding_rules.casework.case import LiveCase, open_case
    from safeguarding_rules.casework.duties import CaseDuty
    from safeguarding_rules.casework.form import record_page
    from safeguarding_rules.casework.record import DecisionRecord
    from safeguarding_rules.casework.replay import Replayer, packs_found
    from safeguarding_rules.casework.step import CaseStep
    from safeguarding_rules.casework.store import CaseChangedError, CaseStore, MemoryStore

__all__ = [
    "CaseChangedError",
    "CaseDuty",
    "CaseStep",
    "CaseStore",
    "DecisionRecord",
    "LiveCase",
    "MemoryStore",
    "Replayer",
    "open_case",
    "packs_found",
    "record_page",
]

_MODULES = {
    "CaseChangedError": "store",
    "CaseDuty": "duties",
    "CaseStep": "step",
    "CaseStore": "store",
    "DecisionRecord": "record",
    "LiveCase": "case",
    "MemoryStore": "store",
    "Replayer": "replay",
    "open_case": "case",
    "packs_found": "replay",
    "record_page": "form",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
