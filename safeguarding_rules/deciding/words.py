"""Conditions in words, from the names and labels of a pack; nothing is invented."""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test
from safeguarding_rules.linking.policy import FactInfo

_OPS = {"below": "below", "at_most": "at most", "at_least": "at least", "above": "above"}


def plain(name: str) -> str:
    """A name as words: `adult_involved` becomes `adult involved`."""
    return name.replace("_", " ").replace("-", " ")


def condition_words(condition: Condition, facts: Mapping[str, FactInfo]) -> str:
    """A condition as one phrase."""
    match condition:
        case Test():
            return _test_words(condition, facts)
        case Always():
            return "always"
        case Not(member):
            return f"not ({condition_words(member, facts)})"
        case All(members):
            return " and ".join(_grouped(member, facts) for member in members)
        case AnyOf(members):
            return " or ".join(_grouped(member, facts) for member in members)
        case _:
            return ""


def _grouped(condition: Condition, facts: Mapping[str, FactInfo]) -> str:
    words = condition_words(condition, facts)
    return f"({words})" if isinstance(condition, All | AnyOf) else words


def _test_words(test: Test, facts: Mapping[str, FactInfo]) -> str:
    name = plain(test.fact)
    info = facts[test.fact]
    if isinstance(test.value, bool):
        positive = test.value == (test.op == "is")
        return name if positive else f"{name}: no"
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    shown = " or ".join(info.labels.get(str(value), str(value)) for value in values)
    if test.op in _OPS:
        return f"{name} {_OPS[test.op]} {shown}"
    if test.op in ("is_not", "none_of", "excludes"):
        return f"{name} is not {shown}"
    return f"{name}: {shown}"
