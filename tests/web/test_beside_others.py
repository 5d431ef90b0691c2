"""Browser tests leave nothing running that tests of other folders would stumble over."""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import Page

from tests.web.browsing import NEEDS_CHROMIUM
from tests.web.serving import ROOT

pytestmark = NEEDS_CHROMIUM
_INSIDE = "tests/web/test_beside_others.py::test_a_page_opens"
_ASKING = "tests/unit/web/test_api.py::test_a_decision_is_the_librarys_own_to_the_byte"


def test_a_page_opens(page: Page) -> None:
    page.goto("about:blank")
    assert page.evaluate("1 + 1") == 2


def test_tests_that_run_a_loop_of_their_own_can_come_after() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", _INSIDE, _ASKING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
