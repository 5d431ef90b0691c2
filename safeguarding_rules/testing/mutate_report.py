"""What became of the mutants, as text and as a `mutation/1` document."""

from __future__ import annotations

from typing import Any

from safeguarding_rules.testing.mutate import Mutation, PackMutation, Score
from safeguarding_rules.testing.mutate_mutants import KINDS

FORMAT = "mutation/1"


def report(result: Mutation) -> str:
    """The result as text: the scores of each pack by kind, and each survivor as a sentence."""
    parts = [_pack(pack) for pack in result.packs]
    parts.append(f"in all: {_score(result.score())}")
    return "\n\n".join(parts)


def _pack(pack: PackMutation) -> str:
    lines = [f"{pack.pack} {pack.version}: {_score(pack.score())}"]
    for kind in KINDS:
        score = pack.score([kind])
        if score.counted or score.equivalent:
            lines.append(f"  {kind + ':':<15}{_score(score)}")
    return "\n".join(lines + [f"  {mutant.sentence}" for mutant in pack.survivors])


def _score(score: Score) -> str:
    equivalent = f"; {score.equivalent} change nothing, which is proved" if score.equivalent else ""
    return f"{score.killed} of {score.counted} mutants noticed ({score.percent:.1f} %){equivalent}"


def document(result: Mutation) -> dict[str, Any]:
    """The result as data."""
    packs = []
    for pack in result.packs:
        kinds = {kind: _numbers(pack.score([kind])) for kind in KINDS}
        mutants = [
            {"rule": mutant.where, "kind": mutant.kind, "change": mutant.words, "state": fate.state} | ({"by": fate.by} if fate.by else {})
            for mutant, fate in pack.fates
        ]
        survivors = [mutant.sentence for mutant in pack.survivors]
        packs.append(
            {"pack": pack.pack, "version": pack.version, "score": _numbers(pack.score()), "kinds": kinds, "survivors": survivors, "mutants": mutants}
        )
    return {"schema": FORMAT, "score": _numbers(result.score()), "packs": packs}


def _numbers(score: Score) -> dict[str, Any]:
    return {"killed": score.killed, "survived": score.survived, "equivalent": score.equivalent, "percent": round(score.percent, 2)}
