"""Sets of rows as packed bits, 64 rows a word, and a circuit evaluated over them.

Comes in: one array of words for each input of a circuit. Goes out: one for each gate wanted. Promised: every row is treated apart from every other;
bits after the last row mean nothing. How: gates are evaluated in order over a stretch of rows short enough to stay in the processor's cache, in
registers that are used again as soon as nothing needs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from safeguarding_rules.tabular.circuits import FALSE, TRUE, Circuit
from safeguarding_rules.tabular.simplify import simplified

Words = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

ROWS_A_WORD = 64
WORDS_A_STRETCH = 4096
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
CONSTANTS = (np.uint64(0), _ALL)

Step = tuple[np.ufunc, int, int, int]
"""An operation, and the numbers of the arrays it takes and of the one it fills."""


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
    """Evaluates some gates of a circuit. Frozen after construction; threads may share it.

    Arrays are numbered: first the two constants, then the inputs, the results, and registers for whatever lies between.
    """

    def __init__(self, circuit: Circuit, wanted: Sequence[int]) -> None:
        """Lay out the steps, and which register each result takes."""
        try:
            smaller, gates = simplified(circuit, wanted)
        except RecursionError:  # nested too deep to be made smaller, but not to be run
            smaller, gates = circuit, list(wanted)
        results = list(dict.fromkeys(gates))
        self.lines = tuple(results.index(gate) for gate in gates)
        """Per wanted gate the line of the results in which it is: gates that always agree share one."""
        self._size = len(results)
        self._order = _ordered(smaller, results)
        self._inputs = [smaller.gates[gate].inputs[0] for gate in self._order if smaller.gates[gate].kind == "input"]
        self._place = self._placed(smaller, results)
        self._copied = [(line, self._place[gate]) for line, gate in enumerate(results) if smaller.gates[gate].kind in {"input", "constant"}]
        self._steps = tuple(self._stepped(smaller))

    def _placed(self, circuit: Circuit, results: Sequence[int]) -> dict[int, int]:
        """The array of each gate. A register is taken again as soon as nothing needs what is in it, the last one first: it is still in the cache."""
        last = {one: at for at, gate in enumerate(self._order) for one in _operands(circuit, gate)}
        place = dict(zip(results, count(len(CONSTANTS) + len(self._inputs)), strict=False))
        place |= {circuit.input(number): len(CONSTANTS) + at for at, number in enumerate(self._inputs)}
        place |= {FALSE: FALSE, TRUE: TRUE}
        fixed = set(place)
        registers = first = len(CONSTANTS) + len(self._inputs) + len(results)
        free: list[int] = []
        for at, gate in enumerate(self._order):
            if gate not in fixed:
                if not free:
                    free.append(registers)
                    registers += 1
                place[gate] = free.pop()
            free += [place[one] for one in _operands(circuit, gate) if last[one] == at and one not in fixed]
        self.registers = registers - first
        return place

    def _stepped(self, circuit: Circuit) -> Iterator[Step]:
        """Each operation, with the arrays of its operands and of its result."""
        for gate in self._order:
            kind, target = circuit.gates[gate].kind, self._place[gate]
            operands = [self._place[one] for one in _operands(circuit, gate)]
            if kind == "not":
                yield np.bitwise_xor, operands[0], TRUE, target
            elif operands:
                join = np.bitwise_and if kind == "and" else np.bitwise_or
                yield join, operands[0], operands[1], target
                for other in operands[2:]:
                    yield join, target, other, target

    def run(self, inputs: Mapping[int, Words], words: int) -> npt.NDArray[np.uint64]:
        """The lines of the results. `inputs`: rows for which each input holds, by its number; one that is missing holds for none."""
        found = np.empty((self._size, words), np.uint64)
        room = np.empty((self.registers, min(words, WORDS_A_STRETCH)), np.uint64)
        constants = [np.full(min(words, WORDS_A_STRETCH), value, np.uint64) for value in CONSTANTS]
        known = [inputs.get(number) for number in self._inputs]
        for start in range(0, words, WORDS_A_STRETCH):
            end = min(words, start + WORDS_A_STRETCH)
            none, full = (one[: end - start] for one in constants)
            arrays = [none, full, *(none if one is None else one[start:end] for one in known), *found[:, start:end], *room[:, : end - start]]
            for operation, one, other, target in self._steps:  # the hot path: a plain loop
                operation(arrays[one], arrays[other], arrays[target])
            for line, at in self._copied:
                found[line, start:end] = arrays[at]
        return found


def _operands(circuit: Circuit, gate: int) -> tuple[int, ...]:
    kind, inputs = circuit.gates[gate]
    return inputs if kind in {"and", "or", "not"} else ()


def _ordered(circuit: Circuit, results: Sequence[int]) -> list[int]:
    """The gates that results hang on, each shortly before it is needed."""
    found: dict[int, None] = {}
    for result in results:
        stack = [result]
        while stack:
            gate = stack[-1]
            missing = [one for one in _operands(circuit, gate) if one not in found]
            if missing:
                stack.append(missing[0])
            else:
                found[stack.pop()] = None
    return list(found)
