"""What is generated from the API is current, and the example client works against a running server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from safeguarding_rules.web.api import documents as doc
from tests.unit.web.generated import ROOT, generated
from tests.unit.web.server import running
from tests.unit.web.typescript import type_of, types_of

CLIENT = ROOT / "examples" / "http_client"


def test_what_is_generated_is_current() -> None:
    for path, text in generated():
        assert path.read_text(encoding="utf-8") == text, f"{path.relative_to(ROOT)} is out of date: `make schemas` writes it again"


def test_every_schema_of_the_document_is_one() -> None:
    document = json.loads((ROOT / "schemas" / "openapi.json").read_text(encoding="utf-8"))
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = {
        name for name, model in vars(doc).items() if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == doc.__name__
    }
    assert names - set(document["components"]["schemas"]) <= {"ApiPart", "CaseRequest"}  # what others are made from


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 0}, "number"),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "string | null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Span"}}, "Array<Span>"),
        ({"enum": ["a", "b"], "type": "string"}, '"a" | "b"'),
        ({"const": "decision/1", "type": "string"}, '"decision/1"'),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "Record<string, boolean>"),
        ({"type": "object", "properties": {"a-b": {"type": "null"}}, "required": ["a-b"]}, '{\n  "a-b": null;\n}'),
        ({}, "unknown"),
    ],
)
def test_a_schema_as_a_type(schema: dict[str, object], expected: str) -> None:
    assert type_of(schema, "") == expected


@pytest.mark.parametrize("schema", [{"oneOf": []}, {"type": "string", "pattern": "x"}, {"not": {}}, {"type": ["string", "null"]}])
def test_a_schema_that_is_not_known_is_an_error(schema: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no type for"):
        type_of(schema, "")


def test_text_of_a_description_cannot_end_its_comment() -> None:
    schemas = {"A": {"type": "string", "description": "x */ export const y = 1; /*"}}
    assert "x * / export" in types_of({"components": {"schemas": schemas}, "paths": {}})


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_example_client_works() -> None:
    with running("kscmp") as (address, _):
        done = subprocess.run(["node", str(CLIENT / "client.mjs"), address], text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("refer_police (firm), by ")
    assert "dsl must: " in done.stdout
    assert "ask: Is anyone's life or safety in danger now?" in done.stdout
    assert "SR802: unknown fact `adult_involvd`" in done.stdout


def compiler() -> str | None:
    """Find a TypeScript compiler, installed for all or beside the project."""
    beside = Path(ROOT, "node_modules", ".bin", "tsc")
    return shutil.which("tsc") or (str(beside) if beside.is_file() else None)


@pytest.mark.skipif(compiler() is None, reason="the TypeScript compiler is not installed")
def test_the_types_and_the_client_fit() -> None:
    found = compiler()
    assert found is not None
    options = [
        "--noEmit",
        "--strict",
        "--checkJs",
        "--allowJs",
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--skipLibCheck",
    ]
    done = subprocess.run([found, *options, "client.mjs"], cwd=CLIENT, text=True, capture_output=True, timeout=120, check=False)
    lines = [line for line in done.stdout.splitlines() if "Cannot find name 'process'" not in line]
    assert not lines, done.stdout
