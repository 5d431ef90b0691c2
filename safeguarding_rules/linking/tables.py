"""Decision tables over all cases: gaps of a table that says it is complete, rows that disagree.

Cost: pairs of rows of one table; gaps one search a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from safeguarding_rules.linking.findings import Place
from safeguarding_rules.linking.whole import WholeSpace
from safeguarding_rules.reading.pack import Pack
from safeguarding_rules.worlds.space import BudgetExceededError, Space
from safeguarding_rules.worlds.sums import Sum
from safeguarding_rules.worlds.wording import in_words


def check_tables(packs: Sequence[Pack], whole: WholeSpace, scopes: dict[str, Sum]) -> None:
    """Report gaps and disagreeing overlaps, each with a case.

    `scopes`: the cases in which a table's rows are meant to apply, by qualified table name.
    """
    outcomes = {rule.id: rule.outcome for rule in whole.policy.rules}
    space, sums, places = whole.space, whole.sums, whole.table.places
    for name, complete, place, rows in _tables(packs):
        known = [row for row in rows if row in sums]
        for one, other in combinations(known, 2):
            box = _overlap(space, sums[one], sums[other]) if outcomes[one] != outcomes[other] else 0
            if box:
                message = f"`{one}` and `{other}` give different outcomes for: {in_words(space, box)[:300]}"
                hint = "the more protective one counts; narrow one of the rows if that is not meant"
                whole.findings.report("SR612", places[other], message, hint, severity="warning", related=[("the other row", places[one])])
        case = _gap(space, scopes[name], [sums[row] for row in rows]) if complete and len(known) == len(rows) else 0
        if case:
            words = in_words(space, _kept(space, case, sums, rows))
            message = f"no row of `{name.partition('/')[2]}` fits: {words[:300]}"
            whole.findings.report("SR611", place, message, "add a row, or take `complete: true` out")


def _tables(packs: Sequence[Pack]) -> Iterator[tuple[str, bool, Place, list[str]]]:
    for pack in packs:
        for file, document in pack.rules:
            for name, grid in document.tables.items():
                rows = [f"{pack.id}/{name}/{row.row}" for row in grid.rows]
                yield f"{pack.id}/{name}", grid.complete, Place(pack, file, ("tables", name), key=True), rows


def _overlap(space: Space, one: Sum, other: Sum) -> int:
    for a in one.boxes:
        for b in other.boxes:
            box = space.meet(a, b)
            try:
                if box and space.find(box):
                    return box
            except BudgetExceededError:
                return box
    return 0


def _gap(space: Space, scope: Sum, rows: Sequence[Sum]) -> int:
    forbidding = [bits for row in rows for bits in row.fails]
    for box in scope.boxes:
        try:
            if case := space.find(box, forbidding):
                return case
        except BudgetExceededError:
            return 0
    return 0


def _kept(space: Space, case: int, sums: dict[str, Sum], rows: Sequence[str]) -> int:
    """A case, with every fact that the table does not look at left open."""
    looked_at = 0
    for row in rows:
        for bits in sums[row].fails:
            looked_at |= bits
    kept = space.full
    for block in space.blocks_in(looked_at):
        kept &= (case & block) | ~block
    return kept
