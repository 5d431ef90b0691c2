"""Which numbers of cases may be shown.

Comes in: numbers by name. Goes out: the same with None where a number is not shown. Promised: no number from 1 to `smallest` - 1 is shown, and none
can be worked out from those that are, not by taking rows from the total nor by what a row leaves of it.
"""

from __future__ import annotations

from collections.abc import Mapping


def rows_shown(numbers: Mapping[str, int], smallest: int, *wholes: int) -> dict[str, int | None]:
    """Rows that overlap, such as rules, beside the wholes they are part of: a small rest of a whole is hidden too."""

    def small(number: int) -> bool:
        return 0 < number < smallest

    return {name: None if small(number) or any(small(whole - number) for whole in wholes) else number for name, number in numbers.items()}


def parts_shown(numbers: Mapping[str, int], smallest: int) -> dict[str, int | None] | None:
    """Parts that add up to a total that is shown too; None where no total may be shown.

    One hidden part would follow from the total, and so would parts whose sum is small: so at least two are hidden, and together they are no small
    number and more than one each. The smallest of the others go first.
    """
    total = sum(numbers.values())
    if total < smallest:
        return None
    order = sorted(numbers, key=lambda name: (numbers[name], name))
    hidden = [name for name in order if numbers[name] < smallest]
    if hidden:
        for name in order[len(hidden) :]:
            together = sum(numbers[one] for one in hidden)
            if len(hidden) > 1 and together >= smallest and together > len(hidden):
                break
            hidden.append(name)
        together = sum(numbers[one] for one in hidden)
        if len(hidden) < 2 or together < smallest or together == len(hidden):  # noqa: PLR2004
            return None
    return {name: None if name in hidden else number for name, number in numbers.items()}
