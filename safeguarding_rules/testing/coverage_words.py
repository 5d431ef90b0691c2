"""Limbs of conditions in a few words, as an author wrote them."""

from __future__ import annotations

from safeguarding_rules.language.conditions import All, AnyOf, Condition, Not, Test

_LONGEST = 90


def limb_words(condition: Condition) -> str:
    """A condition as short code: `youngest_pictured_age: {below: 13}`; long ones are cut."""
    words = _words(condition)
    return f"`{words}`" if len(words) <= _LONGEST else f"`{words[: _LONGEST - 2]} …`"


def _words(condition: Condition) -> str:
    match condition:
        case Test(fact, op, value):
            shown = _value(value)
            return f"{fact}: {shown}" if op == "is" else f"{fact}: {{{op}: {shown}}}"
        case Not(member):
            return f"not {_words(member)}" if isinstance(member, Test) else f"not ({_words(member)})"
        case All(members):
            return " and ".join(_nested(member) for member in members)
        case AnyOf(members):
            return " or ".join(_nested(member) for member in members)
        case _:
            return "always"


def _nested(condition: Condition) -> str:
    return f"({_words(condition)})" if isinstance(condition, All | AnyOf) and len(condition.members) > 1 else _words(condition)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
