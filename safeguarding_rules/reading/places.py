"""Where every value and key of a document stands in its text.

In: a tree of places built while a text is read. Out: spans for paths. Promised: every path of the data, and every path that a message about
missing parts can name, has a span.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeguarding_rules.diagnostics import Span
from safeguarding_rules.frozen import frozen

Path = tuple[str | int, ...]
Corners = tuple[int, int, int, int]
"""Line, column, end line, end column (not included), all 1-based."""


@dataclass(slots=True)
class Place:
    """The corners of a value, those of its key, and its children by key or index (none for a scalar)."""

    corners: Corners
    key: Corners | None = None
    children: "dict[str, Place] | list[Place] | None" = None
    plain: bool = False
    """True for an unquoted scalar."""

    def child(self, step: str | int) -> "Place | None":
        """Return the place of a member, or None where there is none."""
        if isinstance(self.children, dict):
            return self.children.get(step) if isinstance(step, str) else None
        if isinstance(self.children, list) and isinstance(step, int) and 0 <= step < len(self.children):
            return self.children[step]
        return None


@frozen
class Spans:
    """The places of one document."""

    file: str
    root: Place

    def at(self, path: Sequence[str | int], *, key: bool = False) -> Span:
        """Return where a value stands, or its key; for a path that leads nowhere, where the deepest value on the way stands."""
        place, found = self._walk(path)
        return self._span(place.key if key and found and place.key is not None else place.corners)

    def head(self, path: Sequence[str | int]) -> Span:
        """Return where a reader looks for a value as a whole: the key of a mapping or list written below it, else the value."""
        place, _ = self._walk(path)
        return self._span(place.key if place.key is not None and place.corners[0] != place.key[0] else place.corners)

    def plain(self, path: Sequence[str | int]) -> bool:
        """Say whether the value is a scalar without quotes."""
        place, found = self._walk(path)
        return found and place.plain

    def _walk(self, path: Sequence[str | int]) -> tuple[Place, bool]:
        place = self.root
        for step in path:
            below = place.child(step)
            if below is None:
                return place, False
            place = below
        return place, True

    def _span(self, corners: Corners) -> Span:
        return Span(self.file, *corners)
