"""The reference page leaves no route and no kind of problem out."""

from __future__ import annotations

import json

import pytest

from safeguarding_rules.web.api.problems import KINDS
from tests.unit.web.generated import ROOT

PAGE = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")


def test_every_route_is_described() -> None:
    document = json.loads((ROOT / "schemas" / "openapi.json").read_text(encoding="utf-8"))
    missing = [f"{method} {path}" for path, methods in document["paths"].items() for method in methods if f"{method.upper()} {path}`" not in PAGE]
    assert not missing


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_is_described(kind: str) -> None:
    line = next((line for line in PAGE.splitlines() if f"`{kind}`" in line), "")
    assert str(KINDS[kind][0]) in line
