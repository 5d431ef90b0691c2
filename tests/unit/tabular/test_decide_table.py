from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from safeguarding_rules import Engine, FactsError
from safeguarding_rules.tabular import batches
from safeguarding_rules.tabular.columns import Asked
from safeguarding_rules.tabular.decide_table import count_rows, decide_table
from tests.properties.tables import answers_of, expected_of

FACTS: list[dict[str, Any]] = [{}, {"adult_involved": True}, {"youngest_pictured_age": 12, "depicts_sexual_act": True}, {"contains_imagery": False}]


def messages(error: FactsError) -> list[str]:
    return [f"{found.code} {found.message} ({found.help})" for found in error.diagnostics]


def test_columns_come_out_in_order_with_their_types(engine: Engine) -> None:
    found = decide_table(engine, pl.DataFrame({"case": [7], "adult_involved": [True]}), keep=["case"])
    assert list(found.columns) == ["case", *OUT, "error"]
    scale = [outcome.name for outcome in engine.program.policy.outcomes]
    assert found.schema["outcome"] == found.schema["least_outcome"] == found.schema["most_outcome"] == pl.Enum(scale)
    assert {field.name for field in found.schema["met"].fields} == {rule.id for rule in engine.program.policy.rules}  # type: ignore[attr-defined]
    assert found["case"].to_list() == [7]
    assert found["outcome"].to_list() == ["refer_police"]
    assert found.filter(pl.col("outcome") >= "refer").height == 1  # the order of the scale
    assert found["applies"].struct.field("dsl_must_refer_to_police").to_list() == [True]
    assert found["met"].struct.field("ukcis/adult-involved").to_list() == [True]
    assert found["error"].to_list() == [None]


OUT = ["outcome", "settled", "firm", "least_outcome", "most_outcome", "contradicts", "exact", "met", "presumed", "applies"]


def refusal(engine: Engine, facts: dict[str, Any], names: list[str]) -> str | None:
    """What the engine says of facts it refuses, in the order of the columns."""
    try:
        engine.decide(facts)
    except FactsError as error:
        return "; ".join(f"{one.message} ({one.help})" for name in names for one in error.diagnostics if one.message.startswith(f"`{name}`"))
    return None


def test_rows_that_cannot_be_used_say_why_in_the_words_of_the_engine_and_nothing_else(engine: Engine) -> None:
    rows: list[dict[str, Any]] = [
        {"youngest_pictured_age": 400},
        {"youngest_pictured_age": -1},
        {"youngest_pictured_age": 12},
        {"imagery_origin": "self generated", "youngest_pictured_age": 999},
        {"imagery_origin": "self_generated"},
        {"motivation": ["harm", "fun"]},
        {"motivation": ["harm"]},
        {"motivation": []},
    ]
    schema: dict[str, Any] = {"youngest_pictured_age": pl.Int32, "imagery_origin": pl.String, "motivation": pl.List(pl.String)}
    found = decide_table(engine, pl.DataFrame(rows, schema=schema), lists=True, texts=True, first_question=True)
    for facts, row in zip(rows, found.rows(named=True), strict=True):
        expected = refusal(engine, facts, list(schema))
        assert row["error"] == expected
        if expected is None:
            assert answers_of(row) == expected_of(engine.decide(facts))
        else:
            assert all(value is None for name, value in row.items() if name not in {"error", "met", "presumed", "applies"})
            assert all(row[name] is None or not any(v is not None for v in row[name].values()) for name in ("met", "presumed", "applies"))
    assert found["error"].is_null().to_list() == [False, False, True, False, True, False, True, True]


