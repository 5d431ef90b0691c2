"""YAML 1.2 text to plain data that knows its places, refusing what the pack language leaves out.

In: bytes. Out: data of dict, list, str, int, float, bool and None, the place of every value and key, and every problem. Promised: whatever
the bytes are, the answer is an answer or findings, within a bounded number of values and levels; nothing is ever constructed but plain data.
The events of the parser are walked with our own stack, so no nesting can exhaust Python's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from safeguarding_rules.diagnostics import Diagnostic, PackError, Span
from safeguarding_rules.language.words import MOST_PROBLEMS
from safeguarding_rules.reading.events import compiled_events, pure_events, suits_compiled
from safeguarding_rules.reading.places import Corners, Path, Place, Spans
from safeguarding_rules.reading.read_text import DEEPEST, MOST_VALUES, YamlReading
from safeguarding_rules.reading.scalars import Scalar, TooLongError, resolve
from safeguarding_rules.reading.syntax import syntax_finding
from safeguarding_rules.reading.text import INVISIBLE, decode, start_of


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read; `step` is the key or index of the member that comes next."""

    data: Any
    place: Place
    step: Any = None
    key: Corners | None = None
    refused: bool = False
    """The key that was just read cannot be one, so what stands under it is left out."""
    is_key: bool = False
    flow: bool = False


@dataclass(slots=True)
class _Reader:
    """Builds data and places from parser events."""

    file: str
    lines: list[str]
    problems: list[Diagnostic] = field(default_factory=list)
    unreadable: set[Path] = field(default_factory=set)
    stack: list[_Frame] = field(default_factory=list)
    values: int = 0
    documents: int = 0
    root: Any = None
    root_place: Place | None = None

    def walk(self, events: Iterator[Any]) -> bool:
        """Take every event of the text, and say whether its end was reached; a problem that leaves no way to go on ends the walk."""
        for event in events:
            if isinstance(event, ev.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, ev.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, ev.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, ev.AliasEvent):
                self._alias(event)
            elif isinstance(event, ev.DocumentStartEvent) and not self._document(event):
                return True
            if len(self.problems) >= MOST_PROBLEMS:
                return False
            if self.values > MOST_VALUES:
                self._report("SR114", "the file holds more than 150,000 values", _corners(event), "split it")
                return False
            if len(self.stack) > DEEPEST:
                self._report("SR113", "nested more than 60 levels deep", _corners(event), "give inner conditions a name under `definitions`")
                return False
        return True

    def _document(self, event: ev.DocumentStartEvent) -> bool:
        self.documents += 1
        if self.documents > 1:
            self._report("SR111", "a second document starts here", _corners(event), "a file holds one document; use one file each")
        return self.documents == 1

    def _scalar(self, event: ev.ScalarEvent) -> None:
        corners = self._scalar_corners(event)
        plain = event.style in (None, "") and event.value is not None
        value: Any = event.value
        self._properties(event, corners)
        if not plain and event.style == '"' and INVISIBLE.search(value):
            self._report("SR104", "the text holds an invisible character", corners, "take the escape out")
            value = INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", value)
        if self._expects_key():
            self._take_key(event.value if value is event.value else value, corners, plain=plain)
            return
        if plain:
            try:
                value = resolve(value)
            except TooLongError:
                self._report("SR120", "the number is too long", corners, "if it is text, put it in quotes")
                self.unreadable.add(self._path())
                value = None
        # Nothing after a key is seen at the key; the parsers do not agree where nothing stands.
        empty = plain and not event.value and self.stack and self.stack[-1].key
        self._put(value, Place(self.stack[-1].key or corners if empty else corners, plain=plain))

    def _take_key(self, text: str, corners: Corners, *, plain: bool) -> None:
        if plain and text == "<<":
            self._report("SR109", "the merge key `<<` is not part of the pack language", corners, "write the keys out")
            self.stack[-1].refused = True
        elif plain and not isinstance(_resolved(text), str):
            shown = f"the key `{text}` is not text" if text else "the key is empty"
            self._report("SR112", shown, corners, f'put it in quotes: `"{text}"`' if text else None)
            self.stack[-1].refused = True
        self._key(text, corners)

    def _key(self, name: str, corners: Corners) -> None:
        frame = self.stack[-1]
        children = frame.place.children
        if isinstance(children, dict) and name in children:
            first = children[name].key or children[name].corners
            related = (("it stands here first", Span(self.file, *first)),)
            self._report("SR106", f"the key `{name}` is given twice", corners, "rename or merge them", related)
        frame.step, frame.key = name, corners

    def _open(self, event: ev.CollectionStartEvent) -> None:
        corners = _corners(event)
        self._properties(event, corners)
        is_key = self._expects_key()
        if is_key:
            self._report("SR112", "a list or mapping cannot be a key", corners, "keys are names")
        mapping = isinstance(event, ev.MappingStartEvent)
        place = Place(corners, children={} if mapping else [])
        self.values += 1
        self.stack.append(_Frame({} if mapping else [], place, None if mapping else 0, is_key=is_key, flow=bool(event.flow_style)))

    def _close(self, event: ev.CollectionEndEvent) -> None:
        frame = self.stack.pop()
        start = frame.place.corners
        last = _last(frame.place)
        end = _corners(event)[2:] if frame.flow or last is None else last
        frame.place.corners = (start[0], start[1], end[0], end[1])
        if frame.is_key:
            self.stack[-1].refused = True
            self._key("", start)
        else:
            self.values -= 1
            self._put(frame.data, frame.place)

    def _alias(self, event: ev.AliasEvent) -> None:
        corners = _corners(event)
        help_ = "write the text out; if the text starts with `*`, put it in quotes"
        self._report("SR108", f"the alias `*{event.anchor}` is not part of the pack language", corners, help_)
        if self._expects_key():
            self.stack[-1].refused = True
            self._key(f"*{event.anchor}", corners)
            return
        self.unreadable.add(self._path())
        self._put(None, Place(corners))

    def _properties(self, event: ev.ScalarEvent | ev.CollectionStartEvent, corners: Corners) -> None:
        if event.anchor is not None:
            self._report("SR107", f"the anchor `&{event.anchor}` is not part of the pack language", corners, "take it out")
        tag = event.tag
        if tag is not None:
            help_ = "take it out; if the text starts with `!`, put it in quotes"
            self._report("SR110", f"the tag `{tag}` is not part of the pack language", corners, help_)
            if not self._expects_key():
                self.unreadable.add(self._path())

    def _put(self, value: object, place: Place) -> None:
        self.values += 1
        if not self.stack:
            self.root, self.root_place = value, place
            return
        frame = self.stack[-1]
        children = frame.place.children
        if isinstance(children, list):
            children.append(place)
            frame.data.append(value)
            frame.step += 1
        elif isinstance(children, dict):
            place.key = frame.key
            # The first of two values stays, so that the places of what is reported next fit the data.
            if frame.step not in frame.data and not frame.refused:
                children[frame.step] = place
                frame.data[frame.step] = value
            frame.step, frame.key, frame.refused = None, None, False

    def _expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].data, dict) and self.stack[-1].step is None

    def _path(self) -> Path:
        return tuple(frame.step for frame in self.stack)

    def _scalar_corners(self, event: ev.ScalarEvent) -> Corners:
        line, column, end_line, end_column = _corners(event)
        if event.style in ("|", ">"):
            # The parser's mark lies at the start of the line after; a reader sees the text end with its last line.
            end_line -= 1
            while end_line > line and not self.lines[min(end_line, len(self.lines)) - 1].strip():
                end_line -= 1
            end_column = len(self.lines[min(end_line, len(self.lines)) - 1]) + 1
        return line, column, end_line, end_column

    def _report(self, code: str, message: str, corners: Corners, help_: str | None = None, related: tuple[tuple[str, Span], ...] = ()) -> None:
        self.problems.append(Diagnostic(code, "error", message, Span(self.file, *corners), help_, related))


