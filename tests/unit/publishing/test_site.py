"""The static site: no dead links, nothing a pack says becomes markup, what must stand on every page stands there."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from posixpath import dirname, join, normpath

import pytest

from safeguarding_rules.interface_texts import ENGLISH
from safeguarding_rules.publishing.markdown import escaped
from safeguarding_rules.publishing.pages import HERE, SECTIONS, web_address
from safeguarding_rules.publishing.shelf import views_of, with_those_above
from safeguarding_rules.publishing.site import Published, site_of
from tests.unit.making import pack
from tests.unit.publishing.placing import everything, placed, shipped_site, site

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"' {{ 7 * 7 }} {% raw %} </title></style> "
    "[a](javascript:alert(3)) ![b](http://c) `d` | e &amp;"
)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.scripts: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            elif name in {"href", "src", "action"}:
                (self.scripts if tag == "script" else self.links).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def pages(files: dict[str, bytes]) -> dict[str, _Page]:
    return {name: _Page(content.decode()) for name, content in files.items() if name.endswith(".html")}


@lru_cache(maxsize=1)
def shipped_pages() -> dict[str, _Page]:
    return pages(shipped_site())


def test_every_link_leads_somewhere_and_every_place_has_one_name() -> None:
    files, read = shipped_site(), shipped_pages()
    for name, page in read.items():
        assert len(page.ids) == len(set(page.ids)), [one for one in page.ids if page.ids.count(one) > 1][:5]
        for link in page.links:
            if link.startswith(("https://", "http://")):
                continue
            path, _, anchor = link.partition("#")
            target = normpath(join(dirname(name), path)) if path else name
            assert target in files, (name, link)
            assert not anchor or anchor in read[target].ids, (name, link)


def test_found_places_are_there() -> None:
    files = shipped_site()
    index = json.loads(files["assets/search-index.js"].decode().removeprefix("window.searchIndex = ").removesuffix(";\n"))
    read = pages(files)
    assert len(index) > 500
    for entry in index:
        target, _, anchor = entry["url"].partition("#")
        assert anchor in read[target].ids, entry["url"]


def test_what_must_stand_on_every_page_stands_there() -> None:
    for name, page in shipped_pages().items():
        words = " ".join(page.text)
        assert ENGLISH.say("page.danger") in words, name
        assert ENGLISH.say("page.judgement") in words, name
        if "/" in name:
            assert re.search("not yet confirmed against their source|were read in their source", words), name
            assert "Nobody has signed this off yet." in words, name


def test_nothing_a_pack_says_becomes_markup() -> None:
    harmless, attack = pages(site((everything("Quiet."),))), pages(site((everything(HOSTILE),)))
    for name, page in attack.items():
        # A picture breaks longer words into more lines.
        assert [tag for tag in page.tags if tag != "text"] == [tag for tag in harmless[name].tags if tag != "text"], name
        assert page.attributes == harmless[name].attributes, name
        assert page.scripts == harmless[name].scripts, name
        assert not [link for link in page.links if link.lower().startswith(("javascript", "data"))], name
        assert not any(name.startswith("on") for name in page.attributes)
    shown = " ".join(attack["top/1/rules.html"].text)
    assert "<script>alert(1)</script>" in shown  # as text that is read
    assert "{{ 7 * 7 }}" in shown
    assert "49" not in shown


def test_nothing_a_pack_says_means_anything_to_markdown() -> None:
    text = site((everything(HOSTILE),))["top-1.md"].decode()
    # Every character that could open markup is a plain one: nothing but our own marks is left once escapes are taken out.
    bare = re.sub(r"\\.", "", text)
    assert "<" not in bare
    assert "](" not in bare
    assert "![" not in bare
    lines = text.splitlines()
    assert not any(re.match(r"\s*(#{1,6} )?<|\s*```", line) for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. a", r"1\. a"),
        ("- a", r"\- a"),
        ("# a", r"\# a"),
        ("a\n\nb", "a b"),
        ("a|b", r"a\|b"),
        ("+ a", r"\+ a"),
        ("a*b*", r"a\*b\*"),
        ("= a", r"\= a"),
    ],
)
def test_markdown_is_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://example.org", "vbscript:x"])
def test_only_web_addresses_become_links(address: str) -> None:
    assert web_address(address) == "#"


def test_scripts_and_styles_are_files_of_our_own() -> None:
    for name, content in shipped_site().items():
        if name.endswith(".html"):
            text = content.decode()
            assert not re.search(r"<[a-z]+ [^>]*style=|<style|<script>", text), name
            assert all(re.search(r"assets/search(-index)?\.js$", script) for script in re.findall(r'<script[^>]* src="([^"]*)"', text)), name
            assert "default-src &#39;none&#39;" in text, name


def test_every_word_of_a_template_comes_from_the_catalogue() -> None:
    templates = [*(HERE / "templates").rglob("*.html")]
    assert len(templates) > 10
    for path in templates:
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        said = " ".join(_Page(text).text)
        assert not re.search(r"[^\W\d_]{2,}", said), (path.name, said.split())


def test_the_same_packs_give_the_same_files() -> None:
    again = site((pack({"a": {"when": {"x": True}, "outcome": "refer"}}, facts="x"),))
    assert again == site((pack({"a": {"when": {"x": True}, "outcome": "refer"}}, facts="x"),))


def test_the_markdown_has_every_rule_and_statement() -> None:
    text = shipped_site()["ukcis-2024.3.md"].decode()
    assert ENGLISH.say("page.danger") in text
    for words in ("A sexual act, and a child under 13", "Tell the police now", "UKCIS-2024-REF-4", "not yet confirmed"):
        assert words in text


def test_every_page_of_a_version_not_in_force_leads_to_the_one_that_is() -> None:
    """Who comes from a search engine to last year's rule must not act on it."""
    rules = {"a": {"when": {"x": True}, "outcome": "review"}}
    versions = [
        ("1", {"from": "2024-01-01", "until": "2024-06-01"}, "superseded"),
        ("2", {"from": "2024-06-01", "until": "2026-06-01"}, "in_force"),  # nobody has said since that it is over
        ("3", {"from": "2026-06-01", "until": "2027-01-01"}, "in_force"),
        ("4", {"from": "2027-01-01"}, "in_force"),
    ]
    packs = [placed(pack(rules, facts="x", version=version, in_force=days, status=status)) for version, days, status in versions]
    views = list(views_of(with_those_above(packs), today=date(2026, 11, 22)))
    files = dict(site_of([Published(one) for one in views]))
    for version, told in (("1", "A later version has replaced"), ("2", "is no longer in force"), ("4", "is not in force yet")):
        for page in (*SECTIONS, "whole"):
            text = files[f"top/{version}/{page}.html"].decode()
            assert text.count(told) == 1, (version, page)
            assert f'<a href="../../top/3/{page}.html">The version in force: top 3</a>' in text
        assert "The version in force: top 3" in files[f"top-{version}.md"].decode()
    assert all(b"The version in force" not in files[f"top/3/{page}.html"] for page in SECTIONS)
    index = json.loads(files["assets/search-index.js"].decode().removeprefix("window.searchIndex = ").rstrip(";\n"))
    assert [(one["pack"], one.get("standing")) for one in index if one["kind"] == "Rule"] == [
        ("top 3", None),
        ("top 4", "not in force yet"),
        ("top 2", "no longer in force"),
        ("top 1", "replaced"),
    ]
    home = " ".join(files["index.html"].decode().split())
    assert "to 31 May 2026 (no longer in force)." in home
    assert "from 1 January 2027 (not in force yet)." in home


def test_a_version_that_another_corrects_leads_to_the_one_that_decides() -> None:
    """Both claim the day, and the engine decides by the one that corrects; once that is over, by the other again."""
    rules = {"a": {"when": {"x": True}, "outcome": "review"}}
    days = {"from": "2024-01-01"}
    first = pack(rules, facts="x", version="1", in_force=days, status="in_force")
    second = pack(rules, facts="x", version="1.1", in_force=days | {"until": "2027-01-01"}, status="in_force", corrects="1")
    shelf = with_those_above([placed(first), placed(second)])
    views = {one.version: one for one in views_of(shelf, today=date(2026, 11, 22))}
    assert [(one.status, one.current.version if one.current else None) for one in views.values()] == [("superseded", "1.1"), ("in_force", None)]
    page = dict(site_of([Published(one) for one in views.values()]))["top/1/rules.html"].decode()
    assert "A later version has replaced this one." in page
    assert '<a href="../../top/1.1/rules.html">The version in force: top 1.1</a>' in page
    assert [one.status for one in views_of(shelf, today=date(2027, 2, 1))] == ["in_force", "over"]
