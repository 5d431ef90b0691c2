"""From bytes to text: UTF-8, one kind of line end, no characters that a reader of the file could not see."""

import codecs
import re
from collections.abc import Iterator

from safeguarding_rules.diagnostics import Diagnostic, Span

LARGEST_FILE = 2_000_000

# C0 and C1 controls but tab and newline; line breaks other than newline; byte order marks and zero-width spaces; characters that turn the
# direction of writing, by which a text can read otherwise than it works; what is not a character at all.
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
_MOST_REPORTED = 20
# Nobody writes such lines, and a parser may need time that grows with the square of their length.
_LONGEST_LINE = 20_000


def decode(content: bytes, file: str) -> tuple[str, list[Diagnostic]]:
    """Return the text of a file and what is wrong with its characters; what cannot be read is replaced, so that reading can go on."""
    problems: list[Diagnostic] = []
    if len(content) > LARGEST_FILE:
        return "", [Diagnostic("SR102", "error", "the file is larger than 2 MB", start_of(file), "split it")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(content[: error.start].decode("utf-8-sig", "replace"), file)
        text, help_ = content.decode("utf-8-sig", "replace"), "save it again with the encoding UTF-8"
        if (wide := _wide(content)) is not None:
            text, help_ = wide, f"it is UTF-16: {help_} (in a spreadsheet: `CSV UTF-8`)"
        problems.append(Diagnostic("SR103", "error", "the file is not UTF-8 text", place, help_))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    too_long = next((number for number, line in enumerate(text.split("\n"), start=1) if len(line) > _LONGEST_LINE), None)
    if too_long is not None:
        place = Span(file, too_long, _LONGEST_LINE, too_long, _LONGEST_LINE + 1)
        return "", [*problems, Diagnostic("SR121", "error", "the line is longer than 20,000 characters", place, "break it with `>-`")]
    invisible = list(_invisible(text, file))
    return (INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", text) if invisible else text), problems + invisible


def _wide(content: bytes) -> str | None:
    """The text of a file that says it is UTF-16, so that only its encoding is wrong; None for any other."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError:
        return None


def _invisible(text: str, file: str) -> Iterator[Diagnostic]:
    for count, found in enumerate(INVISIBLE.finditer(text)):
        if count == _MOST_REPORTED:
            return
        message = f"the invisible character U+{ord(found[0]):04X} is not allowed"
        yield Diagnostic("SR104", "error", message, _place(text[: found.start()], file), "delete it; it often comes with copied text")


def start_of(file: str) -> Span:
    """Return the first place of a file."""
    return Span(file, 1, 1, 1, 1)


def whole(path: str) -> Span:
    """Return the place of what has no lines: a folder, an archive, what is not there or may not be read."""
    return Span(path, 0, 0, 0, 0)


def _place(before: str, file: str) -> Span:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Span(file, line, column, line, column + 1)
