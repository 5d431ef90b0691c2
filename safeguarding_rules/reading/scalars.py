"""Plain scalars after the YAML 1.2 core schema: null, true and false, whole numbers, numbers, text. No dates, no `yes` and `no`."""

import re

Scalar = None | bool | int | float | str

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_UNBOUNDED = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
LONGEST_NUMBER = 100


class TooLongError(ValueError):
    """A number has more digits than any value of the language."""


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar. Raises TooLongError."""
    if text in _NULL:
        return None
    if text[0] not in "0123456789+-.tTfF":
        return text
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return _number(text)


def _number(text: str) -> Scalar:
    # A regular expression over a long text costs little; turning thousands of digits into a number costs much.
    readers = ((_INTEGER, 10), (_OCTAL, 8), (_HEXADECIMAL, 16))
    for pattern, base in readers:
        if pattern.fullmatch(text):
            if len(text) > LONGEST_NUMBER:
                raise TooLongError
            return int(text if base == 10 else text[2:], base)  # noqa: PLR2004 - the base is the name
    if _FLOAT.fullmatch(text):
        if len(text) > LONGEST_NUMBER:
            raise TooLongError
        return float(text)
    if _UNBOUNDED.fullmatch(text):
        return float(text.replace(".", ""))
    return text
