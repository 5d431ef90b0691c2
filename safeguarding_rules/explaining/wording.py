"""Facts in words: a pack's question with its answer. Only pack text and the catalogue's words for yes, no, below, and so on.

Comes in: a fact's declaration and what is known of it. Goes out: phrases. Must not know: how anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.language.conditions import All, Always, AnyOf, Condition, Not, Test
from safeguarding_rules.linking.policy import FactInfo


class FactWording:
    """Says what is known of facts."""

    def __init__(self, facts: Iterable[FactInfo], texts: Catalogue) -> None:
        self._facts = {info.spec.name: info for info in facts}
        self._texts = texts

    def question(self, fact: str) -> str:
        """The question of a fact."""
        return self._facts[fact].question

    def answer(self, fact: str, value: object) -> str:
        """What is known of a fact: a value, a list for a `choices` fact, or a test."""
        if isinstance(value, Mapping):
            ((op, operand),) = value.items()
            if op == "only":
                return self._texts.say("answer.only", values=self._list(fact, operand, "list.and")) if operand else self._texts.say("answer.none")
            return self._tested(fact, str(op), operand)
        if isinstance(value, list | tuple):
            return self._list(fact, value, "list.and") if value else self._texts.say("answer.nothing")
        return self._value(fact, value)

    def _value(self, fact: str, value: object) -> str:
        if isinstance(value, bool):
            return self._texts.say("answer.yes" if value else "answer.no")
        return self._facts[fact].labels.get(str(value), str(value))

    def _list(self, fact: str, values: Iterable[object], joined: str) -> str:
        return self._texts.join([self._value(fact, value) for value in values], joined)

    def _tested(self, fact: str, op: str, operand: object) -> str:
        if isinstance(operand, bool):
            return self._value(fact, operand == (op == "is"))
        operands = operand if isinstance(operand, list | tuple) else (operand,)
        if op in ("is", "includes", "one_of", "includes_any"):
            return self._list(fact, operands, "list.or")
        if op == "includes_all":
            return self._list(fact, operands, "list.and")
        if op in ("is_not", "none_of", "excludes"):
            return self._texts.say("answer.is_not", value=self._list(fact, operands, "list.or"))
        return self._texts.say(f"answer.{op}", value=self._list(fact, operands, "list.or"))

    def condition(self, condition: Condition) -> str:
        """A condition as questions with their answers."""
        match condition:
            case Test(fact, op, value):
                answer = self._tested(fact, op, list(value) if isinstance(value, tuple) else value)
                return self._texts.say("condition.test", question=self.question(fact), answer=answer)
            case Always():
                return self._texts.say("condition.always")
            case Not(member):
                return self._texts.say("condition.not", condition=self.condition(member))
            case All(members):
                return self._texts.join([self.condition(member) for member in members], "condition.and")
            case AnyOf(members):
                return self._texts.join([self.condition(member) for member in members], "condition.or")
            case _:
                raise TypeError(condition)
