"""Facts as the language types them, and what a test of a fact means on one value.

`NOT_APPLICABLE` is the extra value an integer or choice takes where its `applies_when` is false; authors and users never write it.
"""

from __future__ import annotations

from typing import Final, Literal

from safeguarding_rules.frozen import frozen
from safeguarding_rules.language.conditions import All, AnyOf, Condition, Not, Scalar, Test, rewritten

FactType = Literal["boolean", "integer", "choice", "choices"]


class _NotApplicable:
    __slots__ = ()

    def __repr__(self) -> str:
        return "not applicable"

    def __reduce__(self) -> str:
        """There is only one, in copies and other processes too."""
        return "NOT_APPLICABLE"


NOT_APPLICABLE: Final = _NotApplicable()
Value = Scalar | _NotApplicable


@frozen
class FactSpec:
    """A fact with its finite domain: `values` for choice and choices, `low` and `high` (both included) for integer.

    `tied` is the condition under which it applies. `masked` is that condition for a layer's fact that leans on facts from above:
    it is not tied, but its tests count as not applicable where the condition is false.
    """

    name: str
    type: FactType
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    tied: Condition | None = None
    masked: Condition | None = None


def test_holds(op: str, operand: object, value: Value) -> bool:  # noqa: PLR0911  one line a test
    """Whether a test of a boolean, integer or choice holds on a value (`NOT_APPLICABLE` included)."""
    if op in ("is_not", "none_of"):
        return value != operand if op == "is_not" else value not in operand  # type: ignore[operator]
    if value is NOT_APPLICABLE:
        return False
    match op:
        case "is":
            return value == operand
        case "one_of":
            return value in operand  # type: ignore[operator]
        case "below":
            return value < operand  # type: ignore[operator]
        case "at_most":
            return value <= operand  # type: ignore[operator]
        case "at_least":
            return value >= operand  # type: ignore[operator]
        case _:
            return value > operand  # type: ignore[operator]


def unmask(condition: Condition, facts: dict[str, FactSpec]) -> Condition:
    """The condition with every test of a masked fact made to count as not applicable where the fact does not apply."""
    return rewritten(condition, lambda leaf: _unmasked(leaf, facts) if isinstance(leaf, Test) else leaf)


def _unmasked(test: Test, facts: dict[str, FactSpec]) -> Condition:
    applies = facts[test.fact].masked
    if applies is None:
        return test
    if _holds_unapplied(test, facts[test.fact]):
        return AnyOf((Not(unmask(applies, facts)), test), test.path)
    return All((unmask(applies, facts), test), test.path)


def _holds_unapplied(test: Test, spec: FactSpec) -> bool:
    if spec.type == "choices":
        return test.op == "excludes"
    return test_holds(test.op, test.value, False if spec.type == "boolean" else NOT_APPLICABLE)
