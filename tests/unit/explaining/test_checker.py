"""The checker accepts what the engine explains, and nothing that does not follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from safeguarding_rules.explaining.checker import check
from tests.unit.explaining.cases import STACKS, VIGNETTES, engine, random_facts, seeded
from tests.unit.explaining.test_registers import explained

if TYPE_CHECKING:
    from safeguarding_rules.explaining.explanation import Explanation

POLICY = engine("kscmp").program.policy


def kinds(explanation: Explanation) -> set[str]:
    """The kinds of disagreement."""
    return {found.kind for found in check(explanation, POLICY)}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("case", VIGNETTES)
def test_accepts_what_the_engine_explains(stack: str, case: str) -> None:
    assert check(explained(case, stack), engine(stack).program.policy) == ()


@pytest.mark.parametrize("seed", range(20))
def test_accepts_random_facts(seed: int) -> None:
    found = engine("kscmp")
    facts = random_facts("kscmp", seeded(seed))
    assert check(found.explain(found.decide(facts)), POLICY) == (), facts


def test_accepts_rules_that_force_an_outcome_only_together() -> None:
    """A child is pictured as under 10 or the adult was: neither rule is certain, one of them holds."""
    facts = {"known_to_social_care": "current", "local_advice": {"one_of": ["not_sought", "refer_advised"]}}
    found = engine("kscmp").explain(engine("kscmp").decide(facts))
    assert kinds(found) == set()


def changed(explanation: Explanation, **fields: Any) -> Explanation:
    """The explanation with other fields."""
    return replace(explanation, **fields)


def test_rejects_a_missing_reason() -> None:
    found = explained("VC-21")
    for fact in found.because.facts:
        without = replace(found.because, facts=tuple(f for f in found.because.facts if f != fact))
        assert "rule_not_forced" in kinds(changed(found, because=without))
    assert "no_rule" in kinds(changed(found, because=replace(found.because, rules=())))
    assert "rule_unknown" in kinds(changed(found, because=replace(found.because, rules=("ukcis/no-such-rule",))))


def test_rejects_a_higher_least_outcome() -> None:
    found = explained("VC-21")
    assert kinds(changed(found, possible=found.possible[1:])) >= {"rule_too_mild", "advice"}


def test_rejects_a_milder_advice() -> None:
    found = explained("VG-07")
    milder = found.scale[1]
    assert "advice" in kinds(changed(found, outcome=milder))
    assert kinds(changed(found, settled=True)) >= {"settled", "advice"}
    assert "firm" in kinds(changed(found, firm=True))


def test_rejects_a_fact_nobody_gave() -> None:
    found = explained("VC-21")
    other = replace(found.because.facts[0], value=3, answer="3")
    assert "fact_not_given" in kinds(changed(found, because=replace(found.because, facts=(other,))))


def test_rejects_a_wrong_status() -> None:
    found = explained("VG-07")
    rules = tuple(replace(r, status="met", presumed=None, limbs=()) if r.status == "presumed" else r for r in found.rules)
    assert "not_met" in kinds(changed(found, rules=rules))
    opened = tuple(replace(r, status="open") for r in found.rules)
    assert "not_open" in kinds(changed(explained("VC-31"), rules=tuple(replace(r, status="open") for r in explained("VC-31").rules)))
    assert "advice" in kinds(changed(found, rules=opened))


def test_rejects_a_presumption_without_a_met_limb() -> None:
    found = explained("VG-07")
    rules = tuple(replace(r, limbs=()) for r in found.rules)
    assert "not_presumed" in kinds(changed(found, rules=rules))


def test_rejects_a_contradiction_that_is_none() -> None:
    found = explained("contradiction")
    half = tuple(conflict[:1] for conflict in found.contradictions)
    assert "no_contradiction" in kinds(changed(found, contradictions=half))
