"""TypeScript types from an OpenAPI document: an interface for each schema, and what each operation takes and gives.

Only what our own documents use is understood; anything else is an error, so that no type is ever guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

HEAD = """// Types of the HTTP API of safeguarding_rules, made from schemas/openapi.json. Do not edit: `make schemas` writes this file.
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_ABOUT = {"title", "description", "default", "examples", "format", "enumDescriptions", "maxItems", "minItems", "minimum", "maximum"}


def types_of(document: Mapping[str, Any]) -> str:
    """Return the text of a module of types."""
    return "\n".join([HEAD, *_schemas(document["components"]["schemas"]), *_operations(document["paths"])]).rstrip() + "\n"


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in sorted(schemas.items()):
        yield from _comment(schema, "")
        if schema.get("type") == "object" and "properties" in schema:
            yield f"export interface {_name(name)} {_object(schema, '')}\n"
        else:
            yield f"export type {_name(name)} = {type_of(schema, '')};\n"


def _name(name: str) -> str:
    return re.sub(r"\W", "_", name)


def type_of(schema: Mapping[str, Any], indent: str) -> str:  # noqa: PLR0911  one line a form
    """Return the type of one schema. Raises ValueError for a form that is not known."""
    known = {key: value for key, value in schema.items() if key not in _ABOUT}
    match known:
        case {"$ref": str(ref), **rest} if not rest:
            return _name(ref.rsplit("/", 1)[-1])
        case {"anyOf": list(members), **rest} if not rest:
            return " | ".join(dict.fromkeys(type_of(member, indent) for member in members))
        case {"const": value, **rest} if not rest.keys() - {"type"}:
            return json.dumps(value)
        case {"enum": list(values), **rest} if not rest.keys() - {"type"}:
            return " | ".join(json.dumps(value) for value in values)
        case {"type": "array", **rest} if not rest.keys() - {"items"}:
            return f"Array<{type_of(rest.get('items', {}), indent)}>"
        case {"type": "object", **rest} if "properties" in rest:
            return _object(schema, indent)
        case {"type": "object", **rest} if not rest.keys() - {"additionalProperties"}:
            values = rest.get("additionalProperties", True)
            return f"Record<string, {type_of(values, indent) if isinstance(values, dict) else 'unknown'}>"
        case {"type": str(plain), **rest} if not rest and plain in _PLAIN:
            return _PLAIN[plain]
        case _ if not known:
            return "unknown"
    raise ValueError(f"no type for {json.dumps(schema)}")


def _object(schema: Mapping[str, Any], indent: str) -> str:
    required = set(schema.get("required", ()))
    inner = indent + "  "
    lines: list[str] = []
    for name, member in schema["properties"].items():
        lines += _comment(member, inner)
        lines.append(f"{inner}{_key(name)}{'' if name in required else '?'}: {type_of(member, inner)};")
    return "\n".join(["{", *lines, indent + "}"])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else json.dumps(name)


def _comment(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    text = " ".join(str(schema.get("description", "")).split()).replace("*/", "* /")
    if text:
        yield f"{indent}/** {text} */"


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    yield "/** What each operation takes and gives; an answer with another status than 2xx is a Problem. */"
    yield "export interface Operations {"
    for path, methods in paths.items():
        for method, operation in methods.items():
            takes = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            gives = next(iter(operation["responses"]["200"]["content"].values()))["schema"]
            body = "undefined" if takes is None else type_of(takes, "  ")
            yield f'  "{method.upper()} {path}": {{ body: {body}; answer: {type_of(gives, "  ")} }};'
    yield "}\n"
