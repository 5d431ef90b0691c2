"""CSV tables as spreadsheets write them: the same data as YAML, and a place for every cell."""

from typing import Any

import pytest

from safeguarding_rules.language.cells import parse_cell
from safeguarding_rules.language.documents import RulesFile
from safeguarding_rules.reading.csv_text import scan
from safeguarding_rules.reading.tables import read_table
from tests.unit.reading.test_yaml_text import text_at

TELL = "must tell_services by dsl within 2 working days from known"
LINES = [
    ["row", "public", "count", "motives", "outcome", "actions", "because", "cite"],
    ["wide", "TRUE", "3..7", "includes harm", "refer", f"{TELL} | should_not look_at_it", "Wide.", "A-1"],
    ["other", "-", "at least 8", "-", "", "must not look_at_it", 'It said "public"; far.', "A-1 A-2"],
]
EXPECTED = {
    "tables": {
        "spread": {
            "facts": ["public", "count", "motives"],
            "rows": [
                {
                    "row": "wide",
                    "public": "TRUE",
                    "count": "3..7",
                    "motives": "includes harm",
                    "outcome": "refer",
                    "actions": [
                        {"must": "tell_services", "by": "dsl", "within": "2 working days", "from": "known"},
                        {"should_not": "look_at_it"},
                    ],
                    "because": "Wide.",
                    "cite": ["A-1"],
                },
                {
                    "row": "other",
                    "public": "-",
                    "count": "at least 8",
                    "motives": "-",
                    "actions": [{"must_not": "look_at_it"}],
                    "because": 'It said "public"; far.',
                    "cite": ["A-1", "A-2"],
                },
            ],
        }
    }
}


def written(separator: str, end: str, *, quote_all: bool = False) -> str:
    def cell(value: str) -> str:
        return f'"{value.replace(chr(34), chr(34) * 2)}"' if quote_all or set(value) & {",", ";", '"', "\n"} else value

    return end.join(separator.join(cell(value) for value in line) for line in LINES) + end


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quote_all", [False, True])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("trailing", [False, True])
def test_however_a_spreadsheet_writes_it_the_table_is_the_same(separator: str, end: str, bom: bytes, *, quote_all: bool, trailing: bool) -> None:
    text = written(separator, end, quote_all=quote_all)
    if trailing:
        text = end.join(line + separator * 3 for line in text.split(end)[:-1]) + end + separator * 10 + end + end
    reading = read_table(bom + text.encode(), "pack/rules/spread.csv")
    assert reading.problems == ()
    assert reading.data == EXPECTED
    RulesFile.model_validate(reading.data)


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        (("facts", 1), False, "count"),
        (("rows", 0, "count"), False, "3..7"),
        (("rows", 0, "count"), True, "count"),
        (("rows", 0, "actions", 0), False, "must tell_services by dsl within 2 working days from known"),
        (("rows", 0, "actions", 0, "must"), False, "tell_services"),
        (("rows", 0, "actions", 0, "within"), False, "2 working days"),
        (("rows", 0, "actions", 0, "within"), True, "within"),
        (("rows", 0, "actions", 1, "should_not"), False, "look_at_it"),
        (("rows", 1, "cite", 1), False, "A-2"),
        (("rows", 1, "row"), False, "other"),
    ],
)
@pytest.mark.parametrize("quote_all", [False, True])
def test_every_cell_knows_its_place(path: tuple[str | int, ...], expected: str, *, key: bool, quote_all: bool) -> None:
    text = written(";", "\n", quote_all=quote_all)
    reading = read_table(text.encode(), "rules/spread.csv")
    assert text_at(text, reading.spans.at(("tables", "spread", *path), key=key)) == expected


def test_a_quoted_cell_may_hold_lines_and_what_follows_keeps_its_place() -> None:
    text = 'row,age,outcome,because,cite\na,1,refer,"Two\nlines, ""both""",A-1\nb,2,refer,x,A-2\n'
    reading = read_table(text.encode(), "rules/t.csv")
    assert reading.problems == ()
    assert reading.data["tables"]["t"]["rows"][0]["because"] == 'Two\nlines, "both"'
    assert text_at(text, reading.spans.at(("tables", "t", "rows", 0, "cite", 0))) == "A-1"
    assert text_at(text, reading.spans.at(("tables", "t", "rows", 1, "cite", 0))) == "A-2"


