"""Several packs side by side: each with its view, its other versions, and what changed from the version before.

Comes in: packs, each with those above it, what decides with them, and a day. Goes out: views, by id and version. Promised: a pack that another
builds on is among them. Must not know: where packs were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from safeguarding_rules.comparing.compare import compare
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.program import compile_policy
from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.language.documents import InForce, Manifest, version_key
from safeguarding_rules.linking.link import link
from safeguarding_rules.publishing.document.changes import ChangesView
from safeguarding_rules.publishing.document.pack import PackRef, PackView
from safeguarding_rules.publishing.history import changes_of
from safeguarding_rules.publishing.view import view_of
from safeguarding_rules.reading import Pack
from safeguarding_rules.worlds.terms import TooManyTermsError


@dataclass(frozen=True)
class Placed:
    """A pack with all above it, the top one first, and what decides with them on a day."""

    packs: tuple[Pack, ...]
    decider: Decider
    on: date

    @property
    def key(self) -> tuple[str, tuple[int, ...]]:
        """What orders packs: the id, then the version."""
        return self.packs[-1].id, version_key(self.packs[-1].version)

    @property
    def ref(self) -> PackRef:
        """The pack as another version points to it."""
        pack = self.packs[-1]
        return PackRef(pack.id, pack.version, pack.manifest.title, "other version")


def standing(manifest: Manifest, today: date, beside: Iterable[Manifest] = ()) -> str:
    """How a version stands today, among others of its pack.

    Its status; but `not_yet` or `over` where it is in force only after or before, and `superseded` where one that is in force corrects it.
    """
    if manifest.status != "in_force":
        return manifest.status
    if not manifest.in_force.holds_on(today):
        return "not_yet" if today < manifest.in_force.from_ else "over"
    number = version_key(manifest.version)
    corrected = (version_key(one.corrects) for one in beside if one.corrects and standing(one, today) == "in_force")
    return "superseded" if number in corrected else "in_force"


def in_force_among(versions: Iterable[tuple[PackRef, Manifest]], today: date) -> PackRef | None:
    """The version of a pack that is in force today, the latest of several."""
    known = tuple(versions)
    found = [ref for ref, manifest in known if standing(manifest, today, (one for _, one in known)) == "in_force"]
    return max(found, key=lambda ref: version_key(ref.version), default=None)


def day_to_show(interval: InForce, today: date) -> date:
    """Today where a pack is in force today, else its last day, or its first where that is yet to come."""
    start, end = interval.from_, interval.until
    if today < start:
        return start
    return today if end is None or today < end else end - timedelta(days=1)


def with_those_above(placed: Sequence[Placed]) -> list[Placed]:
    """The packs in order, and those that they build on where they are not among them. Raises PackError."""
    found = {one.key: one for one in placed}
    for one in placed:
        for depth in range(1, len(one.packs)):
            packs = one.packs[:depth]
            key = (packs[-1].id, version_key(packs[-1].version))
            if key not in found:
                found[key] = Placed(packs, Decider(compile_policy(link(packs, one.on))), one.on)
    return [found[key] for key in sorted(found)]


def views_of(
    placed: Sequence[Placed], texts: Catalogue = ENGLISH, progress: Callable[[str], None] = lambda _: None, today: date | None = None
) -> Iterator[PackView]:
    """The view of each of some packs that stand in order, read today (default: each on its day). Raises PackError where a case cannot be read."""
    for one in placed:
        same = [other for other in placed if other.key[0] == one.key[0]]
        pack = one.packs[-1]
        progress(f"{pack.id} {pack.version}")
        changes = [changed for old, new in pairwise(same) if new is one and (changed := changes_between(old, new, texts)) is not None]
        versions = tuple(other.ref for other in same if other is not one)
        status = standing(pack.manifest, today or one.on, (other.packs[-1].manifest for other in same))
        current = in_force_among(((other.ref, other.packs[-1].manifest) for other in same if other is not one), today or one.on)
        policy = one.decider.program.policy
        yield view_of(one.packs, policy, one.on, versions=versions, changes=changes, texts=texts, status=status, current=current)


def changes_between(old: Placed, new: Placed, texts: Catalogue = ENGLISH) -> ChangesView | None:
    """What changed from one version to the next; None where a condition is too intricate to be compared."""
    stands = [Stand(f"{one.packs[-1].id}@{one.packs[-1].version}", one.decider, one.on, one.packs) for one in (old, new)]
    try:
        return changes_of(compare(*stands), texts)
    except TooManyTermsError:
        return None
