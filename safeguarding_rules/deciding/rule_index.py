"""Which rules hold, and can hold, in a box, and what rules give: for all rules at once.

Comes in: a space and compiled rules. Goes out: for a box, numbers with one bit a term; for such a number, one with a bit for each rule that has one
of these terms; for that, the rules by index, their highest rank, and all they give. Promised: exact, but for the terms that `intricate` names, which
the constraints may exclude though the box meets them in every block. Frozen after construction but for the memo of the index of terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from struct import unpack
from typing import TYPE_CHECKING

from safeguarding_rules.deciding.strengths import packed
from safeguarding_rules.worlds.index import TermIndex, bits_at, positions
from safeguarding_rules.worlds.space import Space
from safeguarding_rules.worlds.sums import Sum

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import CompiledRule

OCTET, PAIR, MOST_OCTETS = 8, 16, 128
"""Sets of rules are remembered for so many neighbouring bits, where there are no more than so many octets: more would not stay in the processor's
cache. Of rules that are met there are few sets, so that bits are looked at in pairs of octets; of open ones there are many."""
SETS_LIMIT = 1024
"""So many sets are remembered of one place."""
FEW, FEW_IN = 3, 40
"""So many bits are read off one by one, or one in so many octets."""


class RuleIndex:
    """The terms of all rules by number; after them those of limbs and of `when`, for rules that are presumed if they are partly met.

    The terms of a rule are neighbours. Where it has several, the number after them is no term: its bit stands for the rule. Adding ones to all terms
    of a rule carries into that bit if any of them was there, so that one addition asks for all rules at once. The bit of a rule of one term is that
    of its term.
    """

    def __init__(self, space: Space, rules: Sequence[CompiledRule]) -> None:
        self.owners, self.bits = _placed(rules)
        """The rule of each term, -1 where no term has the number; per rule its bit, 0 for a rule that no case can meet."""
        own = (term for rule in rules for term in zip(rule.holds.boxes, rule.holds.fails, strict=True))
        terms = [next(own) if owner >= 0 else (0, space.full) for owner in self.owners]
        self.boxes = tuple(box for box, _ in terms)
        self.own = bits_at([at for at, owner in enumerate(self.owners) if owner >= 0])
        """The bits of the terms of rules."""
        self._named = _named(self.bits)
        self.fails = tuple(rule.holds.fails for rule in rules)
        """Per rule, for each term the cells outside it."""
        self.gifts = tuple(packed(rule.gives) for rule in rules)
        """Per rule, what it gives, packed."""
        self._givers = tuple(_givers(rules, self.bits).items())
        self._octets, self._pairs = (
            tuple(_Sets(self._named[place : place + size], self.gifts) for place in range(0, len(self._named), size)) for size in (OCTET, PAIR)
        )
        self._lists = tuple(_Lists(self._named[place : place + OCTET]) for place in range(0, len(self._named), OCTET))
        self._few = max(FEW, len(self._lists) // FEW_IN)
        self._paired = f"<{len(self._pairs)}H"
        self.blocks = tuple(tuple(space.blocks_in(reduce(or_, rule.holds.fails, 0))) for rule in rules)
        """Per rule, the blocks about which some term of it says something."""
        further = [[*rule.limbs, *(() if rule.when is None else (rule.when,))] for rule in rules]
        self.limbs, self.whens = _after(len(self.owners), rules)
        """Per rule, the bits of the terms of its limbs, and of its `when`."""
        self._terms = TermIndex(space, [*terms, *(term for sums in further for one in sums for term in zip(one.boxes, one.fails, strict=True))])
        self.presuming = frozenset(i for i, rule in enumerate(rules) if rule.presume != "ask")
        """The rules that can be presumed to be met."""
        self.can_presume = sum(self.bits[i] for i in self.presuming)
        """Their bits."""
        self.presumable = 1 << self._terms.count
        """A bit that stands for no term: that of rules which are presumed whatever holds."""
        self.parts = tuple(self.presumable if rule.presume == "presume_met" else self.limbs[i] | self.whens[i] for i, rule in enumerate(rules))
        """Per rule, the bits of which one has to hold if it is presumed."""
        self._space = space
        self._cutting = _cutting(space, self.boxes)
        self._searched = self.own if space.wide or space.loose else 0
        self._rules = sum(self.bits)
        self._carrying = self.own & ~self._rules
        ranks = sorted({rule.rank for rule in rules if rule.rank > 0}, reverse=True)
        self.ranked = tuple((rank, sum(bit for bit, rule in zip(self.bits, rules, strict=True) if rule.rank == rank)) for rank in ranks)
        """Each rank above 0 that a rule has, highest first, with the bits of its rules."""

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

    def open_to(self, box: int) -> int:
        """The terms of rules of which no block of a box has all its cells outside."""
        excluded = 0
        for variable in self._space.variables:
            none = -1
            left = box & variable.block
            while left and none:
                none &= self._terms.failing.get((left & -left).bit_length() - 1, 0)
                left &= left - 1
            excluded |= none
        return self.own & ~excluded

    def intricate(self, box: int) -> int:
        """The terms that may hold in no case of a closed box though it meets them in every block; every other one that it meets holds in some case.

        A term can have new consequences only in a block that both cut: of which the term has some cells, but neither all nor one, and so has the box.
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

    def ruled(self, terms: int) -> int:
        """The bits of the rules that have one of some terms."""
        return ((terms & self.own) + self._carrying) & self._rules

    def listed(self, rules: int) -> list[int]:
        """The rules with these bits by index, in order."""
        found: list[int] = []
        if rules.bit_count() > self._few:
            for octet, bits in zip(self._lists, rules.to_bytes(len(self._lists), "little"), strict=True):
                if bits:
                    found += octet[bits]
            return found
        while rules:
            bit = rules & -rules
            rules ^= bit
            found.append(self._named[bit.bit_length() - 1])
        return found

    def merged(self, rules: int) -> tuple[list[int], int]:
        """The rules with these bits by index, in order, and all they give, packed."""
        if len(self._octets) > MOST_OCTETS:
            return self.listed(rules), self.given_by(rules)
        gifts = 0
        found: list[int] = []
        for octet, bits in zip(self._octets, rules.to_bytes(len(self._octets), "little"), strict=True):
            if bits:
                more, given = octet[bits]
                found += more
                gifts |= given
        return found, gifts

    def gathered(self, rules: int) -> tuple[list[int], int]:
        """The rules with these bits, which are met, by index, in order, and all they give, packed."""
        if len(self._octets) > MOST_OCTETS:
            return self.merged(rules)
        gifts = 0
        found: list[int] = []
        for pair, bits in zip(self._pairs, unpack(self._paired, rules.to_bytes(2 * len(self._pairs), "little")), strict=True):
            if bits:
                more, given = pair[bits]
                found += more
                gifts |= given
        return found, gifts

    def rank(self, rules: int) -> int:
        """The highest rank of the rules with these bits; at least 0."""
        for rank, bits in self.ranked:
            if rules & bits:
                return rank
        return 0

    def above(self, rank: int) -> int:
        """The bits of the rules of a higher rank."""
        return sum(bits for one, bits in self.ranked if one > rank)

    def still(self, case: int, rules: list[int]) -> list[int]:
        """Those of some rules, by index, that hold in a case."""
        found = []
        for i in rules:
            for bits in self.fails[i]:
                if not case & bits:
                    found.append(i)
                    break
        return found

    def given(self, rules: Iterable[int]) -> int:
        """All that rules give, packed; rules by index."""
        return reduce(or_, map(self.gifts.__getitem__, rules), 0)

    def given_by(self, rules: int) -> int:
        """All that the rules with these bits give, packed."""
        if len(self._octets) <= MOST_OCTETS:
            return self.given(self.listed(rules))
        found = 0
        for gift, givers in self._givers:
            if rules & givers:
                found |= gift
        return found


