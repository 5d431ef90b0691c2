"""pytest plugin: every case and every invariant of the packs under the given paths is a test.

With the package installed, `pytest policy_packs/` collects them; nothing has to be configured. Marks: `policy_case`, `policy_invariant`,
`policy_pack(id=…, version=…)`, `policy_outcome(name=…)`; `-k` also knows the pack's id and the expected outcome. Promised: in a project without
packs nothing but this file is loaded, and nothing is read but files named as those of packs.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_MARKS = (
    "policy_case: a case of a pack",
    "policy_invariant: an invariant of a pack",
    "policy_pack(id, version): the pack that a case or invariant belongs to",
    "policy_outcome(name): the outcome that a case or invariant expects",
)
_MANIFEST = re.compile(rb"^pack:.*^language:", re.MULTILINE | re.DOTALL)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the day that counts as today."""
    group = parser.getgroup("safeguarding-rules")
    group.addoption("--policy-today", metavar="DATE", help="the day of cases that name none, and by which waivers have ended (default: today)")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known."""
    for mark in _MARKS:
        config.addinivalue_line("markers", mark)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the files of packs that hold something to test."""
    if file_path.suffix != ".yaml":
        return None
    if file_path.name in ("pack.yaml", "invariants.yaml"):
        folder = file_path.parent
    elif file_path.parent.name == "cases":
        folder = file_path.parent.parent
    else:
        return None
    if not _is_pack(folder):
        return None
    from safeguarding_rules.pytest_plugin.items import collector  # noqa: PLC0415  nothing is loaded where there are no packs

    return collector(file_path, folder, parent)


def _is_pack(folder: Path) -> bool:
    try:
        return _MANIFEST.search((folder / "pack.yaml").read_bytes()) is not None
    except OSError:
        return False
