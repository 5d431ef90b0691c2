"""What became of the mutants, as text and as a `mutation/1` document."""

from __future__ import annotations

from safeguarding_rules.testing.mutate import Mutation, PackMutation, Score
from safeguarding_rules.testing.mutate_mutants import KINDS
from safeguarding_rules.testing.printed import MutantNote, MutatedPack, MutationDocument, Numbers


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
    verb = "changes" if score.equivalent == 1 else "change"
    equivalent = f"; {score.equivalent} {verb} nothing, which is proved" if score.equivalent else ""
    return f"{score.killed} of {score.counted} mutants noticed ({score.percent:.1f} %){equivalent}"


def document(result: Mutation) -> MutationDocument:
    """The result as data."""
    packs = [
        MutatedPack(
            pack=pack.pack,
            version=pack.version,
            score=_numbers(pack.score()),
            kinds={kind: _numbers(pack.score([kind])) for kind in KINDS},
            survivors=tuple(mutant.sentence for mutant in pack.survivors),
            mutants=tuple(
                MutantNote(rule=mutant.where, kind=mutant.kind, change=mutant.words, state=fate.state, by=fate.by) for mutant, fate in pack.fates
            ),
        )
        for pack in result.packs
    ]
    return MutationDocument(score=_numbers(result.score()), packs=tuple(packs))


def _numbers(score: Score) -> Numbers:
    return Numbers(killed=score.killed, survived=score.survived, equivalent=score.equivalent, percent=round(score.percent, 2))
