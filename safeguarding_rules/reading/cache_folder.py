"""A folder of the user's in which what was worked out once is kept for the next process.

In: keys and bytes. Out: the bytes last put under a key, or nothing. Promised: bytes come out as they were put in or not at all; writes are atomic;
whatever is wrong with the folder (full, read-only, damaged, somebody else's) only means that nothing is kept. What the bytes mean, and whether they
still hold, is for the caller to know: keys are digests of all they were made from.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

NAME = "safeguarding-rules"
SWITCH = "SAFEGUARDING_RULES_CACHE"
"""Environment: `off` keeps nothing; any other text is the folder to use."""
LARGEST = 64_000_000
MOST_ENTRIES = 64
_HEAD = b"safeguarding-rules cache 1\n"


class CacheFolder:
    """Entries by key; a key is letters, digits, `-` and `.`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> tuple[str, ...]:
        """Return the keys of all entries, sorted."""
        try:
            with os.scandir(self.folder) as found:
                return tuple(sorted(entry.name for entry in found if not entry.name.startswith(".")))
        except OSError:
            return ()

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key; nothing where it is not there, damaged, or could have been written by another user."""
        try:
            with (self.folder / key).open("rb") as stream:
                if not _own(os.fstat(stream.fileno())):
                    return None
                found = stream.read(LARGEST + 1)
        except (OSError, ValueError):
            return None
        head, _, content = found.partition(b"\n\n")
        return content if head == _HEAD + hashlib.sha256(content).hexdigest().encode() else None

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes under a key, if that can be."""
        from tempfile import mkstemp  # noqa: PLC0415  slow to load, and finding needs none of it

        head = _HEAD + hashlib.sha256(content).hexdigest().encode() + b"\n\n"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = mkstemp(prefix=".", dir=self.folder)
        except (OSError, ValueError):
            return
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(head + content)
            Path(name).replace(self.folder / key)
        except OSError:
            _remove(Path(name))
        self._tidy()

    def _tidy(self) -> None:
        """Remove the oldest entries beyond the limit."""
        try:
            with os.scandir(self.folder) as found:
                entries = sorted(((entry.stat().st_mtime, entry.path) for entry in found), reverse=True)
        except OSError:
            return
        for _, path in entries[MOST_ENTRIES:]:
            _remove(Path(path))


def users_cache() -> CacheFolder | None:
    """Return the user's own cache, as `XDG_CACHE_HOME` or `SAFEGUARDING_RULES_CACHE` places it; None where it is switched off."""
    wanted = os.environ.get(SWITCH, "")
    if wanted.lower() in {"off", "no", "0", "false"}:
        return None
    if wanted:
        return CacheFolder(Path(wanted))
    home = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return CacheFolder((Path(home) if Path(home).is_absolute() else Path.home() / ".cache") / NAME)
    except RuntimeError:  # no home folder
        return None


def _own(found: os.stat_result) -> bool:
    """Say whether a file is a regular one that only this user could have written."""
    if not stat.S_ISREG(found.st_mode):
        return False
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return
