"""What a table asks of a policy, as gates: one for each bit of the answer.

Comes in: a Program. Goes out: a `Plan`, plain data that can be sent to other processes. Promised: for a row that contradicts nothing each gate is
what `deciding.evaluate` finds for it, exactly. Source: docs/reference/semantics.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safeguarding_rules.deciding.program import CompiledRule, Program
from safeguarding_rules.tabular.circuits import FALSE, TRUE, Circuit
from safeguarding_rules.tabular.satisfying import Possibilities
from safeguarding_rules.worlds.sums import Sum

_WORDS = {(1, False): "may", (2, False): "should", (3, False): "must", (2, True): "should_not", (3, True): "must_not"}


@dataclass(frozen=True)
class Plan:
    """Gates by what they answer. `least`, `most` and `advice` hold, for every rank from 1, whether it is at least that; rules go by index."""

    circuit: Circuit
    decided: int  # rows that contradict nothing and whose answers the gates give; the others are decided one by one
    decided_lists: int  # the same, with `possible`
    least: tuple[int, ...]
    most: tuple[int, ...]
    advice: tuple[int, ...]
    settled: int
    firm: int
    met: tuple[int, ...]
    presumed: tuple[int, ...]
    open: tuple[int, ...]  # presumed rules included
    applies: tuple[tuple[int, int, int], ...]  # slot, strength, gate: exactly that strength applies
    possible: tuple[int, ...]  # per rank


def duty_name(program: Program, slot: int, strength: int) -> str:
    """A duty as the name of a column: `dsl_must_refer_to_police`."""
    described = program.slots[slot]
    return f"{described.by}_{_WORDS[strength, described.forbids]}_{described.action}"


def plan_of(program: Program) -> Plan:
    """Lay out the gates of a Program. Raises TooIntricateError where not even single terms fit the budget."""
    return _Planner(program).plan()


class _Planner:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.cases = Possibilities(program.space)
        self.circuit = self.cases.circuit

    def plan(self) -> Plan:
        """Judge rules, outcomes and duties, in that order, as the scalar evaluator does."""
        circuit, rules, ranks = self.circuit, self.program.rules, range(1, len(self.program.policy.outcomes))
        can_hold = [circuit.any_of(self.cases.case_in(self.term(fails)) for fails in rule.holds.fails) for rule in rules]
        certain = [self.certain(rule.holds) for rule in rules]
        still_open = [circuit.all_of([hold, circuit.negation(met)]) for hold, met in zip(can_hold, certain, strict=True)]
        presumed = [circuit.all_of([self.presumes(rule), gate]) for rule, gate in zip(rules, still_open, strict=True)]
        least = [circuit.negation(self.cases.case_without(self.terms_from(rank))) for rank in ranks]
        most = [circuit.any_of(can_hold[rule.index] for rule in rules if rule.rank >= rank) for rank in ranks]
        differs = [circuit.all_of([high, circuit.negation(low)]) for low, high in zip(least, most, strict=True)]
        unsettled = circuit.any_of(differs)
        waiting = self.program.policy.when_unsettled.outcome
        advice = []
        for rank in ranks:
            taken = [presumed[rule.index] for rule in rules if rule.rank >= rank]
            held = most[rank - 1] if rank <= waiting else FALSE
            advice.append(circuit.any_of([least[rank - 1], circuit.all_of([unsettled, circuit.any_of([held, *taken])])]))
        above = [circuit.all_of([high, circuit.negation(low)]) for low, high in zip(least, advice, strict=True)]
        duties = tuple(self.duties())
        decided = self.decided()
        possible = tuple(self.reaches(rank) for rank in (0, *ranks))
        return Plan(
            circuit=circuit,
            decided=decided,
            decided_lists=self.decided(),
            least=tuple(least),
            most=tuple(most),
            advice=tuple(advice),
            settled=circuit.negation(unsettled),
            firm=circuit.negation(circuit.any_of(above)),
            met=tuple(certain),
            presumed=tuple(presumed),
            open=tuple(still_open),
            applies=duties,
            possible=possible,
        )

    def decided(self) -> int:
        """Rows for which nothing asked so far is in doubt."""
        return self.circuit.all_of([self.cases.consistent, self.circuit.negation(self.circuit.any_of(self.cases.doubtful))])

    # -- rules and outcomes -----------------------------------------------------------------------------------------------------------

    def term(self, fails: int) -> int:
        """The term outside which the cells of `fails` are."""
        return self.program.space.full & ~fails

    def terms_from(self, rank: int) -> list[int]:
        """What to forbid so that no rule of that outcome or above holds."""
        return [fails for rule in self.program.rules if rule.rank >= rank for fails in rule.holds.fails]

    def certain(self, condition: Sum) -> int:
        """Whether a condition holds in every case."""
        return self.circuit.negation(self.cases.case_without(condition.fails))

    def presumes(self, rule: CompiledRule) -> int:
        """Whether a rule, if it is open, is presumed."""
        if rule.presume != "presume_if_partly_met":
            return TRUE if rule.presume == "presume_met" else FALSE
        circuit = self.circuit
        found = [self.certain(limb) for limb in rule.limbs]
        if rule.unless is not None and rule.when is not None:
            unless_open = [self.cases.case_without(rule.unless.fails), self.can_hold(rule.unless)]
            found.append(circuit.all_of([self.certain(rule.when), *unless_open]))
        return circuit.any_of(found)

    def can_hold(self, condition: Sum) -> int:
        """Whether a condition holds in some case."""
        return self.circuit.any_of([self.cases.case_in(self.term(fails)) for fails in condition.fails])

    def reaches(self, rank: int) -> int:
        """Whether some case has exactly this outcome."""
        above = self.terms_from(rank + 1)
        if rank == 0:
            return self.cases.case_without(above)
        equal = [fails for rule in self.program.rules if rule.rank == rank for fails in rule.holds.fails]
        return self.circuit.any_of([self.cases.case_in(self.term(fails), above) for fails in equal])

    # -- duties -----------------------------------------------------------------------------------------------------------------------

    def duties(self) -> Iterable[tuple[int, int, int]]:
        """Every strength of every slot that something gives, with the gate of the rows in which just that strength applies."""
        for number, slot in enumerate(self.program.slots):
            strengths = sorted({strength for _, strength in (*slot.rules, *slot.standing)})
            at_least = [self.circuit.negation(self.lacks(number, strength)) for strength in strengths]
            if number in self.program.contested and strengths and strengths[0] == 1:
                at_least[0] = self.circuit.all_of([at_least[0], self.circuit.negation(self.outranked(number, slot.opposite))])
                at_least[0] = self.circuit.any_of(at_least)
            for i, strength in enumerate(strengths):
                stronger = self.circuit.any_of(at_least[i + 1 :])
                gate = self.circuit.all_of([at_least[i], self.circuit.negation(stronger)])
                if gate != FALSE:
                    yield number, strength, gate

    def lacks(self, slot: int, strength: int) -> int:
        """Whether in some case a slot is given less than `strength`."""
        terms, bases = self.giving(slot, strength)
        return FALSE if terms is None else self.circuit.any_of([self.cases.case_in(base, terms) for base in bases])

    def outranked(self, slot: int, opposite: int) -> int:
        """Whether in some case no more than `may` is given to a slot, and something to its opposite."""
        terms, bases = self.giving(slot, 2)
        if terms is None:
            return FALSE
        found = []
        for base in bases:
            for term, also in self.boxes_giving(opposite):
                found.append(self.cases.case_in(base & term, [*terms, *also]))
        return self.circuit.any_of(found)

    def giving(self, slot: int, strength: int) -> tuple[list[int] | None, Sequence[int]]:
        """What to forbid, and terms of which one is needed, so that a slot is given less than `strength`; None where every case gives it."""
        program = self.program
        described = program.slots[slot]
        terms = [fails for index, given in described.rules if given >= strength for fails in program.rules[index].holds.fails]
        bases: Sequence[int] = (program.space.full,)
        for index, given in described.standing:
            entry = program.standing[index]
            if given < strength:
                continue
            if entry.first:
                bases = [self.term(fails) for fails in self.terms_from(1)]
            elif entry.rank == 0:
                return None, ()
            else:
                terms += self.terms_from(entry.rank)
        return terms, bases

    def boxes_giving(self, slot: int) -> list[tuple[int, list[int]]]:
        """Terms, each with more to forbid, that together are the cases in which something is given to a slot."""
        program = self.program
        found: list[tuple[int, list[int]]] = []
        for index, _ in program.slots[slot].rules:
            found += [(self.term(fails), []) for fails in program.rules[index].holds.fails]
        for index, _ in program.slots[slot].standing:
            entry = program.standing[index]
            if entry.first:
                found.append((program.space.full, self.terms_from(1)))
            elif entry.rank == 0:
                found.append((program.space.full, []))
            else:
                found += [(self.term(fails), []) for fails in self.terms_from(entry.rank)]
        return found
