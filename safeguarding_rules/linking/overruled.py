"""What a layer says of an action from above, against what a pack above says of it, where it is no conflict of two duties of one person.

Comes in: a Policy with its rules as sums, and what layers say of actions from above. Goes out: findings, each with a case. `opposed` finds demands
and prohibitions of one (action, by). Here: a `may` from above gives way to any prohibition; and the setting is whoever is in it, so that to forbid or
to ask under another name would get round what stands above. Where what stands above says the same already, a layer may say it too. Source: guarantee
3, docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeguarding_rules.linking.findings import Place
from safeguarding_rules.linking.opposed import Conflicts, Giver
from safeguarding_rules.linking.policy import PROHIBITIONS, Duty
from safeguarding_rules.linking.whole import WholeSpace
from safeguarding_rules.worlds.wording import in_words


def check_overruled(whole: WholeSpace, packs: Sequence[str]) -> None:
    """Report what a layer says that can meet, and get round, what a pack above says. `packs`: the stack, the top one first."""
    said = [(giver, duty, place) for giver, duty, place in whole.table.from_layers if _matters(whole, duty)]
    if not said:
        return
    actions = {duty.action for _, duty, _ in said}
    check = _Overruled(Conflicts(whole, lambda duty: duty.action in actions), {pack: i for i, pack in enumerate(packs)})
    for giver, duty, place in said:
        check.look(giver, duty, place)


def _matters(whole: WholeSpace, duty: Duty) -> bool:
    """A demand for what should be refrained from is reported where it stands; a prohibition of it takes nothing away."""
    return whole.policy.actions[duty.action].protects == "do"


class _Overruled:
    def __init__(self, conflicts: Conflicts, depth: dict[str, int]) -> None:
        self.conflicts = conflicts
        self.depth = depth

    def look(self, giver: str, duty: Duty, place: Place) -> None:
        """Report the first duty from above that what a layer says gets round."""
        forbids = duty.modality in PROHIBITIONS
        ours = [one for one in self.givers(duty.action, forbids=forbids) if one.id == giver and one.duty.by == duty.by]
        for theirs in self.givers(duty.action, forbids=not forbids):
            if not self.above(theirs, place) or not _gets_round(duty, theirs.duty):
                continue
            already = [
                one
                for one in self.givers(duty.action, forbids=forbids)
                if one.id != giver and self.above(one, place) and one.duty.by in {duty.by, theirs.duty.by, "setting"}
            ]
            box = next((box for one in ours if (box := self.meeting(theirs, one, already))), 0)
            if box:
                self.report(duty, theirs, place, box)
                return

    def givers(self, action: str, *, forbids: bool) -> Iterator[Giver]:
        """What forbids an action, or what asks for or allows it."""
        for (name, _), found in (self.conflicts.negative if forbids else self.conflicts.positive).items():
            if name == action:
                yield from found

    def above(self, giver: Giver, place: Place) -> bool:
        """Whether a duty belongs to a pack above the one that is looked at."""
        return self.depth[giver.id.partition("/")[0]] < self.depth[place.pack.id]

    def meeting(self, theirs: Giver, ours: Giver, already: Sequence[Giver]) -> int:
        """A box of known facts under which both stand, and in it a case in which no pack above says the same as the layer; 0 if there is none."""
        box = self.conflicts.meeting(theirs, ours)
        if not box or not already:
            return box
        conflicts, told = self.conflicts, [bits for one in already for bits in one.sum.fails]
        boxes = (conflicts.space.meet(a, b) for a in theirs.sum.boxes for b in ours.sum.boxes)
        return next((box for box in boxes if box and conflicts.possible(box, told)), 0)

    def report(self, duty: Duty, theirs: Giver, place: Place, box: int) -> None:
        """Say what gets round what, with a case."""
        whole = self.conflicts.whole
        this, that = (f"`{one.modality} {one.action}` (by {one.by})" for one in (duty, theirs.duty))
        example = in_words(whole.space, box)[:300]
        related = [("given here", whole.table.places[theirs.id])]
        if duty.modality in PROHIBITIONS:
            message = f"{this} takes away {that} of `{theirs.id}`, for instance in this case: {example}"
            hint = "protecting a child means to do it: a layer may not forbid it where a pack above asks or allows it"
            whole.findings.report("SR328", place, message, hint, related=related)
        else:
            message = f"{this} gets round {that} of `{theirs.id}`, for instance in this case: {example}"
            hint = "what a pack above forbids, a layer may not ask of anybody whom that covers"
            whole.findings.report("SR329", place, message, hint, related=related)


def _gets_round(duty: Duty, other: Duty) -> bool:
    """Whether what a layer says meets a duty from above without being a conflict of two duties of one person."""
    if duty.by == other.by:
        return "may" in {duty.modality, other.modality} and duty.modality in PROHIBITIONS
    if "setting" not in {duty.by, other.by}:
        return False
    # The setting acts through those it chooses: what other staff may not do, it may be asked to do.
    demand, prohibition = (other, duty) if duty.modality in PROHIBITIONS else (duty, other)
    return duty.modality in PROHIBITIONS or not (demand.by == "setting" and prohibition.by == "other_staff")
