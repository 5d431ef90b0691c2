"""Which packs there are, and which of them is in force on a day.

In: places to look, a pack's name and a day. Out: packs, and stacks of packs, the top one first. Promised: a pack is found by date only if
exactly one version claims the day; drafts only by explicit version or path; withdrawn packs never. What was read is kept in the Registry,
nowhere else; finding reads manifests only.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import RLock

from safeguarding_rules.diagnostics import Diagnostic, PackError, suggest
from safeguarding_rules.language.documents import Manifest, version_key
from safeguarding_rules.reading import timeline
from safeguarding_rules.reading.pack import Pack, digest_of_files, read_manifest, read_pack
from safeguarding_rules.reading.places import Spans
from safeguarding_rules.reading.places_to_look import (
    Location,
    announced_folders,
    announcements_astray,
    locations_in,
    locations_in_archive,
    shipped_folder,
)
from safeguarding_rules.reading.sources import LOCK

_ID = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_DEEPEST_STACK = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A version of a pack that was found; only its manifest has been read."""

    manifest: Manifest
    location: Location
    spans: Spans

    @property
    def id(self) -> str:
        """Return the pack's id."""
        return self.manifest.pack

    @property
    def version(self) -> str:
        """Return the version."""
        return self.manifest.version

    @property
    def origin(self) -> str:
        """Return the path or name under which the pack was found."""
        return self.location.origin


