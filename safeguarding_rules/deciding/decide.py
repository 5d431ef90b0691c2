"""Facts of a case in, a Decision out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from safeguarding_rules.deciding.contradictions import Contradiction, favouring, untangle
from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.deciding.verdict import Verdict
from safeguarding_rules.diagnostics import Diagnostic, FactsError, closest, suggest
from safeguarding_rules.language.known import shown
from safeguarding_rules.linking.policy import Policy

EARLIEST, LATEST = 1900, 2200
_WITH_OFFSET = "give it with its offset, as in 2026-11-22T09:30:00+00:00"
FEW = 1000
"""After so many decisions the reader of facts that takes long to ready is readied all the same: it pays for itself within about two thousand complete
cases."""


def clocks_of(policy: Policy) -> set[str]:
    """The names of the clocks that deadlines of a policy count from."""
    given = [*(rule.duties for rule in policy.rules), *(entry.duties for entry in policy.standing), policy.when_unsettled.duties]
    return {"known"} | {duty.clock for duties in given for duty in duties if duty.deadline is not None}


def problems_of_clocks(policy: Policy, clocks: object) -> list[Diagnostic]:
    """Every problem of clocks: each must start at a date and time with a zone.

    A clock that no deadline counts from is passed over, unless its name looks like that of one that does.
    """
    known = clocks_of(policy)
    found: list[Diagnostic] = []
    if not isinstance(clocks, Mapping):
        found.append(Diagnostic("SR808", "error", f"the clocks are {shown(clocks)}, not a mapping of name to start"))
        clocks = {}
    for name, start in clocks.items():
        if not isinstance(name, str) or (name not in known and closest(name, known)):
            hint = suggest(name, known) if isinstance(name, str) else "the name of a clock is text"
            found.append(Diagnostic("SR808", "error", f"no deadline counts from {shown(name)}", help=hint))
        elif not isinstance(start, datetime):
            found.append(Diagnostic("SR808", "error", f"`{name}`: {shown(start)} is not a date and time", help=_WITH_OFFSET))
        elif start.utcoffset() is None:
            found.append(Diagnostic("SR808", "error", f"`{name}`: the start has no time zone", help=_WITH_OFFSET))
        elif not EARLIEST <= start.year <= LATEST:
            found.append(Diagnostic("SR808", "error", f"`{name}`: the year {start.year} is not one in which a deadline can start"))
    return found


class Decider:
    """Decides cases with one Program. Many threads may share it: all that changes is how facts are read, which gives the same either way."""

    def __init__(self, program: Program, *, few: bool = False) -> None:
        """Take the Program. `few`: probably so few cases will be decided that what pays only over many is put off until there were many."""
        self.program = program
        self.knowledge = Knowledge(program.space, None if few else program.index)
        self._few = FEW if few else 0
        """How many decisions are still few; 0 where nothing is left to ready."""

    def decide(self, facts: Mapping[str, object], on: date, clocks: Mapping[str, datetime] | None = None) -> Decision:
        """Decide one case. Raises FactsError listing every problem of malformed facts, and of clocks."""
        if few := self._few:
            self._few = few - 1
            if few == 1:
                self.knowledge = Knowledge(self.program.space, self.program.index)
        knowledge = self.knowledge
        if clocks is not None:
            if problems := problems_of_clocks(self.program.policy, clocks):
                raise FactsError([*knowledge.problems(facts), *problems])
            clocks = dict(clocks)
        box, held, kept = knowledge.see(facts)
        verdict = evaluate(self.program, box, held) if box else None
        if verdict is None:
            return self._contradicting(kept, on, clocks)
        return Decision(self.program, kept, knowledge, verdict, on, clocks)

    def _contradicting(self, facts: Mapping[str, object], on: date, clocks: Mapping[str, datetime] | None) -> Decision:
        verdict, found = contradicting_verdict(self.program, self.knowledge.boxes(facts))
        return Decision(self.program, facts, self.knowledge, verdict, on, clocks, found)


def contradicting_verdict(program: Program, boxes: Mapping[str, int]) -> tuple[Verdict, Contradiction]:
    """The most protective advice over the largest consistent parts of facts that contradict, each given as its closed box."""
    found = untangle(program.space, boxes)
    parts = found.parts
    if not found.complete:
        # Too many parts to look at all: for every rule at least one that keeps what speaks for it, so that the advice stays on the safe side.
        terms = [term for rule in program.rules for term in rule.holds.boxes]
        parts = tuple(dict.fromkeys([*parts, *(favouring(program.space, boxes, term) for term in terms)]))
    verdicts = [verdict for part in parts if (verdict := evaluate(program, part)) is not None]
    exact = found.complete and all(v.exact for v in verdicts)
    possible = tuple(sorted({rank for v in verdicts for rank in v.possible}))
    # A part that was not looked at may bring what is only possible in those that were.
    advice = max([program.policy.when_unsettled.outcome, *(v.advice for v in verdicts), *(() if exact else possible)])
    possible = possible or (advice,)
    still_open = tuple(sorted({i for v in verdicts for i in (*v.met, *v.open)}))
    raising = [] if exact else [program.rules[i] for i in still_open if program.rules[i].rank == advice]
    assumed = tuple(sorted({*(i for v in verdicts for i in (*v.met, *v.presumed)), *(rule.index for rule in raising)}))
    assumed_strengths = [max((max(v.applies[slot], v.assumed[slot]) for v in verdicts), default=0) for slot in range(len(program.slots))]
    certain = [standing.gives for standing in program.standing if 0 < standing.rank <= advice]
    for gives in (*certain, program.unsettled_gives, *(rule.gives for rule in raising)):
        for slot, strength in gives:
            assumed_strengths[slot] = max(assumed_strengths[slot], strength)
    reach = [max((v.reach[slot] for v in verdicts), default=0) for slot in range(len(program.slots))]
    for slot in program.contested:
        if assumed_strengths[program.slots[slot].opposite]:
            assumed_strengths[slot] = 0 if assumed_strengths[slot] == 1 else assumed_strengths[slot]
            reach[slot] = 0 if reach[slot] == 1 else reach[slot]
    merged = Verdict(program.space.start, (), still_open, assumed, possible, advice, program.nothing, assumed_strengths, reach, exact=exact)
    return merged, found
