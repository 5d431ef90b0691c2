"""Findings: order, errors, suggestions, and the three ways of showing them."""

import json
import pickle
from pathlib import Path

import pytest

from safeguarding_rules.diagnostics import (
    CODES,
    Diagnostic,
    FactsError,
    PackError,
    Span,
    closest,
    render_json,
    render_sarif,
    render_text,
    suggest,
)

TEXT = "rules:\n  adult:\n\toutcom: refer\n    title: 漢字 and wide\n" + "x" * 400 + " far away\n"
KEY = Diagnostic("SR203", "error", "unknown key `outcom`", Span("a.yaml", 3, 2, 3, 8), "did you mean `outcome`?")


def picture(*diagnostics: Diagnostic, text: str | None = TEXT, colour: bool = False) -> str:
    return render_text(diagnostics, lambda file: text if file == "a.yaml" else None, colour=colour)


def test_findings_are_ordered_by_place_and_code_whatever_order_they_came_in() -> None:
    places = [None, Span("a", 1, 1, 1, 2), Span("a", 1, 2, 1, 3), Span("a", 2, 1, 2, 2), Span("a", 10, 1, 10, 2), Span("b", 1, 1, 1, 2)]
    found = [Diagnostic(code, "error", "x", place) for place in places for code in ("SR101", "SR203")]
    assert PackError(reversed(found)).diagnostics == tuple(found)


def test_a_finding_is_kept_once() -> None:
    assert PackError([KEY, KEY]).diagnostics == (KEY,)


@pytest.mark.parametrize("error", [PackError, FactsError])
def test_errors_cross_process_borders_whole(error: type[PackError]) -> None:
    copy = pickle.loads(pickle.dumps(error([KEY], {"a.yaml": TEXT, "b.yaml": "not named"})))  # noqa: S301 - our own bytes
    assert type(copy) is error
    assert copy.diagnostics == (KEY,)
    assert copy.texts == {"a.yaml": TEXT}


def test_an_error_says_everything_on_one_line_each() -> None:
    assert str(PackError([KEY])) == "a.yaml:3:2: error SR203: unknown key `outcom` (did you mean `outcome`?)"


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("outcom", ["outcome", "actions"], "outcome"),
        ("Adult Involved", ["adult_involved", "age"], "adult_involved"),
        ("adult-involved", ["adult_involved"], "adult_involved"),
        ("xyz", ["outcome"], None),
        ("anything", [], None),
        ("a" * 100_000, ["a" * 90], None),
    ],
)
def test_suggestions(name: str, candidates: list[str], expected: str | None) -> None:
    assert closest(name, candidates) == expected
    assert suggest(name, candidates) == (None if expected is None else f"did you mean `{expected}`?")


def test_the_picture_underlines_the_text_it_means_after_a_tab() -> None:
    assert picture(KEY).split("\n") == [
        "a.yaml:3:2: error SR203: unknown key `outcom`",
        "  3 |     outcom: refer",
        "    |     ^^^^^^",
        "    = help: did you mean `outcome`?",
    ]


def test_the_picture_counts_wide_characters_twice() -> None:
    source, underline = picture(Diagnostic("SR201", "error", "x", Span("a.yaml", 4, 15, 4, 18))).split("\n")[1:]
    assert source == "  4 |     title: 漢字 and wide"
    assert underline == "    |                 ^^^"
    assert picture(Diagnostic("SR201", "error", "x", Span("a.yaml", 4, 12, 4, 14))).split("\n")[2] == "    |            ^^^^"


def test_both_places_are_shown() -> None:
    twice = Diagnostic("SR106", "error", "twice", Span("a.yaml", 3, 2, 3, 8), None, (("it stands here first", Span("a.yaml", 2, 3, 2, 8)),))
    assert "    it stands here first: a.yaml:2:3\n  2 |   adult:\n    |   ^^^^^" in picture(twice)


def test_a_long_line_is_shown_around_the_place() -> None:
    lines = picture(Diagnostic("SR201", "error", "x", Span("a.yaml", 5, 406, 5, 410))).split("\n")
    assert all(len(line) < 200 for line in lines)
    start = lines[2].index("^")
    assert lines[1][start : start + 4] == "away"


def test_a_value_of_several_lines_is_underlined_on_its_first() -> None:
    assert picture(Diagnostic("SR201", "error", "x", Span("a.yaml", 2, 3, 4, 5))).split("\n")[2] == "    |   ^^^^^^"


