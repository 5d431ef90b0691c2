"""A Policy as plain data, and back: what a cache keeps between processes.

In: a Policy, or JSON text written here. Out: JSON text, or an equal Policy. Promised: nothing but the value classes of a Policy is ever made from the
text, by name from a fixed table; anything else is None. Where conditions stood in their files is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from safeguarding_rules.language.conditions import All, Always, AnyOf, Not, Test
from safeguarding_rules.language.deadlines import Deadline
from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.linking.policy import (
    ActionInfo,
    Duty,
    FactInfo,
    ImplicationInfo,
    Outcome,
    PackInfo,
    Policy,
    PolicyRule,
    RouteEntry,
    Standing,
    StatementInfo,
    UnsettledPart,
    WhenUnsettled,
)

_CLASSES: Mapping[str, type] = {
    one.__name__: one
    for one in (
        ActionInfo,
        All,
        Always,
        AnyOf,
        Deadline,
        Duty,
        FactInfo,
        FactSpec,
        ImplicationInfo,
        Not,
        Outcome,
        PackInfo,
        Policy,
        PolicyRule,
        RouteEntry,
        Standing,
        StatementInfo,
        Test,
        UnsettledPart,
        WhenUnsettled,
    )
}
_FIELDS: Mapping[type, tuple[str, ...]] = {one: tuple(field.name for field in fields(one) if field.compare) for one in _CLASSES.values()}
_MAPPING, _DAY = "mapping", "day"


def policy_to_json(policy: Policy) -> str:
    """A Policy as JSON text."""
    return json.dumps(_data(policy), ensure_ascii=False, separators=(",", ":"))


def policy_from_json(text: str | bytes) -> Policy | None:
    """The Policy that was written as this text; None where the text is nothing that `policy_to_json` writes."""
    try:
        found = json.loads(text, object_hook=_value)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if isinstance(found, Policy) else None


def _data(value: Any) -> Any:  # noqa: ANN401  any part of a Policy
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_data(one) for one in value]
    if isinstance(value, Mapping):
        return {_MAPPING: [[key, _data(one)] for key, one in value.items()]}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    return {type(value).__name__: [_data(getattr(value, name)) for name in _FIELDS[type(value)]]}


def _value(data: dict[str, Any]) -> Any:  # noqa: ANN401  any part of a Policy
    """What an object stands for; the objects in it are read already, its lists are not."""
    ((name, parts),) = data.items()
    if name == _MAPPING:
        return {key: _tuple(one) for key, one in parts}
    if name == _DAY:
        return date.fromisoformat(parts)
    return _CLASSES[name](*[_tuple(one) if type(one) is list else one for one in parts])


def _tuple(data: Any) -> Any:  # noqa: ANN401  any part of a Policy
    return tuple([_tuple(one) for one in data]) if type(data) is list else data
