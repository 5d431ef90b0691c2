"""The running server against its own OpenAPI document: no server error, and no answer that the document does not describe."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.unit.web.server import running

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 10


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running("kscmp", "ukcis", "--rate", "0") as (found, _):
        yield found


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("packs", ["any", "served"])
def test_no_server_error_and_no_undocumented_answer(address: str, packs: str, mode: GenerationMode) -> None:
    document = httpx.get(f"{address}/openapi.json").json()
    if packs == "served":
        of_packs_that_are_served(document)
    schema = schemathesis.openapi.from_dict(document)
    statuses: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def try_operation(case: Any) -> None:
            response = case.call_and_validate(base_url=address, checks=CHECKS)
            statuses.setdefault(case.operation.label, set()).add(response.status_code)
            event(f"{response.status_code}")

        # Nothing wrong can be sent to a route that takes nothing.
        with contextlib.suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else contextlib.nullcontext():
            try_operation()
    assert len(statuses) >= (5 if mode is GenerationMode.NEGATIVE else 9)
    if mode is GenerationMode.POSITIVE and packs == "served":
        assert 200 in statuses["POST /v1/packs/{pack}/decide"], statuses


def of_packs_that_are_served(document: dict[str, Any]) -> None:
    """Name the packs that there are: an id made up at random is one that is not served, and what lies behind the 404 is not tried."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "pack":
                    parameter["schema"] = {"enum": ["kscmp", "ukcis"]}
