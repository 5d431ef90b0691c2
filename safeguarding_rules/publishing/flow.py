"""The flow picture: the questions a case goes through, from the most protective outcome down, laid out as boxes and lines.

Comes in: the steps of a view. Goes out: boxes, lines and words with their places, in the units of the picture. Promised: no words overlap or leave
their box where letters are no wider than reckoned. Must not know: HTML or SVG beyond what a box is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.publishing.document.links import OutcomeRef
from safeguarding_rules.publishing.document.outcomes import FlowStep
from safeguarding_rules.publishing.document.pack import PackView

_WIDTH = 880
_LEFT, _LEFT_WIDTH = 10, 540
_RIGHT, _RIGHT_WIDTH = 650, 220
_LINE = 22
_PAD = 16
_GAP = 46
_LETTER, _STRONG_LETTER = 8.8, 10.4
"""The widest that letters of the picture's size are on average, plain and bold."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words at a place. `look` names how they are written."""

    x: int
    y: int
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box with the words in it."""

    x: int
    y: int
    width: int
    height: int
    round: int
    look: str
    texts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow with its word."""

    x1: int
    y1: int
    x2: int
    y2: int
    word: str
    word_x: int
    word_y: int


@dataclass
class FlowPicture:
    """The whole picture."""

    width: int = _WIDTH
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def picture_of(pack: PackView, texts: Catalogue) -> FlowPicture:
    """The flow picture of a pack."""
    picture = FlowPicture()
    y = 10
    start = _box(_LEFT, y, _LEFT_WIDTH, "start", 22, [(texts.say("page.flow.start"), "strong")])
    picture.boxes.append(start)
    y += start.height
    for question, outcome in _questions(pack, texts):
        _down(picture, y, "" if y == start.y + start.height else texts.say("page.flow.arrow.no"))
        y += _GAP
        asked = _box(_LEFT, y, _LEFT_WIDTH, "question", 4, question)
        picture.boxes.append(asked)
        middle = y + asked.height // 2
        picture.boxes.append(_answer(middle, outcome))
        right = _LEFT + _LEFT_WIDTH
        picture.lines.append(Line(right, middle, _RIGHT, middle, texts.say("page.flow.arrow.yes"), right + 14, middle - 8))
        y += asked.height
    _down(picture, y, texts.say("page.flow.arrow.no"))
    y += _GAP
    end = _box(_LEFT, y, _LEFT_WIDTH, f"outcome {_level(pack.flow[-1].outcome)}", 22, [(pack.flow[-1].outcome.title, "strong light")])
    picture.boxes.append(end)
    picture.height = y + end.height + 10
    return picture


def _questions(pack: PackView, texts: Catalogue) -> Iterator[tuple[list[tuple[str, str]], OutcomeRef]]:
    for step in _asking(pack.flow):
        asked = texts.say("page.flow.any" if len(step.rules) > 1 else "page.flow.one")
        yield [(asked, "strong"), *((f"• {link.title}", "plain") for link in step.rules)], step.outcome
    yield [(texts.say("page.flow.missing"), "strong")], pack.advice.outcome


def _asking(steps: Sequence[FlowStep]) -> Iterator[FlowStep]:
    return (step for step in steps if step.rules)


def _down(picture: FlowPicture, y: int, word: str) -> None:
    x = _LEFT + 60
    picture.lines.append(Line(x, y, x, y + _GAP, word, x + 12, y + _GAP // 2 + 5))


def _answer(middle: int, outcome: OutcomeRef) -> Box:
    lines = len(_wrapped(outcome.title, _RIGHT_WIDTH, _STRONG_LETTER))
    height = 2 * _PAD + _LINE * lines
    return _box(_RIGHT, middle - height // 2, _RIGHT_WIDTH, f"outcome {_level(outcome)}", 22, [(outcome.title, "strong light")])


def _box(x: int, y: int, width: int, look: str, round_: int, paragraphs: Sequence[tuple[str, str]]) -> Box:  # noqa: PLR0913, PLR0917  a box
    texts: list[Words] = []
    line = y + _PAD + 15
    for words, written in paragraphs:
        for index, part in enumerate(_wrapped(words, width, _STRONG_LETTER if "strong" in written else _LETTER)):
            indent = 14 if index and words.startswith("•") else 0
            texts.append(Words(x + _PAD + indent, line, part, written))
            line += _LINE
    return Box(x, y, width, line - y - 15 + _PAD, round_, look, tuple(texts))


def _wrapped(words: str, width: int, letter: float) -> list[str]:
    return textwrap.wrap(words, int((width - 2 * _PAD - 14) / letter)) or [""]


def _level(outcome: OutcomeRef) -> str:
    return f"level-{outcome.rank * 5 // max(1, outcome.steps - 1)}"
