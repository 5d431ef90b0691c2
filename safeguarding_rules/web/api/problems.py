"""What goes wrong, as `application/problem+json` (RFC 9457) that carries our findings.

In: an error. Out: a response. Promised: what a caller sent comes back only in the answer to that caller, and never in a log; the texts are ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from safeguarding_rules.diagnostics import Diagnostic
from safeguarding_rules.diagnostics.machine import as_data

MEDIA_TYPE = "application/problem+json"

KINDS: Mapping[str, tuple[int, str]] = {
    "not-json": (400, "The body is not JSON that can be used"),
    "key-missing": (401, "A key is needed"),
    "key-refused": (401, "The key is not known, or has expired"),
    "scope-missing": (403, "The key does not allow this"),
    "host-refused": (403, "This server is not called by that name"),
    "not-found": (404, "There is nothing here"),
    "pack-not-found": (404, "There is no such pack"),
    "method-not-allowed": (405, "The method is not allowed here"),
    "too-slow": (408, "The body came too slowly"),
    "policy-changed": (412, "The policy is another one by now"),
    "too-large": (413, "The body is too large"),
    "media-type": (415, "The body is not of a type that can be read"),
    "not-usable": (422, "What was sent cannot be decided"),
    "not-in-force": (422, "No policy is in force on that day"),
    "too-many-requests": (429, "Too many requests"),
    "headers-too-large": (431, "The request line or the headers are too large"),
    "internal": (500, "The server failed"),
    "no-policy": (503, "No policy is in force today"),
    "took-too-long": (503, "The answer took too long"),
}
"""Every kind of problem: its status and its title. The kind is the end of `type`."""


class ProblemError(Exception):
    """A request that cannot be answered; `kind` is one of KINDS."""

    def __init__(
        self, kind: str, detail: str = "", *, diagnostics: Iterable[Diagnostic] = (), headers: Mapping[str, str] | None = None, **further: object
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.diagnostics = tuple(diagnostics)
        self.headers = dict(headers or {})
        self.further = further

    @property
    def status(self) -> int:
        """The status of the response."""
        return KINDS[self.kind][0]

    def data(self) -> dict[str, Any]:
        """The problem as plain data."""
        status, title = KINDS[self.kind]
        found: dict[str, Any] = {"type": f"/problems/{self.kind}", "title": title, "status": status}
        if self.detail:
            found["detail"] = self.detail
        if self.diagnostics:
            found["diagnostics"] = as_data(self.diagnostics)
        return {**found, **self.further}

    def response(self) -> Response:
        """The response."""
        # What a caller sent may hold half a character, which UTF-8 cannot say: escapes can.
        body = json.dumps(self.data(), ensure_ascii=True).encode("ascii")
        return Response(body, self.status, {"Cache-Control": "no-store", **self.headers}, media_type=MEDIA_TYPE)


def of_status(status: int) -> ProblemError:
    """The problem that stands for a status the framework answers with."""
    by_status = {404: "not-found", 405: "method-not-allowed"}
    if status in by_status:
        return ProblemError(by_status[status], "`GET /openapi.json` says what there is.")
    return ProblemError("internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "not-found")
