"""One space of cases for two policies.

Comes in: two Policies. Goes out: a `CommonSpace`: a space over the facts of both, how each side's facts are called in it, and what
one side alone can say.
A case of the common space gives every fact of both policies a value, satisfies the ties and implications of both, and gives a fact that both declare
one value. So:

- a fact that one side alone declares takes every value; the other side does not look at it;
- of a choice or an integer, the values that both declare are compared; the rest is left out and said;
- a `choices` value that one side alone declares is like a fact of its own;
- a fact whose `applies_when` differs has one value a side, and the two agree wherever both apply;
- a fact whose type differs, or that shares no value, is two facts;
- cases that an implication of one side alone rules out are left out and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from safeguarding_rules.language.conditions import All, Always, Condition, Not, Test, rewritten, tests_of
from safeguarding_rules.language.facts import FactSpec, unmask
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import FactInfo, Policy
from safeguarding_rules.worlds.build import Implication, build_space, starts_of
from safeguarding_rules.worlds.space import BudgetExceededError, Space
from safeguarding_rules.worlds.sums import sum_in

SideName = Literal["old", "new"]
SIDES: tuple[SideName, SideName] = ("old", "new")
NEW_COPY = "@new"
"""Ends the name of the new side's own copy of a fact that the two sides cannot share."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Something that one side alone can say, or that the sides say differently. `left_out`: cases with it are not compared."""

    kind: Literal["fact", "value", "bounds", "type", "applies", "implication", "scale"]
    side: SideName | Literal["both"]
    name: str
    text: str
    left_out: bool = False


