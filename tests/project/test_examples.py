"""The examples run, and their cases have the answers that the vignettes they come from expect."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules import Engine
from safeguarding_rules.reading import read_yaml

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "examples" / "facts"

# What the vignettes of the guidance notes say: the outcome, or at least it; whether everything that matters is known; a duty that stands.
EXPECTED = {
    "vg-01-passed-on": ("review", "at least", False, "support_children_involved"),
    "vg-07-eight-year-olds": ("refer", "at least", False, "refer_to_childrens_social_care"),
    "vg-17-low-risk-exchange": ("manage_in_setting", "exactly", True, "record_decision_and_reasons"),
    "vg-19-message-without-image": ("review", "at least", False, "follow_kcsie_part_five"),
    "vc-21-twelve-and-sexual-act": ("refer", "at least", False, "refer_to_childrens_social_care"),
    "vc-29-known-only-online": ("seek_advice", "at least", False, "seek_local_safeguarding_advice"),
    "vc-31-member-of-staff": ("refer_police", "at least", False, "contact_lado"),
    "vc-37-wants-to-die": ("refer", "at least", False, "stay_with_child"),
    "vc-45-wants-to-look": ("review", "at least", False, "record_decision_and_reasons"),
    "vc-65-parents-decline": ("seek_advice", "at least", False, "seek_local_safeguarding_advice"),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("kscmp", on=date(2026, 11, 22))


def test_every_file_of_facts_has_an_expected_answer() -> None:
    assert {path.stem for path in FACTS.glob("*.yaml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_facts_lead_to_the_answer_of_their_vignette(engine: Engine, name: str) -> None:
    outcome, how, settled, duty = EXPECTED[name]
    reading = read_yaml((FACTS / f"{name}.yaml").read_bytes(), name)
    assert not reading.problems
    decision = engine.decide(reading.data)
    scale = [one.name for one in engine.program.policy.outcomes]
    assert scale.index(decision.outcome) >= scale.index(outcome)
    assert how == "at least" or decision.outcome == outcome
    assert decision.settled is settled
    assert duty in {action.action for action in decision.actions if action.status != "depends"}


def test_nobody_is_told_to_look(engine: Engine) -> None:
    for path in FACTS.glob("*.yaml"):
        for action in engine.decide(read_yaml(path.read_bytes(), path.name).data).actions:
            assert action.action != "view_imagery" or action.modality == "must_not"


def test_the_python_example_runs() -> None:
    done = subprocess.run([sys.executable, "examples/decide.py"], cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "advice now: refer" in done.stdout
    assert "did you mean `adult_involved`?" in done.stdout


def test_adult_involvement_always_escalates_in_three_forms() -> None:
    options = ["-p", "safeguarding_rules.pytest_plugin", "-p", "no:cacheprovider", "-v", "-k", "adult-always-escalates or test_property"]
    command = [sys.executable, "-m", "pytest", *options, "examples/adult_always_escalates"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    for form in (
        "invariants.yaml::adult-involvement-always-escalates",
        "cases/adults.yaml::only-an-adult-is-known",
        "test_property.py::test_adult_always_escalates",
    ):
        assert f"{form} PASSED" in done.stdout


def test_every_step_of_the_pipeline_works() -> None:
    done = subprocess.run([sys.executable, "examples/pipeline/try_steps.py"], cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [line.split(":")[0] for line in done.stdout.splitlines() if ": works" in line]
    assert steps == ["check", "test", "prove", "mutate", "diff", "a milder pack"]
    assert "a milder pack: works (exit code 1)" in done.stdout
    assert "diff.md: no" not in done.stdout


def test_the_pipeline_names_no_secret_and_no_registry() -> None:
    text = (ROOT / "examples" / "pipeline" / "policy.yml").read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "http" not in text
