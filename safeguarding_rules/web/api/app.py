"""The ASGI application: routes, and what OpenAPI says of them.

In: the policies, bounds and keys of a server. Out: an application for any ASGI server. Promised: a request takes the policies once and is answered by
them to its end; nothing is decided here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp

from safeguarding_rules import __version__
from safeguarding_rules.deciding.document import DecisionDocument
from safeguarding_rules.deciding.schemas import facts_schema
from safeguarding_rules.engine import Engine
from safeguarding_rules.web.api import answers, openapi
from safeguarding_rules.web.api import documents as doc
from safeguarding_rules.web.api.batches import Batch
from safeguarding_rules.web.api.bodies import read_body
from safeguarding_rules.web.api.guard import AnswerLines, Guard
from safeguarding_rules.web.api.keys import Keys, Scope
from safeguarding_rules.web.api.limits import Buckets, Limits
from safeguarding_rules.web.api.metrics import MEDIA_TYPE, Metrics
from safeguarding_rules.web.api.policies import Policies
from safeguarding_rules.web.api.problems import ProblemError, of_status
from safeguarding_rules.web.api.routes import Described, PackId

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_STEP: Final = 50  # cases of a batch between two looks at other requests
_NO_STORE: Final = {"Cache-Control": "no-store"}


@dataclass
class Serving:
    """What a server has at hand. `policies` and `keys` are replaced whole when files change."""

    policies: Policies
    limits: Limits = field(default_factory=Limits)
    keys: Keys | None = None
    hosts: frozenset[str] | None = None
    metrics: Metrics = field(default_factory=Metrics)
    reload_failed: bool = False
    reloading: asyncio.Lock = field(default_factory=asyncio.Lock)
    lines: AnswerLines | None = None


Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build(serving: Serving, lifespan: Lifespan | None = None) -> ASGIApp:
    """The application, ready to be run by an ASGI server. `lifespan` is entered when it starts and left when it ends."""
    errors = {HTTPException: _of_the_framework, ProblemError: _told, Exception: _failed}
    app = Starlette(routes=list(_Routes(serving).routes()), exception_handlers=errors, lifespan=lifespan)
    app.router.redirect_slashes = False  # a redirect would repeat the host that the caller named
    return Guard(app, serving.metrics, serving.hosts, serving.lines)


def described() -> Iterator[Described]:
    """Every route, as the OpenAPI document tells it."""
    return _Routes(Serving(Policies({}, datetime.now(UTC)))).table()


async def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101  what it is registered for
    return error.response()


async def _of_the_framework(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  what it is registered for
    problem = of_status(error.status_code)
    problem.headers.update({name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"})
    return problem.response()


async def _failed(_request: Request, _error: Exception) -> Response:
    return ProblemError("internal").response()


class _Named(Route):
    """A route that leaves word which one it was, as those of Starlette do from 1.8 on."""

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        match, found = super().matches(scope)
        return match, ({**found, "route": self} if found else found)


class _Routes:
    """What each route does."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.buckets = Buckets(serving.limits.rate, serving.limits.burst)
        self.document: bytes | None = None

    def routes(self) -> Iterator[Route]:
        """The routes themselves. What is sent is checked once, by our own strict reader; the framework only finds the handler."""
        for one in self.table():
            route = _Named(one.path, one.direct, methods=[one.method])
            route.methods = {one.method}  # without HEAD, which is not described
            yield route
        yield _Named("/openapi.json", self.description, methods=["GET"])

    def table(self) -> Iterator[Described]:
        """The routes with what is said of them."""
        one = "/v1/packs/{pack}"
        decisions = DecisionDocument | doc.BriefDecision
        yield Described("POST", f"{one}/decide", self.decide, "Decide one case", decisions, "decide", takes=doc.DecideRequest)
        yield Described("POST", f"{one}/decide-many", self.decide_many, "Decide many cases", doc.BatchAnswer, "decide", takes=doc.BatchRequest)
        yield Described(
            "POST", f"{one}/explain", self.explain, "Decide one case and explain it", doc.ExplainAnswer, "decide", takes=doc.ExplainRequest
        )
        yield Described("POST", f"{one}/next-question", self.next_question, "What to ask next", doc.NextAnswer, "decide", takes=doc.NextRequest)
        yield Described("GET", "/v1/packs", self.packs, "The packs of this server", doc.PacksAnswer, "read")
        yield Described("GET", one, self.pack, "One pack and its versions", doc.PackAbout, "read", errors=(404,))
        yield Described("GET", f"{one}/facts-schema", self.facts, "JSON Schema of the facts of a case", None, "read", errors=(404, 503))
        yield Described("GET", "/health", self.health, "Whether the server can decide", doc.Health, None)
        yield Described("GET", "/metrics", self.figures, "Figures for Prometheus", None, "metrics", text=True)

    async def description(self, request: Request) -> Response:
        """Give the OpenAPI document."""
        await self._allow(request, None)
        if self.document is None:
            self.document = await asyncio.to_thread(openapi.document, list(self.table()))
        return Response(self.document, media_type="application/json")

    # -- who may ----------------------------------------------------------------------------------------------------------------------

    async def _allow(self, request: Request, scope: Scope | None) -> None:
        """Raise ProblemError unless the caller may do this now."""
        keys = self.serving.keys
        caller = request.client.host if request.client is not None else "unknown"
        if keys is not None and scope is not None:
            given = request.headers.get("authorization", "")
            kind, _, text = given.partition(" ")
            if not given or kind.lower() != "bearer":
                self._hold(f"no key {caller}")
                raise ProblemError("key-missing", "Send `Authorization: Bearer` and your key.", headers={"WWW-Authenticate": "Bearer"})
            owner = keys.owner(text.strip())
            if owner is None:
                self._hold(f"no key {caller}")
                raise ProblemError("key-refused", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
            self._hold(owner.id)
            if scope not in owner.scopes:
                raise ProblemError("scope-missing", f"It takes a key with the scope `{scope}`.")
            return
        self._hold(caller)

    def _hold(self, caller: str) -> None:
        seconds = self.buckets.wait(caller)
        if seconds:
            raise ProblemError("too-many-requests", headers={"Retry-After": str(max(1, round(seconds + 0.5)))})

    # -- deciding ---------------------------------------------------------------------------------------------------------------------

    async def _content(self, request: Request, largest: int) -> bytes:
        await self._allow(request, "decide")
        return await read_body(request, largest, self.serving.limits.body_seconds)

    def _given(self, request: Request, engine: Engine, body: bytes, cases: int = 1) -> Response:
        """An answer, unless the caller asked for another policy than the one that decided."""
        tag = etag(engine.program.fingerprint)
        wanted = request.headers.get("if-match")
        if wanted is not None and not matches(wanted, tag):
            raise ProblemError("policy-changed", fingerprint=engine.program.fingerprint)
        self.serving.metrics.decided.inc(cases)
        return Response(body, headers={"ETag": tag, **_NO_STORE}, media_type="application/json")

    async def decide(self, request: Request, pack: PackId) -> Response:
        """Give the whole decision on one case."""
        content = await self._content(request, self.serving.limits.largest_case)
        return self._given(request, *answers.decision(self.serving.policies, pack, content))

    async def explain(self, request: Request, pack: PackId) -> Response:
        """Give the decision, its reasons as data, and as text in one of three registers."""
        content = await self._content(request, self.serving.limits.largest_case)
        return self._given(request, *answers.explanation(self.serving.policies, pack, content))

    async def next_question(self, request: Request, pack: PackId) -> Response:
        """Say what to ask next in an interview, if anything can still change the outcome or a `must`."""
        content = await self._content(request, self.serving.limits.largest_case)
        return self._given(request, *answers.next_question(self.serving.policies, pack, content))

    async def decide_many(self, request: Request, pack: PackId) -> Response:
        """Decide cases in order, given as a list or as a table; a case that cannot be decided has an `error` in its place."""
        limits = self.serving.limits
        content = await self._content(request, limits.largest_batch)
        batch = Batch(self.serving.policies, pack, content, limits.most_cases)
        try:
            async with asyncio.timeout(limits.batch_seconds):
                await asyncio.to_thread(batch.by_table)
                for _ in batch.steps(_STEP):
                    await asyncio.sleep(0)
        except TimeoutError:
            raise ProblemError("took-too-long", "Send fewer cases at a time.") from None
        return self._given(request, batch.engine, batch.answer(), len(batch) - batch.errors)

    # -- telling ----------------------------------------------------------------------------------------------------------------------

    async def _tell(self, request: Request, content: object, fingerprints: str) -> Response:
        tag = etag(fingerprints)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if matches(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(openapi.plain(content), headers=headers, media_type="application/json")

    async def packs(self, request: Request) -> Response:
        """List the packs with their versions."""
        await self._allow(request, "read")
        told = answers.about(self.serving.policies)
        return await self._tell(request, told, "+".join(pack["fingerprint"] or "none" for pack in told["packs"]))

    async def pack(self, request: Request, pack: PackId) -> Response:
        """Tell of one pack."""
        await self._allow(request, "read")
        answers.see(self.serving.policies, pack)
        told = answers.about_pack(self.serving.policies, pack)
        return await self._tell(request, told, told["fingerprint"] or "none")

    async def facts(self, request: Request, pack: PackId) -> Response:
        """Give the JSON Schema of the facts that decide by this pack today."""
        await self._allow(request, "read")
        program = answers.engine_for(self.serving.policies, pack, None).program
        return await self._tell(request, facts_schema(program.policy), program.fingerprint)

    async def health(self, request: Request) -> Response:
        """Say that the server is ready, and by what it decides."""
        await self._allow(request, None)
        policies = self.serving.policies
        programs = {name: policies.program(name) for name in policies.packs}
        told = doc.Health(
            status="ready" if all(programs.values()) else "no-policy",
            library=__version__,
            packs={name: None if program is None else program.fingerprint for name, program in programs.items()},
            loaded_at=policies.loaded_at,
            reload_failed=self.serving.reload_failed,
        )
        return Response(told.model_dump_json(), headers=_NO_STORE, media_type="application/json")

    async def figures(self, request: Request) -> Response:
        """Give figures of the server; nothing about a case."""
        await self._allow(request, "metrics")
        return Response(self.serving.metrics.text(), headers=_NO_STORE, media_type=MEDIA_TYPE)


def etag(fingerprint: str) -> str:
    """The entity tag of what was answered by a policy."""
    return f'"{fingerprint}"'


def matches(header: str, tag: str) -> bool:
    """Whether a list of entity tags names this one."""
    return any(one.strip().removeprefix("W/") in {tag, "*"} for one in header.split(",")) if header else False
