"""Canonical JSON: one value, one sequence of bytes.

Comes in: plain JSON data, or a pydantic model. Goes out: UTF-8 bytes, keys sorted, no spaces, as RFC 8785 writes them for data without fractions.
Promised: equal data give equal bytes on every machine; what has no such form (a fraction, a lone surrogate, a key that is no text) raises ValueError.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

LARGEST_EXACT = 2**53 - 1  # whole numbers beyond it are not the same for every reader of JSON


def canonical_bytes(value: BaseModel | dict[str, Any] | list[Any]) -> bytes:
    """The canonical bytes of a model or of plain data. Raises ValueError naming what has none."""
    data = plain_data(value) if isinstance(value, BaseModel) else value
    _check(data)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def plain_data(model: BaseModel) -> dict[str, Any]:
    """A model as plain JSON data, by the names of its document."""
    return model.model_dump(mode="json", by_alias=True)


def keepable(text: object) -> bool:
    """Whether every database keeps a text: PostgreSQL takes no character 0, and nobody takes half a surrogate pair."""
    return isinstance(text, str) and "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _check(data: object) -> None:
    stack = [data]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            stack += [*one, *one.values()]
            if not all(isinstance(key, str) and key.isascii() for key in one):
                raise ValueError(f"a key of canonical JSON is plain ASCII text, in {sorted(map(repr, one))}")
        elif isinstance(one, list):
            stack += one
        elif isinstance(one, float) or (isinstance(one, int) and abs(one) > LARGEST_EXACT):
            raise ValueError(f"{one!r} has no canonical form: write whole numbers up to {LARGEST_EXACT}")
        elif not isinstance(one, str | int | bool | None):
            raise ValueError(f"{type(one).__name__} is no JSON value")
