"""Where packs may lie: the shipped folder, given folders and archives, and installed distributions that announce some.

In: paths, and the metadata of installed distributions. Out: the folders and archives in which packs were seen. Promised: no package is ever
imported to find packs in it; finding reads names of folders, nothing inside packs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.frozen import frozen
from safeguarding_rules.reading.sources import PackFiles, files_in_folder, files_in_zip, manifest_in_folder
from safeguarding_rules.reading.text import whole

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "safeguarding_rules.policy_packs"
_ANNOUNCING = (
    f"its entry point of the group `{ENTRY_POINTS}` names its package and, after a colon, the folder in it that holds `<id>/<version>/pack.yaml`, "
    "such as `kent_policies:packs`; see that the built distribution contains that folder"
)
_SHIPPED = "policy_packs"
_LARGEST_ARCHIVE = 64_000_000


@frozen
class Location:
    """One pack that was seen: a folder, or files that are already in memory.

    `id_by_folder` is the id that the folder's place claims (`<id>/<version>`), None where the place claims nothing.
    """

    origin: str
    folder: Path | None = None
    held: PackFiles | None = None
    id_by_folder: str | None = None
    version_by_folder: str | None = None

    def manifest(self) -> PackFiles:
        """Return the manifest alone."""
        if self.held is not None:
            return PackFiles(self.held.origin, {name: content for name, content in self.held.contents.items() if name == "pack.yaml"})
        return manifest_in_folder(self._folder())

    def files(self) -> PackFiles:
        """Return all files."""
        return self.held if self.held is not None else files_in_folder(self._folder())

    def _folder(self) -> Path:
        return self.folder if self.folder is not None else Path(self.origin)


def shipped_folder() -> Path | None:
    """Return the folder of the packs that come with the library: inside the installed package, or in a checkout beside it."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / _SHIPPED, package.parent / _SHIPPED):
        if folder.is_dir():
            return folder
    return None


def locations_in(path: Path) -> Iterator[Location]:
    """Yield the packs at a path: a pack folder, a folder of packs (`<version>` or `<id>/<version>` below it), or a zip archive.

    Raises PackError where the path leads nowhere or an archive cannot be used.
    """
    if path.is_file():
        yield from _in_archive(path)
    elif (path / "pack.yaml").is_file():
        yield Location(path.as_posix(), path)
    elif path.is_dir():
        yield from _below(path)
    else:
        raise PackError([Diagnostic("SR101", "error", f"there is nothing at `{path}`", whole(path.as_posix()), "check the path")])


def _below(path: Path) -> Iterator[Location]:
    for outer in _folders(path):
        if (outer / "pack.yaml").is_file():
            yield Location(outer.as_posix(), outer, version_by_folder=outer.name)
            continue
        for inner in _folders(outer):
            if (inner / "pack.yaml").is_file():
                yield Location(inner.as_posix(), inner, id_by_folder=outer.name, version_by_folder=inner.name)


def _folders(path: Path) -> list[Path]:
    try:
        return sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith((".", "__")))
    except OSError:
        return []


def _in_archive(path: Path) -> Iterator[Location]:
    origin = path.as_posix()
    try:
        with path.open("rb") as stream:
            archive = stream.read(_LARGEST_ARCHIVE + 1)
    except OSError as error:
        message = f"`{path}` cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise PackError([Diagnostic("SR101", "error", message, whole(origin), "check the permissions")]) from error
    if len(archive) > _LARGEST_ARCHIVE:
        raise PackError([Diagnostic("SR119", "error", "the archive is larger than 64 MB", whole(origin), "pack fewer packs into it")])
    yield from locations_in_archive(archive, origin)


def locations_in_archive(archive: bytes, origin: str) -> Iterator[Location]:
    """Yield the packs of a zip archive in memory. Raises PackError."""
    for files in files_in_zip(archive, origin):
        yield Location(files.origin, held=files)


def announced_folders() -> Iterator[Path]:
    """Yield the folders that installed distributions announce as holding packs.

    A distribution announces them with an entry point of the group `safeguarding_rules.policy_packs` whose value is a package path with, after
    a colon, a folder in it: `kent_policies:packs`. Its files are found through its RECORD or, for an editable install, where its top package lies.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415  slow to load

    for entry in entry_points(group=ENTRY_POINTS):
        folder = _announced(entry)
        if folder is not None:
            yield folder


def announcements_astray() -> Iterator[Diagnostic]:
    """Yield a warning for each announcement of an installed distribution that leads to no folder, or to one without a pack."""
    from importlib.metadata import entry_points  # noqa: PLC0415  slow to load

    for entry in entry_points(group=ENTRY_POINTS):
        folder = _announced(entry)
        if folder is None or not any(locations_in(folder)):
            there = "no such folder is in it" if folder is None else "no pack lies there"
            name = entry.dist.name if entry.dist is not None else entry.name
            message = f"the installed distribution `{name}` announces packs at `{entry.value}`, but {there}"
            yield Diagnostic("SR122", "warning", message, None, _ANNOUNCING)


def _announced(entry: EntryPoint) -> Path | None:
    steps = [step for step in re.split(r"[.:/]", entry.value) if step]
    return _recorded(entry, steps) or _beside_top_package(steps)


def _recorded(entry: EntryPoint, steps: list[str]) -> Path | None:
    distribution = entry.dist
    prefix = "/".join(steps) + "/"
    for file in (distribution.files or ()) if distribution is not None else ():
        if file.as_posix().startswith(prefix):
            folder = Path(str(distribution.locate_file(prefix)))  # type: ignore[union-attr]
            return folder if folder.is_dir() else None
    return None


def _beside_top_package(steps: list[str]) -> Path | None:
    if not steps or not steps[0].isidentifier():
        return None
    from importlib.util import find_spec  # noqa: PLC0415  slow to load

    try:
        # For a name without dots this looks for the package and does not import it.
        found = find_spec(steps[0])
    except (ImportError, ValueError, AttributeError):
        return None
    for place in found.submodule_search_locations or () if found is not None else ():
        folder = Path(place).joinpath(*steps[1:])
        if folder.is_dir():
            return folder
    return None
