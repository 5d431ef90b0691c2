"""Plain data and its places, changed together, so that what stays keeps its place whatever goes.

In: data and the tree of its places. Out: both, changed. What is put in place of something stands NOWHERE: line 0, which no file has.
"""

from __future__ import annotations

import copy
from typing import Any

from safeguarding_rules.reading.places import Corners, Path, Place

NOWHERE: Corners = (0, 0, 0, 0)
GONE = object()


def nowhere() -> Place:
    """Return the place of what no author wrote."""
    return Place(NOWHERE, NOWHERE)


class Tree:
    """Data with places. What was given stays as it was."""

    def __init__(self, data: object, place: Place) -> None:
        """Start from copies."""
        self.data: Any = copy.deepcopy(data)
        self.place = copy.deepcopy(place)

    def value(self, path: Path) -> Any:  # noqa: ANN401  plain data
        """Return what stands at a path, GONE where nothing does."""
        found = self.data
        for step in path:
            within = step < len(found) if isinstance(found, list) and isinstance(step, int) else isinstance(found, dict) and step in found
            if not within:
                return GONE
            found = found[step]
        return found

    def place_at(self, path: Path) -> Place | None:
        """Return the place of what stands at a path, None where it has none of its own."""
        found: Place | None = self.place
        for step in path:
            found = found.child(step) if found is not None else None
        return found

    def put(self, path: Path, value: object, place: Place | None = None) -> None:
        """Put a value at a path; where nothing is said of its place, it stands nowhere, but its key stays where it is."""
        holder, holding = self.value(path[:-1]), self.place_at(path[:-1])
        holder[path[-1]] = value
        old = self.place_at(path)
        new = place or Place(NOWHERE, old.key if old is not None else NOWHERE)
        if holding is not None and isinstance(holding.children, dict):
            holding.children[str(path[-1])] = new
        elif holding is not None and isinstance(holding.children, list) and isinstance(path[-1], int) and path[-1] < len(holding.children):
            holding.children[path[-1]] = new

    def drop(self, path: Path) -> None:
        """Take out what stands at a path; items of lists go when `sweep` is called."""
        holder, holding, step = self.value(path[:-1]), self.place_at(path[:-1]), path[-1]
        if isinstance(holder, dict):
            holder.pop(step, None)
            if holding is not None and isinstance(holding.children, dict):
                holding.children.pop(str(step), None)
        elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            holder[step] = GONE

    def rename(self, path: Path, name: str, place: Corners | None = None) -> None:
        """Give a key another name, in its order."""
        holder, holding = self.value(path[:-1]), self.place_at(path[:-1])
        members = [(name if key == path[-1] else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(members)
        if holding is not None and isinstance(holding.children, dict):
            holding.children = {name if key == path[-1] else key: value for key, value in holding.children.items()}
            renamed = holding.children.get(name)
            if renamed is not None and place is not None:
                renamed.key = place

    def wrap(self, path: Path) -> None:
        """Make what stands at a path the one item of a list."""
        place = self.place_at(path)
        item = Place(place.corners, None, place.children, place.plain) if place is not None else nowhere()
        self.put(path, [self.value(path)], Place(item.corners, place.key if place is not None else NOWHERE, [item]))

    def split(self, path: Path, below: Path = ()) -> None:
        """Make of a mapping at a path an `all` of its members; `below` are the keys under which each of them goes on standing."""
        value, place = self.value((*path, *below)), self.place_at((*path, *below))
        items, places = [], []
        for key, member in value.items():
            item: Any = {key: member}
            inner = place.child(key) if place is not None else None
            corners = inner.corners if inner is not None else NOWHERE
            one = Place(corners, None, {key: inner or nowhere()})
            for n in range(len(below), 0, -1):
                item, outer = {below[n - 1]: item}, self.place_at((*path, *below[:n]))
                one.key = outer.key if outer is not None else NOWHERE
                one = Place(corners, None, {str(below[n - 1]): one})
            items.append(item)
            places.append(one)
        whole = self.place_at(path)
        corners, key = (whole.corners, whole.key) if whole is not None else (NOWHERE, NOWHERE)
        self.put(path, {"all": items}, Place(corners, key, {"all": Place(corners, key, places)}))

    def sweep(self) -> None:
        """Close the gaps in lists."""
        self._sweep(self.data, self.place)

    def _sweep(self, data: object, place: Place | None) -> None:
        if isinstance(data, list):
            left = [n for n, item in enumerate(data) if item is not GONE]
            if place is not None and isinstance(place.children, list):
                place.children = [place.children[n] for n in left if n < len(place.children)]
            data[:] = [data[n] for n in left]
            for n, item in enumerate(data):
                self._sweep(item, place.child(n) if place is not None else None)
        elif isinstance(data, dict):
            for key, value in data.items():
                self._sweep(value, place.child(key) if place is not None else None)
