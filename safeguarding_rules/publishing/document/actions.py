"""What is done and whom to contact, as readers see it."""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.publishing.document.links import ConditionView, Link


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action, and what gives it."""

    link: Link
    meaning: str
    by: str
    refrain: bool
    contradicts: tuple[Link, ...]
    route: Link | None
    given_by: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom to contact, and when it is the one."""

    when: ConditionView | None
    name: str
    phone: str
    web: str
    hours: str
    note: str
    emergency: bool
    in_force: str


@dataclass(frozen=True, slots=True)
class RouteView:
    """A list of contacts, the first that fits being the one."""

    link: Link
    contacts: tuple[ContactView, ...]
    used_by: tuple[Link, ...]
