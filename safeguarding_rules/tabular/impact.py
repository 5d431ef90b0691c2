"""What a policy change would have done to past cases.

Comes in: two policies and a table of past cases. Goes out: an `ImpactDocument`. Promised: every row is decided by both as `decide` would; what is
shown is safe to share. A row one of the two cannot use is counted as such and nowhere else. Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from safeguarding_rules.comparing.direction import scale_direction
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.diagnostics import Diagnostic, FactsError
from safeguarding_rules.tabular.answers import Answers
from safeguarding_rules.tabular.asking import columns_of, unknown_column
from safeguarding_rules.tabular.batch import ROWS_A_BATCH, Piece, Progress, ahead, read_rows
from safeguarding_rules.tabular.batches import BatchDecider
from safeguarding_rules.tabular.bits import Words, every, none_of, packed, rows_in
from safeguarding_rules.tabular.columns import Asked
from safeguarding_rules.tabular.impact_document import ImpactDocument
from safeguarding_rules.tabular.impact_shown import DutySlot, Found, document
from safeguarding_rules.tabular.table_files import TableFile

CANDIDATES = 5
"""Rows of each kind of change that are tried as its example."""

Strengths = dict[int, Words]


@dataclass
class _Seen:
    """What one batch shows."""

    found: Found = field(default_factory=Found)
    examples: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)


def impact(  # noqa: PLR0913  what may be asked for
    old: Stand, new: Stand, table: TableFile, *, skip: Sequence[str] = (), smallest: int = 5, progress: Progress = lambda _rows, _share: None
) -> ImpactDocument:
    """Decide every row by both policies, and count. `skip`: columns that are about no fact.

    Raises FactsError for columns that neither policy knows, TableError where the table cannot be read, ValueError for `smallest` below 1.
    """
    if smallest < 1:
        raise ValueError("`smallest` is at least 1")
    work = _Work(old, new, _asked(old, new, table.columns, skip), texts=table.texts)
    read = list(dict.fromkeys(one.column for asked in work.asked for one in asked))
    whole = _Seen()
    with closing(table.batches(read, ROWS_A_BATCH)) as batches:
        for (_, share), seen in ahead(work.look, batches):
            whole.found.add(seen.found)
            for change, rows in seen.examples.items():
                kept = whole.examples.setdefault(change, [])
                kept += rows[: CANDIDATES - len(kept)]
            progress(whole.found.rows + whole.found.invalid, share)
    return document(old, new, whole.found, whole.examples, smallest)


def _asked(old: Stand, new: Stand, columns: Sequence[str], skip: Sequence[str]) -> tuple[list[Asked], list[Asked]]:
    """What each policy reads; a column of a fact's former name is read as the fact."""
    known = [_known(stand.decider.program) for stand in (old, new)]
    either = known[0] | known[1]
    problems = [unknown_column(name, either, "name it with `--skip` to pass over it") for name in columns if name not in either and name not in skip]
    problems += [Diagnostic("SR802", "error", f"there is no column `{name}` to skip") for name in skip if name not in columns]
    if problems:
        raise FactsError(problems)
    first, second = ([asked[name] for name in columns if name in asked and name not in skip] for asked in known)
    return first, second


def _known(program: Program) -> dict[str, Asked]:
    former = {name: Asked(name, info.spec.name) for info in program.policy.facts for name in info.formerly}
    return former | columns_of(program)


