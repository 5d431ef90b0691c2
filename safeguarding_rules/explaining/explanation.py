"""The explanation of a decision: data, and prose in three registers.

Comes in: a Decision. Goes out: an `Explanation`, frozen, JSON-able; `str()` of it is the short register. Promised: every sentence is catalogue
text, pack text or a fact; prose is written from the data alone, so an explanation read back from JSON reads the same.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from safeguarding_rules.explaining.account import Account
from safeguarding_rules.explaining.document import ExplanationDocument
from safeguarding_rules.explaining.texts import ENGLISH, Catalogue

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from safeguarding_rules.deciding.decision import Decision


class Explanation(ExplanationDocument):
    """Why a decision says what it says."""

    __slots__ = ()

    def short(self, texts: Catalogue = ENGLISH) -> str:
        """What a busy designated safeguarding lead can act on in 20 seconds."""
        from safeguarding_rules.explaining.short import Short  # noqa: PLC0415  each register is loaded when it is asked for

        return Short(self, texts).text()

    def full(self, texts: Catalogue = ENGLISH) -> str:
        """Everything, with statements and sources."""
        from safeguarding_rules.explaining.full import Full  # noqa: PLC0415  each register is loaded when it is asked for

        return Full(self, texts).text()

    def audit(self, texts: Catalogue = ENGLISH) -> str:
        """Every field, numbered, for the record."""
        from safeguarding_rules.explaining.audit import Audit  # noqa: PLC0415  each register is loaded when it is asked for

        return Audit(self, texts).text()

    def __str__(self) -> str:
        return self.short()

    # -- as data ----------------------------------------------------------------------------------------------------------------------

    def model_dump(self, *, mode: Literal["json", "python"] = "python", by_alias: bool = False) -> dict[str, Any]:
        """The explanation as plain data; `by_alias` names fields as its JSON document does."""
        return cast(dict[str, Any], _adapter().dump_python(self, mode=mode, by_alias=by_alias))

    def model_dump_json(self, *, indent: int | None = None, by_alias: bool = False) -> str:
        """The explanation as JSON text."""
        return _adapter().dump_json(self, indent=indent, by_alias=by_alias).decode()

    @staticmethod
    def model_validate_json(text: str | bytes) -> Explanation:
        """The explanation that was written as this text. Raises pydantic's ValidationError where it is none."""
        return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Explanation]:
    from pydantic import TypeAdapter  # noqa: PLC0415  slow to load, and prose needs none of it

    return TypeAdapter(Explanation)


def explain(decision: Decision, texts: Catalogue = ENGLISH, *, asking: bool = True) -> Explanation:
    """The reasons of a decision; with `asking=False` without its questions, which take longest to find."""
    return Explanation(**Account(decision, texts).fields(asking=asking))
