"""Which of many terms hold, and which can hold, in a box: read off for all of them at once.

Comes in: terms of a space, each as its closed box and the cells outside it. Goes out: for a box, two numbers with one bit a term. Promised: exact
block by block; what the constraints exclude besides is for the caller to look at. How: the box is cut into chunks of a few blocks. For each value
of a chunk one number says which terms fail on it and which it leaves no room for, and the numbers of all chunks are met. Frozen after
construction but for a memo that is the same whoever fills it, and limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safeguarding_rules.worlds.space import Space

CHUNK_BITS = 12
"""About four booleans: 81 values a chunk at most."""
MEMO_LIMIT = 1024


class TermIndex:
    """Looks terms up by number, in the order given."""

    def __init__(self, space: Space, terms: Sequence[tuple[int, int]]) -> None:
        """Take terms as pairs of closed box and cells outside."""
        self.count = len(terms)
        self.all = (1 << self.count) - 1
        fails = _numbered(outside for _, outside in terms)
        leaves = _numbered(space.full & ~box for box, _ in terms)
        chunks = _chunks_of(space, {*fails, *leaves})
        self._chunks = tuple((start, (1 << (end - start)) - 1, _Chunk(self.count, blocks, fails, leaves)) for start, end, blocks in chunks)

    def look(self, box: int) -> tuple[int, int]:
        """The terms that hold in every case of a box, and those that the box meets in every block."""
        found = -1
        for start, mask, chunk in self._chunks:
            found &= chunk[box >> start & mask]
        return found & self.all, found >> self.count & self.all

    def holding(self, case: int) -> int:
        """The terms that hold in every case of a box."""
        found = -1
        for start, mask, chunk in self._chunks:
            found &= chunk[case >> start & mask]
        return found & self.all


class _Chunk(dict[int, int]):
    """Bits of a chunk -> the terms that do not fail on it and, above them, those it leaves room for."""

    def __init__(self, count: int, blocks: Sequence[Sequence[int]], fails: dict[int, int], leaves: dict[int, int]) -> None:
        super().__init__()
        start = blocks[0][0]
        self._cells = [[(1 << (at - start), fails.get(at, 0), leaves.get(at, 0)) for at in block] for block in blocks]
        self._count = count

    def __missing__(self, bits: int) -> int:
        failing = left = 0
        for block in self._cells:
            none = -1
            for cell, fails, leaves in block:
                if bits & cell:
                    failing |= fails
                    none &= leaves
            left |= none
        found = ~(failing | (left << self._count))
        if len(self) < MEMO_LIMIT:
            self[bits] = found
        return found


def _numbered(cells: Iterable[int]) -> dict[int, int]:
    """Bit position -> the numbers of those that have it, as bits."""
    found: dict[int, list[int]] = {}
    for number, bits in enumerate(cells):
        for at in positions(bits):
            found.setdefault(at, []).append(number)
    return {at: bits_at(numbers) for at, numbers in found.items()}


def _chunks_of(space: Space, used: set[int]) -> Iterable[tuple[int, int, list[range]]]:
    """Neighbouring blocks that some term cuts, together at most `CHUNK_BITS` long unless one is longer: start, end, blocks as bit positions."""
    waiting: list[range] = []
    for variable in space.variables:
        block = range(variable.offset, variable.offset + len(variable.cells))
        if used.isdisjoint(block):
            continue
        if waiting and block.stop - waiting[0].start > CHUNK_BITS:
            yield waiting[0].start, waiting[-1].stop, waiting
            waiting = []
        waiting.append(block)
    if waiting:
        yield waiting[0].start, waiting[-1].stop, waiting


_POSITIONS = tuple(tuple(at for at in range(8) if byte >> at & 1) for byte in range(256))


def bits_at(numbers: Sequence[int]) -> int:
    """A number with a bit at each of the positions."""
    if not numbers:
        return 0
    found = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def positions(bits: int) -> list[int]:
    """The positions of the bits of a number, lowest first."""
    found = []
    base = 0
    for byte in bits.to_bytes((bits.bit_length() + 7) // 8, "little"):
        if byte:
            for at in _POSITIONS[byte]:
                found.append(base + at)  # noqa: PERF401  most bytes are 0, and a comprehension would ask each
        base += 8
    return found
