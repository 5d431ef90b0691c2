"""What the cases of a pack owe its rules: each test decides, either way, and each number is tried on both its sides.

Comes in: a rule. Goes out: its obligations, each as the condition that a case must meet to fulfil it. Defined so (masking MC/DC):

- A rule is one decision: `given` and `when` and not `unless`, definitions written out. Its literals are its distinct tests.
- A test *decides* the rule in a case if turning the truth of this one test round, every other test keeping its own, turns the rule round. That tests
  are tied (two tests of one fact, `applies_when`, implications) does not matter for what turning round means: the others are thought to stay.
- A test is *shown to decide* if there is a case in which it holds and decides, and one in which it does not hold and decides, the rule holding in one
  of them and not in the other. The two may differ in tests that do not matter in them. Where a rule is an `all` or an `any` of its tests, that is
  the same as a pair of cases in which nothing else differs (unique cause).
- A number is tried on both sides if there are cases with the fact exactly on either side of it in which the test decides.
- A case whose facts are not all known counts where the known ones settle it.

Obligations that no possible case can meet are proved so by search and are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test, tests_of
from safeguarding_rules.language.facts import test_holds
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import Policy, PolicyRule
from safeguarding_rules.testing.coverage_bench import numbers_of
from safeguarding_rules.testing.coverage_words import limb_words

Kind = Literal["decides", "edge"]
ALWAYS: Condition = Always()
NEVER: Condition = Not(Always())


@dataclass(frozen=True, slots=True)
class Obligation:
    """What some case must show: the test holds or not and decides the rule (`at`: with the fact being exactly that number)."""

    rule: str
    kind: Kind
    test: Test
    holds: bool
    met: bool
    condition: Condition
    at: int | None = None

    @property
    def words(self) -> str:
        """What a case that fulfils it exercises."""
        rule = f"`{self.rule}` {'is met' if self.met else 'is not met'}"
        if self.kind == "edge":
            return f"{rule}, with `{self.test.fact}` at {self.at}, an edge of {limb_words(self.test)}"
        return f"{rule} because {limb_words(self.test)} {'holds' if self.holds else 'does not hold'}"


def obligations_of(policy: Policy, pack: str) -> Iterator[Obligation]:
    """Yield the obligations of the rules of a pack, in their order."""
    for rule in policy.rules:
        if rule.pack == pack:
            yield from of_rule(rule, {info.spec.name: (info.spec.low, info.spec.high) for info in policy.facts})


def of_rule(rule: PolicyRule, ranges: dict[str, tuple[int, int]]) -> Iterator[Obligation]:
    """Yield the obligations of a rule; those that no case can meet too."""
    whole = holds_of(rule)
    for test in dict.fromkeys(tests_of(whole)):
        polarities = set(_polarities(whole, test))
        with_, without = fixed(whole, test, ALWAYS), fixed(whole, test, NEVER)
        for holds in (True, False):
            for met in (True, False):
                if (holds == met) not in polarities:
                    continue
                yes, no = (with_, without) if holds == met else (without, with_)
                condition = _all(test if holds else Not(test), yes, Not(no))
                if not _never(condition):
                    yield Obligation(rule.id, "decides", test, holds, met, condition)
        for number in _edges(test, ranges[test.fact]):
            there = Test(test.fact, "is", number)
            holds = _on(test, number)
            for met in (True, False):
                if (holds == met) not in polarities:
                    continue
                yes, no = (with_, without) if holds == met else (without, with_)
                condition = _all(there, yes, Not(no))
                if not _never(condition):
                    yield Obligation(rule.id, "edge", test, holds, met, condition, number)


def _polarities(condition: Condition, test: Test, *, plain: bool = True) -> Iterator[bool]:
    """Yield whether each occurrence of a test makes the condition hold (or, inside a `not`, fail)."""
    match condition:
        case Test():
            if condition == test:
                yield plain
        case Not(member):
            yield from _polarities(member, test, plain=not plain)
        case All(members) | AnyOf(members):
            for member in members:
                yield from _polarities(member, test, plain=plain)
        case _:
            return


def fixed(condition: Condition, test: Test, value: Condition) -> Condition:
    """The condition with one of its tests taken to hold, or not to, wherever it stands; simplified."""
    match condition:
        case Test():
            return value if condition == test else condition
        case Not(member):
            inner = fixed(member, test, value)
            return inner.member if isinstance(inner, Not) else Not(inner)
        case All(members):
            return _all(*(fixed(member, test, value) for member in members))
        case AnyOf(members):
            return _any(*(fixed(member, test, value) for member in members))
        case _:
            return condition


def _all(*members: Condition) -> Condition:
    if any(_never(member) for member in members):
        return NEVER
    kept = tuple(member for member in members if not isinstance(member, Always))
    return kept[0] if len(kept) == 1 else All(kept) if kept else Always()


def _any(*members: Condition) -> Condition:
    if any(isinstance(member, Always) for member in members):
        return Always()
    kept = tuple(member for member in members if not _never(member))
    return kept[0] if len(kept) == 1 else AnyOf(kept) if kept else NEVER


def _never(condition: Condition) -> bool:
    if isinstance(condition, All):
        return any(_never(member) for member in condition.members)
    return isinstance(condition, Not) and isinstance(condition.member, Always)


def _edges(test: Test, bounds: tuple[int, int]) -> Iterator[int]:
    """The last number on one side of each number that a test names, and the first one on the other."""
    low, high = bounds
    found: dict[int, None] = {}
    for number in numbers_of(test):
        match test.op:
            case "below" | "at_least":
                found.update({number - 1: None, number: None})
            case "at_most" | "above":
                found.update({number: None, number + 1: None})
            case _:
                found.update({number - 1: None, number: None, number + 1: None})
    yield from (number for number in found if low <= number <= high)


def _on(test: Test, number: int) -> bool:
    return test_holds(test.op, test.value, number)
