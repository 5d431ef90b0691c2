"""Hypothesis strategies for users: facts of cases by a pack, near misses, whole packs, and layers.

Everything drawn is consistent: some complete case agrees with it. Shrinking leads to the smallest case: facts become unknown, then false or the
first of their values. Needs the extra `testing`.

    @for_all_cases("ukcis", known={"adult_involved": True})
    def test_adult_always_escalates(decision): assert decision.outcome == "refer_police"
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.engine import Engine
from safeguarding_rules.testing.case_walk import Draw, Facts, Walk
from safeguarding_rules.testing.layer_strategies import layers_over, packs

__all__ = ["Source", "complete_facts", "facts", "for_all_cases", "layers_over", "near_miss", "packs"]

Source = Engine | Program | str
"""What facts are drawn for: an engine, its program, or the name of a pack (`kscmp`, `ukcis@2020.12`, a path), by what is in force today."""

_GIVEN = ("decision", "facts", "engine")


def facts(source: Source, known: Mapping[str, object] | None = None) -> st.SearchStrategy[Facts]:
    """Facts of a case as far as they are known: values, tests and lists, from nothing at all to nearly everything.

    `known` stays as it is. Raises FactsError, when first drawn, where it is malformed; ValueError where no case agrees with it.
    """
    return st.deferred(lambda: _facts(_program(source), dict(known or {})))


def complete_facts(source: Source, known: Mapping[str, object] | None = None) -> st.SearchStrategy[Facts]:
    """Facts of a case of which everything is known; a fact that does not apply is left out. `known` as in `facts`."""
    return st.deferred(lambda: _complete_facts(_program(source), dict(known or {})))


def near_miss(facts: Mapping[str, object] | st.SearchStrategy[Facts], source: Source) -> st.SearchStrategy[Facts]:
    """Facts that differ from the given ones in one value or two. Boundaries are near: an integer moves by one, or to the next threshold."""
    given_facts = facts if isinstance(facts, st.SearchStrategy) else st.just(dict(facts))
    return st.deferred(lambda: given_facts.flatmap(lambda one: _near_miss(_program(source), one)))


def for_all_cases(
    source: Source,
    *,
    known: Mapping[str, object] | None = None,
    complete: bool = False,
    on: date | None = None,
    **options: Any,  # noqa: ANN401  settings of Hypothesis
) -> Callable[[Callable[..., object]], Callable[..., None]]:
    """State a property of every case: the function is called with what it names of `decision`, `facts` and `engine`.

    `on` is the day of the decision; `options` are settings of Hypothesis such as `max_examples`. Packs are loaded when the test runs.
    """

    @cache
    def engine() -> Engine:
        if isinstance(source, Program):
            raise TypeError("`for_all_cases` decides, so it needs an engine or the name of a pack, not a program")
        return source if isinstance(source, Engine) else Engine.load(source, on=on)

    drawn = st.deferred(lambda: (complete_facts if complete else facts)(engine(), known))

    def decorate(test: Callable[..., object]) -> Callable[..., None]:
        wanted = list(inspect.signature(test).parameters)
        if not wanted or any(name not in _GIVEN for name in wanted):
            raise TypeError(f"`{test.__name__}` takes {', '.join(wanted) or 'nothing'}; it may take {', '.join(_GIVEN)}")

        def run(facts: Facts) -> None:
            decision: Decision = engine().decide(facts)
            note(f"decided: {decision.outcome}" + ("" if decision.settled else f" (possible: {', '.join(decision.possible_outcomes)})"))
            there = {"decision": decision, "facts": facts, "engine": engine()}
            test(**{name: there[name] for name in wanted})

        run.__name__, run.__qualname__, run.__module__, run.__doc__ = test.__name__, test.__qualname__, test.__module__, test.__doc__
        found: Callable[..., None] = settings(deadline=None, **options)(given(facts=drawn)(run))
        return found

    return decorate


def _program(source: Source) -> Program:
    if isinstance(source, str):
        return _loaded(source)
    return source.program if isinstance(source, Engine) else source


@cache
def _loaded(name: str) -> Program:
    return Engine.load(name).program


@st.composite
def _facts(draw: Draw, program: Program, known: Facts) -> Facts:
    walk = Walk(program, known)
    share = draw(st.sampled_from([0, 1, 2, 4, 6, 8, 9]))
    for name in walk.names:
        # The smallest number leaves the fact unknown.
        if name not in known and draw(st.integers(0, 9)) >= 10 - share:
            walk.learn_part(draw, name)
    return walk.facts


@st.composite
def _complete_facts(draw: Draw, program: Program, known: Facts) -> Facts:
    walk = Walk(program, known)
    for name in walk.names:
        walk.learn_whole(draw, name)
    return walk.facts


@st.composite
def _near_miss(draw: Draw, program: Program, start: Facts) -> Facts:
    found, changed = dict(start), set[str]()
    for _ in range(draw(st.sampled_from([1, 2]))):
        changes = [(name, value) for name, value in Walk(program, found).changes() if name not in changed]
        if not changes:
            break
        name, value = draw(st.sampled_from(changes))
        found[name] = value
        changed.add(name)
    assume(changed)
    return found
