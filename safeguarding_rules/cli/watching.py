"""Wait until files change.

Comes in: files and folders. Goes out: which files changed, each time one did. Looks at sizes and times, twice a second: that needs nothing installed
and also works on the network drives that councils keep their files on, where the system tells nobody of a change.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Look = dict[Path, tuple[int, int]]
PAUSE = 0.5


def look(paths: Iterable[Path]) -> Look:
    """Size and time of every file under the paths; hidden folders are passed over."""
    found: Look = {}
    for path in paths:
        if path.is_file():
            _note(path, found)
        for folder, folders, files in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
            for name in files:
                _note(Path(folder, name), found)
    return found


def _note(path: Path, found: Look) -> None:
    try:
        about = path.stat()
    except OSError:  # gone since it was listed
        return
    found[path] = (about.st_size, about.st_mtime_ns)


def changes(paths: Iterable[Path], seen: Look, wait: Callable[[float], None] = time.sleep) -> Iterator[tuple[Path, ...]]:
    """Yield the files that are new, changed or gone since `seen`, whenever there are any and writing has paused; without end."""
    places = tuple(paths)
    while True:
        wait(PAUSE)
        now = look(places)
        if now == seen:
            continue
        while now != (later := _after(wait, places)):
            now = later
        yield tuple(sorted(path for path in now.keys() | seen.keys() if now.get(path) != seen.get(path)))
        seen = now


def _after(wait: Callable[[float], None], places: tuple[Path, ...]) -> Look:
    wait(PAUSE / 2)
    return look(places)
