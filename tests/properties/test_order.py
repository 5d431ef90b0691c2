"""The order of rules, files and facts never matters, and the same input gives the same bytes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.engines import answer_of, describe, engine_for, load
from tests.properties.strategies import SMALL, consistent_facts, scenarios, stacks
from tests.reference.cases import complete_cases


def shuffled(data: Any, mapping: dict[str, Any]) -> dict[str, Any]:
    """Draw the same mapping in another order."""
    return {name: mapping[name] for name in data.draw(st.permutations(list(mapping)))}


def rearranged(data: Any, pack: dict[str, Any]) -> dict[str, Any]:
    """Draw the same pack with its rules, definitions and statements in another order and spread over other files."""
    pack = dict(pack)
    (path,) = [path for path in pack if path.startswith("rules/")]
    document = pack.pop(path)
    files: dict[str, dict[str, Any]] = {}
    for section, content in document.items():
        if isinstance(content, list):  # standing
            for entry in data.draw(st.permutations(content)):
                files.setdefault(f"rules/{data.draw(st.sampled_from('abc'))}.yaml", {}).setdefault(section, []).append(entry)
        else:
            for name, entry in shuffled(data, content).items():
                files.setdefault(f"rules/{data.draw(st.sampled_from('abc'))}.yaml", {}).setdefault(section, {})[name] = entry
    pack["statements.yaml"] = pack["statements.yaml"] | {"statements": shuffled(data, pack["statements.yaml"]["statements"])}
    return shuffled(data, pack | files)


def meaning(decision: Any) -> dict[str, Any]:
    """Give a decision without the digests of the files it came from."""
    found: dict[str, Any] = json.loads(decision.model_dump_json())
    found.pop("policy")
    return found


@given(st.data())
def test_the_order_of_rules_and_files_does_not_matter(data: st.DataObject) -> None:
    """Shuffle rules, standing entries and statements over other files: the same decision, digests of files apart."""
    stack = data.draw(stacks(SMALL))
    engine = engine_for(stack)
    again = load([rearranged(data, pack) for pack in stack])
    for _ in range(2):
        facts = data.draw(consistent_facts(stack))
        one, other = engine.decide(facts), again.decide(shuffled(data, facts))
        assert meaning(one) == meaning(other), describe(stack, facts, meaning(one), meaning(other))
        assert list(meaning(one)) == list(meaning(other))
        assert json.dumps(meaning(one)) == json.dumps(meaning(other))


@given(st.data())
def test_the_order_of_fact_declarations_changes_only_orders(data: st.DataObject) -> None:
    """Shuffle the declared facts: the same answer and the same questions, in an order of their own."""
    stack = data.draw(stacks(SMALL))
    engine = engine_for(stack)
    facts = data.draw(consistent_facts(stack))
    mixed = [
        pack | {"facts.yaml": pack["facts.yaml"] | {"facts": shuffled(data, pack["facts.yaml"]["facts"])}} if "facts.yaml" in pack else pack
        for pack in stack
    ]
    one, other = engine.decide(facts), load(mixed).decide(facts)
    policy, _ = complete_cases(stack)
    assert answer_of(policy, one) == answer_of(policy, other)
    assert sorted((q.fact, sorted(q.could_become)) for q in one.questions) == sorted((q.fact, sorted(q.could_become)) for q in other.questions)


@given(scenarios(SMALL), st.data())
def test_the_same_input_gives_the_same_bytes(scenario: Any, data: st.DataObject) -> None:
    """From two engines, twice from one, in any order of the facts, and from many threads at once."""
    stack, facts = scenario
    one, two = engine_for(stack), load(stack)
    first = one.decide(facts).model_dump_json()
    assert first == one.decide(facts).model_dump_json()
    assert first == two.decide(shuffled(data, facts)).model_dump_json()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: two.decide(facts).model_dump_json(), range(8))) == {first}