@pytest.mark.parametrize("span", [Span("b.yaml", 1, 1, 1, 2), Span("a.yaml", 99, 1, 99, 2), Span("a.yaml", 0, 0, 0, 0), None])
def test_a_place_without_text_has_no_source_line(span: Span | None) -> None:
    assert len(picture(Diagnostic("SR201", "error", "x", span)).split("\n")) == 1


def test_a_place_behind_the_end_of_its_line_still_has_an_underline() -> None:
    assert picture(Diagnostic("SR201", "error", "x", Span("a.yaml", 1, 90, 1, 95))).split("\n")[2].endswith("^")


def test_nothing_in_a_file_can_control_the_terminal() -> None:
    hostile = Diagnostic("SR201", "error", "bad `\x1b[2J\u202e\n`", Span("a.yaml", 1, 1, 1, 2), "\x07", (("\x1b", Span("a\x1b", 1, 1, 1, 2)),))
    shown = picture(hostile, text="\x1b[31mred\x9b \u202e\n")
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(shown)


def test_colour_changes_nothing_but_colour() -> None:
    import re  # noqa: PLC0415

    coloured = picture(KEY, colour=True)
    assert coloured != picture(KEY)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == picture(KEY)


def test_json_holds_everything() -> None:
    [found] = json.loads(render_json([KEY]))
    assert found == {
        "code": "SR203",
        "severity": "error",
        "title": CODES["SR203"].title,
        "message": "unknown key `outcom`",
        "help": "did you mean `outcome`?",
        "span": {"file": "a.yaml", "line": 3, "column": 2, "end_line": 3, "end_column": 8},
        "related": [],
    }


def test_sarif_names_rules_places_and_levels() -> None:
    related = Diagnostic("SR106", "warning", "twice", Span("a b/é.yaml", 1, 1, 1, 2), None, (("first", Span("a.yaml", 2, 3, 2, 8)),))
    log = json.loads(render_sarif([KEY, related, Diagnostic("SR301", "note", "x")]))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SR106", "SR203", "SR301"]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [("SR301", "note"), ("SR106", "warning"), ("SR203", "error")]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert "locations" not in run["results"][0]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%A9.yaml"
    assert place["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
    assert run["results"][1]["relatedLocations"][0]["message"]["text"] == "first"


def test_what_is_meant_as_a_whole_is_shown_by_its_path_alone() -> None:
    found = Diagnostic("SR101", "error", "there is nothing at `nope`", Span("nope", 0, 0, 0, 0), related=(("beside", Span("other", 0, 0, 0, 0)),))
    assert str(found) == "nope: error SR101: there is nothing at `nope`"
    assert render_text([found], lambda _: "text\n").splitlines() == ["nope: error SR101: there is nothing at `nope`", "    beside: other"]
    nowhere = {"line": None, "column": None, "end_line": None, "end_column": None}
    (plain,) = json.loads(render_json([found]))
    assert (plain["span"], plain["related"][0]["span"]) == ({"file": "nope", **nowhere}, {"file": "other", **nowhere})
    (result,) = json.loads(render_sarif([found]))["runs"][0]["results"]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "nope"}}}]


def test_every_code_is_made_somewhere() -> None:
    """A code with a page that nothing ever shows would be a promise that is not kept."""
    sources = [path for path in (Path(__file__).parents[2] / "safeguarding_rules").rglob("*.py") if path.name != "codes.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [code for code in CODES if code not in text] == []


def test_every_code_has_three_digits_a_title_and_an_explanation() -> None:
    for code, entry in CODES.items():
        assert code.startswith("SR")
        assert code[2:].isdigit()
        assert len(code) == 5
        assert entry.title
        assert not entry.title.endswith(".")
        assert entry.explanation.endswith(".")


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("`top/r` can never hold", ("top/r",)),
        ("no longer needed: `top/r` already has the outcome `refer`", ("top/r",)),
        ("`top/t/1` and `top/t/2` give different outcomes for: `a`", ("top/t/1", "top/t/2")),
        ("nothing is named", ()),
    ],
)
def test_a_finding_is_about_what_its_message_names_first(message: str, about: tuple[str, ...]) -> None:
    assert Diagnostic("SR601", "warning", message).about == about
