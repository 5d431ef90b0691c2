"""Strengths of all slots in one number, so that what many rules give is merged by `|`.

A slot has a byte; a strength is that many ones in it: `may` 1, `should` 11, `must` 111. The larger of two strengths is their union.
"""

from __future__ import annotations

from collections.abc import Iterable

SLOT_BITS = 8
ANY = (1 << SLOT_BITS) - 1
_LEVELS = bytes(byte.bit_length() for byte in range(256))


def packed(gifts: Iterable[tuple[int, int]]) -> int:
    """Gifts, as pairs of slot and strength, in one number."""
    found = 0
    for slot, strength in gifts:
        found |= ((1 << strength) - 1) << (SLOT_BITS * slot)
    return found


def unpacked(strengths: int, slots: int) -> bytes:
    """The strength of each slot, one a byte."""
    return strengths.to_bytes(slots, "little").translate(_LEVELS)
