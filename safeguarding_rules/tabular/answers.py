"""Bits of answers as the columns people read.

Comes in: lines of bits, one bit a row. Goes out: Arrow arrays. Promised: a row with a problem has `error` and nothing else.
Source: docs/reference/tables.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from safeguarding_rules.deciding.program import Program
from safeguarding_rules.tabular.bits import Words, unpacked
from safeguarding_rules.tabular.columns import Knowledge
from safeguarding_rules.tabular.plan import duty_name

ROWS_AT_ONCE = 1 << 16


class Lines(Protocol):
    """Where each answer stands among the lines."""

    lines: dict[str, range]
    duties: list[tuple[int, int]]


class WantedColumns(Protocol):
    """What is asked for besides outcome and structs."""

    @property
    def lists(self) -> bool:
        """Rules, outcomes and duties as lists of names."""
        ...

    @property
    def texts(self) -> bool:
        """Titles and reasons."""
        ...

    @property
    def first_question(self) -> bool:
        """The fact to ask first."""
        ...

    @property
    def plain(self) -> bool:
        """Outcomes as texts."""
        ...


@dataclass(frozen=True)
class Answers:
    """The answers for one batch. `lines`: in which line of `bits` each answer of the layout stands; several may share one."""

    rows: int
    bits: npt.NDArray[np.uint64]
    lines: Sequence[int]
    layout: Lines
    known: Knowledge
    contradicts: Words
    inexact: Words
    first: list[str | None] | None

    def line(self, name: str) -> Words:
        """The line of a single answer."""
        found: Words = self.bits[self.numbers(name)[0]]
        return found

    def several(self, name: str) -> list[Words]:
        """The lines of an answer that has one for each rule, rank or duty."""
        return [self.bits[at] for at in self.numbers(name)]

    def numbers(self, name: str) -> list[int]:
        """Which lines of `bits` these are."""
        return [self.lines[at] for at in self.layout.lines[name]]


def answer_schema(program: Program, duties: Sequence[tuple[int, int]], wanted: WantedColumns) -> pa.Schema:
    """The columns that come out, in order."""
    outcome = pa.string() if wanted.plain else pa.dictionary(pa.int8(), pa.string(), ordered=True)
    names = pa.list_(pa.string())
    rules = pa.struct([pa.field(rule.id, pa.bool_()) for rule in program.policy.rules])
    fields: list[tuple[str, pa.DataType]] = [
        ("outcome", outcome),
        ("settled", pa.bool_()),
        ("firm", pa.bool_()),
        ("least_outcome", outcome),
        ("most_outcome", outcome),
        ("contradicts", pa.bool_()),
        ("exact", pa.bool_()),
        ("met", rules),
        ("presumed", rules),
        ("applies", pa.struct([pa.field(duty_name(program, *duty), pa.bool_()) for duty in duties])),
    ]
    if wanted.lists:
        fields += [(name, names) for name in ("possible_outcomes", "met_rules", "presumed_rules", "open_rules", "applying_actions")]
    if wanted.texts:
        fields += [("outcome_title", pa.string()), ("because", names)]
    if wanted.first_question:
        fields += [("first_question", pa.string()), ("first_question_text", pa.string())]
    return pa.schema([pa.field(name, kind) for name, kind in (*fields, ("error", pa.string()))])


Outcomes = Callable[[Sequence[pa.Array], int, "pa.Array | None"], Any]
"""Makes a column of outcomes: for each rank from 1 which rows have at least that, how many rows there are, and which have none."""


def answer_columns(program: Program, answers: Answers, wanted: WantedColumns, schema: pa.Schema, outcomes: Outcomes | None = None) -> list[Any]:
    """The columns of the schema, in order: Arrow arrays, but that `outcomes` may make something else of those that it is about."""
    return _Columns(program, answers, wanted, schema, outcomes).arrays()


def _ranks(at_least: Sequence[Words], rows: int) -> npt.NDArray[np.int8]:
    """The rank of each row, from the lines that say whether it is at least that."""
    found = np.zeros(rows, np.uint8)
    for words in at_least:
        found += unpacked(words, rows).view(np.uint8)
    return found.view(np.int8)


class _Columns:
    def __init__(self, program: Program, answers: Answers, wanted: WantedColumns, schema: pa.Schema, made: Outcomes | None) -> None:
        self.program, self.answers, self.wanted, self.schema, self.made = program, answers, wanted, schema, made
        self.rows = answers.rows
        self.invalid = unpacked(answers.known.invalid, self.rows) if answers.known.problems else None
        self.validity = None if self.invalid is None else pa.py_buffer(np.ascontiguousarray(np.invert(answers.known.invalid)))
        self.refused = 0 if self.invalid is None else int(self.invalid.sum())

    def arrays(self) -> list[Any]:
        answers = self.answers
        found = [
            self.outcomes("advice"),
            self.booleans(answers.line("settled")),
            self.booleans(answers.line("firm")),
            self.outcomes("least"),
            self.outcomes("most"),
            self.booleans(answers.contradicts),
            self.booleans(np.invert(answers.inexact)),
            self.struct("met"),
            self.struct("presumed"),
            self.struct("applies"),
        ]
        if self.wanted.lists:
            found += self.lists()
        if self.wanted.texts:
            found += self.texts()
        if self.wanted.first_question:
            found += self.questions()
        return [*found, self.errors()]

    # -- one kind each ----------------------------------------------------------------------------------------------------------------

    @cached_property
    def children(self) -> list[pa.Array]:
        """Every line of the answers as an array."""
        kind, rows = pa.bool_(), self.rows
        return [pa.Array.from_buffers(kind, rows, [None, pa.py_buffer(words)], 0) for words in self.answers.bits]

    def booleans(self, words: Words) -> pa.Array:
        """One answer a row."""
        return pa.Array.from_buffers(pa.bool_(), self.rows, [self.validity, pa.py_buffer(np.ascontiguousarray(words))], self.refused)

    def struct(self, name: str) -> pa.Array:
        """One answer a row and rule, or duty."""
        children = [self.children[number] for number in self.answers.numbers(name)]
        return pa.Array.from_buffers(self.schema.field(name).type, self.rows, [self.validity], self.refused, children=children)

    def outcomes(self, name: str) -> Any:  # noqa: ANN401  whatever the caller makes of outcomes
        """Ranks as the names of outcomes."""
        if self.made is not None:
            none = None if self.invalid is None else pa.array(self.invalid)
            return self.made([self.children[number] for number in self.answers.numbers(name)], self.rows, none)
        names = pa.array([outcome.name for outcome in self.program.policy.outcomes], pa.string())
        codes = pa.array(_ranks(self.answers.several(name), self.rows), pa.int8(), mask=self.invalid)
        found = pa.DictionaryArray.from_arrays(codes, names, ordered=True)
        return found.dictionary_decode() if self.wanted.plain else found

    def listed(self, lines: Sequence[Words], texts: Sequence[str]) -> pa.Array:
        """For each row the texts of the lines that hold, in the order of the lines."""
        pieces, counts = [], [np.zeros(1, np.int64)]
        for start in range(0, self.rows, ROWS_AT_ONCE):
            end = min(self.rows, start + ROWS_AT_ONCE)
            part = slice(start // 64, -(-end // 64))
            table = np.array([unpacked(words[part], end - start) for words in lines]).T if lines else np.zeros((end - start, 0), np.bool_)
            if self.invalid is not None:
                table = table & ~self.invalid[start:end, None]
            pieces.append(np.nonzero(table)[1].astype(np.int32))
            counts.append(table.sum(axis=1, dtype=np.int64))
        offsets = pa.array(np.cumsum(np.concatenate(counts)).astype(np.int32))
        chosen = pa.array(np.concatenate(pieces) if pieces else np.zeros(0, np.int32))
        members = pa.array(list(texts), pa.string()).take(chosen)
        mask = None if self.invalid is None else pa.array(self.invalid)
        return pa.ListArray.from_arrays(offsets, members, mask=mask)

    def lists(self) -> list[pa.Array]:
        """Outcomes, rules and duties by name; rules with the most protective outcome first."""
        program, answers = self.program, self.answers
        order = self.order()
        names = [program.policy.rules[i].id for i in order]
        met, presumed, still_open = answers.several("met"), answers.several("presumed"), answers.several("open")
        only_open = [words & np.invert(taken) for words, taken in zip(still_open, presumed, strict=True)]
        duties = [duty_name(program, *duty) for duty in answers.layout.duties]
        found = [self.listed(answers.several("possible"), [outcome.name for outcome in program.policy.outcomes])]
        found += [self.listed([lines[i] for i in order], names) for lines in (met, presumed, only_open)]
        return [*found, self.listed(answers.several("applies"), duties)]

    def order(self) -> list[int]:
        """Rules, the most protective outcome first."""
        rules = self.program.rules
        return sorted(range(len(rules)), key=lambda i: (-rules[i].rank, i))

    def texts(self) -> list[pa.Array]:
        """The title of the outcome; the reasons of rules that are met or presumed, the most protective first."""
        policy, order = self.program.policy, self.order()
        titles = pa.array([outcome.title for outcome in policy.outcomes], pa.string())
        met, presumed = self.answers.several("met"), self.answers.several("presumed")
        reasons = self.listed([met[i] | presumed[i] for i in order], [policy.rules[i].because for i in order])
        return [titles.take(pa.array(_ranks(self.answers.several("advice"), self.rows), pa.int8(), mask=self.invalid)), reasons]

    def questions(self) -> list[pa.Array]:
        """The fact to ask first, and its question."""
        asked = {info.spec.name: info.question for info in self.program.policy.facts}
        first = self.answers.first or []
        return [pa.array(first, pa.string()), pa.array([None if name is None else asked[name] for name in first], pa.string())]

    def errors(self) -> pa.Array:
        """What is wrong with each row that cannot be used."""
        problems = self.answers.known.problems
        if not problems:
            return pa.nulls(self.rows, pa.string())
        found: list[str | None] = [None] * self.rows
        for row, messages in problems.items():
            found[row] = "; ".join(messages)
        return pa.array(found, pa.string())
