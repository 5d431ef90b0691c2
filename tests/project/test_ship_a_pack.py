"""What the page about shipping packs says, done: the package is built as written there, installed, and its pack decides."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "ship-a-pack.md").read_text(encoding="utf-8")
HATCHLING = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
SETUPTOOLS = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"


def installed(folder: Path, announcement: str | None = None, *, setuptools: bool = False) -> Path:
    """Build the package of the page around an example pack, and unpack it as an installer does."""
    project, announced, with_setuptools = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0], "kent_policies:packs", _toml(1)
    assert announced in project
    project = project.replace(announced, announcement or announced)
    if setuptools:
        project = project.replace('["hatchling"]', '["setuptools"]').replace("hatchling.build", "setuptools.build_meta") + with_setuptools
    source = folder / "kent-policies"
    shutil.copytree(ROOT / "examples" / "packs" / "example-area", source / "kent_policies" / "packs" / "example-area")
    (source / "kent_policies" / "__init__.py").touch()
    (source / "pyproject.toml").write_text(project, encoding="utf-8")
    command = [sys.executable, "-c", SETUPTOOLS if setuptools else HATCHLING, str(folder)]
    name = subprocess.run(command, cwd=source, check=True, text=True, capture_output=True).stdout.split()[-1]
    assert name == "kent_policies-2026.1-py3-none-any.whl"
    assert name in PAGE
    with zipfile.ZipFile(folder / name) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def _toml(number: int) -> str:
    return str(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[number])


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command where the package is installed."""
    code = "import sys; from safeguarding_rules.cli.main import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(site)])}
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=site, env=environment, text=True, capture_output=True, check=False)


@pytest.mark.parametrize("setuptools", [False, True])
def test_a_pack_that_came_with_a_package_is_found_by_its_id(tmp_path: Path, setuptools: bool) -> None:
    site = installed(tmp_path, setuptools=setuptools)
    listed = run(site, "packs")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "example-area 2026.1" in listed.stdout
    facts = tmp_path / "facts.yaml"
    facts.write_text("adult_involved: true\n", encoding="utf-8")
    decided = run(site, "decide", "example-area", "--on", "2026-11-22", "--facts", str(facts))
    assert decided.returncode == 0, decided.stderr


@pytest.mark.parametrize("announcement", ["kent-policies:packs", "kent_policies:pack", "kent_policies"])
def test_a_wrong_announcement_is_named_with_its_remedy(tmp_path: Path, announcement: str) -> None:
    site = installed(tmp_path, announcement)
    listed = run(site, "packs")
    assert listed.returncode == 0
    assert "example-area" not in listed.stdout
    assert f"SR122: the installed distribution `kent-policies` announces packs at `{announcement}`" in listed.stderr
    assert "`kent_policies:packs`" in listed.stderr
    (tmp_path / "facts.yaml").write_text("{}", encoding="utf-8")
    decided = run(site, "decide", "example-area", "--facts", str(tmp_path / "facts.yaml"))
    assert decided.returncode == 2
    assert "SR301" in decided.stderr
    assert "SR122" in decided.stderr
