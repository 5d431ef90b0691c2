"""A case that becomes known fact by fact, always consistent: what the strategies for facts draw from.

In: a program, and what is known already. Promised: after each step some complete case agrees with the facts; the plainest choice (false, the first
value, the lowest number) comes first, so that shrinking ends there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.worlds.space import Variable

Facts = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Walk:
    """What is known so far, and which cases agree with it."""

    def __init__(self, program: Program, known: Facts) -> None:
        """Raises FactsError where what is known is malformed, ValueError where no case agrees with it."""
        self._space = program.space
        self._knowledge = Knowledge(program.space)
        self.facts: Facts = dict(known)
        self._box = self._knowledge.read(known)
        if not self._consistent(self._box):
            raise ValueError("no case agrees with what is known; the facts contradict each other")

    @property
    def names(self) -> list[str]:
        """Every fact, in declared order."""
        return list(self._space.specs)

    def learn_part(self, draw: Draw, name: str) -> None:
        """Learn something of a fact, or nothing where it does not apply."""
        spec = self._space.specs[name]
        if spec.type == "choices":
            self._learn_members(draw, spec)
            return
        cells = self._possible(self._space.variable_of(name))
        if not cells:
            return
        value = _value_in(draw, draw(st.sampled_from(cells)))
        self._set(name, draw(st.sampled_from(_ways_to_say(draw, spec, value))))

    def learn_whole(self, draw: Draw, name: str) -> None:
        """Learn the value of a fact; one that does not apply stays left out."""
        spec = self._space.specs[name]
        if spec.type == "choices":
            self._set(name, {"only": self._members(draw, spec)})
            return
        variable = self._space.variable_of(name)
        cells = self._possible(variable, applicable_only=False)
        cell = draw(st.sampled_from(cells))
        if cell is NOT_APPLICABLE:
            self.facts.pop(name, None)
            self._box = self._meet(variable, cell)
        else:
            given = self.facts.get(name)
            value = given if isinstance(given, int) and not isinstance(given, bool) else _value_in(draw, cell)
            self._set(name, value)

    def changes(self) -> Iterator[tuple[str, Any]]:
        """Yield every other value, each consistent with the rest, of the facts that are known."""
        for name, value in self.facts.items():
            spec = self._space.specs[name]
            for other in self._others(spec, value):
                if self._consistent(self._knowledge.read(self.facts | {name: other})):
                    yield name, other

    # -- one fact ----------------------------------------------------------------------------------------------------------------------

    def _set(self, name: str, value: object) -> None:
        self.facts[name] = value
        self._box = self._space.meet(self._box, self._knowledge.read({name: value}))

    def _consistent(self, box: int) -> bool:
        return bool(box) and bool(self._space.find(box))

    def _meet(self, variable: Variable, cell: object) -> int:
        space = self._space
        bit = 1 << (variable.offset + next(i for i, one in enumerate(variable.cells) if one is cell or (type(one) is type(cell) and one == cell)))
        return space.meet(self._box, space.narrowing(bit, variable.block))

    def _possible(self, variable: Variable, *, applicable_only: bool = True) -> list[Any]:
        """The cells that some case has which agrees with what is known, the plainest first."""
        cells = [cell for cell in variable.cells if not (applicable_only and cell is NOT_APPLICABLE) and self._consistent(self._meet(variable, cell))]
        return sorted(cells, key=lambda cell: (cell is not NOT_APPLICABLE, cell if isinstance(cell, bool | tuple) else variable.cells.index(cell)))

    def _members(self, draw: Draw, spec: FactSpec) -> list[str]:
        """Learn of every value of a `choices` fact whether it is included; returns those that are."""
        included = []
        for value in spec.values:
            variable = self._space.variable_of(spec.name, value)
            cell = draw(st.sampled_from(self._possible(variable)))
            self._box = self._meet(variable, cell)
            if cell:
                included.append(value)
        return included

    def _learn_members(self, draw: Draw, spec: FactSpec) -> None:
        way = draw(st.sampled_from(["includes", "only", "excludes"]))
        if way == "only":
            self._set(spec.name, {"only": self._members(draw, spec)})
            return
        wanted = way == "includes"
        able = [value for value in spec.values if wanted in self._possible(self._space.variable_of(spec.name, value))]
        if able:
            value = draw(st.sampled_from(able))
            self._set(spec.name, [value] if wanted else {"excludes": value})

    def _others(self, spec: FactSpec, value: object) -> list[Any]:
        if spec.type == "choices":
            if not (isinstance(value, dict) and "only" in value):
                return []
            now = value["only"]
            return [{"only": [one for one in spec.values if (one in now) != (one == changed)]} for changed in spec.values]
        if isinstance(value, dict | None):
            return []
        if spec.type == "boolean":
            return [not value]
        if spec.type == "choice":
            return [one for one in spec.values if one != value]
        assert isinstance(value, int)  # noqa: S101  the knowledge has been read
        cuts = self._space.cuts[spec.name]
        near = {value - 1, value + 1, *(cut for cut in cuts if cut > value), *(cut - 1 for cut in cuts if cut <= value)}
        return sorted((one for one in near if spec.low <= one <= spec.high), key=lambda one: abs(one - value))


def _value_in(draw: Draw, cell: Any) -> Any:  # noqa: ANN401  a value of any fact
    return draw(st.integers(*cell)) if isinstance(cell, tuple) else cell


def _ways_to_say(draw: Draw, spec: FactSpec, value: Any) -> list[Any]:  # noqa: ANN401  a value of any fact
    """The value, and tests that hold of it; the value is the plainest."""
    ways: list[Any] = [value, value, value]
    if spec.type == "boolean":
        return [*ways, {"is_not": not value}]
    if spec.type == "integer":
        return [*ways, {"at_least": draw(st.integers(spec.low, value))}, {"at_most": draw(st.integers(value, spec.high))}]
    others = [one for one in spec.values if one != value]
    if not others:
        return ways
    other = draw(st.sampled_from(others))
    return [*ways, {"is_not": other}, {"one_of": [value, other]}, {"none_of": [other]}]
