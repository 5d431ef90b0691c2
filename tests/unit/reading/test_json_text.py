from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding_rules.reading.json_text import read_json
from safeguarding_rules.reading.text import INVISIBLE

TEXTS = st.text(max_size=8).filter(lambda text: not INVISIBLE.search(text))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(DATA, st.sampled_from([None, 0, 2]), st.booleans())
def test_it_reads_what_json_writes(data: object, indent: int | None, ascii_only: bool) -> None:
    reading = read_json(json.dumps(data, indent=indent, ensure_ascii=ascii_only), "f")
    assert not reading.problems
    assert reading.data == data
    assert type(reading.data) is type(data)


@given(st.text(max_size=40) | st.text(alphabet='{}[]:,"\\ 0123456789.eE+-truefalsn\n', max_size=40))
def test_it_reads_what_json_reads_and_nothing_else(text: str) -> None:
    reading = read_json(text, "f")
    problems: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        problems.extend("twice" for _ in range(len(pairs) - len(dict(pairs))))
        return dict(reversed(pairs))

    try:
        data = json.loads(text, object_pairs_hook=once, parse_constant=problems.append)
    except ValueError:
        assert reading.problems
        return
    if not problems and not reading.problems:
        assert reading.data == data
    if problems:
        assert reading.problems


def test_every_value_and_key_has_its_place() -> None:
    text = '{"a": 1,\n  "b": [true, {"c": "x"}]}\n'
    spans = read_json(text, "f.json").spans
    places: dict[tuple[str | int, ...], tuple[int, int, int, int]] = {
        (): (1, 1, 2, 27),
        ("a",): (1, 7, 1, 8),
        ("b",): (2, 8, 2, 26),
        ("b", 0): (2, 9, 2, 13),
        ("b", 1): (2, 15, 2, 25),
        ("b", 1, "c"): (2, 21, 2, 24),
    }
    for path, (line, column, end_line, end_column) in places.items():
        span = spans.at(path)
        assert (span.line, span.column, span.end_line, span.end_column) == (line, column, end_line, end_column), path
    assert (spans.at(("b",), key=True).line, spans.at(("b",), key=True).column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"a": tru}', (1, 7), "`tru` is not a value"),
        ('{"a" 1}', (1, 6), "expected `:`, not `1`"),
        ('{"a": 1,}', (1, 9), "expected a key in double quotes, not `}`"),
        ("{a: 1}", (1, 2), "expected a key in double quotes or `}`, not `a`"),
        ('{"a": 01}', (1, 7), "expected a value, not `01}`"),
        ('{"a": 1} x', (1, 10), "expected nothing more, not `x`"),
        ("[1 2]", (1, 4), "expected `,` or `]`, not `2`"),
        ('["a]', (1, 2), "the text in quotes does not end"),
        ("[", (1, 2), "the text ends where a value or `]` should stand"),
        ('{"a": True}', (1, 7), "`True` is not a value"),
    ],
)
def test_what_is_not_json_is_said_where_it_stands(text: str, place: tuple[int, int], message: str) -> None:
    (problem,) = read_json(text, "f").problems
    assert problem.code == "SR807"
    assert message in problem.message
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == place


def test_a_key_given_twice_is_said_with_both_places_and_the_first_stays() -> None:
    reading = read_json('{"a": 1,\n "a": 2}', "f")
    (problem,) = reading.problems
    assert (problem.code, str(problem.span), [str(place) for _, place in problem.related]) == ("SR106", "f:2:2", ["f:1:2"])
    assert reading.data == {"a": 1}


def test_no_depth_and_no_number_of_values_is_too_much() -> None:
    for text, code in (("[" * 100_000, "SR113"), ('{"a":' * 100_000, "SR113"), (f"[{'0,' * 300_000}0]", "SR114")):
        assert [problem.code for problem in read_json(text, "f").problems] == [code]


def test_invisible_characters_are_refused_even_when_escaped() -> None:
    assert [problem.code for problem in read_json('{"a": "\\u200b\\ud800"}', "f").problems] == ["SR104"]
