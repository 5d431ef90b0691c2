"""The whole view of a pack, from the packs of a stack and its Policy.

Comes in: packs that were read, from the top down, and the Policy they were linked into. Goes out: a `PackView` of the lowest pack. Promised:
nothing is decided, nothing is read from disk but the cases of the pack, and the same input gives the same view. Must not know: HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.publishing.checks import Checks
from safeguarding_rules.publishing.document.changes import ChangesView
from safeguarding_rules.publishing.document.outcomes import FlowStep, OutcomeView
from safeguarding_rules.publishing.document.pack import PackRef, PackView
from safeguarding_rules.publishing.naming import Names
from safeguarding_rules.publishing.register import StatementRegister
from safeguarding_rules.publishing.rules import groups_of
from safeguarding_rules.publishing.vocabulary import Vocabulary
from safeguarding_rules.reading import Pack


def view_of(  # noqa: PLR0913  what a reader wants beside the pack itself
    packs: Sequence[Pack],
    policy: Policy,
    on: date,
    *,
    versions: Sequence[PackRef] = (),
    changes: Sequence[ChangesView] = (),
    texts: Catalogue = ENGLISH,
    status: str | None = None,
    current: PackRef | None = None,
) -> PackView:
    """The view of the lowest of some packs as it stands on a day.

    `versions` are other versions of it that can be read about beside it; `changes` say what became different from one to the next.
    `status` is how it stands on the day of reading (default: as the manifest says), `current` the version to read instead of one not in force.
    """
    names = Names(packs, policy, texts)
    manifest = packs[-1].manifest
    vocabulary, checks = Vocabulary(names), Checks(names)
    outcomes = vocabulary.outcomes()
    info = policy.packs[-1]
    return PackView(
        id=info.id,
        version=info.version,
        title=manifest.title,
        publisher=manifest.publisher,
        jurisdiction=manifest.jurisdiction or "",
        layer=texts.say(f"page.layer.{manifest.layer}"),
        status=status or manifest.status,
        in_force=names.period(manifest.in_force),
        on=on,
        licence=manifest.licence or "",
        review_by=manifest.review_by,
        review_overdue=manifest.review_by is not None and manifest.review_by <= on,
        reviewers=tuple(f"{one.role}, {names.day(one.on)}" + (f": {one.note}" if one.note else "") for one in manifest.reviewers),
        sign_off=manifest.sign_off.by if manifest.sign_off is not None and info.signed_off else "",
        signed_off=info.signed_off,
        notes=info.notes,
        digest=info.digest,
        corrects=manifest.corrects or "",
        above=tuple(PackRef(pack.id, pack.version, pack.manifest.title, "above") for pack in packs[:-1]),
        versions=tuple(versions),
        current=None if (status or manifest.status) == "in_force" else current,
        outcomes=outcomes,
        advice=vocabulary.advice(),
        flow=_flow(outcomes),
        groups=groups_of(names),
        facts=vocabulary.fact_groups(),
        implications=vocabulary.implications(),
        actions=vocabulary.actions(),
        routes=vocabulary.routes(),
        sources=StatementRegister(names).sources(),
        invariants=checks.invariants(),
        accepted=checks.accepted(),
        starts=checks.starts(),
        cases=checks.cases(),
        changes=tuple(changes),
    )


def _flow(outcomes: Sequence[OutcomeView]) -> tuple[FlowStep, ...]:
    """The questions a case goes through, the most protective outcome first; the last step has no rules: it is where a case ends otherwise."""
    steps = [FlowStep(one.ref, one.rules) for one in reversed(outcomes[1:]) if one.rules]
    return (*steps, FlowStep(outcomes[0].ref, ()))
