"""Pages of packs on paper, as the browser prints them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.unit.publishing.placing import shipped_site
from tests.web.browsing import NEEDS_CHROMIUM

pytestmark = NEEDS_CHROMIUM
NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed (Debian: apt-get install poppler-utils)")
FOOT = 48.0
"""The margin with the number of the page, in points."""
HEAD = 42.0


@dataclass(frozen=True)
class Sheet:
    """A printed page."""

    last: str
    """The words of its last line."""
    blank: float
    """The share of its height that nothing stands in, at the foot."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("printed")
    for name, content in shipped_site().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def sheets(pdf: Path) -> list[Sheet]:
    """The pages of a PDF but for the last, which may be empty below."""
    text = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    found = []
    for page in text.split("<page ")[1:-1]:
        height = float(re.findall(r'height="([\d.]+)"', page)[0])
        words = [(float(y), word) for y, word in re.findall(r'yMax="([\d.]+)">([^<]*)<', page) if float(y) < height - FOOT]
        lowest = max(y for y, _ in words)
        line = " ".join(word for y, word in words if lowest - y < 3)
        found.append(Sheet(line, (height - FOOT - lowest) / (height - FOOT - HEAD)))
    return found


@NEEDS_POPPLER
@pytest.mark.parametrize("name", ["ukcis/2024.3/rules", "ukcis/2024.3/facts", "kscmp/2024.9/checks", "ukcis/2024.3/flow"])
def test_no_heading_is_last_on_a_sheet_and_little_is_left_blank(site: Path, page: Page, tmp_path: Path, name: str) -> None:
    page.goto(f"file://{site}/{name}.html")
    headings = {" ".join(text.split()) for text in page.locator("main").locator("h1, h2, h3, h4, h5, dt, summary").all_inner_texts()}
    page.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
    printed = sheets(tmp_path / "page.pdf")
    assert not [sheet.last for sheet in printed if sheet.last.removesuffix(":") in headings]
    assert sum(sheet.blank for sheet in printed) < 0.2 * max(len(printed), 1)
    assert max((sheet.blank for sheet in printed), default=0) < 0.45


def test_short_cards_stay_whole_and_long_ones_go_on(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/ukcis/2024.3/rules.html")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # what a sheet of A4 has within its margins
    breaks = page.locator(".card").evaluate_all("cards => cards.map(card => [card.offsetHeight, getComputedStyle(card).breakInside])")
    assert {how for _, how in breaks} == {"avoid", "auto"}
    assert all(height < 400 for height, how in breaks if how == "avoid"), sorted(height for height, how in breaks if how == "avoid")[-4:]
    assert all(height > 150 for height, how in breaks if how == "auto"), sorted(height for height, how in breaks if how == "auto")[:8]
    assert page.locator(".card h3").first.evaluate("heading => getComputedStyle(heading).breakAfter") == "avoid"
