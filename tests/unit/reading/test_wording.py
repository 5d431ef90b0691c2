"""What a model refuses reaches an author in our words, at the exact place, with a remedy."""

import copy
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from safeguarding_rules.language.documents import DOCUMENTS, RulesFile
from safeguarding_rules.reading.wording import checked, problems_of
from safeguarding_rules.reading.yaml_text import read_yaml
from tests.unit.language.documents_in_full import IN_FULL
from tests.unit.language.test_schemas import mutate

FOREIGN = re.compile(
    r"Input should|valid (string|integer|dict|tuple|list)|NoneType|\bdict\b|\bstr\b|\btuple\b|Literal|pydantic|validation|<class|object at|Extra"
)


@given(draw=st.data())
def test_no_wording_of_the_host_language_reaches_an_author(draw: st.DataObject) -> None:
    kind = draw.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = copy.deepcopy(draw.draw(st.sampled_from(IN_FULL[kind])))
    for _ in range(draw.draw(st.integers(1, 4))):
        document = mutate(document, draw)
    try:
        DOCUMENTS[kind].model_validate(document)
    except ValidationError as error:
        problems = list(problems_of(error))
        assert problems
        for problem in problems:
            assert re.fullmatch(r"SR[0-9]{3}", problem.code), problem
            assert not FOREIGN.search(f"{problem.message} {problem.help}"), problem
            assert "is not understood here" not in problem.message, problem


@given(draw=st.data())
def test_every_problem_points_into_the_document(draw: st.DataObject) -> None:
    kind = draw.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = copy.deepcopy(draw.draw(st.sampled_from(IN_FULL[kind])))
    document = mutate(document, draw)
    try:
        DOCUMENTS[kind].model_validate(document)
    except ValidationError as error:
        for problem in problems_of(error):
            node: Any = document
            for step in problem.path:
                node = node[step]


def finding_of(text: str) -> Any:
    reading = read_yaml(text.encode(), "a.yaml")
    assert not reading.problems
    _, [finding] = checked(RulesFile, reading.data, reading.spans, reading.text)
    return finding


RULE = "rules:\n  a:\n    title: {title}\n    when: {{a: true}}\n    because: b\n    cite: [A-1]\n    outcome: {outcome}\n"


@pytest.mark.parametrize(
    ("title", "outcome", "help_"),
    [
        ("010", "refer", 'put it in quotes: `"010"`'),
        ("1.50", "refer", 'put it in quotes: `"1.50"`'),
        ("true", "refer", 'put it in quotes: `"true"`'),
        ("[a]", "refer", None),
        ("x", "Refer Now", "write `refer_now`"),
        ("x", "ALL", "write `all`"),
        ("x", "not", "choose another name"),
    ],
)
def test_remedies(title: str, outcome: str, help_: str | None) -> None:
    assert finding_of(RULE.format(title=title, outcome=outcome)).help == help_


def test_a_part_that_could_not_be_read_is_not_reported_twice() -> None:
    reading = read_yaml(b"rules:\n  a: *alias\n  b: {}\n", "a.yaml")
    document, found = checked(RulesFile, reading.data, reading.spans, reading.text, reading.unreadable)
    assert document is None
    assert {finding.span.line for finding in found if finding.span} == {3}


def test_braces_in_a_text_are_no_template() -> None:
    assert "`{title}`" in finding_of(RULE.format(title="x", outcome="'{title}'")).message


MANY = 60_000


@pytest.mark.parametrize(
    "rules",
    [
        {"a": {"cite": [1] * MANY}},
        {"a": {"cite": [f"A-{number}" for number in range(MANY)]}},
        {"a": {"when": {"a": {"one_of": [f"v{number}" for number in range(MANY)]}}}},
        {"a": {"when": {"all": [{}] * MANY}}},
        {"a": {f"outcom{number}": 1 for number in range(MANY)}},
        {f"a{number}": 1 for number in range(MANY)},
    ],
    ids=["numbers", "citations", "values", "conditions", "keys", "rules"],
)
def test_many_problems_are_answered_in_bounded_time_with_the_first_of_them(rules: object) -> None:
    start = time.process_time()
    with pytest.raises(ValidationError) as caught:
        RulesFile.model_validate({"rules": rules})
    assert 1 <= len(list(problems_of(caught.value))) <= 200
    assert time.process_time() - start < 20, "what grows with the square of the number takes minutes"


def helps_of(text: str, kind: str = "rules") -> list[tuple[str, str, str | None]]:
    read = read_yaml(text.encode(), "f.yaml")
    found = [*read.problems, *checked(DOCUMENTS[kind], read.data, read.spans, read.text, read.unreadable)[1]]
    return [(one.code, one.message, one.help) for one in found]


@pytest.mark.parametrize(
    ("within", "help_"),
    [
        ("0 working days", "working days count from 1: write `immediately` or `same_day`"),
        ("2 workin days", "did you mean `2 working days`?"),
        ("1 work day", "did you mean `1 working day`?"),
        ("imediately", "did you mean `immediately`?"),
        ("soon", "write `immediately`, `same_day`, `2 working days`, or a duration such as `PT24H`"),
    ],
)
def test_a_deadline_that_is_none_says_what_is(within: str, help_: str) -> None:
    rule = f"rules:\n  r: {{title: R, when: {{a: true}}, because: B., cite: [A-1], actions: [{{must: x, within: {within}}}]}}\n"
    assert helps_of(rule) == [("SR214", f"`{within}` is not a deadline", help_)]


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f", "\u3000"])
def test_a_space_that_is_none_is_named(space: str) -> None:
    rule = f"rules:\n  r:\n    title: R\n    when:{space}{{a: true}}\n    outcome: o\n    because: B.\n    cite: [A-1]\n"
    found = helps_of(rule)
    assert [code for code, _, _ in found] in (["SR203"], ["SR105"])
    assert all(f"U+{ord(space):04X}" in str(help_) for _, _, help_ in found)


def test_spaces_of_other_kinds_are_fine_in_text() -> None:
    assert helps_of("rules:\n  r: {title: R\u00a01, when: {a: true}, outcome: o, because: B\u00a02., cite: [A-1]}\n") == []


def test_one_thing_where_a_list_is_expected_says_how_to_write_the_list() -> None:
    rule = "rules:\n  r: {title: R, when: {any: {a: true}}, because: B., cite: A-1, actions: {must: x}}\n"
    assert [help_ for _, _, help_ in helps_of(rule)] == [
        "write a list, also of one: `[{…}]`, or `- ` before each condition",
        "write a list, also of one: `[{…}]`, or `- ` before each item",
        "write a list, also of one: `[A-1]`",
    ]


def test_what_may_not_stand_somewhere_is_not_looked_into() -> None:
    layer = (
        'pack: p\nversion: "1"\ntitle: T\npublisher: P\nlayer: local\nlanguage: "1"\nstatus: draft\nin_force: {from: 2024-01-01}\n'
        "extends: {pack: q}\noutcomes:\n  one: {title: One}\n"
    )
    assert [code for code, _, _ in helps_of(layer, "pack")] == ["SR211"]
