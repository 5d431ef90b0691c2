"""Conditions, tests, facts and table cells as the plain data an author wrote, checked for shape only.

In: plain data. Out: the same data, or every problem at its path. Which facts exist and what type they have is linking's business. Each shape
is written twice, as a check with an author's words and as JSON Schema; the tests hold the two against each other.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from safeguarding_rules.diagnostics import suggest
from safeguarding_rules.language.shapes import LARGEST, Problem, refusal, repeated
from safeguarding_rules.language.words import CHOICES_LIST_TESTS, CHOICES_TESTS, CONDITION_WORDS, LIST_TESTS, ORDER_TESTS, TESTS, describe

Path = tuple[str | int, ...]
Scalar = bool | int | str
TestData = Scalar | dict[str, Any]
"""A literal (the fact equals it), or a mapping with one test."""

DEEPEST = 60
_EQUATION = re.compile(r"(\w+)\s*(?:==?|\bis\b)\s*(\w+)", re.ASCII)
_OTHER_WORDS = {
    "below": frozenset({"less_than", "lower_than", "under", "younger_than", "before", "lt", "<"}),
    "at_most": frozenset({"up_to", "max", "maximum", "until", "to", "lte", "<="}),
    "at_least": frozenset({"min", "minimum", "from", "gte", ">="}),
    "above": frozenset({"greater_than", "more_than", "over", "older_than", "gt", ">"}),
    "is_not": frozenset({"not", "not_equal", "isnt", "ne", "!="}),
    "one_of": frozenset({"in", "any_of", "either"}),
    "none_of": frozenset({"not_in", "neither"}),
    "includes": frozenset({"contains", "has"}),
}
_CONDITION_HELP = (
    "a condition is `{fact: value}`, `{fact: {test: value}}`, `{all: […]}`, `{any: […]}`, `{not: …}`, `{defined: name}` or `{always: true}`"
)


def condition_problems(data: object, path: Path = (), depth: int = 0) -> Iterator[Problem]:
    """Yield what is wrong with the shape of a condition."""
    if depth > DEEPEST:
        yield Problem("SR113", "the condition is nested too deep", path, "give inner conditions a name under `definitions`")
    elif not isinstance(data, dict):
        yield Problem("SR212", f"expected a condition, found {describe(data)}", path, _meant(data))
    elif len(data) != 1:
        yield _not_one_key(data, path)
    else:
        [(key, value)] = data.items()
        yield from _keyed_condition(key, value, (*path, key), depth)


def _meant(data: object) -> str:
    """What to write in place of something that is no condition."""
    if isinstance(data, list) and data:
        return "write `all: […]` where every one must hold, `any: […]` where one is enough"
    if isinstance(data, str) and (written := _EQUATION.fullmatch(data.strip())):
        return f"write `{{{written[1]}: {written[2]}}}`"
    return _CONDITION_HELP


def _not_one_key(data: dict[Any, Any], path: Path) -> Problem:
    if not data:
        return Problem("SR212", "the condition is empty", path, _CONDITION_HELP)
    keys = ", ".join(f"`{key}`" for key in data)
    return Problem("SR212", f"a condition has one key, this one has {keys}", path, "write `{all: [{…}, {…}]}` or `{any: [{…}, {…}]}`")


def _keyed_condition(key: object, value: object, path: Path, depth: int) -> Iterator[Problem]:
    if key in ("all", "any"):
        yield from _members(value, path, depth)
    elif key == "not":
        yield from condition_problems(value, path, depth + 1)
    elif key == "defined":
        if not isinstance(value, str) or not value:
            yield Problem("SR212", f"expected the name of a definition, found {describe(value)}", path)
    elif key == "always":
        if value is not True:
            yield Problem("SR212", f"`always` takes `true`, found {describe(value)}", path)
    elif not isinstance(key, str):
        yield Problem("SR212", f"expected the name of a fact, found {describe(key)}", path, _CONDITION_HELP, key=True)
    else:
        yield from problems_of_test(value, path, key)


def _members(value: object, path: Path, depth: int) -> Iterator[Problem]:
    if not isinstance(value, list) or not value:
        remedy = "write a list, also of one: `[{…}]`, or `- ` before each condition" if isinstance(value, dict) else None
        yield Problem("SR212", f"expected a list of conditions, found {'an empty list' if value == [] else describe(value)}", path, remedy)
        return
    for place, member in enumerate(value):
        yield from condition_problems(member, (*path, place), depth + 1)


def problems_of_test(data: object, path: Path = (), fact: str = "") -> Iterator[Problem]:
    """Yield what is wrong with the shape of a test; `fact` is the key it stands under."""
    if isinstance(data, str):
        if not data:
            yield Problem("SR213", "the value is empty", path)
    elif isinstance(data, int):
        yield from _too_large(data, path)
    elif isinstance(data, dict):
        if len(data) == 1:
            [(test, operand)] = data.items()
            yield from _operand_problems(test, operand, (*path, test))
        else:
            yield Problem("SR213", "a test is a value, or a mapping with one test", path, "join several tests with `all`")
    elif isinstance(data, list):
        remedy = suggest(fact, CONDITION_WORDS) or "write `{one_of: […]}`, or `{includes_any: […]}` for a `choices` fact"
        yield Problem("SR213", "a list is not a test", path, remedy)
    else:
        yield Problem("SR213", f"expected a test, found {describe(data)}", path, "write a value, or a test such as `{below: 13}`")


def _operand_problems(test: object, operand: object, path: Path) -> Iterator[Problem]:
    if test in ORDER_TESTS:
        if isinstance(operand, bool) or not isinstance(operand, int):
            yield Problem("SR213", f"`{test}` takes a whole number, found {describe(operand)}", path)
        else:
            yield from _too_large(operand, path)
    elif test == "is_not":
        yield from _scalar_problems(operand, path)
    elif test in CHOICES_TESTS:
        if not isinstance(operand, str) or not operand:
            yield Problem("SR213", f"`{test}` takes a value, found {describe(operand)}", path)
    elif test in LIST_TESTS or test in CHOICES_LIST_TESTS:
        yield from _list_problems(str(test), operand, path)
    else:
        remedy = _instead(str(test)) or f"the tests are {', '.join(f'`{name}`' for name in TESTS)}"
        yield Problem("SR213", f"`{test}` is not a test", path, remedy, key=True)


def _instead(test: str) -> str | None:
    """The test that somebody meant who wrote another word."""
    other = next((name for name, words in _OTHER_WORDS.items() if test.replace(" ", "_").replace("-", "_").casefold() in words), None)
    return suggest(test, TESTS) if other is None else f"write `{other}`"


def _list_problems(test: str, operand: object, path: Path) -> Iterator[Problem]:
    if not isinstance(operand, list) or not operand:
        yield Problem("SR213", f"`{test}` takes a list of values, found {'an empty list' if operand == [] else describe(operand)}", path)
        return
    twice = set(repeated(operand))
    for place, value in enumerate(operand):
        if test in CHOICES_LIST_TESTS and not isinstance(value, str):
            yield Problem("SR213", f"expected a value, found {describe(value)}", (*path, place))
        else:
            yield from _scalar_problems(value, (*path, place))
        if place in twice:
            yield Problem("SR215", f"{describe(value)} is listed twice", (*path, place))


def _scalar_problems(value: object, path: Path) -> Iterator[Problem]:
    if isinstance(value, int):
        yield from _too_large(value, path)
    elif not isinstance(value, str) or not value:
        yield Problem("SR213", f"expected a value, found {describe(value)}", path)


def _too_large(value: int, path: Path) -> Iterator[Problem]:
    if abs(value) > LARGEST:
        yield Problem("SR209", "the number is larger than any fact can be", path)


def fact_value_problems(data: object, path: Path = ()) -> Iterator[Problem]:
    """Yield what is wrong with the shape of what a case says about a fact: a value, null, a list, `{only: […]}` or one test."""
    if data is None:
        return
    if isinstance(data, list):
        yield from _known_values(data, path)
    elif isinstance(data, dict) and set(data) == {"only"}:
        values = data["only"]
        if isinstance(values, list):
            yield from _known_values(values, (*path, "only"))
        else:
            yield Problem("SR213", f"`only` takes a list of values, found {describe(values)}", (*path, "only"))
    else:
        yield from problems_of_test(data, path)


def _known_values(values: list[object], path: Path) -> Iterator[Problem]:
    twice = set(repeated(values))
    for place, value in enumerate(values):
        if not isinstance(value, str) or not value:
            yield Problem("SR213", f"expected a value, found {describe(value)}", (*path, place))
        elif place in twice:
            yield Problem("SR215", f"{describe(value)} is listed twice", (*path, place))


def _condition(data: object) -> dict[str, Any]:
    if problems := list(condition_problems(data)):
        raise refusal(problems, data)
    assert isinstance(data, dict)  # noqa: S101 - told to mypy; a condition without problems is a mapping
    return data


def _fact_value(data: object) -> object:
    if problems := list(fact_value_problems(data)):
        raise refusal(problems, data)
    return data


_VALUE_SCHEMA: dict[str, Any] = {"type": ["boolean", "integer", "string"], "minLength": 1, "minimum": -LARGEST, "maximum": LARGEST}
_NUMBER_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST}
_WORD_SCHEMA: dict[str, Any] = {"type": "string", "minLength": 1}
_TEST_KEYS: dict[str, Any] = {
    "is_not": _VALUE_SCHEMA,
    **dict.fromkeys(ORDER_TESTS, _NUMBER_SCHEMA),
    **{test: {"type": "array", "minItems": 1, "uniqueItems": True, "items": _VALUE_SCHEMA} for test in LIST_TESTS},
    **dict.fromkeys(CHOICES_TESTS, _WORD_SCHEMA),
    **{test: {"type": "array", "minItems": 1, "uniqueItems": True, "items": _WORD_SCHEMA} for test in CHOICES_LIST_TESTS},
}
TEST_SCHEMA: dict[str, Any] = {
    **_VALUE_SCHEMA,
    "type": ["boolean", "integer", "string", "object"],
    "description": "What a fact must be: a value, or one test such as {below: 13}.",
    "properties": _TEST_KEYS,
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
}
_KNOWN_SCHEMA: dict[str, Any] = {"type": "array", "uniqueItems": True, "items": _WORD_SCHEMA}
FACT_VALUE_SCHEMA: dict[str, Any] = {
    **TEST_SCHEMA,
    "type": ["boolean", "integer", "string", "object", "array", "null"],
    "description": "What is known of a fact: a value, a test such as {below: 13}; for `choices` a list of what is included, or {only: […]}.",
    "properties": {**_TEST_KEYS, "only": _KNOWN_SCHEMA},
    **{key: value for key, value in _KNOWN_SCHEMA.items() if key != "type"},
}
_CONDITION_LINK = {"x-definition": "Condition"}
CONDITION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A mapping with one key: a fact and its test, or `all`, `any`, `not`, `defined`, `always`.",
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {
        "all": {"type": "array", "minItems": 1, "items": _CONDITION_LINK, "description": "Holds when every member holds."},
        "any": {"type": "array", "minItems": 1, "items": _CONDITION_LINK, "description": "Holds when at least one member holds."},
        "not": {**_CONDITION_LINK, "description": "Holds when the condition does not."},
        "defined": {**_WORD_SCHEMA, "description": "Holds when the named definition of this pack holds."},
        "always": {"const": True, "description": "Always holds."},
    },
    "additionalProperties": {"x-definition": "Test"},
}
DEFINITIONS: dict[str, dict[str, Any]] = {"Condition": CONDITION_SCHEMA, "Test": TEST_SCHEMA, "FactValue": FACT_VALUE_SCHEMA}
"""JSON Schemas that others refer to by `x-definition`; `schemas.py` puts them into `$defs`."""

ConditionData = Annotated[dict[str, Any], PlainValidator(_condition), WithJsonSchema(_CONDITION_LINK)]
FactValue = Annotated[Any, PlainValidator(_fact_value), WithJsonSchema({"x-definition": "FactValue"})]
