"""Writes what is generated from the HTTP API: `python -m tests.unit.web.generated`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from safeguarding_rules.web.api import openapi
from safeguarding_rules.web.api.app import described
from tests.unit.web.typescript import types_of

ROOT = Path(__file__).parents[3]


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each file and its text."""
    document = json.loads(openapi.document(described()))
    yield ROOT / "schemas" / "openapi.json", json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    yield ROOT / "examples" / "http_client" / "api.d.ts", types_of(document)


if __name__ == "__main__":
    for path, text in generated():
        path.write_text(text, encoding="utf-8", newline="\n")
