"""The packs of a folder as they are now: read again when files change, and only what changed.

Comes in: paths, and word that something changed. Goes out: a `Snapshot`, which never changes; its entries are made when they are first asked for.
Promised: a pack that cannot be used keeps its last good view, marked as such, beside the findings. Must not know: HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from threading import RLock

from safeguarding_rules.diagnostics import Diagnostic, PackError, in_order, render_text
from safeguarding_rules.language.documents import version_key
from safeguarding_rules.publishing.document.changes import ChangesView
from safeguarding_rules.publishing.document.pack import PackRef, PackView
from safeguarding_rules.publishing.shelf import Placed, changes_between, day_to_show, in_force_among, standing
from safeguarding_rules.publishing.view import view_of
from safeguarding_rules.reading import Found
from safeguarding_rules.testing.checking import check_pack
from safeguarding_rules.testing.stacks import Stacks

Key = tuple[str, str]
"""The id and version of a pack."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with the lines it is about."""

    code: str
    severity: str
    message: str
    place: str
    help: str
    picture: str


@dataclass(frozen=True)
class Entry:
    """A pack as it is now. `view` and `placed` are those of the last good state where `stale`; None where there never was one."""

    key: Key
    found: Found
    findings: tuple[Finding, ...]
    accepted: int
    placed: Placed | None
    view: PackView | None
    stale: bool
    complete: bool = False
    """Whether it was checked in every stack in which it can decide, and not only in that of the day that is shown."""

    def count(self, severity: str) -> int:
        """How many findings of a kind there are."""
        return sum(1 for one in self.findings if one.severity == severity)


class LastGood:
    """Of each pack the entry of the latest Snapshot in which it could be used. Snapshots make their entries when asked, not in their order."""

    def __init__(self) -> None:
        self._kept: dict[Key, tuple[int, Entry]] = {}
        self._lock = RLock()

    def get(self, key: Key) -> Entry | None:
        """The last good entry of a pack, if there is one."""
        kept = self._kept.get(key)
        return None if kept is None else kept[1]

    def keep(self, number: int, entry: Entry) -> None:
        """Keep a good entry of a Snapshot with a number, unless that of a later one is kept."""
        with self._lock:
            if number >= self._kept.get(entry.key, (0, entry))[0]:
                self._kept[entry.key] = number, entry


