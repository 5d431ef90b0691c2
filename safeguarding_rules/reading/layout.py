"""The canonical layout of a YAML file of a pack: the same data and comments, indented and spaced one way.

In: the bytes of a file. Out: text. Promised: the text holds the same data in the same order and the same comments, and laying it out again
changes nothing; where that cannot be promised, the text stays as it is. What an author chose stays: the order of keys, quotes, which
collections stand on one line, where folded text breaks.

The layout: two spaces for each level, lists indented below their key, at most one blank line, comments indented as what follows them or two
spaces behind what stands before them, a text that passes 200 columns folded with `>-`.
"""

import io
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString
from ruamel.yaml.tokens import ScalarToken

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.reading.text import decode
from safeguarding_rules.reading.yaml_text import read_yaml

LONGEST_LINE = 200
FOLDED_WIDTH = 120
_UNLIMITED = 10**6
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*")
_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


def laid_out(content: bytes, file: str) -> str:
    """Return the text of a YAML file in the canonical layout; `file` is how its places are named. Raises PackError where it is not valid."""
    before = read_yaml(content, file)
    if before.problems:
        raise PackError(before.problems, {file: before.text})
    text, _ = decode(content, file)
    comments: list[str] | None = None
    for fold in (True, False):
        written = _written(text, fold=fold)
        tidied = None if written is None else _tidied(written)
        if tidied is None or tidied == text:
            continue
        after = read_yaml(tidied.encode(), file)
        comments = list(_comments(text)) if comments is None else comments
        if not after.problems and _same(before.data, after.data) and list(_comments(tidied)) == comments:
            return tidied
    return text


def _written(text: str, *, fold: bool) -> str | None:
    """Return the text as the writer lays it out, None where it cannot."""
    writer = YAML()
    writer.preserve_quotes = True
    writer.width = _UNLIMITED
    writer.brace_single_entry_mapping_in_flow_sequence = True
    writer.indent(mapping=2, sequence=4, offset=2)
    written = text
    try:
        # Twice, for what the writer only does to a text of its own.
        for _ in range(2):
            document = writer.load(written)
            if fold:
                _fold(document, 0, flow=False)
            stream = io.StringIO()
            writer.dump(document, stream)
            if stream.getvalue() == written:
                break
            written = stream.getvalue()
    except Exception:  # noqa: BLE001  the writer has its limits; the file is then left as it is
        return None
    return written


def _tidied(text: str) -> str:
    """Return a text with blank lines and comments in order: what stands between tokens, never what is in them."""
    parts: list[str] = []
    end = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        start = token.start_mark
        if start.index >= end:
            parts += [_gap(text[end : start.index], start.column, first=end == 0), text[start.index : token.end_mark.index]]
            end = token.end_mark.index
    return "".join(parts).rstrip("\n") + "\n"


def _gap(gap: str, column: int, *, first: bool) -> str:
    """Tidy what stands between two tokens: `column` is where the second one starts."""
    here, *lines = gap.split("\n")
    if not lines:
        return gap
    *between, lead = lines
    if first:
        between, here = [here, *between], ""
    kept: list[str] = []
    for line in between:
        stripped = line.strip()
        if stripped or (kept and kept[-1]) or (not kept and not first):
            kept.append(" " * column + stripped if stripped else "")
    same_line = f"  {here.strip()}" if here.strip() else ""
    return "\n".join([*kept, lead] if first else [same_line, *kept, lead])


def _fold(node: object, level: int, *, flow: bool) -> None:
    """Turn long texts of block collections into folded ones."""
    if isinstance(node, CommentedMap | CommentedSeq):
        inside = flow or bool(node.fa.flow_style())
        keys: list[Any] = list(node) if isinstance(node, CommentedMap) else list(range(len(node)))
        for key in keys:
            value = node[key]
            if isinstance(value, str):
                lead = 2 * level + (len(str(key)) + 4 if isinstance(key, str) else 4)
                commented = any(node.ca.items.get(key) or ())
                if not inside and _is_long(value, lead) and not commented:
                    node[key] = _folded(value)
            else:
                _fold(value, level + 1, flow=inside)


def _is_long(value: str, lead: int) -> bool:
    if isinstance(value, FoldedScalarString | LiteralScalarString):
        return False
    foldable = " " in value and value == " ".join(value.split()) and value.isprintable()
    return foldable and lead + len(value) > LONGEST_LINE


def _folded(value: str) -> Any:  # noqa: ANN401
    """Return a folded text with its breaks where lines of a readable width end."""
    lines = textwrap.wrap(value, FOLDED_WIDTH, break_long_words=False, break_on_hyphens=False)
    folded: Any = FoldedScalarString(value)
    position, breaks = -1, []
    for line in lines[:-1]:
        position += len(line) + 1
        breaks.append(position)
    folded.fold_pos = breaks
    return folded


def _same(first: object, second: object) -> bool:
    """Whether two documents hold the same, of the same types and in the same order."""
    if type(first) is not type(second):
        return False
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(_same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_same, first, second))
    return bool(first == second)


def _comments(text: str) -> Iterator[str]:
    """Yield the comments of a text, which is valid YAML."""
    end = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        yield from _in_gap(text[end : token.start_mark.index])
        if isinstance(token, ScalarToken) and token.style in ("|", ">"):
            header = text[token.start_mark.index : token.end_mark.index].split("\n", maxsplit=1)[0]
            yield from (found.rstrip() for found in _HEADER_COMMENT.findall(header))
        end = max(end, token.end_mark.index)
    yield from _in_gap(text[end:])


def _in_gap(gap: str) -> Iterator[str]:
    return (found.group().rstrip() for found in _COMMENT.finditer(gap))
