"""Protective actions that a pack above lets somebody do, and a layer forbids.

Comes in: a Policy with its rules as sums, and the prohibitions that layers lay on actions from above whose protection is to act. Goes out: findings,
each with a case. A `may` gives way to any prohibition, and what is asked of the setting is asked of whoever is there: neither is a conflict of two
duties (see `opposed`), but each would take away from what stands above. Source: guarantee 3, docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeguarding_rules.linking.findings import Place
from safeguarding_rules.linking.opposed import Conflicts, Giver
from safeguarding_rules.linking.policy import PROHIBITIONS, Duty
from safeguarding_rules.linking.whole import WholeSpace
from safeguarding_rules.worlds.wording import in_words


def check_withheld(whole: WholeSpace, packs: Sequence[str]) -> None:
    """Report every prohibition of a layer that can meet what a pack above lets somebody do. `packs`: the stack, the top one first."""
    forbidden = {duty.action for _, duty, _ in whole.table.withheld}
    if not forbidden:
        return
    conflicts = Conflicts(whole, lambda duty: duty.action in forbidden)
    depth = {pack: i for i, pack in enumerate(packs)}
    for id_, duty, place in whole.table.withheld:
        prohibitions = [one for one in _givers(conflicts, duty, positive=False) if one.id == id_ and one.duty.by == duty.by]
        for given in _givers(conflicts, duty, positive=True):
            above = depth[given.id.partition("/")[0]] < depth[place.pack.id]
            if above and _withholds(given.duty, duty) and _report(conflicts, given, prohibitions, place):
                break


def _givers(conflicts: Conflicts, duty: Duty, *, positive: bool) -> Iterator[Giver]:
    for (action, _), givers in (conflicts.positive if positive else conflicts.negative).items():
        if action == duty.action:
            yield from givers


def _withholds(given: Duty, prohibition: Duty) -> bool:
    """Whether a prohibition takes something away without being a conflict of two duties of one person."""
    if given.by == prohibition.by:
        return given.modality == "may" and prohibition.modality in PROHIBITIONS
    return "setting" in (given.by, prohibition.by)


def _report(conflicts: Conflicts, given: Giver, prohibitions: Sequence[Giver], place: Place) -> bool:
    box = next((box for one in prohibitions if (box := conflicts.meeting(given, one))), 0)
    if box:
        whole = conflicts.whole
        theirs, ours = given.duty, prohibitions[0].duty
        message = (
            f"`{ours.modality} {ours.action}` (by {ours.by}) takes away `{theirs.modality} {theirs.action}` (by {theirs.by}) of `{given.id}`, "
            f"for instance in this case: {in_words(whole.space, box)[:300]}"
        )
        hint = "protecting a child means to do it: a layer may not forbid it where a pack above asks or allows it"
        whole.findings.report("SR328", place, message, hint, related=[("given here", whole.table.places[given.id])])
    return bool(box)
