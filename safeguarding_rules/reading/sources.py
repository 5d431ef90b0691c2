"""Where the files of a pack come from: a folder, a zip archive, or plain data in memory. The only module that opens pack files.

In: a path, bytes, or data. Out: the bytes of each file by name. Promised: nothing outside the folder or archive is read, links are not
followed, and sizes are bounded before anything is read whole.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from safeguarding_rules.diagnostics import Diagnostic, PackError, suggest
from safeguarding_rules.frozen import frozen
from safeguarding_rules.reading.text import LARGEST_FILE, decode, whole

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

LARGEST_PACK = 8_000_000
MOST_FILES = 500
LOCK = "pack.lock"
_SINGLE = ("pack.yaml", "facts.yaml", "actions.yaml", "statements.yaml", "routes.yaml", "invariants.yaml", LOCK, "README.md")
_LISTED = re.compile(r"rules/[A-Za-z0-9][A-Za-z0-9._-]*\.(yaml|csv)|cases/[A-Za-z0-9][A-Za-z0-9._-]*\.yaml")
_UNREAD = ("README.md",)


@frozen
class PackFiles:
    """The files of one pack, not yet understood.

    `origin` is how the pack is named in places: a path as given, or a name. `contents` leaves out README.md, which nothing reads.
    """

    origin: str
    contents: Mapping[str, bytes]
    problems: tuple[Diagnostic, ...] = ()
    needs_lock: bool = field(default=True)

    def display(self, name: str) -> str:
        """Return how a file of the pack is named in spans."""
        return display_name(self.origin, name)


def display_name(origin: str, name: str) -> str:
    """Return how a file of a pack is named in spans."""
    return f"{origin}/{name}" if origin not in {"", "."} else name


def belongs(name: str) -> bool:
    """Say whether a pack may have a file of this name."""
    return name in _SINGLE or _LISTED.fullmatch(name) is not None


def files_in_folder(folder: Path | str) -> PackFiles:
    """Return the files of a pack folder; what cannot be read is among the problems."""
    origin = Path(folder).as_posix()
    gathering = _Gathering(origin)
    _gather_folder(Path(folder), gathering)
    return gathering.result()


def manifest_in_folder(folder: Path | str) -> PackFiles:
    """Return only `pack.yaml` of a pack folder."""
    gathering = _Gathering(Path(folder).as_posix())
    gathering.read(Path(folder) / "pack.yaml", "pack.yaml")
    return gathering.result()


class _Gathering:
    """Collects files and problems, within the bounds."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.contents: dict[str, bytes] = {}
        self.problems: list[Diagnostic] = []
        self.size = 0
        self.full = False

    def report(self, code: str, message: str, name: str, help_: str | None = None) -> None:
        self.problems.append(Diagnostic(code, "error", message, whole(display_name(self.origin, name)), help_))

    def accepts(self, name: str) -> bool:
        """Say whether a file is one to read; report it where it does not belong."""
        if belongs(name):
            return name not in _UNREAD
        self.report("SR116", f"`{name}` does not belong in a pack", name, _place_for(name))
        return False

    def add(self, name: str, content: bytes) -> None:
        self.size += len(content)
        if len(content) > LARGEST_FILE:
            self.report("SR102", "the file is larger than 2 MB", name, "split it")
        elif self.size > LARGEST_PACK or len(self.contents) >= MOST_FILES:
            if not self.full:
                self.report("SR102", "the pack is larger than 8 MB or has more than 500 files", "pack.yaml", "split it into layers")
            self.full = True
        else:
            self.contents[name] = content

    def read(self, path: Path, name: str) -> None:
        """Read a regular file, never a link, and never more of it than a pack file may have."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            if path.is_symlink():
                self.report("SR118", f"`{name}` is a link", name, "copy the file instead")
                return
            with os.fdopen(os.open(path, flags), "rb") as stream:
                if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    self.report("SR101", f"`{name}` is not a file", name)
                    return
                self.add(name, stream.read(LARGEST_FILE + 1))
        except FileNotFoundError:
            self.report("SR117" if name == "pack.yaml" else "SR101", f"there is no `{name}` here", name, "check the path")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it cannot be opened"
            self.report("SR101", f"`{name}` cannot be read: {reason.lower()}", name, "check the permissions")

    def result(self) -> PackFiles:
        return PackFiles(self.origin, dict(sorted(self.contents.items())), tuple(self.problems))


def _gather_folder(folder: Path, gathering: _Gathering) -> None:
    for name, path in _entries(folder, "", gathering):
        if gathering.full:
            return
        if name in {"rules", "cases"} and path.is_dir() and not path.is_symlink():
            for inner_name, inner in _entries(path, f"{name}/", gathering):
                if gathering.accepts(inner_name):
                    gathering.read(inner, inner_name)
        elif gathering.accepts(name):
            gathering.read(path, name)


def _entries(folder: Path, prefix: str, gathering: _Gathering) -> Iterator[tuple[str, Path]]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - a huge folder must not become a list of Path objects first
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a path"
        gathering.report("SR101", f"the folder cannot be read: {reason.lower()}", prefix.rstrip("/"), "check the path")
        return
    for name in names[: 4 * MOST_FILES]:
        # Files that an operating system or editor leaves behind are never read.
        if not name.startswith("."):
            yield prefix + name, folder / name


def _place_for(name: str) -> str:
    stem = PurePosixPath(name)
    if stem.suffix == ".yml":
        return f"call it `{stem.with_suffix('.yaml')}`"
    remedy = suggest(name, _SINGLE)
    if remedy is None and "/" not in name and stem.suffix == ".csv":
        return f"put it into `rules/`: `rules/{name}`"
    return remedy or "a pack holds pack.yaml, facts.yaml, actions.yaml, statements.yaml, routes.yaml, invariants.yaml, rules/, cases/ and pack.lock"


def text_on_disk(file: str) -> str | None:
    """Return the text of a file named in a span, or None where it is no readable file of a usual size: for pictures of findings."""
    path = Path(file)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        return decode(path.read_bytes(), file)[0]
    except (OSError, ValueError):
        return None


def files_in_zip(archive: bytes, origin: str) -> tuple[PackFiles, ...]:
    """Return the packs of a zip archive: every folder in it that has a `pack.yaml`. Raises PackError where it is no usable archive."""
    from zipfile import ZipFile  # noqa: PLC0415  slow to load, and folders need none of it

    try:
        with ZipFile(io.BytesIO(archive)) as opened:
            names = _safe_names(opened, origin)
            roots = sorted({name.removesuffix("pack.yaml") for name in names if name == "pack.yaml" or name.endswith("/pack.yaml")})
            found = tuple(_pack_in_zip(opened, names, root, origin) for root in roots)
    except PackError:
        raise
    except Exception as error:  # a broken archive makes zipfile raise many kinds of error
        raise _unusable(origin, "the archive cannot be read") from error
    if not found:
        raise _unusable(origin, "the archive holds no `pack.yaml`")
    return found


def _safe_names(opened: ZipFile, origin: str) -> dict[str, ZipInfo]:
    entries = opened.infolist()
    if len(entries) > 8 * MOST_FILES or sum(entry.file_size for entry in entries) > 4 * LARGEST_PACK:
        raise _unusable(origin, "the archive unpacks to more than a pack may hold")
    names: dict[str, ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        parts = PurePosixPath(name).parts
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "\x00" in name:
            raise _unusable(origin, f"the archive holds the name `{name}`, which leads out of it")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _unusable(origin, f"the archive holds the link `{name}`")
        if entry.flag_bits & 1:
            raise _unusable(origin, "the archive is encrypted")
        if name in names:
            raise _unusable(origin, f"the archive holds `{name}` twice")
        if not entry.is_dir():
            names[name] = entry
    return names


def _pack_in_zip(opened: ZipFile, names: Mapping[str, ZipInfo], root: str, origin: str) -> PackFiles:
    gathering = _Gathering(display_name(origin, root.rstrip("/")) if root else origin)
    for full_name, entry in sorted(names.items()):
        name = full_name.removeprefix(root)
        if not full_name.startswith(root) or PurePosixPath(name).name.startswith(".") or gathering.full or not gathering.accepts(name):
            continue
        with opened.open(entry) as stream:
            # The size in the archive's directory may lie; what is read may not exceed the bound either way.
            gathering.add(name, stream.read(LARGEST_FILE + 1))
    return gathering.result()


def _unusable(origin: str, message: str) -> PackError:
    return PackError([Diagnostic("SR119", "error", message, whole(origin), "pack the folder again with an ordinary zip program")])


def files_from_data(files: Mapping[str, object], origin: str) -> PackFiles:
    """Return the files of a pack given as plain data: file name to what the file holds (text is taken as it is, data is written as YAML)."""
    gathering = _Gathering(origin)
    for name, data in sorted(files.items()):
        if gathering.accepts(name):
            try:
                gathering.add(name, _written(data))
            except (ValueError, RecursionError, TypeError):
                gathering.report("SR101", f"`{name}` holds something that is not plain data", name)
    gathered = gathering.result()
    return PackFiles(gathered.origin, gathered.contents, gathered.problems, needs_lock=False)


def _written(data: object) -> bytes:
    if isinstance(data, (bytes, str)):
        return data if isinstance(data, bytes) else data.encode()
    from ruamel.yaml import YAML  # noqa: PLC0415  slow to load, and files on disk need none of it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.width = 10**6
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.representer.ignore_aliases = lambda *_: True
    stream = io.BytesIO()
    try:
        writer.dump(data, stream)
    except YAMLError as error:
        raise ValueError from error
    return stream.getvalue()