@dataclass(frozen=True)
class CommonSpace:
    """The common space. `names`: per side, fact to name in the space. `infos`: by name in the space."""

    space: Space
    names: Mapping[SideName, Mapping[str, str]]
    infos: Mapping[str, FactInfo]
    apart: tuple[Apart, ...]

    def condition(self, side: SideName, condition: Condition) -> Condition:
        """A side's condition in the words of the common space."""
        return renamed(condition, self.names[side])


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The condition with its facts called otherwise."""
    return rewritten(condition, lambda leaf: replace(leaf, fact=names.get(leaf.fact, leaf.fact)) if isinstance(leaf, Test) else leaf)


def common_space(old: Policy, new: Policy) -> CommonSpace:
    """Lay out the common space. Raises TooManyTermsError as `build_space` does."""
    return _Aligning(old, new).common()


class _Aligning:
    def __init__(self, old: Policy, new: Policy) -> None:
        self.policies: dict[SideName, Policy] = {"old": old, "new": new}
        self.facts = {side: {info.spec.name: info for info in policy.facts} for side, policy in self.policies.items()}
        self.names: dict[SideName, dict[str, str]] = {side: {name: name for name in facts} for side, facts in self.facts.items()}
        self.apart: list[Apart] = []
        self.split: list[tuple[str, str]] = []  # old name, new name: one fact with a copy a side
        self._find_renamed()
        self._find_copies()

    def _find_renamed(self) -> None:
        """Give one name to a fact that has another one on each side; either side may say so."""
        for side, there in zip(reversed(SIDES), SIDES, strict=True):
            mine, others = self.facts[side], self.facts[there]
            for name, info in mine.items():
                earlier = [other for other in info.formerly if other in others and other not in mine]
                if name in others or len(earlier) != 1:
                    continue
                before, after = (earlier[0], name) if side == "new" else (name, earlier[0])
                if self.names["old"][before] == before:
                    self.names["old"][before] = after
                    self.apart.append(Apart("fact", "both", after, f"`{before}` is now called `{after}`; they are compared as one"))

    def _find_copies(self) -> None:
        """Give the new side a copy of its own of every fact that cannot be shared, and of those whose tie mentions such a fact."""
        pairs = {
            joint: (self.facts["old"][name], self.facts["new"][joint]) for name, joint in self.names["old"].items() if joint in self.facts["new"]
        }
        more = True
        while more:
            more = False
            for joint, (old, new) in pairs.items():
                if self.names["new"][joint] == joint and (not _shareable(old.spec, new.spec) or self._applies_differently(old, new)):
                    self.names["new"][joint] = joint + NEW_COPY
                    more = True

    def common(self) -> CommonSpace:
        there = {joint: name for name, joint in self.names["old"].items()}
        infos: dict[str, FactInfo] = {}
        for name, info in self.facts["old"].items():
            joint = self.names["old"][name]
            other = self.facts["new"].get(joint)
            infos[joint] = self._only("old", info) if other is None else replace(info, spec=self._shared(joint, info, other))
        for name, info in self.facts["new"].items():
            joint = self.names["new"][name]
            if joint not in infos:
                infos[joint] = self._only("new", info) if name not in there else replace(info, spec=self._copied(joint, there[name], info.spec))
            elif joint == name and name in there:
                infos[name] = replace(info, spec=infos[name].spec, labels={**infos[name].labels, **info.labels})
        infos = {joint: self._tied(joint, info) for joint, info in infos.items()}
        specs = [info.spec for info in infos.values()]
        implications = {side: self._implications(side) for side in SIDES}
        weighted = list(self._weighted())
        both = list(dict.fromkeys((*implications["old"], *implications["new"])))
        space = build_space(specs, [*both, *self._links(weighted)], weighted)
        self._ruled_out("old", "new", implications, specs, weighted)
        self._ruled_out("new", "old", implications, specs, weighted)
        return CommonSpace(space, self.names, infos, tuple(self.apart))

    # -- facts ----------------------------------------------------------------------------------------------------------------------

    def _only(self, side: SideName, info: FactInfo) -> FactInfo:
        name = info.spec.name
        self.apart.append(Apart("fact", side, name, f"the fact `{name}` ({info.question}) is known to the {side} version only"))
        return info

    def _shared(self, joint: str, old: FactInfo, new: FactInfo) -> FactSpec:
        one, other = old.spec, new.spec
        values = tuple(value for value in one.values if value in other.values)
        low, high = max(one.low, other.low), min(one.high, other.high)
        if not _shareable(one, other):
            text = f"the old and the new version give `{joint}` no value in common; they are compared as different facts"
            self.apart.append(Apart("type", "both", joint, text))
            return replace(one, name=joint)
        self._say_values(joint, old, new)
        if (one.low, one.high) != (other.low, other.high):
            text = f"`{joint}` ran from {one.low} to {one.high} and now runs from {other.low} to {other.high}; {low} to {high} is compared"
            self.apart.append(Apart("bounds", "both", joint, text, left_out=True))
        if one.type == "choices":
            values = (*one.values, *(value for value in other.values if value not in one.values))
        if self.names["new"][joint] != joint:
            self.split.append((joint, joint + NEW_COPY))
            text = f"when `{joint}` applies has changed; it is taken to be the same wherever it applies in both versions"
            self.apart.append(Apart("applies", "both", joint, text))
        return FactSpec(joint, one.type, values, low, high, one.tied)

    def _copied(self, joint: str, old: str, spec: FactSpec) -> FactSpec:
        """The new side's own copy of a fact: like the old one, without what the other side cannot say."""
        one = self.facts["old"][old].spec
        if not _shareable(one, spec):
            return replace(spec, name=joint)
        values = tuple(value for value in spec.values if spec.type == "choices" or value in one.values)
        return replace(spec, name=joint, values=values, low=max(one.low, spec.low), high=min(one.high, spec.high))

    def _say_values(self, joint: str, old: FactInfo, new: FactInfo) -> None:
        left_out = old.spec.type == "choice"
        pairs: tuple[tuple[SideName, FactInfo, FactInfo], ...] = (("old", old, new), ("new", new, old))
        for side, info, other in pairs:
            for value in info.spec.values:
                if value not in other.spec.values:
                    what = "cases with it are not compared" if left_out else "the other version does not look at it"
                    label = info.labels.get(value, value)
                    text = f"`{joint}: {value}` ({label}) is known to the {side} version only; {what}"
                    self.apart.append(Apart("value", side, joint, text, left_out=left_out))

    def _applies_differently(self, old: FactInfo, new: FactInfo) -> bool:
        one, other = old.spec.tied, new.spec.tied
        if one is None or other is None:
            return one is not other
        return self._named("old", one) != self._named("new", other)

    def _named(self, side: SideName, condition: Condition) -> Condition:
        return renamed(condition, self.names[side])

    def _tied(self, joint: str, info: FactInfo) -> FactInfo:
        """The fact with its tie in the words of the common space; the new side's copy keeps the domain that is compared."""
        spec = info.spec
        copied = joint.endswith(NEW_COPY)
        side: SideName = "new" if copied or joint not in self.names["old"].values() else "old"
        tie = self.facts["new"][joint.removesuffix(NEW_COPY)].spec.tied if copied else spec.tied
        return replace(info, spec=replace(spec, name=joint, tied=None if tie is None else self._named(side, tie), masked=None))

    # -- conditions -----------------------------------------------------------------------------------------------------------------

    def _implications(self, side: SideName) -> list[Implication]:
        return [(self._named(side, one.condition), self._named(side, one.consequence)) for one in self.policies[side].implications]

    def _weighted(self) -> Iterable[tuple[Condition, int]]:
        for side, policy in self.policies.items():
            for rule in policy.rules:
                yield self._named(side, holds_of(rule)), 1 + (rule.outcome or 0) ** 2

    def _links(self, weighted: Sequence[tuple[Condition, int]]) -> Iterable[Implication]:
        """What keeps the two copies of a fact equal wherever both apply."""
        for old, new in self.split:
            applies = [self._applies("old", old), self._applies("new", new.removesuffix(NEW_COPY))]
            for first, second in ((old, new), (new, old)):
                for op, value in self._tests(old, new, weighted):
                    yield All((*applies, Test(first, op, value))), Test(second, op, value)

    def _applies(self, side: SideName, joint: str) -> Condition:
        name = next(name for name, other in self.names[side].items() if other.removesuffix(NEW_COPY) == joint)
        applies = self.facts[side][name].applies_when
        specs = {name: info.spec for name, info in self.facts[side].items()}
        return Always() if applies is None else self._named(side, unmask(applies, specs))

    def _tests(
        self, old: str, new: str, weighted: Sequence[tuple[Condition, int]]
    ) -> Iterable[tuple[Literal["is", "includes", "at_least"], bool | int | str]]:
        spec = self.facts["new"][old].spec
        if spec.type == "boolean":
            yield "is", True
        elif spec.type == "choice":
            yield from (("is", value) for value in spec.values)
        elif spec.type == "choices":
            yield from (("includes", value) for value in spec.values)
        else:
            conditions = [condition for condition, _ in weighted] + [part for side in SIDES for pair in self._implications(side) for part in pair]
            conditions += [self._named(side, tie) for side in SIDES for info in self.facts[side].values() if (tie := info.spec.tied) is not None]
            tests = [test for condition in conditions for test in tests_of(condition) if test.fact in (old, new)]
            starts = {start for test in tests for start in starts_of(test)}
            starts |= {
                edge for side in SIDES for info in self.facts[side].values() if info.spec.name == old for edge in (info.spec.low, info.spec.high + 1)
            }
            yield from (("at_least", start) for start in sorted(starts) if spec.low <= start <= spec.high)

    # -- cases that one side alone allows ---------------------------------------------------------------------------------------------

    def _ruled_out(
        self,
        side: SideName,
        other: SideName,
        implications: Mapping[SideName, list[Implication]],
        specs: Sequence[FactSpec],
        weighted: Sequence[tuple[Condition, int]],
    ) -> None:
        """Say which implications of `side` rule out cases that the other version allows."""
        own = [pair for pair in zip(self.policies[side].implications, implications[side], strict=True) if pair[1] not in implications[other]]
        shared = set(self.names[other].values())
        own = [pair for pair in own if {test.fact for part in pair[1] for test in tests_of(part)} <= shared]
        if not own:
            return
        alone = build_space(specs, implications[other], [*weighted, *((part, 0) for _, pair in own for part in pair)])
        for info, (condition, consequence) in own:
            if _allows(alone, All((condition, Not(consequence)))):
                text = f"the {side} version alone rules some cases out, which are not compared: {info.because}"
                self.apart.append(Apart("implication", side, info.pack, text, left_out=True))


def _shareable(one: FactSpec, other: FactSpec) -> bool:
    """Whether two declarations have a value in common."""
    if one.type != other.type or max(one.low, other.low) > min(one.high, other.high):
        return False
    return one.type != "choice" or bool(set(one.values) & set(other.values))


def _allows(space: Space, condition: Condition) -> bool:
    try:
        return any(space.find(box) for box in sum_in(space, condition).boxes)
    except BudgetExceededError:
        return True
