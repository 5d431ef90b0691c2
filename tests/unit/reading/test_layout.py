from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.reading.layout import laid_out
from safeguarding_rules.reading.yaml_text import read_yaml
from tests.packs.pipeline import GOOD

UNTIDY = """\
# the schema


rules:
    # about a
    a:
        title:   'A rule'      # as told


        when: {all: [{x: true},   {y: [1,2]}]}
        actions:
        - must: do_it # why
          within: immediately
        -   should: other
        cite: [A-1,
               A-2]
    # last

    b: {title: x,
        when: y}
    text: >-
        folded text
        goes on

        in two paragraphs
    plain: this runs
        over lines
"""
TIDY = """\
# the schema

rules:
  # about a
  a:
    title: 'A rule'  # as told

    when: {all: [{x: true}, {y: [1, 2]}]}
    actions:
      - must: do_it  # why
        within: immediately
      - should: other
    cite: [A-1, A-2]
  # last

  b: {title: x, when: y}
  text: >-
    folded text
    goes on

    in two paragraphs
  plain: this runs over lines
"""


def test_the_layout() -> None:
    assert laid_out(UNTIDY.encode(), "f") == TIDY
    assert laid_out(TIDY.encode(), "f") == TIDY


def test_line_ends_and_a_byte_order_mark_are_tidied() -> None:
    assert laid_out(b"\xef\xbb\xbfa:   1\r\nb: 2", "f") == "a: 1\nb: 2\n"


def test_a_text_that_is_too_long_is_folded() -> None:
    words = " ".join(["word"] * 60)
    text = laid_out(f"a:\n  because: {words}\n  short: x\n".encode(), "f")
    lines = text.splitlines()
    assert lines[1] == "  because: >-"
    assert max(map(len, lines)) <= 124
    assert read_yaml(text.encode(), "f").data == {"a": {"because": words, "short": "x"}}
    assert laid_out(text.encode(), "f") == text


@pytest.mark.parametrize("long", ["x" * 300, f"{'word ' * 60}", f"{{a: {'word ' * 60}}}", f"'two  spaces {'word ' * 60}x'"])
def test_what_folding_would_change_is_left(long: str) -> None:
    text = f"a: {long.strip()}  # a comment\n"
    assert read_yaml(laid_out(text.encode(), "f").encode(), "f").data == read_yaml(text.encode(), "f").data
    assert "# a comment" in laid_out(text.encode(), "f")


def test_the_header_comment_of_a_block_stays() -> None:
    assert laid_out(b"a: >-   # why\n    x\n    y\n", "f").splitlines()[0].replace(" ", "") == "a:>-#why"


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(PackError, match="SR1"):
        laid_out(b"a: [", "f")


@pytest.mark.parametrize("file", sorted(GOOD.rglob("*.yaml")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_good_packs_are_laid_out_like_this(file: Path) -> None:
    content = file.read_bytes()
    text = laid_out(content, "f")
    assert read_yaml(text.encode(), "f").data == read_yaml(content, "f").data
    assert laid_out(text.encode(), "f") == text


WORD = st.sampled_from(["a", "b c", "yes", "no # not a comment", "-", "'q'", '"q"', "x: y", "", " ", "1", "true", "{}", "é", "long " * 50])
COMMENT = st.sampled_from(["", "  # one", " #two", "   # x: y"])


@st.composite
def documents(draw: st.DrawFn, depth: int = 0) -> str:
    """Draw the text of a document: keys, lists, comments and blank lines at random."""
    lines = []
    lead = draw(st.sampled_from(["", " ", "  ", "    "])) if depth else ""
    for number in range(draw(st.integers(1, 3))):
        lines += draw(st.lists(st.sampled_from(["", "# own line", "      # far right"]), max_size=2))
        kind = draw(st.sampled_from(["text", "flow", "list", "block"] + (["map"] if depth < 2 else [])))
        head = f"{lead}k{number}:"
        match kind:
            case "text":
                value = draw(WORD).replace('"', "'")
                lines.append(f'{head} "{value}"{draw(COMMENT)}')
            case "flow":
                lines.append(f"{head} {draw(st.sampled_from(['[1,  2]', '{a: 1}', '[{a: 1}, {b:  [c]}]', '[]']))}{draw(COMMENT)}")
            case "list":
                lines.append(f"{head}{draw(COMMENT)}")
                lines += [f"{lead}- {draw(st.sampled_from(['a', 'b', '{c: 1}']))}{draw(COMMENT)}" for _ in range(2)]
            case "block":
                lines += [f"{head} {draw(st.sampled_from(['|', '>-', '>']))}", f"{lead}   some", "", f"{lead}   text"]
            case _:
                lines.append(f"{head}{draw(COMMENT)}")
                lines += [f"{lead}  {line}" if line else "" for line in draw(documents(depth + 1)).split("\n")]
    return "\n".join(lines)


@given(documents())
def test_data_and_comments_stay_and_twice_is_once(text: str) -> None:
    before = read_yaml(text.encode(), "f")
    if before.problems:
        return
    tidy = laid_out(text.encode(), "f")
    assert read_yaml(tidy.encode(), "f").data == before.data
    for comment in ("# one", "#two", "# own line", "# far right"):
        assert tidy.count(comment) == text.count(comment)
    assert laid_out(tidy.encode(), "f") == tidy
