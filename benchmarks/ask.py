"""How many questions the interview needs on the cases shipped in packs: `python -m benchmarks.ask [every]`.

Every case is answered from its own facts; what it does not know is answered with "don't know". The yardstick asks in declared order, one fact at a
time, and skips facts that can no longer matter. Both stop at the same places, which are told apart: where the advice is firm, so that one may stop
and act; where the outcome is settled; and at the end, where no answer can change the outcome or a `must`. `one by one` is the interview's own order
without screens.

Answering time is reckoned, not measured, from the words that stand on the screen and the keys that are typed. Reading: 238 words a minute, the mean
of silent reading of non-fiction in English (Brysbaert 2019, Journal of Memory and Language 109, 104047); a line that stood on the screen before,
word for word, is not read again. Answering: 1.35 seconds to make up one's mind and 0.28 seconds a key, Enter included (the keystroke-level model:
Card, Moran and Newell 1980, Communications of the ACM 23(7)). Once a screen is how that model is used; in brackets once a fact, as if every line of a
screen were pondered like a question of its own. What stands above the first question, looking something up and asking
somebody are in neither. The time to find the next question is processor time.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Literal, NamedTuple

from safeguarding_rules import Engine
from safeguarding_rules.cli.ask_page import AskPage
from safeguarding_rules.deciding.inquiry import Inquiry
from safeguarding_rules.explaining.layout import WIDTH
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.interview.interview import Interview
from safeguarding_rules.interview.relevance import TOGETHER
from safeguarding_rules.interview.state import State, Step
from safeguarding_rules.interview.typed import Typed
from safeguarding_rules.linking.policy import STRENGTH, FactInfo
from safeguarding_rules.testing.cases import cases_of
from safeguarding_rules.testing.stacks import Stacks

PACKS = Path(__file__).parents[1] / "policy_packs"
WORDS_A_MINUTE, DECIDE, KEY = 238, 1.35, 0.28
EVERY = 4  # one case in so many, to keep it short
SERIOUS = ("refer", "refer_police", "emergency")
GOALS = {
    "serious": "at most half of the questions of the declared order (a screen is one question)",
    "benign": "under 180 seconds of answering, screens stated",
    "between": "none",
}
Way = Literal["declared", "one by one", "screens"]
WAYS: tuple[Way, ...] = ("declared", "one by one", "screens")
TYPED = Typed(ENGLISH)


class Counted(NamedTuple):
    """What an interview took so far."""

    screens: int = 0
    facts: int = 0
    seconds: float = 0.0
    pondered: float = 0.0


@dataclass
class Count:
    """What one interview took until firm, until settled and in all; and how long each next question took to find."""

    all: Counted = field(default_factory=Counted)
    firm: Counted | None = None
    settled: Counted | None = None
    thinking: list[float] = field(default_factory=list)

    def until(self, moment: str) -> Counted:
        """What it took until a moment; all of it where the moment never came."""
        return getattr(self, moment) or self.all


class Reader:
    """Somebody who reads one interview and types."""

    def __init__(self, engine: Engine) -> None:
        self._page = AskPage(engine.program.policy, ENGLISH, WIDTH)
        self._read: set[str] = set()

    def took(self, step: Step, number: int, line: str) -> tuple[float, float]:
        """Return the seconds that a step takes, by minds made up once a screen and once a fact."""
        lines = self._page.step(step, number).splitlines()
        words = sum(len(re.findall(r"[a-zA-Z]\S*|\d{2,}", one)) for one in lines if one not in self._read)
        self._read.update(lines)
        seconds = words * 60 / WORDS_A_MINUTE + KEY * (len(line) + 1)
        return seconds + DECIDE, seconds + DECIDE * max(1, len(step.facts))


def main() -> None:
    """Count and print."""
    every = int(sys.argv[1]) if len(sys.argv) > 1 else EVERY
    engine = Engine.load("kscmp", on=date(2026, 11, 22))
    groups, told = _cases(engine, every)
    print(f"cases of {told}, by kscmp; medians: facts / screens / reckoned seconds (each fact pondered)")
    for kind, cases in groups.items():
        print(f"\n{kind}: {len(cases)} cases; goal: {GOALS[kind]}")
        counts = {way: [_interview(engine, facts, way) for facts in cases] for way in WAYS}
        for way in WAYS:
            thinking = sorted(taken for count in counts[way] for taken in count.thinking)
            print(f"  {way:<11} next question: median {1e3 * thinking[len(thinking) // 2]:.0f} ms, slowest {1e3 * thinking[-1]:.0f} ms")
            for moment in ("firm", "settled", "all"):
                print(f"  {'':<11} {'to the end' if moment == 'all' else f'until {moment}':<13} {_show(counts[way], counts['declared'], moment)}")
        _fewest(engine, cases, counts)
        if kind == "serious":
            _hindsight(engine, cases, counts)


def _cases(engine: Engine, every: int) -> tuple[dict[str, list[Mapping[str, Any]]], str]:
    stacks = Stacks([PACKS])
    found, _ = stacks.targets()
    latest = {one.id: one for one in found}
    turn = count()
    groups: dict[str, list[Mapping[str, Any]]] = {"serious": [], "benign": [], "between": []}
    for one in latest.values():
        for case in cases_of(stacks.pack(one), date(2026, 11, 22)):
            facts = dict(case.facts)
            decision = engine.decide(facts)
            if decision.contradiction is None and next(turn) % every == 0:
                kind = "serious" if decision.outcome in SERIOUS else "benign" if decision.outcome == "manage_in_setting" else "between"
                groups[kind].append(facts)
    return groups, ", ".join(f"{one.id} {one.version}" for one in latest.values())


# -- one interview -------------------------------------------------------------------------------------------------------------------------


def _interview(engine: Engine, facts: Mapping[str, Any], way: Way) -> Count:
    found, reader = Count(), Reader(engine)
    for step, taken in _declared(engine, facts) if way == "declared" else _asked(engine, facts, 1 if way == "one by one" else TOGETHER):
        found.thinking.append(taken)
        if step.decision.firm and found.firm is None and found.all.facts:
            found.firm = found.all
        if step.decision.settled and found.settled is None and found.all.facts:
            found.settled = found.all
        if step.kind != "end":
            asked = bool(step.facts)
            seconds, pondered = reader.took(step, found.all.screens + 1, _line(step.facts, facts) if asked else "g")
            before = found.all
            found.all = Counted(before.screens + asked, before.facts + len(step.facts), before.seconds + seconds, before.pondered + pondered)
    return found


Moment = tuple[Step, float]


def _asked(engine: Engine, facts: Mapping[str, Any], together: int) -> Iterator[Moment]:
    """Yield what the interview asks."""
    interview = Interview(engine.decide)
    state = State()
    while True:
        start = time.process_time()
        step = interview.step(state)
        taken = time.process_time() - start
        if together == 1 and step.kind == "together":
            step = Step("ask", step.decision, step.facts[:1], step.could_become, step.left, step.idle, step.no_outcome)
        yield step, taken
        if step.kind == "offer":
            state = interview.gone_on(state, step)
        elif step.kind in ("ask", "together"):
            state = interview.answered(state, step, {info.spec.name: facts.get(info.spec.name) for info in step.facts})
        else:
            return


def _declared(engine: Engine, facts: Mapping[str, Any]) -> Iterator[Moment]:
    """Yield what would be asked in declared order, one fact at a time, without what can no longer change the outcome or a `must`."""
    known: dict[str, Any] = {}
    space = engine.program.space
    infos = engine.program.policy.facts
    for place, info in enumerate(infos):
        start = time.process_time()
        decision = engine.decide(known)
        inquiry = Inquiry(engine.program, decision.verdict, STRENGTH["must"])
        indexes = [space.index[info.spec.name, value] for value in (info.spec.values if info.spec.type == "choices" else (None,))]
        matters = any(inquiry.duties_on(i) or inquiry.removed(i, inquiry.possible) for i in indexes)
        taken = time.process_time() - start
        if matters:
            yield Step("ask", decision, (info,), left=len(infos) - place), taken
            if facts.get(info.spec.name) is not None:
                known[info.spec.name] = facts[info.spec.name]
    yield Step("end", engine.decide(known)), 0.0


def _line(infos: Sequence[FactInfo], facts: Mapping[str, Any]) -> str:
    """What somebody types who knows the facts of a case."""
    if len(infos) == 1:
        value = facts.get(infos[0].spec.name)
        return "?" if value is None else "y" if isinstance(value, bool) else "14" if infos[0].spec.type == "integer" else "1"
    values = [facts.get(info.spec.name) for info in infos]
    if len(set(values)) == 1:
        return {True: "a", False: "0", None: "?"}[values[0]]
    so, unknown = (" ".join(str(place) for place, one in enumerate(values, 1) if one is value) for value in (True, None))
    line = " ".join(part for part in (so, f"? {unknown}" if unknown else "", "others no" if False in values else "") if part)
    if TYPED.together(infos, line) != {info.spec.name: value for info, value in zip(infos, values, strict=True)}:
        raise ValueError(line)
    return line


# -- what it comes to ----------------------------------------------------------------------------------------------------------------------


def _show(counts: Sequence[Count], base: Sequence[Count], moment: str) -> str:
    found, declared = [one.until(moment) for one in counts], [one.until(moment) for one in base]
    screens, facts, seconds, pondered = (statistics.median(one[i] for one in found) for i in range(4))
    shares = [sum(one[i] for one in found) / sum(one[i] for one in declared) for i in range(3)]
    of_declared = "of declared order: {1:.2f} of the facts, {0:.2f} of the questions, {2:.2f} of the time".format(*shares)
    return f"{facts:4.1f} / {screens:4.1f} / {seconds:4.0f} ({pondered:.0f}) s   {of_declared}"


def _fewest(engine: Engine, cases: Sequence[Mapping[str, Any]], counts: Mapping[Way, Sequence[Count]]) -> None:
    """Say how few answers would have done: of those given, one after another is taken away as long as nothing has to be asked without it."""
    interview = Interview(engine.decide)

    def done(facts: Mapping[str, Any]) -> bool:
        return interview.step(State(facts=facts, offered=engine.decide(facts).outcome)).kind == "end"

    found: list[tuple[int, int]] = []
    for facts, declared in zip(cases, counts["declared"], strict=True):
        known = {name: value for name, value in facts.items() if value is not None}
        if done(known):
            for name in list(known):
                less = {other: value for other, value in known.items() if other != name}
                known = less if done(less) else known
            found.append((len(known), declared.all.facts))
    share = sum(fewest for fewest, _ in found) / sum(all_ for _, all_ in found)
    print(f"  facts to the end with every answer known beforehand, {len(found)} cases: {share:.2f} of declared order")


def _hindsight(engine: Engine, cases: Sequence[Mapping[str, Any]], counts: Mapping[Way, Sequence[Count]]) -> None:
    """Say how many facts one order would take that was made knowing these very cases: each next fact the one that makes most of the rest firm."""
    alone = [frozenset(name for name, value in facts.items() if value is not None and _firm(engine, name, value)) for facts in cases]
    taken = dict.fromkeys((place for place, names in enumerate(alone) if names), 0)
    left, asked = set(taken), 0
    while left:
        asked += 1
        ((best, _),) = Counter(name for place in left for name in alone[place]).most_common(1)
        done = {place for place in left if best in alone[place]}
        taken.update(dict.fromkeys(done, asked))
        left -= done
    means = {way: statistics.mean(counts[way][place].until("firm").facts for place in taken) for way in WAYS}
    print(f"  facts until firm, in the {len(taken)} cases in which one fact alone is enough, means:")
    print(f"  {', '.join(f'{way} {mean:.1f}' for way, mean in means.items())}, one order made in hindsight {statistics.mean(taken.values()):.1f}")


def _firm(engine: Engine, name: str, value: object) -> bool:
    decision = engine.decide({name: value})
    return decision.firm and decision.outcome in SERIOUS


if __name__ == "__main__":
    main()
