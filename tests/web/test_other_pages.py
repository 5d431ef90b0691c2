"""The pages that neither `docs` nor the workbench makes: the decision record, and the documentation of the project."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from safeguarding_rules.casework.form import record_page
from safeguarding_rules.casework.record import DecisionRecord
from tests.docs.test_site import site
from tests.unit.casework.test_form import record
from tests.web.browsing import DESK, NEEDS_CHROMIUM, PHONE, accessible, fits

__all__ = ["record", "site"]
pytestmark = NEEDS_CHROMIUM
DOCUMENTATION = (
    "index.html",
    "search.html",
    "genindex.html",
    "benchmarks.html",
    "reference/http.html",
    "reference/codes.html",
    "reference/python.html",
    "decisions/README.html",
    "decisions/0045-the-workbench.html",
)


def test_the_record_is_accessible_and_fits_a_phone(record: DecisionRecord, tmp_path: Path, page: Page) -> None:
    path = tmp_path / "record.html"
    path.write_text(record_page(record), encoding="utf-8")
    page.goto(path.as_uri())
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        accessible(page)
        fits(page)


def test_the_documentation_is_accessible_and_fits_a_phone(site: Path, page: Page) -> None:
    """A page of each kind, and those with the most in them."""
    folders = ("tutorials", "how-to")
    chosen = [*(path for folder in folders for path in sorted((site / folder).glob("*.html"))), *(site / name for name in DOCUMENTATION)]
    for path in chosen:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto(path.as_uri())
        accessible(page)
        fits(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto((site / "index.html").as_uri())
    accessible(page)
