"""Cases outside packs: read from files, run against any stack, and compared with each other.

In: files in the format of `cases/*.yaml`. Out: a result per case, and every pair of answers that cannot both be right, or that different people gave
to cases of which one knows more. Promised: pairs are compared by what their facts mean in the stack, not by how they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.diagnostics import Diagnostic, FactsError, PackError, Span, suggest
from safeguarding_rules.language.documents import CasesFile, Expectation
from safeguarding_rules.linking.policy import PROHIBITIONS, STRENGTH, Policy
from safeguarding_rules.reading import Found, Registry, read_yaml
from safeguarding_rules.reading.wording import checked
from safeguarding_rules.testing.judging import Miss, judge
from safeguarding_rules.testing.stacks import Stacks, neighbourhoods

Kind = Literal["same facts", "more known"]
NOBODY = "none yet"


@dataclass(frozen=True, slots=True)
class Vignette:
    """A case outside a pack. `on` is None where it names no day."""

    file: str
    name: str
    title: str
    on: date | None
    facts: dict[str, object]
    expect: Expectation
    agreed_by: str
    agreed_on: date | None
    place: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """A vignette, the stack and day it was decided by, and what its decision lacks."""

    vignette: Vignette
    packs: tuple[str, ...]
    on: date
    outcome: str | None
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two answers that do not go together. Where the kind is `more known`, the facts of the first entail those of the second.

    `certain`: whatever is right, one of the two is wrong.
    """

    kind: Kind
    one: Vignette
    other: Vignette
    certain: bool
    why: str


def read_vignettes(path: Path) -> list[Vignette]:
    """Return the cases of a file. Raises PackError with every problem, also where it cannot be read."""
    file = path.as_posix()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackError([Diagnostic("SR101", "error", f"`{path}` cannot be read: {(error.strerror or 'unknown reason').lower()}", None)]) from None
    reading = read_yaml(content, file)
    document, problems = checked(CasesFile, reading.data, reading.spans, reading.text, reading.unreadable)
    problems = [*reading.problems, *problems]
    if problems or document is None:
        raise PackError(problems, {file: reading.text})
    found = []
    for name, case in document.cases.items():
        start = document.starting_points.get(case.start_from, {}) if case.start_from is not None else {}
        facts = {fact: value for fact, value in {**start, **case.facts}.items() if value is not None}
        place = reading.spans.at(("cases", name), key=True)
        found.append(Vignette(file, name, case.title, case.on, facts, case.expect, case.agreed_by, case.agreed_on, place))
    return found


class Against:
    """Runs vignettes against the stack of one pack, as it stands on each case's day. Locks are not looked at."""

    def __init__(self, pack: str, today: date, places: Sequence[Path] = ()) -> None:
        self._name = pack
        self._today = today
        self._places = (*places, *neighbourhoods([Path(pack)]))
        self._registry = Registry(self._places)
        self._stacks: dict[str, tuple[Stacks, Found]] = {}
        self._boxes: dict[int, list[tuple[Vignette, int, Decider]]] = {}

    def answer(self, vignette: Vignette) -> Answer:
        """Decide one vignette. Raises PackError where there is no such pack on its day, or it cannot be used."""
        on = vignette.on or self._today
        decider, found = self._decider(on)
        policy = decider.program.policy
        packs = tuple(f"{pack.id} {pack.version}" for pack in policy.packs)
        problems = list(_unknown_names(vignette.expect, policy, found.id))
        try:
            decision = decider.decide(vignette.facts, on)
        except FactsError as error:
            problems += [f"{one.message}" + (f" ({one.help})" if one.help else "") for one in error.diagnostics]
        if problems:
            miss = Miss("case", f"a case that {', '.join(packs)} can decide", "one that they cannot", tuple(problems))
            return Answer(vignette, packs, on, None, (miss,))
        self._boxes.setdefault(id(decider), []).append((vignette, decider.knowledge.read(vignette.facts), decider))
        return Answer(vignette, packs, on, decision.outcome, judge(vignette.expect, decision, found.id))

    def conflicts(self) -> Iterator[Conflict]:
        """Yield the pairs, among all vignettes answered so far by the same policy, whose answers do not go together."""
        for group in self._boxes.values():
            for (one, box, decider), (other, other_box, _) in combinations(group, 2):
                found = _conflict(decider, (one, box), (other, other_box))
                if found is not None:
                    yield found

    def _decider(self, on: date) -> tuple[Decider, Found]:
        origin = self._registry.resolve(self._name, on).origin
        if origin not in self._stacks:
            stacks = Stacks([Path(origin)], self._places)
            found, failed = stacks.targets()
            if failed:
                raise failed[0]
            self._stacks[origin] = (stacks, found[0])
        stacks, one = self._stacks[origin]
        return stacks.decider(one, on), one


