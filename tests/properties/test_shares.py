"""The generators bite: the shares of generated cases that exercise each part of the semantics, printed and asserted (run with `-s` to see them)."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings

from tests.properties.engines import REJECTED, load
from tests.properties.strategies import scenarios
from tests.reference.cases import complete_cases
from tests.reference.interpreter import decide

if TYPE_CHECKING:
    import pytest

EXAMPLES = 300
LEAST = {  # per cent of the generated (stack, facts)
    "unsettled": 30,
    "with presumed rules": 10,
    "with implications": 10,
    "with applies_when": 10,
    "with layers": 20,
    "with masked layer facts": 4,
    "with a strengthened rule": 10,
    "with unless": 30,
    "with given": 20,
    "with definitions": 30,
    "with tables": 10,
    "with standing entries": 30,
    "with a prohibition": 20,
    "with may": 10,
    "with an action that applies": 30,
    "with a presumed action": 20,
    "with a depending action": 20,
    "with something stronger possible": 5,
    "with integers": 20,
    "with choices": 10,
    "contradicting": 2,
    "settled at the mildest outcome": 5,
    "unsettled and firm": 1,
}


def traits(stack: Any, facts: dict[str, Any]) -> set[str]:
    """List what one generated case exercises."""
    answer = decide(stack, facts)
    policy, _ = complete_cases(stack, facts)
    documents = [document for pack in stack for path, document in pack.items() if path.startswith("rules/")]
    rules = [rule for document in documents for rule in document["rules"].values()]
    statuses = {entry.status for entry in answer.actions.values()}
    modalities = {entry.modality for entry in answer.actions.values()}
    held = {
        "unsettled": not answer.settled and not answer.contradiction,
        "with presumed rules": bool(answer.presumed) and not answer.contradiction,
        "with implications": bool(policy.implications),
        "with applies_when": any(fact.applies_when for fact in policy.facts.values()),
        "with layers": len(stack) > 1,
        "with masked layer facts": bool(policy.masked),
        "with a strengthened rule": any("strengthens" in document for document in documents),
        "with unless": any("unless" in rule for rule in rules),
        "with given": any("given" in rule for rule in rules),
        "with definitions": any("definitions" in document for document in documents),
        "with tables": any("tables" in document for document in documents),
        "with standing entries": any("standing" in document for document in documents),
        "with a prohibition": bool(modalities & {"must_not", "should_not"}),
        "with may": "may" in modalities,
        "with an action that applies": "applies" in statuses,
        "with a presumed action": "presumed" in statuses,
        "with a depending action": "depends" in statuses,
        "with something stronger possible": any(entry.stronger for entry in answer.actions.values()),
        "with integers": any(fact.type == "integer" for fact in policy.facts.values()),
        "with choices": any(fact.type == "choices" for fact in policy.facts.values()),
        "contradicting": answer.contradiction,
        "settled at the mildest outcome": answer.settled and answer.outcome == policy.scale[0],
        "unsettled and firm": answer.firm and not answer.settled,
    }
    return {name for name, here in held.items() if here}


def test_generated_cases_bite(capsys: pytest.CaptureFixture[str]) -> None:
    """Count what the generated cases hold; loading rejects hardly any of the stacks."""
    counts: Counter[str] = Counter()
    rejected = 0

    @settings(max_examples=EXAMPLES)
    @given(scenarios())
    def count(scenario: Any) -> None:
        counts.update({"all": 1, **dict.fromkeys(traits(*scenario), 1)})

    @settings(max_examples=60)
    @given(scenarios())
    def load_all(scenario: Any) -> None:
        nonlocal rejected
        counts["loaded"] += 1
        try:
            load(scenario[0])
        except Exception as error:  # noqa: BLE001 - a crash counts as a rejection, and its class is printed
            rejected += 1
            REJECTED.append([type(error).__name__, *(d.code for d in getattr(error, "diagnostics", []))])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        count()
        load_all()
    with capsys.disabled():
        print(f"\nshares of {counts['all']} generated cases (at least)")
        for name, least in LEAST.items():
            print(f"  {name:35} {100 * counts[name] / counts['all']:5.1f} %  ({least} %)")
        print(f"  {'stacks rejected when loading':35} {100 * rejected / counts['loaded']:5.1f} %  (at most 20 %)")
        print(f"  findings in them: {Counter(map(tuple, REJECTED)).most_common(5)}")
    assert {name for name, least in LEAST.items() if 100 * counts[name] < least * counts["all"]} == set()
    assert rejected <= 0.2 * counts["loaded"]
