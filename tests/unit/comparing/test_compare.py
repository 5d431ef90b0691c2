"""Known answers: small changes of a small pack, and what is said of them."""

from __future__ import annotations

import pytest

from safeguarding_rules.comparing import sets
from safeguarding_rules.comparing.compare import compare
from safeguarding_rules.comparing.groups import duty_groups
from safeguarding_rules.worlds import space
from tests.unit.comparing.packs import ADULT, YOUNG, diff, pack, stand, wheres


def test_the_same_pack_has_no_difference() -> None:
    found = diff(pack(), pack())
    assert found.result == "same"
    assert not found.milder
    assert found.counts is not None
    assert found.counts.changed == 0


def test_a_threshold_that_moves_names_the_numbers_between() -> None:
    found = diff(pack(), pack({"adult-involved": ADULT, "young": YOUNG | {"when": {"all": [{"image": True}, {"age": {"below": 12}}]}}}))
    (change,) = found.outcomes
    assert (change.from_, change.to, change.direction) == ("refer", "manage", "milder")
    assert wheres(change) == [["age 12"]]
    assert found.milder
    assert change.regions[0].example.facts_old["age"] == 12
    assert {note.state for note in change.regions[0].old_rules} == {"changed"}


def test_a_rule_that_goes_makes_cases_milder_where_nothing_else_holds() -> None:
    found = diff(pack(), pack({"young": YOUNG}))
    assert {(change.from_, change.to) for change in found.outcomes} == {("police", "manage"), ("police", "refer")}
    assert all(change.direction == "milder" for change in found.outcomes)
    assert all(wheres(change) == [["adult"]] for change in found.outcomes)
    (lost,) = found.duties
    assert (lost.change, lost.from_, lost.to, lost.direction) == ("lost", "must", None, "milder")
    assert [note.rule for note in lost.regions[0].old_rules] == ["small/adult-involved"]
    assert lost.regions[0].old_rules[0].state == "removed"


def test_a_rule_that_comes_makes_cases_stricter_and_nothing_milder() -> None:
    found = diff(pack({"young": YOUNG}), pack())
    assert found.stricter
    assert not found.milder
    assert all(wheres(change) == [["adult"]] for change in found.outcomes)


def test_counts_add_up() -> None:
    found = diff(pack(), pack({"young": YOUNG}))
    assert found.counts is not None
    assert found.counts.outcome_changed == sum(change.cases or 0 for change in found.outcomes)
    assert found.counts.changed == found.counts.outcome_changed == found.counts.duties_changed


@pytest.mark.parametrize(
    ("before", "after", "change", "direction", "within"),
    [
        ("same_day", "immediately", "earlier", "stricter", "immediately"),
        ("same_day", "2 working days", "later", "milder", "same_day"),
        ("2 working days", "PT24H", "earlier", "stricter", "PT24H"),
    ],
)
def test_a_deadline_that_moves(before: str, after: str, change: str, direction: str, within: str) -> None:
    old, new = (pack({"adult-involved": ADULT | {"actions": [{"must": "tell_police", "within": text}]}}) for text in (before, after))
    (found,) = diff(old, new).duties
    assert (found.change, found.direction, found.within) == (change, direction, within)


@pytest.mark.parametrize(
    ("before", "after", "change", "direction"),
    [
        ({"should": "tell_police"}, {"must": "tell_police"}, "stronger", "stricter"),
        ({"must": "tell_police"}, {"should": "tell_police"}, "weaker", "milder"),
        (None, {"may": "tell_police"}, "gained", "other"),
        ({"may": "tell_police"}, None, "lost", "milder"),
        (None, {"must_not": "look"}, "gained", "stricter"),
        (None, {"may": "look"}, "gained", "milder"),
        ({"should": "look"}, None, "lost", "stricter"),
    ],
)
def test_the_direction_of_a_duty(before: dict[str, str] | None, after: dict[str, str] | None, change: str, direction: str) -> None:
    old, new = (pack({"adult-involved": ADULT | {"actions": [{"must": "tell_parents"}, *([item] if item else [])]}}) for item in (before, after))
    (found,) = diff(old, new).duties
    assert (found.change, found.direction) == (change, direction)


def test_a_standing_duty_is_described_by_the_outcome() -> None:
    found = diff(pack(), pack(standing=[{"at_least": "refer", "actions": [{"should": "tell_parents"}]}]))
    (gained,) = found.duties
    (region,) = gained.regions
    assert not region.where
    assert region.outcome is not None
    assert (region.outcome.test, region.outcome.outcome) == ("at_least", "refer")


