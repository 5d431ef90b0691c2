"""One digest of everything that reading packs could depend on, without understanding any of it.

In: further places to look. Out: a digest over every file of every pack that a Registry of these places would see, with the places. Promised: where
two digests are the same, the Registries see the same; None where that cannot be promised cheaply.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.reading.places_to_look import ENTRY_POINTS, locations_in, shipped_folder


def fingerprint(paths: Iterable[Path]) -> str | None:
    """Return the digest; None where installed distributions announce packs, which only their metadata can tell, or a place cannot be read."""
    if _announced():
        return None
    found = hashlib.sha256()
    shipped = shipped_folder()
    try:
        for path in [*paths, *([] if shipped is None else [shipped])]:
            for location in locations_in(path):
                files = location.files()
                if files.problems:
                    return None
                _add(found, location.origin, location.id_by_folder or "", location.version_by_folder or "")
                for name, content in files.contents.items():
                    _add(found, name, hashlib.sha256(content).hexdigest())
    except PackError:
        return None
    return found.hexdigest()


def library_fingerprint() -> str:
    """Return a digest of the library as it is installed: name, size and time of change of each of its modules, and the version of Python."""
    found = hashlib.sha256(sys.version.encode())
    package = Path(__file__).resolve().parent.parent
    for path in _modules(package):
        state = path.stat()
        _add(found, path.relative_to(package).as_posix(), str(state.st_size), str(state.st_mtime_ns))
    return found.hexdigest()


def _modules(package: Path) -> Iterator[Path]:
    """The modules on which a Policy depends."""
    for floor in ("language", "worlds", "reading", "linking"):
        yield from sorted((package / floor).glob("*.py"))


def _announced() -> bool:
    """Say whether the metadata of an installed distribution names the group in which packs are announced."""
    group = ENTRY_POINTS.encode()
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                names = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue
        if any(group in _entry_points(Path(name)) for name in names):
            return True
    return False


def _entry_points(metadata: Path) -> bytes:
    try:
        return (metadata / "entry_points.txt").read_bytes()
    except OSError:
        return b""


def _add(digest: hashlib._Hash, *parts: str) -> None:
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
