"""Mutants: a policy with one small mistake in it, of the kinds that hands make and reviewers overlook.

Comes in: a Policy (and the one of the packs above). Goes out: the mutants of one of its packs, in a fixed order. A mutant says which fields of which
part become what; it can be applied to every stack in which the part says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from safeguarding_rules.language.conditions import Always, Condition, Not, limbs_of
from safeguarding_rules.language.deadlines import Deadline, parse_deadline
from safeguarding_rules.linking.policy import STRENGTH, Duty, Modality, Policy, PolicyRule, Standing, WhenUnsettled
from safeguarding_rules.testing.coverage_words import limb_words
from safeguarding_rules.testing.mutate_conditions import Facts, variants

Kind = Literal["condition", "rule", "outcome", "modality", "deadline", "presumption", "strengthening"]
KINDS: tuple[Kind, ...] = ("condition", "rule", "outcome", "modality", "deadline", "presumption", "strengthening")
Part = PolicyRule | Standing | WhenUnsettled

WEAKER: dict[Modality, Modality | None] = {"must": "should", "should": "may", "may": None, "must_not": "should_not", "should_not": None}
NEVER: Condition = Not(Always())
_READ_ONLY = frozenset({"id", "pack", "title", "because", "cite", "note", "strengthened_by"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake. `old` and `new` are the part as it is and as it becomes; `where` is its name, `words` what a case would have to notice."""

    pack: str
    version: str
    kind: Kind
    where: str
    words: str
    old: Part
    new: Part

    @property
    def sentence(self) -> str:
        """The mutant as what nobody would notice."""
        return f"no case would notice {self.words} in `{self.where}`"


def mutants_of(policy: Policy, above: Policy | None, pack: str, version: str) -> Iterator[Mutant]:
    """Yield the mutants of one pack of a Policy."""
    making = _Making(policy, pack, version)
    for rule in policy.rules:
        if rule.pack == pack:
            yield from making.rule(rule)
    for entry in policy.standing:
        if entry.pack == pack:
            yield from making.duties(entry)
    yield from making.unsettled(policy.when_unsettled)
    over = {} if above is None else {rule.id: rule for rule in above.rules}
    for rule in policy.rules:
        if pack in rule.strengthened_by and rule.id in over:
            yield from making.strengthening(rule, over[rule.id])


class _Making:
    def __init__(self, policy: Policy, pack: str, version: str) -> None:
        self.pack = pack
        self.version = version
        self.facts: Facts = {info.spec.name: info for info in policy.facts}
        self.outcomes = [outcome.name for outcome in policy.outcomes]

    def make(self, kind: Kind, words: str, old: Part, new: Part) -> Mutant:
        """Make one mutant."""
        where = "when_unsettled" if isinstance(old, WhenUnsettled) else old.id
        return Mutant(self.pack, self.version, kind, where, words, old, new)

    def rule(self, rule: PolicyRule) -> Iterator[Mutant]:
        """Yield the mutants of a rule."""
        yield self.make("rule", "the rule being left out", rule, replace(rule, given=None, when=NEVER, unless=None, if_unknown="ask", limbs=()))
        for key in ("given", "when", "unless"):
            condition: Condition | None = getattr(rule, key)
            if condition is None:
                continue
            for variant, words in variants(condition, self.facts):
                yield self.make("condition", words, rule, _with(rule, key, variant))
        for key, without in (("given", replace(rule, given=None)), ("unless", replace(rule, unless=None))):
            if (condition := getattr(rule, key)) is not None:
                yield self.make("condition", f"`{key}: {limb_words(condition).strip('`')}` being left out", rule, without)
        if rule.outcome:
            yield self.make("outcome", self._lowered(rule.outcome), rule, replace(rule, outcome=rule.outcome - 1))
        yield from self.duties(rule)
        if rule.if_unknown != "ask":
            words = f"`if_unknown: {rule.if_unknown}` becoming `ask`"
            yield self.make("presumption", words, rule, replace(rule, if_unknown="ask", limbs=()))

    def _lowered(self, rank: int) -> str:
        return f"`{self.outcomes[rank]}` becoming `{self.outcomes[rank - 1]}`"

    def duties(self, part: Part) -> Iterator[Mutant]:
        """Yield the mutants of what a part asks for."""
        for i, duty in enumerate(part.duties):
            if isinstance(part, WhenUnsettled) and part.given_by[i] != self.pack:
                continue
            said = f"`{duty.modality}: {duty.action}`" + ("" if duty.by == "dsl" else f" by `{duty.by}`")
            weaker = WEAKER[duty.modality]
            words = f"{said} becoming `{weaker}`" if weaker else f"{said} being left out"
            changed = () if weaker is None else (replace(duty, modality=weaker),)
            yield self.make("modality", words, part, _with_duties(part, i, changed))
            for deadline in _later(duty.deadline):
                name = duty.deadline.text if duty.deadline else ""
                words = f"{said} losing its deadline (`{name}`)" if deadline is None else f"`{name}` of {said} becoming `{deadline.text}`"
                yield self.make("deadline", words, part, _with_duties(part, i, (replace(duty, deadline=deadline),)))

    def unsettled(self, entry: WhenUnsettled) -> Iterator[Mutant]:
        """Yield the mutants of what the pack says is advised while facts are missing."""
        stated = next(part.pack for part in entry.parts if part.outcome == entry.outcome)
        if entry.outcome > 0 and stated == self.pack:
            yield self.make("presumption", self._lowered(entry.outcome), entry, replace(entry, outcome=entry.outcome - 1))
        yield from self.duties(entry)

    def strengthening(self, rule: PolicyRule, above: PolicyRule) -> Iterator[Mutant]:
        """Yield a mutant for each respect in which a layer strengthens a rule from above."""
        if rule.outcome != above.outcome:
            yield self.make("strengthening", "the stricter outcome being left out", rule, replace(rule, outcome=above.outcome))
        before = {(duty.action, duty.by, duty.modality in ("must_not", "should_not")): duty for duty in above.duties}
        for i, duty in enumerate(rule.duties):
            old = before.get((duty.action, duty.by, duty.modality in ("must_not", "should_not")))
            if old is not None and (old.modality, old.deadline, old.clock) == (duty.modality, duty.deadline, duty.clock):
                continue
            words = f"the strengthening to `{duty.modality}: {duty.action}` being left out"
            kind: Kind = "deadline" if old is not None and old.modality == duty.modality else "strengthening"
            yield self.make(kind, words, rule, _with_duties(rule, i, () if old is None else (old,)))


