"""Smaller circuits give the same answers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.tabular import simplify
from safeguarding_rules.tabular.bits import Machine
from safeguarding_rules.tabular.circuits import FALSE, TRUE, Circuit
from safeguarding_rules.tabular.plan import plan_of
from safeguarding_rules.tabular.simplify import simplified

INPUTS = 6


def steps(circuit: Circuit, wanted: Sequence[int]) -> int:
    """Operations of two operands, and negations."""
    gates = [circuit.gates[gate] for gate in circuit.needed(wanted)]
    return sum(max(1, len(inputs) - 1) for kind, inputs in gates if kind in {"and", "or", "not"})


def values(circuit: Circuit, wanted: Sequence[int], row: Sequence[bool]) -> list[bool]:
    found: dict[int, bool] = {}
    for gate in circuit.needed(wanted):
        kind, inputs = circuit.gates[gate]
        if kind in {"constant", "input"}:
            found[gate] = bool(inputs[0]) if kind == "constant" else row[inputs[0]]
        else:
            below = [found[one] for one in inputs]
            found[gate] = not below[0] if kind == "not" else all(below) if kind == "and" else any(below)
    return [found[gate] for gate in wanted]


def random_circuit(chance: random.Random) -> tuple[Circuit, list[int]]:
    circuit = Circuit()
    gates = [FALSE, TRUE, *(circuit.input(i) for i in range(INPUTS))]
    for _ in range(chance.randint(1, 60)):
        chosen = chance.sample(gates, chance.randint(1, min(5, len(gates))))
        makers = [lambda: circuit.all_of(chosen), lambda: circuit.any_of(chosen), lambda: circuit.negation(chosen[0])]  # noqa: B023  called at once
        gates.append(chance.choice(makers)())
    return circuit, chance.choices(gates, k=8)


@pytest.mark.parametrize("seed", range(150))
def test_the_same_answers_for_every_input(seed: int) -> None:
    circuit, wanted = random_circuit(random.Random(seed))
    smaller, gates = simplified(circuit, wanted)
    for row in itertools.product([False, True], repeat=INPUTS):
        assert values(smaller, gates, row) == values(circuit, wanted, row)


def test_pairs_beyond_the_limit_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simplify, "PAIR_LIMIT", 3)
    for seed in range(20):
        circuit, wanted = random_circuit(random.Random(seed))
        smaller, gates = simplified(circuit, wanted)
        for row in itertools.product([False, True], repeat=INPUTS):
            assert values(smaller, gates, row) == values(circuit, wanted, row)


def inputs(circuit: Circuit, count: int = INPUTS) -> list[int]:
    return [circuit.input(i) for i in range(count)]


def test_what_members_share_is_taken_out() -> None:
    circuit = Circuit()
    a, b, c, d, *_ = inputs(circuit)
    wanted = [circuit.any_of([circuit.all_of([a, b]), circuit.all_of([a, c]), circuit.all_of([a, d])])]
    assert (steps(circuit, wanted), steps(*simplified(circuit, wanted))) == (5, 3)
    wanted = [circuit.any_of([a, circuit.all_of([b, c]), circuit.all_of([circuit.any_of([a, d]), b])])]
    assert steps(*simplified(circuit, wanted)) < steps(circuit, wanted)


def test_a_member_that_another_makes_idle_is_left_out() -> None:
    circuit = Circuit()
    a, b, c, *_ = inputs(circuit)
    assert steps(*simplified(circuit, [circuit.any_of([a, circuit.all_of([a, b])])])) == 0
    assert steps(*simplified(circuit, [circuit.any_of([circuit.all_of([a, b]), circuit.all_of([a, b, c])])])) == 1


def test_pairs_that_several_join_are_joined_once() -> None:
    circuit = Circuit()
    a, b, c, d, e, _ = inputs(circuit)
    wanted = [circuit.all_of([a, b, one]) for one in (c, d, e)]
    assert (steps(circuit, wanted), steps(*simplified(circuit, wanted))) == (6, 4)


def test_of_a_gate_and_its_negation_the_cheaper_is_computed() -> None:
    circuit = Circuit()
    negations = [circuit.negation(gate) for gate in inputs(circuit)]
    wanted = [circuit.negation(circuit.any_of(negations))]
    assert (steps(circuit, wanted), steps(*simplified(circuit, wanted))) == (12, 5)


def test_a_shipped_policy_takes_little_more_than_half_the_steps(engine: Engine) -> None:
    plan = plan_of(engine.program)
    wanted = [plan.decided, plan.settled, plan.firm, *plan.least, *plan.most, *plan.advice, *plan.met, *plan.presumed]
    wanted += [gate for _, _, gate in plan.applies]
    assert steps(*simplified(plan.circuit, wanted)) < 0.6 * steps(plan.circuit, wanted)
    machine = Machine(plan.circuit, wanted)
    assert len(set(machine.lines)) < 0.7 * len(wanted)  # rules that are never presumed share one line
