"""Finds words that ask somebody to look at imagery, in the questions and help texts of facts: nobody looks in order to answer.

Comes in: a text. Goes out: the words that ask, or nothing. Promised: what says that nobody need look, what asks whether somebody has looked, and what
tells of imagery that others saw is let be; so is a permission, which asks for nothing. Words can be missed: this reads English by its surface, in the
ways in which a question or help text is likely to ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from safeguarding_rules.linking.findings import Findings, Place
from safeguarding_rules.reading.pack import Pack

_BETWEEN = (
    r"(?:(?:the|any|each|every|all|a|an|this|that|these|those|both|some|its|their|his|her|your|of|shared|sent|received|reported|original|actual|full|"
    r"whole|nude|semi-nude|sexual|intimate|pupil|child|young|person|\w+['’]s?)[ -]+){0,5}"
)
_IMAGERY = r"(?:images?|imagery|photos?|photographs?|pictures?|videos?|clips?|films?|footage|screenshots?|live[ -]?streams?|nudes?|recordings?)\b"
_LOOK = (
    r"(?:(?:have|take|has|takes) a(?:nother)? (?:\w+ )?look at|look (?:closely |carefully |again |back )?(?:at|over|through)|"
    r"view|open|watch|play|inspect|examine)"
)
_LOOKING = (
    r"(?:having (?:looked at|viewed|watched|opened|seen)|looking (?:closely |carefully )?at|viewing|opening|watching|playing|inspecting|examining)"
)
_SEEN = rf"{_BETWEEN}{_IMAGERY}"
_IT = r"(?:it|them)\b"
_SOMEBODY = (
    r"(?:you|we|they|staff|somebody|someone|anybody|a (?:colleague|teacher|member of staff|parent|carer)|the (?:\w+ ){0,3}?"
    r"(?:lead|dsl|deputy|headteacher|teacher|police|parents?))"
)
_DUTY = r"(?:(?:should|must|will|ought to|(?:will )?(?:need|have)s? to|has to|(?:is|are) (?:asked|required|expected|advised) to) +)"
_ADVERB = r"(?:\w+ly +|also +|first +|then +|always +)?"
_STARTS = r"^|[.:;!] *|\b(?:please|then|first|just|simply) +"
_START = rf"(?:{_STARTS})"
_GOES_ON = rf"(?:{_STARTS}|, *(?:and +|or +|then +)?|\band +)"

_ANYWHERE = (
    rf"(?:when|if|as|once|after|while) you {_ADVERB}{_LOOK} +<seen>",
    r"\bwhat (?:do|can|could|did) you (?:see|notice|recognise) (?:in|on) +<seen>",
    rf"^(?:(?:when|after|on|from|by|upon|while|before) +)?{_LOOKING} +<seen>[^,]*,",
    rf"{_START}{_ADVERB}{_LOOK} +<seen>",
    rf"{_START}(?:ask|get|have|let|tell|invite|arrange for) +(?:\w+ +){{1,5}}?(?:to +)?{_ADVERB}{_LOOK} +<seen>",
)
_TOLD = (
    rf"\b{_SOMEBODY} +{_DUTY}{_ADVERB}{_LOOK} +<seen>",
    rf"{_GOES_ON}{_ADVERB}{_LOOK} +<seen>",
)
"""In what is told and not asked: a question may ask whether somebody was to look."""

_NOT = re.compile(
    r"\b(?:not|never|nobody|no[ -]one|none|nothing|without|nor|neither|cannot|avoid|instead of|rather than|no need|no reason)\b|n['’]t\b"
)
_FORBIDS = re.compile(r"^\W*(?:please +)?(?:do not|don['’]t|never|nobody|no[ -]one|no (?:member|adult|staff|child))\b")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def _patterns(templates: Sequence[str], seen: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(template.replace("<seen>", seen)) for template in templates)


_OF_IMAGERY = (_patterns(_ANYWHERE, _SEEN), _patterns(_TOLD, _SEEN))
_OF_IT = (_patterns(_ANYWHERE, _IT), _patterns(_TOLD, _IT))


def asks_to_look(text: str) -> str | None:
    """The words of a text that ask somebody to look at imagery; None where none do."""
    plain = re.sub(r"\s+", " ", text).strip()
    named = re.search(rf"\b{_IMAGERY}", plain.lower()) is not None
    for sentence in _SENTENCE.split(plain):
        lower = sentence.lower()
        if _FORBIDS.match(lower):
            continue
        for of in (_OF_IMAGERY, *([_OF_IT] if named else [])):
            for pattern in (*of[0], *(() if lower.endswith("?") else of[1])):
                for found in pattern.finditer(lower):
                    # What denies it stands in its own clause: "if you are not sure, look at …" asks all the same.
                    clause = re.split(r"[,;:]", lower[: found.end()].rstrip(","))[-1]
                    if not _NOT.search(clause):
                        return sentence[found.start() : found.end()].strip(" ,.;:!")
    return None


def check_looking(packs: Sequence[Pack], findings: Findings) -> None:
    """Warn of facts of the packs whose question or help asks somebody to look."""
    for place, text in _texts(packs):
        asked = asks_to_look(text)
        if asked is not None:
            message = f"this asks somebody to look at imagery: `{asked}`"
            findings.report("SR614", place, message, "ask what was said or reported; nobody looks in order to answer", severity="warning")


def _texts(packs: Sequence[Pack]) -> Iterator[tuple[Place, str]]:
    for pack in packs:
        for name, fact in pack.facts.facts.items():
            for key in ("question", "help"):
                if text := getattr(fact, key):
                    yield Place(pack, "facts.yaml", ("facts", name, key)), text
