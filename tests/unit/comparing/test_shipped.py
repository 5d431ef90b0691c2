"""The shipped packs against each other: what a policy officer is told."""

from __future__ import annotations

from datetime import date

from safeguarding_rules.cli.diff_sources import stand_of
from safeguarding_rules.comparing.compare import compare
from tests.unit.comparing.packs import wheres

TODAY = date(2026, 11, 22)


def test_the_advice_of_2024_is_stricter_and_nowhere_milder() -> None:
    found = compare(stand_of("ukcis@2020.12", None, TODAY, ()), stand_of("ukcis@2024.3", None, TODAY, ()))
    assert (found.old.on, found.new.on) == ("2024-03-10", "2026-11-22")
    assert not found.outcomes
    assert found.stricter
    assert not found.milder
    gained = next(duty for duty in found.duties if duty.action == "pay_demand")
    assert (gained.change, gained.to, gained.direction) == ("gained", "must_not", "stricter")
    assert wheres(gained) == [["financial demand"]]
    assert [note.rule for note in gained.regions[0].new_rules] == ["ukcis/financial-extortion-alert"]


def test_kent_adds_what_it_says_about_lesas() -> None:
    day = date(2024, 9, 1)
    found = compare(stand_of("kscmp@2023.4", day, TODAY, ()), stand_of("kscmp@2024.9", day, TODAY, ()))
    assert not found.outcomes
    assert {(duty.action, duty.to) for duty in found.duties} == {
        ("ask_lesas_about_practice", "may"),
        ("ask_lesas_about_individual_child", "must_not"),
    }
    assert not found.milder


def test_a_layer_never_makes_what_it_stands_on_milder() -> None:
    found = compare(stand_of("ukcis", None, TODAY, ()), stand_of("kscmp", None, TODAY, ()))
    assert found.outcomes
    assert {change.direction for change in found.outcomes} == {"stricter"}
    assert not found.milder
    assert all(region.example.confirmed for change in (*found.outcomes, *found.duties) for region in change.regions)
