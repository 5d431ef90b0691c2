"""Hypothesis strategies for stacks of plain-data packs, and facts, for the comparison with the reference interpreter.

The packs are those that `safeguarding_rules.testing` writes. Sizes are small: the reference enumerates every complete case. What the generated cases
hold is counted in `test_shares.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from safeguarding_rules.testing.pack_documents import NORMAL, SMALL, Pack, Size, Stack, all_rules, manifest, write_layer, write_top
from safeguarding_rules.testing.pack_writer import DO, REFRAIN, SCALE
from tests.reference.cases import NOT_APPLICABLE, complete_cases

__all__ = [
    "DO",
    "NORMAL",
    "REFRAIN",
    "SCALE",
    "SMALL",
    "Pack",
    "Size",
    "Stack",
    "all_rules",
    "any_facts",
    "complete_facts",
    "consistent_facts",
    "known_as",
    "manifest",
    "scenarios",
    "stacks",
]


@st.composite
def stacks(draw: Any, size: Size = NORMAL, layers: Sequence[int] = (0, 0, 1, 1, 2)) -> Stack:
    """Draw a stack that has a complete case."""
    pack, writer = write_top(draw, size)
    stack = [pack]
    for _ in range(draw(st.sampled_from(list(layers)))):
        budget = size.cases // max(1, len(complete_cases(stack)[1]))
        pack, writer = write_layer(stack, writer, size, budget)
        if draw(st.booleans()):
            lean(draw, stack, pack)
        stack.append(pack)
    cases = complete_cases(stack)[1]
    assume(0 < len(cases) <= 2 * size.cases)
    return stack


def lean(draw: Any, above: Stack, pack: Pack) -> None:
    """Let the first fact of a layer lean on a boolean from above, and a second on the first: so masks, and chains of them, are common."""
    facts = pack.get("facts.yaml", {}).get("facts", {})
    booleans = [name for one in above for name, declared in one.get("facts.yaml", {}).get("facts", {}).items() if declared["type"] == "boolean"]
    previous: dict[str, Any] = {}
    for name, declared in facts.items():
        declared["applies_when"] = previous or ({draw(st.sampled_from(booleans)): draw(st.booleans())} if booleans else {"always": True})
        value = next(iter(declared["values"])) if "values" in declared else True
        tests: dict[str, dict[str, Any]] = {
            "boolean": {name: True},
            "integer": {name: {"at_least": 1}},
            "choice": {name: value},
            "choices": {name: {"includes": value}},
        }
        previous = tests[declared["type"]]


# --------------------------------------------------------------------------------------------------------------------- facts


def known_as(draw: Any, declared: dict[str, Any], value: Any) -> Any:
    """Draw what is known of a fact that has this value: the value, or a test that holds of it."""
    exact = draw(st.sampled_from([True, True, True, True, False]))
    if declared["type"] == "choices":
        values = list(declared["values"])
        included = sorted(draw(st.sets(st.sampled_from(sorted(value))))) if value else []
        tests = [{"includes" if one in value else "excludes": one} for one in values]
        return {"only": sorted(value)} if exact else draw(st.sampled_from([included, *tests]))
    if declared["type"] == "boolean":
        return value if exact else {"is_not": not value}
    if declared["type"] == "integer":
        if value == NOT_APPLICABLE:
            return None if exact else {"is_not": draw(st.integers(0, 20))}
        low, high = draw(st.integers(0, value)), draw(st.integers(value, 20))
        return (
            value
            if exact
            else draw(st.sampled_from([{"at_least": low}, {"at_most": high}, {"one_of": sorted({low, value})}, {"below": min(20, high + 1)}]))
        )
    others = [one for one in declared["values"] if one != value]
    if value == NOT_APPLICABLE:
        return None if exact else {"none_of": others[:1]}
    return value if exact else draw(st.sampled_from([{"one_of": sorted([value, others[0]])}, {"none_of": others[:1]}, {"is_not": others[-1]}]))


@st.composite
def complete_facts(draw: Any, stack: Stack) -> dict[str, Any]:
    """Draw the facts of one complete case (a fact that does not apply is left out)."""
    policy, cases = complete_cases(stack)
    case = cases[draw(st.integers(0, len(cases) - 1))]
    return {
        name: {"only": sorted(value)} if isinstance(value, frozenset) else value
        for name, value in case.items()
        if value != NOT_APPLICABLE and name in policy.facts
    }


@st.composite
def consistent_facts(draw: Any, stack: Stack) -> dict[str, Any]:
    """Draw part of what is true of one complete case; the rest is left out or null."""
    policy, cases = complete_cases(stack)
    case = cases[draw(st.integers(0, len(cases) - 1))]
    known = draw(st.sampled_from([0, 2, 3, 4, 5, 6, 8]))
    facts: dict[str, Any] = {}
    for name, value in case.items():
        if draw(st.integers(1, 10)) <= known:
            facts[name] = known_as(draw, policy.facts[name].declaration, value)
        elif draw(st.integers(1, 10)) == 1:
            facts[name] = None
    return facts


@st.composite
def any_facts(draw: Any, stack: Stack) -> dict[str, Any]:
    """Draw facts one by one from their domains; they may contradict."""
    policy, cases = complete_cases(stack)
    facts: dict[str, Any] = {}
    for name, fact in policy.facts.items():
        values = [value for value in dict.fromkeys(case[name] for case in cases) if value != NOT_APPLICABLE]
        if values and draw(st.integers(1, 10)) <= 9:
            facts[name] = known_as(draw, fact.declaration, draw(st.sampled_from(values)))
    return facts


@st.composite
def scenarios(draw: Any, size: Size = NORMAL, layers: Sequence[int] = (0, 0, 1, 1, 2)) -> tuple[Stack, dict[str, Any]]:
    """Draw a stack and the facts of a case: mostly partial, sometimes complete, sometimes contradicting."""
    stack = draw(stacks(size, layers))
    kind = draw(st.sampled_from([consistent_facts] * 7 + [complete_facts, any_facts, any_facts]))
    return stack, draw(kind(stack))
