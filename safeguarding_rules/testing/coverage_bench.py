"""Stacks with the cases that are decided with them, over a space fine enough for every analysis of this floor.

Comes in: the packs at some paths. Goes out: one `Bench` a stack: its Policy, its Program, and each case as a box. Promised: the space cuts every
integer at, and one beyond, each side of each number that a rule names, so that the cases on an edge, and the policies with a number shifted by one,
can all be told apart in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program, compile_policy
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.diagnostics import FactsError, PackError
from safeguarding_rules.language.conditions import Test, tests_of
from safeguarding_rules.linking.cases import holds_of, space_of
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.reading import Found
from safeguarding_rules.testing.cases import PackCase, cases_of, default_day
from safeguarding_rules.testing.judging import judge
from safeguarding_rules.testing.stacks import Linked, Stacks
from safeguarding_rules.worlds.space import Space


@dataclass(frozen=True, slots=True)
class Placed:
    """A case as a box of the bench's space (0: its facts contradict each other), and what it comes to."""

    case: PackCase
    box: int
    verdict: Verdict | None


@dataclass
class Bench:
    """One stack with the cases that are decided with it. `homes`: the packs (id, version) of which it is the stack."""

    policy: Policy
    program: Program
    knowledge: Knowledge
    homes: list[tuple[str, str]] = field(default_factory=list)
    cases: list[Placed] = field(default_factory=list)
    failing: list[PackCase] = field(default_factory=list)

    @property
    def space(self) -> Space:
        """The space of its Program."""
        return self.program.space

    def has(self, pack: tuple[str, str]) -> bool:
        """Whether a version of a pack stands in the stack."""
        return any((info.id, info.version) == pack for info in self.policy.packs)


@dataclass
class Benches:
    """Every stack of the packs at some paths. `problems`: what could not be used.

    `usual`: the stack of each pack in which a case that names no day is decided.
    """

    packs: list[tuple[str, str]] = field(default_factory=list)
    benches: list[Bench] = field(default_factory=list)
    usual: dict[tuple[str, str], Bench] = field(default_factory=dict)
    problems: list[PackError] = field(default_factory=list)

    def homes(self, pack: tuple[str, str]) -> list[Bench]:
        """Every stack of a pack, over the days of which it is in force: the usual one first."""
        first = self.usual[pack]
        return [first, *(bench for bench in self.benches if pack in bench.homes and bench is not first)]


def benches_of(stacks: Stacks, today: date, *, judged: bool = False, but: Collection[str] = ()) -> Benches:
    """Lay out every stack at the paths of `stacks`; `judged` sets the cases apart that do not come out as expected, `but` those that are named."""
    found, failed = stacks.targets()
    result = Benches(problems=list(failed))
    known: dict[int, Bench] = {}
    for one in found:
        try:
            _take_in(stacks, one, today, known, result, judged=judged, but=but)
        except PackError as error:
            result.problems.append(error)
    result.benches = list({id(bench): bench for bench in known.values()}.values())
    return result


def _take_in(  # noqa: PLR0913  what is taken in, and into what
    stacks: Stacks, found: Found, today: date, known: dict[int, Bench], result: Benches, *, judged: bool, but: Collection[str]
) -> None:
    pack = (found.id, found.version)
    for day in _days(stacks, found):
        bench = _bench(stacks, found, day, known)
        if pack not in bench.homes:
            bench.homes.append(pack)
    result.packs.append(pack)
    result.usual[pack] = _bench(stacks, found, default_day(stacks.pack(found), today), known)
    for case in cases_of(stacks.pack(found), today):
        if not found.manifest.in_force.holds_on(case.on):
            continue
        bench = _bench(stacks, found, case.on, known)
        try:
            box = bench.knowledge.read(case.facts)
        except FactsError:
            bench.failing.append(case)
            continue
        placed = Placed(case, box, evaluate(bench.program, box) if box else None)
        if case.id in but or (judged and judge(case.expect, Decider(bench.program, few=True).decide(case.facts, case.on), case.pack)):
            bench.failing.append(case)
        else:
            bench.cases.append(placed)


def _days(stacks: Stacks, found: Found) -> Iterator[date]:
    """Yield the first day of every period in which exactly the same is in force, over the days of the pack. Raises PackError."""
    end = found.manifest.in_force.until
    waiting = list(stacks.edges(found))
    while waiting:
        day = waiting.pop(0)
        yield day
        policy = stacks.linked(found, day).policy
        after = policy.valid_until if policy is not None else None
        if after is not None and (end is None or after <= end - timedelta(days=1)) and after not in waiting:
            waiting = sorted({after, *waiting})


def _bench(stacks: Stacks, found: Found, day: date, known: dict[int, Bench]) -> Bench:
    linked: Linked = stacks.linked(found, day)
    if id(linked) not in known:
        policy = stacks.decider(found, day).program.policy
        same = next((bench for bench in known.values() if meaning(bench.policy) == meaning(policy)), None)
        known[id(linked)] = bench_of(policy) if same is None else same
    return known[id(linked)]


def meaning(policy: Policy) -> tuple[object, ...]:
    """What a Policy decides by: two that agree in it decide every case alike, whatever statements and texts stand around them."""
    packs = tuple((info.id, info.version) for info in policy.packs)
    routes = {name: [(entry.name, entry.when, entry.emergency) for entry in entries] for name, entries in policy.routes.items()}
    rules = tuple(replace(rule, cite=(), because="") for rule in policy.rules)
    standing = tuple(replace(entry, cite=(), because="") for entry in policy.standing)
    unsettled = replace(policy.when_unsettled, cite=(), because="")
    return packs, rules, standing, unsettled, policy.facts, policy.implications, policy.outcomes, routes


def bench_of(policy: Policy) -> Bench:
    """Lay out one Policy."""
    program = compile_policy(policy, space_of(policy, edge_tests(policy)))
    return Bench(policy, program, Knowledge(program.space))


def edge_tests(policy: Policy) -> Sequence[Test]:
    """Tests that cut the space at each number that a rule names, and one beside it."""
    found: dict[Test, None] = {}
    for rule in policy.rules:
        for test in tests_of(holds_of(rule)):
            for number in numbers_of(test):
                found.update((Test(test.fact, "is", number + step), None) for step in (-2, -1, 0, 1, 2))
    return list(found)


def numbers_of(test: Test) -> tuple[int, ...]:
    """The integers that a test names."""
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return tuple(value for value in values if isinstance(value, int) and not isinstance(value, bool))
