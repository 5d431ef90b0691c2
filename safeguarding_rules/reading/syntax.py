"""What a YAML parser objects to, in an author's words."""

import re

from ruamel.yaml.error import MarkedYAMLError

from safeguarding_rules.diagnostics import Diagnostic, Span
from safeguarding_rules.language.words import ODD_SPACE

_QUOTE = "put the text in quotes"
_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"mapping values are not allowed", "a colon is not expected here", "put text that holds `: ` in quotes, or check the indentation"),
    (r"found character '\\t'", "a tab stands here", "indent with spaces, never with tabs; text that starts with a tab goes in quotes"),
    (r"cannot start any token", "a character stands here that cannot start a value", _QUOTE),
    (r"could not find expected ':'|expected ':'", "a colon is missing", "every key is followed by a colon and a space"),
    (
        r"expected <block end>|did not find expected key",
        "the indentation does not fit the lines above",
        "lines of one mapping or list start in the same column",
    ),
    (r"expected ',' or '\]'", "a list in square brackets is not closed", "add a comma or `]`"),
    (r"expected ',' or '}'", "a mapping in curly brackets is not closed", "add a comma or `}`"),
    (r"unexpected end of stream|found unexpected end", "the text ends inside quotes or brackets", "close what was opened"),
    (
        r"unknown escape|expected escape|escape sequence",
        "a backslash in double quotes starts an escape that does not exist",
        "use single quotes, or write `\\\\`",
    ),
    (r"sequence entries are not allowed", "a list item is not expected here", "start the list on the next line"),
    (r"block scalar|chomping|indentation indicator", "a folded text is not written right", "write `>-`, then the text indented on the next lines"),
    (r"while scanning a directive|directive", "a line that starts with `%` is not part of the pack language", "delete it, or put the text in quotes"),
    (r"alphabetic or numeric|anchor|alias", "`&` and `*` start anchors and aliases, which are not part of the pack language", _QUOTE),
    (r"tag", "`!` starts a tag, which is not part of the pack language", _QUOTE),
    (r"document start|document end", "a second document starts here", "a file holds one document; check the indentation"),
)


def syntax_finding(error: MarkedYAMLError, file: str, text: str) -> Diagnostic:
    """Return the finding for a parser's error."""
    said = f"{error.problem or ''} {error.context or ''}"
    message, remedy = "the text is not valid YAML here", "check the quotes, brackets and indentation just before"
    for pattern, words, advice in _WORDS:
        if re.search(pattern, said):
            message, remedy = words, advice
            break
    place = _span(error.problem_mark or error.context_mark, file, text)
    lines = text.split("\n")[max(place.line - 2, 0) : place.line]
    if odd := next((found for line in lines if (found := ODD_SPACE.search(line))), None):
        remedy = (
            f"an invisible character (U+{ord(odd[0]):04X}) stands in this line or the one before where a space should be: type a space; or {remedy}"
        )
    related: tuple[tuple[str, Span], ...] = ()
    if error.context_mark is not None and error.problem_mark is not None:
        start = _span(error.context_mark, file, text)
        related = (("what is read here starts here", start),) if start.line != place.line else ()
    return Diagnostic("SR105", "error", message, place, remedy, related)


def _span(mark: object, file: str, text: str) -> Span:
    # The mark may lie behind the end of the text, where a picture could not show it.
    lines = text.split("\n")
    line = min(int(getattr(mark, "line", 0)), len(lines) - 1)
    column = min(int(getattr(mark, "column", 0)), len(lines[line])) if line == getattr(mark, "line", 0) else len(lines[line])
    return Span(file, line + 1, column + 1, line + 1, column + 2)
