"""JSON Schemas (2020-12) of what goes into a decision and what comes out: the facts of a case by one stack of packs, and the decision.

In: a Policy. Out: plain schemas. Promised: the same Policy gives the same bytes; the schema of facts and the engine accept the same facts, apart from
whole numbers written as `1.0`, which JSON Schema cannot tell from 1. Whether facts contradict each other is not a matter of shape.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from safeguarding_rules.deciding.document import DecisionDocument
from safeguarding_rules.language.schemas import DIALECT
from safeguarding_rules.linking.policy import FactInfo, Policy

Schema = dict[str, Any]

_ORDER = ("below", "at_most", "at_least", "above")
_NOT_KNOWN: Schema = {"type": "null"}


def stack_name(policy: Policy) -> str:
    """Return what a stack is called: its lowest pack, then the packs above it."""
    first, *above = [f"{pack.id} {pack.version}" for pack in reversed(policy.packs)]
    return " with ".join([first, " and ".join(above)]) if above else first


def facts_schema(policy: Policy) -> Schema:
    """Return the schema of the facts of a case by a stack."""
    return {
        "$schema": DIALECT,
        "title": f"facts of a case by {stack_name(policy)}",
        "description": "What is known of a case. A fact left out, or null, is not known; a test such as `{below: 13}` says what is known in part.",
        "type": "object",
        "properties": {info.spec.name: _fact(info) for info in policy.facts},
        "additionalProperties": False,
        "$defs": {"YesOrNo": {"anyOf": _forms({"type": "boolean"})}},
    }


def _fact(info: FactInfo) -> Schema:
    spec = info.spec
    about = {"description": " ".join(part for part in (info.question, info.help) if part)}
    match spec.type:
        case "boolean":
            return {**about, "$ref": "#/$defs/YesOrNo"}
        case "integer":
            return {**about, "anyOf": _forms({"type": "integer", "minimum": spec.low, "maximum": spec.high}, *_ORDER)}
    value = {"enum": list(spec.values), "enumDescriptions": [info.labels.get(name, name) for name in spec.values]}
    if spec.type == "choice":
        return {**about, "anyOf": _forms(value)}
    chosen = {"type": "array", "items": value}
    return {**about, "anyOf": [chosen, _one_of({"only": chosen, "includes": value, "excludes": value, "includes_all": chosen}), _NOT_KNOWN]}


def _forms(value: Schema, *order: str) -> list[Schema]:
    """Return the ways of saying something of a fact with one value: the value, one test, or nothing."""
    several = {"type": "array", "items": value, "minItems": 1}
    return [value, _one_of({**dict.fromkeys((*order, "is_not"), value), "one_of": several, "none_of": several}), _NOT_KNOWN]


def _one_of(tests: Schema) -> Schema:
    return {"type": "object", "properties": tests, "additionalProperties": False, "minProperties": 1, "maxProperties": 1}


def decision_schema() -> Schema:
    """Return the schema of a decision as JSON."""
    return document_schema(DecisionDocument, "decision of safeguarding-rules")


def document_schema(model: type[BaseModel], title: str) -> Schema:
    """Return the schema of a document that is given out, as JSON."""
    return {"$schema": DIALECT, **_untitled(model.model_json_schema(by_alias=True, mode="serialization")), "title": title}


def _untitled(node: Any) -> Any:  # noqa: ANN401  any JSON
    """Return a generated schema without the titles that only repeat names."""
    if isinstance(node, list):
        return [_untitled(member) for member in node]
    if not isinstance(node, dict):
        return node
    # Under `properties` and `$defs` a key is a name, and one of them may be `title`.
    return {
        key: {name: _untitled(member) for name, member in value.items()}
        if key in ("properties", "$defs") and isinstance(value, dict)
        else _untitled(value)
        for key, value in node.items()
        if key != "title"
    }
