"""Seeded faults in actions. Each says what it breaks of `docs/reference/semantics.md`."""

from __future__ import annotations

from tests.faults.fault import Fault

EVALUATE = "safeguarding_rules/deciding/evaluate.py"
VERDICT = "safeguarding_rules/deciding/verdict.py"
DUTIES = "safeguarding_rules/deciding/duties.py"
PROGRAM = "safeguarding_rules/deciding/program.py"

ACTIONS = [
    # ---- actions
    Fault(
        "standing-by-the-greatest",
        DUTIES,
        "program.standing_from[least])",
        "program.standing_from[greatest])",
        "a standing duty applies only where every possible outcome has it",
    ),
    Fault(
        "first-outcome-by-the-least",
        DUTIES,
        "if greatest == 0 else program.standing_from",
        "if least == 0 else program.standing_from",
        "when_outcome applies only where that outcome is certain",
    ),
    Fault(
        "standing-reach-by-the-least",
        DUTIES,
        "judged.open_gifts | program.standing_from[greatest]",
        "judged.open_gifts | program.standing_from[least]",
        "a standing duty depends where a possible outcome has it",
    ),
    Fault(
        "standing-strictly-above",
        PROGRAM,
        "entry.rank <= rank and not entry.first",
        "entry.rank < max(rank, 1) and not entry.first",
        "at_least includes its outcome",
    ),
    Fault(
        "advice-standing-short",
        PROGRAM,
        "if 0 < entry.rank <= rank for gift",
        "if 0 < entry.rank < rank for gift",
        "standing duties up to the advice are presumed",
    ),
    Fault("unsettled-actions-lost", DUTIES, "| self.program.unsettled_given if", "if", "when_unsettled gives presumed actions"),
    Fault(
        "unsettled-actions-always",
        DUTIES,
        "| self.program.unsettled_given if unsettled else 0",
        "| self.program.unsettled_given",
        "only while not settled",
    ),
    Fault(
        "presumed-rules-give-nothing",
        DUTIES,
        "assumed |= self.program.index.gifts[index]",
        "pass",
        "presumed rules give presumed actions",
    ),
    Fault("no-joint-certainty", DUTIES, "certain |= raised", "pass", "an action applies with its least strength over all cases"),
    Fault(
        "may-beside-prohibition",
        DUTIES,
        "self.contest(slot, *contested)",
        "pass",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "may-beside-prohibition-complete",
        EVALUATE,
        "if given[slot] == 1 and given[program.slots[slot].opposite]:",
        "if False:",
        "may counts for nothing where a prohibition is given, all being known",
    ),
    Fault(
        "presumed-may-kept",
        DUTIES,
        "assumed[i] = 0 if assumed[i] == 1 else assumed[i]\n            reach",
        "reach",
        "a presumed may gives way to a prohibition",
    ),
    Fault(
        "weakest-of-one-rule",
        PROGRAM,
        "found[slot] = max(found.get(slot, 0), STRENGTH[duty.modality])",
        "found[slot] = min(found.get(slot, 9), STRENGTH[duty.modality])",
        "the strongest modality counts",
    ),
    Fault(
        "stronger-unsaid",
        VERDICT,
        'yield Entry(slot, "applies", applies, assumed if assumed > applies else 0, ',
        'yield Entry(slot, "applies", applies, 0, ',
        "what is presumed more strongly is said",
    ),
    Fault(
        "standing-first-counts-above",
        PROGRAM,
        "entry.rank <= rank and not entry.first",
        "entry.rank <= rank",
        "when_outcome ends where the outcome rises",
    ),
    Fault(
        "depending-may-kept", DUTIES, "            reach[i] = 0 if reach[i] == 1 else reach[i]\n", "", "a depending may gives way to a prohibition"
    ),
    Fault(
        "first-never-reached",
        DUTIES,
        "        if least == 0:\n            most |= program.standing_at[0]\n",
        "",
        "when_outcome depends where that outcome is possible",
    ),
    Fault(
        "standing-is-no-giver",
        DUTIES,
        "if not any(given >= strength for _, given in described.standing):",
        "if True:",
        "a standing duty and a rule can give it together",
    ),
    Fault(
        "first-not-above",
        DUTIES,
        "for box in self.boxes_above(0) if raised else [self.look.box]:",
        "for box in [self.look.box]:",
        "an action applies with its least strength over all cases",
    ),
    Fault(
        "rules-of-the-first-outcome-are-above-it",
        DUTIES,
        "for rule in self.program.rules if rule.rank > rank for term",
        "for rule in self.program.rules if rule.rank >= rank for term",
        "an action applies with its least strength over all cases",
    ),
    Fault(
        "a-met-giver-beside-one",
        DUTIES,
        "if not self.met.intersection(giving) and len",
        "if len",
        "an action applies with its least strength over all cases",
    ),
    Fault(
        "standing-at-least-lacks",
        DUTIES,
        "            elif entry.rank <= self.possible[0]:\n                return None, False\n",
        "            elif entry.rank < self.possible[0]:\n                return None, False\n",
        "an action applies with its least strength over all cases",
    ),
    Fault(
        "standing-given-above",
        DUTIES,
        "giving.update(i for i in self.open if program.rules[i].rank >= entry.rank)",
        "giving.update(i for i in self.open if program.rules[i].rank > entry.rank)",
        "an action applies with its least strength over all cases",
    ),
    Fault(
        "weaker-rules-count",
        DUTIES,
        "giving = {index for index, given in described.rules if given >= strength}",
        "giving = {index for index, _ in described.rules}",
        "an action applies with its least strength over all cases",
    ),
    Fault(
        "first-permits-anywhere",
        DUTIES,
        "found.append((box, [bits for rule in program.rules if rule.rank > 0 for bits in rule.holds.fails]))",
        "found.append((box, []))",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "first-permits-nowhere",
        DUTIES,
        "found.append((box, [bits for rule in program.rules if rule.rank > 0 for bits in rule.holds.fails]))",
        "pass",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "giving-standing-above",
        DUTIES,
        "for rule in program.rules if rule.rank >= entry.rank for term in rule.holds.boxes]",
        "for rule in program.rules if rule.rank > entry.rank for term in rule.holds.boxes]",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "outranked-may-reached",
        DUTIES,
        "            reach[i] = 0\n            waiting",
        "            waiting",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "any-prohibition-outranks",
        DUTIES,
        "if reach[i] == 1 and reach[opposite] and not self.exists(opposite, 1, present=i):",
        "if reach[i] == 1 and reach[opposite]:",
        "may counts for nothing where a prohibition is given",
    ),
    Fault(
        "what-waits-is-outranked",
        DUTIES,
        "if assumed[i] == 1 and not waiting else",
        "if assumed[i] == 1 else",
        "a may of when_unsettled waits for what decides",
    ),
    Fault(
        "waiting-though-settled",
        DUTIES,
        "waiting = len(self.possible) > 1 and (i, 1) in",
        "waiting = (i, 1) in",
        "a may of when_unsettled counts only while not settled",
    ),
    Fault(
        "assumed-prohibitions-permit",
        DUTIES,
        "if applies[opposite] or assumed[opposite]:",
        "if applies[opposite]:",
        "a presumed prohibition outranks a may",
    ),
    Fault(
        "applying-prohibitions-permit",
        DUTIES,
        "if applies[opposite] or assumed[opposite]:",
        "if assumed[opposite]:",
        "a prohibition that applies outranks a may",
    ),
    Fault(
        "unsettled-may-uncontested",
        PROGRAM,
        'may = STRENGTH["may"] in (*given, waiting.get(slot, 0))',
        'may = STRENGTH["may"] in given',
        "a may of when_unsettled gives way to a prohibition",
    ),
    Fault("possible-strength-unsaid", VERDICT, "reach if reach > strongest else 0)", "0)", "what is possible more strongly is said"),
    Fault(
        "presumed-possible-unsaid",
        VERDICT,
        'yield Entry(slot, "presumed", assumed, 0, reach if reach > assumed else 0)',
        'yield Entry(slot, "presumed", assumed, 0, 0)',
        "what is possible more strongly than presumed is said",
    ),
]
