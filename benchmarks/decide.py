"""How long one decision takes on the `kscmp` stack: `python -m benchmarks.decide`.

Ratios are taken to a yardstick measured in the same run: writing the facts of a complete case as JSON and reading them again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.cases import complete_cases, forgetful
from benchmarks.figures import Figure, each, quantile, show
from safeguarding_rules import Decision, Engine

COUNT = 2000
FEW = 200


def main() -> None:
    """Measure and print."""
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    cases = complete_cases(engine.program, COUNT)
    half = forgetful(cases, 0.5)
    most = forgetful(cases, 0.9)
    for warming in (cases, half, most):
        for case in warming[:FEW]:
            engine.decide(case)
    yardstick = quantile(each(lambda case: json.loads(json.dumps(case)), cases), 0.5)
    decisions = [engine.decide(case) for case in cases]
    shares = {
        "all known": decisions,
        "half unknown": [engine.decide(case) for case in half],
        "nine in ten unknown": [engine.decide(case) for case in most],
    }
    figures = [Figure("yardstick: facts to JSON and back", yardstick, "µs", yardstick)]
    for name, known, asked in (("all known", cases, 60.0), ("half unknown", half, 300.0), ("nine in ten unknown", most, None)):
        taken = each(engine.decide, known)
        settled = sum(decision.settled for decision in shares[name]) / COUNT
        figures.append(Figure(f"decide, {name}: median", quantile(taken, 0.5), "µs", yardstick, asked, f"{settled:.0%} settled"))
        figures.append(Figure(f"decide, {name}: 95 %", quantile(taken, 0.95), "µs", yardstick))
        figures.append(Figure(f"decide, {name}: slowest", taken[-1], "µs", yardstick))
    for name, read in LAZY:
        fresh = [engine.decide(case) for case in half[:FEW]]
        figures.append(Figure(f"half unknown, then {name}: median", quantile(each(read, fresh), 0.5), "µs", yardstick))
    fresh = [engine.decide(case) for case in half[:FEW]]
    figures.append(
        Figure("half unknown, then the explanation: median", quantile(each(lambda one: str(engine.explain(one)), fresh), 0.5), "µs", yardstick)
    )
    policy = engine.program.policy
    packs = " + ".join(f"{pack.id} {pack.version}" for pack in policy.packs)
    title = f"{packs}: {len(policy.rules)} rules, {len(policy.facts)} facts, {len(engine.program.space.variables)} variables; {COUNT} random cases"
    show(title, figures, "yardstick")
    if inexact := sum(not decision.exact for known in shares.values() for decision in known):
        print(f"{inexact} decisions were not exact")


LAZY: tuple[tuple[str, Callable[[Decision], Any]], ...] = (
    ("actions", lambda decision: decision.actions),
    ("questions", lambda decision: decision.questions),
    ("because", lambda decision: decision.because),
    ("the JSON document", lambda decision: decision.model_dump_json()),
)


if __name__ == "__main__":
    main()
