"""Accepted findings that no analysis finds any more: what was let stand is gone, and the entry would hide the next one.

Comes in: stacks and their proofs. Goes out: a warning for each entry of a pack whose finding is in none of its stacks. Promised: an entry is called
idle only where everything that could find it was decided. What `check` finds, it says itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeguarding_rules.language.expectations import Accepted
from safeguarding_rules.proving.claims import Claim, Idle, StackProof
from safeguarding_rules.proving.work import Stack

_FOUND_BY = {"SR711": "rules", "SR712": "rules", "SR713": "facts"}


def idle_entries(stacks: Sequence[Stack], proofs: Sequence[StackProof]) -> Iterator[Idle]:
    """Yield what each pack accepts and is found in none of its stacks, in the order of the packs and their files."""
    packs = {(stack.pack.id, stack.pack.version): stack.pack for stack in stacks}
    for key, pack in packs.items():
        claims = [claim for stack, proof in zip(stacks, proofs, strict=True) if (stack.pack.id, stack.pack.version) == key for claim in proof.claims]
        for place, entry in enumerate(pack.invariants.accepted):
            if entry.finding in _FOUND_BY and not any(_may_find(claim, entry, pack.id) for claim in claims):
                span = pack.span("invariants.yaml", ("accepted", place))
                where = f"{span.file}:{span.line}:{span.column}"
                yield Idle(pack=pack.id, version=pack.version, finding=entry.finding, at=entry.at, place=where)


def _may_find(claim: Claim, entry: Accepted, pack: str) -> bool:
    """Whether a claim has the finding that is accepted, or might have it: it was not decided there."""
    if claim.kind != _FOUND_BY[entry.finding]:
        return False
    names = {entry.at, f"{pack}/{entry.at}"}
    if claim.state == "undecided" and not claim.undecided:
        return True
    return bool(names & set(claim.undecided)) or any(one.code == entry.finding and names & set(one.at.split(" and ")) for one in claim.findings)
