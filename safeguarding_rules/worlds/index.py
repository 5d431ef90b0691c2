"""Which of many terms hold, and which can hold, in a box: read off for all of them at once.

Comes in: terms of a space, each as its closed box and the cells outside it. Goes out: for a box, numbers with one bit a term. Promised: exact
block by block; what the constraints exclude besides is for the caller to look at. How: the box is cut into words of a few blocks. For each value
of a word one number says which terms fail on it, which have no room in it and which fail on its lowest cells, and the numbers of all words are
met. Frozen after construction but for a memo that is the same whoever fills it, and limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from struct import unpack
from typing import NamedTuple

from safeguarding_rules.worlds.space import WORD_BITS, Space, Variable

MEMO_LIMIT = 1024


class Place(NamedTuple):
    """A word of a box, or a longer block: its number, and where its bits are."""

    number: int
    shift: int
    mask: int


class TermIndex:
    """Looks terms up by number, in the order given."""

    def __init__(self, space: Space, terms: Sequence[tuple[int, int]]) -> None:
        """Take terms as pairs of closed box and cells outside."""
        self.count = len(terms)
        self.all = (1 << self.count) - 1
        fails = _numbered(outside for _, outside in terms)
        self.failing = fails
        """Bit position of a cell -> the terms that it lies outside of, as bits."""
        leaves = _numbered(space.full & ~box for box, _ in terms)
        words, long = _blocks_of(space, {*fails, *leaves})
        last = words[-1][0] if words else -1
        used = {word for word, _ in words}
        self._size = 2 * (last + 1)
        self._mask = (1 << (WORD_BITS * (last + 1))) - 1
        self._split = "<" + "".join("H" if word in used else "2x" for word in range(last + 1))
        places = [(WORD_BITS * word, blocks) for word, blocks in words] + [(block.start, [block]) for block in long]
        cells = [[[(1 << (at - start), fails.get(at, 0), leaves.get(at, 0)) for at in block] for block in blocks] for start, blocks in places]
        self._looks = tuple(_Look(self.count, one) for one in cells[: len(words)]), tuple(_Look(self.count, one) for one in cells[len(words) :])
        self._nears = tuple(_Near(one) for one in cells[: len(words)]), tuple(_Near(one) for one in cells[len(words) :])
        self._holds = tuple(_Holding(one) for one in cells[: len(words)]), tuple(_Holding(one) for one in cells[len(words) :])
        self._long = tuple((block.start, (1 << len(block)) - 1) for block in long)
        self._places = (*((WORD_BITS * word, (1 << WORD_BITS) - 1) for word, _ in words), *self._long)
        self._tables = (*self._looks[0], *self._looks[1])

    def look(self, box: int) -> tuple[int, int, int]:
        """The terms that hold in every case of a box, those that the box meets in every block, and those that hold in its lowest case."""
        found = self.whole(box)
        return found & self.all, found >> self.count & self.all, found >> 2 * self.count & self.all

    def whole(self, box: int) -> int:
        """The same in one number: above the terms that hold those that the box meets, above them those that hold in its lowest case."""
        return self._read(box, *self._looks)

    def holding(self, box: int) -> int:
        """The terms that hold in every case of a box."""
        return self._read(box, *self._holds) & self.all

    def near(self, case: int) -> tuple[int, int]:
        """The terms that some block of a complete case keeps from holding, and those that two or more do."""
        once = twice = 0
        near, long = self._nears
        for known, bits in zip(near, unpack(self._split, (case & self._mask).to_bytes(self._size, "little")), strict=True):
            one, two = known[bits]
            twice |= (once & one) | two
            once |= one
        for known, (start, mask) in zip(long, self._long, strict=True):
            one, two = known[case >> start & mask]
            twice |= (once & one) | two
            once |= one
        return once, twice

    def place_of(self, variable: Variable) -> Place | None:
        """Where the cells of a variable are read; None if no term cuts them."""
        start, end = variable.offset, variable.offset + len(variable.cells)
        for number, (shift, mask) in enumerate(self._places):
            if shift <= start and end <= shift + mask.bit_length():
                return Place(number, shift, mask)
        return None

    def apart(self, box: int) -> tuple[list[int], int]:
        """Per place, what all other places say of a box, as `whole` does; and what all of them say.

        With what `beside` says, that is all of a box that differs in that place only.
        """
        said = [self._tables[number][box >> shift & mask] for number, (shift, mask) in enumerate(self._places)]
        before = [-1]
        for one in said:
            before.append(before[-1] & one)
        whole = before.pop()
        after = -1
        for number in range(len(said) - 1, -1, -1):
            before[number] &= after
            after &= said[number]
        return before, whole

    def beside(self, place: Place, box: int) -> int:
        """What one place says of a box."""
        return self._tables[place.number][box >> place.shift & place.mask]

    def _read(self, box: int, words: Sequence[dict[int, int]], long: Sequence[dict[int, int]]) -> int:
        found = -1
        for known, bits in zip(words, unpack(self._split, (box & self._mask).to_bytes(self._size, "little")), strict=True):
            found &= known[bits]
        for known, (start, mask) in zip(long, self._long, strict=True):
            found &= known[box >> start & mask]
        return found


Cells = Sequence[Sequence[tuple[int, int, int]]]
"""Blocks of cells, each with its bit, the terms that fail on it, and those that leave it no room."""


class _Holding(dict[int, int]):
    """Bits of a word, or of a longer block -> the terms that do not fail on any of them."""

    def __init__(self, blocks: Cells) -> None:
        super().__init__()
        self._cells = [cell for block in blocks for cell in block]

    def __missing__(self, bits: int) -> int:
        failing = 0
        for cell, fails, _ in self._cells:
            if bits & cell:
                failing |= fails
        if len(self) < MEMO_LIMIT:
            self[bits] = ~failing
        return ~failing


class _Near(dict[int, tuple[int, int]]):
    """Bits, one a block -> the terms that fail on some of them, and those that fail on two or more."""

    def __init__(self, blocks: Cells) -> None:
        super().__init__()
        self._blocks = blocks

    def __missing__(self, bits: int) -> tuple[int, int]:
        once = twice = 0
        for block in self._blocks:
            for cell, fails, _ in block:
                if bits & cell:
                    twice |= once & fails
                    once |= fails
        if len(self) < MEMO_LIMIT:
            self[bits] = once, twice
        return once, twice


class _Look(dict[int, int]):
    """Bits -> the terms that do not fail on any of them, above them those that have room, above them those that do not fail on the lowest."""

    def __init__(self, count: int, blocks: Cells) -> None:
        super().__init__()
        self._blocks, self._count = blocks, count

    def __missing__(self, bits: int) -> int:
        failing = left = lowest = 0
        for block in self._blocks:
            none = -1
            for cell, fails, leaves in block:
                if bits & cell:
                    failing |= fails
                    lowest |= fails if none == -1 else 0
                    none = leaves if none == -1 else none & leaves
            left |= none
        found = ~(failing | (left << self._count) | (lowest << 2 * self._count))
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


def _blocks_of(space: Space, used: set[int]) -> tuple[list[tuple[int, list[range]]], list[range]]:
    """The blocks that some term cuts, as bit positions: those that lie in one word by word, and the others."""
    blocks = [range(v.offset, v.offset + len(v.cells)) for v in space.variables]
    cut = [block for block in blocks if not used.isdisjoint(block)]
    short = [block for block in cut if block.start // WORD_BITS == (block.stop - 1) // WORD_BITS]
    words = [(word, list(found)) for word, found in groupby(short, key=lambda block: block.start // WORD_BITS)]
    return words, [block for block in cut if block not in short]


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
