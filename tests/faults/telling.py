"""Seeded faults in what a decision tells besides: reasons, contacts, deadlines, warnings. Each names the tests that must find it."""

from __future__ import annotations

from tests.faults.fault import Fault

DECIDING = "safeguarding_rules/deciding/"
WHY = ("tests/unit/deciding/test_why_and_next.py",)
DOCUMENT = ("tests/unit/deciding/test_decision.py",)

TELLING = [
    Fault(
        "conflicts-not-smallest",
        DECIDING + "contradictions.py",
        "            kept = without\n",
        "            pass\n",
        "the facts that a warning names contradict each other, none without the others",
        ("tests/unit/deciding/test_contradictions.py",),
    ),
    Fault(
        "milder-cases-of-the-same-outcome",
        DECIDING + "forcing.py",
        "[bits for rule in self._rules if rule.rank >= least for bits in rule.holds.fails]",
        "[bits for rule in self._rules if rule.rank > least for bits in rule.holds.fails]",
        "the least possible outcome is forced",
        WHY,
    ),
    Fault(
        "rules-that-add-nothing",
        DECIDING + "forcing.py",
        "                kept = without\n",
        "                pass\n",
        "rules that jointly settle it, none that adds nothing",
        WHY,
    ),
    Fault(
        "rules-of-graver-outcomes-only",
        DECIDING + "forcing.py",
        "[rule for rule in self._rules if rule.rank >= least])",
        "[rule for rule in self._rules if rule.rank > least])",
        "rules that force the outcome are named",
        WHY,
    ),
    Fault(
        "later-routes-hide-emergencies",
        DECIDING + "contacts.py",
        "() if entry.emergency else earlier)",
        "earlier)",
        "an emergency contact stands wherever it can fit",
        DOCUMENT,
    ),
    Fault(
        "every-route-that-fits",
        DECIDING + "contacts.py",
        "            earlier += () if condition is None else condition.fails\n",
        "",
        "the first contact that fits",
        DOCUMENT,
    ),
    Fault(
        "forbidden-actions-have-routes",
        DECIDING + "actions.py",
        "None if slot.forbids else program.policy",
        "program.policy",
        "what is forbidden leads nowhere",
        DOCUMENT,
    ),
    Fault(
        "latest-deadline-first",
        DECIDING + "actions.py",
        "return (deadline.due is None, moment,",
        "return (deadline.due is None, -moment,",
        "the earliest due time comes first",
        DOCUMENT,
    ),
    Fault(
        "deadlines-of-one-giver",
        DECIDING + "actions.py",
        "for d in duties if d.deadline is not None}",
        "for d in duties[:1] if d.deadline is not None}",
        "merged duties keep all deadlines",
        DOCUMENT,
    ),
]
