"""The wheel holds code, packs and schemas, and decides where nothing else of the project is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PARTS_OF_PAGES = (".html", ".css", ".js", ".svg")
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("wheel")
    name = subprocess.run([sys.executable, "-c", BUILD, str(built)], cwd=ROOT, check=True, text=True, capture_output=True).stdout.split()[-1]
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(built / name) as wheel:
        wheel.extractall(folder)
    return folder


def test_wheel_holds_packs_schemas_and_types(installed: Path) -> None:
    package = installed / "safeguarding_rules"
    assert (package / "py.typed").is_file()
    shipped = sorted(path.relative_to(ROOT) for path in (ROOT / "policy_packs").rglob("*") if path.is_file())
    assert shipped == sorted(path.relative_to(package) for path in (package / "policy_packs").rglob("*") if path.is_file())
    for path in shipped:
        assert (package / path).read_bytes() == (ROOT / path).read_bytes()
    assert {path.name for path in (package / "schemas").iterdir()} == {path.name for path in (ROOT / "schemas").iterdir()}


def test_wheel_holds_nothing_else(installed: Path) -> None:
    assert {path.name.split("-")[0] for path in installed.iterdir()} == {"safeguarding_rules"}
    files = [path for path in (installed / "safeguarding_rules").rglob("*") if path.is_file()]
    kinds = {path.suffix for path in files if path.name != "LICENSE"}
    assert kinds <= {".py", ".typed", ".yaml", ".csv", ".json", ".lock", ".md", *_PARTS_OF_PAGES}
    assert {path.relative_to(installed).parts[1] for path in files if path.suffix in _PARTS_OF_PAGES} <= {"publishing", "web"}


def test_wheel_names_its_command(installed: Path) -> None:
    entry_points = next(installed.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "safeguarding-rules = safeguarding_rules.cli.main:main" in entry_points


def test_unpacked_wheel_decides(installed: Path, tmp_path: Path) -> None:
    code = "import sys; from safeguarding_rules.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "decide", "kscmp", "--on", "2026-11-22", "--facts", "-", "--format", "json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        input='{"adult_involved": true}',
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "refer_police"


def test_importing_loads_next_to_nothing(installed: Path) -> None:
    code = "import sys, safeguarding_rules; print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    loaded = subprocess.run([sys.executable, "-c", code], env=environment, text=True, capture_output=True, check=True).stdout.split()
    assert not {"pydantic", "jsonschema", "ruamel", "holidays", "typer"} & set(loaded)
