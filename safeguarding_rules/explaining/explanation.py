"""The explanation of a decision: data, and prose in three registers.

Comes in: a Decision. Goes out: an `Explanation`, frozen, JSON-able; `str()` of it is the short register. Promised: every sentence is catalogue
text, pack text or a fact; prose is written from the data alone, so an explanation read back from JSON reads the same.
"""

from __future__ import annotations

from safeguarding_rules.deciding.decision import Decision
from safeguarding_rules.explaining.account import Account
from safeguarding_rules.explaining.audit import Audit
from safeguarding_rules.explaining.document import ExplanationDocument
from safeguarding_rules.explaining.full import Full
from safeguarding_rules.explaining.short import Short
from safeguarding_rules.explaining.texts import ENGLISH, Catalogue


class Explanation(ExplanationDocument):
    """Why a decision says what it says."""

    def short(self, texts: Catalogue = ENGLISH) -> str:
        """What a busy designated safeguarding lead can act on in 20 seconds."""
        return Short(self, texts).text()

    def full(self, texts: Catalogue = ENGLISH) -> str:
        """Everything, with statements and sources."""
        return Full(self, texts).text()

    def audit(self, texts: Catalogue = ENGLISH) -> str:
        """Every field, numbered, for the record."""
        return Audit(self, texts).text()

    def __str__(self) -> str:
        return self.short()


def explain(decision: Decision, texts: Catalogue = ENGLISH, *, asking: bool = True) -> Explanation:
    """The reasons of a decision; with `asking=False` without its questions, which take longest to find."""
    return Explanation(**Account(decision, texts).fields(asking=asking))
