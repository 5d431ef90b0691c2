"""The five guarantees of the language, as claims about one stack. What holds by construction of the engine says so, with the reason.

Source: docs/reference/language.md and the design, "Guarantees". Guarantee 3, about layers, is in `layers`.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding_rules.proving.claims import Claim
from safeguarding_rules.proving.scoped import Result
from safeguarding_rules.proving.witness import witness
from safeguarding_rules.proving.work import Stack, claim

LEARNING = (
    "what is known only ever shuts cases out: the outcomes possible afterwards are among those possible before, a settled outcome stays, and an "
    "action applies with the least strength it has over fewer cases"
)
FORGETTING = (
    "a name or value that is not declared is an error; while the outcome is not settled, the advice is at least the lesser of `when_unsettled` "
    "and the greatest possible outcome, which lies above the mildest"
)
CITING = "every outcome of the scale, every rule and `when_unsettled` cites a statement, and one of them is behind every advice"
LOADING = "packs are linked and checked, and locks compared, before an engine exists; nothing of this stack failed its check"


def guarantees(stack: Stack) -> Iterator[Claim]:
    """Yield guarantees 1, 2, 4 and 5."""
    about = {"kind": "guarantee", "pack": stack.pack.id}
    yield claim(
        lambda: {"state": "proved", "how": "by construction", "reason": LEARNING},
        name="guarantee-1-learning",
        claims="learning a fact never changes a settled outcome, and never removes or weakens an action that applies",
        **about,
    )
    words = "not knowing, forgetting or misspelling a fact never leads to the mildest outcome"
    yield claim(lambda: _forgetting(stack), name="guarantee-2-not-knowing", claims=words, **about)
    words = "every decision cites a statement and names its packs"
    yield claim(lambda: _citing(stack), name="guarantee-4-citing", claims=words, **about)
    yield claim(
        lambda: _loading(stack), name="guarantee-5-checked", claims="a pack that fails a check, or does not match its lock, does not decide", **about
    )


def _forgetting(stack: Stack) -> Result:
    arena = stack.arena
    if arena.policy.when_unsettled.outcome == 0:
        return {"state": "refuted", "code": "SR702", "reason": "`when_unsettled` is the mildest outcome"}
    # With nothing known the outcome must be open, or the mildest would be advised of everything.
    if not arena.find(arena.reaching(1, arena.everything)):
        case = arena.find(arena.everything)
        reason = "every case ends in the mildest outcome, so it is advised whatever is unknown"
        return {"state": "refuted", "code": "SR702", "reason": reason, "witness": witness(arena, case, lambda d: d.verdict.advice == 0)}
    return {"state": "proved", "how": "by construction", "reason": FORGETTING}


def _citing(stack: Stack) -> Result:
    policy = stack.policy
    cites = {f"outcomes/{outcome.name}": outcome.cite for outcome in policy.outcomes}
    cites |= {rule.id: rule.cite for rule in policy.rules} | {entry.id: entry.cite for entry in policy.standing}
    cites["when_unsettled"] = policy.when_unsettled.cite
    bare = sorted(name for name, statements in cites.items() if not any(statement in policy.statements for statement in statements))
    if bare:
        return {"state": "refuted", "code": "SR702", "reason": f"cites no statement: {', '.join(bare)}"}
    return {"state": "proved", "how": "by construction", "reason": CITING}


def _loading(stack: Stack) -> Result:
    errors = [str(found) for found in stack.diagnostics if found.severity == "error"]
    if errors:
        return {"state": "refuted", "code": "SR702", "reason": "; ".join(errors[:3])}
    return {"state": "proved", "how": "by construction", "reason": LOADING}
