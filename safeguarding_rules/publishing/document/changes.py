"""The difference to an earlier version, as readers see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind: a heading and what changes, each with its examples. `direction`: milder, stricter or other."""

    title: str
    items: tuple[ChangeItem, ...]


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One change in words."""

    text: str
    direction: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed from an earlier version, for every possible case."""

    old: str
    new: str
    verdict: tuple[str, ...]
    milder: bool
    groups: tuple[ChangeGroup, ...]
