"""Build the space of a policy: cut integers into cells, order cells from benign to telling, lay out bits, add the constraints.

Comes in: the facts of a stack, its implications, and every condition that will be asked of it (with a weight that says how telling it is). Goes
out: a `Space`.
The order of cells never changes an answer; it makes the lowest case of a closed box satisfy every constraint without looking (see `_tight`), and
makes it benign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from safeguarding_rules.language.conditions import All, AnyOf, Condition, Not, Test, tests_of
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec, Value, test_holds
from safeguarding_rules.worlds.space import WORD_BITS, Clause, Space, Variable
from safeguarding_rules.worlds.terms import clauses_of

Implication = tuple[Condition, Condition]
Weighted = tuple[Condition, int]
Cell = Value | tuple[int, int]
PAIR = 2


def build_space(facts: Sequence[FactSpec], implications: Sequence[Implication], conditions: Iterable[Weighted]) -> Space:
    """Lay out the space of `facts` so that no condition of `conditions` splits a cell. Conditions have definitions expanded and masks applied.

    Raises TooManyTermsError for a constraint too intricate to write out.
    """
    weighted = list(conditions)
    ties = [fact.tied for fact in facts if fact.tied is not None]
    constraints = [part for pair in implications for part in pair] + ties
    cuts = _cuts(facts, [c for c, _ in weighted] + constraints)
    weights = _weights(weighted)
    constrained = _antecedents(implications)
    variables: list[Variable] = []
    offset = 0
    for fact in facts:
        for value in fact.values if fact.type == "choices" else (None,):
            cells = _ordered(fact, value, _cells(fact, cuts), weights, constrained)
            if offset % WORD_BITS + len(cells) >= WORD_BITS:
                offset += -offset % WORD_BITS
            variables.append(Variable(fact.name, value, cells, offset))
            offset += len(cells) + 1
    space = _layout(variables, cuts, {fact.name: fact for fact in facts})
    return _with_clauses(space, facts, implications)


def _cuts(facts: Sequence[FactSpec], conditions: Sequence[Condition]) -> dict[str, tuple[int, ...]]:
    starts: dict[str, set[int]] = {fact.name: {fact.low} for fact in facts if fact.type == "integer"}
    for condition in conditions:
        for test in tests_of(condition):
            if test.fact in starts:
                starts[test.fact] |= starts_of(test)
    bounds = {fact.name: (fact.low, fact.high) for fact in facts}
    return {name: tuple(sorted(x for x in cut if bounds[name][0] <= x <= bounds[name][1])) for name, cut in starts.items()}


def starts_of(test: Test) -> set[int]:
    """The numbers at which a range starts that a test of an integer tells apart from the one below."""
    if isinstance(test.value, tuple):
        return {x for value in test.value for x in (cast(int, value), cast(int, value) + 1)}
    value = cast(int, test.value)
    if test.op in ("below", "at_least"):
        return {value}
    if test.op in ("at_most", "above"):
        return {value + 1}
    return {value, value + 1}


def _cells(fact: FactSpec, cuts: dict[str, tuple[int, ...]]) -> list[Cell]:
    if fact.type in ("boolean", "choices"):
        return [False, True]
    cells: list[Cell] = [NOT_APPLICABLE] if fact.tied is not None else []
    if fact.type == "choice":
        return cells + list(fact.values)
    starts = cuts[fact.name]
    return cells + [(start, end - 1) for start, end in zip(starts, (*starts[1:], fact.high + 1), strict=True)]


def _weights(weighted: Sequence[Weighted]) -> dict[str, list[tuple[Test, bool, int]]]:
    found: dict[str, list[tuple[Test, bool, int]]] = defaultdict(list)
    stack = [(condition, True, weight) for condition, weight in weighted]
    while stack:
        condition, holds, weight = stack.pop()
        match condition:
            case Test():
                found[condition.fact].append((condition, holds, weight))
            case Not(member):
                stack.append((member, not holds, weight))
            case All(members) | AnyOf(members):
                stack.extend((member, holds, weight) for member in members)
            case _:
                pass
    return found


def _antecedents(implications: Sequence[Implication]) -> dict[str, list[Test]]:
    found: dict[str, list[Test]] = defaultdict(list)
    for condition, _ in implications:
        for test in tests_of(condition):
            found[test.fact].append(test)
    return found


def _ordered(
    fact: FactSpec, value: str | None, cells: list[Cell], weights: dict[str, list[tuple[Test, bool, int]]], constrained: dict[str, list[Test]]
) -> tuple[Cell, ...]:
    if fact.type in ("boolean", "choices") and (fact.tied is not None or fact.name in constrained):
        return tuple(cells)

    def telling(cell: Cell) -> int:
        total = 0
        for test, holds, weight in weights.get(fact.name, ()):
            total += weight if _selects(fact, test, value, cell) == holds else 0
        return total

    def implies(cell: Cell) -> bool:
        return any(_selects(fact, test, value, cell) for test in constrained.get(fact.name, ()))

    rank = {i: (cell is not NOT_APPLICABLE, implies(cell), telling(cell), i) for i, cell in enumerate(cells)}
    return tuple(cells[i] for i in sorted(rank, key=rank.__getitem__))


def _selects(fact: FactSpec, test: Test, value: str | None, cell: Cell) -> bool:
    if fact.type == "choices":
        named = test.value if isinstance(test.value, tuple) else (test.value,)
        return value in named and cell == (test.op != "excludes")
    return test_holds(test.op, test.value, cell[0] if isinstance(cell, tuple) else cell)


def _layout(variables: list[Variable], cuts: dict[str, tuple[int, ...]], specs: dict[str, FactSpec]) -> Space:
    full = lows = ones = guards = many = not_applicable = 0
    owner: list[int] = []
    for i, variable in enumerate(variables):
        block = variable.block
        full |= block
        lows |= 1 << variable.offset
        ones |= block
        guards |= 1 << (variable.offset + len(variable.cells))
        owner.extend([i] * (variable.offset + len(variable.cells) + 1 - len(owner)))
        many |= block if len(variable.cells) > 2 else 0  # noqa: PLR2004
        if NOT_APPLICABLE in variable.cells:
            not_applicable |= 1 << (variable.offset + variable.cells.index(NOT_APPLICABLE))
    index = {(variable.fact, variable.value): i for i, variable in enumerate(variables)}
    return Space(tuple(variables), full, lows, ones, guards, index, tuple(owner), cuts, many=many, not_applicable=not_applicable, specs=specs)


def _with_clauses(space: Space, facts: Sequence[FactSpec], implications: Sequence[Implication]) -> Space:
    clauses: dict[int, Clause] = {}
    for fact in facts:
        if fact.tied is not None:
            for clause in _ties(space, fact, fact.tied):
                clauses[clause.bits] = clause
    for condition, consequence in implications:
        for clause in clauses_of(space, AnyOf((Not(condition), consequence))):
            clauses[clause.bits] = clause
    kept = tuple(clauses.values())
    pairs = tuple((one, one | rest, other, other | apart) for (one, rest), (other, apart) in (c.literals for c in kept if len(c.literals) == PAIR))
    finished = replace(
        space,
        clauses=kept,
        loose=tuple(clause.bits for clause in kept if not _tight(space, clause)),
        pairs=pairs,
        longer=tuple(clause for clause in kept if len(clause.literals) != PAIR),
        near_many=tuple(one | other for one, _, other, _ in pairs if (one | other) & space.many),
        wide=any(len(clause.literals) > PAIR for clause in kept),
        pairs_at={1 << (v.offset + len(v.cells)): (v.block, tuple(_sides(pairs, v.block))) for v in space.variables if v.block & space.many},
    )
    return replace(finished, start=finished.close(space.full))


def _sides(pairs: Iterable[tuple[int, int, int, int]], block: int) -> Iterable[tuple[int, int]]:
    """Of clauses of two literals: one that is cells of a block, and the box in which the other holds."""
    for one, only_one, other, only_other in pairs:
        if one & block:
            yield one, only_other
        if other & block:
            yield other, only_one


def _ties(space: Space, fact: FactSpec, applies: Condition) -> list[Clause]:
    if fact.type == "boolean":
        return clauses_of(space, AnyOf((Test(fact.name, "is", False), applies)))  # noqa: FBT003
    if fact.type == "choices":
        return [c for value in fact.values for c in clauses_of(space, AnyOf((Test(fact.name, "excludes", value), applies)))]
    # A test that holds on every value but not on "not applicable".
    any_value = Test(fact.name, "one_of", fact.values) if fact.type == "choice" else Test(fact.name, "at_least", fact.low)
    return clauses_of(space, AnyOf((Not(any_value), applies))) + clauses_of(space, AnyOf((any_value, Not(applies))))


def _tight(space: Space, clause: Clause) -> bool:
    """Whether the lowest case of any closed box satisfies the clause: at most one literal is not a lower part of its block.

    If a closed box leaves two literals alive, one of them is a lower part, and the lowest cell left of that block lies in it.
    """
    return sum(not _lower_part(space, bits) for bits, _ in clause.literals) <= 1


def _lower_part(space: Space, bits: int) -> bool:
    offset = space.variables[space.owner[(bits & -bits).bit_length() - 1]].offset
    shifted = bits >> offset
    return shifted & (shifted + 1) == 0
