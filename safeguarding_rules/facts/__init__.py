"""What may be known of a fact in part, as types; the modules beside this one hold the facts of each shipped pack.

Imported by nothing here: for programs that decide, and their type checkers. A test has exactly one key, which Python's types cannot say.
"""

from collections.abc import Sequence
from typing import Generic, TypedDict, TypeVar

V = TypeVar("V", bound=str)


class BooleanTest(TypedDict, total=False):
    """What is known of a yes-or-no fact in part."""

    is_not: bool
    one_of: Sequence[bool]
    none_of: Sequence[bool]


class IntegerTest(TypedDict, total=False):
    """What is known of a number in part, such as `{"below": 13}`."""

    below: int
    at_most: int
    at_least: int
    above: int
    is_not: int
    one_of: Sequence[int]
    none_of: Sequence[int]


class ChoiceTest(TypedDict, Generic[V], total=False):
    """What is known of a fact with one value in part, such as `{"none_of": ["made_by_adult"]}`."""

    is_not: V
    one_of: Sequence[V]
    none_of: Sequence[V]


class ChoicesTest(TypedDict, Generic[V], total=False):
    """What is known of a fact with any number of values: `{"only": [...]}` says that this is all."""

    only: Sequence[V]
    includes: V
    excludes: V
    includes_all: Sequence[V]
