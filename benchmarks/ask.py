"""How many questions the interview needs on the cases shipped in packs: `python -m benchmarks.ask`.

Every case is answered from its own facts; what it does not know is answered with "don't know". The yardstick asks in declared order, one fact at a
time, and skips facts that can no longer matter. Both stop at the same two places: where the advice is firm, so that one may stop and act, and where
no answer can change the outcome or a `must`. `one by one` is the interview's own order without screens. Answering time is reckoned, not measured:
SECONDS a screen to decide and type, and WORDS words a second to read everything on it, or the questions alone without their help. The time to find
the next question is processor time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Literal

from safeguarding_rules import Engine
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.questions import Inquiry
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.relevance import TOGETHER
from safeguarding_rules.interview.state import State
from safeguarding_rules.linking.policy import STRENGTH, FactInfo
from safeguarding_rules.testing.cases import cases_of
from safeguarding_rules.testing.stacks import Stacks

PACKS = Path(__file__).parents[1] / "policy_packs"
SECONDS, WORDS = 3.0, 4.0
EVERY = 4  # one case in so many, to keep it short
SERIOUS = ("refer", "refer_police", "emergency")
Way = Literal["declared", "one by one", "screens"]


Counted = tuple[int, int, float, float]


@dataclass
class Count:
    """What one interview took: screens, facts asked and seconds, until firm and until the end; and how long each next question took to find."""

    screens: int = 0
    facts: int = 0
    seconds: float = 0.0
    brief: float = 0.0
    firm: Counted | None = None
    thinking: list[float] = field(default_factory=list)

    def add(self, infos: Sequence[FactInfo]) -> None:
        """Count a screen."""
        questions = sum(len(f"{info.question} {' '.join(info.labels.values())}".split()) for info in infos)
        self.screens += 1
        self.facts += len(infos)
        self.seconds += SECONDS + (questions + sum(len(info.help.split()) for info in infos)) / WORDS
        self.brief += SECONDS + questions / WORDS

    @property
    def all(self) -> Counted:
        """The counts so far."""
        return self.screens, self.facts, self.seconds, self.brief


def main() -> None:
    """Count and print."""
    stacks = Stacks([PACKS])
    found, _ = stacks.targets()
    latest = {one.id: one for one in found}
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    turn = count()
    groups: dict[str, list[Mapping[str, Any]]] = {"serious": [], "benign": [], "between": []}
    for one in latest.values():
        for case in cases_of(stacks.pack(one), date(2026, 11, 22)):
            facts = dict(case.facts)
            decision = engine.decide(facts)
            if decision.contradiction is None and next(turn) % EVERY == 0:
                kind = "serious" if decision.outcome in SERIOUS else "benign" if decision.outcome == "manage_in_setting" else "between"
                groups[kind].append(facts)
    print(f"cases of {', '.join(f'{one.id} {one.version}' for one in latest.values())}, by kscmp; medians of facts / screens / reckoned seconds")
    for kind, cases in groups.items():
        print(f"\n{kind}: {len(cases)} cases")
        base = _counts(engine, cases, "declared")
        for way in ("declared", "one by one", "screens"):
            counts = base if way == "declared" else _counts(engine, cases, way)
            thinking = sorted(taken for count in counts for taken in count.thinking)
            print(f"  {way:<11} until firm {_show([c.firm or c.all for c in counts])}   to the end {_show([c.all for c in counts])}")
            print(f"  {'':<11} to declared: {_ratio(counts, base)}")
            print(f"  {'':<11} next question: median {1e3 * thinking[len(thinking) // 2]:.0f} ms, slowest {1e3 * thinking[-1]:.0f} ms")


def _counts(engine: Engine, cases: Sequence[Mapping[str, Any]], way: Way) -> list[Count]:
    return [_interview(engine, facts, way) for facts in cases]


def _interview(engine: Engine, facts: Mapping[str, Any], way: Way) -> Count:
    count = Count()
    for infos, decision, taken in _declared(engine, facts) if way == "declared" else _asked(engine, facts, 1 if way == "one by one" else TOGETHER):
        count.thinking.append(taken)
        if decision.firm and count.firm is None and count.facts:
            count.firm = count.all
        if infos:
            count.add(infos)
    return count


Moment = tuple[Sequence[FactInfo], Decision, float]


def _asked(engine: Engine, facts: Mapping[str, Any], together: int) -> Iterator[Moment]:
    """Yield what the interview asks."""
    interview = Interview(engine.decide)
    state = State()
    while True:
        start = time.process_time()
        step = interview.step(state)
        taken = time.process_time() - start
        infos = step.facts[:together] if step.kind in ("ask", "together") else ()
        yield infos, step.decision, taken
        if step.kind == "offer":
            state = interview.gone_on(state, step)
        elif infos:
            state = interview.answered(state, step, {info.spec.name: facts.get(info.spec.name) for info in infos})
        else:
            return


def _declared(engine: Engine, facts: Mapping[str, Any]) -> Iterator[Moment]:
    """Yield what would be asked in declared order, one fact at a time, without what can no longer change the outcome or a `must`."""
    known: dict[str, Any] = {}
    space = engine.program.space
    for info in engine.program.policy.facts:
        start = time.process_time()
        decision = engine.decide(known)
        inquiry = Inquiry(engine.program, decision.verdict, STRENGTH["must"])
        indexes = [space.index[info.spec.name, value] for value in (info.spec.values if info.spec.type == "choices" else (None,))]
        matters = any(inquiry.duties_on(i) or inquiry.outcomes_on(i) for i in indexes)
        yield (info,) if matters else (), decision, time.process_time() - start
        if matters and facts.get(info.spec.name) is not None:
            known[info.spec.name] = facts[info.spec.name]
    yield (), engine.decide(known), 0.0


def _show(counts: Sequence[Counted]) -> str:
    screens, facts, seconds, brief = (statistics.median(one[i] for one in counts) for i in range(4))
    return f"{facts:4.1f} / {screens:4.1f} / {seconds:4.0f} ({brief:.0f}) s"


def _ratio(counts: Sequence[Count], base: Sequence[Count]) -> str:
    firm, firm_base = [c.firm or c.all for c in counts], [c.firm or c.all for c in base]
    return f"until firm {_shares(firm, firm_base)}; to the end {_shares([c.all for c in counts], [c.all for c in base])}"


def _shares(counts: Sequence[Counted], base: Sequence[Counted]) -> str:
    screens, facts = (sum(one[i] for one in counts) / sum(one[i] for one in base) for i in range(2))
    return f"{facts:.2f} of the facts, {screens:.2f} of the questions"


if __name__ == "__main__":
    main()
