"""Static pages of packs: what an authority can put on its web site, or open from a folder.

Comes in: views. Goes out: files by name. Promised: every link leads to something that is there; addresses stay the same from one run to the next:
`<pack>/<version>/<page>.html#<kind>-<name>`; nothing needs a server or the network. Must not know: where the files go.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from safeguarding_rules.explaining.texts import Catalogue
from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.language.documents import version_key
from safeguarding_rules.publishing.document.links import Link
from safeguarding_rules.publishing.document.pack import PackView
from safeguarding_rules.publishing.markdown import markdown_of
from safeguarding_rules.publishing.pages import HERE, SECTIONS, Pages

ASSETS: Final = ("reading.css", "search.js", "icon.svg")
_POLICY = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; form-action 'self' file:; base-uri 'none'"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How an example came out."""

    as_expected: bool
    outcome: str
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one kind of part the examples try out."""

    kind: str
    exercised: int
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A view with what running its examples came to."""

    view: PackView
    results: Mapping[str, CaseResult] = field(default_factory=dict)
    coverage: tuple[Share, ...] = ()


class _Addresses:
    """Addresses from a page of the site: relative, so that the folder can be moved."""

    shows_places = False
    searches = True
    script_policy = _POLICY

    def __init__(self, depth: int, pack: PackView | None = None, page: str = "") -> None:
        self._up = "../" * depth
        self._pack, self._page = pack, page

    def link(self, link: Link) -> str:
        return f"{self.page(link.pack, link.version, link.page)}#{link.anchor}"

    def page(self, pack: str, version: str, page: str) -> str:
        here = self._pack
        if here is not None and (pack, version) == (here.id, here.version):
            if self._page == "whole" and page != "whole":
                return "" if page in SECTIONS else f"{page}.html"
            return "" if page == self._page else f"{page}.html"
        return f"{self._up}{pack}/{version}/{page}.html"

    def asset(self, name: str) -> str:
        return f"{self._up}assets/{name}"

    def home(self) -> str:
        return f"{self._up}index.html"

    def search(self) -> str:
        return f"{self._up}search.html"

    def markdown(self, pack: PackView) -> str:
        return f"{self._up}{markdown_name(pack)}"


def markdown_name(pack: PackView) -> str:
    """The name of the Markdown file of a pack."""
    return f"{pack.id}-{pack.version}.md"


def site_of(published: Sequence[Published], texts: Catalogue = ENGLISH) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: its name and content."""
    pages = Pages(texts)
    for one in published:
        yield from _pack_pages(pages, one)
        yield markdown_name(one.view), markdown_of(one.view, texts).encode()
    views = [one.view for one in published]
    at = _Addresses(0)
    yield "index.html", pages.render("home.html", at=at, packs=_by_title(views)).encode()
    yield "search.html", pages.render("search.html", at=at).encode()
    yield "assets/search-index.js", _search_index(views, texts)
    for name in ASSETS:
        yield f"assets/{name}", (HERE / "assets" / name).read_bytes()


def _pack_pages(pages: Pages, one: Published) -> Iterator[tuple[str, bytes]]:
    pack = one.view
    for page in (*SECTIONS, "whole"):
        at = _Addresses(2, pack, page)
        html = pages.pack_page(pack, page, at, results=one.results, coverage=one.coverage)
        yield f"{pack.id}/{pack.version}/{page}.html", html.encode()


def _by_title(views: Sequence[PackView]) -> list[tuple[str, list[PackView]]]:
    """Packs with their versions, the latest first."""
    found: dict[str, list[PackView]] = {}
    for view in views:
        found.setdefault(view.id, []).append(view)
    return [(versions[-1].title, versions[::-1]) for versions in found.values()]


def _search_index(views: Sequence[PackView], texts: Catalogue) -> bytes:
    latest_first = sorted(views, key=lambda view: (view.status == "in_force", version_key(view.version)), reverse=True)
    entries = [_entry(view, link, text, texts) for view in latest_first for link, text in _searched(view)]
    # What is found equally well stays in this order: the policy itself before its examples.
    entries += [_entry(view, one.link, " ".join(one.expected), texts) for view in latest_first for one in view.cases]
    # As a script and not as data, for a page opened from a folder may load no data.
    return f"window.searchIndex = {json.dumps(entries)};\n".encode()


def _entry(pack: PackView, link: Link, text: str, texts: Catalogue) -> dict[str, str]:
    kind, url = texts.say(f"page.search.{link.kind}"), _Addresses(0).link(link)
    entry = {"kind": kind, "title": link.title, "name": link.name, "text": text, "url": url, "pack": f"{pack.id} {pack.version}"}
    return entry if pack.status == "in_force" else entry | {"standing": texts.say(f"page.pack_is.{pack.status}")}


def _searched(pack: PackView) -> Iterator[tuple[Link, str]]:
    yield from ((one.ref.link, f"{one.meaning} {one.because}") for one in pack.outcomes if one.ref.link.pack == pack.id)
    for rule in pack.rules:
        yield rule.link, f"{rule.because} {rule.when.words}"
    for group in pack.groups:
        yield from ((one.link, one.because) for one in group.standing)
        yield from ((one.link, one.because) for one in group.strengthens)
        yield from ((one.link, one.condition.words) for one in group.definitions)
    yield from ((fact.link, f"{fact.help} {fact.short}") for facts in pack.facts for fact in facts.facts)
    yield from ((action.link, action.meaning) for action in pack.actions)
    yield from ((route.link, " ".join(f"{one.name} {one.phone} {one.note}" for one in route.contacts)) for route in pack.routes)
    yield from ((one.ref.link, f"{one.ref.text} {one.ref.source}") for one in pack.statements)
    yield from ((one.link, one.because) for one in pack.invariants)
