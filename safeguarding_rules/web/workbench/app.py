"""The workbench as a web application: pages of packs, the what-if form, and word of changes.

Comes in: a Library. Goes out: HTML and a stream of events. Promised: packs are looked up by name among those that were found, never by path; what is
typed into the form is kept nowhere and logged nowhere. Must not know: how packs are decided.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.resources import files
from itertools import chain
from pathlib import Path
from secrets import token_hex
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp
from watchfiles import Change, awatch

from safeguarding_rules.interface_texts import ENGLISH, Catalogue
from safeguarding_rules.publishing.document.links import Link
from safeguarding_rules.publishing.pages import HERE, SECTIONS, Pages
from safeguarding_rules.web.workbench.answer import answer, questions
from safeguarding_rules.web.workbench.form import Fields, facts_of, groups_of
from safeguarding_rules.web.workbench.guard import Guard
from safeguarding_rules.web.workbench.inspection import Inspector, digest_of_stack
from safeguarding_rules.web.workbench.library import Entry, Library, Snapshot

_TEMPLATES: Final = Path(__file__).parent / "templates"
_PAST: Final = frozenset({"superseded", "withdrawn"})
_OWN_PAGES: Final = ("try", "findings")
_PACK_FILES: Final = frozenset({".yaml", ".csv", ".lock"})
_PAUSE_MS, _LONGEST_MS, _LOOK_MS = 30, 150, 1_000
_SAY_AGAIN = 1.0
_MOST_FIELDS = 2000
_WARM_AFTER, _AGAIN = 0.7, 0.2

_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class _Addresses:
    """Where things stand in the workbench."""

    shows_places = True
    searches = False
    script_policy = ""

    def link(self, link: Link) -> str:
        return f"{self.page(link.pack, link.version, link.page)}#{link.anchor}"

    def page(self, pack: str, version: str, page: str) -> str:
        return f"/packs/{pack}/{version}/{page}"

    def asset(self, name: str) -> str:
        return f"/assets/{name}"

    def home(self) -> str:
        return "/"


class Workbench:
    """The pages over one library."""

    def __init__(self, library: Library, *, texts: Catalogue = ENGLISH, watch: bool = True) -> None:
        self.library = library
        self.pages = Pages(texts, [_TEMPLATES])
        self.texts = texts
        self._watch = watch
        self._assets = _assets()
        self._listeners: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run, self._number = token_hex(4), 0
        self._stop = asyncio.Event()
        self.inspector = Inspector(library.paths, library.also, lambda: library.snapshot.today, self._from_elsewhere)

    def app(self, port: int) -> ASGIApp:
        """The application, behind its guard, for a port of the loopback address."""
        routes = [
            Route("/", self.home),
            Route("/live", self.live),
            Route("/assets/{name}", self.asset),
            Route("/packs/{pack}/{version}/try", self.what_if, methods=["GET", "POST"]),
            Route("/packs/{pack}/{version}/answer", self.answered, methods=["POST"]),
            Route("/packs/{pack}/{version}/questions", self.asked, methods=["POST"]),
            Route("/packs/{pack}/{version}/{page}", self.page),
        ]
        return Guard(Starlette(routes=routes, lifespan=self._lifespan), port)

    # -- word of changes ----------------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        tasks = [asyncio.create_task(self._warm(self.library.snapshot))]
        if self._watch:
            tasks.append(asyncio.create_task(self._follow()))
        try:
            yield
        finally:
            self.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await run_in_threadpool(self.inspector.close)

    def stop(self) -> None:
        """End the streams, so that the server can stop."""
        self._stop.set()
        self._tell()

    async def _follow(self) -> None:
        """Read again whenever files change, whatever happens on the way. The system tells of changes; each second is looked whether it missed one."""
        paths = [path for path in (*self.library.paths, *self.library.also) if path.exists()]
        seen = await run_in_threadpool(_state_of, paths)
        while not self._stop.is_set():
            try:
                async for changes in awatch(
                    *paths,
                    watch_filter=_is_of_a_pack,
                    step=_PAUSE_MS,
                    debounce=_LONGEST_MS,
                    stop_event=self._stop,
                    rust_timeout=_LOOK_MS,
                    yield_on_timeout=True,
                ):
                    state = await run_in_threadpool(_state_of, paths)
                    if changes or state != seen:
                        seen = state
                        await self._read_again()
            except Exception:
                logging.getLogger(__name__).exception("the files are not followed for a moment")
                await asyncio.sleep(_AGAIN)

    async def _read_again(self) -> None:
        snapshot = await self._refreshed()
        self._tell()
        warming = asyncio.create_task(self._warm(snapshot))
        warming.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _refreshed(self) -> Snapshot:
        """Read again, and once more while files come and go under the reading."""
        while True:
            try:
                return await run_in_threadpool(self.library.refresh)
            except OSError:
                await asyncio.sleep(_AGAIN)

    async def _warm(self, snapshot: Snapshot) -> None:
        """Check what was looked at in full, and make the entries nobody has asked for yet; say so where that finds anything more."""
        await asyncio.sleep(_WARM_AFTER)
        for key in sorted(snapshot.shelf, key=lambda key: key not in snapshot.entries):
            if snapshot is not self.library.snapshot or self._stop.is_set():
                return
            if await run_in_threadpool(snapshot.complete, key):
                self._tell()

    def _from_elsewhere(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._number += 1
        for listener in self._listeners:
            listener.set()

    @property
    def _last_change(self) -> str:
        """The mark of the last change, unlike any of another run of the workbench."""
        return f"{self._run}-{self._number}"

    async def live(self, request: Request) -> Response:
        """A stream of the mark of the last change: at once, when there is a new one, and each second, so that no page can miss one for long."""
        del request
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        listener = asyncio.Event()
        self._listeners.add(listener)
        try:
            while not self._stop.is_set():
                yield f"data: {self._last_change}\n\n"
                with suppress(TimeoutError):
                    await asyncio.wait_for(listener.wait(), _SAY_AGAIN)
                listener.clear()
        finally:
            self._listeners.discard(listener)

    # -- pages --------------------------------------------------------------------------------------------------------------------------

    async def asset(self, request: Request) -> Response:
        """A style, script or picture: one of those there are, by name."""
        found = self._assets.get(request.path_params["name"])
        return self._missing() if found is None else Response(found[1], media_type=found[0])

    async def home(self, request: Request) -> Response:
        """All packs with what was found about them."""
        del request
        return await self._html(partial(self._home, self._last_change))

    def _home(self, seen: str) -> str:
        snapshot = self.library.snapshot
        entries = [entry for key in snapshot.shelf if (entry := snapshot.entry(key)) is not None]
        entries.sort(key=lambda entry: entry.found.manifest.status in _PAST)
        shown = {"entries": entries, "unreadable": snapshot.unreadable, "page": "home", "here": "/", "seen": seen}
        return self.pages.render("workbench/home.html", at=_Addresses(), **shown)

    async def page(self, request: Request) -> Response:
        """One page of a pack."""
        page, seen = request.path_params["page"], self._last_change
        entry = await self._entry(request)
        if entry is None or page not in (*SECTIONS, *_OWN_PAGES):
            return self._missing()
        return await self._html(partial(self._page, entry, page, seen))

    def _page(self, entry: Entry, page: str, seen: str) -> str:
        if page == "changes":
            entry = self.library.snapshot.with_changes(entry)
        return self._render(entry, page, seen, **(self._checked(entry) if page == "checks" else {}))

    def _checked(self, entry: Entry) -> dict[str, object]:
        """What running the cases and proving came to; what is not there yet is set going."""
        if entry.placed is None or entry.stale:
            return {}
        digest = digest_of_stack([pack.digest for pack in entry.placed.packs])
        cases, proofs = (self.inspector.results(entry.key, digest, part) for part in ("cases", "proofs"))
        return {
            "working": cases is None or proofs is None,
            "results": {} if cases is None else cases.results or {},
            "coverage": () if cases is None else cases.coverage,
            "proofs": {} if proofs is None else {claim.name: claim for claim in proofs.claims},
            "failed": "\n".join(one.failed for one in (cases, proofs) if one is not None and one.failed),
            "cases_run": cases is not None and cases.results is not None,
        }

    def _render(self, entry: Entry, page: str, seen: str, **more: object) -> str:
        """A page of a pack; `seen` is the mark of the last change before anything for it was looked at, so that none is missed."""
        shared: dict[str, Any] = {"results": {}, "coverage": (), "proofs": {}, "working": False, "failed": "", "cases_run": False, "picture": None}
        shared |= {"at": _Addresses(), "entry": entry, "pack": entry.view, "page": page, "level": 1, "own_pages": _OWN_PAGES, "seen": seen}
        if page == "flow" and entry.view is not None:
            shared["picture"] = self.pages.picture(entry.view)
        shared["here"], shared["try_address"] = (_Addresses().page(*entry.key, name) for name in (page, "try"))
        return self.pages.render("workbench/pack.html" if entry.view is not None else "workbench/broken.html", **{**shared, **more})

    # -- what if ------------------------------------------------------------------------------------------------------------------------

    async def what_if(self, request: Request) -> Response:
        """The form with its answer: empty, from an example, or as it was sent."""
        seen = self._last_change
        entry = await self._entry(request)
        if entry is None:
            return self._missing()
        fields = await _fields(request) if request.method == "POST" else None
        return await self._html(partial(self._what_if, entry, fields, request.query_params.get("case", ""), seen))

    def _what_if(self, entry: Entry, fields: Fields | None, case: str, seen: str) -> str:
        if entry.placed is None:
            return self._render(entry, "try", seen)
        policy = entry.placed.decider.program.policy
        facts = facts_of(policy, fields) if fields is not None else _facts_of_case(entry, case)
        shown = next((one for one in entry.view.cases if one.link.name == case), None) if entry.view is not None and case else None
        filled = {"groups": groups_of(policy, facts, self.texts), "answer": answer(entry.placed, facts, self.texts), "example": shown}
        return self._render(entry, "try", seen, **filled)

    async def answered(self, request: Request) -> Response:
        """The answer alone."""
        return await self._part(request, "workbench/answer.html", lambda entry, facts: {"answer": answer(entry.placed, facts, self.texts)})

    async def asked(self, request: Request) -> Response:
        """The questions worth asking next, alone: they take longer than the answer."""
        return await self._part(request, "workbench/questions.html", lambda entry, facts: {"asked": questions(entry.placed, facts, self.texts)})

    async def _part(self, request: Request, template: str, told: Callable[[Any, Mapping[str, object]], dict[str, object]]) -> Response:
        entry = await self._entry(request)
        if entry is None or entry.placed is None:
            return self._missing()
        placed, fields = entry.placed, await _fields(request)

        def render() -> str:
            facts = facts_of(placed.decider.program.policy, fields)
            return self.pages.render(template, at=_Addresses(), entry=entry, **told(entry, facts))

        return await self._html(render)

    # -- answers ------------------------------------------------------------------------------------------------------------------------

    async def _entry(self, request: Request) -> Entry | None:
        key = (request.path_params["pack"], request.path_params["version"])
        return await run_in_threadpool(self.library.snapshot.entry, key)

    async def _html(self, render: Callable[[], str]) -> Response:
        return HTMLResponse(await run_in_threadpool(render))

    def _missing(self) -> Response:
        return HTMLResponse(self.pages.render("workbench/missing.html", at=_Addresses(), here="/"), 404)


async def _fields(request: Request) -> Fields:
    """The fields of a form that was sent."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(body, keep_blank_values=False, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _facts_of_case(entry: Entry, case: str) -> dict[str, object]:
    """The facts of an example of the pack; none where there is no such example."""
    if entry.placed is None or not case:
        return {}
    for _, document in entry.placed.packs[-1].cases():
        if (one := document.cases.get(case)) is not None:
            start = document.starting_points.get(one.start_from, {}) if one.start_from is not None else {}
            return {fact: value for fact, value in {**start, **one.facts}.items() if value is not None}
    return {}


def _assets() -> dict[str, tuple[str, bytes]]:
    own = Path(str(files("safeguarding_rules.web.workbench")))
    paths: Sequence[Path] = (
        HERE / "assets" / "reading.css",
        HERE / "assets" / "icon.svg",
        own / "vendor" / "htmx.min.js",
        own / "workbench.css",
        own / "follow.js",
    )
    return {path.name: (_TYPES[path.suffix], path.read_bytes()) for path in paths}


def _state_of(paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """What changes whenever a file of a pack does."""
    found = {}
    for folder, _, names in chain.from_iterable(os.walk(path) for path in paths):
        for path in (Path(folder, name) for name in names):
            with suppress(OSError):
                state = path.stat()
                found[str(path)] = (state.st_mtime_ns, state.st_size)
    return found


def _is_of_a_pack(_: Change, path: str) -> bool:
    """Whether a change may be one of a pack: of its files, or of a folder."""
    name = Path(path)
    return not name.name.startswith(".") and (name.suffix in _PACK_FILES or not name.suffix)
