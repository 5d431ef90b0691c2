"""Invariants about cases: `whenever` and `always` with their claims, and `reachable`.

Comes in: a stack and an invariant. Goes out: whether it holds for every complete case, or the smallest case in which it does not.

Partial cases need no search of their own where the condition is met, which is to say holds in every case that agrees with what is known. The advice
is never below the least possible outcome, so `outcome_at_least` holds; the advice is never above the greatest possible outcome, so
`outcome_at_most` holds; a duty applies with the least strength it has, so `must` and its kin hold (where several persons can have the duty, one or
the other). For `never`, a duty is presumed only where a rule that can hold gives it, where the outcome can be so high that it is asked for, or
where `when_unsettled` gives it; only the last adds anything. Here the widest partial cases are tried for it, which refutes most such claims at once;
the rest are decided by `unknown`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.language.conditions import Condition, tests_of
from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.formulas import REQUIRED
from safeguarding_rules.proving.witness import Check, partial_witness, witness
from safeguarding_rules.worlds.sums import sum_in

Result = dict[str, Any]


def stands(decision: Decision, action: str, modality: str, by: str | None = None) -> bool:
    """Whether a decision advises an action at least so strongly, applying or presumed, by anybody or by one person."""
    forbids = modality in PROHIBITIONS
    for item in decision.actions:
        if item.action == action and (item.modality in PROHIBITIONS) == forbids and (by is None or item.by == by) and item.status != "depends":
            strengths = [STRENGTH[item.modality], *(STRENGTH[more.modality] for more in item.stronger if more.status == "presumed")]
            if max(strengths) >= STRENGTH[modality]:
                return True
    return False


def ranks_of(arena: Arena) -> dict[str, int]:
    """The outcomes by name."""
    return {outcome.name: rank for rank, outcome in enumerate(arena.policy.outcomes)}


def refuted(shown: Any, reason: str) -> Result:  # noqa: ANN401  a Witness
    """What a refuted invariant comes to."""
    return {"state": "refuted", "witness": shown, "reason": reason, "code": "SR701"}


def prove_scoped(arena: Arena, invariant: Invariant, boxes: list[int], about: Collection[str] = ()) -> Result:
    """Decide an invariant with `whenever` or `always`; `boxes` are the cases it speaks of, `about` the facts its condition names."""
    if not arena.search.find(boxes):
        return {"state": "proved", "reason": "no possible case meets its condition, so it says nothing"}
    for look in (_too_mild, _too_strong, _lacking, _advised):
        for case, check, reason in look(arena, invariant, boxes):
            return refuted(witness(arena, case, check, about), reason)
    for facts, check, reason in _tried_unsettled(arena, invariant, boxes):
        return refuted(partial_witness(arena, facts, check), reason)
    return {"state": "proved"}


Found = Iterator[tuple[int, Check, str]]


def _too_mild(arena: Arena, invariant: Invariant, boxes: list[int]) -> Found:
    if invariant.outcome_at_least is not None:
        wanted = ranks_of(arena)[invariant.outcome_at_least]
        if wanted and (case := arena.find(boxes, arena.fails(wanted))):
            yield case, lambda d: d.verdict.advice < wanted, f"the outcome is milder than `{invariant.outcome_at_least}`"


def _too_strong(arena: Arena, invariant: Invariant, boxes: list[int]) -> Found:
    if invariant.outcome_at_most is not None:
        wanted = ranks_of(arena)[invariant.outcome_at_most]
        if case := arena.find(arena.reaching(wanted + 1, boxes)):
            yield case, lambda d: d.verdict.advice > wanted, f"the outcome is more protective than `{invariant.outcome_at_most}`"


def _lacking(arena: Arena, invariant: Invariant, boxes: list[int]) -> Found:
    for modality in REQUIRED:
        for action in getattr(invariant, modality) or ():
            absent = [(slot, STRENGTH[modality]) for slot in arena.slots(action, modality)]
            if case := arena.find(boxes, absent=absent):
                yield case, _lacks(action, modality), f"nobody is given `{modality} {action}`"


def _lacks(action: str, modality: str) -> Check:
    return lambda decision: not stands(decision, action, modality)


def _advised(arena: Arena, invariant: Invariant, boxes: list[int]) -> Found:
    for item in invariant.never or ():
        for slot in arena.slots(item.action, item.modality, item.by):
            if case := arena.standing(boxes, slot, STRENGTH[item.modality]):
                yield case, _stands(item.action, item.modality, item.by), f"`{item.modality} {item.action}` or more is advised"


def _stands(action: str, modality: str, by: str | None) -> Check:
    return lambda decision: stands(decision, action, modality, by)


def _tried_unsettled(arena: Arena, invariant: Invariant, boxes: list[int]) -> Iterator[tuple[dict[str, Any], Check, str]]:
    """Look at what `when_unsettled` gives: in a partial case, known no further than that the condition is met."""
    from safeguarding_rules.deciding.evaluate import evaluate  # noqa: PLC0415  rarely needed
    from safeguarding_rules.proving.witness import facts_of_case  # noqa: PLC0415

    for item in invariant.never or ():
        slots = [i for i in arena.slots(item.action, item.modality, item.by) if arena.program.slots[i].unsettled >= STRENGTH[item.modality]]
        for slot in slots:
            for box in boxes:
                verdict = evaluate(arena.program, box)
                if verdict is not None and max(verdict.applies[slot], verdict.assumed[slot]) >= STRENGTH[item.modality]:
                    reason = f"`{item.modality} {item.action}` is advised while the outcome is not settled"
                    yield facts_of_case(arena.space, box), _stands(item.action, item.modality, item.by), reason


def advised_unsettled(arena: Arena, invariant: Invariant) -> bool:
    """Whether `when_unsettled` gives what is never to be advised, which formulas about complete cases do not say."""
    given = ((slot, STRENGTH[item.modality]) for item in invariant.never or () for slot in arena.slots(item.action, item.modality, item.by))
    return any(arena.program.slots[slot].unsettled >= strength for slot, strength in given)


def breach_of(arena: Arena, alone: Invariant) -> tuple[Check, str]:
    """How a decision is told to break an invariant that makes one claim only, and what is then said; of `reachable`, how it is told to end there."""
    ranks = ranks_of(arena)
    if alone.reachable is not None:
        rank = ranks[alone.reachable]
        return (lambda d: d.verdict.advice == rank), ""
    if alone.outcome_at_least is not None:
        least = ranks[alone.outcome_at_least]
        return (lambda d: d.verdict.advice < least), f"the outcome is milder than `{alone.outcome_at_least}`"
    if alone.outcome_at_most is not None:
        most = ranks[alone.outcome_at_most]
        return (lambda d: d.verdict.advice > most), f"the outcome is more protective than `{alone.outcome_at_most}`"
    for modality in REQUIRED:
        for action in getattr(alone, modality) or ():
            return _lacks(action, modality), f"nobody is given `{modality} {action}`"
    (item,) = alone.never or ()
    return _stands(item.action, item.modality, item.by), f"`{item.modality} {item.action}` or more is advised"


def prove_reachable(arena: Arena, outcome: str) -> Result:
    """Decide whether some complete case ends in an outcome; the case is shown."""
    rank = ranks_of(arena)[outcome]
    boxes = (
        arena.meets(arena.everything, [b for rule in arena.program.rules if rule.rank == rank for b in rule.holds.boxes])
        if rank
        else arena.everything
    )
    case = arena.find(boxes, arena.fails(rank + 1))
    if not case:
        return {"state": "refuted", "reason": f"no possible case ends in `{outcome}`", "code": "SR701"}
    return {"state": "proved", "how": "by example", "witness": witness(arena, case, lambda d: d.verdict.advice == rank)}


def boxes_of(arena: Arena, condition: Any) -> list[int]:  # noqa: ANN401  a Condition or None
    """The boxes of the cases an invariant speaks of."""
    return arena.everything if condition is None else list(sum_in(arena.space, condition).boxes)


def named_in(condition: Condition | None) -> frozenset[str]:
    """The facts that the condition of an invariant names."""
    return frozenset() if condition is None else frozenset(test.fact for test in tests_of(condition))