def test_what_ends_because_the_outcome_rises_is_not_milder() -> None:
    standing = [{"when_outcome": "manage", "actions": [{"should": "tell_parents"}]}]
    found = diff(pack({"young": YOUNG}, standing=standing), pack(standing=standing))
    (lost,) = [duty for duty in found.duties if duty.change == "lost"]
    assert lost.follows_outcome
    assert lost.direction == "other"
    assert not found.milder


def test_presumptions_change_no_case_but_the_advice() -> None:
    found = diff(pack(), pack({"adult-involved": ADULT | {"if_unknown": "presume_met"}, "young": YOUNG}))
    assert found.result == "same"
    assert [(note.what, note.direction) for note in found.advice] == [("if_unknown", "stricter")]
    back = diff(pack({"adult-involved": ADULT | {"if_unknown": "presume_met"}, "young": YOUNG}), pack())
    assert back.result == "same"
    assert back.milder


def test_when_unsettled_is_compared() -> None:
    higher = {"when_unsettled": {"outcome": "refer", "because": "Not enough is known.", "cite": ["S-1"], "actions": [{"should": "tell_parents"}]}}
    found = diff(pack(), pack(more={"pack.yaml": higher}))
    assert found.result == "same"
    assert {(note.name, note.direction) for note in found.advice} == {("outcome", "stricter"), ("tell_parents", "stricter")}


def test_wording_is_listed_apart() -> None:
    found = diff(pack(), pack({"adult-involved": ADULT | {"because": "Otherwise said."}, "young": YOUNG}))
    assert found.result == "same"
    assert [(note.part, note.name, note.what) for note in found.texts] == [("rule", "small/adult-involved", ("reason",))]


def test_a_rule_with_another_name_is_the_same_rule() -> None:
    found = diff(pack(), pack({"an-adult": ADULT, "young": YOUNG}))
    assert found.result == "same"
    assert [("id" in note.what) for note in found.texts if note.part == "rule"] == [True]


def test_a_bound_on_regions_is_said() -> None:
    rules = {f"rule-{name}": {"when": {name: True}, "outcome": "police"} for name in ("adult", "image")}
    found = diff(pack({"young": YOUNG}), pack({"young": YOUNG, **rules}), most=1)
    assert found.result == "changed"
    assert any(not change.complete for change in found.outcomes)
    assert all(len(change.regions) == 1 for change in found.outcomes)


def test_an_exhausted_budget_is_undecided_and_never_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> int:
        raise space.BudgetExceededError

    stands = stand(pack()), stand(pack({"young": YOUNG}))
    monkeypatch.setattr(space.Space, "find", exhausted)
    found = compare(*stands)
    assert found.result == "undecided"
    assert found.undecided


def test_too_many_pairs_are_undecided_and_never_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    stands = stand(pack()), stand(pack({"young": YOUNG}))
    monkeypatch.setattr(sets, "PAIR_LIMIT", 0)
    found = compare(*stands)
    assert found.result == "undecided"
    assert found.undecided
    assert found.counts is None


def test_wording_says_what_was_and_what_is() -> None:
    found = diff(pack(), pack({"adult-involved": ADULT | {"because": "Otherwise said."}, "young": YOUNG}))
    (change,) = found.texts
    assert (change.before, change.after) == ({"reason": "So."}, {"reason": "Otherwise said."})


def test_many_conditions_are_cut_to_what_tells_unless_everything_is_wanted() -> None:
    """What goes with the mildest outcome begins where nothing else raises it: ten answers of a quiet case, and the one that tells."""
    things = {f"thing_{number}": {"type": "boolean"} for number in range(10)}
    others = {name.replace("_", "-"): {"when": {name: True}, "outcome": "refer"} for name in things}
    standing = [{"when_outcome": "manage", "actions": [{"should": "tell_parents"}]}]
    old, new = (
        pack({"adult-involved": adult, **others}, facts=things, standing=standing)
        for adult in (ADULT, {"when": {"adult": True}, "actions": ADULT["actions"]})
    )
    found = diff(old, new)
    (group,) = [one for one in duty_groups(found, everything=False) if one.changes[0].action == "tell_parents"]
    (whole,) = [one for one in duty_groups(found) if one.changes[0].action == "tell_parents"]
    assert group.where == ("the answers are much as in a quiet case (`--all` lists them)",)
    assert set(whole.where) == {f"thing {number}: no" for number in range(10)}
