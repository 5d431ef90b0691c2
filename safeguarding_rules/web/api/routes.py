"""A route, and what is said of it: the one source of what the server answers to and of what its OpenAPI document tells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Final

from fastapi import Path
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from safeguarding_rules.web.api.keys import Scope

PackId = Annotated[str, Path(description="A pack's id, such as `kscmp`.", examples=["kscmp"])]
Handler = Callable[..., Awaitable[Response]]
POST_ERRORS: Final = (400, 401, 403, 404, 408, 412, 413, 415, 422, 429, 500, 503)


@dataclass(frozen=True, slots=True)
class Described:
    """A route: its handler, which gets the request and what stands in the path; what it takes and gives; the scope of the key it needs."""

    method: str
    path: str
    handler: Handler
    summary: str
    gives: type[BaseModel] | UnionType | None
    scope: Scope | None
    takes: type[BaseModel] | None = None
    errors: tuple[int, ...] = ()
    text: bool = False

    async def direct(self, request: Request) -> Response:
        """Hand a request to the handler."""
        return await self.handler(request, **request.path_params)

    @property
    def operation(self) -> str:
        """The name of the operation in the document."""
        return self.handler.__name__

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status of a problem that it may answer with."""
        return POST_ERRORS if self.takes else (*((401, 403) if self.scope else ()), 429, 500, *self.errors)
