"""Which unknown facts still matter, what they could bring, and in which order to ask.

Comes in: a Program and the verdict of what is known. Goes out: the facts worth asking (docs/reference/semantics.md, "Questions"). How: steps between
cases at hand show most of what hangs on a fact; the rest is searched for.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from safeguarding_rules.deciding.inquiry import Inquiry
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.deciding.witnesses import Witnesses
from safeguarding_rules.frozen import frozen
from safeguarding_rules.worlds.index import positions


@frozen
class Question:
    """A fact worth asking: the outcome ranks that hang on it, and whether anything but a route does."""

    fact: str
    outcomes: tuple[int, ...]
    duties: bool


def questions(program: Program, verdict: Verdict) -> tuple[Question, ...]:
    """The facts that still matter, in the order to ask them."""
    several = verdict.box & (verdict.box - program.space.lows)
    if not several:
        return ()
    inquiry = Inquiry(program, verdict)
    plain = Witnesses(program, verdict, inquiry.open)
    sayings, tied = program.sayings, inquiry.open.tied
    routed = reduce(or_, [blocks for slot, blocks in sayings.routed if verdict.applies[slot] or verdict.assumed[slot] or verdict.reach[slot]], 0)
    found = []
    for order, (name, variables) in enumerate(sayings.facts):
        unknown = [i for i in variables if several & sayings.blocks[i]]
        if not unknown:
            continue
        ranks = 0
        for i in unknown:
            ranks |= _outcomes(inquiry, plain, i, tied=bool(tied & sayings.blocks[i]))
        duties = bool(ranks) or any((not tied & sayings.blocks[i] and plain.duties(i)) or inquiry.duties_on(i) for i in unknown)
        if duties or any(several & routed & sayings.blocks[i] for i in unknown):
            outcomes = positions(ranks)
            others = tuple(rank for rank in outcomes if rank != verdict.advice)
            found.append((not duties, -max(others, default=-1), -len(outcomes), order, Question(name, others, duties)))
    return tuple(question for *_, question in sorted(found, key=lambda entry: entry[:4]))


def _outcomes(inquiry: Inquiry, plain: Witnesses, index: int, *, tied: bool) -> int:
    """The ranks, as bits, that learning a variable can remove: what is plain, and what is found where it is not."""
    wanted = inquiry.removable(index)
    if not wanted:
        return 0
    if tied:
        shown = plain.outcomes_by_steps(inquiry.steps_of(index) or ())
    else:
        shown = plain.outcomes(index)
        if wanted & ~shown:
            shown |= plain.outcomes_by_terms(index)
    return shown | inquiry.removed(index, wanted & ~shown)
