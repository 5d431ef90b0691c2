"""Sets of rows as packed bits, 64 rows a word, and a circuit evaluated over them.

Comes in: one array of words for each input of a circuit. Goes out: one for each gate wanted. Promised: every row is treated apart from every other;
bits after the last row mean nothing. How: gates are evaluated in order over a stretch of rows short enough to stay in the processor's cache, in
registers that are used again as soon as nothing needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from safeguarding_rules.tabular.circuits import Circuit

Words = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

ROWS_A_WORD = 64
WORDS_A_STRETCH = 4096
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def words_for(rows: int) -> int:
    """How many words so many rows take."""
    return -(-rows // ROWS_A_WORD)


def none_of(rows: int) -> Words:
    """No row."""
    return np.zeros(words_for(rows), np.uint64)


def every(rows: int) -> Words:
    """Every row."""
    return np.full(words_for(rows), _ALL)


def packed(mask: Mask) -> Words:
    """The rows for which a mask is true."""
    found = none_of(len(mask))
    bits = np.packbits(mask, bitorder="little")
    found.view(np.uint8)[: len(bits)] = bits
    return found


def unpacked(words: Words, rows: int) -> Mask:
    """One boolean a row."""
    return np.unpackbits(words.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def rows_in(words: Words, rows: int) -> npt.NDArray[np.int64]:
    """The numbers of the rows in a set, ascending."""
    touched = np.flatnonzero(words)
    if not len(touched):
        return touched
    bits = np.unpackbits(words[touched].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    word, bit = np.nonzero(bits)
    found = touched[word] * ROWS_A_WORD + bit
    return found[found < rows]


def assign(words: Words, rows: npt.NDArray[np.int64], values: Mask) -> None:
    """Put rows (numbers ascending) into a set or take them out."""
    octets, place = np.unique(rows >> 3, return_inverse=True)
    target = words.view(np.uint8)
    bits = np.unpackbits(target[octets].reshape(-1, 1), axis=1, bitorder="little")
    bits[place, rows & 7] = values
    target[octets] = np.packbits(bits, axis=1, bitorder="little")[:, 0]


class Machine:
    """Evaluates some gates of a circuit. Frozen after construction; threads may share it."""

    def __init__(self, circuit: Circuit, wanted: Sequence[int]) -> None:
        """Lay out the steps, and which register each result takes."""
        self._wanted = tuple(wanted)
        self.inputs: dict[int, int] = {}  # number of the input -> register
        self._constants: dict[int, int] = {}  # 0 or 1 -> register
        self._steps: list[tuple[str, int, tuple[int, ...]]] = []
        self.registers = 0
        self._place = self._allocate(circuit)

    def _allocate(self, circuit: Circuit) -> dict[int, int]:
        order = circuit.needed(self._wanted)
        last = {gate: at for at, gate in enumerate(order)}
        for at, gate in enumerate(order):
            if circuit.gates[gate].kind in {"and", "or", "not"}:
                last.update(dict.fromkeys(circuit.gates[gate].inputs, at))
        last.update(dict.fromkeys(self._wanted, len(order)))
        ending: dict[int, list[int]] = {}
        for gate, at in last.items():
            ending.setdefault(at, []).append(gate)
        place: dict[int, int] = {}
        free: list[int] = []
        for at, gate in enumerate(order):
            kind, inputs = circuit.gates[gate]
            if free:
                place[gate] = free.pop()
            else:
                place[gate] = self.registers
                self.registers += 1
            if kind == "input":
                self.inputs[inputs[0]] = place[gate]
                ending.get(last[gate], []).remove(gate)
            elif kind == "constant":
                self._constants[inputs[0]] = place[gate]
                ending.get(last[gate], []).remove(gate)
            else:
                self._steps.append((kind, place[gate], tuple(place[one] for one in inputs)))
            free += [place[one] for one in ending.get(at, ()) if one in place]
        return place

    def run(self, inputs: Mapping[int, Words], words: int) -> npt.NDArray[np.uint64]:
        """One row of words for each wanted gate. `inputs`: what is known by input number; a missing one holds for every row."""
        found = np.empty((len(self._wanted), words), np.uint64)
        room = np.empty((self.registers, min(words, WORDS_A_STRETCH)), np.uint64)
        for start in range(0, words, WORDS_A_STRETCH):
            end = min(words, start + WORDS_A_STRETCH)
            registers = list(room[:, : end - start])
            self._fill(registers, inputs, start, end)
            self._evaluate(registers)
            for at, gate in enumerate(self._wanted):
                found[at, start:end] = registers[self._place[gate]]
        return found

    def _fill(self, registers: list[Words], inputs: Mapping[int, Words], start: int, end: int) -> None:
        """Give inputs and constants their registers."""
        for number, at in self.inputs.items():
            known = inputs.get(number)
            registers[at] = np.full(end - start, _ALL) if known is None else known[start:end]
        for value, at in self._constants.items():
            registers[at] = np.full(end - start, _ALL if value else np.uint64(0))

    def _evaluate(self, registers: list[Words]) -> None:
        both, either, neither = np.bitwise_and, np.bitwise_or, np.invert
        for kind, at, inputs in self._steps:
            target = registers[at]
            if kind == "not":
                neither(registers[inputs[0]], target)
                continue
            join = both if kind == "and" else either
            join(registers[inputs[0]], registers[inputs[1]], target)
            for other in inputs[2:]:
                join(target, registers[other], target)
