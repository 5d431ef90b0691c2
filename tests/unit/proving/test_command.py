"""`safeguarding-rules prove`: what it prints and how it exits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from safeguarding_rules.cli.main import main
from safeguarding_rules.proving.claims import Proof
from tests.unit.proving.stacks import pack
from tests.unit.proving.test_known_answers import RULES

PACKS = Path(__file__).parents[3] / "policy_packs"


def written(folder: Path, invariants: dict[str, object], accepted: list[dict[str, str]] | None = None) -> Path:
    """Write the pack of these tests into a folder; JSON is YAML."""
    packed = pack(RULES, invariants=invariants)
    if accepted:
        packed["invariants.yaml"] = packed["invariants.yaml"] | {"accepted": accepted}
    for name, document in packed.items():
        path = folder / "top" / "1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")
    return folder / "top" / "1"


def test_shipped_packs_are_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "kscmp@2024.9", "--today", "2026-11-22", "--format", "json", "--jobs", "1"]) == 0
    proof = Proof.model_validate_json(capsys.readouterr().out)
    assert proof.state == "proved"
    assert {claim.state for stack in proof.stacks for claim in stack.claims} == {"proved"}
    assert proof.stacks[0].name == "kscmp 2024.9 with ukcis 2024.3"
    names = {claim.name for claim in proof.stacks[0].claims}
    assert {"guarantee-1-learning", "guarantee-3-outcomes", "adult-always-escalates", "kent-level-4-always"} <= names
    assert "not-always-escalating" not in names  # claimed of the national pack, and proved there


def test_example_packs_are_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(PACKS.parent / "examples" / "packs"), "--today", "2026-11-22", "--jobs", "1"]) == 0, capsys.readouterr().out


def test_a_refutation_shows_the_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"always-mild": {"always": True, "outcome_at_most": "refer"}})
    assert main(["prove", str(path), "--jobs", "1"]) == 1
    text = capsys.readouterr().out
    assert "REFUTED: always-mild (top) [SR701]" in text
    assert "smallest case: a" in text
    assert "the engine decides: police" in text


def test_what_is_proved_for_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waived = {"because": "Being looked at.", "until": "2027-01-01"}
    claims: dict[str, object] = {
        "nowhere": {"whenever": {"all": [{"a": True}, {"a": False}]}, "outcome_at_least": "police"},
        "not-needed": {"whenever": {"a": True}, "outcome_at_least": "police", "waived": waived},
    }
    assert main(["prove", str(written(tmp_path, claims)), "--jobs", "1", "--today", "2026-11-22"]) in (0, 1)
    text = " ".join(capsys.readouterr().out.split())
    assert "note: nowhere (top) is proved, but no possible case meets its condition, so it says nothing" in text
    assert "note: not-needed (top) is proved, but its waiver is no longer needed" in text


def test_the_mildest_case_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fact that applies only under a condition is as mild with its least telling value as where it does not apply."""
    tied = {"type": "integer", "at_least": 0, "at_most": 20, "unit": "years", "question": "How old?", "applies_when": {"a": False}}
    facts = {name: {"type": "boolean", "question": f"Is {name} so?"} for name in "abc"} | {"age": tied, "other": tied}
    rules: dict[str, Any] = {name: {"when": {name: {"below": 13}}, "outcome": "refer"} for name in ("age", "other")}
    rules |= {name: {"when": {name: True}, "outcome": "review"} for name in "ab"}
    for name, document in pack(rules, invariants={"it": {"whenever": {"b": True}, "outcome_at_least": "refer"}}, facts=facts).items():
        path = tmp_path / "top" / "1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")
    main(["prove", str(tmp_path / "top" / "1"), "--jobs", "1"])
    assert "smallest case: b\n" in capsys.readouterr().out


def test_what_is_printed_is_what_the_schema_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(
        tmp_path, {"mild": {"always": True, "outcome_at_most": "refer"}, "age": {"must_not_matter": ["age"]}, "can": {"reachable": "police"}}
    )
    main(["prove", str(path), "--jobs", "1", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    schema = json.loads((PACKS.parent / "schemas" / "proof.schema.json").read_text(encoding="utf-8"))
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors(document))


def test_a_time_limit_gives_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"mild": {"reachable": "manage"}})
    assert main(["prove", str(path), "--time-limit", "0.000001"]) == 3
    assert "UNDECIDED" in capsys.readouterr().out


