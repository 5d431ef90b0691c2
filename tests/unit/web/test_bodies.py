"""The quick reader of bodies gives what the strict one gives, or leaves the body to it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from safeguarding_rules.web.api import bodies
from safeguarding_rules.web.api.problems import ProblemError

NAMES = st.sampled_from(["facts", "adult_involved", "a:b", 'a":', "é", ""])
PLAIN = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | NAMES
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(NAMES, inner), max_size=3).map(tuple), max_leaves=8)


def written(value: object) -> str:
    """JSON text; a tuple of pairs is an object, in which names may come twice."""
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{json.dumps(name)}: {written(held)}" for name, held in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value)


def strictly(content: bytes) -> object:
    """What the strict reader says, or why it does not."""
    try:
        return bodies.DECODER.decode(content.decode())
    except ValueError:
        return "refused"


@given(st.lists(st.tuples(NAMES, VALUES), max_size=4).map(tuple), st.integers(0, 30))
def test_both_readers_agree(body: tuple[tuple[str, object], ...], cut: int) -> None:
    content = written(body).encode()
    content = content[: len(content) - cut] if cut > 25 else content
    quick, strict = bodies.plain(content), strictly(content)
    event("left to the strict reader" if quick is None else "read quickly")
    if quick is not None:
        assert (quick, json.dumps(quick)) == (strict, json.dumps(strict))


@pytest.mark.parametrize(
    "content",
    [
        b'{"facts": {"a": true, "a": false}}',
        b'{"facts": {}, "facts": {}}',
        b'{"a": [{"b": 1, "b": 2}]}',
        b'{"a" : 1, "a" : 2}',
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b'{"a": 1}x',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\x01"}',
        b"1",
        b"",
        b'{"a":' + b"[" * 1000 + b"]" * 1000 + b"}",
    ],
)
def test_what_it_cannot_be_sure_of_it_leaves(content: bytes) -> None:
    assert bodies.plain(content) is None


def test_a_name_given_twice_is_told() -> None:
    with pytest.raises(ProblemError) as refused:
        bodies.parse(b'{"facts": {"adult_involved": true, "adult_involved": false}}')
    assert "given twice" in " ".join(one.message for one in refused.value.diagnostics)


def test_large_numbers_and_small_ones() -> None:
    assert bodies.plain(b'{"a": 1000000000000000000000000, "b": -0}') == {"a": 10**24, "b": 0}
    found = bodies.plain(b'{"a": 1e999}')
    assert found is None or math.isinf(found["a"])
