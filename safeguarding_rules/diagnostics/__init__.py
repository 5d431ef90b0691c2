"""Floor 0: findings, their codes, the errors that carry them, and how they are shown.

Everything above reports through these types; nothing here knows what a pack is. The codes, and how findings are shown, are loaded when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from safeguarding_rules.diagnostics.finding import (
    CaseError,
    Diagnostic,
    FactsError,
    JournalError,
    PackError,
    Severity,
    Span,
    closest,
    in_order,
    suggest,
)

if TYPE_CHECKING:
    from safeguarding_rules.diagnostics.codes import CODES, CodeEntry
    from safeguarding_rules.diagnostics.machine import render_json, render_sarif
    from safeguarding_rules.diagnostics.picture import Sources, render_text, visible

_HOMES = {
    "CODES": "codes",
    "CodeEntry": "codes",
    "render_json": "machine",
    "render_sarif": "machine",
    "Sources": "picture",
    "render_text": "picture",
    "visible": "picture",
}

__all__ = [
    "CODES",
    "CaseError",
    "CodeEntry",
    "Diagnostic",
    "FactsError",
    "JournalError",
    "PackError",
    "Severity",
    "Sources",
    "Span",
    "closest",
    "in_order",
    "render_json",
    "render_sarif",
    "render_text",
    "suggest",
    "visible",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a door to many types
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
