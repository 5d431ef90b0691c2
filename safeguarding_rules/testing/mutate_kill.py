"""Whether the cases of some packs notice a mutant.

Comes in: the stacks with their cases, and a mutant. Goes out: the first case whose expectation it fails, or that none does and why. Promised: cases
that a mutant cannot reach are not decided again, and only those: a case is passed over where neither the old nor the new part can apply in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.linking.policy import PolicyRule
from safeguarding_rules.testing.coverage_bench import Bench, Placed
from safeguarding_rules.testing.judging import judge
from safeguarding_rules.testing.mutate_equivalent import alike
from safeguarding_rules.testing.mutate_mutants import Mutant, applied
from safeguarding_rules.worlds.terms import TooManyTermsError

State = Literal["killed", "survived", "equivalent", "undecided"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant. `by`: the case that noticed."""

    state: State
    by: str | None = None


def fate_of(mutant: Mutant, benches: list[Bench]) -> Fate:
    """Try a mutant on every stack that it can be applied to."""
    tried: list[tuple[Bench, Program]] = []
    for bench in benches:
        policy = applied(bench.policy, mutant) if bench.has((mutant.pack, mutant.version)) else None
        if policy is None:
            continue
        try:
            program = compile_policy(policy, bench.space)
        except TooManyTermsError:
            return Fate("undecided")
        if (found := _noticed_by(bench, program, mutant)) is not None:
            return Fate("killed", found.case.id)
        tried.append((bench, program))
    same = all(alike(bench.program, program, mutant) for bench, program in tried)
    return Fate("equivalent" if same else "survived")


def _noticed_by(bench: Bench, program: Program, mutant: Mutant) -> Placed | None:
    reached = list(_reached(bench, program, mutant))
    same_slots = [slot[:3] for slot in _names(bench.program)] == [slot[:3] for slot in _names(program)]
    for asking in (False, True):
        for placed in reached:
            if bool(placed.case.expect.asks) == asking and _fails(bench, program, placed, same_slots=same_slots):
                return placed
    return None


def _names(program: Program) -> list[tuple[str, str, bool]]:
    return [(slot.action, slot.by, slot.forbids) for slot in program.slots]


def _fails(bench: Bench, program: Program, placed: Placed, *, same_slots: bool) -> bool:
    case = placed.case
    verdict = evaluate(program, placed.box) if placed.box else None
    if verdict is None:
        return bool(judge(case.expect, Decider(program).decide(case.facts, case.on), case.pack))
    if same_slots and verdict == placed.verdict and not case.expect.asks:
        return False
    return bool(judge(case.expect, Decision(program, dict(case.facts), bench.knowledge, verdict, case.on, None), case.pack))


def _reached(bench: Bench, program: Program, mutant: Mutant) -> Iterator[Placed]:
    """Yield the cases in which the part that changes can apply, before or after."""
    if mutant.kind == "deadline":
        return  # no case says by when a duty is expected
    if not isinstance(mutant.old, PolicyRule):
        yield from bench.cases
        return
    index = next(i for i, rule in enumerate(bench.policy.rules) if rule.id == mutant.where)
    boxes = (*bench.program.rules[index].holds.boxes, *program.rules[index].holds.boxes)
    meet = bench.space.meet
    for placed in bench.cases:
        if not placed.box or any(meet(placed.box, box) for box in boxes):
            yield placed
