"""The packs at some paths, with every stack in which they can decide.

In: paths to pack folders or folders of packs. Out: the packs there, each with the packs above it on a day, linked and compiled. Promised: locks
are not looked at, so that a pack can be worked on; what is above a pack is looked for beside it first, and among shipped and installed packs
after; everything is read and linked once.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.linking.link import check, link
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.reading import Found, Pack, Registry, read_manifest, salvage_manifest
from safeguarding_rules.reading.pack import digest_of_files
from safeguarding_rules.reading.places_to_look import Location, locations_in
from safeguarding_rules.reading.text import whole
from safeguarding_rules.reading.timeline import check_folder

_NOT_BESIDE = frozenset({"SR301", "SR302", "SR303"})


@dataclass(frozen=True, slots=True)
class Linked:
    """A stack on a day: its Policy (None if anything that is decided with is wrong) and every finding, those about invariants and cases included."""

    packs: tuple[Pack, ...]
    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]

    def covers(self, on: date) -> bool:
        """Whether exactly this is in force on a day."""
        policy = self.policy
        if policy is None:
            return False
        return (policy.valid_from is None or policy.valid_from <= on) and (policy.valid_until is None or on < policy.valid_until)


@dataclass(frozen=True, slots=True)
class Memory:
    """What was read and linked: packs by where they lie, now and last time they could be read; stacks, deciders, the other versions looked at."""

    packs: dict[str, Pack] = field(default_factory=dict)
    earlier: dict[str, Pack] = field(default_factory=dict)
    linked: dict[tuple[str, ...], list[Linked]] = field(default_factory=dict)
    deciders: dict[int, Decider] = field(default_factory=dict)
    histories: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Stacks:
    """Packs at some paths and the stacks they stand in. Keeps what it has read; make a new one to see changed files."""

    def __init__(self, paths: Sequence[Path], also: Sequence[Path] = (), before: Stacks | None = None) -> None:
        """`also` are further places to look for the packs above; what `before` has read and linked is taken over where no file of it has changed."""
        self._paths = tuple(paths)
        places = tuple(dict.fromkeys([*paths, *also, *neighbourhoods(paths)]))
        self._beside = Registry(places, shipped=False, installed=False)
        self._anywhere = Registry(places)
        self.memory = Memory()
        self._before = before.memory if before is not None else Memory()
        self.memory.earlier.update({**self._before.earlier, **self._before.packs})
        self._stacks: dict[tuple[str, date], tuple[Pack, ...]] = {}

    def targets(self) -> tuple[list[Found], list[PackError]]:
        """Return the packs at the paths, by path, and what is wrong with those whose manifest cannot be read, and with the paths."""
        found, broken, failed = self.look()
        return found, [*(error for _, error in broken), *failed]

    def look(self) -> tuple[list[Found], list[tuple[Location, PackError]], list[PackError]]:
        """Return the packs at the paths, by path; the places of those whose manifest cannot be read; and what is wrong with the paths."""
        found: dict[str, Found] = {}
        broken: list[tuple[Location, PackError]] = []
        failed: list[PackError] = []
        for path in self._paths:
            try:
                locations = list(locations_in(path))
            except PackError as error:
                failed.append(error)
                continue
            if not locations:
                place, help_ = whole(path.as_posix()), "a pack is a folder with a `pack.yaml`"
                failed.append(PackError([Diagnostic("SR117", "error", f"there is no pack at `{path}`", place, help_)]))
            for location in locations:
                try:
                    found.setdefault(location.origin, _manifest_of(location))
                except PackError as error:
                    broken.append((location, error))
        return list(found.values()), broken, failed

    def pack(self, found: Found) -> Pack:
        """Return a pack whole. Raises PackError."""
        if found.origin not in self.memory.packs:
            kept = self.memory.earlier.get(found.origin)
            same = kept is not None and kept.digest == digest_of_files(found.location.files())
            self.memory.packs[found.origin] = kept if kept is not None and same else self._beside.load(found, verify_lock=False, like=kept)
        return self.memory.packs[found.origin]

    def salvaged(self, found: Found, left: Pack) -> Stacks:
        """Return stacks in which what is left of a pack stands in its place; `found` may have a manifest of which only that much is left."""
        stacks = copy.copy(self)
        stacks.memory = Memory(packs={**self.memory.packs, found.origin: left})
        stacks._before, stacks._stacks = Memory(), {}  # noqa: SLF001  a copy of itself
        stacks._beside, stacks._anywhere = self._beside.knowing(found), self._anywhere.knowing(found)  # noqa: SLF001
        return stacks

    def edges(self, found: Found) -> tuple[date, ...]:
        """Return the days inside the pack's own interval on which the versions above it change; its first day comes first. Raises PackError."""
        start, end = found.manifest.in_force.from_, found.manifest.in_force.until
        days = {start}
        above = found.manifest.extends
        seen: set[str] = set()
        while above is not None and above.pack not in seen:
            seen.add(above.pack)
            versions = self._find(above.pack)
            days |= {day for one in versions for day in (one.manifest.in_force.from_, one.manifest.in_force.until) if day is not None}
            above = next((one.manifest.extends for one in reversed(versions) if one.manifest.extends is not None), None)
        return tuple(sorted(day for day in days if start <= day and (end is None or day < end)))

    def stack(self, found: Found, on: date) -> tuple[Pack, ...]:
        """Return a pack and those above it on a day, the top one first. Raises PackError."""
        key = (found.origin, on)
        if key not in self._stacks:
            try:
                layers = self._beside.stack(found, on)
            except PackError as error:
                if not _not_beside(error):
                    raise
                layers = self._anywhere.stack(found, on)
            self._stacks[key] = tuple(self.pack(layer) for layer in layers)
        return self._stacks[key]

    def linked(self, found: Found, on: date) -> Linked:
        """Return the stack of a pack on a day, linked and checked in every respect. Raises PackError where a pack of it cannot be read or found."""
        packs = self.stack(found, on)
        key = tuple(pack.digest for pack in packs)
        if key not in self.memory.linked:
            self.memory.linked[key] = self._kept(key, packs)
        known = self.memory.linked[key]
        for linked in known:
            if linked.covers(on):
                return linked
        policy, diagnostics = check(packs, on, self._versions, thorough=True)
        if policy is None:
            # What is wrong with an invariant or a case keeps nobody from deciding.
            policy, _ = check(packs, on, self._versions)
        known.append(Linked(packs, policy, diagnostics))
        return known[-1]

    def periods(self, found: Found) -> Iterator[tuple[date, Linked]]:
        """Yield the first day and the stack of every period in which exactly the same is in force, over the days of the pack. Raises PackError."""
        end = found.manifest.in_force.until
        waiting = list(self.edges(found))
        while waiting:
            day = waiting.pop(0)
            linked = self.linked(found, day)
            yield day, linked
            after = linked.policy.valid_until if linked.policy is not None else None
            if after is not None and (end is None or after < end) and after not in waiting:
                waiting = sorted({after, *waiting})

    def decider(self, found: Found, on: date) -> Decider:
        """Return what decides with the stack of a pack on a day. Raises PackError, also where the stack has errors."""
        linked = self.linked(found, on)
        if linked.policy is None:
            raise PackError([one for one in linked.diagnostics if one.severity == "error"], texts_of(linked.packs, linked.diagnostics))
        if id(linked) not in self.memory.deciders:
            self.memory.deciders[id(linked)] = Decider(compile_policy(linked.policy))
        return self.memory.deciders[id(linked)]

    def _kept(self, key: tuple[str, ...], packs: Sequence[Pack]) -> list[Linked]:
        """What was linked before of the same packs; other versions of them count too, for linking looks at those."""
        unchanged = [self._history(pack.id) == self._before.histories.get(pack.id) for pack in packs]
        kept = list(self._before.linked.get(key, ())) if all(unchanged) else []
        deciders = self._before.deciders
        self.memory.deciders.update({id(linked): deciders[id(linked)] for linked in kept if id(linked) in deciders})
        return kept

    def _history(self, pack: str) -> tuple[str, ...]:
        if pack not in self.memory.histories:
            self.memory.histories[pack] = tuple(f"{one.origin} {one.digest}" for one in self._versions(pack))
        return self.memory.histories[pack]

    def _find(self, pack: str) -> tuple[Found, ...]:
        try:
            return self._beside.find(pack)
        except PackError as error:
            if not _not_beside(error):
                raise
            return self._anywhere.find(pack)

    def _versions(self, pack: str) -> Sequence[Pack]:
        """Every version of a pack that can be read."""
        try:
            return [self.pack(found) for found in self._find(pack)]
        except PackError:
            return ()


