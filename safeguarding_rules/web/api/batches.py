"""Many cases in one body: a list of cases, or a table with a column for each fact.

In: the policies in use, and a body. Out: the bytes of an answer, one result for each case, in order. Promised: whichever way a case is decided, its
result is the same; a case that cannot be decided has its error in its place and costs no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from safeguarding_rules.diagnostics import Diagnostic, FactsError, suggest
from safeguarding_rules.diagnostics.machine import as_data
from safeguarding_rules.web.api.answers import MORE_THAN_DECLARED, Sent, engine_for
from safeguarding_rules.web.api.policies import Policies

ENOUGH_FOR_A_TABLE: Final = 400
"""How many cases it takes for a table to be faster than one case after another."""


class Batch:
    """The cases of one body: first `by_table`, which may run beside other work, then `steps`, a few at a time."""

    def __init__(self, policies: Policies, pack: str, content: bytes, most: int) -> None:
        """Read the body. Raises ProblemError."""
        sent = Sent(content, ("cases", "columns", "full", "on"))
        self._full, on = sent.flag("full"), sent.on()
        self._columns = sent.columns(most) if "columns" in sent.data else None
        self._cases: Sequence[Any] = sent.cases(most) if self._columns is None else ()
        sent.done()
        self.engine = engine_for(policies, pack, on)
        self._policies = policies
        self._brief = policies.brief(self.engine.program)
        self._names = {info.spec.name for info in self.engine.program.policy.facts}
        for name in self._columns or ():
            if name not in self._names:
                sent.report(f"unknown fact `{name[:80]}`", suggest(name[:80], self._names), "SR802")
        sent.done()
        size = len(self._cases) if self._columns is None else max(map(len, self._columns.values()), default=0)
        self._results: list[str | None] = [None] * size
        self.errors = 0

    def __len__(self) -> int:
        return len(self._results)

    def by_table(self) -> None:
        """Decide what a table tells, if only the answers in brief are wanted and it is worth it."""
        if self._full or len(self) < ENOUGH_FOR_A_TABLE:
            return
        table = self._policies.table(self.engine.program)
        if table is None:
            return
        usable = None
        columns = self._columns
        if columns is None:
            nothing = dict.fromkeys(self._names)
            unknown = [None] * len(nothing)
            rows = [[*(nothing | facts).values()] if isinstance(facts, dict) else [] for facts in self._cases]
            usable = [len(row) == len(unknown) for row in rows]  # one that is longer names facts that are not known
            if not all(usable):
                rows = [row if fits else unknown for row, fits in zip(rows, usable, strict=True)]
            columns = dict(zip(nothing, zip(*rows, strict=True), strict=True))
        found = table.decide(columns, len(self))
        self._results = found if usable is None else [text if fits else None for text, fits in zip(found, usable, strict=True)]

    def steps(self, size: int) -> Iterator[None]:
        """Decide what is left, `size` cases at a time."""
        left = [row for row, text in enumerate(self._results) if text is None]
        for start in range(0, len(left), size):
            for row in left[start : start + size]:
                self._results[row] = self._one(self._facts(row))
            yield

    def _facts(self, row: int) -> Any:  # noqa: ANN401  whatever was sent
        if self._columns is None:
            return self._cases[row]
        return {name: column[row] for name, column in self._columns.items() if column[row] is not None}

    def _one(self, facts: Any) -> str:  # noqa: ANN401  whatever was sent
        declared = len(self._names)
        if isinstance(facts, dict) and len(facts) > declared + MORE_THAN_DECLARED:
            return self._error([Diagnostic("SR801", "error", f"there are {len(facts):,} facts; the packs know {declared}")])
        try:
            decided = self.engine.decide(facts)
        except FactsError as error:
            return self._error(error.diagnostics)
        return decided.model_dump_json() if self._full else self._brief.text(decided)

    def _error(self, diagnostics: Sequence[Diagnostic]) -> str:
        self.errors += 1
        return json.dumps({"error": as_data(diagnostics)})

    def answer(self) -> bytes:
        """The answer, once every step is done."""
        head = f'{{"fingerprint":"{self.engine.program.fingerprint}","decided":{len(self) - self.errors},"errors":{self.errors},"results":['
        return f"{head}{','.join(filter(None, self._results))}]}}".encode()
