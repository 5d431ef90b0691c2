"""Sets of rules named in several ways, which are all the same."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from random import Random

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.deciding import rule_index


@pytest.mark.parametrize("octets", [0, 128])
def test_listing_and_merging_sets_of_rules_of_any_size(octets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Engine.load("kscmp@2024.9", on=date(2025, 1, 1)).program
    index, rnd = program.index, Random(octets)
    monkeypatch.setattr(rule_index, "MOST_OCTETS", octets)
    known = [i for i, bit in enumerate(index.bits) if bit]
    for size in [0, 1, 3, 4, 20, len(known), *(rnd.randrange(len(known)) for _ in range(200))]:
        rules = sorted(rnd.sample(known, size))
        bits = sum(index.bits[i] for i in rules)
        gifts = reduce(or_, (index.gifts[i] for i in rules), 0)
        assert index.listed(bits) == rules
        assert index.merged(bits) == index.gathered(bits) == (rules, gifts)
        assert index.given_by(bits) == index.given(rules) == gifts


def test_no_more_sets_are_remembered_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_index, "SETS_LIMIT", 2)
    sets = rule_index._Sets([0, 1, 2], [1, 2, 4])  # noqa: SLF001  what it promises itself
    assert [sets[bits] for bits in (1, 2, 3, 7, 5)] == [([0], 1), ([1], 2), ([0, 1], 3), ([0, 1, 2], 7), ([0, 2], 5)]
    assert len(sets) == 2
