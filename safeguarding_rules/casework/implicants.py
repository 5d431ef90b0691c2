"""Prime implicants: when is a condition certain, put as cells that must be ruled out.

Comes in: a space with its constraints, a condition as terms. Goes out: the boxes such that, in every closed box of cases, the condition holds in all
possible cases exactly where one of them contains the box. Promised: exact; more than `LIMIT` terms raises TooManyTermsError. How: a box lies inside a
union of terms exactly where it lies inside one of the union's prime implicants; they are found by consensus, one variable at a time, of the condition
and of what the constraints exclude. What only unit propagation of the constraints tells apart is left to the propagation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.terms import TooManyTermsError, absorbed

LIMIT = 4096


class Certainty:
    """Finds when conditions are certain, in one space."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._excluded = self._primes([space.full & ~clause.bits for clause in space.clauses])
        self._found: dict[frozenset[int], tuple[int, ...]] = {}

    @property
    def contradictions(self) -> tuple[int, ...]:
        """The boxes that hold no possible case though propagation does not see it."""
        return self._reduced(self._excluded)

    def of(self, terms: Iterable[int]) -> tuple[int, ...]:
        """The boxes inside which the union of terms is certain."""
        key = frozenset(terms)
        if key not in self._found:
            self._found[key] = self._reduced(self._primes([*self._excluded, *key])) if key else ()
        return self._found[key]

    def of_failing(self, term: int) -> tuple[int, ...]:
        """The boxes inside which no case lies in the term."""
        space = self._space
        outside = space.full & ~term
        return self.of(space.full & ((outside & block) | ~block) for block in space.blocks_in(outside))

    def _primes(self, terms: Sequence[int]) -> list[int]:
        found = absorbed(list(terms))
        for variable in self._space.variables:
            block = variable.block
            while new := self._consensus(found, block):
                found = absorbed([*found, *new])
                if len(found) > LIMIT:
                    raise TooManyTermsError
        return found

    def _consensus(self, terms: Sequence[int], block: int) -> list[int]:
        cut = [term for term in terms if term & block != block]
        others = self._space.full & ~block
        found: dict[int, None] = {}
        for i, one in enumerate(cut):
            for other in cut[i + 1 :]:
                cells = (one | other) & block
                if cells not in (one & block, other & block) and self._space.some(both := (one & other & others) | cells):
                    found[both] = None
        return [both for both in found if not any(both & term == both for term in terms)]

    def _reduced(self, primes: Iterable[int]) -> tuple[int, ...]:
        """One prime, the plainest, for each that another does not contain once both are closed."""
        plainest: dict[int, int] = {}
        for prime in primes:
            closed = self._space.close(prime)
            if closed and (closed not in plainest or prime.bit_count() > plainest[closed].bit_count()):
                plainest[closed] = prime
        return tuple(plainest[closed] for closed in absorbed(list(plainest)))
