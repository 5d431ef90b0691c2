"""The workbench in a real browser: the what-if form, pages that follow files, findings, the keyboard, a phone, axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from safeguarding_rules.publishing.pages import SECTIONS
from tests.unit.making import write
from tests.unit.publishing.placing import everything
from tests.web.browsing import DESK, NEEDS_CHROMIUM, PHONE, accessible, fits
from tests.web.serving import Served, serving, shipped_copy

pytestmark = NEEDS_CHROMIUM
expect.set_options(timeout=60_000)  # tests beside others on a small machine

ADULT = "Did anyone aged 18 or over make, ask for, pay for, receive, keep or pass on imagery of someone under 18?"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(shipped_copy(tmp_path_factory.mktemp("packs"))) as served:
        yield served


def answer(page: Page, question: str, value: str) -> None:
    page.get_by_role("group", name=question).get_by_label(value, exact=True).check()


def outcome(page: Page, title: str) -> None:
    expect(page.locator("#answer .outcome")).to_contain_text(title)


def test_a_case_is_answered_as_one_clicks(shown: Served, page: Page) -> None:
    """Expected from the guidance: nothing known, hold the review; an adult involved, tell the police (U5), whatever else is said later."""
    page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
    outcome(page, "Hold the review")
    answer(page, ADULT, "Yes")
    outcome(page, "Tell the police now")
    expect(page.locator("#answer")).to_contain_text("DSL must: Report to the police")
    expect(page.locator("#answer")).to_contain_text("It could still rise to: Call 999.")
    answer(page, ADULT, "Not known")
    outcome(page, "Hold the review")


def test_one_half_known_refers(shown: Served, page: Page) -> None:
    """U2: a child under 13 is pictured; whether a sexual act is shown is not known: the referral is presumed."""
    page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
    page.get_by_role("spinbutton", name="How old was the youngest person pictured at the time the imagery was made").fill("8")
    outcome(page, "Refer now")
    expect(page.locator("#answer")).to_contain_text("Taken to be met while facts are missing")
    page.get_by_role("spinbutton", name="How old was the youngest person pictured at the time the imagery was made").fill("999")
    expect(page.locator("#answer")).to_contain_text("`999` is outside 0 to 120")


def test_an_example_fills_the_form_and_is_managed(shown: Served, page: Page) -> None:
    """The example's expectation was written from the guidance: it ends in managing within the setting."""
    page.goto(f"{shown.address}/packs/ukcis/2024.3/checks")
    example = page.locator("article").filter(has_text="The outcome is “Manage within the setting”.").first
    example.get_by_role("link", name="Try this example").click()
    page.wait_for_url("**/try?case=*")
    outcome(page, "Manage within the setting")
    expect(page.locator("#answer")).to_contain_text("This is settled")
    answer(page, ADULT, "Yes")
    outcome(page, "Tell the police now")


def test_what_to_ask_next_leads_to_the_question(shown: Served, page: Page) -> None:
    page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
    first = page.locator("#next a").first
    expect(first).to_contain_text("danger")
    first.click()
    page.wait_for_url("**/try#field-immediate_danger")


def test_the_page_follows_an_edit_and_shows_what_is_wrong(tmp_path: Path, page: Page) -> None:
    with serving(shipped_copy(tmp_path)) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/rules")
        rule = page.locator("#rule-adult-involved")
        expect(rule).to_contain_text("An adult is involved")
        shown.edit("ukcis/2024.3/rules/referral.yaml", "title: An adult is involved", "title: An adult takes part")
        expect(rule).to_contain_text("An adult takes part")
        shown.edit("ukcis/2024.3/rules/referral.yaml", "adult_involved: true", "adult_involvd: true")
        expect(page.locator(".state")).to_contain_text("This pack cannot be used as it is now.")
        expect(rule).to_contain_text("An adult takes part")  # the last version that could be used
        page.get_by_role("link", name="See the findings").click()
        finding = page.locator("article.finding").first
        expect(finding).to_contain_text("unknown fact `adult_involvd`")
        expect(finding).to_contain_text("did you mean `adult_involved`?")
        expect(finding).to_contain_text("rules/referral.yaml")
        accessible(page)
        shown.edit("ukcis/2024.3/rules/referral.yaml", "adult_involvd: true", "adult_involved: true")
        expect(page.locator("article.finding.error")).to_have_count(0)


def test_an_answer_that_is_lost_is_asked_for_again(tmp_path: Path, page: Page) -> None:
    lost: list[Route] = []

    def lose_two(route: Route) -> None:
        lost.append(route)
        if len(lost) <= 2:
            route.fulfill(status=204)  # nothing to show
        else:
            route.continue_()

    with serving(shipped_copy(tmp_path)) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/rules")
        page.wait_for_timeout(3_000)  # what opening the page sets going has been told
        page.route("**/ukcis/2024.3/rules", lose_two)
        shown.edit("ukcis/2024.3/rules/referral.yaml", "title: An adult is involved", "title: An adult takes part")
        expect(page.locator("#rule-adult-involved")).to_contain_text("An adult takes part")
        assert len(lost) >= 3


