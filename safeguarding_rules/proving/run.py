"""Proves stacks: every invariant, guarantee and analysis, one piece of work at a time or several side by side.

Comes in: stacks. Goes out: a `Proof`. Promised: the same order of claims whatever the number of jobs; what the time limit leaves is undecided.

An invariant is proved on the stack of the pack that declares it. Of the packs above, what a layer must keep is proved again on the stack with the
layer: `outcome_at_least`, `must` and its kin, `never`, `while_unknown`. What a layer may change is not: an invariant with `outcome_at_most`,
`reachable` or `must_not_matter`.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from safeguarding_rules.language.expectations import Invariant
from safeguarding_rules.proving import lint
from safeguarding_rules.proving.accepted import idle_entries
from safeguarding_rules.proving.claims import Claim, Proof, StackProof, Waived, proof_of
from safeguarding_rules.proving.guarantees import guarantees
from safeguarding_rules.proving.layers import layer_claims
from safeguarding_rules.proving.opinion import only_opinion, second_opinion
from safeguarding_rules.proving.scoped import Result, advised_unsettled, boxes_of, named_in, prove_reachable, prove_scoped, refuted
from safeguarding_rules.proving.search import UndecidedError
from safeguarding_rules.proving.unknown import prove_never_advised, prove_unknown
from safeguarding_rules.proving.wording import claim_words
from safeguarding_rules.proving.work import Stack, claim
from safeguarding_rules.worlds.terms import TooManyTermsError

LARGE = 300
SHARES = 6

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: a stack by number, and which part of it. Small enough to be handed to another process."""

    stack: int
    part: str
    index: int = 0  # of the invariant, or of the share
    shares: int = 1


def prove(stacks: Sequence[Stack], *, jobs: int = 1, progress: Progress = lambda _: None) -> Proof:
    """Prove every claim of some stacks."""
    tasks = list(_tasks(stacks))
    found: list[list[Claim]] = []
    total = len(tasks)
    for done, claims in enumerate(_worked(stacks, tasks, jobs)):
        found.append(claims)
        progress(f"proving {done + 1}/{total}: {claims[-1].name if claims else ''}")
    proofs = []
    for number, stack in enumerate(stacks):
        every = tuple(_joined([one for task, group in zip(tasks, found, strict=True) if task.stack == number for one in group]))
        names = tuple(f"{pack.id} {pack.version}" for pack in stack.packs)
        proofs.append(StackProof(packs=names, periods=stack.periods, claims=every))
    return proof_of(proofs, idle_entries(stacks, proofs))


