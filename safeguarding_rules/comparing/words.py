"""Parts of the common space in words: which values a condition leaves to a fact, from the names and labels of the packs.

Comes in: cells. Goes out: facts with tests as an author writes them, and short phrases. Promised: nothing is invented; a phrase says exactly what
the cells say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from safeguarding_rules.comparing.common_space import NEW_COPY, CommonSpace
from safeguarding_rules.deciding.words import plain
from safeguarding_rules.language.facts import NOT_APPLICABLE, Value
from safeguarding_rules.linking.policy import FactInfo
from safeguarding_rules.worlds.space import Variable

_MODALITIES = {"must": "must", "should": "should", "may": "may", "should_not": "should not", "must_not": "must not"}
_ACTORS = {"dsl": "DSL", "headteacher": "headteacher", "other_staff": "other staff", "setting": "setting"}


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a region asks of one fact (or of one value of a `choices` fact). `given`: as a test of the pack language."""

    fact: str
    given: object
    words: str


def restrictions(common: CommonSpace, box: int) -> tuple[Restriction, ...]:
    """What a box asks beyond what every case satisfies, a fact at a time in declared order."""
    return tuple(_restrictions(common, box))


def _restrictions(common: CommonSpace, box: int) -> Iterator[Restriction]:
    space = common.space
    closed = space.close(box)
    for variable in space.variables:
        if box & variable.block == space.start & variable.block:
            continue
        inside = (closed or box) & variable.block  # what the other conditions rule out needs no saying
        cells = [cell for i, cell in enumerate(variable.cells) if inside >> (variable.offset + i) & 1]
        yield _restriction(variable, cells, common.infos[variable.fact])


def _restriction(variable: Variable, cells: Sequence[Value | tuple[int, int]], info: FactInfo) -> Restriction:
    name = fact_words(variable.fact)
    if variable.value is not None:
        label = info.labels.get(variable.value, variable.value)
        test = "includes" if cells == [True] else "excludes"
        return Restriction(variable.fact, {test: variable.value}, f"{name} {'includes' if cells == [True] else 'does not include'} “{label}”")
    if info.spec.type == "boolean":
        return Restriction(variable.fact, cells[0], name if cells[0] is True else f"{name}: no")
    applicable = [cell for cell in cells if cell is not NOT_APPLICABLE]
    if not applicable:
        return Restriction(variable.fact, None, f"{name} does not apply")
    beside = NOT_APPLICABLE in variable.cells and len(applicable) < len(cells)
    if info.spec.type == "choice":
        return _chosen(variable, [str(cell) for cell in applicable], info, beside=beside)
    return _numbers(variable, [cell for cell in applicable if isinstance(cell, tuple)], info, beside=beside)


def _chosen(variable: Variable, values: Sequence[str], info: FactInfo, *, beside: bool) -> Restriction:
    name = fact_words(variable.fact)
    others = [value for value in info.spec.values if value not in values]
    if beside or (len(values) > 1 and len(others) < len(values)):
        if not others:
            return Restriction(variable.fact, {"one_of": list(values)}, f"{name} applies")
        ways: object = {"is_not": others[0]} if len(others) == 1 else {"none_of": others}
        ways = ways if beside or NOT_APPLICABLE not in variable.cells else {"one_of": list(values)}
        either = f"{name} is not {_either(others, info)}"
        return Restriction(variable.fact, ways, either if beside else f"{either} (and applies)" if NOT_APPLICABLE in variable.cells else either)
    given: object = values[0] if len(values) == 1 else {"one_of": list(values)}
    return Restriction(variable.fact, given, f"{name}: {_either(values, info)}")


def _either(values: Sequence[str], info: FactInfo) -> str:
    return " or ".join(f"“{info.labels.get(value, value)}”" for value in values)


def _numbers(variable: Variable, ranges: Sequence[tuple[int, int]], info: FactInfo, *, beside: bool) -> Restriction:
    name = fact_words(variable.fact)
    spans = _spans(ranges)
    either = " or ".join(_span(low, high, info) for low, high in spans)
    words = f"{name} {either}" + (" or not applicable" if beside else "")
    low, high = spans[0]
    if beside:
        whole = [cell for cell in variable.cells if isinstance(cell, tuple) and cell not in ranges]
        return Restriction(variable.fact, {"not": [{"at_least": a, "at_most": b} for a, b in _spans(whole)]}, words)
    if (low, high) == (info.spec.low, info.spec.high):
        words = f"{name} applies"
    given: object = {"at_least": low, "at_most": high}
    if len(spans) > 1:
        given = [{"at_least": low, "at_most": high} for low, high in spans]
    elif low == high:
        given = low
    elif low == info.spec.low:
        given = {"at_most": high}
    elif high == info.spec.high:
        given = {"at_least": low}
    return Restriction(variable.fact, given, words)


def _spans(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges joined where one ends just before another starts."""
    ordered = sorted(ranges)
    starts = [ordered[0][0], *(after[0] for before, after in pairwise(ordered) if before[1] + 1 != after[0])]
    ends = [*(before[1] for before, after in pairwise(ordered) if before[1] + 1 != after[0]), ordered[-1][1]]
    return list(zip(starts, ends, strict=True))


def _span(low: int, high: int, info: FactInfo) -> str:
    if low == high:
        return str(low)
    if low == info.spec.low:
        return f"{high} or under"
    return f"{low} or over" if high == info.spec.high else f"{low} to {high}"


def fact_words(joint: str) -> str:
    """A fact's name as words."""
    return f"{plain(joint.removesuffix(NEW_COPY))} (as the new version asks it)" if joint.endswith(NEW_COPY) else plain(joint)


def modality_words(modality: str) -> str:
    """A modality as words."""
    return _MODALITIES[modality]


def actor_words(actor: str) -> str:
    """Who acts, as words."""
    return _ACTORS[actor]


def value_words(value: object, info: FactInfo) -> str:
    """The value of a fact of an example."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        chosen = value.get("only", ())
        return ", ".join(info.labels.get(one, one) for one in chosen) or "none"
    return info.labels.get(str(value), str(value))


def counted(number: int, what: str) -> str:
    """A number with its noun: 1 case, 2 cases."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
