from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packs.pipeline import GOOD

Run = Callable[..., tuple[int, str]]
CASE = """\
  nobody-looks:
    title: Nobody is advised to look
    facts: {adult_involved: false, age: 15, origin: made_by_child}
    expect: {outcome: refer, never: [{may: look_at_it}]}
    follows_from: [MIN-4]
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run pytest as a project with packs would, in a process of its own."""
    shutil.copytree(GOOD / "minimal", tmp_path / "packs" / "minimal" / "2024.1")

    def runs(*arguments: str) -> tuple[int, str]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "safeguarding_rules.pytest_plugin",
            "-p",
            "no:cacheprovider",
            "-c",
            "none.ini",
            "--rootdir",
            ".",
        ]
        (tmp_path / "none.ini").write_text("[pytest]\nfilterwarnings = error\n")
        done = subprocess.run([*command, *arguments], cwd=tmp_path, text=True, capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return runs


def edit(folder: Path, file: str, add: str = "", **changes: str) -> None:
    path = folder / "packs" / "minimal" / "2024.1" / file
    text = path.read_text(encoding="utf-8") + add
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_every_case_and_invariant_is_a_test(run: Run) -> None:
    code, said = run("packs", "-v")
    assert code == 0, said
    assert "packs/minimal/2024.1/cases/cases.yaml::adult PASSED" in said
    assert "packs/minimal/2024.1/invariants.yaml::adult-always-refers PASSED" in said
    assert "packs/minimal/2024.1/invariants.yaml::not-always-referring PASSED" in said


def test_a_case_that_fails_says_what_was_expected_what_came_and_why(run: Run, tmp_path: Path) -> None:
    edit(tmp_path, "cases/cases.yaml", CASE)
    code, said = run("packs")
    assert code == 1
    assert "FAILED minimal 2024.1: nobody-looks" in said
    assert "expected  `refer` (Refer)" in said
    assert "came      `manage` (Manage)" in said
    assert "why       no rule that asks for `refer` or more holds" in said
    assert "Traceback" not in said


def test_an_invariant_that_fails_shows_the_smallest_case(run: Run, tmp_path: Path) -> None:
    edit(tmp_path, "invariants.yaml", "  never-refers: {always: true, outcome_at_most: review}\n")
    code, said = run("packs", "-k", "never-refers")
    assert code == 1
    assert "REFUTED: never-refers (minimal)" in said
    assert "smallest case: " in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (("-m", "policy_case"), 1),
        (("-m", "policy_invariant"), 2),
        (("-m", "policy_pack(id='minimal')"), 3),
        (("-m", "policy_pack(id='other')"), 0),
        (("-m", "policy_outcome(name='refer')"), 2),
        (("-k", "adult"), 2),
        (("-k", "minimal and manage"), 1),
        (("packs/minimal/2024.1/cases/cases.yaml::adult",), 1),
    ],
)
def test_marks_and_words_choose(run: Run, choice: tuple[str, ...], chosen: int) -> None:
    code, said = run("--strict-markers", *choice)
    assert code == (0 if chosen else 5), said
    assert not chosen or f"{chosen} passed" in said


def test_it_runs_side_by_side(run: Run) -> None:
    pytest.importorskip("xdist")
    code, said = run("packs", "-n", "2")
    assert code == 0, said
    assert "3 passed" in said


def test_a_pack_that_cannot_be_used_shows_its_findings_once(run: Run, tmp_path: Path) -> None:
    edit(tmp_path, "rules/referral.yaml", refer="refr")
    code, said = run("packs")
    assert code == 2
    assert said.count("outcome: refr") == 1
    assert "unknown outcome `refr`" in said
    assert "did you mean `refer`?" in said
    assert "its findings are shown with another of its files" in said
    assert "Traceback" not in said


def test_a_layer_is_tested_for_what_the_packs_above_say(run: Run, tmp_path: Path) -> None:
    shutil.copytree(GOOD / "wider", tmp_path / "packs" / "wider" / "2024.1")
    shutil.copytree(GOOD / "layer", tmp_path / "packs" / "layer" / "2024.1")
    layer = tmp_path / "packs/layer/2024.1/pack.yaml"
    layer.write_text(layer.read_text().replace("{pack: wider}", '{pack: wider, version: "2024.1"}'))
    (tmp_path / "packs/wider/2024.1/invariants.yaml").write_text("invariants:\n  something-is-said: {always: true, outcome_at_least: manage}\n")
    code, said = run("packs/layer", "-v")
    assert code == 0, said
    assert "packs/layer/2024.1/pack.yaml::wider/something-is-said PASSED" in said


def test_a_project_without_packs_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: something else\n")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.yaml").write_text("a: 1\n")
    program = (
        "import sys, pytest; code = pytest.main(['-q', '-p', 'safeguarding_rules.pytest_plugin', '-p', 'no:cacheprovider', '--collect-only']); "
        "loaded = [name for name in sys.modules if name.startswith(('safeguarding_rules', 'pydantic', 'ruamel'))]; print(code, loaded)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, text=True, capture_output=True, check=True)
    assert "['safeguarding_rules', 'safeguarding_rules.pytest_plugin']" in done.stdout


def test_the_plugin_is_announced() -> None:
    project = Path(__file__).parents[3] / "pyproject.toml"
    assert '"safeguarding_rules.pytest_plugin" = "safeguarding_rules.pytest_plugin"' in project.read_text(encoding="utf-8")