@pytest.mark.parametrize("text", ["", "\n", ";;;\n", "\ufeff"])
def test_an_empty_table_is_said_to_be_empty(text: str) -> None:
    assert [problem.code for problem in read_table(text.encode(), "rules/t.csv").problems] == ["SR115"]


@pytest.mark.parametrize(
    ("cell", "tests"),
    [
        ("-", ()), (" - ", ()), ("true", (True,)), ("TRUE", (True,)), ("False", (False,)), ("13", (13,)), ("-3", (-3,)), ("007", (7,)),
        ("a_b-c", ("a_b-c",)), ("a | b", ({"one_of": ["a", "b"]},)), ("1|2 |3", ({"one_of": [1, 2, 3]},)), ("not a", ({"is_not": "a"},)),
        ("not true", ({"is_not": True},)), ("not  13", ({"is_not": 13},)), ("below 13", ({"below": 13},)), ("at least 3", ({"at_least": 3},)),
        ("at most 3", ({"at_most": 3},)), ("above 3", ({"above": 3},)), ("3..7", ({"at_least": 3}, {"at_most": 7})),
        ("includes a", ({"includes": "a"},)),
        ("3 .. 7", ({"at_least": 3}, {"at_most": 7})), ("excludes a", ({"excludes": "a"},)), (True, (True,)), (13, (13,)),
        ({"none_of": ["a"]}, ({"none_of": ["a"]},)),
    ],
)  # fmt: skip
def test_cells(cell: object, tests: tuple[Any, ...]) -> None:
    found = parse_cell(cell)
    assert found == tests
    assert [type(test) for test in found] == [type(test) for test in tests]


@pytest.mark.parametrize(
    "cell",
    ["", " ", "--", "3..", "..7", "3...7", "3-7", "a b", "a |", "| a", "not", "below", "a | not", "not a b", "not a | b", "below x",
     "< 13", "at least", "Ä",
     "13.5",     "1 2", "\n-", "-\n", None, 1.5, [], ["a"], {}, {"below": 1, "above": 0}, {"x": 1}],
)  # fmt: skip
def test_what_is_no_cell(cell: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message, for no author sees it
        parse_cell(cell)


def test_offsets_follow_every_character() -> None:
    text = 'a;" b ""c"" ";d\n;;\ne'
    scanned = scan(text)
    assert [[cell.value for cell in row] for row in scanned.rows] == [["a", 'b "c"', "d"], ["e"]]
    for row in scanned.rows:
        for cell in row:
            assert [text[offset] for offset in cell.offsets[: len(cell.value)]] == list(cell.value)


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "sep=; \n"])
def test_the_line_in_which_a_spreadsheet_says_what_separates_is_understood(first: str) -> None:
    text = f"{first}row;public;outcome;because;cite\r\na;TRUE;refer;One, two.;A-1\r\n"
    read = read_table(text.encode("utf-8-sig"), "rules/t.csv")
    assert not read.problems
    (row,) = read.data["tables"]["t"]["rows"]
    assert row == {"row": "a", "public": "TRUE", "outcome": "refer", "because": "One, two.", "cite": ["A-1"]}
    assert read.spans.at(("tables", "t", "rows", 0, "because")).line == 3


def test_tabs_are_understood_where_the_table_says_so_and_named_where_not() -> None:
    text = "row\tpublic\toutcome\tbecause\tcite\na\tTRUE\trefer\tOne.\tA-1\n"
    assert not read_table(f"sep=\t\n{text}".encode(), "rules/t.csv").problems
    assert [(one.code, one.message) for one in read_table(text.encode(), "rules/t.csv").problems] == [("SR133", "the cells are separated by tabs")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_of_a_table_in_utf_16_only_the_encoding_is_wrong(encoding: str) -> None:
    text = "row,public,outcome,because,cite\na,TRUE,refer,One.,A-1\n"
    mark = {"utf-16": "", "utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}[encoding]
    (found,) = read_table(f"{mark}{text}".encode(encoding), "rules/t.csv").problems
    assert found.code == "SR103"
    assert found.help == "it is UTF-16: save it again with the encoding UTF-8 (in a spreadsheet: `CSV UTF-8`)"
