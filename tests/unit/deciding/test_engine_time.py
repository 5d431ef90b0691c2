"""Engines in time: which Program decides on which day, when it changes, and what engines share."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from safeguarding_rules import Engine, PackError
from safeguarding_rules.engine import now_in_london
from safeguarding_rules.reading import registry
from tests.unit.making import Data, engine, pack, write

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")


def version(number: str, outcome: str, **interval: Any) -> Data:
    more = {key: interval.pop(key) for key in ("corrects", "status") if key in interval}
    rules = {"r": {"when": {"a": True}, "outcome": outcome}}
    manifest: Data = {"status": "in_force", "version": number, "in_force": interval or {"from": "2024-01-01"}}
    return pack(rules, facts="a", **(manifest | more))


class Clock:
    """A clock that a test sets."""

    def __init__(self, text: str, zone: ZoneInfo = LONDON) -> None:
        self.set(text, zone)

    def set(self, text: str, zone: ZoneInfo = LONDON) -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=zone)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def places(tmp_path: Path) -> Path:
    until = {"from": "2024-01-01", "until": "2024-07-01"}
    write(tmp_path, version("1", "review", **until), version("2", "police", **{"from": "2024-07-01"}))
    return tmp_path


def outcome(loaded: Engine) -> str:
    return loaded.decide({"a": True}).outcome


def test_at_midnight_in_london_the_next_version_decides(places: Path) -> None:
    clock = Clock("2024-06-30T23:59:59")
    loaded = Engine.load("top", paths=[places], clock=clock)
    assert (outcome(loaded), loaded.program.policy.packs[0].version) == ("review", "1")
    clock.set("2024-06-30T22:59:59", UTC)
    assert outcome(loaded) == "review"
    clock.set("2024-06-30T23:00:00", UTC)  # midnight in London, in summer
    assert (outcome(loaded), loaded.program.policy.packs[0].version) == ("police", "2")
    clock.set("2024-07-01T00:00:00")
    decision = loaded.decide({"a": True})
    assert (decision.outcome, decision.on, decision.policy.packs[0].version) == ("police", date(2024, 7, 1), "2")
    clock.set("2024-06-30T12:00:00")
    assert outcome(loaded) == "review"  # and back, should a clock be put back


def test_a_fixed_day_stays(places: Path) -> None:
    clock = Clock("2030-01-01T00:00")
    loaded = Engine.load("top", on=date(2024, 6, 30), paths=[places], clock=clock)
    assert outcome(loaded) == "review"
    decision = loaded.decide({"a": True})
    assert decision.on == date(2024, 6, 30)
    assert Engine.load("top", on=date(2024, 7, 1), paths=[places], clock=clock).decide({"a": True}).outcome == "police"


def test_an_explicit_version_decides_on_its_own_days_too(places: Path) -> None:
    assert outcome(Engine.load("top@1", on=date(2024, 6, 1), paths=[places])) == "review"
    assert outcome(Engine.load(str(places / "top" / "2"), on=date(2024, 7, 1))) == "police"


def test_a_version_that_corrects_another_takes_over_on_its_first_day(tmp_path: Path) -> None:
    write(tmp_path, version("1", "review"), version("1.1", "police", corrects="1", **{"from": "2024-06-01"}))
    clock = Clock("2024-05-31T12:00")
    loaded = Engine.load("top", paths=[tmp_path], clock=clock)
    assert outcome(loaded) == "review"
    clock.set("2024-06-01T00:00")
    assert outcome(loaded) == "police"


def test_a_correction_that_ends_gives_way_again(tmp_path: Path) -> None:
    write(tmp_path, version("1", "review"), version("1.1", "police", corrects="1", **{"from": "2024-06-01", "until": "2024-06-10"}))
    clock = Clock("2024-06-05T12:00")
    loaded = Engine.load("top", paths=[tmp_path], clock=clock)
    seen = [outcome(loaded)]
    for day in ("2024-06-09T23:59", "2024-06-10T00:00", "2024-05-31T12:00"):
        clock.set(day)
        seen.append(outcome(loaded))
    assert seen == ["police", "police", "review", "review"]


def test_a_layer_follows_the_pack_above_it(tmp_path: Path) -> None:
    low = pack(name="low", above="top", strengthens={"top/r": {"outcome": "refer"}}, status="in_force")
    write(tmp_path, low, version("1", "review", **{"from": "2024-01-01", "until": "2024-07-01"}), version("2", "police", **{"from": "2024-07-01"}))
    clock = Clock("2024-06-30T12:00")
    loaded = Engine.load("low", paths=[tmp_path], clock=clock)
    assert [(p.id, p.version) for p in loaded.program.policy.packs] == [("top", "1"), ("low", "1")]
    assert outcome(loaded) == "refer"
    clock.set("2024-07-01T00:00")
    assert [(p.id, p.version) for p in loaded.program.policy.packs] == [("top", "2"), ("low", "1")]
    assert outcome(loaded) == "police"  # the strengthening is no longer needed, and nothing is lost


def test_rules_of_their_own_days_come_and_go_with_the_days(tmp_path: Path) -> None:
    rules: Data = {
        "r": {"when": {"a": True}, "outcome": "review"},
        "s": {"when": {"a": True}, "outcome": "police", "in_force": {"from": "2024-06-01"}},
    }
    write(tmp_path, pack(rules, facts="a", status="in_force"))
    clock = Clock("2024-05-31T23:59")
    loaded = Engine.load("top", paths=[tmp_path], clock=clock)
    before = loaded.decide({"a": True})
    clock.now += timedelta(minutes=1)
    after = loaded.decide({"a": True})
    assert (before.outcome, after.outcome) == ("review", "police")
    assert before.policy.fingerprint != after.policy.fingerprint
    clock.set("2025-01-01T00:00")
    assert loaded.decide({"a": True}).policy.fingerprint == after.policy.fingerprint


def test_where_no_pack_is_in_force_nothing_is_decided(places: Path) -> None:
    clock = Clock("2023-12-31T12:00")
    with pytest.raises(PackError) as caught:
        Engine.load("top", paths=[places], clock=clock)
    assert [one.code for one in caught.value.diagnostics] == ["SR303"]
    clock.set("2024-01-01T00:00")
    loaded = Engine.load("top", paths=[places], clock=clock)
    clock.set("2023-12-31T12:00")
    with pytest.raises(PackError):
        loaded.decide({"a": True})


def test_what_is_wrong_with_a_pack_is_said_when_it_is_loaded(tmp_path: Path) -> None:
    wrong = version("1", "review")
    wrong["rules/rules.yaml"]["rules"]["r"]["when"] = {"b": True}
    write(tmp_path, wrong)
    for on in (None, date(2024, 2, 1)):
        with pytest.raises(PackError) as caught:
            Engine.load("top", on=on, paths=[tmp_path], clock=Clock("2024-02-01T00:00"))
        assert [one.code for one in caught.value.diagnostics] == ["SR414"]


# ----------------------------------------------------------------------------------------------------------------- sharing


def test_engines_share_packs_and_programs(places: Path) -> None:
    clock = Clock("2024-06-01T12:00")
    first = Engine.load("top", paths=[places], clock=clock)
    second = Engine.load("top", share=first, clock=clock)
    third = Engine.load("top", on=date(2024, 2, 1), share=first)
    assert first.program is second.program is third.program
    clock.set("2024-07-01T12:00")
    assert first.program is second.program is not third.program
    assert Engine.load("top", paths=[places], clock=clock).program is not first.program


def test_engines_of_different_packs_share_the_packs_above(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(places, *(pack(name=name, above="top", status="in_force") for name in ("low", "other")))
    clock = Clock("2024-06-01T12:00")
    low = Engine.load("low", paths=[places], clock=clock)
    read: list[str] = []
    real: Any = vars(registry)["read_pack"]

    def noted(files: Any, **more: Any) -> Any:
        read.append(files.origin)
        return real(files, **more)

    monkeypatch.setattr(registry, "read_pack", noted)
    other = Engine.load("other", share=low, clock=clock)
    assert [Path(origin).parts[-2:] for origin in read] == [("other", "1")]
    assert [info.id for info in other.program.policy.packs] == ["top", "other"]


def test_an_engine_over_packs_in_hand_has_one_day() -> None:
    decision = engine(version("1", "review", status="draft")).decide({"a": True})
    assert decision.on == date(2024, 1, 1)
    assert engine(version("1", "review", status="draft"), on="2024-03-05").decide({}).on == date(2024, 3, 5)


def test_the_clock_of_the_library_is_in_london(places: Path) -> None:
    assert now_in_london().tzinfo == LONDON
    assert repr(Engine.load("top", on=date(2024, 6, 1), paths=[places])) == "<Engine top 1>"
