"""Which unknown facts still matter, what they could bring, and in which order to ask.

Comes in: a Program and the verdict of what is known. Goes out: the facts worth asking (docs/reference/semantics.md, "Questions"). How: steps between
cases at hand show most of what hangs on a fact; the rest is searched for.
"""

from __future__ import annotations

from functools import cached_property, reduce
from operator import or_

from safeguarding_rules.deciding.inquiry import Inquiry
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.sayings import Open
from safeguarding_rules.deciding.strengths import packed
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.deciding.witnesses import Witnesses
from safeguarding_rules.frozen import frozen
from safeguarding_rules.worlds.index import bits_at, positions

MEMO_LIMIT = 8_192


@frozen
class Question:
    """A fact worth asking: the outcome ranks that hang on it, and whether anything but a route does."""

    fact: str
    outcomes: tuple[int, ...]
    duties: bool


def questions(program: Program, verdict: Verdict) -> tuple[Question, ...]:
    """The facts that still matter, in the order to ask them."""
    if not verdict.box & (verdict.box - program.space.lows):
        return ()
    return _Asking(program, verdict).questions()


class _Asking:
    """One verdict of which questions are asked."""

    def __init__(self, program: Program, verdict: Verdict) -> None:
        self.program, self.verdict, self.sayings = program, verdict, program.sayings
        self.open = Open(program, verdict)
        self.plain = Witnesses(program, verdict, self.open)
        self.never = program.never if program.never.tells(verdict) else None
        self.possible = bits_at(verdict.possible) if len(verdict.possible) > 1 else 0
        """The outcomes that can be removed: never the only one."""
        self.telling = self.open.telling_terms

    @cached_property
    def inquiry(self) -> Inquiry:
        """The search."""
        return Inquiry(self.program, self.verdict, opened=self.open)

    def questions(self) -> tuple[Question, ...]:
        """The facts that still matter, in the order to ask them."""
        verdict, sayings, several = self.verdict, self.sayings, self.open.several
        routed, own, advice, found = self.routed, sayings.blocks, verdict.advice, []
        for order, (name, variables, blocks) in enumerate(sayings.facts):  # the hot path
            if not several & blocks:
                continue
            ranks = 0
            for i in variables:
                if several & own[i]:
                    ranks |= self.outcomes(i)
            asked = bool(ranks) or any(several & own[i] and self.duties(i) for i in variables)
            if asked or routed & blocks:
                outcomes = positions(ranks)
                others = tuple([rank for rank in outcomes if rank != advice])
                found.append((not asked, -(others[-1] if others else -1), -len(outcomes), order, Question(name, others, asked)))
        found.sort(key=_order)
        return tuple([question for *_, question in found])

    @cached_property
    def routed(self) -> int:
        """The cells of unknown facts that choose whom to contact."""
        verdict, contacts, several = self.verdict, self.program.contacts, self.open.several
        given = {route for slot, route in self.sayings.routed if verdict.applies[slot] or verdict.assumed[slot] or verdict.reach[slot]}
        return reduce(or_, [contacts.open(route, verdict.box) & several for route in given], 0)

    def outcomes(self, index: int) -> int:
        """The ranks, as bits, that learning a variable can remove: what is plain, and what is found where it is not."""
        wanted = self.possible
        if not self.sayings.blocks[index] & self.open.tied:
            about = self.sayings.about[index]
            if not about & self.telling:
                return 0
            for rank, terms in self.open.ranked:
                if about & terms:
                    wanted &= (2 << rank) - 1
                    break
        if self.never is not None:
            wanted &= ~self.never.removed(index)
        if not wanted:
            return 0
        shown = self.plain.outcomes(index, wanted)
        left = wanted & ~shown
        return shown | self.inquiry.removed(index, left & self.inquiry.removable(index)) if left else shown

    def duties(self, index: int) -> bool:
        """Whether learning a variable can change a duty: remembered, or found."""
        local = self.program.local
        if local.around[index]:
            key = (index, self.verdict.box & local.around[index])
            found = local.known.get(key)
            if found is None:
                found = self.found(index)
                if len(local.known) < MEMO_LIMIT:
                    local.known[key] = found
            return found
        return bool(self.said_of(index) & self.giving) and self.found(index)

    def said_of(self, index: int) -> int:
        """The terms that say something about a variable, or about one that unsettled constraints tie to it."""
        about, variables_in = self.sayings.about, self.program.space.variables_in
        if self.program.space.wide:
            return -1
        tied, before = self.sayings.blocks[index], 0
        while tied != before:
            before = tied
            for tie in self.open.ties:
                if tie.blocks & tied:
                    tied |= tie.blocks
        return reduce(or_, [about[i] for i in variables_in(tied)])

    def found(self, index: int) -> bool:
        """Whether learning a variable can change a duty, plain or found by search."""
        if self.never is not None and self.never.changed(index):
            return False
        return bool(self.plain.duties(index)) or self.inquiry.duties_on(index)

    @cached_property
    def giving(self) -> int:
        """The open terms of rules that give what does not apply anyway."""
        gifts, owned = self.program.index.gifts, self.sayings.owned
        applied = packed(enumerate(self.verdict.applies))
        return reduce(or_, [owned[i] for i in self.verdict.open if gifts[i] & ~applied], 0) & self.open.terms


def _order(entry: tuple[bool, int, int, int, Question]) -> tuple[bool, int, int, int]:
    return entry[:4]
