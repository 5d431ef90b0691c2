"""Conditions: the one tree every machine interprets.

Comes in: the one-key mappings of a pack, already shape-checked. Goes out: a frozen tree of `Test`, `All`, `AnyOf`, `Not`, `Always`, `Defined`.
Promised: the tree says exactly what the mapping says, and each node knows its path in the file. Must not know: which facts exist, or how a
condition is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Literal, cast

from safeguarding_rules.frozen import frozen

Scalar = bool | int | str
Path = tuple[str | int, ...]
Op = Literal["is", "is_not", "below", "at_most", "at_least", "above", "one_of", "none_of", "includes", "includes_any", "includes_all", "excludes"]

ORDER_OPS: frozenset[str] = frozenset({"below", "at_most", "at_least", "above"})
SET_OPS: frozenset[str] = frozenset({"one_of", "none_of"})
CHOICES_OPS: frozenset[str] = frozenset({"includes", "includes_any", "includes_all", "excludes"})
LIST_OPS: frozenset[str] = frozenset({"one_of", "none_of", "includes_any", "includes_all"})
MOST_PARTS = 10_000
MOST_LEVELS = 100
TEST_OPS: frozenset[str] = frozenset({"is_not"}) | ORDER_OPS | SET_OPS | CHOICES_OPS


@frozen
class Test:
    """One comparison of a fact: `op` is `is` for a literal; `value` is a tuple for the list tests."""

    __test__ = False  # not a pytest class

    fact: str
    op: Op
    value: Scalar | tuple[Scalar, ...]
    path: Path = field(default=(), compare=False)


@frozen
class All:
    """Holds where every member holds."""

    members: tuple[Condition, ...]
    path: Path = field(default=(), compare=False)


@frozen
class AnyOf:
    """Holds where at least one member holds."""

    members: tuple[Condition, ...]
    path: Path = field(default=(), compare=False)


@frozen
class Not:
    """Holds where the member does not."""

    member: Condition
    path: Path = field(default=(), compare=False)


@frozen
class Always:
    """Holds in every case."""

    path: Path = field(default=(), compare=False)


@frozen
class Defined:
    """Holds where the named definition holds."""

    name: str
    path: Path = field(default=(), compare=False)


Leaf = Test | Always | Defined
Condition = Leaf | All | AnyOf | Not


def parse_condition(data: object, path: Path = ()) -> Condition:
    """Turn a shape-checked one-key mapping into a condition tree; `path` is where it stands in its file.

    Raises ValueError if the data was not shape-checked.
    """
    if not isinstance(data, Mapping) or len(data) != 1:
        raise ValueError("a condition is a mapping with one key")
    (key, value), *_ = data.items()
    here = (*path, key)
    if key in ("all", "any"):
        members = tuple(parse_condition(member, (*here, i)) for i, member in enumerate(value))
        return All(members, path) if key == "all" else AnyOf(members, path)
    if key == "not":
        return Not(parse_condition(value, here), path)
    if key == "always":
        return Always(path)
    if key == "defined":
        return Defined(value, path)
    return parse_test(key, value, path)


def parse_test(fact: str, value: object, path: Path = ()) -> Test:
    """Turn `fact: literal` or `fact: {op: value}` into a `Test`."""
    if isinstance(value, Mapping):
        (op, operand), *_ = value.items()
        if op not in TEST_OPS:
            raise ValueError(f"unknown test {op}")
        if op in LIST_OPS:
            return Test(fact, cast(Op, op), tuple(operand), path)
        return Test(fact, cast(Op, op), operand, path)
    return Test(fact, "is", cast(Scalar, value), path)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Everything in the tree that has no members, in its order; definitions are not followed."""
    match condition:
        case All(members) | AnyOf(members):
            for member in members:
                yield from leaves(member)
        case Not(member):
            yield from leaves(member)
        case _:
            yield condition


def tests_of(condition: Condition) -> Iterator[Test]:
    """Every test of the tree, definitions not followed."""
    return (leaf for leaf in leaves(condition) if isinstance(leaf, Test))


def rewritten(condition: Condition, rewrite: Callable[[Leaf], Condition]) -> Condition:
    """The tree with something else in place of each of its leaves."""
    match condition:
        case All(members):
            return All(tuple(rewritten(member, rewrite) for member in members), condition.path)
        case AnyOf(members):
            return AnyOf(tuple(rewritten(member, rewrite) for member in members), condition.path)
        case Not(member):
            return Not(rewritten(member, rewrite), condition.path)
        case _:
            return rewrite(condition)


def expand(condition: Condition, definitions: Mapping[str, Condition]) -> Condition:
    """The condition with every `defined` replaced by what it names. The definitions must be known to have no cycle."""
    return rewritten(condition, lambda leaf: expand(definitions[leaf.name], definitions) if isinstance(leaf, Defined) else leaf)


@frozen
class Extent:
    """How large a condition is written out: its parts, and the levels they stand on."""

    parts: int = 1
    levels: int = 1

    @property
    def excessive(self) -> bool:
        """Whether no machine should be asked to write it out."""
        return self.parts > MOST_PARTS or self.levels > MOST_LEVELS


def extent(condition: Condition, definitions: Mapping[str, Extent], facts: Mapping[str, Extent]) -> Extent:
    """The extent of a condition, from those of the definitions and (where what they apply to is written out too) of the facts it names."""
    match condition:
        case Test(name):
            return facts.get(name, Extent())
        case Defined(name):
            return definitions.get(name, Extent())
        case All(members) | AnyOf(members):
            inner = [extent(member, definitions, facts) for member in members]
            return Extent(1 + sum(one.parts for one in inner), 1 + max((one.levels for one in inner), default=0))
        case Not(member):
            one = extent(member, definitions, facts)
            return Extent(1 + one.parts, 1 + one.levels)
        case _:
            return Extent()


def flat_members(condition: All) -> tuple[Condition, ...]:
    """Members of an `all`, an `all` directly inside it flattened."""
    found: list[Condition] = []
    for member in condition.members:
        found.extend(flat_members(member) if isinstance(member, All) else (member,))
    return tuple(found)


def limbs_of(when: Condition) -> tuple[Condition, ...]:
    """The limbs of an expanded `when`: the members of an `all`, or of each `all` in an `any`."""
    if isinstance(when, All):
        return flat_members(when)
    if isinstance(when, AnyOf):
        return tuple(limb for member in when.members if isinstance(member, All) for limb in flat_members(member))
    return ()


def all_limbs(when: Condition) -> bool:
    """Whether an expanded `when` is made of limbs throughout: an `all`, or an `any` of nothing but `all`s."""
    return isinstance(when, All) or (isinstance(when, AnyOf) and all(isinstance(member, All) for member in when.members))