def _corners(event: ev.Event) -> Corners:
    start, end = event.start_mark, event.end_mark
    return start.line + 1, start.column + 1, end.line + 1, end.column + 1


def _last(place: Place) -> tuple[int, int] | None:
    children = place.children
    if not children:
        return None
    last = children[-1] if isinstance(children, list) else next(reversed(children.values()))
    return last.corners[2:]


def _resolved(text: str) -> Scalar:
    try:
        return resolve(text)
    except TooLongError:
        return None


def read_yaml(content: bytes, file: str) -> YamlReading:
    """Return what the bytes of a YAML file hold; `file` is how its places are named. Never raises for any content."""
    text, problems = decode(content, file)
    reader, complete = _Reader(file, text.split("\n")), False
    directives = [number for number, line in enumerate(reader.lines, start=1) if line.startswith("%")]
    if directives:
        # They can change what the text means, and reading many of them takes long.
        message, help_ = "a line that starts with `%` is not part of the pack language", "delete it, or indent it where it is text"
        return _unread(text, file, [*problems, Diagnostic("SR110", "error", message, Span(file, directives[0], 1, directives[0], 2), help_)])
    if suits_compiled(text):
        complete = _walked(reader, compiled_events(text), text)
    if not complete or reader.problems:
        reader = _Reader(file, text.split("\n"))
        complete = _walked(reader, pure_events(text), text)
    problems += reader.problems
    if complete and not problems and reader.root is None:
        problems.append(Diagnostic("SR115", "error", "the file is empty", start_of(file), "write the document, or delete the file"))
    place = reader.root_place or Place((1, 1, 1, 1))
    unreadable = reader.unreadable if complete and reader.root_place is not None and reader.root is not None else {()}
    return YamlReading(text, reader.root, Spans(file, place), tuple(problems), frozenset(unreadable))


def _unread(text: str, file: str, problems: list[Diagnostic]) -> YamlReading:
    return YamlReading(text, None, Spans(file, Place((1, 1, 1, 1))), tuple(problems), frozenset({()}))


def _walked(reader: _Reader, events: Iterator[Any], text: str) -> bool:
    """Walk the events and say whether the text could be read to its end; where not, the reader has a finding that says why."""
    try:
        return reader.walk(events)
    except MarkedYAMLError as error:
        reader.problems.append(syntax_finding(error, reader.file, text))
    except (YAMLError, Exception):  # noqa: BLE001 - whatever a parser does with hostile text, an author gets a finding
        reader.problems.append(Diagnostic("SR105", "error", "the text is not valid YAML", start_of(reader.file)))
    return False


def yaml_data(content: bytes, file: str) -> tuple[Any, Spans]:
    """Return the data of a YAML file and its places. Raises PackError with every problem."""
    reading = read_yaml(content, file)
    if reading.problems:
        raise PackError(reading.problems)
    return reading.data, reading.spans
