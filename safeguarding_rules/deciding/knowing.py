"""What is known of a case: a mapping of facts turned into a box, or refused whole.

Comes in: a mapping of fact name to value, test or null. Goes out: the closed box of the cases that agree with it. Promised: nothing is guessed,
converted or dropped; a name that
is not declared, a value of the wrong type or out of range raises one FactsError with every problem. Source: docs/reference/language.md, "Facts of
a case".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeguarding_rules.diagnostics import Diagnostic, FactsError, closest
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.language.known import TYPES, known_members, known_problem, known_test, overlaps, shown
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.terms import bits_of


@dataclass(frozen=True, slots=True)
class _Entry:
    spec: FactSpec
    type: type | None
    boxes: dict[Any, int]  # value -> closed box; for an integer: start of the cell -> closed box
    cuts: tuple[int, ...] = ()
    block: int = 0  # of an integer or choice

    def start_of(self, value: int) -> int | None:
        """The start of the cell of an integer; None where it is out of range."""
        return self.cuts[bisect_right(self.cuts, value) - 1] if self.spec.low <= value <= self.spec.high else None


class Knowledge:
    """Reads the facts of a case for one space. Frozen after construction."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._entries = {name: self._entry(spec) for name, spec in space.specs.items()}

    def _entry(self, spec: FactSpec) -> _Entry:
        space = self._space
        boxes: dict[Any, int] = {}
        block = 0
        if spec.type != "choices":
            variable = space.variable_of(spec.name)
            block = variable.block & space.many
            for i, cell in enumerate(variable.cells):
                if cell is not NOT_APPLICABLE:
                    bit = 1 << (variable.offset + i)
                    boxes[cell[0] if isinstance(cell, tuple) else cell] = space.narrowing(bit, variable.block)
        return _Entry(spec, TYPES.get(spec.type), boxes, space.cuts.get(spec.name, ()), block)

    def read(self, facts: Mapping[str, object]) -> int:
        """The closed box of the cases that agree with the facts; 0 if none does. Raises FactsError listing every problem."""
        space = self._space
        box = space.start
        exact = 0
        entries = self._entries
        try:
            for name, value in facts.items():
                entry = entries[name]
                if type(value) is not entry.type:
                    box &= space.full if value is None else self._partial(entry.spec, value)
                elif type(value) is int:
                    box &= entry.boxes[entry.start_of(value)]
                    exact |= entry.block
                else:
                    box &= entry.boxes[value]
                    exact |= entry.block
        except (KeyError, TypeError, ValueError, AttributeError):
            problems = self.problems(facts)
            if not problems:
                raise
            raise FactsError(problems) from None
        return space.tighten(box, exact)

    def boxes(self, facts: Mapping[str, object]) -> dict[str, int]:
        """The closed box of each known fact on its own, in declared order. Raises FactsError."""
        return {name: self.read({name: facts[name]}) for name in self._entries if facts.get(name) is not None}

    def _partial(self, spec: FactSpec, value: object) -> int:
        """The closed box of a test, or of a list for a `choices` fact. Raises ValueError if it is malformed."""
        space = self._space
        if spec.type == "choices":
            box = space.start
            for member, included in known_members(spec, value).items():
                variable = space.variable_of(spec.name, member)
                box &= space.narrowing(1 << (variable.offset + variable.cells.index(included)), variable.block)
            return box
        test = known_test(spec, value)
        variable = space.variable_of(spec.name)
        bits = 0
        for i, cell in enumerate(variable.cells):
            if isinstance(cell, tuple):
                bits |= (1 << (variable.offset + i)) if overlaps(cell, test) else 0
            elif bits_of(variable, test) >> (variable.offset + i) & 1:
                bits |= 1 << (variable.offset + i)
        return space.narrowing(bits, variable.block) if bits else 0

    def problems(self, facts: object) -> list[Diagnostic]:
        """Every problem of the facts, in their order."""
        if not isinstance(facts, Mapping):
            message = f"the facts are {shown(facts)}, not a mapping of fact to value"
            return [Diagnostic("SR801", "error", message, help="write one `fact: value` a line")]
        found = []
        for name, value in facts.items():
            if not isinstance(name, str) or name not in self._entries:
                near = closest(name, self._entries) if isinstance(name, str) else None
                hint = f"did you mean `{near}`?" if near else "`safeguarding-rules schema facts PACK` lists the facts"
                found.append(
                    Diagnostic("SR802", "error", f"unknown fact `{name[:60]}`" if isinstance(name, str) else f"unknown fact {shown(name)}", help=hint)
                )
            elif value is not None and (problem := known_problem(self._entries[name].spec, value)):
                found.append(Diagnostic(problem.code, "error", f"`{name}`: {problem.message}", help=problem.help))
        return found
