"""Bodies of requests: read within bounds, as JSON with nothing lost and nothing guessed.

In: a request. Out: plain data; or a ProblemError with every finding at its line and column. Promised: no body, however large, slow, deep or odd,
takes more memory or time than the bounds allow.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic_core import from_json
from starlette.requests import Request

from safeguarding_rules.diagnostics import Diagnostic, Span
from safeguarding_rules.language.words import describe
from safeguarding_rules.reading import case_facts
from safeguarding_rules.reading.json_text import read_json
from safeguarding_rules.reading.places import Path
from safeguarding_rules.web.api.problems import ProblemError

NAME: Final = "body"
"""How places in a body are named."""
LARGEST_PLACED: Final = 256 * 1024
"""The largest body in which places are looked for."""


class _OddError(ValueError):
    """JSON that a strict reader refuses and the fast one would take."""


async def read_body(request: Request, largest: int, seconds: float) -> bytes:
    """Return the bytes of the body. Raises ProblemError if it is of another type, too large or too slow."""
    headers = dict(reversed(request.scope["headers"]))  # the first of a name counts
    _check_type(headers.get(b"content-type", b""), headers.get(b"content-encoding", b"identity"))
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:20]) > largest:
        raise _too_large(largest)
    found = bytearray()
    try:
        async with asyncio.timeout(seconds):
            more = True
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ProblemError("not-json", "The body broke off.")
                found += message.get("body", b"")
                if len(found) > largest:
                    raise _too_large(largest)
                more = message.get("more_body", False)
    except TimeoutError:
        raise ProblemError("too-slow", f"A body has to be sent within {seconds:g} seconds.", headers={"Connection": "close"}) from None
    return bytes(found)


def _check_type(content_type: bytes, encoding: bytes) -> None:
    if content_type != b"application/json":
        media_type, _, parameters = content_type.partition(b";")
        charset = parameters.strip().lower().removeprefix(b"charset=").strip(b'"')
        if media_type.strip().lower() != b"application/json" or charset not in {b"", b"utf-8"}:
            raise ProblemError("media-type", "Send `Content-Type: application/json`.")
    if encoding.strip().lower() != b"identity":
        raise ProblemError("media-type", "Compressed bodies are not read; send the JSON as it is.")


def _too_large(largest: int) -> ProblemError:
    return ProblemError("too-large", f"A body here may have {largest:,} bytes.", headers={"Connection": "close"})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise _OddError(f"the key `{twice[:80]}` is given twice")
    return found


def _refuse(word: str) -> Any:  # noqa: ANN401  it never returns
    raise _OddError(f"`{word}` is not a value")


_NESTING: Final = frozenset({dict, list})
_SPARSE: Final = 200
"""Bytes a key from which on the usual reader is as fast: a table has few keys and many values."""
DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse)


def plain(content: bytes) -> Any:  # noqa: ANN401  whatever was sent
    """Return what a body holds, by a reader that takes half the time; None where it cannot be sure.

    That reader lets the last of two equal keys win. A colon stands behind each key, so that no key was lost where there are as many keys as colons.
    """
    colons = content.count(b":")
    if colons * _SPARSE < len(content):
        return None
    try:
        data = from_json(content, allow_inf_nan=False, cache_strings="keys")
    except (ValueError, RecursionError):
        return None
    level = [data] if isinstance(data, dict) else []
    while level:
        colons -= sum(len(one) for one in level if type(one) is dict)
        if not colons:
            return data
        level = [held for one in level for held in (one.values() if type(one) is dict else one) if type(held) in _NESTING]
    return None


def parse(content: bytes) -> Mapping[str, Any]:
    """Return the mapping that a body holds. Raises ProblemError with every finding."""
    data = plain(content)
    if data is None:
        try:
            data = DECODER.decode(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise ProblemError("not-json", diagnostics=_why_not(content, error)) from error
    if not isinstance(data, dict):
        help_ = 'send an object, such as {"facts": {}}'
        raise ProblemError("not-json", diagnostics=[Diagnostic("SR807", "error", f"the body is {describe(data)}, not an object", None, help_)])
    return data


def _why_not(content: bytes, error: Exception) -> Iterable[Diagnostic]:
    """Why a body is not JSON: from the reader that knows places, or for what is too large for it, what the fast one said."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as odd:
        return [Diagnostic("SR103", "error", f"the body is not UTF-8: byte {odd.start + 1} cannot be read", None, "send UTF-8")]
    if len(content) <= LARGEST_PLACED and (found := read_json(text, NAME).problems):
        return found
    if isinstance(error, json.JSONDecodeError):
        place = Span(NAME, error.lineno, error.colno, error.lineno, error.colno + 1)
        return [Diagnostic("SR807", "error", f"not valid JSON: {error.msg.lower()}", place)]
    said = str(error) if isinstance(error, _OddError) else "it is nested too deep, or holds too long a number"
    return [Diagnostic("SR807", "error", said)]


def placed(facts: Mapping[str, object], content: bytes, path: Path, problems_of: case_facts.ProblemsOf) -> list[Diagnostic]:
    """Return what `problems_of` finds in each fact alone, at its place in the body; `path` leads to the facts."""
    return case_facts.placed(facts, read_json(content.decode("utf-8", "replace"), NAME).spans, problems_of, path)
