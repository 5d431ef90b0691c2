"""Statements by their sources, as readers see them."""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.publishing.document.links import Link, StatementRef


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with where it is used, or why nothing encodes it."""

    ref: StatementRef
    binds: str
    strength: str
    used_by: tuple[Link, ...]
    not_computable: str
    note: str
    applied: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    """A published document with its statements."""

    name: str
    title: str
    publisher: str
    address: str
    in_force: str
    note: str
    statements: tuple[StatementView, ...]
