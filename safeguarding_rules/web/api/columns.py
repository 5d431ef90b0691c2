"""Many cases as a table, decided column by column: for systems that hold cases as rows and want the answers in brief.

Comes in: for each fact a column of values. Goes out: for each row its decision in brief, as JSON text. Promised: the same text as the case by itself
would get; rows with mistakes or contradictions are left to whoever decides one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from safeguarding_rules.deciding import knowing
from safeguarding_rules.deciding.program import Program
from safeguarding_rules.diagnostics import FactsError
from safeguarding_rules.tabular.asking import asked_of
from safeguarding_rules.tabular.batches import BatchDecider
from safeguarding_rules.tabular.bits import packed
from safeguarding_rules.tabular.columns import Knowledge, read_columns
from safeguarding_rules.tabular.plan import duty_name
from safeguarding_rules.web.api.brief import Brief

Strengths = npt.NDArray[np.uint8]
_TYPES: Final[Mapping[str, tuple[type, pa.DataType]]] = {
    "boolean": (bool, pa.bool_()),
    "integer": (int, pa.int64()),
    "choice": (str, pa.string()),
    "choices": (dict, pa.null()),  # every value is read by itself
}
_STRENGTHS: Final = 4
_LARGEST: Final = 1 << 62


class Columns:
    """Decides tables by one Program; many threads may share it."""

    def __init__(self, program: Program, brief: Brief) -> None:
        """Lay out what is asked of every row: this takes its time, and is done once."""
        self._program = program
        self._decider = BatchDecider(program)
        self._reader = knowing.Knowledge(program.space)
        sides = [(i, strength) for i, slot in enumerate(program.slots) for strength in ((2, 3) if slot.forbids else (1, 2, 3))]
        strengths = {duty_name(program, *side): side for side in sides}
        applies = self._decider.schema.field("applies").type
        self._duties = [strengths[applies.field(i).name] for i in range(applies.num_fields)]
        self._presumable = [rule for rule in program.rules if rule.presume != "ask"]
        self._pieces = np.array([piece for named in brief.duties for piece in named], np.object_)
        ranks = range(len(program.policy.outcomes))
        self._heads = [brief.head(rank, settled=bool(code & 2), firm=bool(code & 1)) for rank in ranks for code in range(4)]

    def decide(self, columns: Mapping[str, Sequence[Any]], rows: int) -> list[str | None]:
        """The decision of each row, in brief; None where it is to be decided by itself."""
        apart: set[int] = set()
        odd: dict[str, list[int]] = {}
        arrays = {name: self._array(name, values, odd) for name, values in columns.items()}
        known = read_columns(self._program.space, asked_of(self._program, list(arrays), (), ()), arrays, rows)
        for name, held in odd.items():
            apart.update(self._narrow(known, name, columns[name], held))
        answers = self._decider.decide_known(known)
        for name, wanted in (("contradicts", False), ("exact", True)):
            apart.update(np.flatnonzero(_bits(answers.column(name), rows) != wanted).tolist())
        apart.update(known.problems)
        strengths, doubtful = self._strengths(answers, rows)
        apart.update(np.flatnonzero(doubtful).tolist())
        found: list[str | None] = list(self._texts(answers, strengths, rows))
        for row in apart:
            found[row] = None
        return found

    # -- what is known ----------------------------------------------------------------------------------------------------------------

    def _array(self, name: str, values: Sequence[Any], odd: dict[str, list[int]]) -> pa.Array:
        """A column of plain values. What is not plain is left out, and its rows are kept in `odd`."""
        fact = self._program.space.specs[name]
        wanted, kind = _TYPES[fact.type]
        if fact.type != "integer" or set(map(type, values)) <= {int, type(None)}:  # Arrow would cut fractions off
            try:
                return pa.array(values, kind)
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                pass
        held = [value if type(value) is wanted and (not isinstance(value, int) or abs(value) < _LARGEST) else None for value in values]
        odd[name] = [i for i, value in enumerate(values) if value is not None and (held[i] is None or kind == pa.null())]
        return pa.array([None] * len(values) if kind == pa.null() else held, kind)

    def _narrow(self, known: Knowledge, name: str, values: Sequence[Any], rows: Iterable[int]) -> Iterable[int]:
        """Add what values say that are tests or lists, each read as that of a single case; gives the rows whose value cannot be used."""
        alike: dict[str, list[int]] = {}
        for row in rows:
            alike.setdefault(repr(values[row]), []).append(row)
        own = [variable for variable in self._program.space.variables if variable.fact == name]
        for same in alike.values():
            try:
                box = self._reader.read({name: values[same[0]]})
            except FactsError:
                yield from same
                continue
            mask = np.zeros(known.rows, np.bool_)
            mask[same] = True
            here = packed(mask)
            for cell in (variable.offset + i for variable in own for i in range(len(variable.cells))):
                if not box >> cell & 1:
                    known.exclude(cell, here)

    # -- what is answered -------------------------------------------------------------------------------------------------------------

    def _strengths(self, answers: pa.RecordBatch, rows: int) -> tuple[Strengths, npt.NDArray[np.bool_]]:
        """Per slot and row how strongly it is advised; and the rows in which the lines of a table do not tell it."""
        program = self._program
        applies, assumed = (np.zeros((len(program.slots), rows), np.uint8) for _ in range(2))
        for i, (slot, strength) in enumerate(self._duties):
            _raise(applies[slot], strength, _bits(answers.column("applies").field(i), rows))
        for rule in self._presumable:
            where = _bits(answers.column("presumed").field(rule.index), rows)
            if where.any():
                for slot, strength in rule.gives:
                    _raise(assumed[slot], strength, where)
        unsettled = ~_bits(answers.column("settled"), rows)
        advice = _ranks(answers)
        for rank, gives in ((0, program.unsettled_gives), *((entry.rank, entry.gives) for entry in program.standing if entry.rank > 0)):
            where = unsettled & (advice >= rank)
            for slot, strength in gives:
                _raise(assumed[slot], strength, where)
        doubtful = np.zeros(rows, np.bool_)
        for slot in program.contested:
            opposite = program.slots[slot].opposite
            weak = assumed[slot] == 1
            doubtful |= weak & (applies[opposite] == 0) & (assumed[opposite] == 0)
            assumed[slot][weak] = 0
        return np.maximum(applies, assumed), doubtful

    def _texts(self, answers: pa.RecordBatch, strengths: Strengths, rows: int) -> Iterable[str]:
        """The answers as texts; each that several rows have is written once."""
        settled, firm = (_bits(answers.column(name), rows).astype(np.int64) for name in ("settled", "firm"))
        heads = (_ranks(answers) * 4 + settled * 2 + firm).astype(np.uint8)
        told = np.concatenate([heads[np.newaxis], strengths]).T.tobytes()
        width = len(strengths) + 1
        keys = [told[start : start + width] for start in range(0, len(told), width)]
        different = list(dict.fromkeys(keys))
        there = np.frombuffer(b"".join(different), np.uint8).reshape(len(different), width)[:, 1:]
        row, slot = np.nonzero(there)
        pieces = self._pieces[slot * _STRENGTHS + there[row, slot]].tolist()
        ends = np.cumsum(np.bincount(row, minlength=len(different))).tolist()
        texts = {}
        start = 0
        for key, end in zip(different, ends, strict=True):
            texts[key] = f"{self._heads[key[0]]}{','.join(pieces[start:end])}]}}"
            start = end
        return [texts[key] for key in keys]


def _raise(strengths: Strengths, strength: int, where: npt.NDArray[np.bool_]) -> None:
    np.maximum(strengths, where.view(np.uint8) * np.uint8(strength), out=strengths)


def _ranks(answers: pa.RecordBatch) -> npt.NDArray[np.int64]:
    """The rank of the outcome of each row; anything where it has none."""
    found: npt.NDArray[np.int64] = answers.column("outcome").indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _bits(array: pa.Array, rows: int) -> npt.NDArray[np.bool_]:
    """A column of true and false; what is missing counts as either."""
    octets = np.frombuffer(array.buffers()[1], np.uint8)
    return np.unpackbits(octets, count=rows + array.offset, bitorder="little")[array.offset :].view(np.bool_)
