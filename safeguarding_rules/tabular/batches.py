"""Decide one batch of rows after another: Arrow in, Arrow out. Every kind of frame comes down to this.

Comes in: a Program, what answers are wanted, and batches whose columns are facts. Goes out: batches of answers, a row for a row, in the same order.
Promised: the same rows give the same bytes, however they are cut into batches; threads and processes may share a
`BatchDecider` (its memos hold the same whoever fills them). Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.tabular.answers import Answers, Outcomes, answer_columns, answer_schema
from safeguarding_rules.tabular.bits import Machine, Words, assign, none_of, rows_in, unpacked, words_for
from safeguarding_rules.tabular.columns import Asked, Knowledge, read_columns
from safeguarding_rules.tabular.plan import Plan, plan_of
from safeguarding_rules.tabular.satisfying import TooIntricateError
from safeguarding_rules.tabular.scalar_rows import ScalarRows, Settled

ROWS_A_BATCH = 1 << 19
"""Rows decided at once where the caller does not say: some 60 MB of bits for the shipped packs."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answers asked for besides outcome and structs. `plain` gives texts where an ordered dictionary would do."""

    lists: bool = False
    texts: bool = False
    first_question: bool = False
    plain: bool = False


class BatchDecider:
    """Decides batches by one Program."""

    def __init__(self, program: Program, wanted: Wanted | None = None) -> None:
        """Lay out what is asked of every row."""
        self.program = program
        self.wanted = wanted or Wanted()
        try:
            self.plan: Plan | None = plan_of(program)
        except (TooIntricateError, RecursionError):
            self.plan = None
        self._layout = _Layout(program, self.plan, self.wanted)

    def __reduce__(self) -> tuple[Callable[[Program, Wanted], BatchDecider], tuple[Program, Wanted]]:
        """Another process lays its own out, once."""
        return (decider_for, (self.program, self.wanted))

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns that come out."""
        return answer_schema(self.program, self._layout.duties, self.wanted)

    def decide(
        self, asked: Sequence[Asked], arrays: Mapping[str, pa.Array], rows: int, refused: Mapping[int, list[str]] | None = None
    ) -> pa.RecordBatch:
        """The answers for one batch. `arrays`: the columns of `asked`, by their names in the table; `refused`: rows of no use, and why."""
        return self.decide_known(self.read(asked, arrays, rows, refused))

    def read(self, asked: Sequence[Asked], arrays: Mapping[str, pa.Array], rows: int, refused: Mapping[int, list[str]] | None = None) -> Knowledge:
        """What the columns of a batch exclude."""
        known = read_columns(self.program.space, asked, arrays, rows)
        if refused:
            known.refuse(refused)
        return known

    def decide_known(self, known: Knowledge) -> pa.RecordBatch:
        """The answers for rows of which it is known what they exclude."""
        return pa.RecordBatch.from_arrays(self.columns(known), schema=self.schema)

    def columns(self, known: Knowledge, outcomes: Outcomes | None = None) -> list[Any]:
        """The answers column by column; `outcomes` makes the columns of outcomes."""
        return answer_columns(self.program, self.answers(known), self.wanted, self.schema, outcomes)

    def answers(self, known: Knowledge) -> Answers:
        """The answers as bits."""
        rows, layout = known.rows, self._layout
        bits, lines = np.zeros((layout.size, 0 if layout.machine else words_for(rows)), np.uint64), tuple(range(layout.size))
        decided = none_of(rows)
        if layout.machine is not None:
            bits, lines = layout.machine.run(known.excluded, words_for(rows)), layout.machine.lines
            decided = bits[lines[layout.decided]]
        apart = rows_in(np.invert(decided | known.invalid), rows)
        contradicts, inexact = none_of(rows), none_of(rows)
        if len(apart):
            bits, lines = bits[list(lines)], tuple(range(layout.size))  # gates that always agree stand in one line: of these rows they need not
            self._decide_apart(known, apart, bits, contradicts, inexact)
        first = self._first_questions(known) if self.wanted.first_question else None
        return Answers(rows, bits, lines, layout, known, contradicts, inexact, first)

    def forget(self) -> None:
        """Forget what was decided of single patterns; answers stay the same, and take as long as at first."""
        self.__dict__.pop("_scalar", None)

    @cached_property
    def _scalar(self) -> ScalarRows:
        return ScalarRows(self.program)

    def _decide_apart(self, known: Knowledge, rows: npt.NDArray[np.int64], bits: npt.NDArray[np.uint64], contradicts: Words, inexact: Words) -> None:
        """Put in the answers for rows that the circuits do not decide."""
        scalar = self._scalar
        boxes, which = scalar.patterns(known.excluded, rows)
        found = [scalar.verdict(box) for box in boxes]
        answers = np.array([self._layout.bits_of(one) for one in found], np.bool_)
        for at in range(self._layout.size):
            assign(bits[at], rows, answers[which, at])
        assign(contradicts, rows, np.array([one.contradicts for one in found], np.bool_)[which])
        assign(inexact, rows, np.array([not one.verdict.exact for one in found], np.bool_)[which])

    def _first_questions(self, known: Knowledge) -> list[str | None]:
        """The first question of every row that has one."""
        valid = np.flatnonzero(~unpacked(known.invalid, known.rows))
        boxes, which = self._scalar.patterns(known.excluded, valid)
        names = [self._scalar.first_question(box) for box in boxes]
        found: list[str | None] = [None] * known.rows
        for row, at in zip(valid.tolist(), which.tolist(), strict=True):
            found[row] = names[at]
        return found


_KEPT: dict[tuple[str, Wanted], BatchDecider] = {}
_KEPT_AT_MOST = 8


def decider_for(program: Program, wanted: Wanted) -> BatchDecider:
    """The decider of a Program; the last few are kept, because laying one out takes longer than deciding a hundred thousand rows."""
    key = (program.fingerprint, wanted)
    found = _KEPT.get(key)
    if found is None:
        found = BatchDecider(program, wanted)
        while len(_KEPT) >= _KEPT_AT_MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
    return found


class _Layout:
    """Which line of bits answers what. Lines hold ranks from 1 as `at least`, then single answers, then rules and duties."""

    def __init__(self, program: Program, plan: Plan | None, wanted: Wanted) -> None:
        self.program = program
        self.ranks = len(program.policy.outcomes) - 1
        rules = len(program.rules)
        self.duties = [(slot, strength) for slot, strength, _ in plan.applies] if plan else _all_duties(program)
        sizes = {"decided": 1, "settled": 1, "firm": 1, "least": self.ranks, "most": self.ranks, "advice": self.ranks}
        sizes |= {"met": rules, "presumed": rules, "applies": len(self.duties)}
        if wanted.lists:
            sizes |= {"open": rules, "possible": self.ranks + 1}
        self.lines: dict[str, range] = {}
        self.size = 0
        for name, size in sizes.items():
            self.lines[name] = range(self.size, self.size + size)
            self.size += size
        self.decided = 0
        self.machine = Machine(plan.circuit, self._gates(plan)) if plan else None

    def _gates(self, plan: Plan) -> list[int]:
        gates: dict[str, Sequence[int]] = {
            "decided": (plan.decided_lists if "possible" in self.lines else plan.decided,),
            "settled": (plan.settled,),
            "firm": (plan.firm,),
            "least": plan.least,
            "most": plan.most,
            "advice": plan.advice,
            "met": plan.met,
            "presumed": plan.presumed,
            "applies": [gate for _, _, gate in plan.applies],
            "open": plan.open,
            "possible": plan.possible,
        }
        return [gate for name in self.lines for gate in gates[name]]

    def bits_of(self, settled: Settled) -> list[bool]:
        """The lines for one verdict."""
        verdict = settled.verdict
        met, presumed, still_open = set(verdict.met), set(verdict.presumed), set(verdict.open)
        ranks, rules = range(1, self.ranks + 1), range(len(self.program.rules))
        found: dict[str, list[bool]] = {
            "decided": [True],
            "settled": [settled.settled],
            "firm": [settled.firm],
            "least": [verdict.possible[0] >= rank for rank in ranks],
            "most": [verdict.possible[-1] >= rank for rank in ranks],
            "advice": [verdict.advice >= rank for rank in ranks],
            "met": [index in met for index in rules],
            "presumed": [index in presumed for index in rules],
            "applies": [verdict.applies[slot] == strength for slot, strength in self.duties],
            "open": [index in still_open for index in rules],
            "possible": [rank in verdict.possible for rank in (0, *ranks)],
        }
        return [value for name in self.lines for value in found[name]]


def _all_duties(program: Program) -> list[tuple[int, int]]:
    return [
        (number, strength)
        for number, slot in enumerate(program.slots)
        for strength in sorted({strength for _, strength in (*slot.rules, *slot.standing)})
    ]
