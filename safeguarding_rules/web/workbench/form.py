"""The what-if form: one field a fact, "not known" unless something is chosen; and from what was sent back to facts.

Comes in: a Policy, and known facts to start from or the fields that a browser sent. Goes out: fields in groups, and facts of a case. Promised:
what is not chosen is unknown, never "no"; a field that was not understood is handed to the engine as it came, which says what is wrong with it.
Must not know: HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from safeguarding_rules.explaining.wording import FactWording
from safeguarding_rules.interface_texts import ENGLISH, Catalogue
from safeguarding_rules.language.conditions import ORDER_OPS
from safeguarding_rules.linking.policy import FactInfo, Policy
from safeguarding_rules.publishing.naming import spoken

PREFIX: Final = "fact."
_GIVEN = "as-given:"
_TESTS: Final = ("is", "below", "at_most", "at_least", "above")
_YES_NO: Final = {"yes": True, "no": False}
Fields = Mapping[str, Sequence[str]]
"""What a browser sent: every value of each field."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the form."""

    name: str
    fact: str
    kind: str
    question: str
    help: str
    options: tuple[Option, ...] = ()
    number: str = ""
    low: int = 0
    high: int = 0
    unit: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together."""

    name: str
    title: str
    fields: tuple[Field, ...]

    @property
    def known(self) -> int:
        """How many of them are answered."""
        return sum(1 for field in self.fields if field.known)


def groups_of(policy: Policy, facts: Mapping[str, object], texts: Catalogue = ENGLISH) -> tuple[Group, ...]:
    """The form, filled with facts."""
    form = _Form(policy, facts, texts)
    found: dict[str, list[Field]] = {}
    for info in policy.facts:
        found.setdefault(info.group or "", []).append(form.field(info))
    other = texts.say("page.facts.other")
    return tuple(Group(name or "other", spoken(name) if name else other, tuple(fields)) for name, fields in found.items())


class _Form:
    def __init__(self, policy: Policy, facts: Mapping[str, object], texts: Catalogue) -> None:
        self.facts, self.texts = facts, texts
        self.wording = FactWording(policy.facts, texts)

    def field(self, info: FactInfo) -> Field:
        """One question with its answer, if it is known."""
        name, value = info.spec.name, self.facts.get(info.spec.name)
        known = value is not None
        shared = (f"{PREFIX}{name}", name, info.spec.type, info.question, info.help)
        match info.spec.type:
            case "boolean":
                return Field(*shared, (self._unknown(known=known), *self._yes_no(value)), known=known)
            case "integer":
                number, test, fits = _number(value)
                options = tuple(Option(one, self.texts.say(f"workbench.number.{one}"), one == test) for one in _TESTS)
                given = () if fits else tuple(self._given(name, value))
                return Field(*shared, (*options, *given), number, info.spec.low, info.spec.high, info.unit, known)
            case "choice":
                values = tuple(Option(one, info.labels.get(one, one), value == one) for one in info.spec.values)
                given = tuple(self._given(name, value)) if isinstance(value, Mapping) else ()
                return Field(*shared, (self._unknown(known=known), *values, *given), known=known)
            case _:
                return Field(*shared, tuple(self._choices(info, value)), known=known)

    def _unknown(self, *, known: bool) -> Option:
        return Option("", self.texts.say("workbench.unknown"), not known)

    def _yes_no(self, value: object) -> Iterator[Option]:
        for word, meant in _YES_NO.items():
            yield Option(word, self.texts.say(f"answer.{word}"), value is meant)

    def _choices(self, info: FactInfo, value: object) -> Iterator[Option]:
        only = value.get("only") if isinstance(value, Mapping) else None
        listed = only if isinstance(only, list | tuple) else value if isinstance(value, list | tuple) else ()
        yield from (Option(one, info.labels.get(one, one), one in listed) for one in info.spec.values)
        yield Option("only", self.texts.say("workbench.only"), only is not None)
        if isinstance(value, Mapping) and only is None:
            yield from self._given(info.spec.name, value)

    def _given(self, fact: str, value: object) -> Iterator[Option]:
        """An answer that the form has no field for, kept as it is."""
        yield Option(f"{_GIVEN}{json.dumps(value)}", self.texts.say("workbench.as_given", answer=self.wording.answer(fact, value)), chosen=True)


def _number(value: object) -> tuple[str, str, bool]:
    """The number and the test that a field of a number shows, and whether it can show the value."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((op, operand),) = value.items()
        return (str(operand), str(op), True) if op in ORDER_OPS else ("", "is", False)
    return ("" if value is None else str(value), "is", True)


def facts_of(policy: Policy, fields: Fields) -> dict[str, object]:
    """The facts that were sent; fields of no fact are left out."""
    found: dict[str, object] = {}
    for info in policy.facts:
        sent = [one for one in fields.get(f"{PREFIX}{info.spec.name}", ()) if one.strip()]
        value = _value(info, sent, fields)
        if value is not None:
            found[info.spec.name] = value
    return found


def _value(info: FactInfo, sent: Sequence[str], fields: Fields) -> object:
    given = next((one for one in sent if one.startswith(_GIVEN)), None)
    if given is not None:
        return _read_given(given)
    if info.spec.type == "integer":
        return _sent_number(info, sent, fields)
    if not sent:
        return None
    if info.spec.type == "boolean":
        return _YES_NO.get(sent[0], sent[0])
    if info.spec.type == "choice":
        return sent[0]
    members = [one for one in sent if one != "only"]
    return {"only": members} if "only" in sent else members


def _sent_number(info: FactInfo, sent: Sequence[str], fields: Fields) -> object:
    test = next(iter(fields.get(f"{PREFIX}{info.spec.name}.test", ())), "is")
    if test.startswith(_GIVEN):
        return _read_given(test)
    if not sent:
        return None
    try:
        number: object = int(sent[0][:20])
    except ValueError:
        number = sent[0]
    return number if test == "is" else {test: number}


def _read_given(text: str) -> object:
    try:
        found: object = json.loads(text.removeprefix(_GIVEN))
    except (ValueError, RecursionError):
        return text
    return found