def policy_of(name: str, on: date, paths: Sequence[Path] = ()) -> Policy:
    """Return the Policy of a pack (an id, an id at a version, or a path) on a day, locked or not. Raises PackError."""
    registry = Registry(paths)
    packs = [registry.load(found, verify_lock=False) for found in registry.stack(registry.resolve(name, on), on)]
    return link(packs, on)


def texts_of(packs: Sequence[Pack], diagnostics: Sequence[Diagnostic]) -> dict[str, str]:
    """Return the texts that pictures of findings need, from the packs they are about."""
    files = {span.file for one in diagnostics for span in (one.span, *(place for _, place in one.related)) if span is not None}
    return {file: text for file in sorted(files) for pack in packs if (text := pack.texts(file)) is not None}


def _not_beside(error: PackError) -> bool:
    return any(problem.code in _NOT_BESIDE for problem in error.diagnostics)


def _manifest_of(location: Location) -> Found:
    manifest, spans = read_manifest(location.manifest())
    check_folder(manifest, spans, location.id_by_folder, location.version_by_folder)
    return Found(manifest, location, spans)


def neighbourhoods(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield, for a pack folder that lies in `<id>/<version>` and for a folder `<id>`, the folder of packs around it."""
    here = Path.cwd()
    for path in paths:
        given = path.resolve()
        for folder in (given, *(inner for inner in _inner(given) if not (given / "pack.yaml").is_file())):
            if _is_at_home(folder):
                around = folder.parent.parent
                yield around.relative_to(here) if around.is_relative_to(here) else around
                break


def _inner(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:
        return []


def _is_at_home(folder: Path) -> bool:
    """Whether a folder holds a pack and is named as the pack says: `<id>/<version>`."""
    if not (folder / "pack.yaml").is_file():
        return False
    manifest = salvage_manifest(Location(folder.as_posix(), folder).manifest())
    return manifest is not None and (manifest.pack, manifest.version) == (folder.parent.name, folder.name)
