"""What never hangs on a fact, whatever else is known: found once for each Program.

Comes in: a Program. Goes out: per variable, outcomes that learning it removes in no situation, and whether it changes no duty in any.
Promised: what is told holds for every case whose facts are values; facts known by a test only have steps of their own (a situation adds values to
what is known: docs/reference/semantics.md, "Questions"). Frozen but for memos that are the same whoever fills them: one number a variable. What is
asked for the first time is not told, since finding it costs several questions, and a process that decides one case asks once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeguarding_rules.deciding.evaluate import evaluate
from safeguarding_rules.deciding.inquiry import Inquiry

if TYPE_CHECKING:
    from safeguarding_rules.deciding.program import Program
    from safeguarding_rules.deciding.verdict import Verdict


class Never:
    """Tells what no situation has."""

    def __init__(self, program: Program) -> None:
        self._program, self._space = program, program.space
        self._removed: dict[int, int] = {}
        self._changed: dict[int, bool] = {}
        self._asked: set[tuple[str, int]] = set()
        self._usable = not (program.space.wide or program.space.loose)

    def tells(self, verdict: Verdict) -> bool:
        """Whether what is known in the box of a verdict is what some values say."""
        if not (self._usable and verdict.exact):
            return False
        space, box = self._space, verdict.box
        several = box & (box - space.lows) & space.many
        loosened = box
        for block in space.blocks_in(several):
            loosened |= block & space.start
        return loosened == box or space.close(loosened) == box

    def removed(self, index: int) -> int:
        """The ranks, as bits, that learning the variable removes in no situation; 0 if that is not known."""
        found = self._removed.get(index)
        if found is None:
            if self._first("removed", index):
                return 0
            inquiry = self._inquiry()
            every = (1 << len(self._program.policy.outcomes)) - 1
            found = self._removed[index] = 0 if inquiry is None else every & ~inquiry.removed(index, inquiry.removable(index))
        return found

    def changed(self, index: int) -> bool:
        """Whether it is known that learning the variable changes a duty in no situation."""
        found = self._changed.get(index)
        if found is None:
            if self._first("changed", index):
                return False
            inquiry = self._inquiry()
            found = self._changed[index] = inquiry is not None and not inquiry.duties_on(index)
        return found

    def _first(self, what: str, index: int) -> bool:
        if first := (what, index) not in self._asked:
            self._asked.add((what, index))
        return first

    def _inquiry(self) -> Inquiry | None:
        """The search where nothing is known; one of its own for each variable, so that threads do not share one."""
        verdict = evaluate(self._program, self._space.start)
        return None if verdict is None or not verdict.exact else Inquiry(self._program, verdict)
