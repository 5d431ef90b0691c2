"""The table of `docs/missing-facts.md` is what the engines do: ours always, each peer where the version that is pinned is installed."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "missing-facts.md"


@pytest.fixture(scope="module")
def matrix() -> ModuleType:
    spec = importlib.util.spec_from_file_location("missing_facts", ROOT / "benchmarks" / "missing_facts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["missing_facts"] = module
    spec.loader.exec_module(module)
    return module


def line_of(title: str) -> str:
    return next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith((f"| {title} ", f"| **{title}** ")))


def test_our_row_is_what_the_engine_does(matrix: ModuleType) -> None:
    assert matrix.rows()["this engine"] == line_of("this engine")


def test_we_never_fall_silently_to_the_mildest_outcome(matrix: ModuleType) -> None:
    fine, *wrong, idle = matrix.answers(matrix.PEERS[0])
    assert fine == "manage, settled"
    assert idle == "refer, settled"
    assert all(answer.startswith(("review; could be", "refused: ")) for answer in wrong)


def pinned(distribution: str) -> str:
    """The version of a peer that `make test` installs."""
    pins = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("constraints.txt", "constraints-source.txt"))
    found = re.search(rf"^{re.escape(distribution)}==([^ ]+)", pins, re.MULTILINE)
    assert found is not None, f"{distribution} is not pinned"
    return found[1]


@pytest.mark.parametrize("number", range(1, 9))
def test_the_page_is_about_the_versions_that_are_pinned(matrix: ModuleType, number: int) -> None:
    peer = matrix.PEERS[number]
    assert line_of(peer.title).startswith(f"| {peer.title} {pinned(peer.distribution)} |")


@pytest.mark.parametrize("number", range(1, 9))
def test_a_row_is_what_the_peer_does(matrix: ModuleType, number: int) -> None:
    peer = matrix.PEERS[number]
    if peer.version != pinned(peer.distribution):
        pytest.skip(f"{peer.distribution} is not installed in the version that is pinned")
    assert matrix.rows()[peer.title] == line_of(peer.title)


def test_every_engine_has_a_row(matrix: ModuleType) -> None:
    assert all(line_of(peer.title) for peer in matrix.PEERS)
    assert len(matrix.PEERS) == 9
