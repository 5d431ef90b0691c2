"""Seeded faults in the analyses: proof, difference, coverage, mutation, vignettes, strategies. Each names the tests that must find it."""

from __future__ import annotations

from tests.faults.catalogue import Fault

PROVING = "safeguarding_rules/proving/"
COMPARING = "safeguarding_rules/comparing/"
TESTING = "safeguarding_rules/testing/"

KNOWN = ("tests/unit/proving/test_known_answers.py", "tests/properties/test_proving.py")
SEEDS = ("tests/unit/proving/test_seeds.py", "tests/unit/proving/test_known_answers.py")
DIFF = ("tests/unit/comparing", "tests/properties/test_diff.py")
MUTATION = ("tests/unit/testing/test_mutate.py",)
COVERAGE = ("tests/unit/testing/test_obligations.py", "tests/unit/testing/test_suggest.py")
CASES = ("tests/unit/testing/test_judging.py", "tests/unit/cli/test_vignettes.py")
STRATEGIES = ("tests/unit/testing/test_strategies.py",)

ANALYSES = [
    # ---- proof
    Fault(
        "reachable-though-outranked",
        PROVING + "scoped.py",
        "case = arena.find(boxes, arena.fails(rank + 1))",
        "case = arena.find(boxes)",
        "an outcome is reachable only where nothing higher holds",
        KNOWN,
    ),
    Fault(
        "at-most-strictly",
        PROVING + "scoped.py",
        "arena.find(arena.reaching(wanted + 1, boxes))",
        "arena.find(arena.reaching(wanted + 2, boxes))",
        "outcome_at_most",
        KNOWN,
    ),
    Fault(
        "required-duties-not-looked-at",
        PROVING + "scoped.py",
        "for look in (_too_mild, _too_strong, _lacking, _advised):",
        "for look in (_too_mild, _too_strong, _advised):",
        "duties that an invariant requires",
        KNOWN,
    ),
    Fault(
        "duties-never-matter",
        PROVING + "matter.py",
        "found = comparing.lacking(rule.holds.boxes, absent)",
        "found = None",
        "facts that change a duty only",
        KNOWN,
    ),
    Fault(
        "outcomes-never-matter",
        PROVING + "matter.py",
        "        if rule.rank > 0:\n",
        "        if rule.rank > 9:\n",
        "facts that change an outcome",
        KNOWN,
    ),
    Fault(
        "unknown-facts-need-not-be-open",
        PROVING + "unknown.py",
        "return self._twice(box, None)",
        "return True",
        "while_unknown speaks of facts that the rest does not settle",
        KNOWN,
    ),
    Fault(
        "presumptions-not-followed",
        PROVING + "unknown.py",
        'limbs = list(rule.limbs) if rule.presume == "presume_if_partly_met" else []',
        "limbs = list[Sum]()",
        "advice that is presumed",
        KNOWN,
    ),
    Fault(
        "redundant-beside-rules-that-only-ask",
        PROVING + "lint.py",
        'return other.presume == "ask" or one.presume == "presume_met"',
        "return True",
        "a rule that is presumed counts for that",
        KNOWN,
    ),
    Fault(
        "deadlines-do-not-count",
        PROVING + "lint.py",
        "return other.deadline is not None and other.clock == duty.clock and never_later(other.deadline, duty.deadline)",
        "return True",
        "a rule with the soonest deadline is not redundant",
        KNOWN,
    ),
    Fault(
        "accepted-for-ever",
        PROVING + "lint.py",
        "if entry.finding == finding.code and about and stack.today < entry.until:",
        "if entry.finding == finding.code and about:",
        "an accepted finding counts until its day",
        KNOWN,
    ),
    Fault("waived-a-day-longer", PROVING + "run.py", "if stack.today < waiver.until:", "if stack.today <= waiver.until:", "waivers expire", KNOWN),
    Fault(
        "no-nodes-left-is-no-case",
        PROVING + "search.py",
        'raise UndecidedError("the time limit was reached")',
        "return",
        "what the time limit leaves is undecided",
        KNOWN,
    ),
    Fault(
        "lost-duties-of-a-layer",
        PROVING + "layers.py",
        "        for duty in duties:\n            refrain",
        "        for duty in ():\n            refrain",
        "guarantee 3: duties",
        SEEDS,
    ),
    Fault(
        "late-duties-of-a-layer",
        PROVING + "layers.py",
        "        if duty.deadline is None:\n            return 0\n        arena",
        "        return 0\n        arena",
        "guarantee 3: deadlines",
        SEEDS,
    ),
    Fault("ties-of-a-layer", PROVING + "layers.py", "& before.keys()):", "& set()):", "guarantee 3: a layer's implications", SEEDS),
    Fault(
        "presumptions-of-a-layer",
        PROVING + "layers.py",
        "            or after.if_unknown != rule.if_unknown\n",
        "",
        "guarantee 3: partial cases",
        SEEDS,
    ),
    # ---- difference
    Fault(
        "milder-is-stricter",
        COMPARING + "direction.py",
        'return "stricter" if stricter else "milder"',
        'return "milder" if stricter else "stricter"',
        "direction of outcomes",
        DIFF,
    ),
    Fault(
        "refraining-like-doing",
        COMPARING + "direction.py",
        'if protects == "refrain" and not forbidden:',
        "if False:",
        "direction of duties that protect by refraining",
        DIFF,
    ),
    Fault(
        "regions-too-wide",
        COMPARING + "regions.py",
        'return not case_in(self.space, closed, change.missed_old if given == "old" else change.missed_new)',
        "return True",
        "a region holds only cases that change",
        DIFF,
    ),
    Fault(
        "regions-left-out",
        COMPARING + "regions.py",
        "                    kept.remove(region)\n",
        "                    kept = [region]\n",
        "regions together are the change",
        DIFF,
    ),
    Fault("changed-cases-uncounted", COMPARING + "counting.py", "changed += bool(here)", "changed += len(here) == 1", "counts add up", DIFF),
    Fault("impossible-cases-counted", COMPARING + "counting.py", "if space.possible(case):", "if case:", "only possible cases count", DIFF),
    # ---- coverage and suggestions
    Fault(
        "edges-on-one-side",
        TESTING + "coverage_obligations.py",
        'case "at_most" | "above":\n                found.update({number: None, number + 1: None})',
        'case "at_most" | "above":\n                found.update({number: None})',
        "both sides of every number",
        COVERAGE,
    ),
    Fault(
        "tests-that-do-not-decide",
        TESTING + "coverage_obligations.py",
        "condition = _all(test if holds else Not(test), yes, Not(no))",
        "condition = _all(test if holds else Not(test), yes)",
        "MC/DC: the test decides",
        COVERAGE,
    ),
    Fault(
        "suggestions-that-do-not-fulfil",
        TESTING + "suggest.py",
        "box = _narrowed(bench, bench.space.start, owed[0])",
        "box = bench.space.start",
        "suggested vignettes fulfil what is owed",
        COVERAGE,
    ),
    # ---- mutation
    Fault(
        "numbers-shifted-down-only",
        TESTING + "mutate_conditions.py",
        "for moved in (number - 1, number + 1):",
        "for moved in (number - 1,):",
        "shifted thresholds",
        MUTATION,
    ),
    Fault(
        "no-duty-shows",
        TESTING + "mutate_equivalent.py",
        "            if self._noticed(region, side, strength):\n                return True\n",
        "            pass\n",
        "equivalence of duties",
        MUTATION,
    ),
    Fault(
        "no-outcome-shows",
        TESTING + "mutate_equivalent.py",
        "        if region.rank > 0 and self._some",
        "        if region.rank > 9 and self._some",
        "equivalence of outcomes",
        MUTATION,
    ),
    Fault(
        "no-deadline-shows",
        TESTING + "mutate_equivalent.py",
        "return any(self._later(region, duty) for duty in region.deadlines)",
        "return False",
        "equivalence of deadlines",
        MUTATION,
    ),
    Fault(
        "what-is-presumed-never-shows",
        TESTING + "mutate_equivalent.py",
        "return not self._presuming_shows(one, other)",
        "return True",
        "equivalence of what is presumed",
        MUTATION,
    ),
    # ---- cases, vignettes, strategies
    Fault(
        "always-in-time",
        TESTING + "judging.py",
        "return any(one.from_ == clock and",
        "return True or any(one.from_ == clock and",
        "expected deadlines",
        CASES,
    ),
    Fault(
        "answers-never-conflict",
        TESTING + "vignettes.py",
        "return one[1] < other[0] or other[1] < one[0]",
        "return False",
        "answers that conflict",
        CASES,
    ),
    Fault(
        "near-misses-that-are-none",
        TESTING + "strategies.py",
        "        found[name] = value\n        changed.add(name)",
        "        changed.add(name)",
        "near_miss",
        STRATEGIES,
    ),
    Fault(
        "complete-facts-that-are-not",
        TESTING + "strategies.py",
        "    for name in walk.names:\n        walk.learn_whole(draw, name)",
        "    for name in walk.names[1:]:\n        walk.learn_whole(draw, name)",
        "complete_facts",
        STRATEGIES,
    ),
]
