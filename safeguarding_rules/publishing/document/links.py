"""What everything on a page refers to: places, conditions in words, outcomes and statements by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "outcome", "advice", "group", "rule", "standing", "strengthening", "table", "definition", "fact", "implications", "action", "route", "statement",
    "invariant", "start", "case",
]  # fmt: skip
PAGES: dict[Kind, str] = {
    "outcome": "index",
    "advice": "index",
    "group": "rules",
    "rule": "rules",
    "standing": "rules",
    "strengthening": "rules",
    "table": "rules",
    "definition": "rules",
    "fact": "facts",
    "implications": "facts",
    "action": "actions",
    "route": "actions",
    "statement": "statements",
    "invariant": "checks",
    "start": "checks",
    "case": "checks",
}
"""The page on which each kind of thing stands."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that can be pointed to: by kind and name in a version of a pack. The anchor never changes while the name does not."""

    kind: Kind
    pack: str
    version: str
    name: str
    title: str

    @property
    def anchor(self) -> str:
        """What the place is called in a page."""
        return f"{self.kind}-{self.name}".replace("/", ".")

    @property
    def page(self) -> str:
        """The page it stands on."""
        return PAGES[self.kind]


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition as a tree of questions with their answers. `defined` points to a definition."""

    op: Literal["all", "any", "not", "test", "always", "defined"]
    members: tuple[ConditionView, ...] = ()
    link: Link | None = None
    question: str = ""
    answer: str = ""
    words: str = ""
    """The whole condition as one phrase."""


@dataclass(frozen=True, slots=True)
class OutcomeRef:
    """A step of the scale: its name, title and rank among how many."""

    link: Link
    rank: int
    steps: int

    @property
    def title(self) -> str:
        """What it is called."""
        return self.link.title


@dataclass(frozen=True, slots=True)
class StatementRef:
    """A statement beside what cites it."""

    link: Link
    text: str
    source: str
    section: str
    force: str
    checked: str
    status: str
