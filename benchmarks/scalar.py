"""One decision at a time on the shipped `kscmp` stack: ours by share of unknown facts, beside a hand-written if/elif of the same rules.

Many distinct cases take turns, so nothing is answered from a cache of results. A second contest shows what is made only when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from benchmarks import by_hand_kscmp
from benchmarks.cases import complete_cases, forgetful
from benchmarks.contest import Contest, Contestant, Goal
from safeguarding_rules import Decision, Engine
from safeguarding_rules.explaining.explanation import explain

COUNT, FEW, FEWEST = 10_000, 1_000, 100
SHARES = (0.3, 0.5, 0.9)
BY_HAND = "if/elif by hand, complete facts"
COMPLETE = "decide, complete facts"

Answer = tuple[str, list[str]]


def contests(*, quick: bool) -> Iterator[Contest]:
    """The contests of this module."""
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    cases = complete_cases(engine.program, FEW if quick else COUNT)
    found = [_by_hand(cases), _ours(engine, COMPLETE, cases, compared=True)]
    found += [_ours(engine, f"decide, {share:.0%} unknown", forgetful(cases, share)) for share in SHARES]
    goals = [
        Goal("complete facts, against if/elif", (COMPLETE,), BY_HAND, at_most=3),
        Goal("30 % unknown, against if/elif", ("decide, 30% unknown",), BY_HAND, at_most=10),
    ]
    yield Contest("decide-kscmp", "One decision, kscmp stack", "decision", BY_HAND, found, goals)
    half = forgetful(complete_cases(engine.program, FEWEST, seed=3), 0.5)
    asked = [_asking(engine, name, ask, half) for name, ask in ON_REQUEST]
    yield Contest("decide-on-request", "One decision and what is made when asked for, kscmp stack, 50 % unknown", "decision", ALONE, asked, rounds=3)


def _by_hand(cases: Sequence[dict[str, object]]) -> Contestant:
    def work() -> None:
        decide = by_hand_kscmp.decide
        for case in cases:
            decide(case)

    def answers() -> list[Answer]:
        return [(outcome, sorted(rules)) for outcome, rules in map(by_hand_kscmp.decide, cases)]

    return Contestant(BY_HAND, work, len(cases), answers, "outcome and rules; checks names and types; knows no unknowns")


def _ours(engine: Engine, name: str, cases: Sequence[dict[str, object]], *, compared: bool = False) -> Contestant:
    def work() -> None:
        decide = engine.decide
        for case in cases:
            decide(case)

    def answers() -> list[Answer]:
        found = [engine.decide(case) for case in cases]
        return [(one.outcome, sorted(rule.rule for rule in one.rules.met)) for one in found]

    return Contestant(name, work, len(cases), answers if compared else None, "the whole decision, contradictions found")


def _asking(engine: Engine, name: str, ask: Callable[[Decision], object], cases: Sequence[dict[str, object]]) -> Contestant:
    def work() -> None:
        for case in cases:
            ask(engine.decide(case))

    return Contestant(name, work, len(cases))


ALONE = "decide"
ON_REQUEST: tuple[tuple[str, Callable[[Decision], object]], ...] = (
    (ALONE, lambda _: None),
    ("decide, then its actions", lambda decision: decision.actions),
    ("decide, then its reasons", lambda decision: decision.because),
    ("decide, then its questions", lambda decision: decision.questions),
    ("decide, then its JSON document", lambda decision: decision.model_dump_json()),
    ("decide, then its explanation", lambda decision: str(explain(decision))),
)
