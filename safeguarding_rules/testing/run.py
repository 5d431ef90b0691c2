"""Runs the cases of packs against the stack in force on each case's day.

In: the packs at some paths. Out: a result per case, the coverage per pack, and what was wrong with packs that could not be used. Promised: one
wrong pack, or case, does not hide the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.reading import Found
from safeguarding_rules.testing.cases import PackCase, cases_of
from safeguarding_rules.testing.coverage import Coverage
from safeguarding_rules.testing.judging import Miss, judge
from safeguarding_rules.testing.stacks import Stacks

Choice = Callable[[PackCase], bool]
_NONE: Mapping[tuple[str, str], Coverage] = {}


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case with what its decision lacks of what was expected."""

    case: PackCase
    decision: Decision | None
    misses: tuple[Miss, ...]
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether nothing is missing."""
        return not self.misses


@dataclass
class PackRun:
    """The results of one version of a pack."""

    pack: str
    version: str
    status: str
    coverage: Coverage
    results: list[CaseResult] = field(default_factory=list)

    @property
    def failed(self) -> list[CaseResult]:
        """The cases that did not come out as expected."""
        return [result for result in self.results if not result.as_expected]


@dataclass
class Run:
    """The results of a whole run. `chosen`: whether only some cases were run, so that the coverage says nothing about the packs."""

    packs: list[PackRun] = field(default_factory=list)
    problems: list[PackError] = field(default_factory=list)
    chosen: bool = False

    @property
    def results(self) -> Iterator[CaseResult]:
        """Every result."""
        return (result for pack in self.packs for result in pack.results)

    @property
    def failed(self) -> list[CaseResult]:
        """Every case that did not come out as expected."""
        return [result for result in self.results if not result.as_expected]


def run_cases(stacks: Stacks, today: date, choice: Choice | None = None, progress: Callable[[str], None] = lambda _: None) -> Run:
    """Run the cases of all packs at the paths of `stacks`; `choice` says which, `progress` is told what is at work."""
    found, failed = stacks.targets()
    run = Run(problems=list(failed), chosen=choice is not None)
    coverages: dict[tuple[str, str], Coverage] = {}
    for one in found:
        coverages[one.id, one.version] = Coverage(one.id, one.version)
    for one in found:
        progress(f"{one.id} {one.version}")
        try:
            run.packs.append(_run_pack(stacks, one, today, choice, coverages))
        except PackError as error:
            run.problems.append(error)
    return run


def _run_pack(stacks: Stacks, found: Found, today: date, choice: Choice | None, coverages: dict[tuple[str, str], Coverage]) -> PackRun:
    run = PackRun(found.id, found.version, found.manifest.status, coverages[found.id, found.version])
    cases = list(cases_of(stacks.pack(found), today))
    linked = stacks.decider(found, found.manifest.in_force.from_)
    run.coverage.declare(linked.program.policy)
    for case in cases:
        if choice is None or choice(case):
            run.results.append(run_case(stacks, found, case, coverages))
    return run


def run_case(stacks: Stacks, found: Found, case: PackCase, coverages: Mapping[tuple[str, str], Coverage] = _NONE) -> CaseResult:
    """Run one case of a pack, or of a file outside it, against what is in force on its day; `coverages` count what it exercises."""
    started = time.perf_counter()
    if not found.manifest.in_force.holds_on(case.on):
        reason = "correct the day of the case, or `in_force` in `pack.yaml`"
        return CaseResult(case, None, (Miss("on", f"a day on which {found.id} {found.version} is in force", f"{case.on}", (reason,)),), 0.0)
    try:
        decider = stacks.decider(found, case.on)
        wrong = [one for one in stacks.linked(found, case.on).diagnostics if one.severity == "error" and case.contains(one.span)]
        decision = None if wrong else decider.decide(case.facts, case.on)
    except (PackError, FactsError) as error:
        decision, wrong = None, list(error.diagnostics)
    if decision is None:
        reasons = tuple(str(one) for one in wrong)
        return CaseResult(case, None, (Miss("case", "a case that the packs in force on its day can decide", "one that they cannot", reasons),), 0.0)
    policy = decision.program.policy
    for pack in policy.packs:
        if (coverage := coverages.get((pack.id, pack.version))) is not None:
            coverage.declare(policy)
            coverage.count(decision)
    return CaseResult(case, decision, judge(case.expect, decision, found.id), time.perf_counter() - started)
