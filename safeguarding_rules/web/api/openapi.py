"""What OpenAPI 3.1 says of the API, made from the models in `documents` and the library's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import UnionType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from safeguarding_rules import __version__
from safeguarding_rules.web.api import documents as doc
from safeguarding_rules.web.api.keys import SCOPES, Scope
from safeguarding_rules.web.api.problems import KINDS, MEDIA_TYPE
from safeguarding_rules.web.api.routes import Described

_TEMPLATE = "#/components/schemas/{model}"
_REQUESTS: tuple[type[BaseModel], ...] = (doc.DecideRequest, doc.ExplainRequest, doc.BatchRequest, doc.NextRequest)
_DESCRIPTION = """Facts of a case in; a decision with reasons, duties, citations and open questions out.

If a child is in danger now, call 999. Professional judgement and local procedure prevail over every decision. Send facts only: never names, never
text about a child, never imagery. Nothing that is sent is kept."""


def plain(content: object) -> bytes:
    """JSON bytes of plain data."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def about(scope: Scope | None, takes: type[BaseModel] | None = None) -> dict[str, Any]:
    """What FastAPI cannot see of a route: the key it takes, and its body."""
    found: dict[str, Any] = {"security": [{"key": []}] if scope else []}
    if scope:
        found["x-scope"] = scope
    if takes is not None:
        schema = {"$ref": _TEMPLATE.format(model=takes.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def responses(
    gives: type[BaseModel] | UnionType | None, errors: Iterable[int], *, tagged: bool = False, text: bool = False
) -> dict[int | str, dict[str, Any]]:
    """The answers of a route."""
    content = {"text/plain" if text else "application/json": {"schema": {"type": "string"} if text else {"type": "object"}}}
    found: dict[int | str, dict[str, Any]] = {200: {"description": "The answer."} | ({"model": gives} if gives else {"content": content})}
    if tagged:
        found[304] = {"description": "Nothing has changed."}
    for status in sorted(set(errors)):
        titles = dict.fromkeys(title for code, title in KINDS.values() if code == status)
        schema = {"$ref": _TEMPLATE.format(model="Problem")}
        found[status] = {"description": ", or: ".join(titles) + ".", "content": {MEDIA_TYPE: {"schema": schema}}}
    return found


def document(routes: Iterable[Described]) -> bytes:
    """The OpenAPI document of the routes, made by FastAPI from their models."""
    app = FastAPI(title="safeguarding_rules", version=__version__, openapi_url=None)
    for one in routes:
        app.add_api_route(
            one.path,
            one.handler,
            methods=[one.method],
            summary=one.summary,
            operation_id=one.operation,
            response_class=Response,
            responses=responses(one.gives, one.statuses, tagged=one.scope == "read", text=one.text),
            openapi_extra=about(one.scope, one.takes),
        )
    found = get_openapi(title="safeguarding_rules", version=__version__, openapi_version="3.1.0", description=_DESCRIPTION, routes=app.routes)
    _, requests = models_json_schema([(model, "validation") for model in _REQUESTS], ref_template=_TEMPLATE)
    _, problems = models_json_schema([(doc.Problem, "serialization")], ref_template=_TEMPLATE)
    components = found.setdefault("components", {})
    for schema in (*requests["$defs"].items(), *problems["$defs"].items()):
        components.setdefault("schemas", {}).setdefault(*schema)
    scopes = "; ".join(f"`{name}`: {meaning}" for name, meaning in SCOPES.items())
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": f"A key of this server. Scopes: {scopes}."}}
    for path in found["paths"].values():
        for operation in path.values():
            # What FastAPI adds for bodies and parameters that it checks itself; here a strict reader checks them.
            if "422" in operation["responses"] and "HTTPValidationError" in json.dumps(operation["responses"]["422"]):
                del operation["responses"]["422"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True).encode()
