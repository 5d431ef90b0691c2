"""YAML to data and places; what is left out of the language; every text is answered."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from safeguarding_rules.diagnostics import PackError, Span
from safeguarding_rules.reading import events
from safeguarding_rules.reading.yaml_text import read_yaml, yaml_data

PACKS = sorted((Path(__file__).parents[3] / "policy_packs").glob("*/*/**/*.yaml"))


def data_of(text: str) -> Any:
    return yaml_data(text.encode(), "a.yaml")[0]


def codes_of(content: bytes | str) -> list[str]:
    reading = read_yaml(content if isinstance(content, bytes) else content.encode(), "a.yaml")
    return [problem.code for problem in sorted(reading.problems)]


def text_at(text: str, span: Span) -> str:
    lines = text.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = lines[span.line : span.end_line - 1]
    return "\n".join([lines[span.line - 1][span.column - 1 :], *middle, lines[span.end_line - 1][: span.end_column - 1]])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRUE", "tRUE"), ("yes", "yes"), ("no", "no"), ("on", "on"),
        ("off", "off"),
        ("null", None), ("~", None), ("Null", None), ("nULL", "nULL"), ("12", 12), ("-12", -12), ("+12", 12), ("012", 12), ("0o14", 12), ("0xC", 12),
        ("0b11", "0b11"), ("1_000", "1_000"), ("1:30", "1:30"), ("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("1e3", 1000.0), ("1.10", 1.1),
        (".inf", float("inf")), ("-.inf", float("-inf")), ("2024-03-11", "2024-03-11"), ("2024-03-11T10:00:00Z", "2024-03-11T10:00:00Z"),
        ("=", "="), ("'12'", "12"), ('"true"', "true"), ("+", "+"), ("-x", "-x"), (".", "."), ("e3", "e3"), ("0x", "0x"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema_of_yaml_1_2(written: str, meant: object) -> None:
    found = data_of(f"a: {written}")["a"]
    assert found == meant
    assert type(found) is type(meant)


SAMPLE = """\
# comment
rules:
  adult-involved:
    title: "An adult"   # said
    because: >-
      An adult taking
      part.

    when: {all: [{adult: true}, {age: {below: 13}}]}
    actions:
      - {must: tell, within: same_day}
      - must: look
        note: |
          a
          b
  empty:
last: [a,
  b]
