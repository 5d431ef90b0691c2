"""Suggestions: few cases that fulfil everything owed, answers blank, and nothing blank passes for tested."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules.diagnostics import PackError
from safeguarding_rules.linking.policy import Policy
from safeguarding_rules.reading import pack_from_data
from safeguarding_rules.testing.coverage_bench import Benches, bench_of, benches_of
from safeguarding_rules.testing.coverage_full import coverage_of, document, report, term_sum
from safeguarding_rules.testing.stacks import Stacks
from safeguarding_rules.testing.suggest import Suggestions, file_of, suggest
from tests.unit import making
from tests.unit.testing.small import FACTS, policy_of

RULES = {
    "r": {"when": {"all": [{"a": True}, {"n": {"below": 3}}]}, "outcome": "refer"},
    "s": {"when": {"b": True}, "unless": {"c": True}, "outcome": "review"},
}


def benches(policy: Policy) -> Benches:
    bench = bench_of(policy)
    bench.homes.append(("top", "1"))
    return Benches([("top", "1")], [bench], {("top", "1"): bench})


def suggested(*, apart: bool = False) -> Suggestions:
    return suggest(benches(policy_of(RULES)), apart=apart)[0]


def test_the_suggestions_fulfil_everything_that_is_owed() -> None:
    laid_out = benches(policy_of(RULES))
    bench, owed = laid_out.benches[0], coverage_of(laid_out)[0].owed
    found = suggest(laid_out)[0]
    boxes = [bench.knowledge.read(vignette.facts) for vignette in found.vignettes]
    assert not found.left
    assert all(bench.space.complete(box) for box in boxes)
    for _, one in owed:
        needed = term_sum(bench, one)
        assert needed is not None
        assert any(needed.holds(box) for box in boxes), one.words


def test_few_cases_do_for_many_obligations_and_the_same_every_time() -> None:
    found = suggested()
    assert len(found.vignettes) == 3
    assert len(suggested(apart=True).vignettes) == 10
    assert file_of(found) == file_of(suggested())


def test_a_rule_that_comes_into_force_later_gets_a_vignette_with_a_day(tmp_path: Path) -> None:
    later = {"later": {"when": {"c": True}, "outcome": "police", "in_force": {"from": "2025-01-01"}}}
    making.write(tmp_path, making.pack(RULES | later, facts=FACTS, actions="x y"))
    found = suggest(benches_of(Stacks([tmp_path]), date(2024, 6, 1)))[0]
    assert {one.rule for vignette in found.vignettes if vignette.on is None for one in vignette.fulfils} == {f"top/{name}" for name in RULES}
    days = {vignette.on for vignette in found.vignettes for one in vignette.fulfils if one.rule == "top/later"}
    assert days == {date(2025, 1, 1)}
    assert "    on: 2025-01-01\n" in file_of(found)


def test_nothing_is_missing_of_a_pack_without_rules() -> None:
    assert "cases: {}" in file_of(suggest(benches(policy_of({})))[0])


def test_every_blank_is_reported_and_every_filled_in_file_is_read() -> None:
    pack = making.pack(RULES, facts=FACTS, actions="x y")
    files = {file: json.dumps(data, indent=0) for file, data in pack.items()}
    text = file_of(suggested())
    with pytest.raises(PackError) as caught:
        pack_from_data({**files, "cases/suggested.yaml": text}, "top").cases()
    assert [one.code for one in caught.value.diagnostics] == ["SR208"] * 3
    filled = text.replace("expect: {}", "expect: {outcome: manage}")
    ((_, read),) = pack_from_data({**files, "cases/suggested.yaml": filled}, "top").cases()
    assert list(read.cases) == ["suggested-1", "suggested-2", "suggested-3"]


def test_coverage_lists_what_is_missing() -> None:
    found = coverage_of(benches(policy_of(RULES)))
    assert "top 1: what 0 cases exercise" in report(found)
    data = document(found).model_dump(by_alias=True, mode="json")
    assert data["schema"] == "coverage/1"
    assert data["packs"][0]["mcdc"]["percent"] == 0.0
    assert data["packs"][0]["mcdc"]["reachable"] == 8
    assert data["packs"][0]["boundaries"]["missing"] == [
        "`r` is met, with `n` at 2, an edge of `n: {below: 3}`",
        "`r` is not met, with `n` at 3, an edge of `n: {below: 3}`",
    ]
