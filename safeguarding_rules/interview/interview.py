"""The interview: asks only what can still change the outcome or a `must`, the gravest first, yes-or-no facts together, and ends when nothing can.

Comes in: what decides a case, and a State. Goes out: the next Step, or the State after an answer. Promised: a pure function of the State; every
answer, and every skipping, brings the end nearer; the decision of the end is that of the facts answered, no more and no less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.interview.relevance import Relevance
from safeguarding_rules.interview.state import State, Step


class Interview:
    """Asks about one case."""

    def __init__(self, decide: Callable[[Mapping[str, object]], Decision]) -> None:
        """`decide` decides a case by one policy, such as `engine.decide`."""
        self._decide = decide

    # -- what comes next --------------------------------------------------------------------------------------------------------------

    def step(self, state: State) -> Step:
        """Return what comes next. Raises FactsError where the facts of the state are malformed."""
        decision = self._decide(state.facts)
        infos = {info.spec.name: info for info in decision.program.policy.facts}
        if state.again is not None:
            return Step("ask", decision, (infos[state.again],), left=1)
        if decision.contradiction is not None:
            named = tuple(infos[question.fact] for question in decision.questions)
            return Step("end" if state.ended else "conflict", decision, named, ending=state.ended)
        if state.ended:
            return Step("end", decision, idle=state.idle, no_outcome=state.no_outcome, ending=state.ended)
        relevance = Relevance(decision, state)
        # A fact of which only a limit is known counts as answered: whoever gave the limit does not know more.
        asked = [name for name in infos if name not in state.facts and name not in state.unknown]
        screen = relevance.screen(name for name in asked if name not in state.skipped) or relevance.screen(asked)
        left = len([name for name in asked if name not in relevance.idle])
        found = Step("end", decision, left=left, idle=frozenset(relevance.idle), no_outcome=frozenset(relevance.no_outcome))
        if not screen:
            return replace(found, ending="complete")
        if (state.order or state.facts) and decision.firm and state.offered != decision.outcome:
            raising = (infos[one.fact] for one in decision.questions if one.could_become)
            return replace(found, kind="offer", raising=tuple(info for info in raising if info.spec.name in asked))
        outcomes = decision.program.policy.outcomes
        ranks = [rank for rank in relevance.outcomes(screen[0].spec.name) if rank != decision.verdict.advice]
        several = len(screen) > 1
        return replace(
            found,
            kind="together" if several else "ask",
            facts=screen,
            could_become=tuple(outcomes[rank].name for rank in ranks),
            waited_for=relevance.waited_for(screen[0]) if several else True,
        )

    # -- what was answered ------------------------------------------------------------------------------------------------------------

    @staticmethod
    def answered(state: State, step: Step, answers: Mapping[str, object]) -> State:
        """Return the state after answers: fact to value or test, None for "don't know"."""
        known = {name: value for name, value in answers.items() if value is not None}
        # Only learning something new leaves ruled out what was ruled out; another answer to the same question may open it again.
        anew = bool(state.facts.keys() & answers.keys())
        return replace(
            state,
            facts={**{name: value for name, value in state.facts.items() if name not in answers}, **known},
            unknown=(state.unknown - answers.keys()) | (answers.keys() - known.keys()),
            order=(*(name for name in state.order if name not in answers), *answers),
            again=None if state.again in answers else state.again,
            idle=frozenset() if anew else step.idle,
            no_outcome=frozenset() if anew else step.no_outcome,
        )

    @staticmethod
    def skipped(state: State, step: Step) -> State:
        """Return the state after skipping a step: it comes again when nothing else is left; skipped once more, it counts as "don't know"."""
        names = frozenset(info.spec.name for info in step.facts)
        twice = names if state.again is not None else names & state.skipped
        order = (*(name for name in state.order if name not in twice), *(info.spec.name for info in step.facts if info.spec.name in twice))
        return replace(
            state,
            unknown=state.unknown | twice,
            skipped=state.skipped | names,
            order=order,
            again=None,
            idle=step.idle,
            no_outcome=step.no_outcome,
        )

    @staticmethod
    def gone_on(state: State, step: Step) -> State:
        """Return the state after an offer to stop was declined."""
        return replace(state, offered=step.decision.outcome, idle=step.idle, no_outcome=step.no_outcome)

    @staticmethod
    def stopped(state: State, step: Step) -> State:
        """Return the state after stopping; at a conflict, all answers are kept as they are."""
        return replace(state, ended="kept" if step.kind == "conflict" else "stopped", again=None)

    @staticmethod
    def changing(state: State, fact: str) -> State:
        """Return the state in which a fact is to be answered again; the other answers stay."""
        return replace(
            state,
            facts={name: value for name, value in state.facts.items() if name != fact},
            unknown=state.unknown - {fact},
            skipped=state.skipped - {fact},
            order=tuple(name for name in state.order if name != fact),
            again=fact,
            ended=None,
            idle=frozenset(),
            no_outcome=frozenset(),
        )
