"""What every analysis works with: a stack to prove, and how a claim comes out of a piece of work.

Comes in: linked stacks. Goes out: `Claim`s. Promised: a piece of work that runs out of time or nodes gives an undecided claim, never a proved one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from safeguarding_rules.diagnostics import Diagnostic
from safeguarding_rules.language.conditions import Condition, Test, expand, parse_condition
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.language.facts import unmask
from safeguarding_rules.linking.cases import space_of
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.formulas import Formulas
from safeguarding_rules.proving.search import Limits, UndecidedError
from safeguarding_rules.proving.witness import DisagreementError
from safeguarding_rules.reading import Pack
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.terms import TooManyTermsError


@dataclass
class Stack:
    """A stack to prove: its packs from the top down, its Policy on a day, and the Policy of the packs above the lowest one (None for a top pack).

    `periods`: the intervals in which it is in force with this meaning. `diagnostics`: what the check found. `opinion`: also ask z3.
    """

    packs: Sequence[Pack]
    policy: Policy
    above: Policy | None
    on: date
    today: date
    periods: tuple[tuple[date, date | None], ...] = ()
    diagnostics: Sequence[Diagnostic] = ()
    limits: Limits = field(default_factory=Limits)
    opinion: bool = False

    @property
    def pack(self) -> Pack:
        """The lowest pack, which the proof is about."""
        return self.packs[-1]

    def means_the_same(self, other: Stack) -> bool:
        """Whether another stack decides every case alike: what may differ is only statements, routes and texts around them."""
        return [pack.digest for pack in self.packs] == [pack.digest for pack in other.packs] and _meaning(self.policy) == _meaning(other.policy)

    @cached_property
    def arena(self) -> Arena:
        """The stack laid out."""
        conditions = [condition for _, _, invariant in self.invariants if (condition := self.scope_of(invariant)) is not None]
        above = [] if self.above is None else [c for rule in self.above.rules for c in (rule.when, rule.given, rule.unless) if c is not None]
        unknown = {name for _, _, invariant in self.invariants for name in invariant.while_unknown or ()}
        return Arena(self.policy, self.on, self.limits, [*conditions, *above, *splits(space_of(self.policy, [*conditions, *above]), unknown)])

    @cached_property
    def formulas(self) -> Formulas:
        """The stack as formulas for z3, which must be installed."""
        return Formulas(self.policy, "")

    @property
    def invariants(self) -> list[tuple[Pack, str, Invariant]]:
        """Every invariant of every pack of the stack."""
        return [(pack, name, invariant) for pack in self.packs for name, invariant in pack.invariants.invariants.items()]

    def scope_of(self, invariant: Invariant) -> Condition | None:
        """The condition of an invariant with `whenever`, definitions expanded and masks applied."""
        if invariant.whenever is None:
            return None
        pack = next(pack for pack, _, other in self.invariants if other is invariant)
        definitions = {name: parse_condition(data) for _, document in pack.rules for name, data in document.definitions.items()}
        return unmask(expand(parse_condition(invariant.whenever), definitions), {info.spec.name: info.spec for info in self.policy.facts})


def splits(space: Space, names: Collection[str]) -> list[Condition]:
    """Conditions that split every range of some integers, so that a fact known only to lie in one range has two values and counts as unknown."""
    ranges = [(variable.fact, cell) for variable in space.variables if variable.fact in names for cell in variable.cells if isinstance(cell, tuple)]
    return [Test(fact, "at_least", low + 1) for fact, (low, high) in ranges if low < high]


def _meaning(policy: Policy) -> tuple[Any, ...]:
    routes = {name: [(entry.name, entry.when, entry.emergency) for entry in entries] for name, entries in policy.routes.items()}
    return (policy.rules, policy.standing, policy.when_unsettled, policy.facts, policy.implications, policy.outcomes, routes)


def claim(work: Callable[[], dict[str, Any]], **fields: Any) -> Claim:  # noqa: ANN401  fields of a Claim
    """The claim that a piece of work comes to; what it gives are fields of the claim."""
    started = time.perf_counter()
    try:
        result = work()
    except UndecidedError as error:
        result = {"state": "undecided", "reason": str(error), "code": "SR703"}
    except DisagreementError as error:
        result = {"state": "undecided", "reason": f"an error of ours, please report it: {error}", "code": "SR703"}
    except TooManyTermsError:
        result = {"state": "undecided", "reason": "a condition has too many terms to be written out", "code": "SR703"}
    return Claim(**{**fields, **result, "seconds": time.perf_counter() - started})
