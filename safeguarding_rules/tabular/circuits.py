"""Circuits: and, or, not over bits of knowledge, each gate shared by everything that needs it.

Comes in: gates asked for by their inputs. Goes out: gate numbers; the same question gives the same number. Promised: constants are folded away, and
inputs of a gate are numbered before it, so that evaluating in order works. Must not know: what a gate stands for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal["constant", "input", "and", "or", "not"]


class Gate(NamedTuple):
    """One gate; `inputs` are numbers of gates, of an input its own number among the inputs."""

    kind: Kind
    inputs: tuple[int, ...]


FALSE, TRUE = 0, 1


class Circuit:
    """Grows gate by gate. Gate 0 is false, gate 1 true."""

    def __init__(self) -> None:
        self.gates: list[Gate] = [Gate("constant", (0,)), Gate("constant", (1,))]
        self._numbers: dict[Gate, int] = {}

    def input(self, number: int) -> int:
        """The gate of an input."""
        return self._gate("input", (number,))

    def all_of(self, inputs: Iterable[int]) -> int:
        """The gate that is true where all inputs are."""
        return self._joined("and", inputs, neutral=TRUE, decisive=FALSE)

    def any_of(self, inputs: Iterable[int]) -> int:
        """The gate that is true where some input is."""
        return self._joined("or", inputs, neutral=FALSE, decisive=TRUE)

    def negation(self, gate: int) -> int:
        """The gate that is true where the other is not."""
        if gate <= TRUE:
            return TRUE - gate
        found = self.gates[gate]
        return found.inputs[0] if found.kind == "not" else self._gate("not", (gate,))

    def _joined(self, kind: Kind, inputs: Iterable[int], neutral: int, decisive: int) -> int:
        found = {gate for gate in inputs if gate != neutral}
        if decisive in found or any(self.negation_of(gate) in found for gate in found):
            return decisive
        if len(found) <= 1:
            return found.pop() if found else neutral
        return self._gate(kind, tuple(sorted(found)))

    def negation_of(self, gate: int) -> int:
        """The gate of which this is the negation; -1 if it is none."""
        found = self.gates[gate]
        return found.inputs[0] if found.kind == "not" else -1

    def _gate(self, kind: Kind, inputs: tuple[int, ...]) -> int:
        gate = Gate(kind, inputs)
        number = self._numbers.get(gate)
        if number is None:
            number = self._numbers[gate] = len(self.gates)
            self.gates.append(gate)
        return number

    def needed(self, wanted: Iterable[int]) -> list[int]:
        """The gates that the wanted ones hang on, themselves included, in an order in which they can be evaluated."""
        found: set[int] = set()
        stack = list(wanted)
        while stack:
            gate = stack.pop()
            if gate not in found:
                found.add(gate)
                if self.gates[gate].kind in {"and", "or", "not"}:
                    stack.extend(self.gates[gate].inputs)
        return sorted(found)