@pytest.mark.parametrize(
    ("column", "values", "wrong"),
    [
        ("adult_involved", pl.Series(["true", None, "no"]), [True, False, True]),
        ("adult_involved", pl.Series([1, None, 0]), [True, False, True]),
        ("youngest_pictured_age", pl.Series(["14", None, "x"]), [True, False, True]),
        ("youngest_pictured_age", pl.Series([True, None, False]), [True, False, True]),
        ("youngest_pictured_age", pl.Series([14.0, None, 14.5]), [False, False, True]),
        ("youngest_pictured_age", pl.Series([float("nan"), float("inf"), 121.0]), [True, True, True]),
        ("imagery_origin", pl.Series([1, None, 2]), [True, False, True]),
        ("imagery_origin", pl.Series([True, None, False]), [True, False, True]),
        ("motivation", pl.Series(["harm", None, "joke"]), [True, False, True]),
        ("motivation", pl.Series([[1], None, []], dtype=pl.List(pl.Int64)), [True, False, False]),
        ("motivation", pl.Series([["harm", None], None, ["harm"]]), [True, False, False]),
        ("motivation_includes_harm", pl.Series(["harm", None, "joke"]), [True, False, True]),
        ("adult_involved", pl.Series([date(2024, 1, 1), None, date(2024, 1, 1)]), [True, False, True]),
    ],
)
def test_values_are_never_converted(engine: Engine, column: str, values: pl.Series, wrong: list[bool]) -> None:
    found = decide_table(engine, pl.DataFrame({column: values}))
    assert found["error"].is_not_null().to_list() == wrong
    assert found["outcome"].is_null().to_list() == wrong
    assert all(f"`{column}`" in text for text in found["error"].drop_nulls())


def test_columns_without_values_and_tables_without_rows(engine: Engine) -> None:
    nothing = engine.decide({}).outcome
    found = decide_table(engine, pl.DataFrame({"adult_involved": [None, None], "imagery_origin": [None, None], "motivation": [None, None]}))
    assert found["outcome"].to_list() == [nothing, nothing]
    empty = decide_table(engine, pl.DataFrame(schema={"adult_involved": pl.Boolean}), lists=True, texts=True, first_question=True)
    assert empty.height == 0
    assert empty.schema["outcome"] == pl.Enum([outcome.name for outcome in engine.program.policy.outcomes])
    assert decide_table(engine, pl.DataFrame({"case": [1, 2]}), keep=["case"])["outcome"].to_list() == [nothing, nothing]


def test_a_column_about_no_fact_is_an_error_with_a_suggestion_and_all_are_listed(engine: Engine) -> None:
    frame = pl.DataFrame({"adult_involvd": [True], "pupil": ["x"], "outcome": ["refer"]})
    with pytest.raises(FactsError) as raised:
        decide_table(engine, frame, keep=["outcome", "pupl"])
    found = "\n".join(messages(raised.value))
    assert "SR802 no fact is called `adult_involvd`, the name of a column (did you mean `adult_involved`?)" in found
    assert "SR802 no fact is called `pupil`" in found
    assert "`keep`" in found
    assert "SR802 there is no column `pupl` to keep (did you mean `pupil`?)" in found
    assert "SR802 `outcome` cannot be kept: a column of the answers has that name (rename it)" in found
    assert len(raised.value.diagnostics) == 4


def test_a_choices_fact_is_a_list_or_a_column_for_each_value(engine: Engine) -> None:
    frame = pl.DataFrame({"motivation_includes_harm": [True, False, None], "motivation_includes_profit": [False, None, None]})
    cases: list[dict[str, Any]] = [{"motivation": ["harm"]}, {"motivation": {"excludes": "harm"}}, {}]
    found = decide_table(engine, frame, lists=True)
    for facts, row in zip(cases, found.rows(named=True), strict=True):
        assert row["outcome"] == engine.decide(facts).outcome
    with pytest.raises(FactsError) as raised:
        decide_table(engine, frame.with_columns(motivation=pl.Series([["harm"], [], None])))
    assert all("SR806" in text and "both say what `motivation` includes" in text for text in messages(raised.value))
    only = {name: [name == "motivation_includes_harm"] for name in (f"motivation_includes_{value}" for value in _values(engine))}
    row = decide_table(engine, pl.DataFrame(only), lists=True).rows(named=True)[0]
    assert answers_of(row) == expected_of(engine.decide({"motivation": {"only": ["harm"]}}))


def _values(engine: Engine) -> tuple[str, ...]:
    return engine.program.space.specs["motivation"].values


