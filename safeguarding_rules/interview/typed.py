"""Typed answers: a line of text turned into what is known of a fact, or refused with the reason.

Comes in: a fact's declaration and a line. Goes out: a value or test as `decide` takes it, None for "don't know". Promised: nothing is guessed; a
line that could mean two things is refused. The words that count as answers come from the catalogue, so that another language can have its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from safeguarding_rules.interface_texts import Catalogue
from safeguarding_rules.linking.policy import FactInfo

_LIMITS = {"below": -1, "at_most": 0, "at_least": 0, "above": 1}
_SEPARATORS = re.compile(r"[\s,;]+")


class NotUnderstoodError(ValueError):
    """A line is no answer; the message says what would be."""


class Typed:
    """Reads typed answers by the words of one catalogue."""

    def __init__(self, texts: Catalogue) -> None:
        self._say = texts.say

    def says(self, word: str, line: str) -> bool:
        """Whether a line is one of the words of the catalogue under `interview.words.` and this name."""
        return " ".join(line.casefold().split()) in self._words(word)

    def _words(self, word: str) -> list[str]:
        return [one.strip() for one in self._say(f"interview.words.{word}").casefold().split("|")]

    def one(self, info: FactInfo, line: str) -> object:
        """Return what a line says of one fact; None for "don't know". Raises NotUnderstoodError."""
        if not line.strip():
            raise NotUnderstoodError(self._say("interview.problem.empty"))
        if self.says("unknown", line):
            return None
        match info.spec.type:
            case "boolean":
                return self._boolean(line)
            case "integer":
                return self._integer(info, line)
            case "choice":
                return self._choice(info, line)
            case _:
                return self._choices(info, line)

    def _boolean(self, line: str) -> bool:
        for word, value in (("yes", True), ("no", False)):
            if self.says(word, line):
                return value
        raise NotUnderstoodError(self._say("interview.problem.boolean"))

    def _integer(self, info: FactInfo, line: str) -> object:
        low, high = info.spec.low, info.spec.high
        text = " ".join(line.casefold().split())
        found = re.fullmatch(r"(.*?)\s*(\d{1,9})", text, re.ASCII)
        if found is None:
            raise NotUnderstoodError(self._say("interview.problem.number", low=low, high=high))
        number = int(found[2])
        if not low <= number <= high:
            raise NotUnderstoodError(self._say("interview.problem.outside", number=number, low=low, high=high))
        if not found[1]:
            return number
        for limit in _LIMITS:
            if self.says(limit, found[1]):
                return {limit: number}
        raise NotUnderstoodError(self._say("interview.problem.number", low=low, high=high))

    def _choice(self, info: FactInfo, line: str) -> object:
        chosen = self._values(info, _pieces(line), "choice")
        if len(chosen) > 1:
            return {"one_of": chosen}
        return chosen[0]

    def _choices(self, info: FactInfo, line: str) -> object:
        if self.says("none", line):
            return {"only": []}
        more = line.rstrip().endswith("+")
        chosen = self._values(info, _pieces(line.rstrip().removesuffix("+")), "choices")
        return chosen if more else {"only": chosen}

    def _values(self, info: FactInfo, pieces: Sequence[str], kind: str) -> list[str]:
        """The values that numbers, or names of values, stand for, in declared order."""
        values = info.spec.values
        chosen = set()
        for piece in pieces:
            if piece in values:
                chosen.add(piece)
            elif re.fullmatch(r"[0-9]{1,3}", piece) and 1 <= int(piece) <= len(values):
                chosen.add(values[int(piece) - 1])
            else:
                raise NotUnderstoodError(self._say(f"interview.problem.{kind}", count=len(values)))
        if not chosen:
            raise NotUnderstoodError(self._say(f"interview.problem.{kind}", count=len(values)))
        return [value for value in values if value in chosen]

    def together(self, infos: Sequence[FactInfo], line: str) -> Mapping[str, object]:
        """Return what a line says of several yes-or-no facts; those it does not name stay open. Raises NotUnderstoodError.

        `1 3`: these are so. `0`, `no`: none is. `a`, `all`: all are. `?`: not known of any. `1 no 2 ? 4`: one by one. `1 others no`: none but these.
        """
        if not line.strip():
            raise NotUnderstoodError(self._say("interview.problem.empty"))
        names = [info.spec.name for info in infos]
        for word, value in (("none", False), ("no", False), ("all", True), ("unknown", None)):
            if self.says(word, line):
                return dict.fromkeys(names, value)
        return self._one_by_one(names, _pieces(line))

    def _one_by_one(self, names: Sequence[str], pieces: Sequence[str]) -> Mapping[str, object]:
        problem = NotUnderstoodError(self._say("interview.problem.choices", count=len(names)))
        found: dict[str, object] = {}
        value: object = True
        named = True  # whether the last word was followed by a number
        for place, piece in enumerate(pieces):
            if re.fullmatch(r"[0-9]{1,3}", piece) and 1 <= int(piece) <= len(names):
                name = names[int(piece) - 1]
                if found.setdefault(name, value) is not value:
                    raise problem
                named = True
            elif self.says("others", piece) and named and len(pieces) == place + 2:
                return {name: self._meant(pieces[-1], problem) for name in names} | found
            else:
                value, named = self._meant(piece, problem), False
        if not named:
            raise problem
        return found

    def _meant(self, word: str, problem: NotUnderstoodError) -> bool | None:
        for name, value in (("yes", True), ("no", False), ("unknown", None)):
            if self.says(name, word):
                return value
        raise problem


def _pieces(line: str) -> list[str]:
    """A line as words and numbers; a question mark stands alone."""
    return [piece for piece in _SEPARATORS.split(line.casefold().replace("?", " ? ").strip()) if piece]
