"""Guarantee 3: a layer never weakens the packs above it. The whole stack with the layer is compared with the stack without it.

Three claims for each pair of versions that can be in force together:

- **Outcomes**, by search: no complete case has a milder outcome with the layer. Both stacks are laid out over one space, that of the stack with the
  layer: its facts and constraints contain those above, and no constraint ties a fact from above to a fact of the layer (looked at, constraint by
  constraint), so the complete cases without the layer are exactly what is left of those with it when the facts of the layer are struck out.
- **Duties**, by search: in every complete case in which a rule (or a standing entry but that of the first outcome) from above gives a protective
  duty, the stack with the layer gives it at least as strongly, to the same person, and no later. Nor does the layer get round a duty from above
  under another name: forbid the setting what the DSL must do, or ask of the setting what the DSL must not.
- **Partial cases**, by looking at every part of the stack above and an argument. Let each rule from above hold in the layered stack in the same
  cases, be presumed by the same limbs, and have at least its outcome and duties; let `when_unsettled` be at least as high and give as much. Then
  for everything that can be known: the least and the greatest possible outcome are not lower (they are taken over the same cases, struck out as
  above, of outcomes that are not lower). A rule from above that is open and presumed is so in both. If the layered outcome is settled, it is the
  greatest possible and so not below any advice above. If it is not, each of the three things that the advice is the most protective of is not
  lower. And a duty applies with the least strength over the same cases. Where a part is not as the argument needs it, partial cases around that
  part are tried; a case that shows it refutes, else the claim is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.language.deadlines import never_later, parse_deadline
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, Policy, PolicyRule
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.scoped import Result, stands
from safeguarding_rules.proving.witness import Check, advice_of, facts_of_case, partial_witness, witness
from safeguarding_rules.proving.work import Stack, claim
from safeguarding_rules.worlds.sums import sum_in


def layer_claims(stack: Stack) -> Iterator[Claim]:
    """Yield the three claims; none for a top pack."""
    if stack.above is None:
        return
    layer = _Layer(stack, stack.above)
    about = {"kind": "layer", "pack": stack.pack.id}
    above = " with ".join(f"{pack.id} {pack.version}" for pack in reversed(stack.packs[:-1]))
    yield claim(layer.outcomes, name="guarantee-3-outcomes", claims=f"no case has a milder outcome than by {above} alone", **about)
    yield claim(
        layer.duties, name="guarantee-3-duties", claims=f"every protective duty of {above} stands at least as strongly, and no later", **about
    )
    yield claim(
        layer.partial,
        name="guarantee-3-partial-cases",
        claims=f"whatever is unknown, the advice is at least as protective as by {above} alone",
        **about,
    )


class _Layer:
    def __init__(self, stack: Stack, above: Policy) -> None:
        self.arena = stack.arena
        self.above = above

    @cached_property
    def base(self) -> Arena:
        """The stack without the layer, over the facts and the space of the stack with it; decided by its own engine."""
        arena = self.arena
        base = Arena(replace(self.above, facts=arena.policy.facts, routes={}), arena.on, arena.search.limits, space=arena.space)
        base.policy = self.above
        return base

    # -- complete cases -------------------------------------------------------------------------------------------------------------

    def outcomes(self) -> Result:
        """Compare the outcomes of all complete cases."""
        if tied := self.ties():
            return {"state": "refuted", "code": "SR702", "reason": tied}
        arena = self.arena
        for rule in self.base.program.rules:
            if rule.rank > 0 and (case := arena.find(list(rule.holds.boxes), arena.fails(rule.rank))):
                name = arena.policy.outcomes[rule.rank].name
                reason = f"`{self.above.rules[rule.index].id}` asks for `{name}` without the layer, and the outcome with it is milder"
                return self.refuted(case, reason, lambda d, rank=rule.rank: d.verdict.advice < rank)  # type: ignore[misc]
        return {"state": "proved"}

    def ties(self) -> str:
        """Say which constraint of the layer tells something about facts from above, if one does."""
        before = {info.spec.name: info.spec for info in self.above.facts}
        for info in self.arena.policy.facts:
            name = info.spec.name
            if name in before and info.spec != before[name]:
                return f"`{name}` is another fact with the layer"
            if name not in before and info.spec.tied is not None and any(test.fact in before for test in tests_of(info.spec.tied)):
                return f"`applies_when` of `{name}` tells something about a fact from above"
        known = [(one.condition, one.consequence) for one in self.above.implications]
        for one in self.arena.policy.implications:
            if (one.condition, one.consequence) in known:
                known.remove((one.condition, one.consequence))
            elif named := sorted({test.fact for side in (one.condition, one.consequence) for test in tests_of(side)} & before.keys()):
                return f"an implication of the layer says something about `{named[0]}`"
        return "an implication from above is missing" if known else ""

    def duties(self) -> Result:
        """Compare the protective duties of everything from above in all complete cases."""
        for boxes, duty, name in self.given_above():
            case = self.lost(boxes, duty)
            if case:
                reason = f"`{name}` gives `{duty.modality} {duty.action}` without the layer, and with it that does not stand"
                return self.refuted(case, reason, lambda d, duty=duty: not stands(d, duty.action, duty.modality, duty.by))  # type: ignore[misc]
            case = self.late(boxes, duty)
            if case:
                reason = f"`{name}` gives `{duty.modality} {duty.action}` a deadline without the layer, and with it there is none as soon"
                return self.refuted(case, reason, _later(duty))
        return self.got_round() or {"state": "proved"}

    def got_round(self) -> Result | None:
        """Look for what the layer says under another name against what a pack above says: the setting is whoever is in it."""
        for boxes, duty, name in self.given_above(protective=False):
            if self.above.actions[duty.action].protects == "refrain" and duty.modality not in PROHIBITIONS:
                continue  # to forbid it takes nothing away
            for slot in self.arena.slots(duty.action, "must" if duty.modality in PROHIBITIONS else "must_not"):
                by = self.arena.program.slots[slot].by
                if not _covers_person(duty, by):
                    continue
                told = [(i, 2) for who in {by, duty.by, "setting"} for i in self.base.slots(duty.action, self.arena_side(slot), who)]
                lacks = self.base.lacking(told)
                if lacks is None:
                    continue
                inner = self.base.reaching(1, boxes) if lacks[1] else boxes
                if case := self.arena.find(inner, lacks[0], present=(slot, 2)):
                    said = f"{'should' if duty.modality in PROHIBITIONS else 'should_not'} {duty.action}"
                    reason = f"`{name}` gives `{duty.modality} {duty.action}` (by {duty.by}), and the layer `{said}` (by {by}) beside it"
                    return self.refuted(case, reason, lambda d, said=said, by=by: stands(d, said.split()[1], said.split()[0], by))  # type: ignore[misc]
        return None

    def arena_side(self, slot: int) -> str:
        """A modality on the side of a slot."""
        return "must_not" if self.arena.program.slots[slot].forbids else "must"

    def given_above(self, *, protective: bool = True) -> Iterator[tuple[list[int], Duty, str]]:
        """Yield the boxes in which the stack above gives each duty, and what gives it. `protective`: of the duties that protect alone."""

        def chosen(duties: tuple[Duty, ...]) -> Iterator[Duty]:
            return self.protective(duties) if protective else iter(duties)

        for rule, compiled in zip(self.above.rules, self.base.program.rules, strict=True):
            for duty in chosen(rule.duties):
                yield list(compiled.holds.boxes), duty, rule.id
        for entry in self.above.standing:
            if entry.kind != "first":
                boxes = self.base.reaching(entry.outcome if entry.kind == "at_least" else 0, self.base.everything)
                for duty in chosen(entry.duties):
                    yield boxes, duty, entry.id

    def protective(self, duties: tuple[Duty, ...]) -> Iterator[Duty]:
        """Yield the duties that protect: to do what protects by being done, to refrain from what protects by refraining."""
        for duty in duties:
            refrain = self.above.actions[duty.action].protects == "refrain"
            if STRENGTH[duty.modality] > 1 and (duty.modality in PROHIBITIONS) == refrain:
                yield duty

    def lost(self, boxes: list[int], duty: Duty) -> int:
        """A case of the boxes in which the layered stack does not give the duty to the same person; 0 if there is none."""
        slots = self.arena.slots(duty.action, duty.modality, duty.by)
        return self.arena.find(boxes, absent=[(slot, STRENGTH[duty.modality]) for slot in slots])

    def late(self, boxes: list[int], duty: Duty) -> int:
        """A case of the boxes in which the layered stack has no deadline as soon for the same duty, however strong; 0 if there is none."""
        if duty.deadline is None:
            return 0
        arena, forbidding = self.arena, []
        for rule, compiled in zip(arena.policy.rules, arena.program.rules, strict=True):
            if any(_as_soon(other, duty) for other in rule.duties):
                forbidding += list(compiled.holds.fails)
        for entry in arena.policy.standing:
            if entry.kind != "first" and any(_as_soon(other, duty) for other in entry.duties):
                if entry.kind == "always":
                    return 0
                forbidding += arena.fails(entry.outcome)
        return arena.find(boxes, forbidding)

    def refuted(self, case: int, reason: str, check: Check) -> Result:
        """The refutation by a complete case, with what is decided without the layer."""
        shown = witness(self.arena, case, check)
        return {"state": "refuted", "code": "SR702", "reason": reason, "witness": shown.model_copy(update=self.beside(case))}

    def beside(self, box: int) -> dict[str, object]:
        """What the stack without the layer decides."""
        facts = facts_of_case(self.arena.space, box, self.outer)
        return {"beside": facts, "beside_advice": advice_of(self.base.decider.decide(facts, self.arena.on))}

    @cached_property
    def outer(self) -> int:
        """The bits of the facts from above."""
        names = {info.spec.name for info in self.above.facts}
        return sum(v.block for v in self.arena.space.variables if v.fact in names)

    # -- partial cases --------------------------------------------------------------------------------------------------------------

    def partial(self) -> Result:
        """Look at what the argument needs; where it is not so, try partial cases."""
        lacking = list(self.unlike())
        for box in self.tries():
            before, after = evaluate(self.base.program, box), evaluate(self.arena.program, box)
            if (
                before is not None
                and after is not None
                and before.exact
                and after.exact
                and (lacking or before.advice > 0)
                and self.weaker(before, after)
            ):
                facts = facts_of_case(self.arena.space, box)
                shown = partial_witness(self.arena, facts, self.weaker_than(before))
                return {
                    "state": "refuted",
                    "code": "SR702",
                    "reason": "the advice is weaker with the layer",
                    "witness": shown.model_copy(update=self.beside(box)),
                }
            if not lacking:
                break
        if lacking:
            return {"state": "undecided", "code": "SR703", "reason": f"{lacking[0]}; no case was found in which that shows"}
        return {
            "state": "proved",
            "how": "by construction",
            "reason": "every part of the packs above is as strong with the layer; see the argument in docs/reference/proof.md",
        }

    def weaker(self, before: Verdict, after: Verdict) -> bool:
        """Whether the advice is milder, or a protective duty that stood does not stand as strongly."""
        if after.advice < before.advice:
            return True
        return bool(self.lost_slots(before, after))

    def lost_slots(self, before: Verdict, after: Verdict) -> list[int]:
        """The slots (of the stack above) in which a duty from above is weaker with the layer."""
        program, layered = self.base.program, self.arena.program
        numbers = {(slot.action, slot.by, slot.forbids): i for i, slot in enumerate(layered.slots)}
        found = []
        first = {slot for entry in program.standing if entry.first for slot, _ in entry.gives}
        for i, slot in enumerate(program.slots):
            protects = (self.above.actions[slot.action].protects == "refrain") == slot.forbids
            strength = max(before.applies[i], before.assumed[i])
            j = numbers.get((slot.action, slot.by, slot.forbids))
            now = 0 if j is None else max(after.applies[j], after.assumed[j])
            if protects and strength > 1 and now < strength and i not in first and self.kept_unsettled(before, after):
                found.append(i)
        return found

    def kept_unsettled(self, before: Verdict, after: Verdict) -> bool:
        """Whether both are settled or both not: what only the unsettled advice gives may end when a layer settles the outcome higher."""
        return (len(before.possible) == 1) == (len(after.possible) == 1)

    def weaker_than(self, before: Verdict) -> Check:
        """Tell of a decision of the layered stack whether it is weaker than what was decided above."""
        return lambda decision: self.weaker(before, decision.verdict)

    def tries(self) -> Iterator[int]:
        """Yield partial cases: nothing known, and around every rule from above what makes it presumed."""
        yield self.arena.space.start
        for rule in self.base.program.rules:
            for one in (*rule.limbs, *([rule.when] if rule.when is not None else []), rule.holds):
                yield from one.boxes
        for rule in self.base.program.rules:
            blocked = self.arena.space.lowest(self.arena.space.start)
            for box in rule.holds.boxes:
                for block in self.arena.space.blocks_in(self.arena.space.full & ~box):
                    if inner := self.arena.space.close((blocked & ~block) | (self.arena.space.start & block)):
                        yield inner

    def unlike(self) -> Iterator[str]:
        """Say what of the stack above is not as strong in the stack with the layer."""
        if tied := self.ties():
            yield tied
        after = {rule.id: rule for rule in self.arena.policy.rules}
        for rule in self.above.rules:
            if rule.id not in after:
                yield f"`{rule.id}` is gone"
            elif not self.as_strong(rule, after[rule.id]):
                yield f"`{rule.id}` is weaker, or holds or is presumed in other cases"
        before, now = self.above.when_unsettled, self.arena.policy.when_unsettled
        if now.outcome < before.outcome or not _covers(now.duties, tuple(self.protective(before.duties))):
            yield "`when_unsettled` is weaker"
        standing = {entry.id: entry for entry in self.arena.policy.standing}
        for entry in self.above.standing:
            same = standing.get(entry.id)
            if entry.kind != "first" and (
                same is None or same.outcome > entry.outcome or not _covers(same.duties, tuple(self.protective(entry.duties)))
            ):
                yield f"`{entry.id}` is weaker"

    def as_strong(self, rule: PolicyRule, after: PolicyRule) -> bool:
        """Whether a rule from above holds and is presumed in the same cases, with at least its outcome and duties."""
        space = self.arena.space
        if (
            (after.outcome or 0) < (rule.outcome or 0)
            or after.if_unknown != rule.if_unknown
            or not _covers(after.duties, tuple(self.protective(rule.duties)))
        ):
            return False
        pairs = [(rule.when, after.when), (rule.given, after.given), (rule.unless, after.unless), *zip(rule.limbs, after.limbs, strict=False)]
        return len(rule.limbs) == len(after.limbs) and all(
            one == other or (one is not None and other is not None and sum_in(space, one) == sum_in(space, other)) for one, other in pairs
        )


def _covers(after: tuple[Duty, ...], before: tuple[Duty, ...]) -> bool:
    """Whether duties are at least as strong as others, and as soon."""
    return all(
        any(_as_strong(one, duty) for one in after) and (duty.deadline is None or any(_as_soon(one, duty) for one in after)) for duty in before
    )


def _covers_person(duty: Duty, by: str) -> bool:
    """Whether what is said of a person beside a duty from above speaks of whoever has the duty; to forbid one person's own duty is a conflict.

    What other staff may not do, the setting may ask of others.
    """
    if by == duty.by:
        return duty.modality == "may"
    return "setting" in {by, duty.by} and not (duty.modality in PROHIBITIONS and duty.by == "other_staff")


def _alike(other: Duty, duty: Duty) -> bool:
    return (other.action, other.by, other.modality in PROHIBITIONS) == (duty.action, duty.by, duty.modality in PROHIBITIONS)


def _as_strong(other: Duty, duty: Duty) -> bool:
    return _alike(other, duty) and STRENGTH[other.modality] >= STRENGTH[duty.modality]


def _as_soon(other: Duty, duty: Duty) -> bool:
    """Whether a duty has a deadline as soon; merged duties keep every deadline, so its strength does not count."""
    if not _alike(other, duty) or other.deadline is None or duty.deadline is None:
        return False
    return other.clock == duty.clock and never_later(other.deadline, duty.deadline)


def _later(duty: Duty) -> Check:
    """Tell of a decision whether it has no deadline as soon as that of a duty."""

    def later(decision: Decision) -> bool:
        wanted = duty.deadline
        assert wanted is not None  # noqa: S101  only asked of duties with one
        mine = [one for one in decision.actions if one.action == duty.action and one.by == duty.by]
        deadlines = [due for one in mine if (one.modality in PROHIBITIONS) == (duty.modality in PROHIBITIONS) for due in one.deadlines]
        return not any(due.from_ == duty.clock and never_later(parse_deadline(due.within), wanted) for due in deadlines)

    return later
