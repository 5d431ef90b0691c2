"""One browser, gone before tests of other folders run; a fresh page for each test. What a page complains of fails the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.web.browsing import ARGUMENTS, CHROMIUM, DESK, browser_profile
from tests.web.serving import at_once


# Playwright's loop counts as running in its thread until the browser stops, and no test of another folder could run a loop of its own.
@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env=browser_profile(tmp_path_factory.mktemp("browser")))  # type: ignore[arg-type]
        yield started
        started.close()


@pytest.fixture(autouse=True)
def _cases_and_proofs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeguarding_rules.web.workbench.inspection._be_nice", at_once)


@pytest.fixture
def complaints() -> list[str]:
    """What a page complained of; a test that expects something takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]

    def heard(message: ConsoleMessage) -> None:
        # A server of a test stops before its page does; the page then looks for it in vain.
        if message.type in {"error", "warning"} and "net::ERR_" not in message.text:
            complaints.append(f"{message.text} ({message.location.get('url')})")

    opened = context.new_page()
    opened.on("console", heard)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.set_default_timeout(60_000)
    yield opened
    context.close()
    assert not complaints
