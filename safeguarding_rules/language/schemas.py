"""JSON Schemas (2020-12) of every document of a pack, generated from the models, for editors and for other implementations.

In: the models. Out: plain schemas, and with `python -m safeguarding_rules.language.schemas FOLDER` files. Promised: the same models give the
same bytes; a schema and its model accept the same documents, apart from whole numbers written as `1.0`, which JSON Schema cannot tell from 1.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from safeguarding_rules.language.cells import CELL_SCHEMA
from safeguarding_rules.language.conditions_data import DEFINITIONS
from safeguarding_rules.language.documents import DOCUMENTS
from safeguarding_rules.language.manifest import Review
from safeguarding_rules.language.shapes import NAME_SCHEMA, Document

Node = Any
"""A part of a JSON Schema: a mapping, a list or a plain value."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHARED: dict[str, dict[str, Any]] = {**DEFINITIONS, "Cell": CELL_SCHEMA, "Name": NAME_SCHEMA}


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, without alternatives where the language has none, so that errors point to the exact place."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: a key is given or it is not there."""
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Say what names and values a mapping has; pydantic would let any name through that does not fit its pattern."""
        result: JsonSchemaValue = {"type": "object", "propertyNames": self.generate_inner(schema["keys_schema"])}
        result["additionalProperties"] = self.generate_inner(schema["values_schema"])
        if "min_length" in schema:
            result["minProperties"] = schema["min_length"]
        return result

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Add what a document checks between its keys."""
        result = super().model_schema(schema)
        model = schema["cls"]
        if issubclass(model, Document) and model.schema_rules:
            result["allOf"] = list(model.schema_rules)
        return result

    def get_title_from_name(self, name: str) -> str:
        """Give no titles to fields: their name is the title."""
        del name
        return ""


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a document."""
    generated = model.model_json_schema(by_alias=True, schema_generator=_Generator)
    used: dict[str, Any] = {}
    schema = _resolved(generated, used)
    definitions = {**schema.pop("$defs", {}), **used}
    return {"$schema": DIALECT, **schema, "title": title, "$defs": dict(sorted(definitions.items()))}


def _resolved(node: Node, used: dict[str, Any]) -> Node:
    """Return a schema with links to shared parts as `$ref`, and without titles and defaults that say nothing."""
    if isinstance(node, list):
        return [_resolved(member, used) for member in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _resolved(value, used) for key, value in node.items() if not _is_noise(key, value)}
    if "x-model" in kept:
        del kept["x-model"]
        return {**_resolved(Review.model_json_schema(schema_generator=_Generator), used), **kept}
    name = kept.pop("x-definition", None)
    if name is not None:
        if name not in used:
            used[name] = {}
            used[name] = _resolved(_SHARED[name], used)
        kept["$ref"] = f"#/$defs/{name}"
    return kept


def _is_noise(key: str, value: object) -> bool:
    return (key == "title" and value == "") or (key == "default" and value in (None, [], {}))


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every document by the name of its file under `schemas/`."""
    return {f"{kind}.schema.json": schema_of(model, f"{kind} of a safeguarding-rules pack") for kind, model in DOCUMENTS.items()}


def schema_text(schema: dict[str, Any]) -> str:
    """Return the text of a schema file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> None:
    """Write every schema into a folder."""
    for name, schema in schemas().items():
        (folder / name).write_text(schema_text(schema), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
