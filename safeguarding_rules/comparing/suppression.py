"""Which numbers of cases may be shown: primary and secondary suppression.

Comes in: numbers by name, or which cases each row counts. Goes out: the same numbers with None where one is not shown. Small are numbers from 1 to
`smallest` - 1. Promised:

1. None is shown (primary suppression).
2. A hidden number may also be `smallest` or more, for all that can be worked out from the numbers shown, the total among them, and from knowing which
   outcomes each row goes with, which outcomes never come without a rule of their own, and that a case has one outcome (secondary suppression, over
   all tables together).
3. Where one shown number counts only cases that another counts too, they do not differ by a small number; sums of outcomes count as shown.

The method is that of statistical disclosure control: a hidden cell is protected if its feasibility interval is wide enough (A. Hundepool and others,
Statistical Disclosure Control, Wiley 2012, chapter 4). Not promised: anything against those who compare two reports, who know cases, or who know
this rule and reason from what it hides (docs/decisions/0037-numbers-of-cases.md).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def rows_shown(numbers: Mapping[str, int], smallest: int, *wholes: int) -> dict[str, int | None]:
    """Rows that overlap, such as rules, beside the wholes they are part of: a small rest of a whole is hidden too."""

    def small(number: int) -> bool:
        return 0 < number < smallest

    return {name: None if small(number) or any(small(whole - number) for whole in wholes) else number for name, number in numbers.items()}


def parts_shown(numbers: Mapping[str, int], smallest: int) -> dict[str, int | None] | None:
    """Parts that add up to a total that is shown too; None where no total may be shown.

    Each part that is listed has a case, so one hidden part of several may be as large as their sum less one for each other: that is no small number.
    The smallest of the others are hidden first.
    """
    total = sum(numbers.values())
    if total < smallest:
        return None
    order = sorted(numbers, key=lambda name: (numbers[name], name))
    hidden = [name for name in order if numbers[name] < smallest]
    if hidden:

        def enough() -> bool:
            return len(hidden) > 1 and sum(numbers[one] for one in hidden) >= smallest + len(hidden) - 1

        for name in order[len(hidden) :]:
            if enough():
                break
            hidden.append(name)
        if not enough():
            return None
    return {name: None if name in hidden else number for name, number in numbers.items()}


def tables_shown(outcomes: Mapping[str, int], rows: Mapping[Key, int], smallest: int) -> tuple[dict[str, int | None], dict[Key, int | None]] | None:
    """The numbers of a table of outcomes, which has every case in one row, and of rows of any other tables beside it; None if no number may be shown.

    Each row is given by its cases, as the bits of a number.
    """
    cells = {key: {name: (cases & of).bit_count() for name, of in outcomes.items() if cases & of} for key, cases in rows.items()}
    return counts_shown(
        {name: cases.bit_count() for name, cases in outcomes.items()}, cells, smallest, lambda one, other: not rows[one] & ~rows[other]
    )


def counts_shown(
    outcomes: Mapping[str, int],
    rows: Mapping[Key, Mapping[str, int]],
    smallest: int,
    within: Callable[[Key, Key], bool] = lambda _one, _other: False,
) -> tuple[dict[str, int | None], dict[Key, int | None]] | None:
    """The numbers of `tables_shown`, of rows each given by its numbers of cases with each outcome that it goes with.

    `within` says whether all cases of one row are cases of another, as far as that is known: promise 3 is kept of rows of which it says so.
    """
    parts = parts_shown(outcomes, smallest)
    if parts is None:
        return None
    hidden = {name: outcomes[name] for name, number in parts.items() if number is None}
    kept = _without_small_differences(outcomes, hidden, rows, smallest, within)
    for name in hidden:
        while (row := _gives_away(name, hidden, outcomes, kept, smallest)) is not None:
            del kept[row]
    return parts, {key: sum(kept[key].values()) if key in kept else None for key in rows}


def _without_small_differences(
    outcomes: Mapping[str, int],
    hidden: Mapping[str, int],
    rows: Mapping[Key, Mapping[str, int]],
    smallest: int,
    within: Callable[[Key, Key], bool],
) -> dict[Key, Mapping[str, int]]:
    """The rows that are not small, and between which and other numbers, sums of outcomes included, is no small difference; the largest first."""
    pieces = [(name,) for name in outcomes if name not in hidden] + ([tuple(hidden)] if hidden else [])
    sizes = {key: sum(cells.values()) for key, cells in rows.items()}

    def small(number: int) -> bool:
        return 0 < number < smallest

    kept: dict[Key, Mapping[str, int]] = {}
    for key in sorted(rows, key=lambda key: (-sizes[key], str(key))):
        around = inside = 0
        for piece in pieces:
            size, taken = sum(outcomes[name] for name in piece), sum(rows[key].get(name, 0) for name in piece)
            around += size if taken else 0
            inside += size if taken == size else 0
        if small(sizes[key]) or small(around - sizes[key]) or small(sizes[key] - inside):
            continue
        if not any(small(sizes[larger] - sizes[key]) and within(key, larger) for larger in kept):
            kept[key] = rows[key]
    return kept


def _gives_away(
    name: str, hidden: Mapping[str, int], outcomes: Mapping[str, int], kept: Mapping[Key, Mapping[str, int]], smallest: int
) -> Key | None:
    """A row that keeps a hidden outcome small, if the cases of the other hidden ones cannot be thought of as its cases instead.

    A row needs as many cases as it has among the outcomes that it goes with; what these have beyond that can be moved to another outcome.
    """
    need = smallest - hidden[name]
    goes_with = {key: set(cells) for key, cells in kept.items() if name not in cells}
    at_first = {key: sum(outcomes[one] for one in some) - sum(kept[key].values()) for key, some in goes_with.items()}
    spare = dict(at_first)
    for other in sorted(hidden.keys() - {name}, key=lambda one: (-hidden[one], one)):
        with_it = [key for key, some in goes_with.items() if other in some]
        moved = max(0, min(need, hidden[other] - 1, *(spare[key] for key in with_it)))
        need -= moved
        spare |= {key: spare[key] - moved for key in with_it}
    if need <= 0:
        return None
    return min((key for key, some in goes_with.items() if some & hidden.keys()), key=lambda key: (at_first[key], str(key)))
