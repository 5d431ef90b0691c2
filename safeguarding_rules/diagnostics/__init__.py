"""Floor 0: findings, their codes, the errors that carry them, and how they are shown.

Everything above reports through these types; nothing here knows what a pack is.
"""

from safeguarding_rules.diagnostics.codes import CODES, CodeEntry
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
from safeguarding_rules.diagnostics.machine import render_json, render_sarif
from safeguarding_rules.diagnostics.picture import Sources, render_text, visible

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
