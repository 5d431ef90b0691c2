"""What a model refuses, as findings at exact places in an author's words.

In: the error of a model and the places of the document. Out: findings. Promised: no wording of the host language reaches an author; what lies
inside a value that could not be read at all is not reported again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from safeguarding_rules.diagnostics import Diagnostic, Span, suggest
from safeguarding_rules.language.shapes import Document, Problem
from safeguarding_rules.language.words import describe
from safeguarding_rules.reading.places import Path, Spans

D = TypeVar("D", bound=Document)

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "`true` or `false`",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
}
_SHORT = 60
_YES_AND_NO = {"yes": "true", "no": "false", "on": "true", "off": "false", "y": "true", "n": "false"}


def checked(model: type[D], data: object, spans: Spans, text: str, unreadable: Iterable[Path] = ()) -> tuple[D | None, list[Diagnostic]]:
    """Return the document, or None and every finding about its shape."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        unread, lines = frozenset(unreadable), text.split("\n")
        found = [finding(problem, spans, lines) for problem in problems_of(error) if not _inside(problem.path, unread)]
        if not found and not unread:
            # A document that is refused without a reason would read as an empty one.
            found = [Diagnostic("SR201", "error", "the file is not understood", spans.head(()))]
        return None, found


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """Yield the problems that a model's error holds, in our words."""
    for found in error.errors(include_url=False):
        path: tuple[str | int, ...] = found["loc"]
        is_key = bool(path) and path[-1] == "[key]"
        path = path[:-1] if is_key else path
        context: Mapping[str, Any] = found.get("ctx", {})
        if found["type"].startswith("SR"):
            yield Problem(found["type"], context["message"], path, context["help"], key=is_key or context["key"])
        else:
            code, message, remedy = _worded(found["type"], context, found["input"])
            yield Problem(code, message, path, remedy, key=is_key)


def finding(problem: Problem, spans: Spans, lines: Sequence[str]) -> Diagnostic:
    """Return the finding for a problem at its place; `lines` are those of the text."""
    if problem.key:
        span = spans.at(problem.path, key=True)
    elif problem.code in {"SR202", "SR210"}:
        span = spans.head(problem.path)
    else:
        span = spans.at(problem.path)
    remedy = problem.help
    if problem.code in {"SR201", "SR207"} and _is_unquoted_number(problem, spans, span, lines):
        remedy = f'put it in quotes: `"{_excerpt(span, lines)}"`' + (f"; {remedy}" if remedy else "")
    return Diagnostic(problem.code, "error", problem.message, span, remedy)


def _worded(kind: str, context: Mapping[str, Any], given: object) -> tuple[str, str, str | None]:
    if kind in _EXPECTED:
        return "SR201", f"expected {_EXPECTED[kind]}, found {describe(given)}", _as_expected(_EXPECTED[kind], given)
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", ""))) or ["true"]
        listed = ", ".join(f"`{word}`" for word in allowed)
        remedy = suggest(given, allowed) if isinstance(given, str) else None
        return "SR204", f"expected {'one of ' if len(allowed) > 1 else ''}{listed}, found {describe(given)}", remedy
    if kind in {"too_short", "string_too_short"}:
        least = context.get("min_length", 1)
        remedy = f"at least {least} {'is' if least == 1 else 'are'} needed"
        return "SR208", f"{describe(given)} with too little in it" if given else f"{describe(given)} that is empty", remedy
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        return "SR209", f"{describe(given)} is too {'small' if 'ge' in context else 'large'}", f"the bound is {bound}"
    return "SR201", f"{describe(given)} is not understood here", None


def _as_expected(expected: str, given: object) -> str | None:
    """How to write what was most likely meant."""
    if expected == "a list" and isinstance(given, str) and 0 < len(given) <= _SHORT and "\n" not in given:
        return f"write a list, also of one: `[{given}]`"
    if expected == "a list" and isinstance(given, dict):
        return "write a list, also of one: `[{…}]`, or `- ` before each item"
    meant = _YES_AND_NO.get(given.lower()) if expected == "`true` or `false`" and isinstance(given, str) else None
    return None if meant is None else f"write `{meant}`"


def _is_unquoted_number(problem: Problem, spans: Spans, span: Span, lines: Sequence[str]) -> bool:
    if not problem.message.startswith("expected text") and problem.code != "SR207":
        return False
    return spans.plain(problem.path) and span.line == span.end_line and bool(_excerpt(span, lines))


def _excerpt(span: Span, lines: Sequence[str]) -> str:
    return lines[span.line - 1][span.column - 1 : span.end_column - 1] if span.line <= len(lines) else ""


def _inside(path: Path, unreadable: frozenset[Path]) -> bool:
    return any(path[:length] in unreadable for length in range(len(path) + 1))
