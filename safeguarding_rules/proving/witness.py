"""Cases to show: as facts, in words, and run through the real engine first.

Comes in: a complete case of a space, or a box that known facts describe. Goes out: a `Witness`. Promised: the facts of a witness, given to the
engine, agree with what was claimed of them, or `DisagreementError` is raised: an error of ours, never shown as a finding about a pack.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.deciding.knowing import Knowledge
from safeguarding_rules.deciding.words import condition_words
from safeguarding_rules.language.conditions import Op, Test
from safeguarding_rules.language.facts import NOT_APPLICABLE
from safeguarding_rules.linking.policy import FactInfo
from safeguarding_rules.proving.arena import Arena
from safeguarding_rules.proving.claims import Advice, Witness
from safeguarding_rules.worlds.space import Space

Check = Callable[[Decision], bool]


class DisagreementError(Exception):
    """The engine does not see in a case what the proof says of it."""


def facts_of_case(space: Space, box: int, known: int | None = None) -> dict[str, Any]:
    """The facts that restrict everything to `box`, as a user writes them; of a complete case, all of them.

    `known` (bits) restricts this to the variables it touches. Blocks that are left whole are not told.
    """
    found: dict[str, Any] = {}
    for name, spec in space.specs.items():
        variables = [space.variable_of(name, value) for value in (spec.values if spec.type == "choices" else (None,))]
        told = [variable for variable in variables if (known is None or known & variable.block) and box & variable.block != variable.block]
        if spec.type == "choices":
            if told:
                found[name] = _choices(space, box, told, whole=len(told) == len(variables))
            continue
        for variable in told:
            kept = [bool(box >> (variable.offset + i) & 1) for i in range(len(variable.cells))]
            found[name] = _value(variable.cells, kept, spec.type)
    return {name: value for name, value in found.items() if value is not None}


def case_of(space: Space, facts: Mapping[str, Any]) -> int:
    """The complete case that facts of which everything is known come to."""
    return space.lowest(space.close(space.start & Knowledge(space).read(facts)))


def _choices(space: Space, box: int, told: list[Any], *, whole: bool) -> Any:  # noqa: ANN401  a value, or a test
    included = [v.value for v in told if _only_cell(space, box, v) is True]
    if whole and all(_only_cell(space, box, v) is not None for v in told):
        return {"only": included}
    if included:
        return included
    excluded = [v.value for v in told if _only_cell(space, box, v) is False]
    return {"excludes": excluded[0]} if excluded else None


def _only_cell(space: Space, box: int, variable: Any) -> object:  # noqa: ANN401  a variable of worlds
    del space
    bits = (box & variable.block) >> variable.offset
    return variable.cells[bits.bit_length() - 1] if bits.bit_count() == 1 else None


def _value(cells: Sequence[Any], kept: Sequence[bool], kind: str) -> Any:  # noqa: ANN401  a value, a test, or nothing to tell
    inside = [cell for cell, inner in zip(cells, kept, strict=True) if inner]
    if inside == [NOT_APPLICABLE]:
        return None
    if len(inside) == 1:
        return inside[0][0] if isinstance(inside[0], tuple) else inside[0]
    op, chosen = ("none_of", [c for c, inner in zip(cells, kept, strict=True) if not inner]) if NOT_APPLICABLE in inside else ("one_of", inside)
    if kind == "integer":
        return {op: sorted(number for low, high in chosen for number in range(low, high + 1))}
    return {op: list(chosen)}


def witness(arena: Arena, case: int, check: Check, about: Collection[str] = ()) -> Witness:
    """A complete case to show, run through the engine: `check` tells whether the decision is as claimed. Raises DisagreementError.

    What is unlike the mildest case is told, and the facts that the claim is `about`, whatever they are.
    """
    facts = facts_of_case(arena.space, case)
    decision = arena.decider.decide(facts, arena.on)
    if decision.contradiction is not None or not decision.exact or not check(decision):
        raise DisagreementError(f"the engine decides `{decision.outcome}` for {facts}")
    unlike = case & ~arena.search.quiet
    telling = facts_of_case(arena.space, case, unlike | sum(v.block for v in arena.space.variables if v.fact in about))
    words = in_words(arena, telling)
    return Witness(words=words, facts=facts, telling=tuple(telling), advice=advice_of(decision))


def partial_witness(arena: Arena, facts: Mapping[str, Any], check: Check) -> Witness:
    """What is known of a partial case, to show; run through the engine like a complete one."""
    decision = arena.decider.decide(facts, arena.on)
    if decision.contradiction is not None or not decision.exact or not check(decision):
        raise DisagreementError(f"the engine decides `{decision.outcome}` for {dict(facts)}")
    known = in_words(arena, facts) if len(facts) <= 12 else in_words(arena, _unlike_mild(arena, facts)) + " (and what else is listed under facts)"  # noqa: PLR2004
    return Witness(words=f"known: {known}" if facts else "nothing is known", facts=dict(facts), telling=tuple(facts), advice=advice_of(decision))


def _unlike_mild(arena: Arena, facts: Mapping[str, Any]) -> dict[str, Any]:
    quiet, idle = arena.search.quiet, arena.space.not_applicable
    mild = facts_of_case(arena.space, sum(v.block & quiet & ~idle or v.block & quiet for v in arena.space.variables))
    return {name: value for name, value in facts.items() if mild.get(name, False) != value}


def advice_of(decision: Decision) -> Advice:
    """What a decision advises, in short."""
    actions = tuple(f"{item.modality} {item.action} by {item.by}" for item in decision.actions if item.status != "depends")
    return Advice(outcome=decision.outcome, settled=decision.settled, actions=actions)


def in_words(arena: Arena, facts: Mapping[str, Any]) -> str:
    """Facts as one phrase, from the names and labels of the packs."""
    infos = {info.spec.name: info for info in arena.policy.facts}
    return ", ".join(_told(name, value, infos) for name, value in facts.items()) or "everything as mild as it can be"


def _told(name: str, value: Any, infos: Mapping[str, FactInfo]) -> str:  # noqa: ANN401  what a user knows of a fact
    if isinstance(value, dict):
        ((key, operand),) = value.items()
        op = cast(Op, "includes_all" if key == "only" else key)
        if not isinstance(operand, list):
            return condition_words(Test(name, op, operand), infos)
        if not operand:
            return f"{name.replace('_', ' ')}: none"
        if all(isinstance(number, int) for number in operand) and operand == list(range(operand[0], operand[-1] + 1)):
            return f"{name.replace('_', ' ')} {operand[0]} to {operand[-1]}"
        return condition_words(Test(name, op, tuple(operand)), infos)
    if isinstance(value, list):
        return condition_words(Test(name, "includes_all", tuple(value)), infos)
    return condition_words(Test(name, "is", value), infos)