def test_a_pack_that_is_gone_for_a_moment_comes_back(tmp_path: Path, page: Page) -> None:
    with serving(shipped_copy(tmp_path)) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
        answer(page, ADULT, "Yes")
        outcome(page, "Tell the police now")
        manifest = tmp_path / "ukcis/2024.3/pack.yaml"
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text("", encoding="utf-8")
        expect(page.locator(".state")).to_contain_text("This pack cannot be used as it is now.")
        manifest.write_text(text.replace("title: Tell the police now", "title: Inform the police now"), encoding="utf-8")
        outcome(page, "Inform the police now")
        expect(page.get_by_role("group", name=ADULT).get_by_label("Yes", exact=True)).to_be_checked()


def test_no_old_answer_stands_where_the_pack_is_gone(tmp_path: Path, page: Page, complaints: list[str]) -> None:
    packs = shipped_copy(tmp_path / "packs")
    with serving(packs) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
        answer(page, ADULT, "Yes")
        outcome(page, "Tell the police now")
        (packs / "ukcis/2024.3").rename(tmp_path / "2024.3")
        expect(page.get_by_role("alert")).to_contain_text("This pack is not there any more")
        expect(page.locator("#answer")).not_to_be_visible()
        accessible(page)
        (tmp_path / "2024.3").rename(packs / "ukcis/2024.3")
        outcome(page, "Tell the police now")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.locator("#answer")).to_be_visible()
    assert complaints
    assert all("404" in one for one in complaints)
    complaints.clear()


def test_no_old_answer_stands_where_the_workbench_has_stopped(tmp_path: Path, page: Page) -> None:
    packs = shipped_copy(tmp_path)
    with serving(packs) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
        outcome(page, "Hold the review")
        port = int(shown.address.rpartition(":")[2])
    expect(page.get_by_role("alert")).to_contain_text("The workbench has stopped")
    answer(page, ADULT, "Yes")
    expect(page.locator("#answer")).not_to_be_visible()
    with serving(packs, port):
        outcome(page, "Tell the police now")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.locator("#answer")).to_be_visible()


def test_what_is_typed_stays_while_the_rules_change(tmp_path: Path, page: Page) -> None:
    with serving(shipped_copy(tmp_path)) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
        answer(page, ADULT, "Yes")
        outcome(page, "Tell the police now")
        shown.edit("ukcis/2024.3/pack.yaml", "title: Tell the police now", "title: Inform the police now")
        outcome(page, "Inform the police now")
        expect(page.get_by_role("group", name=ADULT).get_by_label("Yes", exact=True)).to_be_checked()


def test_examples_are_run_and_promises_proved_beside_the_page(tmp_path: Path, page: Page) -> None:
    folder = shipped_copy(tmp_path)
    for path in (folder / "ukcis/2024.3/cases").glob("*.yaml"):
        path.unlink()
    (folder / "ukcis/2024.3/cases/two.yaml").write_text(
        "cases:\n"
        "  right: {title: Right, facts: {adult_involved: true}, expect: {outcome: refer_police}, follows_from: [UKCIS-2024-REF-1]}\n"
        "  wrong: {title: Wrong, facts: {adult_involved: true}, expect: {outcome: review}, follows_from: [UKCIS-2024-REF-1]}\n",
        encoding="utf-8",
    )
    with serving(folder) as shown:
        page.goto(f"{shown.address}/packs/ukcis/2024.3/checks")
        expect(page.locator("#case-right")).to_contain_text("As expected.", timeout=120_000)
        expect(page.locator("#case-wrong")).to_contain_text("Not as expected.")
        expect(page.locator("#case-wrong")).to_contain_text("Tell the police now")
        expect(page.locator("#invariant-adult-always-escalates")).to_contain_text("Proved for every case.", timeout=180_000)
        expect(page.locator("#invariant-not-always-escalating")).to_contain_text("Shown by an example.")
        accessible(page)


def test_every_page_is_accessible_and_fits_a_phone(tmp_path: Path, page: Page) -> None:
    """Every page of a small pack with every kind of part and something to find."""
    write(tmp_path, everything("Some text that goes on for a while.") | {"rules/more.yaml": {"definitions": {"unused": {"x": True}}}})
    with serving(tmp_path) as small:
        for name in ("", *(f"packs/top/1/{name}" for name in (*SECTIONS, "try", "findings"))):
            page.goto(f"{small.address}/{name}")
            accessible(page)
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            fits(page)
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
        expect(page.locator("article.finding")).to_contain_text("definition `unused` is never used")


def test_on_a_phone_the_answer_is_one_step_away(shown: Served, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
    answer(page, ADULT, "Yes")
    jump = page.get_by_role("link", name="Go to the answer: Tell the police now")
    expect(jump).to_be_in_viewport()
    jump.click()
    expect(page.locator("#answer .outcome")).to_be_in_viewport()


def test_the_keyboard_is_enough(shown: Served, page: Page) -> None:
    page.goto(f"{shown.address}/packs/ukcis/2024.3/try")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "fact.immediate_danger":
            break
    page.keyboard.press("ArrowRight")
    outcome(page, "Call 999")
    assert page.evaluate("document.activeElement.name") == "fact.immediate_danger"  # the answer did not take the focus


def test_without_scripts_the_form_still_answers(shown: Served, page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    opened = plain.new_page()
    opened.goto(f"{shown.address}/packs/ukcis/2024.3/try")
    answer(opened, ADULT, "Yes")
    opened.get_by_role("button", name="Show the answer").click()
    outcome(opened, "Tell the police now")
    expect(opened.get_by_role("group", name=ADULT).get_by_label("Yes", exact=True)).to_be_checked()
    plain.close()