def test_many_undecided_claims_are_counted_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {f"claim-{i}": {"whenever": {"a": True}, "outcome_at_least": "police"} for i in range(9)})
    limited = ("prove", str(path), "--jobs", "1", "--time-limit", "0.000001")
    assert main([*limited]) == 3
    text = " ".join(capsys.readouterr().out.split())
    assert text.count("claimed:") == 3
    assert "more: 6 invariants (claim-3, claim-4, claim-5 and 3 more)" in text
    assert "`--format json`" in text
    assert main([*limited, "--verbose"]) == 3
    assert " more: " not in capsys.readouterr().out
    main([*limited, "--format", "json"])
    proof = Proof.model_validate_json(capsys.readouterr().out)
    assert sum(claim.state == "undecided" for claim in proof.stacks[0].claims) >= 9


ENTRY = {"because": "It is meant.", "until": "2027-01-01"}


def test_what_is_accepted_and_no_longer_found_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`a` matters, and no rule is called so; what `check` finds is its own."""
    entries = [
        {"finding": "SR713", "at": "a", **ENTRY},
        {"finding": "SR711", "at": "no-such-rule", **ENTRY},
        {"finding": "SR609", "at": "x", **ENTRY},
    ]
    path = written(tmp_path, {"mild": {"reachable": "manage"}}, entries)
    code = main(["prove", str(path), "--jobs", "1"])
    text = " ".join(capsys.readouterr().out.split())
    assert "invariants.yaml:1:" in text
    assert "warning SR613: `SR713` is accepted at `a`, and nothing is found there any more = help: delete it" in text
    main(["prove", str(path), "--jobs", "1", "--format", "json"])
    proof = Proof.model_validate_json(capsys.readouterr().out)
    assert [(one.code, one.finding, one.at) for one in proof.idle] == [("SR613", "SR713", "a"), ("SR613", "SR711", "no-such-rule")]
    assert code == {"proved": 0, "refuted": 1}[proof.state]  # a warning changes nothing


def test_what_was_not_decided_is_not_called_idle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"mild": {"reachable": "manage"}}, [{"finding": "SR713", "at": "a", **ENTRY}])
    assert main(["prove", str(path), "--jobs", "1", "--time-limit", "0.000001"]) == 3
    assert "SR613" not in capsys.readouterr().out


def test_what_is_found_and_accepted_is_not_called_idle(capsys: pytest.CaptureFixture[str]) -> None:
    main(["prove", "ukcis@2024.3", "--today", "2026-11-22", "--format", "json", "--jobs", "1"])
    proof = Proof.model_validate_json(capsys.readouterr().out)
    assert proof.idle == ()
    assert sum(finding.accepted is not None for stack in proof.stacks for claim in stack.claims for finding in claim.findings) >= 4


def test_a_pack_that_cannot_be_used_is_not_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"mild": {"reachable": "mildest"}})
    assert main(["prove", str(path)]) == 2
    assert "SR403" in capsys.readouterr().err
    assert main(["prove", str(tmp_path / "nowhere")]) == 2


def test_verbose_lists_what_is_proved_and_z3_agrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("z3")
    path = written(tmp_path, {"adult": {"whenever": {"a": True}, "outcome_at_least": "police"}, "mild": {"reachable": "manage"}})
    main(["prove", str(path), "--second-opinion", "--format", "json", "--jobs", "1"])
    proof = Proof.model_validate_json(capsys.readouterr().out)
    claims = {claim.name: claim for claim in proof.stacks[0].claims}
    assert (claims["adult"].second_opinion, claims["mild"].second_opinion) == ("agrees", "agrees")
    main(["prove", str(path), "-v", "--jobs", "1"])
    assert "proved: adult: whenever a: the outcome is at least “police”" in capsys.readouterr().out
