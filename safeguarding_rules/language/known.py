"""What may be said of one fact of a case: a value, a list for `choices`, or one test; and what is wrong with it otherwise.

Shared by deciding (facts of a real case) and linking (facts of the vignettes in packs). Source: docs/reference/language.md, "Facts of a case".
"""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding_rules.diagnostics import closest
from safeguarding_rules.language.conditions import ORDER_OPS, TEST_OPS, Test
from safeguarding_rules.language.facts import FactSpec

KINDS: Mapping[str, str] = {"boolean": "true or false", "integer": "a whole number", "choice": "one of its values", "choices": "a list of its values"}
TYPES: Mapping[str, type] = {"boolean": bool, "integer": int, "choice": str}
_SHOWN = 60
_LEAVE_OUT = "leave the fact out if it is not known"
_UNKNOWN = frozenset({"?", "-", "unknown", "not known", "unsure", "not sure", "don't know", "dont know", "n/a", "na", "none", "null"})
_YES_AND_NO = {"yes": "true", "y": "true", "true": "true", "on": "true", "no": "false", "n": "false", "false": "false", "off": "false"}
_LARGE_BITS = 200


class KnownError(ValueError):
    """What is said of a fact cannot be: a diagnostic code, a message and a remedy."""

    def __init__(self, code: str, message: str, help: str) -> None:  # noqa: A002  the word of the diagnostics
        super().__init__(code, message, help)
        self.code = code
        self.message = message
        self.help = help


def known_problem(spec: FactSpec, value: object) -> KnownError | None:
    """What is wrong with a value (not null) given for a fact, if anything."""
    try:
        if spec.type == "choices":
            known_members(spec, value)
        elif isinstance(value, Mapping):
            known_test(spec, value)
        else:
            _operand(spec, value)
    except KnownError as error:
        return error
    return None


def known_members(spec: FactSpec, value: object) -> dict[str, bool]:
    """Which values a list, `{only: [..]}` or a test of a `choices` fact says are included or not."""
    rest: dict[str, bool] = {}
    if isinstance(value, Mapping) and len(value) == 1:
        ((op, value),) = value.items()
        if op == "only":
            rest = dict.fromkeys(spec.values, False)
        elif op in ("includes", "excludes"):
            value = [value]
        elif op != "includes_all":
            message = f"{shown(op)} cannot say what is known of a `choices` fact"
            raise KnownError("SR806", message, "write a list of what is included, or `{only: [..]}`")
        if op == "excludes":
            return dict.fromkeys(_listed(spec, value), False)
    return rest | dict.fromkeys(_listed(spec, value), True)


def _listed(spec: FactSpec, value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        raise KnownError("SR803", f"{shown(value)} is not a list of its values", "write a list, or leave the fact out if nothing is known")
    for member in value:
        if not isinstance(member, str) or member not in spec.values:
            raise _no_value(spec, member)
    return list(value)


def known_test(spec: FactSpec, value: object) -> Test:
    """A known test of a boolean, integer or choice, fully checked."""
    if not isinstance(value, Mapping):
        raise KnownError("SR803", f"{shown(value)} is not {KINDS[spec.type]}", f"write {KINDS[spec.type]}, or leave the fact out")
    if len(value) != 1:
        raise KnownError("SR806", "a test has exactly one key", "such as `{below: 13}`")
    ((op, operand),) = value.items()
    allowed = {"is_not", "one_of", "none_of"} | (ORDER_OPS if spec.type == "integer" else set())
    if not isinstance(op, str) or op not in allowed:
        near = closest(op, allowed) if isinstance(op, str) and op not in TEST_OPS else None
        hint = f"did you mean `{near}`?" if near else "one of: " + ", ".join(sorted(allowed))
        raise KnownError("SR806", f"{shown(op)} is not a test of this fact", hint)
    operands = operand if op in ("one_of", "none_of") else [operand]
    if not isinstance(operands, list | tuple) or not operands:
        raise KnownError("SR806", f"`{op}` takes a list of values", "such as `{one_of: [..]}`")
    for item in operands:
        _operand(spec, item)
    return Test(spec.name, op, tuple(operands) if op in ("one_of", "none_of") else operands[0])  # type: ignore[arg-type]


def _operand(spec: FactSpec, item: object) -> None:
    if type(item) is not TYPES[spec.type]:
        raise KnownError("SR803", f"{shown(item)} is not {KINDS[spec.type]}", _remedy(spec, item))
    if spec.type == "integer" and not spec.low <= item <= spec.high:  # type: ignore[operator]
        raise KnownError("SR804", f"{shown(item)} is outside {spec.low} to {spec.high}", "check the number")
    if spec.type == "choice" and item not in spec.values:
        raise _no_value(spec, item)


def _no_value(spec: FactSpec, item: object) -> KnownError:
    near = closest(item[:_SHOWN], spec.values) if isinstance(item, str) else None
    remedy = f"did you mean `{near}`?" if near else "one of: " + ", ".join(spec.values) + f"; {_LEAVE_OUT}"
    return KnownError("SR805", f"{shown(item)} is not one of its values", _LEAVE_OUT if _says_unknown(item) else remedy)


def _remedy(spec: FactSpec, item: object) -> str:
    """How to say what was most likely meant by something of the wrong type."""
    if _says_unknown(item):
        return _LEAVE_OUT
    if spec.type == "boolean" and isinstance(item, str) and item.strip().lower() in _YES_AND_NO:
        return f"write {_YES_AND_NO[item.strip().lower()]}, without quotes"
    if isinstance(item, list | tuple) and item and spec.type != "boolean":
        alone = len(item) == 1 and (type(item[0]) is int or (isinstance(item[0], str) and item[0] in spec.values))
        one = f"write the value alone, {shown(item[0])}" if alone else "write one value"
        return f"{one}, or `{{one_of: [..]}}` where it is one of several; {_LEAVE_OUT}"
    return f"write {KINDS[spec.type]}; {_LEAVE_OUT}"


def _says_unknown(item: object) -> bool:
    return isinstance(item, str) and item.strip().lower().replace("_", " ") in _UNKNOWN


def overlaps(cell: tuple[int, int], test: Test) -> bool:  # noqa: PLR0911  one line a test
    """Whether the test holds on some number of the cell."""
    low, high = cell
    value = test.value
    match test.op:
        case "below":
            return low < value  # type: ignore[operator]
        case "at_most":
            return low <= value  # type: ignore[operator]
        case "above":
            return high > value  # type: ignore[operator]
        case "at_least":
            return high >= value  # type: ignore[operator]
        case "one_of":
            return any(low <= item <= high for item in value)  # type: ignore[operator, union-attr]
        case "is_not":
            return not low == high == value
        case _:
            return high - low + 1 > len({item for item in value if low <= item <= high})  # type: ignore[operator, union-attr]


def shown(value: object) -> str:
    """A value as the user wrote it, shortened, in backticks."""
    if isinstance(value, int) and value.bit_length() > _LARGE_BITS:
        return "`a number of over 60 digits`"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, Mapping):
        return "a mapping"
    text = "null" if value is None else repr(value) if isinstance(value, str | int | float | bool) else type(value).__name__
    if isinstance(value, bool):
        text = str(value).lower()
    return f"`{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}`"
