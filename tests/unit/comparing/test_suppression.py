"""What is hidden stays hidden from an attacker who tries every journal that fits the report."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding_rules.comparing.suppression import counts_shown, parts_shown, rows_shown, tables_shown

Profile = tuple[str, frozenset[str]]
"""The outcome of a case, and the rows of other tables that it counts in."""
OUTCOMES = "abcd"
ROWS = "xyz"
LAWS = st.dictionaries(st.sampled_from(ROWS), st.sets(st.sampled_from(OUTCOMES), min_size=1), min_size=1)
"""Which outcomes a row can go with."""


@st.composite
def journals(draw: st.DrawFn) -> list[Profile]:
    """Up to twelve cases, whose rows keep to some law as the rules of a pack do."""
    law = draw(LAWS)
    outcomes = draw(st.lists(st.sampled_from(OUTCOMES[: draw(st.integers(1, 4))]), min_size=4, max_size=12))
    often = draw(st.sampled_from([0.3, 0.9]))
    with_row = st.floats(0, 1).map(lambda chance: chance < often)
    return [(outcome, frozenset(row for row in law if outcome in law[row] and draw(with_row))) for outcome in outcomes]


def cells(journal: Sequence[Profile]) -> tuple[dict[str, int], dict[str, int]]:
    """The cases of each outcome and row, as bits."""
    outcomes: dict[str, int] = {}
    rows: dict[str, int] = {}
    for place, (outcome, some) in enumerate(journal):
        outcomes[outcome] = outcomes.get(outcome, 0) | 1 << place
        for row in some:
            rows[row] = rows.get(row, 0) | 1 << place
    return outcomes, rows


def allowed(journal: Sequence[Profile]) -> list[Profile]:
    """The cases that the attacker holds possible: who knows the packs knows what goes together."""
    outcomes, rows = cells(journal)
    goes_with = {row: {outcome for outcome, some in journal if row in some} for row in rows}
    own = {outcome: {row for row in rows if goes_with[row] == {outcome}} for outcome in outcomes}
    covered = {outcome for outcome in outcomes if all(some & own[outcome] for of, some in journal if of == outcome)}
    return [
        (outcome, frozenset(chosen))
        for outcome in outcomes
        for possible in [sorted(row for row in rows if outcome in goes_with[row])]
        for size in range(len(possible) + 1)
        for chosen in itertools.combinations(possible, size)
        if outcome not in covered or own[outcome].intersection(chosen)
    ]


def fitting(journal: Sequence[Profile], shown: Mapping[str, int | None]) -> set[tuple[int, ...]]:
    """The numbers of every journal of as many possible cases that gives what is shown; a cell that is listed has a case."""
    names = list(shown)
    profiles = [tuple(int(name == outcome or name in some) for name in names) for outcome, some in allowed(journal)]
    most = [len(journal) if shown[name] is None else shown[name] or 0 for name in names]
    reached = {(0,) * len(names)}
    for _ in journal:
        sums = {tuple(map(sum, zip(one, profile, strict=True))) for one in reached for profile in profiles}
        reached = {one for one in sums if all(number <= bound for number, bound in zip(one, most, strict=True))}
    return {one for one in reached if all(number >= 1 and shown[name] in (None, number) for name, number in zip(names, one, strict=True))}


def small_when_hidden(journal: Sequence[Profile], shown: Mapping[str, int | None], smallest: int) -> list[str]:
    """The hidden cells of which the attacker knows that they are small."""
    found = fitting(journal, shown)
    assert found  # the true numbers are among them
    return [name for place, name in enumerate(shown) if shown[name] is None and max(one[place] for one in found) < smallest]


def small_differences(journal: Sequence[Profile], shown: Mapping[str, int | None], smallest: int) -> list[tuple[object, ...]]:
    """Shown numbers, sums of outcomes among them, of which one counts only cases that the other counts too, and their difference is small."""
    outcomes, rows = cells(journal)
    seen = [outcomes[name] for name in outcomes if shown[name] is not None]
    together = sum(outcomes[name] for name in outcomes if shown[name] is None)
    pieces = [*seen, *([together] if together else [])]
    sums = [sum(some) for size in range(1, len(pieces) + 1) for some in itertools.combinations(pieces, size)]
    sets = {*sums, *(rows[name] for name in rows if shown[name] is not None)}
    return [(one, other) for one in sets for other in sets if not one & ~other and 0 < (other & ~one).bit_count() < smallest]


@settings(max_examples=min(settings().max_examples, 500))  # an attack takes a tenth of a second
@given(journals(), st.integers(2, 4))
def test_an_attacker_who_tries_every_journal_learns_of_no_small_number(journal: list[Profile], smallest: int) -> None:
    outcomes, rows = cells(journal)
    found = tables_shown(outcomes, rows, smallest)
    if found is None:
        return
    shown: dict[str, int | None] = {**found[0], **found[1]}
    true = {name: cases.bit_count() for name, cases in (outcomes | rows).items()}
    assert all(number in (None, true[name]) and (number is None or number >= smallest) for name, number in shown.items())
    assert small_when_hidden(journal, shown, smallest) == []
    assert small_differences(journal, shown, smallest) == []


def table_by_table(journal: Sequence[Profile], smallest: int) -> dict[str, int | None]:
    """What was done before: each table by itself."""
    outcomes, rows = cells(journal)
    parts = parts_shown({name: cases.bit_count() for name, cases in outcomes.items()}, smallest)
    assert parts is not None
    return {**parts, **rows_shown({name: cases.bit_count() for name, cases in rows.items()}, smallest, len(journal))}


GIVEN_AWAY = [("a", frozenset("x"))] * 6 + [("b", frozenset("y"))] * 5 + [("c", frozenset[str]())] * 2
"""Five of b are hidden so that two of c are; a row that goes with b alone says that they are five."""


def test_the_attacker_finds_what_one_table_says_of_another() -> None:
    before = table_by_table(GIVEN_AWAY, 3)
    assert before == {"a": 6, "b": None, "c": None, "x": 6, "y": 5}
    assert small_when_hidden(GIVEN_AWAY, before, 3) == ["c"]
    found = tables_shown(*cells(GIVEN_AWAY), 3)
    assert found == ({"a": 6, "b": None, "c": None}, {"x": 6, "y": None})


def test_numbers_by_outcome_are_enough_to_hide_what_one_table_says_of_another() -> None:
    """As `impact` has them: of each duty that changes, how many rows of each change of outcome."""
    outcomes = {"a > a": 6, "a > b": 5, "a > c": 2}
    duties = {"x": {"a > a": 6}, "y": {"a > b": 5}, "z": {"a > b": 5, "a > c": 2}, "w": {"a > a": 4, "a > b": 1, "a > c": 1}}
    shown = ({"a > a": 6, "a > b": None, "a > c": None}, {"x": 6, "y": None, "z": 7, "w": 6})
    assert counts_shown(outcomes, duties, 3) == shown
    assert counts_shown(outcomes, duties, 1) == (outcomes, {"x": 6, "y": 5, "z": 7, "w": 6})


def test_a_small_difference_of_two_numbers_is_hidden() -> None:
    nested = [("a", frozenset("xy"))] * 6 + [("a", frozenset("x"))] * 2 + [("b", frozenset[str]())] * 8
    before = table_by_table(nested, 3)
    assert small_differences(nested, before, 3)
    found = tables_shown(*cells(nested), 3)
    assert found == ({"a": 8, "b": 8}, {"x": 8, "y": None})


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_row_of_one_outcome_leaves_no_small_rest_of_it(number: int) -> None:
    journal = [("a", frozenset("x"))] * 6 + [("a", frozenset[str]())] * number + [("b", frozenset[str]())] * 6
    found = tables_shown(*cells(journal), 3)
    assert found == ({"a": 6 + number, "b": 6}, {"x": 6 if number == 3 else None})


def test_nothing_is_hidden_without_need() -> None:
    journal = [("a", frozenset("xy"))] * 6 + [("b", frozenset("y"))] * 5
    assert tables_shown(*cells(journal), 5) == ({"a": 6, "b": 5}, {"x": 6, "y": 11})
