"""Which facts can still change the outcome or a `must`, found as far as the next question needs it.

Comes in: a decision, and what earlier steps of the interview have ruled out. Goes out: the facts of the next screen, and what more is ruled out.
Promised: a fact is asked only if it can change the outcome or a `must` or `must_not`; a fact that is ruled out stays so, for learning more never
makes another fact matter (docs/decisions/0006). How: what is cheap to show is shown first, the gravest outcome first, so that the next question
comes at once; what has to be searched for waits until little is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.inquiry import Inquiry
from safeguarding_rules.interview.settling import Settling
from safeguarding_rules.interview.state import State
from safeguarding_rules.language.conditions import tests_of
from safeguarding_rules.linking.policy import STRENGTH, FactInfo

TOGETHER = 8
"""How many facts are asked on one screen, at most."""


class Relevance:
    """Looks for the next question of one decision. `idle` facts matter for nothing, `no_outcome` ones for no outcome."""

    def __init__(self, decision: Decision, state: State) -> None:
        self._inquiry = Inquiry(decision.program, decision.verdict, STRENGTH["must"])
        self._settling = Settling(decision)
        self._ranks = tuple(reversed(decision.verdict.possible))
        index = decision.program.space.index
        self._infos: Mapping[str, FactInfo] = {info.spec.name: info for info in decision.program.policy.facts}
        self._indexes = {
            name: [index[name, value] for value in (info.spec.values if info.spec.type == "choices" else (None,))]
            for name, info in self._infos.items()
        }
        self.idle = set(state.idle)
        self.no_outcome = set(state.no_outcome)

    def screen(self, names: Iterable[str]) -> tuple[FactInfo, ...]:
        """Return the facts to ask next, among those named; none where no answer can change the outcome or a `must`."""
        wanted = set(names) - self.idle
        asked = [name for name in self._infos if name in wanted]
        settling = self._settling_most(asked)
        first = settling[0] if settling else self._searched(asked)
        about_outcome = first is not None
        first = first or self._duty(asked)
        if first is None:
            return ()
        first = self._gate(first, asked)
        info = self._infos[first]
        if info.spec.type != "boolean":
            return (info,)
        others = (name for name in dict.fromkeys((*settling, *asked)) if name != first)
        hangs = self._outcome_hangs if about_outcome else self._must
        like = (name for name in others if self._alike(name, first, asked) and (name in settling or hangs(name)))
        chosen = self._apart(first, like)
        return tuple(self._infos[name] for name in (first, *(name for name in asked if name in chosen)))

    def outcomes(self, name: str) -> tuple[int, ...]:
        """Return the ranks that plainly hang on a fact, least protective first."""
        return tuple(rank for rank in reversed(self._ranks) if self._plainly(name, rank))

    def waited_for(self, info: FactInfo) -> bool:
        """Return the answer to a yes-or-no fact that the open rules wait for."""
        return self._settling.waits_for(info)

    # -- the best question ------------------------------------------------------------------------------------------------------------

    def _settling_most(self, asked: Sequence[str]) -> list[str]:
        """The facts on which an outcome plainly hangs, as far as the next screen needs them; what settles most comes first.

        First those on which an outcome hangs that is graver than any single answer brings, for they bring it together. Then those of which one answer
        would by itself keep the outcome from being as mild as it can be now; such a fact matters, for that answer removes an outcome. Yes-or-no facts
        come before others that settle as much: they share a screen.
        """
        if len(self._ranks) == 1:
            self.no_outcome.update(asked)
            return []
        matter = [name for name in asked if name not in self.no_outcome]
        found = {name: settled for name in matter if (settled := self._settling.best(self._infos[name]))}
        alone = sorted(found, key=lambda name: (-found[name].rank, self._infos[name].spec.type != "boolean", -found[name].rules))
        least = found[alone[0]].rank if alone else -1
        graver = ([name for name in matter if self._plainly(name, rank)] for rank in self._ranks if rank > least)
        together = sorted(next(filter(None, graver), []), key=lambda name: self._infos[name].spec.type != "boolean")
        return list(dict.fromkeys((*together, *alone)))

    def _searched(self, asked: Sequence[str]) -> str | None:
        """The first fact on which an outcome hangs at all, where none does plainly."""
        return next((name for name in asked if self._released(name)), None)

    def _duty(self, asked: Sequence[str]) -> str | None:
        """The first fact on which a `must` hangs; those before it matter for nothing."""
        for name in asked:
            if self._must(name):
                return name
            self.idle.add(name)
        return None

    def _plainly(self, name: str, rank: int) -> bool:
        return any(self._inquiry.hangs_plainly(i, rank) for i in self._indexes[name])

    def _released(self, name: str) -> bool:
        """Whether an outcome hangs on a fact on which none hangs plainly."""
        if name in self.no_outcome:
            return False
        for i in self._indexes[name]:
            self._inquiry.followed = 0
            if any(self._inquiry.hangs_released(i, rank) for rank in self._ranks):
                return True
        self.no_outcome.add(name)
        return False

    def _must(self, name: str) -> bool:
        return any(self._inquiry.duties_on(i) for i in self._indexes[name])

    # -- what goes with it --------------------------------------------------------------------------------------------------------------

    def _gate(self, name: str, asked: Sequence[str]) -> str:
        """The fact to ask before this one makes sense: the one that says whether it applies, as long as it is open and matters itself."""
        seen = {name}
        while gate := next((one for one in self._gates(name, asked) if one not in seen and self._matters(one)), None):
            seen.add(gate)
            name = gate
        return name

    def _matters(self, name: str) -> bool:
        return any(self._plainly(name, rank) for rank in self._ranks) or self._must(name) or self._released(name)

    def _gates(self, name: str, asked: Sequence[str]) -> list[str]:
        """The facts still to be asked on which it hangs whether a fact applies."""
        applies = self._infos[name].applies_when
        return [] if applies is None else [one for one in dict.fromkeys(test.fact for test in tests_of(applies)) if one in asked]

    def _alike(self, name: str, first: str, asked: Sequence[str]) -> bool:
        """Whether a fact could share the screen of another: a yes or no, the same answer waited for, and applying for certain."""
        info = self._infos[name]
        return (
            info.spec.type == "boolean"
            and not self._gates(name, asked)
            and self._settling.waits_for(info) == self._settling.waits_for(self._infos[first])
        )

    def _apart(self, first: str, names: Iterable[str]) -> set[str]:
        """As many of the facts as one screen has room for besides the first; none that an answer not waited for, to another one, would answer."""
        chosen = [self._infos[first]]
        for name in names:
            info = self._infos[name]
            if not any(self._settling.answered_by(info, one) or self._settling.answered_by(one, info) for one in chosen):
                chosen.append(info)
            if len(chosen) == TOGETHER:
                break
        return {info.spec.name for info in chosen[1:]}

    def _outcome_hangs(self, name: str) -> bool:
        return name not in self.no_outcome and any(self._plainly(name, rank) for rank in self._ranks)
