"""A real browser, and what is asked of every page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
# Level A and AA of WCAG 2.0 to 2.2, and axe's own good practice.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "preload": False}
_AXE = Axe()


def accessible(page: Page) -> None:
    """Assert that axe-core finds nothing on a page."""
    found: dict[str, Any] = _AXE.run(page, options=RULES).response
    told = [(one["id"], one["nodes"][0]["target"], one["nodes"][0].get("failureSummary", "")) for one in found["violations"]]
    assert not told, told
    assert len(found["passes"]) > 10


def fits(page: Page) -> None:
    """Assert that a page is no wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


def browser_profile(folder: Path) -> dict[str, str]:
    """The environment of a browser that leaves nothing behind."""
    return {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
