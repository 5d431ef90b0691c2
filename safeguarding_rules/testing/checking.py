"""Checks packs as far as they can be checked: reading, linking with everything they can be in force together with, and lint.

In: the packs at some paths. Out: every finding, each once. Promised: a layer is linked with each version of the packs above that can be in force
together with it, and each pack in every period in which other parts of it are in force; a finding that a reviewer has accepted (`accepted` in
`invariants.yaml`) is left out until its day, unless it is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from safeguarding_rules.diagnostics import Diagnostic, PackError, in_order
from safeguarding_rules.language.expectations import Accepted
from safeguarding_rules.reading import Found, Pack, SalvagedPack, salvage_pack
from safeguarding_rules.reading.places_to_look import Location
from safeguarding_rules.reading.salvage import real
from safeguarding_rules.testing.behind import can_be_linked, further
from safeguarding_rules.testing.cases import PackCase, cases_of
from safeguarding_rules.testing.stacks import Linked, Stacks, texts_of


@dataclass
class Checked:
    """A pack with what was found about it. `pack` is None where it could not be read; `stacks` names what it was linked with, from when."""

    id: str
    version: str
    pack: Pack | None
    diagnostics: tuple[Diagnostic, ...]
    texts: dict[str, str] = field(default_factory=dict)
    stacks: tuple[tuple[date, tuple[str, ...]], ...] = ()
    accepted: int = 0
    origin: str = ""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(1 for one in self.diagnostics if one.severity == "error")

    @property
    def passed(self) -> bool:
        """Whether nothing found is an error."""
        return self.pack is not None and not self.errors


def check_packs(stacks: Stacks, today: date, progress: Callable[[str], None] = lambda _: None) -> tuple[list[Checked], list[PackError]]:
    """Check every pack at the paths of `stacks`; what cannot even be found comes second."""
    found, broken, failed = stacks.look()
    checked = []
    for one in found:
        progress(f"{one.id} {one.version}")
        checked.append(_with_lock(check_pack(stacks, one, today)))
    for location, error in broken:
        progress(location.origin)
        checked.append(_check_broken(stacks, location, error, today))
    return sorted(checked, key=lambda one: one.origin), failed


def _with_lock(checked: Checked) -> Checked:
    """Add a warning where a pack in force would not load: whoever checks it may be about to change it, so it is no error.

    With errors, which keep it from being locked, it says nothing of the lock.
    """
    differences = checked.pack.against_lock() if checked.pack is not None and checked.passed else ()
    if checked.pack is None or not differences:
        return checked
    first, *others = differences
    message = first.message if not others else f"{first.message}, and {len(others)} more {'differs' if len(others) == 1 else 'differ'} from the lock"
    help_ = f"until it is locked, the pack decides nothing; when it is done and reviewed, run `safeguarding-rules lock {checked.origin}`"
    warning = replace(first, severity="warning", message=message, help=help_)
    checked.diagnostics = in_order([*checked.diagnostics, warning])
    checked.texts |= texts_of((checked.pack,), [warning])
    return checked


def _check_broken(stacks: Stacks, location: Location, error: PackError, today: date) -> Checked:
    """Check a pack whose manifest cannot be read, as far as that goes."""
    left = salvage_pack(location.files())
    behind = _behind(stacks, location, left, today)
    known = not left.lost & {"pack", "version"}
    id_, version = (left.pack.id, left.pack.version) if known else (location.origin, "")
    return Checked(id_, version, None, in_order([*error.diagnostics, *behind.diagnostics]), {**error.texts, **behind.texts}, origin=location.origin)


def check_pack(stacks: Stacks, found: Found, today: date, only: date | None = None) -> Checked:
    """Check one pack in every stack in which it can decide, or `only` in that of one day."""
    try:
        pack = stacks.pack(found)
        cases = list(cases_of(pack, today))
    except PackError as error:
        behind = _behind(stacks, found.location, salvage_pack(found.location.files()), today)
        found_first = in_order([*error.diagnostics, *behind.diagnostics])
        return Checked(found.id, found.version, None, found_first, {**error.texts, **behind.texts}, origin=found.origin)
    diagnostics: list[Diagnostic] = list(_lint(pack, today))
    texts: dict[str, str] = {}
    linked_with: list[tuple[date, tuple[str, ...]]] = []
    try:
        for day, linked in stacks.periods(found) if only is None else [(only, stacks.linked(found, only))]:
            others = linked.packs[:-1]
            linked_with.append((day, tuple(f"{other.id} {other.version}" for other in others)))
            diagnostics += [one for one in linked.diagnostics if _counts(one, pack) and not _of_another_day(one, cases, linked)]
            texts |= texts_of(linked.packs, linked.diagnostics)
    except PackError as error:
        diagnostics += error.diagnostics
        texts |= error.texts
    if only is None and not any(one.severity == "error" for one in diagnostics):
        diagnostics += no_longer_found(pack, diagnostics)
    kept = in_order(one for one in diagnostics if one.severity == "error" or not _accepted(one, pack, today))
    texts |= texts_of((pack,), kept)
    return Checked(found.id, found.version, pack, kept, texts, tuple(linked_with), len(in_order(diagnostics)) - len(kept), found.origin)


def _behind(stacks: Stacks, location: Location, left: SalvagedPack, today: date) -> PackError:
    """What else is wrong with a pack that has mistakes of shape: inside what was mended, and with the names and values in what is left."""
    pack, about = left.pack, list(left.problems)
    texts = texts_of((pack,), about)
    if can_be_linked(left):
        found = Found(pack.manifest, location, pack.read()["pack.yaml"][1])
        without = stacks.salvaged(found, pack)
        try:
            day = today if "in_force" in left.lost else without.edges(found)[0]
            linked = without.linked(found, day)
        except PackError as error:
            about += [one for one in error.diagnostics if one.span is not None and pack.texts(one.span.file) is not None and real(one)]
        else:
            about += further(left, linked.diagnostics)
            texts |= texts_of(linked.packs, about)
    return PackError(about, texts)


def _lint(pack: Pack, today: date) -> Iterator[Diagnostic]:
    due = pack.manifest.review_by
    if due is not None and due <= today and pack.manifest.status in ("draft", "in_force"):
        message = f"`{pack.id}` {pack.version} was to be reviewed by {due}"
        help_ = "have it read again, add the reader under `reviewers`, and set the next day"
        yield Diagnostic("SR608", "warning", message, pack.span("pack.yaml", ("review_by",)), help_)


def _counts(diagnostic: Diagnostic, pack: Pack) -> bool:
    """Whether a finding about a stack counts for a pack of it: of those about packs above, only errors in what is decided with."""
    span = diagnostic.span
    if span is None or pack.texts(span.file) is not None:
        return True
    return diagnostic.severity == "error" and not span.file.endswith("/invariants.yaml") and "/cases/" not in span.file


def _of_another_day(diagnostic: Diagnostic, cases: Sequence[PackCase], linked: Linked) -> bool:
    """Whether a finding lies in a case that is decided with another stack: its words need only be known there."""
    case = next((case for case in cases if case.contains(diagnostic.span)), None)
    return case is not None and linked.policy is not None and not linked.covers(case.on)


def _accepted(diagnostic: Diagnostic, pack: Pack, today: date) -> bool:
    """Whether a reviewer of the pack has accepted a finding, and the day to look again has not come."""
    return any(_means(entry, diagnostic, pack) and today < entry.until for entry in pack.invariants.accepted)


def _means(entry: Accepted, diagnostic: Diagnostic, pack: Pack) -> bool:
    about = not {entry.at, f"{pack.id}/{entry.at}"}.isdisjoint(diagnostic.about)
    return entry.finding == diagnostic.code and about


def no_longer_found(pack: Pack, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """A warning for each accepted finding that is not among those of all stacks of a pack; what `prove` finds, it says itself."""
    return [
        Diagnostic(
            "SR613",
            "warning",
            f"`{entry.finding}` is accepted at `{entry.at}`, and nothing is found there any more",
            pack.span("invariants.yaml", ("accepted", place)),
            "delete it, or see that `at` names the part that is meant",
        )
        for place, entry in enumerate(pack.invariants.accepted)
        if not entry.finding.startswith("SR7") and not any(_means(entry, one, pack) for one in diagnostics)
    ]
