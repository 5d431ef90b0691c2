"""What is known of a case: a mapping of facts turned into a box, or refused whole.

Comes in: a mapping of fact name to value, test or null. Goes out: the closed box of the cases that agree with it. Promised: nothing is guessed,
converted or dropped; a name that is not declared, a value of the wrong type or out of range raises one FactsError with every problem. How: all that
a value says is one number, and the numbers of all values are met: in the lower bits the closed box, above it the terms of rules that this box does
not exclude. The guard bit of a block of many cells is set where the box leaves several. Source: docs/reference/language.md, "Facts of a case".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from safeguarding_rules.diagnostics import Diagnostic, FactsError, closest
from safeguarding_rules.language.facts import NOT_APPLICABLE, FactSpec
from safeguarding_rules.language.known import TYPES, known_members, known_problem, known_test, overlaps, shown
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.terms import bits_of

if TYPE_CHECKING:
    from safeguarding_rules.deciding.rule_index import RuleIndex

NUMBERS_LIMIT = 1024
MOST_TERMS = 1024
"""Of more terms than this, reading what holds with each fact costs more than looking it up once."""


class _Numbers(dict[int, int]):
    """Number -> closed box of its cell. A number out of range raises KeyError."""

    def __init__(self, spec: FactSpec, cuts: tuple[int, ...], boxes: Mapping[Any, int]) -> None:
        super().__init__()
        self._spec, self._cuts, self._boxes = spec, cuts, boxes

    def __missing__(self, value: int) -> int:
        if not self._spec.low <= value <= self._spec.high:
            raise KeyError(value)
        found = self._boxes[self._cuts[bisect_right(self._cuts, value) - 1]]
        if len(self) < NUMBERS_LIMIT:
            self[value] = found
        return found


class _Only(dict[tuple[str, ...], int]):
    """What `{only: [..]}` lists -> closed box. Anything but values of the fact raises KeyError or TypeError."""

    def __init__(self, included: Mapping[str, int], excluded: Mapping[str, int]) -> None:
        super().__init__()
        self._included, self._excluded = included, excluded

    def including(self, listed: tuple[str, ...]) -> int:
        """The closed box in which every value of a list is included."""
        found = -1
        for value in listed:
            found &= self._included[value]
        return found

    def __missing__(self, listed: tuple[str, ...]) -> int:
        found = self.including(listed)
        for value, box in self._excluded.items():
            if value not in listed:
                found &= box
        if len(self) < NUMBERS_LIMIT:
            self[listed] = found
        return found


class _Listed(dict[tuple[str, ...], int]):
    """What a list of a `choices` fact includes -> closed box. Anything but values of the fact raises KeyError or TypeError."""

    def __init__(self, only: _Only) -> None:
        super().__init__()
        self._only = only

    def __missing__(self, listed: tuple[str, ...]) -> int:
        found = self._only.including(listed)
        if len(self) < NUMBERS_LIMIT:
            self[listed] = found
        return found


class Knowledge:
    """Reads the facts of a case for one space. Frozen after construction, but for memos that are the same whoever fills them, and limited."""

    def __init__(self, space: Space, index: RuleIndex | None = None) -> None:
        """Take the space and, for `see`, the index of the rules."""
        self._space = space
        self._index = index if index is not None and len(index.owners) <= MOST_TERMS else None
        self._width = space.full.bit_length() + 1
        self._several = [
            (variable.block, 1 << (variable.offset + len(variable.cells))) for variable in space.variables if variable.block & space.many
        ]
        self._unsure = sum(guard for _, guard in self._several)
        self._start = self._wide(space.start)
        self._specs = space.specs
        self._types = {name: TYPES.get(spec.type, dict) for name, spec in space.specs.items()}
        lists = {name: self._only(spec) for name, spec in space.specs.items() if spec.type == "choices"}
        self._listed = {name: _Listed(only) for name, only in lists.items()}
        others = {name: self._by_value(spec) for name, spec in space.specs.items() if spec.type != "choices"}
        self._values: dict[str, Mapping[Any, int]] = {**lists, **others}
        booleans = [name for name, spec in space.specs.items() if spec.type == "boolean"]
        self._true = {name: self._values[name][True] for name in booleans}
        self._false = {name: self._values[name][False] for name in booleans}

    def _wide(self, box: int) -> int:
        """A closed box with the guards of blocks of which it leaves several cells, and the terms of rules that it does not exclude."""
        found = box
        for block, guard in self._several:
            left = box & block
            if left & (left - 1):
                found |= guard
        return found if self._index is None else found | self._index.open_to(box) << self._width

    def _only(self, spec: FactSpec) -> _Only:
        """What `{only: [..]}` lists of a `choices` fact -> closed box."""
        space = self._space
        variables = {value: space.variable_of(spec.name, value) for value in spec.values}
        bits = {cell: {value: 1 << (v.offset + v.cells.index(cell)) for value, v in variables.items()} for cell in (True, False)}
        sides = {cell: {value: self._wide(space.narrowing(bit, variables[value].block)) for value, bit in of.items()} for cell, of in bits.items()}
        return _Only(sides[True], sides[False])

    def _by_value(self, spec: FactSpec) -> Mapping[Any, int]:
        """Value of any other fact -> closed box."""
        space = self._space
        boxes: dict[Any, int] = {}
        variable = space.variable_of(spec.name)
        for i, cell in enumerate(variable.cells):
            if cell is not NOT_APPLICABLE:
                boxes[cell[0] if isinstance(cell, tuple) else cell] = self._wide(space.narrowing(1 << (variable.offset + i), variable.block))
        return _Numbers(spec, space.cuts[spec.name], boxes) if spec.type == "integer" else boxes

    def read(self, facts: Mapping[str, object]) -> int:
        """The closed box of the cases that agree with the facts; 0 if none does. Raises FactsError listing every problem."""
        return self.see(facts)[0]

    def see(self, facts: Mapping[str, object]) -> tuple[int, int, dict[str, object]]:
        """Read the facts of a case. Raises FactsError listing every problem.

        Returned are the closed box of the cases that agree with them, 0 if none does; the terms of rules that hold if they leave one case, -1 where
        that is to be looked up; and the facts, to keep.
        """
        found = self._start
        shared: list[str] = []  # facts whose value can still change
        types, values, yes, no = self._types, self._values, self._true, self._false
        try:
            for name, value in facts.items():  # the hot path: booleans first, most of which are false
                if value is False:
                    found &= no[name]
                elif value is True:
                    found &= yes[name]
                elif type(value) is types[name]:
                    if type(value) is not dict:
                        found &= values[name][value]
                        continue
                    shared.append(name)
                    if len(value) == 1 and type(listed := value.get("only")) is list:
                        found &= values[name][tuple(listed)]
                    else:
                        found &= self._wide(self._partial(self._specs[name], value))
                elif value is not None:
                    shared.append(name)
                    found &= self._listed[name][tuple(value)] if type(value) is list else self._wide(self._partial(self._specs[name], value))
        except (KeyError, TypeError, ValueError, AttributeError):
            problems = self.problems(facts)
            if not problems:
                raise
            raise FactsError(problems) from None
        return *self._seen(found), _kept(facts, shared)

    def _seen(self, found: int) -> tuple[int, int]:
        """The closed box, and the terms that hold, of what all facts say together.

        One case is left. In each block some fact leaves only its cell, so that a term which fails there is excluded by that fact alone, and so is
        whatever its cell has as a consequence; that is certain of blocks of two cells, and of others where no guard is left.
        """
        space = self._space
        box = found & space.full
        if (box + space.ones) & space.guards != space.guards:
            return 0, -1
        if found & self._unsure or box & (box - space.lows):
            return space.tighten(box, found), -1
        held = -1 if self._index is None else found >> self._width
        return (space.tighten(box, found) if space.wide else box), held

    def boxes(self, facts: Mapping[str, object]) -> dict[str, int]:
        """The closed box of each known fact on its own, in declared order. Raises FactsError."""
        found = {}
        yes, no, full = self._true, self._false, self._space.full
        for name in self._specs:
            value = facts.get(name)
            if value is True and name in yes:
                found[name] = yes[name] & full
            elif value is False and name in no:
                found[name] = no[name] & full
            elif value is not None:
                found[name] = self.read({name: value})
        return found

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
            if not isinstance(name, str) or name not in self._specs:
                near = closest(name, self._specs) if isinstance(name, str) else None
                hint = f"did you mean `{near}`?" if near else "`safeguarding-rules schema facts PACK` lists the facts"
                found.append(
                    Diagnostic("SR802", "error", f"unknown fact `{name[:60]}`" if isinstance(name, str) else f"unknown fact {shown(name)}", help=hint)
                )
            elif value is not None and (problem := known_problem(self._specs[name], value)):
                found.append(Diagnostic(problem.code, "error", f"`{name}`: {problem.message}", help=problem.help))
        return found


def _kept(facts: Mapping[str, object], shared: Sequence[str]) -> dict[str, object]:
    """The facts as they are now, whatever becomes of those that were given; `shared` have a list or a test."""
    kept = dict(facts)
    for name in shared:
        kept[name] = _apart(kept[name])
    return kept


def _apart(value: object) -> object:
    if isinstance(value, Mapping):
        return {op: _apart(operand) for op, operand in value.items()}
    return list(value) if isinstance(value, list) else value