class _Work:
    """Looks at batches."""

    def __init__(self, old: Stand, new: Stand, asked: tuple[list[Asked], list[Asked]], *, texts: bool) -> None:
        self.asked, self.texts = asked, texts
        self.deciders = tuple(BatchDecider(stand.decider.program) for stand in (old, new))
        self.names = tuple([outcome.name for outcome in stand.policy.outcomes] for stand in (old, new))
        self.direction: Callable[[str, str], str] = lambda before, after: scale_direction(old.policy, new.policy, before, after)

    def look(self, piece: Piece) -> _Seen:
        """Decide one batch by both and count what differs."""
        batch, seen = piece[0], _Seen()
        both, columns = [], dict[str, pa.Array]()
        for decider, asked in zip(self.deciders, self.asked, strict=True):
            known, arrays = read_rows(decider, batch, asked, texts=self.texts)
            both.append(decider.answers(known))
            columns |= arrays
        before, after = both
        rows = batch.num_rows
        usable = packed(np.ones(rows, np.bool_)) & np.invert(before.known.invalid | after.known.invalid)
        found = seen.found
        found.rows = _count(usable)
        found.invalid = rows - found.rows
        found.contradicting = _count((before.contradicts | after.contradicts) & usable)
        moves = self.duty_changes(before, after, usable)
        for i, one in enumerate(_exactly(before)):
            for j, other in enumerate(_exactly(after)):
                together = one & other & usable
                if number := _count(together):
                    change = self.names[0][i], self.names[1][j]
                    found.outcomes[change] += number
                    for slot, moved in moves.items():
                        if several := _count(moved & together):
                            found.duties[change, slot] += several
                    if change[0] != change[1]:
                        self.blame(found, change, together, (before, after), (i, j))
                        seen.examples[change] = [self.facts(columns, int(row)) for row in rows_in(together, rows)[:CANDIDATES]]
        return seen

    def blame(self, found: Found, change: tuple[str, str], rows: Words, both: tuple[Answers, Answers], ranks: tuple[int, int]) -> None:
        """Count the rules that bring the stricter of two outcomes."""
        side = 0 if self.direction(*change) == "milder" else 1
        answers, program = both[side], self.deciders[side].program
        met, presumed = answers.several("met"), answers.several("presumed")
        left = rows
        for rule in program.rules:
            if rule.rank == ranks[side]:
                taken = (met[rule.index] | presumed[rule.index]) & rows
                if number := _count(taken):
                    found.rules[change, program.policy.rules[rule.index].id] += number
                    left = left & np.invert(taken)
        if number := _count(left):
            found.rules[change, None] += number

    def duty_changes(self, before: Answers, after: Answers, usable: Words) -> dict[DutySlot, Words]:
        """The rows in which a duty has another strength."""
        found: dict[DutySlot, Words] = {}
        old, new = (self.duties(side, answers) for side, answers in enumerate((before, after)))
        for slot in old.keys() | new.keys():
            one, other = old.get(slot, {}), new.get(slot, {})
            for was, held in _with_none(one, before.rows).items():
                for now, holds in _with_none(other, before.rows).items():
                    if was != now and _count(moved := held & holds & usable):
                        found[*slot, was, now] = moved
        return found

    def duties(self, side: int, answers: Answers) -> dict[tuple[str, str, bool], Strengths]:
        """Which strength of each (action, by, side) applies to which rows."""
        program = self.deciders[side].program
        found: dict[tuple[str, str, bool], Strengths] = {}
        for (number, strength), words in zip(answers.layout.duties, answers.several("applies"), strict=True):
            slot = program.slots[number]
            found.setdefault((slot.action, slot.by, slot.forbids), {})[strength] = words
        return found

    def facts(self, columns: Mapping[str, pa.Array], row: int) -> dict[str, Any]:
        """What a row says, as facts of a case, with the columns of single values of a `choices` fact as far as a list can say it."""
        facts: dict[str, Any] = {}
        for one in {one.column: one for asked in self.asked for one in asked}.values():
            value = columns[one.column][row].as_py()
            if value is None:
                continue
            if one.value is None:
                facts[one.column] = int(value) if isinstance(value, float) else value
            elif value:
                facts.setdefault(one.fact, []).append(one.value)
        return facts


def _with_none(strengths: Strengths, rows: int) -> Strengths:
    """Strengths by row, 0 where none applies."""
    none = every(rows)
    for words in strengths.values():
        none = none & np.invert(words)
    return {0: none} | strengths


def _exactly(answers: Answers) -> list[Words]:
    """The rows with each rank as their outcome."""
    at_least = [every(answers.rows), *answers.several("advice"), none_of(answers.rows)]
    return [low & np.invert(high) for low, high in pairwise(at_least)]


def _count(words: Words) -> int:
    return int(np.bitwise_count(words).sum())
