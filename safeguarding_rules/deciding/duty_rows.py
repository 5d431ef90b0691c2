"""The duties of one verdict: which there are, who gives them, and on what they hang.

Comes in: a verdict, and what `Actions` keeps for its Program. Goes out: one row per duty, in the order to show them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from safeguarding_rules.deciding.actions import APPLIES, DEPENDS, NONE, PRESUMED, Actions, Given, Part, Row, Template, dues
from safeguarding_rules.deciding.parts import compact
from safeguarding_rules.language.deadlines import Deadline
from safeguarding_rules.worlds.index import bits_at

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.verdict import Verdict

ROWS_LIMIT = 4096


class DutyRows:
    """The duties of one verdict being written."""

    def __init__(self, actions: Actions, program: Program, verdict: Verdict, clocks: Mapping[str, datetime], *, settled: bool) -> None:
        self.actions, self.program, self.verdict, self.clocks, self.settled = actions, program, verdict, clocks, settled
        self.open = bits_at(verdict.open)
        self.needed: dict[int, int] = {}
        self.raising: dict[int, int] = {}
        self.moments: dict[tuple[tuple[Deadline, str], ...], Part | None] = {}

    def rows(self) -> tuple[Row, ...]:
        """Every duty."""
        actions, verdict, box, clocks = self.actions, self.verdict, self.verdict.box, self.clocks
        least = verdict.possible[0] if self.settled else verdict.advice
        first = verdict.possible[-1] == 0
        presumed = bits_at(verdict.presumed)
        certain = bits_at(verdict.met) | presumed
        stronger_of, rules_of, led, known = actions.stronger, actions.rules, actions.led, actions.rows
        slots, settled = self.program.slots, self.settled
        found = []
        for slot, (applies, assumed, reach) in enumerate(zip(verdict.applies, verdict.assumed, verdict.reach, strict=True)):  # the hot path
            if applies or assumed:
                strongest = assumed if assumed > applies else applies  # noqa: FURB136  a call costs
                status, strength = (APPLIES, applies) if applies else (PRESUMED, assumed)
                rules = rules_of[slot] & (certain if applies else presumed)
                more = reach if reach > strongest else 0
                stronger = stronger_of(slot, strongest if strongest > strength else 0, more) if more or strongest > strength else NONE
                depends = NONE if applies and stronger is NONE else self.depends(slot)
                unsettled, together = not settled and slots[slot].unsettled > 0, 0 if rules else rules_of[slot] & self.open
                given = (slot, status, strength, rules, least, first, unsettled, together)
            elif reach:
                given = (slot, DEPENDS, reach, rules_of[slot] & self.open, verdict.possible[-1], True, False, 0)
                stronger, depends = NONE, self.depends(slot)
            else:
                continue
            way = led[slot]
            told = 0 if way is None else box & way[1]
            key = (*given, stronger, depends, told)
            row = known.get(key)
            if row is None:
                row = Row(actions.template(Given(*given)), None, NONE if way is None else actions.routes(way[0], box, told), depends, stronger)
                if len(known) < ROWS_LIMIT:
                    known[key] = row
            if clocks and (deadlines := self.deadlines(row.template)):
                row = Row(row.template, deadlines, row.routes, depends, stronger)
            found.append(row)
        found.sort(key=_shown)
        return tuple(found)

    def deadlines(self, template: Template) -> Part | None:
        """When it is due; None while none of the clocks started."""
        if not template.deadlines:
            return None
        if template.deadlines not in self.moments:
            started = any(clock in self.clocks for _, clock in template.deadlines)
            values = dues(template.deadlines, self.clocks) if started else ()
            self.moments[template.deadlines] = Part(values, compact(values)) if started else None
        return self.moments[template.deadlines]

    def depends(self, number: int) -> Part:
        """The unknown facts on which the open rules hang that give to a slot."""
        slot, standing = self.program.slots[number], self.program.standing
        found = 0
        for index, _ in slot.rules:
            if self.open >> index & 1:
                found |= self.missing_for(index)
        ranks = [standing[i].rank for i, _ in slot.standing if standing[i].rank > self.verdict.possible[0]]
        if any(standing[i].first for i, _ in slot.standing):
            ranks.append(1)
        return self.actions.depends(found | self.missing_from(min(ranks)) if ranks else found)

    def missing_for(self, index: int) -> int:
        """What an open rule needs."""
        found = self.needed.get(index)
        if found is None:
            found = self.needed[index] = self.actions.missing(index, self.verdict.box)
        return found

    def missing_from(self, rank: int) -> int:
        """What the open rules of at least that rank need."""
        if rank not in self.raising:
            rules = self.program.rules
            self.raising[rank] = reduce(or_, [self.missing_for(i) for i in self.verdict.open if rules[i].rank >= rank], 0)
        return self.raising[rank]


def _shown(row: Row) -> tuple[int, int, int, str]:
    return row.template.order
