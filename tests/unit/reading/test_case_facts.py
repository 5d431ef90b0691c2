from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding_rules.diagnostics import Diagnostic, FactsError
from safeguarding_rules.reading.case_facts import case_facts


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("a: true\nb: [x, y]\n", "f.yaml"),
        ('{"a": true, "b": ["x", "y"]}', "f.json"),
        ('{"a": true, "b": ["x", "y"]}', "standard input"),
        ('{"a": true, "b": ["x", "y"],}', "standard input"),
        ("{a: true, b: [x, y]}", "f.yaml"),
        ('\ufeff{"a": true,\r\n "b": ["x", "y"]}', "f.json"),
    ],
)
def test_yaml_and_json_say_the_same(text: str, file: str) -> None:
    assert case_facts(text.encode(), file).facts == {"a": True, "b": ["x", "y"]}


def test_json_by_name_is_never_read_as_yaml() -> None:
    with pytest.raises(FactsError, match="not valid JSON"):
        case_facts(b"a: true", "f.json")


def test_text_that_is_neither_is_reported_as_what_it_was_meant_to_be() -> None:
    with pytest.raises(FactsError, match="not valid JSON"):
        case_facts(b'{"a": [1 2}', "standard input")
    with pytest.raises(FactsError, match="SR105"):
        case_facts(b"{a: [1, 2}", "standard input")


def test_nothing_known_is_written_as_an_empty_mapping() -> None:
    assert case_facts(b"{}", "f.yaml").facts == {}
    for text in (b"", b"# nothing\n", b"null"):
        with pytest.raises(FactsError):
            case_facts(text, "f.yaml")


def test_problems_get_the_places_of_their_facts() -> None:
    given_facts = case_facts(b"a: 1\nwrong: 2\nb:\n  below: 3\n", "f.yaml")

    def problems(facts: object) -> list[Diagnostic]:
        return [Diagnostic("SR802" if "wrong" in str(facts) else "SR803", "error", str(facts))]

    error = given_facts.placed(problems)
    assert [str(one.span) for one in error.diagnostics] == ["f.yaml:1:4", "f.yaml:2:1", "f.yaml:4:3"]
    assert error.texts == {"f.yaml": "a: 1\nwrong: 2\nb:\n  below: 3\n"}


@given(st.binary(max_size=60) | st.text(alphabet='{}[]:,"\\ \n-a1&*!|>#', max_size=60).map(str.encode), st.sampled_from(["f.yaml", "f.json", "-"]))
def test_no_bytes_make_more_than_a_facts_error(content: bytes, file: str) -> None:
    found: tuple[Diagnostic, ...] = ()
    try:
        assert isinstance(case_facts(content, file).facts, dict)
    except FactsError as error:
        found = error.diagnostics
        assert found


@given(st.dictionaries(st.from_regex("[a-z]{1,6}", fullmatch=True), st.booleans() | st.integers(0, 99) | st.lists(st.sampled_from("abc"))))
def test_json_and_yaml_that_look_alike_give_the_same_places(facts: dict[str, object]) -> None:
    text = json.dumps(facts).encode()
    as_json, as_yaml = case_facts(text, "f.json"), case_facts(text, "f.yaml")
    assert as_json.facts == as_yaml.facts == facts
    assert all(as_json.spans.at((name,)).column == as_yaml.spans.at((name,)).column for name in facts)
