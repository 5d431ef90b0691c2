"""What a policy change would have done: counts against brute force, and what may be shown of them."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("polars")
import polars as pl

from safeguarding_rules.cli.diff_sources import stand_of
from safeguarding_rules.comparing.sides import Stand
from safeguarding_rules.diagnostics import FactsError
from safeguarding_rules.engine import Engine
from safeguarding_rules.tabular import impact as tabular_impact
from safeguarding_rules.tabular.impact import impact
from safeguarding_rules.tabular.impact_document import ImpactDocument
from safeguarding_rules.tabular.table_files import open_table
from tests.properties.tables import forgotten, random_facts, table_of

TODAY = date(2026, 11, 22)


def stand(name: str) -> Stand:
    return stand_of(name, None, TODAY, ())


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    chance, engine = random.Random(7), Engine.load("kscmp@2024.9", on=TODAY)
    return [forgotten(chance, random_facts(chance, engine, wild), share) for share in (0.05, 0.3, 0.8) for wild in [0] * 150 + [1] * 10]


@pytest.fixture
def table(cases: list[dict[str, Any]], tmp_path: Path) -> Path:
    table_of(Engine.load("kscmp@2024.9", on=TODAY).program, cases).write_parquet(tmp_path / "cases.parquet")
    return tmp_path / "cases.parquet"


@pytest.mark.parametrize(("old", "new"), [("ukcis@2024.3", "kscmp@2024.9"), ("kscmp@2024.9", "ukcis@2024.3"), ("kscmp@2023.4", "kscmp@2024.9")])
def test_counts_are_those_of_deciding_every_row_by_both(
    old: str, new: str, cases: list[dict[str, Any]], table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular_impact, "ROWS_A_BATCH", 100)
    stands = stand(old), stand(new)
    known = [{info.spec.name for info in one.policy.facts} for one in stands]
    skip = [name for name in pl.read_parquet_schema(table) if not any(name in names or name.partition("_includes_")[0] in names for names in known)]
    found = impact(*stands, open_table(table), skip=skip, smallest=1)
    outcomes, duties, rules, contradicting = Counter[Any](), Counter[Any](), Counter[Any](), 0
    for facts in cases:
        before, after = (decide(one, facts, names) for one, names in zip(stands, known, strict=True))
        change = before.outcome, after.outcome
        outcomes[change] += 1
        contradicting += before.contradiction is not None or after.contradiction is not None
        was, now = applying(before), applying(after)
        for slot in was.keys() | now.keys():
            if was.get(slot) != now.get(slot):
                duties[slot[0], slot[1], was.get(slot), now.get(slot)] += 1
        if change[0] != change[1]:
            scale = list(found.scale)
            side, brought = ("new", after) if scale.index(change[1]) > scale.index(change[0]) else ("old", before)
            by = {rule.rule for rule in (*brought.rules.met, *brought.rules.presumed) if rule.outcome == brought.outcome}
            for rule in by or [None]:
                rules[change, side, rule] += 1
    assert {(one.old, one.new): one.rows for one in found.transitions} == outcomes
    assert {(one.action, one.by, one.old, one.new): one.rows for one in found.duties} == duties
    assert {((one.old, one.new), rule.policy, rule.rule): rule.rows for one in found.transitions for rule in one.rules} == rules
    assert (found.rows, found.invalid, found.contradicting) == (len(cases), 0, contradicting)
    assert any(one.direction in {"stricter", "milder"} for one in found.transitions) or old == "kscmp@2023.4"
    for one in found.transitions:
        if one.direction is not None:
            check_example(stands, known, one.old, one.new, one.example)


def decide(one: Stand, facts: dict[str, Any], names: set[str]) -> Any:
    return one.decider.decide({name: value for name, value in facts.items() if name in names}, one.on)


def applying(decision: Any) -> dict[Any, str]:
    return {(item.action, item.by, item.modality.endswith("_not")): item.modality for item in decision.actions if item.status == "applies"}


def check_example(stands: Any, known: Any, old: str, new: str, example: dict[str, Any] | None) -> None:
    """It shows the change, and nothing in it can be left out."""
    assert example is not None

    def change(facts: dict[str, Any]) -> tuple[str, ...]:
        return tuple(decide(one, facts, names).outcome for one, names in zip(stands, known, strict=True))

    assert change(example) == (old, new)
    assert all(change({name: value for name, value in example.items() if name != gone}) != (old, new) for gone in example)


def small(tmp_path: Path, levels: Sequence[int | None], **more: Any) -> ImpactDocument:
    """The impact of kscmp on cases of which the level of support is known: 3 becomes stricter."""
    frame = pl.DataFrame({"support_level_assessed": pl.Series(levels, dtype=pl.Int16)})
    frame.write_parquet(tmp_path / "few.parquet")
    return impact(stand("ukcis@2024.3"), stand("kscmp@2024.9"), open_table(tmp_path / "few.parquet"), **more)


def test_small_numbers_are_not_shown_nor_what_gives_them_away(tmp_path: Path) -> None:
    found = small(tmp_path, [3] * 3 + [1] * 50)
    assert found.rows == 53
    assert [(one.rows, one.rules, one.example) for one in found.transitions] == [(None, (), None)] * 2  # the other number would follow from the total
    assert {one.rows for one in found.duties} <= {None, 53}
    fewer = small(tmp_path, [3] * 3)
    assert (fewer.rows, len(fewer.transitions), len(fewer.duties)) == (None, 0, 0)
    shown = small(tmp_path, [3] * 3 + [1] * 50, smallest=1)
    assert {(one.old, one.new): one.rows for one in shown.transitions} == {("review", "review"): 50, ("review", "refer"): 3}
    assert shown.transitions[1].example == {"support_level_assessed": 3}
    enough = small(tmp_path, [3] * 6 + [1] * 50)
    assert [one.rows for one in enough.transitions] == [50, 6]
    assert [rule.rule for rule in enough.transitions[1].rules] == ["kscmp/support-level-3-or-4"]


def test_a_change_whose_number_is_hidden_shows_neither_rules_nor_example(cases: list[dict[str, Any]], table: Path) -> None:
    found = impact(stand("ukcis@2024.3"), stand("kscmp@2024.9"), open_table(table), smallest=12)
    hidden = [one for one in found.transitions if one.rows is None]
    assert len(hidden) >= 2
    assert all(one.rules == () and one.example is None for one in hidden)
    numbers = (
        [one.rows for one in found.transitions] + [one.rows for one in found.duties] + [rule.rows for one in found.transitions for rule in one.rules]
    )
    assert all(number is None or number >= 12 for number in numbers)
    assert found.rows == len(cases)
    assert len(cases) - sum(one.rows or 0 for one in found.transitions) >= 12


def test_rows_that_cannot_be_used_are_counted_nowhere_else(tmp_path: Path) -> None:
    found = small(tmp_path, [9] * 7 + [1] * 50 + [None] * 5)
    assert (found.invalid, found.rows) == (7, 55)
    assert sum(one.rows or 0 for one in found.transitions) == 55


def test_no_rows(tmp_path: Path) -> None:
    found = small(tmp_path, [])
    assert (found.rows, found.invalid, found.transitions) == (0, 0, ())


def test_columns_that_neither_policy_knows(tmp_path: Path) -> None:
    pl.DataFrame({"case": [1], "adult_involvd": [True]}).write_parquet(tmp_path / "cases.parquet")
    with pytest.raises(FactsError) as raised:
        impact(stand("ukcis@2024.3"), stand("kscmp@2024.9"), open_table(tmp_path / "cases.parquet"), skip=["cas"])
    found = "\n".join(f"{one.message} {one.help}" for one in raised.value.diagnostics)
    assert "`adult_involvd`, the name of a column did you mean `adult_involved`?" in found
    assert "--skip" in found
    assert "no column `cas` to skip" in found


def test_csv_and_parquet_come_to_the_same(cases: list[dict[str, Any]], table: Path, tmp_path: Path) -> None:
    frame = pl.read_parquet(table)
    frame.write_csv(tmp_path / "cases.csv")
    both = [impact(stand("ukcis@2024.3"), stand("kscmp@2024.9"), open_table(path)) for path in (table, tmp_path / "cases.csv")]
    assert both[0] == both[1]
    assert both[0].rows == len(cases)


def test_the_picture_shows_what_the_document_shows(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from safeguarding_rules.tabular.flow_picture import FORMS, picture  # noqa: PLC0415

    documents = [small(tmp_path, [3] * 6 + [1] * 50), small(tmp_path, [3] * 3), small(tmp_path, [])]
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    for document, form in itertools.product(documents, FORMS):
        drawn = picture(document, form)
        assert drawn.startswith(starts[form])
    assert picture(documents[0], "svg") == picture(documents[0], "svg")
