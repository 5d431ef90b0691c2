"""Which rules hold, and can hold, in a box, and what rules give: for all rules at once.

Comes in: a space and compiled rules. Goes out: for a box, numbers with one bit a term; for such a number, the rules whose terms it names, with
their highest rank and all they give. Promised: exact, but for the terms that `intricate` names, which the constraints may
exclude though the box meets them in every block. Frozen after construction but for memos that are the same whoever fills them, and limited.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from struct import unpack
from typing import TYPE_CHECKING

from safeguarding_rules.deciding.strengths import packed
from safeguarding_rules.worlds.index import TermIndex, bits_at
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.sums import Sum

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import CompiledRule

WORD_BITS = 16
MEMO_LIMIT = 4096


Merged = tuple[list[int], int, int]
"""Rules by index, their highest rank (at least 0), and their gifts packed."""


class RuleIndex:
    """The terms of all rules by number; after them those of limbs and of `when`, for rules that are presumed if they are partly met."""

    def __init__(self, space: Space, rules: Sequence[CompiledRule]) -> None:
        self.owners = _placed(rules)
        """The rule of each term; -1 where no term has the number."""
        own = (term for rule in rules for term in zip(rule.holds.boxes, rule.holds.fails, strict=True))
        terms = [next(own) if owner >= 0 else (0, space.full) for owner in self.owners]
        self.boxes = tuple(box for box, _ in terms)
        self.gifts = tuple(packed(rule.gives) for rule in rules)
        """Per rule, what it gives, packed."""
        self.blocks = tuple(tuple(space.blocks_in(reduce(or_, rule.holds.fails, 0))) for rule in rules)
        """Per rule, the blocks about which some term of it says something."""
        sums: list[Sum] = []
        count = len(self.owners)
        masks: list[list[int]] = [[], []]
        for rule in rules:
            for found, further in zip(masks, (rule.limbs, () if rule.when is None else (rule.when,)), strict=True):
                size = sum(len(one.fails) for one in further)
                found.append(((1 << size) - 1) << count if size else 0)
                sums.extend(further)
                count += size
        self.limbs, self.whens = tuple(masks[0]), tuple(masks[1])
        """Per rule, the bits of the terms of its limbs, and of its `when`."""
        self.presuming = frozenset(i for i, rule in enumerate(rules) if rule.presume != "ask")
        """The rules that can be presumed to be met."""
        self._terms = TermIndex(space, [*terms, *(term for one in sums for term in zip(one.boxes, one.fails, strict=True))])
        self.own = (1 << len(self.owners)) - 1
        """The bits of the terms of rules."""
        self._space = space
        self._cutting = _cutting(space, self.boxes)
        self._searched = self.own if space.wide or space.loose else 0
        self._words = tuple(_Word(rules, self.gifts, self.owners[start : start + WORD_BITS]) for start in range(0, len(self.owners), WORD_BITS))
        self._split = f"<{len(self._words)}H"
        self._size = 2 * len(self._words)
        self._repeating = any(len(rule.holds.fails) > WORD_BITS for rule in rules)  # only then can words name a rule twice

    def look(self, box: int) -> tuple[int, int, int]:
        """The terms that hold in every case of a box, those that the box meets in every block, and those that hold in its lowest case."""
        return self._terms.look(box)

    @property
    def terms(self) -> TermIndex:
        """The terms by number, for boxes that differ little from one that was looked at."""
        return self._terms

    def holding(self, case: int) -> int:
        """The terms that hold in every case of a box."""
        return self._terms.holding(case)

    def intricate(self, box: int) -> int:
        """The terms that may hold in no case of a closed box though it meets them in every block; every other one that it meets holds in some case.

        A term can have new consequences only in a block that it cuts and of which the box has some cells, but neither all nor one.
        """
        space = self._space
        found = self._searched
        several = (box & (box - space.lows) & space.many) + space.ones
        partly = several & (((space.full ^ box) & space.many) + space.ones) & space.guards
        while partly:
            bit = partly & -partly
            partly ^= bit
            found |= self._cutting[bit]
        return found

    def merged(self, terms: int) -> Merged:
        """The rules of some terms."""
        rules: list[int] = []
        rank = gifts = 0
        for word, bits in zip(self._words, unpack(self._split, terms.to_bytes(self._size, "little")), strict=True):
            if bits:
                more, highest, given = word[bits]
                rules += more
                gifts |= given
                if highest > rank:  # noqa: PLR1730  the hot path: a call to max costs more
                    rank = highest
        return list(dict.fromkeys(rules)) if self._repeating else rules, rank, gifts


class _Word(dict[int, Merged]):
    """Bits of some neighbouring terms -> their rules."""

    def __init__(self, rules: Sequence[CompiledRule], gifts: Sequence[int], owners: Sequence[int]) -> None:
        super().__init__()
        self._rules, self._gifts, self._owners = rules, gifts, owners

    def __missing__(self, bits: int) -> Merged:
        indexes = list(dict.fromkeys(owner for at, owner in enumerate(self._owners) if bits >> at & 1))
        found = (indexes, max(0, *(self._rules[i].rank for i in indexes)), reduce(or_, (self._gifts[i] for i in indexes)))
        if len(self) < MEMO_LIMIT:
            self[bits] = found
        return found


def _placed(rules: Sequence[CompiledRule]) -> tuple[int, ...]:
    """The rule of each number, so that the terms of a rule lie in one word if they fit; -1 for numbers that are left out."""
    owners: list[int] = []
    for i, rule in enumerate(rules):
        size = len(rule.holds.fails)
        if size > -len(owners) % WORD_BITS:
            owners += [-1] * (-len(owners) % WORD_BITS)
        owners += [i] * size
    return tuple(owners)


def _cutting(space: Space, terms: Sequence[int]) -> dict[int, int]:
    """Guard bit of a block of many cells -> the numbers, as bits, of the closed terms that exclude some of its cells."""
    blocks = [(v.block, 1 << (v.offset + len(v.cells))) for v in space.variables if v.block & space.many]
    return {guard: bits_at([i for i, term in enumerate(terms) if block & ~term]) for block, guard in blocks}
