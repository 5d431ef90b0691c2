"""Coverage of packs by their cases in every respect: rules, outcomes, actions, edges of numbers, and MC/DC of every rule.

Comes in: the stacks with their cases. Goes out: a `FullCoverage` a pack, and its document (`coverage/1`). Promised: percentages are of what is
reachable, and what counts as unreachable was proved so. Cases of packs below count for the packs above them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Duty, PolicyRule, Standing
from safeguarding_rules.testing.coverage_bench import Bench, Benches, Placed
from safeguarding_rules.testing.coverage_obligations import Kind, Obligation, obligations_of
from safeguarding_rules.testing.printed import CoverageDocument, CoveredPack, PartsNote
from safeguarding_rules.worlds.space import BudgetExceededError
from safeguarding_rules.worlds.sums import Sum, sum_in
from safeguarding_rules.worlds.terms import TooManyTermsError

_TITLES = {
    "rules": "rules met, open, not met",
    "outcomes": "outcomes",
    "actions": "actions by strength",
    "boundaries": "edges of numbers",
    "mcdc": "MC/DC",
}


@dataclass
class Parts:
    """Parts of one kind: which cases exercise each. `unreachable`: those that no possible case can."""

    by: dict[str, list[str]] = field(default_factory=dict)
    unreachable: list[str] = field(default_factory=list)

    @property
    def exercised(self) -> int:
        """How many parts some case exercises."""
        return sum(1 for cases in self.by.values() if cases)

    @property
    def missing(self) -> list[str]:
        """The parts that no case exercises."""
        return [name for name, cases in self.by.items() if not cases]

    @property
    def percent(self) -> float:
        """The share of what is reachable that is exercised."""
        return 100.0 * self.exercised / len(self.by) if self.by else 100.0

    def document(self) -> PartsNote:
        """The parts as data."""
        return PartsNote(
            exercised=self.exercised,
            reachable=len(self.by),
            percent=round(self.percent, 2),
            missing=tuple(self.missing),
            unreachable=tuple(self.unreachable),
        )


@dataclass
class FullCoverage:
    """What the cases exercise of one version of a pack. `owed`: obligations that are reachable and not fulfilled, with a stack for each."""

    pack: str
    version: str
    cases: int = 0
    rules: Parts = field(default_factory=Parts)
    outcomes: Parts = field(default_factory=Parts)
    actions: Parts = field(default_factory=Parts)
    boundaries: Parts = field(default_factory=Parts)
    mcdc: Parts = field(default_factory=Parts)
    owed: list[tuple[Bench, Obligation]] = field(default_factory=list)

    @property
    def kinds(self) -> tuple[tuple[str, Parts], ...]:
        """Every kind of parts with its name."""
        named = (("rules", self.rules), ("outcomes", self.outcomes), ("actions", self.actions), ("boundaries", self.boundaries), ("mcdc", self.mcdc))
        return tuple((name, parts) for name, parts in named if parts.by or parts.unreachable)

    def document(self) -> CoveredPack:
        """The coverage as data."""
        return CoveredPack(pack=self.pack, version=self.version, cases=self.cases, **{name: parts.document() for name, parts in self.kinds})


def coverage_of(benches: Benches, progress: Callable[[str], None] = lambda _: None) -> list[FullCoverage]:
    """Measure what the cases exercise of each pack."""
    found = []
    for pack in benches.packs:
        progress(f"{pack[0]} {pack[1]}")
        found.append(_Measuring(benches, pack).measure())
    return found


def document(coverages: Iterable[FullCoverage]) -> CoverageDocument:
    """Coverages as a `coverage/1` document."""
    return CoverageDocument(packs=tuple(one.document() for one in coverages))


def report(coverages: Iterable[FullCoverage]) -> str:
    """Coverages as text, with everything that is missing."""
    lines: list[str] = []
    for one in coverages:
        lines.append(f"{one.pack} {one.version}: what {one.cases} cases exercise")
        for name, parts in one.kinds:
            proved = f"; {len(parts.unreachable)} unreachable, which is proved" if parts.unreachable else ""
            lines.append(f"  {_TITLES[name]}: {parts.exercised} of {len(parts.by)} ({parts.percent:.1f} %){proved}")
            lines += [f"    - {missing}" for missing in parts.missing]
    return "\n".join(lines)


class _Measuring:
    def __init__(self, benches: Benches, pack: tuple[str, str]) -> None:
        self.pack, self.version = pack
        self.homes = benches.homes(pack)
        self.benches = [bench for bench in benches.benches if bench.has(pack)]
        self.found = FullCoverage(*pack)

    def measure(self) -> FullCoverage:
        """Count everything."""
        self.found.cases = sum(
            1 for bench in self.benches for placed in bench.cases if (placed.case.pack, placed.case.version) == (self.pack, self.version)
        )
        self.declare_rules()
        self.declare_actions()
        for bench in self.benches:
            for placed in bench.cases:
                self.count(bench, placed)
        for kind in ("decides", "edge"):
            self.oblige(kind)
        return self.found

    def declare_rules(self) -> None:
        """List the statuses that each rule of the pack can have on some day, and the outcomes."""
        can: dict[str, bool] = {}
        for home in self.homes:
            space = home.space
            for rule, compiled in zip(home.policy.rules, home.program.rules, strict=True):
                if rule.pack != self.pack:
                    continue
                holds = bool(reaches(home, compiled.holds))
                fails = 0 not in compiled.holds.fails and bool(_search(lambda c=compiled, s=space: s.find(s.start, c.holds.fails)))  # type: ignore[misc]
                for status, possible in (("met", holds), ("open", holds and fails), ("not met", fails)):
                    name = f"{self._own(rule.id)}: {status}"
                    can[name] = can.get(name, False) or possible
            for outcome in home.policy.outcomes:
                if outcome.pack == self.pack:
                    self.found.outcomes.by[outcome.name] = []
        _declare(self.found.rules, can)

    def declare_actions(self) -> None:
        """List every strength that a part of the pack gives an action with; one that is always outdone is unreachable."""
        can: dict[str, bool] = {}
        for policy in (home.policy for home in self.homes):
            always = [duty for entry in policy.standing if entry.kind == "always" for duty in entry.duties]
            parts: list[PolicyRule | Standing] = [*policy.rules, *policy.standing]
            for duty in (duty for part in parts if part.pack == self.pack for duty in part.duties):
                by = policy.actions[duty.action].by
                name = f"{duty.modality} {duty.action}" + ("" if duty.by == by else f" by {duty.by}")
                can[name] = can.get(name, False) or not any(_outdoes(other, duty) for other in always)
        _declare(self.found.actions, can)

    def count(self, bench: Bench, placed: Placed) -> None:
        """Count what one case exercises."""
        verdict, name = placed.verdict, placed.case.id
        if verdict is None:
            return
        met, still_open = set(verdict.met), {*verdict.open}
        for i, rule in enumerate(bench.policy.rules):
            if rule.pack == self.pack:
                status = "met" if i in met else "open" if i in still_open else "not met"
                _count(self.found.rules, f"{self._own(rule.id)}: {status}", name)
        _count(self.found.outcomes, bench.policy.outcomes[verdict.advice].name, name)
        for entry in verdict.entries:
            slot = bench.program.slots[entry.slot]
            advised = {entry.strength if entry.status != "depends" else 0, entry.presumed}
            by = bench.policy.actions[slot.action].by
            for modality, strength in STRENGTH.items():
                if strength in advised and (modality in ("must_not", "should_not")) == slot.forbids:
                    _count(self.found.actions, f"{modality} {slot.action}" + ("" if slot.by == by else f" by {slot.by}"), name)

    def oblige(self, kind: Kind) -> None:
        """Find the cases that fulfil each obligation of a kind, on whatever day it is reachable."""
        parts = self.found.mcdc if kind == "decides" else self.found.boundaries
        can: dict[str, bool] = {}
        obligations: dict[str, tuple[Bench, Obligation]] = {}
        for home in self.homes:
            for obligation in obligations_of(home.policy, self.pack):
                name = self._own(obligation.words)
                if obligation.kind == kind and not can.get(name):
                    can[name] = bool(reaches(home, term_sum(home, obligation)))
                    obligations[name] = home, obligation
        _declare(parts, can)
        for name in parts.by:
            for bench in self.benches:
                needed = term_sum(bench, obligations[name][1])
                parts.by[name] += [placed.case.id for placed in bench.cases if placed.box and needed is not None and needed.holds(placed.box)]
            if not parts.by[name]:
                self.found.owed.append(obligations[name])

    def _own(self, name: str) -> str:
        return name.replace(f"{self.pack}/", "", 1)


def term_sum(bench: Bench, obligation: Obligation) -> Sum | None:
    """An obligation over the space of a bench; None where it is too intricate to be written out, or names what is not there."""
    try:
        return sum_in(bench.space, obligation.condition)
    except (TooManyTermsError, KeyError):
        return None


def reaches(bench: Bench, needed: Sum | None) -> int:
    """A possible case that meets a condition; 0 if there is provably none. Where no answer can be found, any case: it counts as reachable."""
    if needed is None:
        return bench.space.start
    return next((case for box in needed.boxes if (case := _search(lambda box=box: bench.space.find(box)))), 0)  # type: ignore[misc]


def _search(search: Callable[[], int]) -> int:
    try:
        return search()
    except BudgetExceededError:
        return 1


def _declare(parts: Parts, can: dict[str, bool]) -> None:
    for name, possible in can.items():
        if possible:
            parts.by.setdefault(name, [])
        else:
            parts.unreachable.append(name)


def _outdoes(other: Duty, duty: Duty) -> bool:
    """Whether a duty is stronger than another, of the same person in the same direction."""
    same = (other.action, other.by, other.modality in PROHIBITIONS) == (duty.action, duty.by, duty.modality in PROHIBITIONS)
    return same and STRENGTH[other.modality] > STRENGTH[duty.modality]


def _count(parts: Parts, name: str, case: str) -> None:
    if name in parts.by:
        parts.by[name].append(case)
