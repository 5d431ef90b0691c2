"""The words of the pack language, and how a value is named when it is not what was expected."""

import re

CONDITION_WORDS = ("all", "any", "not", "always", "defined")
ORDER_TESTS = ("below", "at_most", "at_least", "above")
LIST_TESTS = ("one_of", "none_of")
CHOICES_TESTS = ("includes", "excludes")
CHOICES_LIST_TESTS = ("includes_any", "includes_all")
TESTS = ("is_not", *ORDER_TESTS, *LIST_TESTS, *CHOICES_TESTS, *CHOICES_LIST_TESTS)
LANGUAGE = "1"
"""The version of the pack language that this library reads."""

ROW_WORDS = ("row", "title", "outcome", "actions", "because", "cite", "note")

RESERVED: frozenset[str] = frozenset({*CONDITION_WORDS, *TESTS, *ROW_WORDS, "only", "otherwise", "true", "false", "null"})
"""No fact, value, action, rule, outcome or definition may have one of these names."""

ODD_SPACE = re.compile("[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]")
"""Spaces to the eye that are none to a parser; they come with copied text."""
MOST_PROBLEMS = 200
"""A file with more problems than this is no file of a pack; what comes after them is not reported."""

_LONGEST = 60
_HUGE = 10**30


def describe(value: object) -> str:
    """Return what a value is, in an author's words: "the number 13", "the text `abc`", "a list"."""
    match value:
        case None:
            words = "nothing"
        case bool():
            words = f"`{str(value).lower()}`"
        case int() | float():
            # Python refuses to write out numbers of thousands of digits.
            words = f"the number {value!r}" if not abs(value) >= _HUGE else "a very large number"
        case str():
            words = f"the text `{_shortened(value)}`" if value.strip() else "an empty text"
        case dict():
            words = "a mapping"
        case list() | tuple():
            words = "a list"
        case _:
            words = "something that is not part of a pack"
    return words


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
