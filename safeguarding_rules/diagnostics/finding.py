"""What a finding is: a coded sentence with a place, and the two errors that carry findings.

In: what any floor above has found. Out: immutable, ordered values. Promised: equal findings are equal values, and the order (file, line,
column, code) never depends on the order in which they were found. This module must not know where findings come from.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import total_ordering
from typing import Literal

from safeguarding_rules.frozen import frozen

_ABOUT = re.compile("`([^`]+)`(?: and `([^`]+)`)?")
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file, 1-based, `end_column` not included; columns count code points. Line 0: no place in it, but the file or folder as a whole."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        """Return `file:line:column`, which terminals and editors turn into a link; the path alone where it is meant as a whole."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@total_ordering
@frozen
class Diagnostic:
    """One finding for an author: a lower-case, one-line message with the author's own text in backticks, where it is, and what to do."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    help: str | None = None
    related: tuple[tuple[str, Span], ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The part that the finding is about, as its message names it first; both of a pair (`one` and `other`)."""
        found = _ABOUT.search(self.message)
        return () if found is None else tuple(name for name in found.groups() if name)

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Return what findings are ordered by; a finding without a place comes first."""
        place = ("", 0, 0) if self.span is None else (self.span.file, self.span.line, self.span.column)
        return (*place, self.code, self.message)

    def __lt__(self, other: object) -> bool:
        """Order by file, line, column and code."""
        return self.sort_key() < other.sort_key() if isinstance(other, Diagnostic) else NotImplemented

    def __str__(self) -> str:
        """Return the finding on one line."""
        place = "" if self.span is None else f"{self.span}: "
        remedy = "" if self.help is None else f" ({self.help})"
        return f"{place}{self.severity} {self.code}: {self.message}{remedy}"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings sorted, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics)))


class _Findings(Exception):  # noqa: N818 - never raised itself
    """An error that is a list of findings."""

    def __init__(self, diagnostics: Iterable[Diagnostic], texts: Mapping[str, str] | None = None) -> None:
        """Keep the findings sorted, each once, and the texts of the files they point into, by file name, where they are at hand."""
        self.diagnostics = in_order(diagnostics)
        named = {span.file for found in self.diagnostics for span in (found.span, *(place for _, place in found.related)) if span is not None}
        self.texts = {file: text for file, text in (texts or {}).items() if file in named}
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """Return one line per finding."""
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)

    def __reduce__(self) -> tuple[type["_Findings"], tuple[tuple[Diagnostic, ...], dict[str, str]]]:
        """Let the error cross process borders whole."""
        return (type(self), (self.diagnostics, self.texts))


class PackError(_Findings):
    """A pack cannot be used; `diagnostics` says why, every reason with its place."""


class CaseError(_Findings):
    """What was asked of a live case cannot be done; `diagnostics` lists every reason with its remedy."""


class FactsError(_Findings):
    """The facts of a case cannot be used; `diagnostics` lists every problem (often without a place, for facts may come from a program)."""


class JournalError(_Findings):
    """Records cannot be kept, read or replayed; `diagnostics` says why, and whether anything was kept."""


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """Return "did you mean `x`?" for the candidate closest to a misspelt name, or None where nothing is close."""
    close = closest(name, candidates)
    return None if close is None else f"did you mean `{close}`?"


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate closest to a misspelt name, ignoring case, spaces and the choice between `-` and `_`, or None."""
    import difflib  # noqa: PLC0415  slow to load, and only a mistake needs it

    plain: dict[str, str] = {}
    for candidate in sorted(candidates):
        plain.setdefault(_plain(candidate), candidate)
    # A long text is no misspelt name, and comparing it with every name would take long.
    matches = difflib.get_close_matches(_plain(name[:200]), plain, n=1, cutoff=0.7)
    return plain[matches[0]] if matches else None


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
