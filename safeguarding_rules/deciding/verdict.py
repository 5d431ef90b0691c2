"""What a box of cases comes to, in numbers.

Comes in: nothing but numbers of an evaluation. Goes out: a Verdict, without text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Status = Literal["applies", "presumed", "depends"]


class Entry(NamedTuple):
    """A duty of the decision: the slot, its status and strength, and the stronger strengths that are presumed or possible (0: none)."""

    slot: int
    status: Status
    strength: int
    presumed: int
    possible: int


class Verdict(NamedTuple):
    """What a box of cases comes to. Rules by index; `possible` ranks ascending; `advice` a rank.

    Per slot: the strength that applies, that is assumed (by presumed rules and the unsettled advice), and that is the strongest possible.
    """

    box: int
    met: Sequence[int]
    open: Sequence[int]
    presumed: Sequence[int]
    possible: Sequence[int]
    advice: int
    applies: Sequence[int]
    assumed: Sequence[int]
    reach: Sequence[int]
    exact: bool = True

    @property
    def settled(self) -> bool:
        """Whether missing facts can no longer change the outcome."""
        return len(self.possible) == 1 and self.exact

    @property
    def firm(self) -> bool:
        """Whether nothing missing can make the advice milder."""
        return self.advice == self.possible[0]

    @property
    def entries(self) -> Iterator[Entry]:
        """The duties, one per slot that some case gives to."""
        for slot, (applies, assumed, reach) in enumerate(zip(self.applies, self.assumed, self.reach, strict=True)):
            if applies:
                strongest = max(applies, assumed)
                yield Entry(slot, "applies", applies, assumed if assumed > applies else 0, reach if reach > strongest else 0)
            elif assumed:
                yield Entry(slot, "presumed", assumed, 0, reach if reach > assumed else 0)
            elif reach:
                yield Entry(slot, "depends", reach, 0, 0)