def _joined(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield claims, those about shares of the same joined into one."""
    for _, group in groupby(claims, key=lambda claim: (claim.kind, claim.name)):
        same = list(group)
        yield lint.merged(same) if len(same) > 1 else same[0]


def _tasks(stacks: Sequence[Stack]) -> Iterator[Task]:
    for number, stack in enumerate(stacks):
        for index, (pack, _, invariant) in enumerate(stack.invariants):
            if pack is stack.pack or kept_by_layers(invariant):
                yield Task(number, "invariant", index)
        for part in ("guarantees", "layer", "conflicts", "tables"):
            yield Task(number, part)
        shares = 1 if len(stack.policy.rules) < LARGE else SHARES
        for part in ("rules", "facts"):
            for share in range(shares):
                yield Task(number, part, share, shares)


def kept_by_layers(invariant: Invariant) -> bool:
    """Whether an invariant must hold on the stacks below too: not where a layer may change what it says by strengthening."""
    return invariant.reachable is None and invariant.must_not_matter is None and invariant.outcome_at_most is None


def work(stacks: Sequence[Stack], task: Task) -> list[Claim]:
    """Do one piece of work."""
    stack = stacks[task.stack]
    match task.part:
        case "invariant":
            return [prove_invariant(stack, task.index)]
        case "guarantees":
            return list(guarantees(stack))
        case "layer":
            return list(layer_claims(stack))
        case "rules" | "facts" as part:
            number = len(stack.policy.rules if part == "rules" else stack.policy.facts)
            share = slice(number * task.index // task.shares, number * (task.index + 1) // task.shares)
            return [getattr(lint, part)(stack, share)]
        case part:
            return [getattr(lint, part)(stack)]


def prove_invariant(stack: Stack, index: int) -> Claim:
    """Prove one invariant of a stack."""
    pack, name, invariant = stack.invariants[index]
    found = claim(lambda: _decide_somehow(stack, invariant), name=name, kind="invariant", pack=pack.id, claims=claim_words(invariant, stack))
    waiver = invariant.waived
    if waiver is not None and found.state == "proved":
        found = found.model_copy(update={"reason": "; ".join(part for part in (found.reason, "its waiver is no longer needed") if part)})
    elif waiver is not None:
        if stack.today < waiver.until:
            found = found.model_copy(update={"waived": Waived(because=waiver.because, until=waiver.until)})
        else:
            found = found.model_copy(update={"reason": f"{found.reason} (its waiver ended on {waiver.until})"})
    return second_opinion(stack, invariant, found) if stack.opinion else found


def _decide_somehow(stack: Stack, invariant: Invariant) -> Result:
    """Decide an invariant; where our search takes too many steps, as of very large packs, by z3. Raises UndecidedError, TooManyTermsError."""
    try:
        return _decide(stack, invariant)
    except (UndecidedError, TooManyTermsError):
        decided = only_opinion(stack, invariant)
        if decided is None:
            raise
        return decided


def _decide(stack: Stack, invariant: Invariant) -> Result:
    arena = stack.arena
    if invariant.reachable is not None:
        return prove_reachable(arena, invariant.reachable)
    if invariant.must_not_matter is not None:
        return _must_not_matter(stack, invariant)
    if invariant.while_unknown is not None:
        return prove_unknown(arena, invariant)
    scope = stack.scope_of(invariant)
    found = prove_scoped(arena, invariant, boxes_of(arena, scope), named_in(scope))
    if found["state"] == "proved" and advised_unsettled(arena, invariant):
        further = prove_never_advised(arena, invariant, scope)
        return found if further["state"] == "proved" else further
    return found


def _must_not_matter(stack: Stack, invariant: Invariant) -> Result:
    from safeguarding_rules.proving.matter import difference, shown  # noqa: PLC0415

    found = difference(stack.arena, invariant.must_not_matter or (), invariant.except_for or ())
    if found is None:
        return {"state": "proved"}
    return refuted(*shown(stack.arena, found))


# -- side by side -------------------------------------------------------------------------------------------------------------------------

_OWN: list[Sequence[Stack]] = []
"""In a process that works for another: the stacks that it was started with. Elsewhere empty."""


def _worked(stacks: Sequence[Stack], tasks: Sequence[Task], jobs: int) -> Iterator[list[Claim]]:
    if jobs < 2 or len(tasks) < 2 or "fork" not in multiprocessing.get_all_start_methods():  # noqa: PLR2004
        for task in tasks:
            yield work(stacks, task)
        return
    for stack in stacks:
        stack.arena  # noqa: B018  laid out once, before the processes part
    with multiprocessing.get_context("fork").Pool(jobs, _OWN.append, (stacks,)) as pool:  # a fork inherits them; nothing is copied or written out
        waiting = [pool.apply_async(_own_work, (task,)) for task in sorted(tasks, key=_long_first)]
        results = dict(zip(sorted(tasks, key=_long_first), waiting, strict=True))
        for task in tasks:
            yield results[task].get()


def _long_first(task: Task) -> bool:
    return task.part == "invariant"


def _own_work(task: Task) -> list[Claim]:
    return work(_OWN[-1], task)


def deadline(seconds: float | None) -> float | None:
    """The moment at which a time limit ends."""
    return None if seconds is None else time.monotonic() + seconds
