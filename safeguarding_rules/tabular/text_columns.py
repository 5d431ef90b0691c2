"""Columns of texts, as CSV has them, understood as the types of facts.

Comes in: a column of texts, each the whole content of a cell. Goes out: a typed column, and the rows whose text says nothing of the type. Promised:
`true` and `false` in any case, whole numbers, values by their names, several of a `choices` fact with `|` between them; nothing else is understood.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from safeguarding_rules.language.facts import FactSpec
from safeguarding_rules.tabular.columns import problem_of

_TRUTHS: Mapping[str, bool] = {form: value for word, value in (("true", True), ("false", False)) for form in (word, word.upper(), word.capitalize())}
_NUMBER = r"^\s*[+-]?[0-9]{1,18}\s*$"


def typed(spec: FactSpec, column: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    """A column of texts as the type of a fact; and for each row whose text is no such value, what is wrong. Values themselves are judged later."""
    if spec.type == "boolean":
        return _booleans(spec, column)
    if spec.type == "integer":
        return _numbers(spec, column)
    if spec.type == "choice":
        return pc.utf8_trim_whitespace(column), {}
    split = pc.split_pattern(pc.utf8_trim_whitespace(column), "|")
    members = pc.utf8_trim_whitespace(split.flatten())
    return pa.ListArray.from_arrays(split.offsets, members, mask=column.is_null()) if len(split) else split, {}


def _booleans(spec: FactSpec, column: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    words = pa.array(list(_TRUTHS), pa.string())
    places = pc.index_in(column, words)
    if places.null_count > column.null_count:
        places = pc.index_in(pc.utf8_trim_whitespace(column), words)
    found = pa.array(list(_TRUTHS.values())).take(places)
    return found, _wrong(spec, column, found)


def _numbers(spec: FactSpec, column: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    fits = pc.match_substring_regex(column, _NUMBER)
    found = pc.utf8_trim_whitespace(pc.if_else(fits, column, pa.scalar(None, pa.string()))).cast(pa.int64())
    return found, _wrong(spec, column, found)


def _wrong(spec: FactSpec, column: pa.Array, found: pa.Array) -> dict[int, str]:
    if found.null_count == column.null_count:
        return {}
    rows = np.flatnonzero(np.asarray(pc.and_(found.is_null(), column.is_valid())))
    return {row: problem_of(spec, text) for row, text in zip(rows.tolist(), column.take(pa.array(rows)).to_pylist(), strict=True)}
