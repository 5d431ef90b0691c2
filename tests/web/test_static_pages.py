"""The static pages in a real browser, opened from a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from safeguarding_rules.publishing.site import Published, site_of
from tests.unit.publishing.placing import everything, shipped, shipped_site
from tests.unit.publishing.placing import site as small
from tests.web.browsing import DESK, NEEDS_CHROMIUM, PHONE, accessible, fits

pytestmark = NEEDS_CHROMIUM

PAGES = ["index", "flow", "rules", "facts", "actions", "statements", "checks", "changes"]


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("site"), shipped_site())


def test_every_page_is_accessible_and_fits_a_phone(site: Path, tmp_path: Path, page: Page) -> None:
    """Every page of a small pack with every kind of part, and some of a shipped one."""
    written(tmp_path, small((everything("Some text that goes on for a while."),)))
    pages = [tmp_path / name for name in ("index.html", "search.html", *(f"top/1/{name}.html" for name in (*PAGES, "whole")))]
    for path in (*pages, site / "kscmp/2024.9/index.html", site / "kscmp/2024.9/flow.html"):
        page.goto(f"file://{path}")
        accessible(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        fits(page)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_search_finds_and_leads_there(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/index.html")
    page.get_by_label("Search", exact=True).fill("under 13")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/search.html?q=*")
    rule = page.get_by_role("listitem").filter(has_text="Rule · ukcis 2024.3")
    rule.get_by_role("link", name="A sexual act, and a child under 13", exact=True).click()
    page.wait_for_url("**/rules.html#rule-under-13-sexual-act")
    assert page.locator("#rule-under-13-sexual-act").is_visible()


def test_search_shows_what_is_in_force_first_and_calls_the_rest_what_it_is(tmp_path: Path, page: Page) -> None:
    site = written(tmp_path, dict(site_of([Published(one) for one in shipped()])))
    page.goto(f"file://{site}/search.html?q=support+level")
    about = page.locator("#search-results .about").all_inner_texts()
    old = ["(replaced)" in one for one in about]
    assert old == sorted(old)
    assert {False, True} == set(old)
    assert all(("2024" in one) is not replaced for one, replaced in zip(about, old, strict=True))


def test_search_says_when_there_is_nothing(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/search.html")
    page.get_by_label("Search", exact=True).fill("zzzz")
    assert page.get_by_role("status").inner_text() == "Nothing has all these words."


def test_a_rule_leads_to_its_statement_and_back(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/rules.html#rule-under-13-sexual-act")
    page.locator("#rule-under-13-sexual-act").get_by_role("link", name="UKCIS-2024-REF-4").click()
    page.wait_for_url("**/statements.html#statement-UKCIS-2024-REF-4")
    page.locator("#statement-UKCIS-2024-REF-4").get_by_role("link", name="A sexual act, and a child under 13").click()
    page.wait_for_url("**/rules.html#rule-under-13-sexual-act")


def test_the_keyboard_is_enough(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/rules.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the main text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    focused = page.evaluate("[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]")
    assert focused == ["A", "solid"]


def test_the_flow_picture_has_words_and_gives_way_on_a_phone(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/flow.html")
    picture = page.get_by_role("img", name="Flow picture: Sharing nudes and semi-nudes")
    assert picture.is_visible()
    over = page.evaluate(
        """() => [...document.querySelectorAll('svg.picture text:not(.word)')].filter(text => {
            const box = text.getBBox();
            return ![...document.querySelectorAll('svg.picture rect')].some(rect => {
                const edge = rect.getBBox();
                const across = box.x >= edge.x && box.x + box.width <= edge.x + edge.width;
                return across && box.y >= edge.y - 2 && box.y + box.height <= edge.y + edge.height + 2;
            });
        }).map(text => text.textContent)"""
    )
    assert over == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert not picture.is_visible()
    assert page.get_by_role("heading", name="The same in words").is_visible()


def test_print_keeps_the_warning_and_the_text(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/rules.html")
    page.emulate_media(media="print")
    assert page.get_by_text("If a child is in danger now, call 999.").is_visible()
    assert not page.get_by_label("Search", exact=True).is_visible()
    assert page.locator("#rule-adult-involved").is_visible()


def test_on_a_phone_the_contents_are_one_touch_away(site: Path, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"file://{site}/ukcis/2024.3/rules.html#rule-report-remove")
    page.locator(".to-contents").get_by_role("link", name="On this page").click()
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_text("parts (Referral)").click()
    accessible(page)
    contents.get_by_role("link", name="An adult is involved", exact=True).click()
    page.wait_for_url("**/rules.html#rule-adult-involved")
    assert page.locator("#rule-adult-involved-title").bounding_box()["y"] < PHONE["height"]  # type: ignore[index]


def test_an_example_is_folded_on_the_screen_and_whole_on_paper(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/checks.html")
    case = page.locator("section", has=page.get_by_role("heading", name="Vignettes", exact=True)).locator("article").first
    known = case.get_by_text("What is known", exact=True)
    assert case.get_by_text("The outcome is").first.is_visible()
    assert not known.is_visible()
    page.emulate_media(media="print")
    assert known.is_visible()
    page.emulate_media(media="screen")
    case.locator("summary").click()
    assert known.is_visible()
