"""What a whole process that decides one case by a kept policy loads. How long that takes is measured by `benchmarks/processes.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RUN = "import sys; from safeguarding_rules.cli.main import main; code = main(sys.argv[1:]); print(*sys.modules, file=sys.stderr); sys.exit(code)"
MODELS = {"pydantic", "pydantic_core", "annotated_types"}
YAML = {"ruamel", "yaml", "_ruamel_yaml"}
OTHERS = {"jsonschema", "attr", "holidays", "importlib.metadata", "zipfile", "shutil", "difflib", "tempfile", "typer", "rich", "jinja2", "narwhals"}
COMMANDS = {"main", "decide", "arguments", "facts_file", "findings", "terminal"}


def loaded(folder: Path, facts: str, *arguments: str) -> set[str]:
    """Decide a case in a process of its own, with the cache in a folder; return the modules that are loaded at the end."""
    (folder / "case").write_text(facts)
    command = ["decide", "kscmp", "--on", "2026-11-22", "--facts", str(folder / "case"), *arguments]
    environment = {**os.environ, "SAFEGUARDING_RULES_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", RUN, *command], env=environment, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout
    return set(done.stderr.split())


def first(names: set[str]) -> set[str]:
    """The packages that modules are of."""
    return {name.partition(".")[0] for name in names}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cache in which the policy is kept."""
    folder = tmp_path_factory.mktemp("warm")
    assert "safeguarding_rules.reading.pack" in loaded(folder, "{}")  # nothing was kept yet
    return folder


@pytest.mark.parametrize("shown", [["--format", "json"], ["--register", "short"], ["--register", "full"], ["--register", "audit"]])
def test_with_a_kept_policy_no_models_no_yaml_and_no_other_command_is_loaded(warm: Path, shown: list[str]) -> None:
    names = loaded(warm, '{"adult_involved": true, "youngest_pictured_age": {"below": 13}, "motivation": ["romantic"]}', *shown)
    assert not (MODELS | YAML | OTHERS) & (names | first(names))
    assert {name.rpartition(".")[2] for name in names if name.startswith("safeguarding_rules.cli.")} == COMMANDS
    assert not {name for name in names if name.startswith(("safeguarding_rules.linking.link", "safeguarding_rules.reading.pack"))}


def test_json_needs_no_prose(warm: Path) -> None:
    assert not {name for name in loaded(warm, "{}", "--format", "json") if name.startswith("safeguarding_rules.explaining.")}


def test_facts_in_yaml_need_the_yaml_parser_and_no_models(warm: Path) -> None:
    names = first(loaded(warm, "adult_involved: true"))
    assert YAML & names
    assert not MODELS & names
