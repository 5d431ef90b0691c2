"""Every condition that is a small mistake away from one: a number shifted, a limb dropped or turned round, `all` and `any` swapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

from safeguarding_rules.language.conditions import All, AnyOf, Condition, Not, Scalar, Test
from safeguarding_rules.linking.policy import FactInfo
from safeguarding_rules.testing.coverage_bench import numbers_of
from safeguarding_rules.testing.coverage_words import limb_words

Variant = tuple[Condition, str]
Facts = dict[str, FactInfo]


def variants(condition: Condition, facts: Facts) -> Iterator[Variant]:
    """Yield each variant of a condition with what became of it, in words that complete "no case would notice … in `rule`"."""
    if isinstance(condition, Test):
        yield Not(condition), f"{limb_words(condition)} being turned round"
    yield from _inner(condition, facts)


def _inner(condition: Condition, facts: Facts) -> Iterator[Variant]:
    match condition:
        case Test():
            yield from _shifted(condition, facts[condition.fact])
        case Not(member):
            yield member, f"{limb_words(condition)} being turned round"
            for variant, words in _inner(member, facts):
                yield Not(variant), words
        case All(members):
            yield from _group(members, All, "all", "any", AnyOf, facts)
        case AnyOf(members):
            yield from _group(members, AnyOf, "any", "all", All, facts)
        case _:
            return


def _group(  # noqa: PLR0913, PLR0917  a node and what it becomes
    members: tuple[Condition, ...],
    make: Callable[[tuple[Condition, ...]], Condition],
    name: str,
    other: str,
    swapped: Callable[[tuple[Condition, ...]], Condition],
    facts: Facts,
) -> Iterator[Variant]:
    if len(members) > 1:
        yield swapped(members), f"`{name}` of {limb_words(make(members))} becoming `{other}`"
    for i, member in enumerate(members):
        before, after = members[:i], members[i + 1 :]
        rest = (*before, *after)
        if rest:
            yield rest[0] if len(rest) == 1 else make(rest), f"{limb_words(member)} being left out"
        if not isinstance(member, Not):
            yield make((*before, Not(member), *after)), f"{limb_words(member)} being turned round"
        for variant, words in _inner(member, facts):
            yield make((*before, variant, *after)), words


def _shifted(test: Test, info: FactInfo) -> Iterator[Variant]:
    low, high = info.spec.low, info.spec.high
    for number in numbers_of(test):
        for moved in (number - 1, number + 1):
            # One past the range is a number that a careless hand could write too, where the test has an order.
            if low <= moved <= high + 1:
                value = tuple(moved if one == number else one for one in test.value) if isinstance(test.value, tuple) else moved
                yield replace(test, value=cast(Scalar | tuple[Scalar, ...], value)), f"{number} becoming {moved} in {limb_words(test)}"
