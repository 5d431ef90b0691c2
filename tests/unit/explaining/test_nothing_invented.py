"""Each sentence is catalogue, pack or fact: with the catalogue's own words taken out, nothing but pack text, fact values and numbers is left."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from safeguarding_rules.deciding.words import plain
from safeguarding_rules.explaining.explanation import explain
from safeguarding_rules.explaining.phrases import lowered
from safeguarding_rules.explaining.texts import ENGLISH, Catalogue
from tests.unit.explaining.cases import STACKS, VIGNETTES, decision, engine, random_facts, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeguarding_rules import Decision
    from safeguarding_rules.linking.policy import Policy, PolicyRule, Standing, WhenUnsettled

EDGE = "\x01"


def masked() -> Catalogue:
    """Keep the slots of every template and nothing else."""
    templates = {}
    for key, template in ENGLISH.templates.items():
        slots = [f"{{{name}}}" for _, name, _, _ in Formatter().parse(template) if name]
        templates[key] = f"{EDGE} " + f" {EDGE} ".join(slots) + f" {EDGE}"
    return Catalogue("masked", templates)


def strings(data: Any) -> Iterator[str]:
    """Every string in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(data, (list, tuple)):
        for item in data:
            yield from strings(item)


def pack_strings(policy: Policy) -> Iterator[str]:
    """Every string that a pack's author wrote, and the names of packs, rules and facts."""
    for parts in (policy.packs, policy.outcomes, policy.rules, policy.standing, policy.actions.values(), policy.statements.values(), policy.facts):
        for part in parts:
            yield from strings([getattr(part, one.name) for one in fields(part)])
    for info in policy.facts:
        yield info.spec.name
        yield from info.spec.values
        yield from info.labels.values()
    for entries in policy.routes.values():
        for entry in entries:
            yield entry.name
            yield from entry.details.values()
    givers: list[PolicyRule | Standing | WhenUnsettled] = [*policy.rules, *policy.standing, policy.when_unsettled]
    for giver in givers:
        yield giver.because
        for duty in giver.duties:
            yield from strings([duty.note or "", duty.until or "", plain(duty.clock), duty.action])
    for said in policy.when_unsettled.parts:
        yield said.because
        yield f"{said.pack}/when_unsettled"
    yield policy.fingerprint


def allowed(made: Decision) -> list[str]:
    """What may be left, longest first."""
    found = set(pack_strings(made.program.policy))
    for value in made.facts.values():
        found.add(json.dumps(value, ensure_ascii=False))
    for change in made.because.nearest_changes:
        found |= {json.dumps(value, ensure_ascii=False) for value in change.change.values()}
    found |= {warning.code for warning in made.warnings}
    found |= {line for text in found for line in (text.upper(), lowered(text))}
    return sorted((" ".join(text.split()) for text in found if re.search(r"[^\W\d_]", text)), key=len, reverse=True)


def left_over(text: str, pieces: list[str]) -> str:
    """Take every piece out of a text, longest first, and then numbers, marks and layout."""
    text = " ".join(text.split())
    for piece in pieces:
        text = text.replace(piece, EDGE)
    return re.sub(r"[\W\d_]+", " ", text).strip()


def check(made: Decision) -> None:
    """Write every register with an empty catalogue: only pack text and facts are left."""
    texts = masked()
    explanation = explain(made, texts)
    pieces = allowed(made)
    for register in (explanation.short, explanation.full, explanation.audit):
        assert not left_over(register(texts), pieces)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("case", VIGNETTES)
def test_nothing_is_invented(stack: str, case: str) -> None:
    check(decision(stack, case))


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_invented_for_random_facts(seed: int) -> None:
    draw = seeded(seed)
    check(engine("kscmp").decide(random_facts("kscmp", draw)))


def test_the_test_would_notice() -> None:
    """A sentence of our own does not vanish."""
    pieces = allowed(decision("kscmp", "nothing known"))
    assert left_over("The child should have known better.", pieces)
    assert left_over("Report to the police. Just have a quick look first.", pieces)
    assert not left_over("Report to the police", pieces)


def differing(one: Any, other: Any, field: str = "") -> Iterator[str]:
    """The fields in which two documents of the same shape differ."""
    if isinstance(one, dict):
        for key, value in one.items():
            yield from differing(value, other[key], key)
    elif isinstance(one, list):
        assert len(one) == len(other)
        for first, second in zip(one, other, strict=True):
            yield from differing(first, second, field)
    elif one != other:
        yield field


@pytest.mark.parametrize("case", VIGNETTES)
def test_in_the_data_only_answers_use_the_catalogue(case: str) -> None:
    """Everything else is the decision's or a pack's."""
    made = decision("kscmp", case)
    english, empty = (explain(made, texts).model_dump(mode="json", by_alias=True) for texts in (ENGLISH, masked()))
    assert set(differing(english, empty)) <= {"language", "answer", "other_answer", "when"}
