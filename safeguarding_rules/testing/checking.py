"""Checks packs as far as they can be checked: reading, linking with everything they can be in force together with, and lint.

In: the packs at some paths. Out: every finding, each once. Promised: a layer is linked with each version of the packs above that can be in force
together with it, and each pack in every period in which other parts of it are in force; a finding that a reviewer has accepted (`accepted` in
`invariants.yaml`) is left out until its day, unless it is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from safeguarding_rules.diagnostics import Diagnostic, PackError, in_order
from safeguarding_rules.reading import Found, Pack
from safeguarding_rules.testing.cases import PackCase, cases_of
from safeguarding_rules.testing.stacks import Linked, Stacks, texts_of

_BEHIND = frozenset(["SR321", "SR322", "SR323", "SR324", "SR325", "SR326", "SR327", "SR401", "SR402", "SR403", "SR404", "SR406", "SR407", "SR414"])
"""What is shown of a pack that has mistakes of shape besides: what taking a part out cannot bring about."""


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
    found, failed = stacks.targets()
    checked = []
    for one in found:
        progress(f"{one.id} {one.version}")
        checked.append(check_pack(stacks, one, today))
    return checked, failed


def check_pack(stacks: Stacks, found: Found, today: date, only: date | None = None) -> Checked:
    """Check one pack in every stack in which it can decide, or `only` in that of one day."""
    try:
        pack = stacks.pack(found)
        cases = list(cases_of(pack, today))
    except PackError as error:
        further = _behind(stacks, found)
        return Checked(found.id, found.version, None, in_order([*error.diagnostics, *further.diagnostics]), {**error.texts, **further.texts})
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
    kept = in_order(one for one in diagnostics if one.severity == "error" or not _accepted(one, pack, today))
    texts |= texts_of((pack,), kept)
    return Checked(found.id, found.version, pack, kept, texts, tuple(linked_with), len(in_order(diagnostics)) - len(kept))


def _behind(stacks: Stacks, found: Found) -> PackError:
    """What else is wrong behind mistakes of shape: names that lead nowhere, wrong values, weakening, in what is left without them.

    A finding that mentions an entry with a mistake of shape could be its consequence and is left out.
    """
    nothing = PackError([])
    left = stacks.salvaged(found)
    if left is None:
        return nothing
    without, pack, touched = left
    try:
        linked = without.linked(found, without.edges(found)[0])
    except PackError:
        return nothing
    about = [
        one
        for one in linked.diagnostics
        if one.code in _BEHIND and one.span is not None and pack.texts(one.span.file) is not None and not any(_names(one, name) for name in touched)
    ]
    return PackError(about, texts_of(linked.packs, about))


def _names(diagnostic: Diagnostic, name: str) -> bool:
    return f"`{name}`" in diagnostic.message or f"/{name}`" in diagnostic.message


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
    for entry in pack.invariants.accepted:
        about = f"`{entry.at}`" in diagnostic.message or f"`{pack.id}/{entry.at}`" in diagnostic.message
        if entry.finding == diagnostic.code and about and today < entry.until:
            return True
    return False
