from __future__ import annotations

import random
import sys

import numpy as np
import pytest

from safeguarding_rules.tabular.bits import WORDS_A_STRETCH, Machine, assign, none_of, packed, rows_in, unpacked, words_for
from safeguarding_rules.tabular.circuits import FALSE, TRUE, Circuit
from safeguarding_rules.tabular.simplify import simplified


def test_constants_are_folded_away_and_equal_gates_are_one() -> None:
    circuit = Circuit()
    a, b = circuit.input(0), circuit.input(1)
    assert circuit.all_of([a, FALSE]) == FALSE
    assert circuit.all_of([a, TRUE]) == a
    assert circuit.all_of([]) == TRUE
    assert circuit.any_of([]) == FALSE
    assert circuit.any_of([a, TRUE]) == TRUE
    assert circuit.any_of([a, circuit.negation(a)]) == TRUE
    assert circuit.all_of([a, circuit.negation(a)]) == FALSE
    assert circuit.all_of([a, b]) == circuit.all_of([b, a, b])
    assert circuit.negation(circuit.negation(a)) == a
    assert (circuit.negation(TRUE), circuit.negation(FALSE)) == (FALSE, TRUE)


def truth(circuit: Circuit, gate: int, row: list[bool]) -> bool:
    kind, inputs = circuit.gates[gate]
    if kind in {"constant", "input"}:
        return bool(inputs[0]) if kind == "constant" else row[inputs[0]]
    found = [truth(circuit, one, row) for one in inputs]
    return not found[0] if kind == "not" else all(found) if kind == "and" else any(found)


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 1000, 64 * WORDS_A_STRETCH + 7])
def test_a_machine_gives_each_row_what_its_gates_say(rows: int) -> None:
    chance, circuit = random.Random(rows), Circuit()
    gates = [FALSE, TRUE, *(circuit.input(i) for i in range(6))]
    for _ in range(60):
        chosen = chance.sample(gates, chance.randint(1, 4))
        made = {"all": circuit.all_of(chosen), "any": circuit.any_of(chosen), "not": circuit.negation(chosen[0])}
        gates.append(made[chance.choice(list(made))])
    wanted = chance.sample(gates, 12)
    table = np.random.default_rng(rows).random((6, rows)) < 0.6
    inputs = {i: packed(table[i]) for i in range(5)}  # the last one is missing: it holds for no row
    before = {i: words.copy() for i, words in inputs.items()}
    machine = Machine(circuit, wanted)
    lines = machine.run(inputs, len(inputs[0]))
    found = [lines[at] for at in machine.lines]
    for row in [0, rows - 1, *(chance.randrange(rows) for _ in range(20))]:
        values = [*table[:5, row].tolist(), False]
        assert [bool(unpacked(words, rows)[row]) for words in found] == [truth(circuit, gate, values) for gate in wanted]
    assert all((inputs[i] == before[i]).all() for i in inputs)


def test_a_circuit_too_deep_to_be_made_smaller_is_run_as_it_is() -> None:
    circuit = Circuit()
    even, odd = circuit.input(0), circuit.input(1)
    gate = even
    steps = 4 * sys.getrecursionlimit()
    for step in range(steps):
        other = circuit.input(2 + step)
        gate = circuit.all_of([gate, other]) if step % 2 else circuit.any_of([gate, other])
    wanted = [gate, circuit.negation(gate), odd, gate]
    with pytest.raises(RecursionError):
        simplified(circuit, wanted)
    table = np.random.default_rng(3).random((2 + steps, 100)) < 0.5
    machine = Machine(circuit, wanted)
    lines = machine.run({i: packed(table[i]) for i in range(2 + steps)}, words_for(100))
    held = table[0]
    for step in range(steps):
        held = held & table[2 + step] if step % 2 else held | table[2 + step]
    expected = [held, ~held, table[1], held]
    assert all((unpacked(lines[at], 100) == one).all() for at, one in zip(machine.lines, expected, strict=True))


def test_sets_of_rows() -> None:
    mask = np.random.default_rng(1).random(1000) < 0.1
    words = packed(mask)
    assert (unpacked(words, 1000) == mask).all()
    assert (rows_in(words, 1000) == np.flatnonzero(mask)).all()
    assert list(rows_in(none_of(70), 70)) == []
    assert list(rows_in(np.invert(none_of(70)), 70)) == list(range(70))
    rows = np.array([0, 3, 64, 500, 501, 999])
    values = np.array([True, False, True, True, False, True])
    assign(words, rows, values)
    mask[rows] = values
    assert (unpacked(words, 1000) == mask).all()
