"""Conditions as sums of terms over a space.

A *term* is a box: for each variable the cells it allows. A condition becomes the list of terms whose union it is (its sum), or the clauses whose
intersection it is.
Promised: exact; a condition whose sum would exceed `TERM_LIMIT` terms raises TooManyTermsError instead of running away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test
from safeguarding_rules.language.facts import test_holds
from safeguarding_rules.worlds.space import Clause, Space, Variable

TERM_LIMIT = 4096


class TooManyTermsError(Exception):
    """The condition is too intricate to be written out."""


def bits_of(variable: Variable, test: Test) -> int:
    """The cells of a variable (not of a `choices` fact) on which a test holds."""
    bits = 0
    for i, cell in enumerate(variable.cells):
        value = cell[0] if isinstance(cell, tuple) else cell
        if test_holds(test.op, test.value, value):
            bits |= 1 << (variable.offset + i)
    return bits


def sum_of(space: Space, condition: Condition, *, holds: bool = True) -> list[int]:
    """The terms (boxes) whose union is the cases in which the condition holds (or, with `holds=False`, fails). Empty: never."""
    match condition:
        case Always():
            return [space.full] if holds else []
        case Not(member):
            return sum_of(space, member, holds=not holds)
        case Test():
            return _test_sum(space, condition, holds=holds)
        case All(members) if holds:
            return product(space, (sum_of(space, member) for member in members))
        case AnyOf(members) if not holds:
            return product(space, (sum_of(space, member, holds=False) for member in members))
        case All(members) | AnyOf(members):
            return absorbed([term for member in members for term in sum_of(space, member, holds=holds)])
        case _:
            raise TypeError(condition)


def _test_sum(space: Space, test: Test, *, holds: bool) -> list[int]:
    if space.specs[test.fact].type != "choices":
        variable = space.variable_of(test.fact)
        return _literal(space, variable, bits_of(variable, test), holds=holds)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    literals = [_included(space, test.fact, cast(str, value), holds=holds == (test.op != "excludes")) for value in values]
    if holds == (test.op != "includes_any"):
        return product(space, literals)
    return [term for literal in literals for term in literal]


def _included(space: Space, fact: str, value: str, *, holds: bool) -> list[int]:
    variable = space.variable_of(fact, value)
    return _literal(space, variable, 1 << (variable.offset + variable.cells.index(True)), holds=holds)


def _literal(space: Space, variable: Variable, bits: int, *, holds: bool) -> list[int]:
    block = variable.block
    bits = bits if holds else block & ~bits
    if not bits:
        return []
    return [space.full & (bits | ~block)]


def product(space: Space, sums: Iterable[list[int]]) -> list[int]:
    """The terms of the intersection of several sums."""
    terms = [space.full]
    for addends in sums:
        found: list[int] = []
        for term in terms:
            found += [box for addend in addends if space.some(box := term & addend)]
            if len(found) > TERM_LIMIT:
                raise TooManyTermsError
        terms = absorbed(found)
    return terms


def absorbed(terms: list[int]) -> list[int]:
    """The terms without those that lie inside another one, in their order."""
    if len(terms) > TERM_LIMIT:
        raise TooManyTermsError
    by_size: dict[int, list[int]] = {}
    for term in dict.fromkeys(terms):
        by_size.setdefault(term.bit_count(), []).append(term)
    kept: dict[int, None] = {}
    for size in sorted(by_size, reverse=True):  # only a larger term can hold another
        larger = list(kept)
        kept.update(dict.fromkeys(term for term in by_size[size] if not any(term & other == term for other in larger)))
    return [term for term in dict.fromkeys(terms) if term in kept]


def clauses_of(space: Space, condition: Condition) -> list[Clause]:
    """The clauses whose intersection is the cases in which the condition holds."""
    return [clause_against(space, term) for term in sum_of(space, condition, holds=False)]


def clause_against(space: Space, term: int) -> Clause:
    """The clause that holds exactly where the term fails."""
    bits = space.full & ~term
    literals = tuple((bits & block, space.full & ~block) for block in space.blocks_in(bits))
    return Clause(bits, literals)
