"""Questions about all cases that agree with a row, as circuits over what the row leaves possible.

Comes in: the space of a policy, and terms to require or to forbid. Goes out: a gate that is true for exactly the rows with a case that agrees with
the row, satisfies the constraints, lies in the required term and in none of the forbidden ones. Promised: exact for every row that does not
contradict the constraints, and is not `doubtful`. How: what has to hold is a set of clauses; a fact that many of
them name is split into its cells, and clauses that no longer share a fact are answered apart, so that the answers multiply.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safeguarding_rules.tabular.circuits import FALSE, TRUE, Circuit
from safeguarding_rules.worlds.space import Space

QUESTION_BUDGET = 300_000
"""Clauses looked at for one question, pairs of them included; about a tenth of a second. The shipped packs need an eighth of it."""
WHOLE_BUDGET = 10_000_000
"""Clauses looked at for all questions of a policy that forbid several terms."""

Clause = tuple[int, int]
"""The cells of which a case has one, and where the clause is from: FREE, CONSTRAINT, or the variable whose cell took a literal from a constraint."""
FREE, CONSTRAINT, MIXED = -3, -1, -2
Clauses = frozenset[Clause]


class TooIntricateError(Exception):
    """A circuit would exceed the budget."""


class Possibilities:
    """Builds the gates of one policy. The inputs of the circuit are whether a row excludes a cell of the space, by its bit position."""

    def __init__(self, space: Space) -> None:
        """Build the gates of every single cell first. Raises TooIntricateError where the constraints alone are too intricate."""
        self.circuit = Circuit()
        self.doubtful: list[int] = []
        """Rows for which a question was too intricate: what is said of them is an upper bound that a lowest case does not show to be met."""
        self._spent = 0
        self._limit = QUESTION_BUDGET * 10
        self._space = space
        self._constraints = frozenset((clause.bits, CONSTRAINT) for clause in space.clauses)
        self._near = self._neighbourhoods()
        self._known: dict[Clauses, int] = {}
        cells = (v.offset + i for v in space.variables for i in range(len(v.cells)))
        self._cells = {1 << cell: self.circuit.negation(self.circuit.input(cell)) for cell in cells}
        self._closed = False
        self.consistent = self._apart(self._constraints, keep=True)
        constrained = {bit: self.case_in(self._space.full & (bit | ~variable.block)) for variable in space.variables for bit in _bits(variable.block)}
        self._cells = constrained
        self._known = {}
        self._closed = True

    def _neighbourhoods(self) -> dict[int, Clauses]:
        """Block -> the constraints that it is connected with."""
        near: dict[int, Clauses] = {}
        for group in self._components(self._constraints):
            for bits, _ in group:
                for block in self._space.blocks_in(bits):
                    near[block] = group
        return near

    # -- what is asked ----------------------------------------------------------------------------------------------------------------

    def case_in(self, term: int, forbidding: Iterable[int] = ()) -> int:
        """The gate of the rows with a case inside a term that has a cell in each of `forbidding` (the cells outside the forbidden terms)."""
        terms = list(dict.fromkeys(forbidding))
        if len(terms) <= 1:
            return self._alone(term, terms)
        self._limit = min(self._spent + QUESTION_BUDGET, WHOLE_BUDGET)
        try:
            return self._exactly(term, terms)
        except (TooIntricateError, RecursionError):
            most = self.circuit.all_of([self._alone(term, [bits]) for bits in terms])
        self.doubtful.append(self.circuit.all_of([most, self.circuit.negation(self._lowest_shows(term, terms))]))
        return most

    def _alone(self, term: int, forbidding: Sequence[int]) -> int:
        """The gate of one forbidden term at most, which is small whatever has been spent on others."""
        self._limit = self._spent + QUESTION_BUDGET
        return self._exactly(term, forbidding)

    def _exactly(self, term: int, forbidding: Sequence[int]) -> int:
        space = self._space
        clauses = {(bits, FREE) for bits in forbidding}
        clauses |= {(term & block, FREE) for block in space.blocks_in(space.full & ~term)}
        if any(not bits for bits, _ in clauses):
            return FALSE
        named = {block for bits, _ in clauses for block in space.blocks_in(bits)}
        return self._apart(self._reduced({*clauses, *(clause for block in named for clause in self._near.get(block, ()))}))

    def case_without(self, forbidding: Iterable[int]) -> int:
        """The gate of the rows with a case that has a cell in each of `forbidding`."""
        return self.case_in(self._space.full, forbidding)

    def cell(self, bits: int) -> int:
        """The gate of the rows that leave one of the cells of one variable possible."""
        return self.circuit.any_of(self._cells[bit] for bit in _bits(bits))

    # -- how it is answered -----------------------------------------------------------------------------------------------------------

    def _apart(self, clauses: Clauses, *, keep: bool = False) -> int:
        """Answer clauses that share no fact apart from each other. `keep`: the constraints themselves are the question."""
        return self.circuit.all_of([self._together(group, keep=keep) for group in self._components(clauses)])

    def _together(self, clauses: Clauses, *, keep: bool = False) -> int:
        if not keep and self._certain(clauses):
            return TRUE
        if len(clauses) == 1:
            ((bits, _),) = clauses
            return self.circuit.any_of(self.cell(bits & block) for block in self._space.blocks_in(bits))
        found = None if keep else self._known.get(clauses)
        if found is None:
            found = self._split(clauses, keep=keep)
            if not keep:
                self._known[clauses] = found
        return found

    def _certain(self, clauses: Clauses) -> bool:
        """Whether clauses hold in some case of every row that contradicts nothing: constraints as they are, or as one possible cell leaves them."""
        sources = {source for _, source in clauses if source != CONSTRAINT}
        return not sources or (self._closed and len(sources) == 1 and not sources & {FREE, MIXED})

    def _split(self, clauses: Clauses, *, keep: bool) -> int:
        """Split the fact that matters most into cells, those with the same consequences together."""
        block = self._most_named(clauses)
        variable = self._space.owner[(block & -block).bit_length() - 1]
        groups: dict[Clauses, int] = {}
        for bit in _bits(block):
            rest = self._given(clauses, bit, block, variable)
            if rest is not None:
                groups[rest] = groups.get(rest, 0) | bit
        circuit = self.circuit
        return circuit.any_of([circuit.all_of([self.cell(bits), self._apart(rest, keep=keep)]) for rest, bits in groups.items()])

    def _given(self, clauses: Clauses, bit: int, block: int, variable: int) -> Clauses | None:
        """What is left to hold once a fact has one cell; None if that cannot be."""
        left: set[Clause] = set()
        for bits, source in clauses:
            if bits & bit:
                continue
            rest = bits & ~block
            if not rest:
                return None
            if source != FREE and rest != bits:
                left.add((rest, variable if source in {CONSTRAINT, variable} else MIXED))
            else:
                left.add((rest, source))
        return self._reduced(left)

    def _reduced(self, clauses: Iterable[Clause]) -> Clauses:
        """The clauses without those that follow from another one."""
        clauses = set(clauses)
        self._spend(len(clauses) * len(clauses))
        kept: list[Clause] = []
        for bits, source in sorted(clauses, key=lambda clause: (clause[0].bit_count(), -clause[1])):
            if not any(other & ~bits == 0 for other, _ in kept):
                kept.append((bits, source))
        return frozenset(kept)

    def _most_named(self, clauses: Clauses) -> int:
        """The block to split next: one that a clause is about alone, else the one in most clauses."""
        counts: dict[int, int] = {}
        for bits, _ in clauses:
            blocks = self._space.blocks_in(bits)
            if len(blocks) == 1:
                return blocks[0]
            for block in blocks:
                counts[block] = counts.get(block, 0) + 1
        return max(sorted(counts), key=counts.__getitem__)

    def _spend(self, looks: int) -> None:
        self._spent += looks
        if self._spent > self._limit:
            raise TooIntricateError

    def _lowest_shows(self, term: int, forbidding: Sequence[int]) -> int:
        """The gate of the rows whose lowest case (within the term) satisfies every constraint and lies in none of the forbidden terms."""
        circuit = self.circuit
        named = self._space.full & ~term

        def met(bits: int) -> int:
            return circuit.any_of(self._lowest(bit, term if named & self._block_of(bit) else self._space.full) for bit in _bits(bits))

        inside = [self.cell(term & block) for block in self._space.blocks_in(named)]
        return circuit.all_of([*inside, *(met(bits) for bits, _ in self._constraints), *(met(bits) for bits in forbidding)])

    def _block_of(self, bit: int) -> int:
        return self._space.variables[self._space.owner[bit.bit_length() - 1]].block

    def _lowest(self, bit: int, term: int) -> int:
        """The gate of the rows in whose lowest case a fact has this cell."""
        block = self._block_of(bit)
        if not bit & term:
            return FALSE
        lower = (bit - 1) & block & term
        return self.circuit.all_of([self._cells[bit], self.circuit.negation(self.cell(lower))])

    def _components(self, clauses: Iterable[Clause]) -> list[Clauses]:
        """Clauses in groups that share no fact."""
        groups: list[tuple[int, list[Clause]]] = []
        for clause in sorted(clauses):
            blocks = sum(self._space.blocks_in(clause[0]))
            members = [clause]
            apart = []
            for group in groups:
                if group[0] & blocks:
                    blocks |= group[0]
                    members += group[1]
                else:
                    apart.append(group)
            groups = [*apart, (blocks, members)]
        return [frozenset(members) for _, members in groups]


def _bits(bits: int) -> Sequence[int]:
    found = []
    while bits:
        found.append(bits & -bits)
        bits &= bits - 1
    return found