def _with(rule: PolicyRule, key: str, condition: Condition) -> PolicyRule:
    changed = replace(rule, **{key: condition})  # type: ignore[arg-type]
    return replace(changed, limbs=limbs_of(changed.when)) if key == "when" and rule.if_unknown == "presume_if_partly_met" else changed


def _with_duties(part: Part, i: int, instead: tuple[Duty, ...]) -> Part:
    duties = (*part.duties[:i], *instead, *part.duties[i + 1 :])
    if isinstance(part, WhenUnsettled):
        return replace(part, duties=duties, given_by=(*part.given_by[:i], *(part.given_by[i] for _ in instead), *part.given_by[i + 1 :]))
    return replace(part, duties=duties)


def _later(deadline: Deadline | None) -> Iterator[Deadline | None]:
    """Yield the next longer deadline, and none."""
    if deadline is None:
        return
    match deadline.kind:
        case "immediately":
            yield parse_deadline("same_day")
        case "same_day":
            yield parse_deadline("1 working day")
        case "working_days":
            yield parse_deadline(f"{deadline.days + 1} working days")
        case _:
            yield replace(deadline, text=f"twice {deadline.text}", months=2 * deadline.months, days=2 * deadline.days, seconds=2 * deadline.seconds)
    yield None


def applied(policy: Policy, mutant: Mutant) -> Policy | None:
    """The Policy with the mistake in it; None where its part is not there, or does not say the same in the fields that change."""
    if isinstance(mutant.old, WhenUnsettled):
        part = _changed(policy.when_unsettled, mutant)
        return None if part is None else replace(policy, when_unsettled=part)
    rules = _among(policy.rules, mutant) if isinstance(mutant.old, PolicyRule) else policy.rules
    standing = _among(policy.standing, mutant) if isinstance(mutant.old, Standing) else policy.standing
    return None if rules is None or standing is None else replace(policy, rules=rules, standing=standing)


def _among(parts: tuple[Any, ...], mutant: Mutant) -> tuple[Any, ...] | None:
    """The parts with the one that changes changed; None where it is not there or says something else."""
    for i, part in enumerate(parts):
        if part.id == mutant.where:
            changed = _changed(part, mutant)
            return None if changed is None else (*parts[:i], changed, *parts[i + 1 :])
    return None


def _changed(part: Any, mutant: Mutant) -> Any:  # noqa: ANN401  one of the three kinds of part, and the same one back
    if part.pack != mutant.old.pack:
        return None
    names = [one.name for one in fields(mutant.old) if one.name not in _READ_ONLY and getattr(mutant.old, one.name) != getattr(mutant.new, one.name)]
    if any(getattr(part, name) != getattr(mutant.old, name) for name in names):
        return None
    return replace(part, **{name: getattr(mutant.new, name) for name in names})


def due_in(part: Part) -> set[object]:
    """The deadlines that a part gives: (action, by, whether it forbids, within what, from which clock)."""
    timed = (duty for duty in part.duties if duty.deadline is not None)
    return {(duty.action, duty.by, duty.modality in ("must_not", "should_not"), duty.deadline, duty.clock) for duty in timed}


def strengths(part: Part) -> dict[tuple[str, str, bool], int]:
    """What a part gives: per (action, by, whether it forbids) the strongest strength."""
    found: dict[tuple[str, str, bool], int] = {}
    for duty in part.duties:
        key = (duty.action, duty.by, duty.modality in ("must_not", "should_not"))
        found[key] = max(found.get(key, 0), STRENGTH[duty.modality])
    return found
