"""Stacks take over from an earlier look what has not changed, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from safeguarding_rules.deciding.decide import Decider
from safeguarding_rules.diagnostics import Diagnostic, PackError
from safeguarding_rules.reading.read_text import YamlReading
from safeguarding_rules.reading.yaml_text import read_yaml
from safeguarding_rules.testing.checking import check_packs
from safeguarding_rules.testing.stacks import Stacks
from tests.unit.making import pack as making
from tests.unit.making import write

ON = date(2025, 1, 1)
TOP = making({"a": {"when": {"x": True}, "outcome": "review"}}, facts="x y")
LAYER = making({"b": {"when": {"y": True}, "outcome": "refer"}}, name="local", above="top")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top, layer = ({**data, "pack.yaml": data["pack.yaml"] | {"status": "in_force"}} for data in (TOP, LAYER))
    write(tmp_path, top, layer)
    return tmp_path


def looked(folder: Path, before: Stacks | None = None) -> tuple[Stacks, dict[str, Decider]]:
    stacks = Stacks([folder], before=before)
    return stacks, {found.id: stacks.decider(found, ON) for found in stacks.targets()[0]}


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_has_not_changed_is_taken_over(folder: Path) -> None:
    first, before = looked(folder)
    _, after = looked(folder, first)
    assert after == before


def test_a_layer_that_changes_leaves_the_pack_above_alone(folder: Path) -> None:
    first, before = looked(folder)
    edit(folder, "local/1/rules/rules.yaml", '"refer"', '"police"')
    _, after = looked(folder, first)
    assert after["top"] is before["top"]
    assert after["local"] is not before["local"]
    assert after["local"].decide({"y": True}, ON).outcome == "police"


def test_a_pack_above_that_changes_changes_the_layer(folder: Path) -> None:
    first, before = looked(folder)
    edit(folder, "top/1/rules/rules.yaml", '"review"', '"police"')
    _, after = looked(folder, first)
    assert after["local"] is not before["local"]
    assert after["local"].decide({"x": True}, ON).outcome == "police"


def test_another_version_counts_too(folder: Path) -> None:
    """Linking looks at the other versions of a pack, so a new one is reason enough to link again."""
    first, before = looked(folder)
    write(folder, {**TOP, "pack.yaml": TOP["pack.yaml"] | {"version": "2", "in_force": {"from": "2030-01-01"}}})
    stacks = Stacks([folder], before=first)
    again = next(found for found in stacks.targets()[0] if (found.id, found.version) == ("top", "1"))
    assert stacks.decider(again, ON) is not before["top"]


def test_what_was_wrong_and_is_mended_is_as_before(folder: Path) -> None:
    first, _ = looked(folder)
    edit(folder, "top/1/rules/rules.yaml", '"review"', '"revue"')
    second = Stacks([folder], before=first)
    with pytest.raises(PackError, match="unknown outcome `revue`"):
        second.decider(next(found for found in second.targets()[0] if found.id == "top"), ON)
    edit(folder, "top/1/rules/rules.yaml", '"revue"', '"review"')
    _, third = looked(folder, second)
    assert third["top"].decide({"x": True}, ON).outcome == "review"


def found_in(folder: Path, before: Stacks | None = None) -> tuple[Stacks, list[Diagnostic]]:
    stacks = Stacks([folder], before=before)
    return stacks, [one for checked in check_packs(stacks, ON)[0] for one in checked.diagnostics]


EDITS = [
    ("top/1/rules/rules.yaml", '"x"', '"x0"'),
    ("top/1/rules/rules.yaml", '"review"', '"revue"'),
    ("top/1/facts.yaml", '"y"', '"y0"'),
    ("top/1/statements.yaml", '"TOP-', '"TOP-9'),
    ("top/1/pack.yaml", '"review"', '"revue"'),
    ("local/1/rules/rules.yaml", '"y"', '"y0"'),
]


@pytest.mark.parametrize(("file", "old", "new"), EDITS)
def test_findings_are_those_of_a_fresh_look(folder: Path, file: str, old: str, new: str) -> None:
    stacks, _ = found_in(folder)
    edit(folder, file, old, new)
    assert found_in(folder, stacks)[1] == found_in(folder)[1]


def test_only_files_that_changed_are_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = looked(folder)
    edit(folder, "top/1/rules/rules.yaml", '"review"', '"police"')
    read: list[str] = []

    def reading(content: bytes, file: str) -> YamlReading:
        read.append(file)
        return read_yaml(content, file)

    monkeypatch.setattr("safeguarding_rules.reading.pack.read_yaml", reading)
    looked(folder, first)
    assert {name for name in read if not name.endswith("pack.yaml")} == {f"{folder}/top/1/rules/rules.yaml"}