@dataclass
class Snapshot:
    """The packs at one moment."""

    number: int
    stacks: Stacks
    today: date
    shelf: Mapping[Key, Found]
    broken: Mapping[str, tuple[Finding, ...]]
    unreadable: tuple[Finding, ...]
    good: LastGood
    entries: dict[Key, Entry] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)
    _changes: dict[Key, tuple[ChangesView, ...]] = field(default_factory=dict)

    def entry(self, key: Key) -> Entry | None:
        """A pack, or None where there is no such pack. What it shows is as it stands on the day; other days are checked by `complete`."""
        found = self.shelf.get(key)
        if found is None:
            return self._nameless(key)
        with self._lock:
            if key not in self.entries:
                self.entries[key] = self._entry(key, found)
            return self.entries[key]

    def _nameless(self, key: Key) -> Entry | None:
        """The last good state of a pack whose `pack.yaml` is there and cannot be read now, as while it is being saved."""
        last = self.good.get(key)
        findings = None if last is None else self.broken.get(last.found.origin)
        if last is None or findings is None:
            return None
        return replace(last, findings=findings, accepted=0, stale=True, complete=True)

    def complete(self, key: Key) -> bool:
        """Check a pack in every stack in which it can decide, if that was not done; whether that found anything else."""
        entry = self.entry(key)
        if entry is None or entry.complete:
            return False
        with self._lock:
            checked = check_pack(self.stacks, entry.found, self.today)
            findings = findings_of(checked.diagnostics, checked.texts)
            self.entries[key] = replace(entry, findings=findings, accepted=checked.accepted, complete=True)
        return (findings, checked.accepted) != (entry.findings, entry.accepted)

    def with_changes(self, entry: Entry) -> Entry:
        """An entry whose view says what changed from the version before; that takes longer, so only one page asks for it."""
        if entry.view is None or entry.placed is None:
            return entry
        with self._lock:
            if entry.key not in self._changes:
                older = [key for key in self.shelf if key[0] == entry.key[0] and version_key(key[1]) < version_key(entry.key[1])]
                previous = self.entry(max(older, key=lambda key: version_key(key[1]))) if older else None
                changed = changes_between(previous.placed, entry.placed) if previous is not None and previous.placed is not None else None
                self._changes[entry.key] = () if changed is None else (changed,)
        return replace(entry, view=replace(entry.view, changes=self._changes[entry.key]))

    def _entry(self, key: Key, found: Found) -> Entry:
        checked = check_pack(self.stacks, found, self.today, day_to_show(found.manifest.in_force, self.today))
        findings = findings_of(checked.diagnostics, checked.texts)
        last = self.good.get(key)
        try:
            placed, view = self._read(found, last)
        except PackError:
            was = (last.placed, last.view) if last is not None else (None, None)
            return Entry(key, found, findings, checked.accepted, *was, stale=True)
        entry = Entry(key, found, findings, checked.accepted, placed, view, stale=False)
        self.good.keep(self.number, entry)
        return entry

    def _read(self, found: Found, last: Entry | None) -> tuple[Placed, PackView]:
        """A pack as it stands, with its view; the last one where nothing it is made of has changed. Raises PackError."""
        on = day_to_show(found.manifest.in_force, self.today)
        decider = self.stacks.decider(found, on)
        beside = [one for one in self.shelf.values() if one.id == found.id and one is not found]
        others = tuple(PackRef(one.id, one.version, one.manifest.title, "other version") for one in beside)
        status = standing(found.manifest, self.today, (one.manifest for one in beside))
        current = None if status == "in_force" else in_force_among(zip(others, (one.manifest for one in beside), strict=True), self.today)
        if last is not None and last.placed is not None and last.view is not None:
            view = last.view
            same = last.placed.decider is decider and last.placed.on == on and view.versions == others
            if same and (view.status, view.current) == (status, current):
                return last.placed, view
        placed = Placed(self.stacks.stack(found, on), decider, on)
        return placed, view_of(placed.packs, decider.program.policy, on, versions=others, status=status, current=current)


class Library:
    """Holds the present Snapshot and makes the next."""

    def __init__(self, paths: Sequence[Path], also: Sequence[Path], today: Callable[[], date]) -> None:
        """`also` are further places to look for the packs above; `today` says the day."""
        self._paths, self._also, self._today = tuple(paths), tuple(also), today
        self._making = RLock()
        self._good = LastGood()
        self.snapshot = self._next(None)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths that are looked at."""
        return self._paths

    @property
    def also(self) -> tuple[Path, ...]:
        """The further places."""
        return self._also

    def refresh(self) -> Snapshot:
        """Look at the files again; the new Snapshot takes over what has not changed."""
        with self._making:
            self.snapshot = self._next(self.snapshot)
            return self.snapshot

    def _next(self, last: Snapshot | None) -> Snapshot:
        stacks = Stacks(self._paths, self._also, last.stacks if last is not None else None)
        found, unread, failed = stacks.look()
        shelf = {(one.id, one.version): one for one in sorted(found, key=lambda one: (one.id, version_key(one.version)))}
        broken = {location.origin: findings_of(error.diagnostics, error.texts) for location, error in unread}
        unreadable = (*chain(*broken.values()), *chain.from_iterable(findings_of(error.diagnostics, error.texts) for error in failed))
        return Snapshot(last.number + 1 if last is not None else 1, stacks, self._today(), shelf, broken, unreadable, self._good)


def findings_of(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Findings in order, each with its picture."""
    return tuple(
        Finding(
            one.code,
            one.severity,
            one.message,
            "" if one.span is None else str(one.span),
            one.help or "",
            render_text([one], texts.get),
        )
        for one in in_order(diagnostics)
    )
