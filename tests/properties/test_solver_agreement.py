"""Second opinions on whole stacks: the engine agrees with a z3 encoding over the whole space, and with the reference where few facts are open."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties import shipped
from tests.properties.engines import answer_of, describe, engine_for, load_shipped
from tests.properties.strategies import consistent_facts, stacks
from tests.reference.cases import NOT_APPLICABLE, all_domains
from tests.reference.interpreter import NAME, decide
from tests.reference.stack import mentioned

if TYPE_CHECKING:
    from safeguarding_rules import Engine
    from tests.reference.stack import Stack

pytest.importorskip("z3")
from tests.properties.solver import Encoding

SHIPPED = shipped.available()
needs_packs = pytest.mark.skipif(not SHIPPED, reason="no shipped pack is there yet")


def check(encoding: Encoding, decision: Any, facts: dict[str, Any]) -> None:
    """Compare possible outcomes, rule statuses and what applies with the formula."""
    encoding.solver.push()
    try:
        encoding.solver.add(*[encoding.known(name, known) for name, known in facts.items()])
        scale = encoding.policy.scale
        assert list(decision.possible_outcomes) == [name for level, name in enumerate(scale) if encoding.can(encoding.outcome_is(level))], facts
        found = {item.rule: status for status in ("open", "met") for item in getattr(decision.rules, status)}
        found |= {item.rule: "open" for item in decision.rules.presumed}
        for name, formula in encoding.rules.items():
            assert found.get(name, "not_met") == encoding.status(formula), (name, facts)
        applying = {(item.action, item.by, "negative" if item.modality.endswith("_not") else "positive"): item for item in decision.actions}
        for side, ranks in encoding.strengths.items():
            certain = [rank for rank in sorted(ranks, reverse=True) if encoding.status(ranks[rank]) == "met"]
            entry = applying.get(side)
            assert (entry.modality if entry and entry.status == "applies" else None) == (NAME[side[2]][certain[0]] if certain else None), (
                side,
                facts,
            )
            assert entry is not None or not any(encoding.can(ranks[rank]) for rank in ranks if side[2] == "negative" or NAME[side[2]][rank] != "may")
    finally:
        encoding.solver.pop()


@given(st.data())
@settings(max_examples=40)
def test_solver_agrees_on_generated_stacks(data: st.DataObject) -> None:
    """The encoding itself is judged here, too: on generated stacks engine, reference and solver agree."""
    stack = data.draw(stacks())
    engine, encoding = engine_for(stack), Encoding(stack)
    for _ in range(2):
        facts = data.draw(consistent_facts(stack))
        check(encoding, engine.decide(facts), facts)


# --------------------------------------------------------------------------------------------------------------- shipped packs


@pytest.fixture(scope="module", params=list(SHIPPED))
def loaded(request: pytest.FixtureRequest) -> tuple[Stack, Engine, Encoding]:
    """Give a shipped stack as plain data, as an engine and as a formula."""
    stack = shipped.read_stack(SHIPPED[request.param])
    on = str(stack[-1]["pack.yaml"]["in_force"]["from"])
    return stack, load_shipped(SHIPPED[request.param], on), Encoding(stack, on)


def complete_case(encoding: Encoding, draw: random.Random) -> dict[str, Any]:
    """Build one consistent complete case: fact by fact a random value that the formula still allows."""
    policy = encoding.policy
    case: dict[str, Any] = {}
    encoding.solver.push()
    domains = list(all_domains(policy, set()).items())
    draw.shuffle(domains)
    for name, values in domains:
        draw.shuffle(values)
        values.sort(key=lambda value: value is True and draw.random() < 0.6)  # where half of all is true, everything is an emergency
        for value in values:
            formula = encoding.does_not_apply(name) if value == NOT_APPLICABLE else encoding.known(name, as_facts({name: value}, {name})[name])
            if encoding.can(formula):
                encoding.solver.add(formula)
                case[name] = value
                break
    encoding.solver.pop()
    return case


def as_facts(case: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Give the part of a complete case that can be known."""
    return {name: {"only": sorted(v)} if isinstance(v, frozenset) else v for name, v in case.items() if name in names and v != NOT_APPLICABLE}


@needs_packs
@pytest.mark.parametrize("seed", range(12))
def test_solver_agrees_on_shipped_packs(loaded: tuple[Stack, Engine, Encoding], seed: int) -> None:
    """Random partial facts, few or many known: possible outcomes, rule statuses and what applies over the whole space."""
    _, engine, encoding = loaded
    draw = random.Random(seed)
    case = complete_case(encoding, draw)
    share = draw.choice([0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
    facts = as_facts(case, {name for name in case if draw.random() < share})
    check(encoding, engine.decide(facts), facts)


@needs_packs
@pytest.mark.parametrize("seed", range(3))
def test_reference_agrees_on_shipped_packs_with_a_dozen_facts_open(loaded: tuple[Stack, Engine, Encoding], seed: int) -> None:
    """All but a dozen facts fixed at random; the reference enumerates the rest, one value per integer cell."""
    stack, engine, encoding = loaded
    draw = random.Random(100 + seed)
    case = complete_case(encoding, draw)
    policy = encoding.policy
    on = str(stack[-1]["pack.yaml"]["in_force"]["from"])
    domains = all_domains(policy, set())
    names = list(domains)
    draw.shuffle(names)
    opened: set[str] = set()
    size = 1
    for name in names:
        closed = closure(policy, {name}) - opened
        growth = 1
        for one in closed:
            growth *= len(domains[one])
        if len(opened) + len(closed) <= 12 and size * growth <= 6000:
            opened |= closed
            size *= growth
    facts = as_facts(case, set(names) - opened)
    fixed = {name: value for name, value in case.items() if name not in opened}
    expected = decide(stack, facts, on, fixed)
    assert not expected.contradiction
    found = answer_of(policy, engine.decide(facts))
    assert found == expected, describe([], facts, expected, found)


def closure(policy: Any, names: set[str]) -> set[str]:
    """Add the facts that apply only under a condition on these: where the condition is open, they are open, too."""
    while True:
        more = {
            fact.name for fact in policy.facts.values() if mentioned(fact.applies_when, policy, fact.pack) & names and fact.name not in policy.masked
        } - names
        if not more:
            return names
        names = names | more
