"""Two policies side by side: every complete case whose outcome or duties change, as regions; and what changes no complete case, apart.

Comes in: two Stands. Goes out: a `DiffDocument`. Promised: "same" is a proof by search over all cases that both policies can express; where the
search's node budget runs out the result says "undecided", never "same". Source: docs/reference/diff.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from safeguarding_rules.comparing import document as doc
from safeguarding_rules.comparing.advice import advice_changes
from safeguarding_rules.comparing.aspects import DUE, Change, changes, ended_by_rise
from safeguarding_rules.comparing.common_space import Apart, CommonSpace, common_space
from safeguarding_rules.comparing.counting import count
from safeguarding_rules.comparing.direction import duty_direction, scale_direction, scales_apart
from safeguarding_rules.comparing.ends import end_changes
from safeguarding_rules.comparing.examples import Examples
from safeguarding_rules.comparing.regions import Region, RegionFinder, Regions
from safeguarding_rules.comparing.rules import RuleStates
from safeguarding_rules.comparing.sides import Side, Stand, quiet_case
from safeguarding_rules.comparing.texts import text_changes
from safeguarding_rules.comparing.words import restrictions
from safeguarding_rules.language.deadlines import never_later, parse_deadline
from safeguarding_rules.worlds.space import BudgetExceededError

MOST_REGIONS = 24
"""So many regions of one change are looked for unless all are asked for."""

_POSITIVE = {0: None, 1: "may", 2: "should", 3: "must"}
_NEGATIVE = {0: None, 1: None, 2: "should_not", 3: "must_not"}


def compare(old: Stand, new: Stand, *, most_regions: int | None = MOST_REGIONS) -> doc.DiffDocument:
    """Compare two policies. `most_regions` bounds how many regions of each change are looked for (None: all).

    Raises TooManyTermsError where a condition is too intricate to be written out over both policies.
    """
    return _Comparing(old, new, most_regions).document()


@dataclass(frozen=True)
class _Found:
    change: Change
    regions: Regions


class _Comparing:
    def __init__(self, old: Stand, new: Stand, most_regions: int | None) -> None:
        self.stands = old, new
        self.common: CommonSpace = common_space(old.policy, new.policy)
        self.old, self.new = Side("old", old, self.common), Side("new", new, self.common)
        self.states = RuleStates(self.old, self.new)
        self.quiet = quiet_case(self.old, self.new)
        self.examples = Examples(self.old, self.new, self.states, self.quiet)
        self.most = most_regions

    def document(self) -> doc.DiffDocument:
        """Look for everything that changes."""
        finder = RegionFinder(self.old, self.new, self.states.telling_facts, self.quiet)
        found = [_Found(change, finder.regions(change, self.most)) for change in changes(self.old, self.new)]
        all_known = not any(one.change.undecided for one in found)
        counted = count(self.common.space, [one.change for one in found]) if all_known else None
        by_change = counted.by_change if counted else {}
        outcomes = tuple(self._outcome(one, by_change.get(i)) for i, one in enumerate(found) if one.change.kind == "outcome" and one.regions.found)
        duties = tuple(self._duty(one, by_change.get(i)) for i, one in enumerate(found) if one.change.kind != "outcome" and one.regions.found)
        undecided = (*self._nothing_common(), *(self._undecided(one) for one in found if one.regions.undecided))
        notes = [*outcomes, *duties]
        unconfirmed = any(not region.example.confirmed for note in notes for region in note.regions)
        advice = (*advice_changes(self.old, self.new, self.states), *end_changes(self.old, self.new, self.states))
        directions = {note.direction for note in notes} | {note.direction for note in advice}
        result: Any = "undecided" if undecided or unconfirmed else "changed" if notes else "same"
        policies = self.old.policy, self.new.policy
        return doc.DiffDocument(
            old=_stamp(self.stands[0]),
            new=_stamp(self.stands[1]),
            result=result,
            milder="milder" in directions or any(note.direction == "other" for note in outcomes),
            stricter="stricter" in directions,
            scales=doc.Outcomes(old={o.name: o.title for o in policies[0].outcomes}, new={o.name: o.title for o in policies[1].outcomes}),
            counts=counted.counts if counted else None,
            outcomes=tuple(sorted(outcomes, key=lambda note: note.direction != "milder")),
            duties=_without_repeats(duties),
            advice=advice,
            texts=text_changes(self.states, self.common.names["old"]),
            apart=tuple(_apart(one) for one in (*self.common.apart, *scales_apart(*policies))),
            undecided=undecided,
        )

    def _nothing_common(self) -> tuple[doc.Undecided, ...]:
        """Where no case can be expressed by both versions, nothing was compared, and nothing is proved."""
        space = self.common.space
        try:
            some = bool(space.start) and bool(space.find(space.start))
        except BudgetExceededError:
            some = True  # each change is then undecided of its own
        return () if some else (doc.Undecided(about="everything: no case can be expressed by both versions", where=()),)

    # -- changes --------------------------------------------------------------------------------------------------------------------

    def _outcome(self, found: _Found, cases: int | None) -> doc.OutcomeChange:
        change = found.change
        before, after = self.old.policy.outcomes[change.old].name, self.new.policy.outcomes[change.new].name
        direction = scale_direction(self.old.policy, self.new.policy, before, after)
        return doc.OutcomeChange(
            direction=direction,
            cases=cases,
            regions=self._regions(found),
            complete=found.regions.complete,
            to=after,
            **{"from": before},
        )

    def _duty(self, found: _Found, cases: int | None) -> doc.DutyChange:
        change = found.change
        assert change.slot is not None  # noqa: S101  only outcomes have no slot
        action, by, forbidden = change.slot
        info = self.new.policy.actions.get(action) or self.old.policy.actions[action]
        names = _NEGATIVE if forbidden else _POSITIVE
        within, clock = (change.due[0].text, change.due[1]) if change.due is not None else (None, None)
        follows = ended_by_rise(change, self.old, self.new)
        before, after = (None, None) if change.kind == "deadline" else (names[change.old], names[change.new])
        return doc.DutyChange(
            direction="other" if follows else duty_direction(change, info.protects),
            follows_outcome=follows,
            cases=cases,
            regions=self._regions(found),
            complete=found.regions.complete,
            action=action,
            title=info.title,
            by=by,
            forbids=forbidden,
            change=_kind_of(change),
            to=after,
            within=within,
            clock=clock,
            **{"from": before},
        )

    def _regions(self, found: _Found) -> tuple[doc.RegionNote, ...]:
        notes = [self._region(found.change, region) for region in found.regions.found]
        return tuple(sorted(notes, key=lambda note: len(note.where)))

    def _region(self, change: Change, region: Region) -> doc.RegionNote:
        old_rules, new_rules = self.examples.involved(change, region.example)
        return doc.RegionNote(
            where=self._where(region.box),
            outcome=self._floor(region),
            given=region.given,
            example=self.examples.example(change, region.example),
            old_rules=old_rules,
            new_rules=new_rules,
        )

    def _where(self, box: int) -> tuple[doc.Where, ...]:
        infos = self.common.infos
        return tuple(
            doc.Where(fact=one.fact, given=one.given, words=one.words, question=infos[one.fact].question) for one in restrictions(self.common, box)
        )

    def _floor(self, region: Region) -> doc.OutcomeCondition | None:
        if region.floor is None:
            return None
        policy = self.old.policy if region.floor.side == "old" else self.new.policy
        return doc.OutcomeCondition(
            side=region.floor.side, test="at_least" if region.floor.rank else "is", outcome=policy.outcomes[region.floor.rank].name
        )

    def _undecided(self, found: _Found) -> doc.Undecided:
        change = found.change
        about = "the outcome"
        if change.kind == "outcome":
            about = f"whether {self.old.policy.outcomes[change.old].title} becomes {self.new.policy.outcomes[change.new].title}"
        elif change.slot is not None:
            info = self.new.policy.actions.get(change.slot[0]) or self.old.policy.actions[change.slot[0]]
            about = f"the duty “{info.title}”"
        return doc.Undecided(about=about, where=self._where(found.regions.undecided[0]))


def _kind_of(change: Change) -> Any:  # noqa: ANN401  one of the literals
    if change.kind == "deadline":
        return "earlier" if change.new == DUE else "later"
    if not change.old or not change.new:
        return "gained" if change.new else "lost"
    return "stronger" if change.new > change.old else "weaker"


def _without_repeats(duties: Iterable[doc.DutyChange]) -> tuple[doc.DutyChange, ...]:
    """The changes without deadlines that say of the same cases what another, tighter deadline says as well."""
    kept: dict[object, doc.DutyChange] = {}
    for i, duty in enumerate(duties):
        key: object = i
        if duty.within is not None:
            key = (
                duty.action,
                duty.by,
                duty.forbids,
                duty.change,
                duty.clock,
                tuple(tuple(where.words for where in region.where) for region in duty.regions),
            )
        other = kept.get(key)
        if other is None or not never_later(parse_deadline(other.within or ""), parse_deadline(duty.within or "")):
            kept[key] = duty
    return tuple(kept.values())


def _stamp(stand: Stand) -> doc.SideStamp:
    packs = tuple(doc.PackVersion(pack=p.id, version=p.version, title=p.title, digest=p.digest) for p in stand.policy.packs)
    return doc.SideStamp(name=stand.name, on=stand.on.isoformat(), packs=packs, fingerprint=stand.policy.fingerprint)


def _apart(one: Apart) -> doc.ApartNote:
    return doc.ApartNote(kind=cast(Any, one.kind), side=cast(Any, one.side), name=one.name, text=one.text, left_out=one.left_out)