"""


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        (("rules", "adult-involved", "title"), False, '"An adult"'),
        (("rules", "adult-involved", "title"), True, "title"),
        (("rules", "adult-involved", "because"), False, ">-\n      An adult taking\n      part."),
        (("rules", "adult-involved", "when"), False, "{all: [{adult: true}, {age: {below: 13}}]}"),
        (("rules", "adult-involved", "when", "all", 1, "age", "below"), False, "13"),
        (("rules", "adult-involved", "when", "all", 1, "age"), True, "age"),
        (("rules", "adult-involved", "actions", 0), False, "{must: tell, within: same_day}"),
        (("rules", "adult-involved", "actions", 0, "within"), False, "same_day"),
        (("rules", "adult-involved", "actions", 1), False, "must: look\n        note: |\n          a\n          b"),
        (("rules", "empty"), False, "empty"),
        (("last",), False, "[a,\n  b]"),
        (("last", 1), False, "b"),
        (("rules", "adult-involved", "nothing", "here"), True, None),
    ],
)
@pytest.mark.parametrize("crlf", [False, True])
def test_every_value_and_key_knows_its_place(path: tuple[str | int, ...], expected: str | None, *, key: bool, crlf: bool) -> None:
    content = (SAMPLE.replace("\n", "\r\n") if crlf else SAMPLE).encode()
    _, spans = yaml_data(b"\xef\xbb\xbf" + content, "a.yaml")
    span = spans.at(path, key=key)
    if expected is None:
        assert span == spans.at(path[:2])
    else:
        assert text_at(SAMPLE, span) == expected


def test_the_head_of_a_part_is_its_key_where_it_is_written_below() -> None:
    _, spans = yaml_data(SAMPLE.encode(), "a.yaml")
    assert text_at(SAMPLE, spans.head(("rules", "adult-involved"))) == "adult-involved"
    assert text_at(SAMPLE, spans.head(("rules", "adult-involved", "actions", 0))) == "{must: tell, within: same_day}"
    assert spans.head(()).line == 2


def test_every_value_of_the_shipped_packs_lies_where_its_span_says() -> None:
    def check(node: Any, path: tuple[str | int, ...]) -> int:
        if isinstance(node, dict):
            for key in node:
                assert text_at(text, spans.at((*path, key), key=True)).strip("'\"") == key
            return sum(check(value, (*path, key)) for key, value in node.items())
        if isinstance(node, list):
            return sum(check(value, (*path, place)) for place, value in enumerate(node))
        if node is None or isinstance(node, bool):
            return 1
        written = text_at(text, spans.at(path))
        plain = re.sub(r"^[>|][-+]?\s*", "", written)
        plain = plain[1:-1] if written[:1] in {"'", '"'} else plain
        quoted = plain.replace("''", "'").replace('\\"', '"')
        assert " ".join(str(node).split()) == " ".join(quoted.split()), path
        return 1

    for path in PACKS:
        text = path.read_text(encoding="utf-8")
        data, spans = yaml_data(text.encode(), path.name)
        assert check(data, ()) > 0


def test_all_problems_of_a_file_come_at_once() -> None:
    text = 'a: 1\na: 2\nb: &x 1\nc: *x\nd: !!str x\n<<: {a: 1}\n1: 2\n? [a]\n: 3\ntrue: 1\n"\\x07": 1\n'
    assert sorted(codes_of(text)) == ["SR104", "SR106", "SR107", "SR108", "SR109", "SR110", "SR112", "SR112", "SR112"]


def test_the_first_of_two_values_stays() -> None:
    reading = read_yaml(b"a: 1\nb: {a: 2}\na: {x: 1}\n", "a.yaml")
    assert reading.data == {"a": 1, "b": {"a": 2}}
    assert reading.problems[0].related[0][1] == Span("a.yaml", 1, 1, 1, 2)


def test_nothing_is_constructed_from_tags() -> None:
    reading = read_yaml(b"a: !!python/object/apply:os.system [echo]\nb: !!binary aGVsbG8=\n", "a.yaml")
    assert [problem.code for problem in reading.problems] == ["SR110", "SR110"]
    assert reading.data == {"a": ["echo"], "b": "aGVsbG8="}
    assert reading.unreadable == {("a",), ("b",)}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["SR115"]),
        (b"# only a comment", ["SR115"]),
        (b"---\n", ["SR115"]),
        (b"\xff\xfe", ["SR103"]),
        ("a: b".encode("utf-16"), ["SR103"]),
        (b"a: caf\xe9", ["SR103"]),
        (b"a: \xed\xa0\x80", ["SR103"]),
        (b"a: b\x00", ["SR104"]),
        ("a: \u202eb".encode(), ["SR104"]),
        ("a: b\u2028c: d".encode(), ["SR104"]),
        ("a: b\x85c: d".encode(), ["SR104"]),
        (b'a: "\\ud800"', ["SR104"]),
        (b"a: " + b"9" * 5000, ["SR120"]),
        (b"a: 1." + b"9" * 5000, ["SR120"]),
        (b"a: 0x" + b"f" * 5000, ["SR120"]),
        (b"[" * 61 + b"]" * 61, ["SR113"]),
        (b"- " * 61 + b"a", ["SR113"]),
        (b"a: b\n---\nc: d", ["SR111"]),
        (b"a: b\n...\nc: d", ["SR111"]),
        (b"%YAML 1.1\n---\na: b", ["SR110"]),
        (b"%TAG ! tag:example.com,2000:\n---\na: b", ["SR110"]),
        (b"a: [b", ["SR105"]),
        (b"a: b: c", ["SR105"]),
        (b"a:\n\t- b", ["SR105"]),
        (b"a: 'b", ["SR105"]),
        (b"a: {b: c", ["SR105"]),
        (b"a: @b", ["SR105"]),
        (b"- a\nb: c", ["SR105"]),
        (b"a: &b\n  *b : c", ["SR107", "SR108"]),
        (b"? a\n? b", []),
    ],
)
def test_what_the_language_leaves_out(content: bytes, expected: list[str]) -> None:
    found = codes_of(content)
    assert [code for code in found if code in expected] == expected
    assert bool(found) == bool(expected)


def test_sixty_levels_are_enough_and_allowed() -> None:
    assert codes_of(b"[" * 60 + b"]" * 60) == []


def test_errors_without_a_mark_are_answered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (RecursionError(), MemoryError(), ValueError("x"), IndexError()):

        def broken(_: str, error: BaseException = error) -> Any:
            yield
            raise error

        monkeypatch.setattr("safeguarding_rules.reading.yaml_text.pure_events", broken)
        monkeypatch.setattr("safeguarding_rules.reading.yaml_text.suits_compiled", lambda _: False)
        assert codes_of("a: b") == ["SR105"]
        with pytest.raises(PackError):
            yaml_data(b"a: b", "a.yaml")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a: b\n" * 500_000, "SR102"),
        (b"- a\n" * 250_000, "SR114"),
        (b"[" * 1_000_000, "SR121"),
        (b"[" * 19_000, "SR113"),
        (b"[\n" * 900_000, "SR113"),
        (b"- " * 9_900, "SR113"),
        (b"{a: " * 4_000, "SR113"),
        (b"{a:\n" * 400_000, "SR113"),
        (b"? " * 9_000, "SR113"),
        (b"?\n" * 900_000, None),
        (b"a" * 19_000 + b": b: c", "SR105"),
        (b"'" * 19_001, "SR105"),
        (b"'\n" * 900_001, "SR105"),
        (b"&a " * 6_000, "SR105"),
        (b"&a\n" * 600_000, "SR105"),
        (b"!" * 19_000, "SR110"),
        ((b"!" * 19_000 + b"\n") * 100, None),
        ((b"- !" + b"a" * 19_000 + b"\n") * 100, "SR110"),
        (b"*" * 19_000, "SR108"),
        (b"%" * 19_000, "SR110"),
        (b"%a\n" * 600_000, "SR110"),
        ((b"\t" * 19_000 + b"\n") * 100, None),
        (b"#\n" * 900_000, "SR115"),
        (b'"' + b"\\x41\n" * 390_000, "SR105"),
        (b"a: " + b"x\n " * 600_000, None),
        (b"a: >-\n" + b" x\n\n" * 400_000, None),
        ((b"\x00" * 19_000 + b"\n") * 100, "SR104"),
        (b"<<: 1\n" * 200_000, "SR109"),
        (b"a: 1\n" * 200_000, "SR106"),
        (b"--- a\n" * 200_000, "SR111"),
        ((b">" * 19_000 + b"\n x\n") * 100, "SR105"),
        ((b"a: '" + b">|" * 9_000 + b"'\n") * 100, "SR106"),
    ],
    ids=lambda value: value[:6].decode("latin-1") if isinstance(value, bytes) else str(value),
)
def test_hostile_text_is_answered_in_bounded_time(content: bytes, expected: str | None) -> None:
    start = time.process_time()
    found = codes_of(content)
    assert time.process_time() - start < 30, "what grows with the square of the length takes minutes"
    assert expected is None or expected in found


@pytest.mark.skipif(not events.has_compiled_parser(), reason="the compiled parser is not installed")
def test_the_compiled_parser_gives_the_same_data_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = [read_yaml(path.read_bytes(), path.name) for path in PACKS]
    monkeypatch.setattr(events, "_COMPILED", None)
    for path, reading in zip(PACKS, compiled, strict=True):
        assert read_yaml(path.read_bytes(), path.name) == reading
