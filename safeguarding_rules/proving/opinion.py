"""A second opinion by the z3 solver, of everything a stack claims of complete cases; and the only one where our own search gave up.

Comes in: a stack, an invariant, and the claim our own search came to. Goes out: the claim with whether z3 agrees, or what z3 came to. The formulas
(`formulas`) are written from the conditions of the Policy, not from the terms that the search works with, so that a fault in either shows. What
speaks of partial cases is not asked: `while_unknown`, and a `never` of what `when_unsettled` gives. z3 is an optional dependency
(`safeguarding-rules[proof]`).

Promised: a case that z3 finds is run through the engine before it is shown, as one of our own; it is made smaller, but need not be smallest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.proving.claims import Claim, How
from safeguarding_rules.proving.formulas import Formulas
from safeguarding_rules.proving.scoped import Result, advised_unsettled, boxes_of, breach_of, named_in, refuted
from safeguarding_rules.proving.witness import case_of, facts_of_case, witness
from safeguarding_rules.proving.work import Stack
from safeguarding_rules.worlds.terms import TooManyTermsError

MILLISECONDS = 20_000
BY_Z3: How = "by the z3 solver"


def second_opinion(stack: Stack, invariant: Invariant, found: Claim) -> Claim:
    """The claim with what z3 says of it; a disagreement makes it undecided, for one of the two is wrong."""
    if found.state == "undecided" or invariant.while_unknown is not None or advised_unsettled(stack.arena, invariant):
        return found
    broken = broken_by(stack, invariant)
    if broken is None:
        return found
    if broken == (found.state == "refuted"):
        return found.model_copy(update={"second_opinion": "agrees"})
    reason = f"our search says {found.state}, z3 says {'refuted' if broken else 'proved'}; please report this"
    return found.model_copy(update={"state": "undecided", "reason": reason, "second_opinion": "disagrees", "code": "SR703"})


def only_opinion(stack: Stack, invariant: Invariant) -> Result | None:
    """What z3 comes to where our search gave up for want of steps; None where it is not asked, cannot tell, or is not installed.

    Raises UndecidedError where there is no time left.
    """
    if invariant.while_unknown is not None or advised_unsettled(stack.arena, invariant) or not installed():
        return None
    stack.limits.check()
    if invariant.must_not_matter is not None:
        return {"state": "proved", "how": BY_Z3} if broken_by(stack, invariant) is False else None
    return _decided(stack, invariant)


def _decided(stack: Stack, invariant: Invariant) -> Result | None:
    import z3  # noqa: PLC0415  optional

    formulas = stack.formulas
    solver = _solver(formulas)
    _add_scope(solver, stack, invariant, formulas)
    for alone, formula in formulas.breaches(invariant):
        solver.push()
        solver.add(formula)
        answer = solver.check()
        if answer == z3.unknown:
            return None
        if answer == z3.sat:
            return _shown(stack, invariant, alone, formulas.facts_of(solver.model()))
        solver.pop()
    if invariant.reachable is not None:
        return {"state": "refuted", "reason": f"no possible case ends in `{invariant.reachable}`", "code": "SR701", "how": BY_Z3}
    return {"state": "proved", "how": BY_Z3}


def _shown(stack: Stack, invariant: Invariant, alone: Invariant, facts: Mapping[str, Any]) -> Result:
    """What a case that z3 found comes to; every fact is set back that can be."""
    arena = stack.arena
    check, reason = breach_of(arena, alone)
    case, scope = case_of(arena.space, facts), stack.scope_of(invariant)
    try:
        boxes = boxes_of(arena, scope)
    except TooManyTermsError:
        boxes = [case]

    def still(milder: int) -> bool:
        decision = arena.decider.decide(facts_of_case(arena.space, milder), arena.on)
        return any(not milder & ~box for box in boxes) and decision.contradiction is None and check(decision)

    shown = witness(arena, arena.search.set_back(case, still), check, named_in(scope))
    if alone.reachable is not None:
        return {"state": "proved", "how": "by example", "witness": shown}
    return {**refuted(shown, reason), "how": BY_Z3}


def installed() -> bool:
    """Whether z3 can be asked."""
    try:
        import z3  # noqa: F401, PLC0415  optional
    except ImportError:
        return False
    return True


def broken_by(stack: Stack, invariant: Invariant) -> bool | None:
    """Whether some complete case (or pair of cases) breaks an invariant; None where z3 does not know."""
    import z3  # noqa: PLC0415  optional

    one = stack.formulas
    solver = _solver(one)
    if invariant.must_not_matter is not None:
        other = Formulas(stack.policy, "'")
        solver.add(other.possible(), one.alike(other, invariant.must_not_matter))
        solver.add(one.differs(other, frozenset(invariant.except_for or ())))
    else:
        _add_scope(solver, stack, invariant, one)
        solver.add(one.breaks(invariant))
    answer = solver.check()
    if answer == z3.unknown:
        return None
    found = bool(answer == z3.sat)
    return not found if invariant.reachable is not None else found


def _solver(formulas: Formulas) -> Any:  # noqa: ANN401  z3 has no types
    """A solver that knows what is possible."""
    import z3  # noqa: PLC0415  optional

    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(formulas.possible())
    return solver


def _add_scope(solver: Any, stack: Stack, invariant: Invariant, formulas: Formulas) -> None:  # noqa: ANN401
    condition = stack.scope_of(invariant)
    if condition is not None:
        solver.add(formulas.holds(condition))
