"""What changed between two decisions of a case, and why, in words.

Comes in: the decision before and after an event. Goes out: a `Change`: the comparison as data, and sentences. Promised: every reason stands in one of
the two decisions; nothing is judged anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding_rules.comparing.decisions import DecisionsCompared, compare_decisions
from safeguarding_rules.deciding.decision import Decision


@dataclass(frozen=True)
class Change:
    """What an event changed. `headline` says what rose or fell and why; `str()` adds duties and questions."""

    compared: DecisionsCompared
    headline: str

    @property
    def rose(self) -> bool:
        """Whether the advice is stricter now."""
        return self.compared.outcome == "stricter"

    @property
    def fell(self) -> bool:
        """Whether the advice is milder now."""
        return self.compared.outcome == "milder"

    @property
    def details(self) -> tuple[str, ...]:
        """What the headline leaves out: duties and questions, a sentence each."""
        return self.compared.sentences()[1:]

    def __str__(self) -> str:
        return " ".join((self.headline, *self.details))


def change(before: Decision, after: Decision) -> Change:
    """Put two decisions of one case side by side."""
    compared = compare_decisions(before, after)
    return Change(compared, _headline(compared, before, after))


def _headline(compared: DecisionsCompared, before: Decision, after: Decision) -> str:
    if compared.outcome == "same":
        return f"stays at {after.outcome}" + ("." if compared.settled_before == compared.settled_after else f", {_settled(after)}.")
    verb = {"stricter": "rose", "milder": "fell", "other": "changed"}[compared.outcome]
    return f"{verb} from {before.outcome} to {after.outcome} because{_why(compared, before, after)}"


def _settled(decision: Decision) -> str:
    return "settled now" if decision.settled else "no longer settled"


def _why(compared: DecisionsCompared, before: Decision, after: Decision) -> str:
    """What follows the word "because". A rule gives its reason in sentences of its own, so they come after a colon."""
    if after.contradiction is not None:
        named = ", ".join(f"`{name}`" for name in dict.fromkeys(name for one in after.contradiction.conflicts for name in one))
        return f" these facts cannot all be true: {named}."
    if not compared.same_policy:
        names = ", ".join(f"{pack.pack} {pack.version}" for pack in after.policy.packs)
        return f" another policy is in force: {names}."
    reasons = _reasons(after)
    if compared.outcome == "milder":
        gone = [rule.because for rule in (*before.rules.met, *before.rules.presumed) if rule.outcome == before.outcome]
        left = f" What holds now: {' '.join(reasons)}" if reasons else ""
        return f" this no longer holds or need no longer be presumed: {' '.join(gone)}{left}" if gone else f" more is known.{left}"
    return f": {' '.join(reasons) or after.program.policy.outcomes[after.verdict.advice].because}"


def _reasons(decision: Decision) -> list[str]:
    """Why the advice is what it is: rules met, else rules presumed, else not knowing enough."""
    for rules in (decision.rules.met, decision.rules.presumed):
        if found := [rule.because for rule in rules if rule.outcome == decision.outcome]:
            return list(dict.fromkeys(found))
    unsettled = decision.program.policy.when_unsettled
    if not decision.settled and unsettled.outcome == decision.verdict.advice:
        return [unsettled.because]
    return []
