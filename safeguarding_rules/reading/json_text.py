"""JSON text to plain data that knows its places, by the same bounds as YAML.

In: text. Out: data of dict, list, str, int, float, bool and None, the place of every value and key, and every problem. Promised: whatever the
text is, the answer is an answer or findings; the first place that is not JSON ends the reading. The text is walked with our own stack, so no
nesting can exhaust Python's.
"""

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from safeguarding_rules.diagnostics import Diagnostic, Span
from safeguarding_rules.reading.places import Corners, Place, Spans
from safeguarding_rules.reading.read_text import DEEPEST, MOST_VALUES, YamlReading
from safeguarding_rules.reading.scalars import LONGEST_NUMBER
from safeguarding_rules.reading.text import INVISIBLE

_TOKEN = re.compile(
    r"""[ \t\n]*(?:
    (?P<text>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")
    |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![0-9A-Za-z_.+-])
    |(?P<word>-?[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark>[\[\]{}:,])
    |(?P<end>\Z)
    )""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})
_BLANK = re.compile(r"[ \t\n]*")


class _NotJsonError(Exception):
    """The text is not JSON from a place on."""


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read; `key` is the member that comes next in a mapping."""

    data: Any
    place: Place
    key: str | None = None
    key_corners: Corners | None = None


@dataclass(slots=True)
class _Reader:
    """Builds data and places from tokens. `wants` says what may come next."""

    text: str
    file: str
    starts: list[int]
    problems: list[Diagnostic] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    wants: str = "value"
    values: int = 0
    root: Any = None
    root_place: Place | None = None

    def walk(self) -> None:
        """Take every token. Raises _NotJsonError after reporting why."""
        position = 0
        while True:
            start = _BLANK.match(self.text, position).end()  # type: ignore[union-attr]  # it matches nothing too
            token = _TOKEN.match(self.text, position)
            if token is None:
                raise self._refused(start, self._odd(start))
            position = token.end()
            corners = self._corners(start, position)
            if token.lastgroup == "end":
                if self.wants != "end":
                    raise self._refused(start, f"the text ends where {_WANTED[self.wants]} should stand")
                return
            self._take(str(token.lastgroup), token[0].lstrip(" \t\n"), corners, start)

    def _take(self, kind: str, written: str, corners: Corners, start: int) -> None:
        wants = self.wants
        if kind == "mark":
            self._mark(written, corners, start)
        elif kind == "text" and wants in ("key", "key or }"):
            self._key(self._string(written, corners), corners)
        elif wants in ("value", "value or ]"):
            self._put(self._scalar(kind, written, corners, start), Place(corners, plain=kind != "text"))
        else:
            raise self._refused(start, f"expected {_WANTED[wants]}, not `{written[:40]}`")

    def _mark(self, written: str, corners: Corners, start: int) -> None:
        wants = self.wants
        if written in "{[" and wants in ("value", "value or ]"):
            mapping = written == "{"
            self.stack.append(_Frame({} if mapping else [], Place(corners, children={} if mapping else [])))
            self.wants = "key or }" if mapping else "value or ]"
            if len(self.stack) > DEEPEST:
                self._report("SR113", f"nested more than {DEEPEST} levels deep", corners)
                raise _NotJsonError
        elif (written == "}" and wants in ("key or }", ", or }")) or (written == "]" and wants in ("value or ]", ", or ]")):
            frame = self.stack.pop()
            first = frame.place.corners
            frame.place.corners = (first[0], first[1], corners[2], corners[3])
            self._put(frame.data, frame.place)
        elif written == ":" and wants == ":":
            self.wants = "value"
        elif written == "," and wants in (", or }", ", or ]"):
            self.wants = "key" if wants == ", or }" else "value"
        else:
            raise self._refused(start, f"expected {_WANTED[wants]}, not `{written}`")

    def _key(self, name: str, corners: Corners) -> None:
        frame = self.stack[-1]
        children = frame.place.children
        if isinstance(children, dict) and name in children:
            related = (("it stands here first", Span(self.file, *(children[name].key or children[name].corners))),)
            self._report("SR106", f"the key `{name}` is given twice", corners, "rename or merge them", related)
        frame.key, frame.key_corners = name, corners
        self.wants = ":"

    def _put(self, value: object, place: Place) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            self._report("SR114", f"the file holds more than {MOST_VALUES:,} values", place.corners, "split it")
            raise _NotJsonError
        if not self.stack:
            self.root, self.root_place, self.wants = value, place, "end"
            return
        frame = self.stack[-1]
        children = frame.place.children
        if isinstance(children, list):
            children.append(place)
            frame.data.append(value)
            self.wants = ", or ]"
        elif isinstance(children, dict) and frame.key is not None:
            place.key = frame.key_corners
            # The first of two values stays, so that the places of what is reported next fit the data.
            children.setdefault(frame.key, place)
            frame.data.setdefault(frame.key, value)
            self.wants = ", or }"

    def _scalar(self, kind: str, written: str, corners: Corners, start: int) -> object:
        if kind == "text":
            return self._string(written, corners)
        if kind == "word":
            if written in _NO_NUMBERS:
                self._report("SR807", f"`{written}` is not a value", corners, "write a number, or leave the fact out")
                return None
            if written not in _WORDS:
                near = written.lower() if written.lower() in _WORDS else None
                raise self._refused(start, f"`{written[:40]}` is not a value", f"write `{near}`" if near else "put text in double quotes")
            return _WORDS[written]
        if len(written) > LONGEST_NUMBER:
            self._report("SR120", "the number is too long", corners, "if it is text, put it in quotes")
            return None
        return float(written) if set(written) & set(".eE") else int(written)

    def _string(self, written: str, corners: Corners) -> str:
        value: str = json.loads(written)
        if INVISIBLE.search(value):
            self._report("SR104", "the text holds an invisible character", corners, "take the escape out")
            value = INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", value)
        return value

    def _odd(self, start: int) -> str:
        rest = self.text[start : start + 20].split("\n")[0]
        if rest.startswith('"'):
            return "the text in quotes does not end, or holds something JSON does not allow"
        return f"expected {_WANTED[self.wants]}, not `{rest}`"

    def _refused(self, start: int, message: str, help_: str | None = None) -> _NotJsonError:
        self._report("SR807", f"not valid JSON: {message}", self._corners(start, min(start + 1, len(self.text))), help_)
        return _NotJsonError()

    def _corners(self, start: int, end: int) -> Corners:
        return (*self._position(start), *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def _report(self, code: str, message: str, corners: Corners, help_: str | None = None, related: tuple[tuple[str, Span], ...] = ()) -> None:
        self.problems.append(Diagnostic(code, "error", message, Span(self.file, *corners), help_, related))


_WANTED = {
    "value": "a value",
    "value or ]": "a value or `]`",
    "key": "a key in double quotes",
    "key or }": "a key in double quotes or `}`",
    ":": "`:`",
    ", or }": "`,` or `}`",
    ", or ]": "`,` or `]`",
    "end": "nothing more",
}


def read_json(text: str, file: str) -> YamlReading:
    """Return what JSON text holds; `file` is how its places are named. Never raises for any text."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    reader = _Reader(text, file, starts)
    try:
        reader.walk()
    except _NotJsonError:
        reader.root_place = None
    spans = Spans(file, reader.root_place or Place((1, 1, 1, 1)))
    return YamlReading(text, reader.root, spans, tuple(reader.problems), frozenset({()}) if reader.root_place is None else frozenset())