def test_lists_texts_and_first_question(engine: Engine) -> None:
    frame = pl.DataFrame(
        FACTS,
        schema={"adult_involved": pl.Boolean, "youngest_pictured_age": pl.Int8, "depicts_sexual_act": pl.Boolean, "contains_imagery": pl.Boolean},
    )
    found = decide_table(engine, frame, lists=True, texts=True, first_question=True)
    outcomes = {outcome.name: outcome.title for outcome in engine.program.policy.outcomes}
    for facts, row in zip(FACTS, found.rows(named=True), strict=True):
        decision = engine.decide(facts)
        assert row["outcome_title"] == outcomes[decision.outcome]
        assert row["met_rules"] == [item.rule for item in decision.rules.met]
        assert sorted(row["because"]) == sorted(item.because for item in (*decision.rules.met, *decision.rules.presumed))
        first = decision.questions[0] if decision.questions else None
        assert (row["first_question"], row["first_question_text"]) == ((first.fact, first.ask) if first else (None, None))


def test_facts_that_contradict_are_decided_by_their_parts_and_said_to(engine: Engine) -> None:
    facts = {"contains_imagery": False, "depicts_violence": True, "adult_involved": False, "adult_role": "known_adult"}
    row = decide_table(engine, pl.DataFrame([facts]), lists=True, first_question=True).rows(named=True)[0]
    decision = engine.decide(facts)
    assert row["contradicts"]
    assert answers_of(row) == expected_of(decision)
    assert row["first_question"] == decision.questions[0].fact


def test_how_a_table_is_cut_into_batches_changes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [FACTS[i % 4] | ({"previous_incidents_count": 1000} if i % 7 == 0 else {}) for i in range(500)]
    frame = pl.DataFrame(rows, schema_overrides={"youngest_pictured_age": pl.Int8})
    whole = decide_table(engine, frame, lists=True, texts=True)
    monkeypatch.setattr("safeguarding_rules.tabular.frames.ROWS_A_BATCH", 13)
    assert decide_table(engine, frame, lists=True, texts=True).equals(whole)
    assert decide_table(engine, pl.concat([frame[:101], frame[101:]], rechunk=False), lists=True, texts=True).equals(whole)
    assert decide_table(engine, frame[3:], lists=True, texts=True).equals(whole[3:])
    assert whole["error"].is_not_null().sum() == 72


def test_counts(engine: Engine) -> None:
    ages = [12, 400, 12, None]
    frame = pl.DataFrame({"youngest_pictured_age": ages, "contains_imagery": [True, True, False, None], "depicts_sexual_act": [True] * 4})
    counts = count_rows(engine, decide_table(engine, frame))
    assert (counts.rows, counts.invalid, counts.contradicting, counts.settled) == (4, 1, 1, 0)
    assert sum(counts.outcomes.values()) == 3
    assert list(counts.outcomes) == [outcome.name for outcome in engine.program.policy.outcomes]


def test_the_policy_of_a_day() -> None:
    engine = Engine.load("ukcis", on=date(2026, 11, 22))
    frame = pl.DataFrame({"adult_involved": [True]})
    old, new = (decide_table(engine, frame, on=day, lists=True) for day in (date(2022, 1, 1), date(2026, 11, 22)))
    assert set(old["met"].struct.fields) != set(new["met"].struct.fields)


def test_what_is_no_table_is_a_type_error(engine: Engine) -> None:
    with pytest.raises(TypeError, match="a table is a frame of polars"):
        decide_table(engine, [{"adult_involved": True}])


def test_a_decider_can_be_sent_to_another_process(engine: Engine) -> None:
    import pickle  # noqa: PLC0415

    decider = batches.BatchDecider(engine.program, batches.Wanted(plain=True))
    other = pickle.loads(pickle.dumps(decider))  # noqa: S301  our own
    asked = [Asked("adult_involved", "adult_involved")]
    arrays = {"adult_involved": pa.array([True, None])}
    assert other.decide(asked, arrays, 2).equals(decider.decide(asked, arrays, 2))
