"""Whether the cases of some packs notice a mutant.

Comes in: the stacks with their cases, and a mutant. Goes out: the first case whose expectation it fails, or that none does and why. Promised: cases
that a mutant cannot reach are not decided again, and only those: a case is passed over where neither the old nor the new part can apply in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.deciding.rule_index import RuleIndex
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.linking.cases import holds_of
from safeguarding_rules.linking.policy import Policy, PolicyRule
from safeguarding_rules.testing.coverage_bench import Bench, Placed
from safeguarding_rules.testing.judging import judge
from safeguarding_rules.testing.mutate_equivalent import alike
from safeguarding_rules.testing.mutate_mutants import Mutant, applied, due_in
from safeguarding_rules.worlds.sums import sum_in
from safeguarding_rules.worlds.terms import TooManyTermsError

_MOST_QUESTIONED = 2
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
            program = _compiled(bench.program, policy, mutant)
        except TooManyTermsError:
            return Fate("undecided")
        if (found := _noticed_by(bench, program, mutant)) is not None:
            return Fate("killed", found.case.id)
        tried.append((bench, program))
    changed = [(bench, program) for bench, program in tried if not alike(bench.program, program, mutant)]
    for bench, program in changed:
        if (found := _missed_by(bench, program, mutant)) is not None:
            return Fate("killed", found.case.id)
    return Fate("survived" if changed else "equivalent")


def _compiled(program: Program, policy: Policy, mutant: Mutant) -> Program:
    """The Program of a mutated Policy: only the rule that changes is compiled, unless what it gives changes."""
    if not isinstance(mutant.old, PolicyRule) or mutant.old.duties != mutant.new.duties:
        return compile_policy(policy, program.space)
    index = _index(mutant, program.policy)
    rule, old, space = policy.rules[index], program.rules[index], program.space
    partly = rule.if_unknown == "presume_if_partly_met"
    changed = replace(
        old,
        holds=sum_in(space, holds_of(rule)),
        rank=-1 if rule.outcome is None else rule.outcome,
        presume=rule.if_unknown,
        limbs=tuple(sum_in(space, limb) for limb in rule.limbs) if partly else (),
        when=sum_in(space, rule.when) if partly else None,
        unless=sum_in(space, rule.unless) if partly and rule.unless is not None else None,
    )
    rules = (*program.rules[:index], changed, *program.rules[index + 1 :])
    named = tuple(frozenset(test.fact for test in tests_of(holds_of(one))) for one in policy.rules)
    return replace(program, policy=policy, rules=rules, rule_facts=named, index=RuleIndex(space, rules))


def _index(mutant: Mutant, policy: Policy) -> int:
    return next(i for i, rule in enumerate(policy.rules) if rule.id == mutant.where)


def _noticed_by(bench: Bench, program: Program, mutant: Mutant) -> Placed | None:
    """The first case that misses something else than a question."""
    same_slots = _names(bench.program) == _names(program)
    retimed = due_in(mutant.old) != due_in(mutant.new)  # of deadlines a verdict says nothing
    for placed in _reached(bench, program, mutant):
        case = placed.case
        verdict = evaluate(program, placed.box) if placed.box else None
        if verdict is not None and same_slots and verdict == placed.verdict and not (retimed and _times(placed, mutant)):
            continue
        decision = _decision(bench, program, placed, verdict)
        if judge(case.expect.model_copy(update={"asks": ()}), decision, case.pack):
            return placed
    return None


def _missed_by(bench: Bench, program: Program, mutant: Mutant) -> Placed | None:
    """The first case in which a question is missed. Questions are slow to find: only a few cases that ask for its facts are tried."""
    facts = _facts(mutant)
    asking = [placed for placed in _reached(bench, program, mutant) if placed.box and not facts.isdisjoint(placed.case.expect.asks)]
    for placed in asking[:_MOST_QUESTIONED]:
        questions = _decision(bench, program, placed, evaluate(program, placed.box)).questions
        if not {question.fact for question in questions}.issuperset(placed.case.expect.asks):
            return placed
    return None


def _decision(bench: Bench, program: Program, placed: Placed, verdict: Verdict | None) -> Decision:
    case = placed.case
    if verdict is None:
        return Decider(program, few=True).decide(case.facts, case.on)
    return Decision(program, dict(case.facts), bench.knowledge, verdict, case.on, None)


def _facts(mutant: Mutant) -> set[str]:
    parts = [part for part in (mutant.old, mutant.new) if isinstance(part, PolicyRule)]
    return {test.fact for part in parts for test in tests_of(holds_of(part))}


def _names(program: Program) -> list[tuple[str, str, bool]]:
    return [(slot.action, slot.by, slot.forbids) for slot in program.slots]


def _reached(bench: Bench, program: Program, mutant: Mutant) -> Iterator[Placed]:
    """Yield the cases in which the part that changes can apply, before or after, and does not surely hold in both alike."""
    cases = [placed for placed in bench.cases if mutant.kind != "deadline" or _times(placed, mutant)]
    if not isinstance(mutant.old, PolicyRule):
        yield from cases
        return
    index = _index(mutant, bench.policy)
    before, after = bench.program.rules[index], program.rules[index]
    boxes = (*before.holds.boxes, *after.holds.boxes)
    meet = bench.space.meet
    for placed in cases:
        if placed.box and mutant.kind == "condition" and before.holds.holds(placed.box) and after.holds.holds(placed.box):
            continue
        if not placed.box or any(meet(placed.box, box) for box in boxes):
            yield placed


def _times(placed: Placed, mutant: Mutant) -> bool:
    """Whether a case says by when it expects an action whose deadline changes."""
    changed = {duty.action for duty in {*mutant.old.duties} ^ {*mutant.new.duties}}
    return any(item.within is not None and item.action in changed for item in placed.case.expect.actions)
