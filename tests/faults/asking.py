"""Seeded faults in questions, and in facts that contradict. Each says what it breaks of `docs/reference/semantics.md`."""

from __future__ import annotations

from tests.faults.fault import Fault

DECIDE = "safeguarding_rules/deciding/decide.py"
QUESTIONS = "safeguarding_rules/deciding/questions.py"
GIVING = "safeguarding_rules/deciding/giving.py"
INQUIRY = "safeguarding_rules/deciding/inquiry.py"
TOUCHING = "safeguarding_rules/deciding/touching.py"
WITNESSES = "safeguarding_rules/deciding/witnesses.py"
STEPS = "safeguarding_rules/deciding/steps.py"
CONTRADICTIONS = "safeguarding_rules/deciding/contradictions.py"

ASKING = [
    # ---- contradictions
    Fault(
        "contradiction-below-floor",
        DECIDE,
        "advice = max([program.policy.when_unsettled.outcome, *(v.advice for v in verdicts)])",
        "advice = max(v.advice for v in verdicts)",
        "contradicting facts are advised at least when_unsettled",
    ),
    Fault(
        "contradiction-takes-mildest",
        DECIDE,
        "advice = max([program.policy.when_unsettled.outcome, *(v.advice for v in verdicts)])",
        "advice = max(program.policy.when_unsettled.outcome, min(v.advice for v in verdicts))",
        "the most protective part decides",
    ),
    Fault(
        "contradiction-one-part",
        DECIDE,
        "for rank in v.possible})) or (advice,)",
        "for rank in v.possible if v is verdicts[0]})) or (advice,)",
        "possible outcomes are those of all parts",
    ),
    Fault(
        "contradiction-unsettled-actions-lost",
        DECIDE,
        "for gives in (*certain, program.unsettled_gives):",
        "for gives in certain:",
        "contradicting facts are not settled, so when_unsettled gives",
    ),
    Fault(
        "contradiction-small-parts",
        CONTRADICTIONS,
        "if all(any(conflict & more == {one} for conflict in conflicts) for one in more):",
        "if True:",
        "parts cannot be enlarged",
    ),
    Fault(
        "contradiction-standing-short",
        DECIDE,
        "if 0 < standing.rank <= advice]",
        "if 0 < standing.rank < advice]",
        "the advice on contradicting facts brings what stands from it",
    ),
    Fault(
        "contradiction-standing-always",
        DECIDE,
        "if 0 < standing.rank <= advice]",
        "if standing.rank <= advice]",
        "what always stands, stands in the parts",
    ),
    Fault(
        "contradiction-may-kept",
        DECIDE,
        "            assumed_strengths[slot] = 0 if assumed_strengths[slot] == 1 else assumed_strengths[slot]\n",
        "",
        "a presumed may gives way to a prohibition",
    ),
    Fault(
        "contradiction-reach-may-kept",
        DECIDE,
        "            reach[slot] = 0 if reach[slot] == 1 else reach[slot]\n",
        "",
        "a depending may gives way to a prohibition",
    ),
    Fault("contradiction-applies-only", DECIDE, "max(v.applies[slot], v.assumed[slot])", "v.applies[slot]", "what a part presumes is presumed"),
    Fault("contradiction-assumed-only", DECIDE, "max(v.applies[slot], v.assumed[slot])", "v.assumed[slot]", "what applies in a part is presumed"),
    Fault("contradiction-presumed-lost", DECIDE, "for i in (*v.met, *v.presumed)", "for i in v.met", "a rule presumed in a part is presumed"),
    Fault("contradiction-met-not-presumed", DECIDE, "for i in (*v.met, *v.presumed)", "for i in v.presumed", "a rule met in a part is presumed"),
    Fault("agreed-without-find", CONTRADICTIONS, "return box if box and space.find(box) else 0", "return box", "parts are consistent"),
    Fault(
        "removals-only-first",
        CONTRADICTIONS,
        "        for name in conflicts[-1]:\n",
        "        for name in list(conflicts[-1])[:1]:\n",
        "every largest part counts",
    ),
    # ---- questions
    Fault(
        "could-become-the-advice",
        QUESTIONS,
        "others = tuple(rank for rank in outcomes if rank != verdict.advice)",
        "others = tuple(outcomes)",
        "could_become are other outcomes",
    ),
    Fault(
        "actions-never-asked",
        QUESTIONS,
        "duties = bool(ranks) or any((not tied & sayings.blocks[i] and plain.duties(i)) or inquiry.duties_on(i) for i in unknown)",
        "duties = bool(ranks)",
        "a fact is asked, too, where only an action hangs on it",
    ),
    Fault(
        "mildest-question-first", QUESTIONS, "-max(others, default=-1)", "max(others, default=-1)", "the most protective could_become is asked first"
    ),
    Fault(
        "could-only-rise",
        INQUIRY,
        "self.possible = bits_at(verdict.possible)",
        "self.possible = bits_at(verdict.possible[1:])",
        "an outcome below can be removed, too",
    ),
    Fault(
        "one-of-two-hindrances-counts-as-all",
        WITNESSES,
        "self._open.terms & once & ~twice",
        "self._open.terms & once",
        "a fact alone brings only what nothing else keeps from holding",
    ),
    Fault(
        "first-answer-of-a-free-fact",
        INQUIRY,
        "if not cell & self.space.not_applicable:",
        "if not cell & self.space.not_applicable and not found:",
        "some value of a fact that nothing connects, not the first",
    ),
    Fault(
        "milder-completion-forgotten",
        TOUCHING,
        "(key := fails & terms) not in always",
        "(key := 0) not in always",
        "all that a step may release is looked at",
    ),
    Fault(
        "standing-of-the-first-anywhere",
        GIVING,
        "if not self._floor and any(given >= strength",
        "if any(given >= strength",
        "what the first outcome gives counts only where the outcome can be the first",
    ),
    Fault(
        "first-outranks-nothing",
        GIVING,
        "if strength == 1 and described.contested_may else ()",
        "if False else ()",
        "what the first outcome forbids outranks a may",
    ),
    Fault(
        "a-step-that-another-term-outlives",
        WITNESSES,
        "yield case, (case.holding & ~lost) | more",
        "yield case, (case.holding & ~self._sayings.about[index]) | more",
        "a step leaves alone what says nothing about the fact, and what still holds",
    ),
    Fault("not-applicable-as-answer", STEPS, "0 if cell & space.not_applicable else space.meet", "space.meet", "not applicable is never an answer"),
    Fault(
        "only-the-first-answer",
        STEPS,
        "    for cell in cells:\n        learned",
        "    for cell in cells[:1]:\n        learned",
        "some value of the fact, not the first",
    ),
]
