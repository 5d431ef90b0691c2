"""What a model expects at a path, and what can stand there so that the rest of a document is still understood.

In: a model and a path into its data. Out: a value the model takes, or what an author's value most likely means. Promised: nothing of it ever
reaches a decision; it is for looking for further mistakes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo

from safeguarding_rules.diagnostics import closest
from safeguarding_rules.language.cells import CellValue
from safeguarding_rules.language.shapes import Document
from safeguarding_rules.reading.places import Path

STAND_IN = "stand-in"
_CANDIDATES: tuple[object, ...] = (
    STAND_IN,
    "STAND-IN",
    f"{STAND_IN}/{STAND_IN}",
    "https://stand.in/",
    "immediately",
    "1",
    "2000-01-01",
    "SR101",
    True,
    0,
)
_TRUE_AND_FALSE = {"yes": True, "on": True, "y": True, "true": True, "no": False, "off": False, "n": False, "false": False}


def expected_at(model: type[Document], path: Path) -> tuple[Any, int]:
    """Return what is expected at a path, and how many steps lead there: fewer than all where it is a condition, a fact's value or a cell."""
    annotation: Any = model
    for depth, step in enumerate(path):
        if meaning_of(annotation):
            return annotation, depth
        annotation = _inside(annotation, step)
    return annotation, len(path)


def meaning_of(annotation: object) -> str:
    """Return `Condition`, `FactValue` or `Cell` for what is checked as a whole; an empty text for anything else."""
    for mark in _parts(annotation)[1]:
        if isinstance(mark, WithJsonSchema) and mark.json_schema:
            name = mark.json_schema.get("x-definition", "")
            return name if name in {"Condition", "FactValue", "Cell"} else ""
    return ""


def document_at(model: type[Document], path: Path) -> type[Document] | None:
    """Return the model of the document at a path, None where something else is expected."""
    annotation, depth = expected_at(model, path)
    plain = _parts(annotation)[0]
    return plain if depth == len(path) and _is_document(plain) else None


def is_list(annotation: object) -> bool:
    """Say whether a list is expected."""
    return get_origin(_parts(annotation)[0]) is tuple


def field_of(model: type[Document], key: str | int) -> FieldInfo | None:
    """Return the field of a document's key, None where it has no such key."""
    return next((field for name, field in model.model_fields.items() if key in {name, field.alias}), None)


def likely(annotation: object, value: object) -> object | None:
    """Return what a wrong value most likely means, None where nobody can tell."""
    plain, _ = _parts(annotation)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _takes(annotation, str(value)):
        return str(value)
    if not isinstance(value, str):
        return None
    if plain is bool or plain == Literal[True]:
        meant = _TRUE_AND_FALSE.get(value.lower())
        return meant if meant is not None and _takes(annotation, meant) else None
    return closest(value, [word for word in get_args(plain) if isinstance(word, str)]) if get_origin(plain) is Literal else None


def stand_in(annotation: object) -> Any:  # noqa: ANN401  plain data
    """Return a value that is taken; None where none is known."""
    plain, _ = _parts(annotation)
    origin = get_origin(plain)
    if meaning_of(annotation):
        return {"Condition": {"always": True}, "Cell": "-"}.get(meaning_of(annotation))
    if _is_document(plain):
        return completed(plain, {})
    if origin is tuple:
        return [stand_in(get_args(plain)[0])]
    if _is_mapping(origin):
        return {name: stand_in(get_args(plain)[1]) for name in (STAND_IN, f"{STAND_IN}-2")}
    if origin is Literal:
        return get_args(plain)[0]
    return next((value for value in _CANDIDATES if _takes(annotation, value)), None)


def completed(model: type[Document], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a document lacks: stand-ins for its required keys, and for those its rules ask for beside what is there."""
    missing = {key: stand_in(field.rebuild_annotation()) for key, field in _keyed(model) if field.is_required() and key not in data}
    for rule in model.schema_rules:
        for key in _asked_for(rule, {**data, **missing}):
            field = field_of(model, key)
            if field is not None:
                missing[key] = stand_in(field.rebuild_annotation())
    return missing


def _keyed(model: type[Document]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def _asked_for(rule: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[str]:
    """The keys that a rule in JSON Schema asks for and that are not there."""
    if "if" in rule:
        rule = rule.get("then" if Draft202012Validator(rule["if"]).is_valid(dict(data)) else "else", {})
    choices = [one["required"][0] for one in (*rule.get("anyOf", ()), *rule.get("oneOf", ())) if "required" in one]
    if choices and not any(key in data for key in choices):
        yield choices[0]
    yield from (key for key in rule.get("required", ()) if key not in data)
    if rule.get("minProperties") and not data:
        yield "outcome"  # of an expectation, which says anything


def _takes(annotation: Any, value: object) -> bool:  # noqa: ANN401  annotations have no type of their own
    try:
        TypeAdapter(annotation).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _inside(annotation: Any, step: str | int) -> Any:  # noqa: ANN401  annotations have no type of their own
    plain, _ = _parts(annotation)
    if _is_document(plain):
        field = field_of(plain, step)
        if field is not None:
            return field.rebuild_annotation()
        return CellValue if plain.model_config.get("extra") == "allow" else Any
    arguments = get_args(plain)
    if _is_mapping(get_origin(plain)):
        return arguments[1]
    return arguments[0] if is_list(annotation) else Any


def _parts(annotation: Any) -> tuple[Any, tuple[object, ...]]:  # noqa: ANN401  annotations have no type of their own
    """An annotation without `None` and without what is said beside it, and what that is."""
    marks: tuple[object, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            marks = (*more, *marks)
        elif origin in {Union, UnionType}:
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation, marks


def _is_document(plain: object) -> bool:
    return isinstance(plain, type) and issubclass(plain, Document)


def _is_mapping(origin: object) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)
