"""Around every request: who asks, how often, what is told of it afterwards. Plain ASGI, so that it costs little.

Promised: every answer has the security headers, those of errors too; a log line and a figure hold the route's template, the status and the time, and
nothing that a caller sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from safeguarding_rules.web.api.metrics import Metrics
from safeguarding_rules.web.api.problems import ProblemError

LOG = logging.getLogger("safeguarding_rules.web.api")

SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
LONGEST_PATH: Final = 512
NO_ROUTE: Final = "(none)"


class AnswerLines:
    """A line for each answer, written a few times a second: a line at a time would take more than deciding."""

    def __init__(self, write: Callable[[str], object], pause: float = 0.25) -> None:
        self._write, self._pause = write, pause
        self._kept: list[str] = []

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Keep a line."""
        if not self._kept:
            asyncio.get_running_loop().call_later(self._pause, self.flush)
        self._kept.append(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {method} {route} {status} {seconds * 1000:.1f} ms\n")

    def flush(self) -> None:
        """Write what is kept."""
        kept, self._kept = self._kept, []
        if kept:
            self._write("".join(kept))


class Guard:
    """The outermost layer of the server."""

    def __init__(self, app: ASGIApp, metrics: Metrics, hosts: frozenset[str] | None, lines: AnswerLines | None = None) -> None:
        """`hosts` are the names by which the server may be called; None allows any. `lines` tells of each answer."""
        self._app, self._metrics, self._hosts, self._lines = app, metrics, hosts, lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()
        status = 500
        started = False

        async def sending(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message = {**message, "headers": [*message["headers"], *SECURITY_HEADERS]}
            await send(message)

        self._metrics.in_flight.inc()
        try:
            if problem := self._refused(scope):
                await problem.response()(scope, receive, sending)
            else:
                await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001  whatever it is, the caller is told that it failed, and the log what kind of error it was
            LOG.error("failed: %s", _kind(error))  # noqa: TRY400  a traceback may show what a caller sent
            if not started:
                await ProblemError("internal").response()(scope, receive, sending)
        finally:
            self._metrics.in_flight.dec()
            route = _template(scope)
            seconds = perf_counter() - begun
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.answered(route, method, status, seconds)
            if self._lines is not None:
                self._lines.add(method, route, status, seconds)

    def _refused(self, scope: Scope) -> ProblemError | None:
        if len(scope["path"]) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_PATH:
            return ProblemError("headers-too-large")
        if self._hosts is not None and _host(scope) not in self._hosts:
            return ProblemError("host-refused")
        return None


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _template(scope: MutableMapping[str, Any]) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", NO_ROUTE))


def _host(scope: Scope) -> str:
    """The name by which the server was called; empty where that is not plain."""
    named = [value for name, value in scope["headers"] if name == b"host"]
    given = named[0].decode("latin-1").lower() if len(named) == 1 else ""
    if given.startswith("["):
        name, closed, port = given.partition("]")
        return name + closed if closed and (not port or port.startswith(":")) else ""
    return given.partition(":")[0]


def _kind(error: BaseException) -> str:
    """What kind of error it was and where, without its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "" if trace is None else f" in {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
    return f"{type(error).__name__}{where}"