class _Lists(dict[int, tuple[int, ...]]):
    """A few bits -> the rules that some of them stand for."""

    def __init__(self, rules: Sequence[int]) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, bits: int) -> tuple[int, ...]:
        found = self[bits] = tuple(self._rules[at] for at in positions(bits))
        return found


class _Sets(dict[int, tuple[list[int], int]]):
    """A few bits -> the rules that some of them stand for, and what these give."""

    def __init__(self, rules: Sequence[int], gifts: Sequence[int]) -> None:
        super().__init__()
        self._rules, self._gifts = rules, gifts

    def __missing__(self, bits: int) -> tuple[list[int], int]:
        rules = [self._rules[at] for at in positions(bits)]
        found = (rules, reduce(or_, (self._gifts[i] for i in rules), 0))
        if len(self) < SETS_LIMIT:
            self[bits] = found
        return found


def _placed(rules: Sequence[CompiledRule]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rule of each number, -1 for one that is no term, and the bit of each rule."""
    owners: list[int] = []
    bits: list[int] = []
    for i, rule in enumerate(rules):
        size = len(rule.holds.fails)
        owners += [i] * size + [-1] * (size > 1)
        bits.append(1 << (len(owners) - 1) if size else 0)
    return tuple(owners), tuple(bits)


def _givers(rules: Sequence[CompiledRule], bits: Sequence[int]) -> dict[int, int]:
    """A strength of a slot, packed -> the bits of the rules that give it."""
    found: dict[int, int] = {}
    for rule, bit in zip(rules, bits, strict=True):
        for gift in rule.gives:
            found[packed([gift])] = found.get(packed([gift]), 0) | bit
    return found


def _named(bits: Sequence[int]) -> tuple[int, ...]:
    """Of each number that is the bit of a rule, that rule."""
    found = [-1] * max((bit.bit_length() for bit in bits), default=0)
    for i, bit in enumerate(bits):
        if bit:
            found[bit.bit_length() - 1] = i
    return tuple(found)


def _after(count: int, rules: Sequence[CompiledRule]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The bits of the terms of limbs, and of `when`, per rule; `count` numbers come before them."""
    found: list[list[int]] = [[], []]
    for rule in rules:
        for masks, sums in zip(found, (rule.limbs, () if rule.when is None else (rule.when,)), strict=True):
            size = _size(sums)
            masks.append(((1 << size) - 1) << count if size else 0)
            count += size
    return tuple(found[0]), tuple(found[1])


def _size(sums: Iterable[Sum]) -> int:
    return sum(len(one.fails) for one in sums)


def _cutting(space: Space, terms: Sequence[int]) -> dict[int, int]:
    """Guard bit of a block of many cells -> the numbers, as bits, of the closed terms that exclude some of its cells, but not all except one."""
    blocks = [(v.block, 1 << (v.offset + len(v.cells))) for v in space.variables if v.block & space.many]
    return {guard: bits_at([i for i, term in enumerate(terms) if block & ~term and (term & block).bit_count() > 1]) for block, guard in blocks}
