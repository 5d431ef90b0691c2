"""Seeded faults in why: smallest sets of facts, nearest changes of fact, what never hangs on a fact, and what the rows of duties tell.

Each names the tests that must find it.
"""

from __future__ import annotations

from tests.faults.fault import Fault

REASONS = "safeguarding_rules/deciding/reasons.py"
NEIGHBOURS = "safeguarding_rules/deciding/neighbours.py"
NEVER = "safeguarding_rules/deciding/never.py"
DUTY_ROWS = "safeguarding_rules/deciding/duty_rows.py"
CHANGES = ("tests/unit/deciding/test_why_and_next.py", "tests/properties/test_whole_documents.py")
DUTIES = ("tests/unit/deciding/test_decision.py",)

WHY = [
    # ---- smallest sets
    Fault(
        "linked-facts-exclude-nothing",
        REASONS,
        "                linked = True\n",
        "                pass\n",
        "a smallest set of known facts, those among them that only implications make tell",
        CHANGES,
    ),
    Fault(
        "ties-to-the-last-declared",
        REASONS,
        "return [(common & -common).bit_length() - 1] if common else None",
        "return [common.bit_length() - 1] if common else None",
        "ties go to the facts declared first",
        CHANGES,
    ),
    Fault(
        "a-fact-too-many",
        REASONS,
        "        size = 0  # more sets",
        "        size = 2  # more sets",
        "a smallest set of known facts",
        CHANGES,
    ),
    # ---- nearest changes
    Fault(
        "changes-that-change-nothing",
        REASONS,
        "given: set[int] = {self.verdict.advice}",
        "given: set[int] = set()",
        "changes of fact that give another outcome",
        CHANGES,
    ),
    Fault(
        "the-far-end-of-a-range",
        REASONS,
        "return cell[0] if ranges and ranges[0][0] < cell[0] else cell[1]",
        "return cell[1] if ranges and ranges[0][0] < cell[0] else cell[0]",
        "the number nearest to what is known",
        CHANGES,
    ),
    Fault(
        "one-change-too-few",
        REASONS,
        "if count <= CHANGES_PER_OUTCOME:",
        "if count < CHANGES_PER_OUTCOME:",
        "as many changes for an outcome as are told",
        CHANGES,
    ),
    Fault(
        "numbers-in-their-order",
        NEIGHBOURS,
        "            if cells.numbers:\n",
        "            if False:\n",
        "of a number, the cells nearest to what is known first",
        CHANGES,
    ),
    Fault(
        "consequences-of-a-change-forgotten",
        NEIGHBOURS,
        "                    other = self._program.space.tighten(other)\n",
        "",
        "a change is made with all that follows from it",
        CHANGES,
    ),
    Fault(
        "nothing-presumed-beside",
        NEIGHBOURS,
        "                found = rule.rank if presumed else found\n",
        "",
        "the advice beside is that of deciding: a rule partly met is presumed",
        CHANGES,
    ),
    Fault(
        "unsettled-beside-as-if-settled",
        NEIGHBOURS,
        "found = max(floor, min(self._when_unsettled, greatest))",
        "found = floor",
        "the advice beside is that of deciding: unsettled, it is at least the lesser of when_unsettled and the greatest",
        CHANGES,
    ),
    Fault(
        "enough-of-one-outcome-is-enough-of-all",
        NEIGHBOURS,
        "self._telling &= ~self._program.sayings.ranked[rank]",
        "self._telling = 0",
        "enough changes to one outcome hide none to another",
        CHANGES,
    ),
    Fault(
        "least-outcome-beside-taken-on-trust",
        NEIGHBOURS,
        "(at_case != floor and not self._calms(box, floor))",
        "False",
        "the advice beside is that of deciding: some case has its least outcome",
        CHANGES,
    ),
    # ---- what never hangs on a fact
    Fault(
        "never-for-facts-known-by-a-test",
        NEVER,
        "return loosened == box or space.close(loosened) == box",
        "return True",
        "facts known by a test only have steps of their own",
        ("tests/properties/test_corners.py",),
    ),
    # ---- rows of duties
    Fault(
        "no-stronger-duty-to-come",
        DUTY_ROWS,
        "more = reach if reach > strongest else 0",
        "more = 0",
        "a stronger modality that some unknown fact could bring is told",
        DUTIES,
    ),
    Fault(
        "nothing-to-hang-on-once-it-applies",
        DUTY_ROWS,
        "depends = NONE if applies and stronger is NONE else self.depends(slot)",
        "depends = NONE if applies else self.depends(slot)",
        "the facts on which a stronger duty hangs",
        DUTIES,
    ),
    Fault(
        "outcomes-bring-no-facts-to-hang-on",
        DUTY_ROWS,
        "found | self.missing_from(min(ranks)) if ranks else found",
        "found",
        "a standing duty depends on the facts on which its outcome hangs",
        DUTIES,
    ),
    Fault(
        "first-outcome-hangs-on-nothing",
        DUTY_ROWS,
        "            ranks.append(1)\n",
        "            pass\n",
        "a duty of the first outcome depends on the facts that can raise it",
        DUTIES,
    ),
    Fault(
        "rules-not-met-behind-a-duty",
        DUTY_ROWS,
        "given = (slot, DEPENDS, reach, rules_of[slot] & self.open,",
        "given = (slot, DEPENDS, reach, rules_of[slot],",
        "a duty depends by rules that are open",
        DUTIES,
    ),
    Fault(
        "standing-from-the-least-only",
        DUTY_ROWS,
        "least = verdict.possible[0] if self.settled else verdict.advice",
        "least = verdict.possible[0]",
        "a standing entry gives from the advice, where that lies above the least possible outcome",
        DUTIES,
    ),
    Fault(
        "due-once-all-clocks-run",
        DUTY_ROWS,
        "started = any(clock in self.clocks",
        "started = all(clock in self.clocks",
        "a deadline is due by the clock that started, whatever the others do",
        DUTIES,
    ),
]