class Registry:
    """The packs of some places. Safe to use from several threads; what it has read it keeps until `refresh`."""

    def __init__(self, paths: Iterable[Path | str] = (), *, archives: Iterable[bytes] = (), shipped: bool = True, installed: bool = True) -> None:
        """Look in `paths` (pack folders, folders of packs, zip archives), archives in memory, the shipped packs and installed distributions."""
        self._paths = tuple(Path(path) for path in paths)
        self._archives = tuple(archives)
        self._shipped, self._installed = shipped, installed
        self._lock = RLock()
        self._locations: tuple[Location, ...] | None = None
        self._manifests: dict[str, Found] = {}
        self._packs: dict[str, Pack] = {}

    def refresh(self) -> None:
        """Forget what was read, so that changed files are seen."""
        with self._lock:
            self._locations = None
            self._manifests.clear()
            self._packs.clear()

    def knowing(self, found: Found) -> "Registry":
        """Return a Registry of the same places that takes the manifest of one of them to be what is given, whatever stands there."""
        other = Registry(self._paths, archives=self._archives, shipped=self._shipped, installed=self._installed)
        folder = found.location.folder
        same = [one for one in other._all_locations() if folder is not None and one.folder is not None and one.folder.resolve() == folder.resolve()]
        other._manifests = {one.origin: replace(found, location=one) for one in (*same, found.location)}
        return other

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all packs, sorted. Raises PackError where a manifest cannot be read."""
        return tuple(sorted({found.id for found in self.all_found()}))

    def all_found(self) -> tuple[Found, ...]:
        """Return every version of every pack, by id and version. Raises PackError where a manifest cannot be read."""
        return self._unique([self._found(location) for location in self._all_locations()])

    def astray(self) -> tuple[Diagnostic, ...]:
        """Return a warning for each installed distribution that announces packs where there are none."""
        return tuple(announcements_astray()) if self._installed else ()

    def find(self, pack: str) -> tuple[Found, ...]:
        """Return the versions of a pack, earliest first. Raises PackError where there is none or a manifest cannot be read."""
        locations = [location for location in self._all_locations() if location.id_by_folder in {None, pack}]
        found = self._unique([found for found in map(self._found, locations) if found.id == pack])
        if not found:
            missing = Diagnostic("SR301", "error", f"there is no pack `{pack}`", None, self._similar(pack))
            raise PackError([missing, *self.astray()])
        return found

    def in_force(self, pack: str, on: date) -> Found:
        """Return the version of a pack in force on a day. Raises PackError where there is none, or two and neither corrects the other."""
        found = self.find(pack)
        return found[timeline.chosen(pack, [(one.manifest, one.spans) for one in found], on)]

    def version(self, pack: str, version: str) -> Found:
        """Return a version of a pack, drafts too. Raises PackError where it is not there or is withdrawn."""
        found = self.find(pack)
        for one in found:
            if version_key(one.version) == version_key(version):
                return _not_withdrawn(one)
        there = [one.version for one in found]
        help_ = suggest(version, there) or f"there are {', '.join(f'`{one}`' for one in there)}"
        raise PackError([Diagnostic("SR302", "error", f"there is no version {version} of `{pack}`", None, help_)])

    def resolve(self, name: str, on: date) -> Found:
        """Return what `kscmp`, `ukcis@2020.12` or a path to a pack folder or archive means on a day. Raises PackError."""
        if _ID.fullmatch(name) and not (Path(name) / "pack.yaml").is_file():
            return self.in_force(name, on)
        pack, separator, version = name.partition("@")
        if separator and _ID.fullmatch(pack):
            if not timeline.is_version(version):
                message = f"`{version}` is not a version"
                raise PackError([Diagnostic("SR309", "error", message, None, "write it as in `ukcis@2020.12`")])
            return self.version(pack, version)
        return _not_withdrawn(self._at_path(name))

    def changes(self, pack: str) -> tuple[date, ...]:
        """Return the days on which a version of a pack comes into force or ends, sorted: between two of them nothing changes."""
        intervals = [found.manifest.in_force for found in self.find(pack)]
        return tuple(sorted({day for interval in intervals for day in (interval.from_, interval.until) if day is not None}))

    def load(self, found: Found, *, verify_lock: bool = True, like: Pack | None = None) -> Pack:
        """Return the whole pack, read once per content; files that are the same as in `like` are not read again. Raises PackError."""
        files = found.location.files()
        # The lock is no part of a pack's digest, but decides whether it may be loaded.
        content = f"{digest_of_files(files)} {hash(files.contents.get(LOCK))} {found.origin} {verify_lock}"
        with self._lock:
            if content not in self._packs:
                self._packs[content] = read_pack(files, verify_lock=verify_lock, like=like)
            return self._packs[content]

    def parent(self, found: Found, on: date) -> Found | None:
        """Return the pack a layer extends on a day, None for a top pack. Raises PackError naming both sides where none fits."""
        extends = found.manifest.extends
        if extends is None:
            return None
        try:
            pinned = extends.version
            above = self.in_force(extends.pack, on) if pinned is None else self.version(extends.pack, pinned)
        except PackError as error:
            seen = [one if one.severity == "warning" else timeline.seen_from(found.manifest, found.spans, one, on) for one in error.diagnostics]
            raise PackError(seen) from error
        if problem := timeline.misfit((found.manifest, found.spans), (above.manifest, above.spans), on):
            raise PackError([problem])
        return above

    def stack(self, found: Found, on: date) -> tuple[Found, ...]:
        """Return a pack and all above it on a day, the top pack first. Raises PackError, also where packs extend each other in a circle."""
        layers = [found]
        while (above := self.parent(layers[-1], on)) is not None:
            if above.id in {layer.id for layer in layers} or len(layers) == _DEEPEST_STACK:
                ids = " extends ".join(f"`{layer.id}`" for layer in [*layers, above])
                place = layers[-1].spans.at(("extends",))
                raise PackError([Diagnostic("SR311", "error", f"packs extend each other in a circle: {ids}", place, "take one `extends` out")])
            layers.append(above)
        return tuple(reversed(layers))

    def _at_path(self, name: str) -> Found:
        path = Path(name)
        try:
            locations = list(locations_in(path)) if path.exists() else []
        except (OSError, ValueError):
            locations = []
        if len(locations) == 1:
            return self._found(locations[0])
        looked = f"`{name}` holds {len(locations)} packs" if locations else f"`{name}` is neither the id of a pack nor a pack folder"
        likely = None if locations else suggest(name, self._known_ids())
        remedy = likely or "give an id (`kscmp`), an id at a version (`ukcis@2020.12`), or the path of one pack folder"
        raise PackError([Diagnostic("SR309", "error", looked, None, remedy)])

    def _found(self, location: Location) -> Found:
        with self._lock:
            if location.origin not in self._manifests:
                manifest, spans = read_manifest(location.manifest())
                found = Found(manifest, location, spans)
                timeline.check_folder(manifest, spans, location.id_by_folder, location.version_by_folder)
                self._manifests[location.origin] = found
            return self._manifests[location.origin]

    def _all_locations(self) -> tuple[Location, ...]:
        with self._lock:
            if self._locations is None:
                first: dict[str, Location] = {}
                for location in self._look():
                    first.setdefault(location.origin, location)
                self._locations = tuple(first.values())
            return self._locations

    def _look(self) -> Iterable[Location]:
        for path in self._paths:
            yield from locations_in(path)
        for number, archive in enumerate(self._archives, start=1):
            yield from locations_in_archive(archive, f"archive {number}")
        folder = shipped_folder() if self._shipped else None
        if folder is not None:
            yield from locations_in(_near(folder))
        for announced in announced_folders() if self._installed else ():
            yield from locations_in(announced)

    def _unique(self, found: Sequence[Found]) -> tuple[Found, ...]:
        """Return versions sorted, one of each; the same version with other content in another place is an error."""
        kept: dict[tuple[str, tuple[int, ...]], Found] = {}
        for one in found:
            first = kept.setdefault((one.id, version_key(one.version)), one)
            if first is not one and _content(first) != _content(one):
                related = (("the other is here", first.spans.at(("version",))),)
                message = f"`{one.id}` {one.version} is in two places, with different content"
                help_ = "remove one, or give it its own version"
                raise PackError([Diagnostic("SR308", "error", message, one.spans.at(("version",)), help_, related)])
        return tuple(kept[key] for key in sorted(kept))

    def _known_ids(self) -> set[str]:
        """Return the ids that are known without reading more manifests."""
        return {location.id_by_folder for location in self._all_locations() if location.id_by_folder} | {
            found.id for found in tuple(self._manifests.values())
        }

    def _similar(self, pack: str) -> str:
        ids = self._known_ids()
        known = ", ".join(f"`{name}`" for name in sorted(ids)) or "none"
        if Path(pack).is_dir():
            return f"write `{'./' if pack == '.' else f'./{pack}'}` for the folder; packs found: {known}"
        return suggest(pack, ids) or f"packs found: {known}"


def _content(found: Found) -> str:
    return digest_of_files(found.location.files())


def _not_withdrawn(found: Found) -> Found:
    """Return the pack. Raises PackError where it is withdrawn."""
    if found.manifest.status == "withdrawn":
        message, help_ = f"`{found.id}` {found.version} is withdrawn", "use the version that replaced it"
        raise PackError([Diagnostic("SR305", "error", message, found.spans.at(("status",)), help_)])
    return found


def _near(folder: Path) -> Path:
    """Return a folder as a path from the working folder where it lies below it, which reads better in places."""
    try:
        return folder.relative_to(Path.cwd())
    except (ValueError, OSError):
        return folder
