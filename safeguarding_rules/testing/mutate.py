"""Mutation: what the cases of a pack would notice of mistakes in it.

Comes in: the packs at some paths. Goes out: every mutant with what became of it, and the scores. Promised: the same packs give the same result,
however many processes work on it; mutants that provably change nothing are not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.linking.link import check
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.testing.cases import PackCase
from safeguarding_rules.testing.coverage_bench import Benches, benches_of
from safeguarding_rules.testing.mutate_kill import Fate, fate_of
from safeguarding_rules.testing.mutate_mutants import KINDS, Kind, Mutant, mutants_of
from safeguarding_rules.testing.stacks import Stacks

Progress = Callable[[int, int], None]
_PIECES = 40


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants of one kind were noticed. Equivalent ones count for nothing; undecided ones as not noticed."""

    killed: int = 0
    survived: int = 0
    equivalent: int = 0

    @property
    def counted(self) -> int:
        """How many mutants change anything."""
        return self.killed + self.survived

    @property
    def percent(self) -> float:
        """The share that was noticed; 100 where there is nothing to notice."""
        return 100.0 * self.killed / self.counted if self.counted else 100.0


@dataclass
class PackMutation:
    """The mutants of one version of a pack, in their order."""

    pack: str
    version: str
    fates: list[tuple[Mutant, Fate]] = field(default_factory=list)

    def score(self, kinds: Iterable[Kind] = KINDS) -> Score:
        """Return the score over some kinds of mutants."""
        wanted = set(kinds)
        states = [fate.state for mutant, fate in self.fates if mutant.kind in wanted]
        return Score(states.count("killed"), states.count("survived") + states.count("undecided"), states.count("equivalent"))

    @property
    def survivors(self) -> list[Mutant]:
        """The mutants that nobody notices."""
        return [mutant for mutant, fate in self.fates if fate.state in ("survived", "undecided")]


@dataclass
class Mutation:
    """The result of a run. `failing`: cases that do not come out as expected to begin with; they notice nothing."""

    packs: list[PackMutation] = field(default_factory=list)
    failing: list[PackCase] = field(default_factory=list)
    problems: list[PackError] = field(default_factory=list)

    def score(self, kinds: Iterable[Kind] = KINDS) -> Score:
        """Return the score over all packs."""
        scores = [pack.score(tuple(kinds)) for pack in self.packs]
        return Score(sum(one.killed for one in scores), sum(one.survived for one in scores), sum(one.equivalent for one in scores))


@dataclass
class Laboratory:
    """Packs with their stacks and mutants, laid out anew in every process."""

    benches: Benches
    mutants: list[Mutant]


def laboratory(paths: Sequence[Path], also: Sequence[Path], today: date, failing: Sequence[str] | None = None) -> Laboratory:
    """Lay out the packs at some paths, and list their mutants; `failing`: the cases that fail, where that is known."""
    stacks = Stacks(paths, also)
    benches = benches_of(stacks, today, judged=failing is None, but=failing or ())
    found: dict[tuple[str, str, str, str, str], Mutant] = {}
    for pack, version in benches.packs:
        for bench in benches.benches:
            if (pack, version) in bench.homes:
                for mutant in mutants_of(bench.policy, _above(stacks, bench.policy), pack, version):
                    found.setdefault((pack, version, mutant.where, mutant.kind, mutant.words), mutant)
    return Laboratory(benches, list(found.values()))


def _above(stacks: Stacks, policy: Policy) -> Policy | None:
    """The Policy without its lowest pack; None for a top pack."""
    if len(policy.packs) == 1:
        return None
    lowest = policy.packs[-1]
    found = next(one for one in stacks.targets()[0] if (one.id, one.version) == (lowest.id, lowest.version))
    day = max(policy.valid_from or found.manifest.in_force.from_, found.manifest.in_force.from_)
    return check(stacks.stack(found, day)[:-1], day)[0]


def mutate(paths: Sequence[Path], also: Sequence[Path], today: date, *, jobs: int = 2, progress: Progress = lambda *_: None) -> Mutation:
    """Make every mutant of the packs at some paths and see whether a case notices; `progress` is told how many are done."""
    prepared = laboratory(paths, also, today)
    benches, mutants = prepared.benches, prepared.mutants
    result = Mutation(
        [PackMutation(*pack) for pack in benches.packs], [case for bench in benches.benches for case in bench.failing], benches.problems
    )
    packs = {(one.pack, one.version): one for one in result.packs}
    progress(0, len(mutants))
    for number, (mutant, fate) in enumerate(
        zip(mutants, _fates(prepared, jobs, _Given(tuple(paths), tuple(also), today, tuple(case.id for case in result.failing))), strict=True), 1
    ):
        packs[mutant.pack, mutant.version].fates.append((mutant, fate))
        progress(number, len(mutants))
    return result


@dataclass(frozen=True, slots=True)
class _Given:
    paths: tuple[Path, ...]
    also: tuple[Path, ...]
    today: date
    failing: tuple[str, ...]


def _fates(prepared: Laboratory, jobs: int, given: _Given) -> Iterator[Fate]:
    """Yield what becomes of each mutant, in their order."""
    count = len(prepared.mutants)
    if jobs < 2 or count < _PIECES:  # noqa: PLR2004  one process is this one
        for mutant in prepared.mutants:
            yield fate_of(mutant, prepared.benches.benches)
        return
    size = max(1, count // (jobs * _PIECES))
    with ProcessPoolExecutor(jobs, initializer=_Worker.start, initargs=(given,)) as pool:
        yield from pool.map(_Worker.fate, range(count), chunksize=size)


class _Worker:
    """A process that tries mutants: it lays the same packs out and is told numbers of mutants."""

    laboratory: Laboratory

    @classmethod
    def start(cls, given: _Given) -> None:
        """Lay the packs out."""
        cls.laboratory = laboratory(given.paths, given.also, given.today, given.failing)

    @classmethod
    def fate(cls, number: int) -> Fate:
        """Try one mutant."""
        return fate_of(cls.laboratory.mutants[number], cls.laboratory.benches.benches)