def _conflict(decider: Decider, first: tuple[Vignette, int], second: tuple[Vignette, int]) -> Conflict | None:
    (one, box), (other, other_box) = first, second
    forth, back = _entails(decider, box, other_box), _entails(decider, other_box, box)
    ranks = {outcome.name: rank for rank, outcome in enumerate(decider.program.policy.outcomes)}
    outcomes = _apart(_range(one.expect, ranks), _range(other.expect, ranks))
    duties = sorted({*_ruled_out(one.expect, other.expect), *_ruled_out(other.expect, one.expect)})
    # Where one case knows more, a duty may well come or go with what it adds.
    if not (box and other_box) or not (forth or back) or not (outcomes or (duties and forth and back)):
        return None
    if forth and back:
        differ = "the expected outcomes differ" if outcomes else f"one expects {_listed(duties)}, which the other rules out"
        return Conflict("same facts", one, other, certain=True, why=f"the facts mean the same, and {differ}")
    more, less = (one, other) if forth else (other, one)
    if less.expect.settled:
        why = "the case that knows less is said to be settled, so nothing more can change its outcome"
        return Conflict("more known", more, less, certain=True, why=why)
    if less.expect.firm and _range(more.expect, ranks)[1] < _range(less.expect, ranks)[0]:
        return Conflict("more known", more, less, certain=True, why="the case that knows less is said to be firm, so nothing more can make it milder")
    if more.agreed_by == less.agreed_by or NOBODY in (more.agreed_by, less.agreed_by):
        return None
    why = "the first knows more and expects another outcome: both are right only if what it adds changes the answer"
    return Conflict("more known", more, less, certain=False, why=why)


def _entails(decider: Decider, box: int, other: int) -> bool:
    """Whether every case of a box lies in the other."""
    space = decider.program.space
    outside = space.full & ~other
    return not outside & box or not space.find(box, [outside])


def _range(expect: Expectation, ranks: dict[str, int]) -> tuple[int, int]:
    if expect.outcome is not None:
        return ranks[expect.outcome], ranks[expect.outcome]
    low = 0 if expect.outcome_at_least is None else ranks[expect.outcome_at_least]
    high = len(ranks) - 1 if expect.outcome_at_most is None else ranks[expect.outcome_at_most]
    return low, high


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def _ruled_out(one: Expectation, other: Expectation) -> Iterator[str]:
    """The actions that one expectation asks for, and of which the other says that they are never advised so strongly."""
    for item in one.actions:
        forbids = item.modality in PROHIBITIONS
        for never in other.never:
            same = never.action == item.action and (never.modality in PROHIBITIONS) == forbids and (never.by is None or never.by == item.by)
            if same and STRENGTH[item.modality] >= STRENGTH[never.modality]:
                yield f"`{item.modality}: {item.action}`"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _unknown_names(expect: Expectation, policy: Policy, pack: str) -> Iterator[str]:
    """Say which names of an expectation the stack does not know."""
    outcomes = [outcome.name for outcome in policy.outcomes]
    said = [expect.outcome, expect.outcome_at_least, expect.outcome_at_most, *(expect.possible_outcomes or ())]
    yield from _unknown("outcome", (name for name in said if name is not None), outcomes)
    yield from _unknown("action", (item.action for item in (*expect.actions, *expect.never)), list(policy.actions))
    rules = [rule.id for rule in policy.rules]
    own = [rule.removeprefix(f"{pack}/") for rule in rules]
    yield from _unknown("rule", (*expect.rules, *expect.presumed, *expect.not_met), [*own, *rules])
    yield from _unknown("fact", expect.asks, [info.spec.name for info in policy.facts])


def _unknown(what: str, names: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            hint = suggest(name, known)
            yield f"unknown {what} `{name}`" + (f" ({hint})" if hint else "")
