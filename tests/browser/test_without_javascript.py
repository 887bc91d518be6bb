"""Everything that must be done can be done without scripts: browsers of city halls block them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import CONGRESS, DESK, ON_SQLITE, Open, Site, fill_registration, finish_registration, sign_in

pytestmark = [ON_SQLITE]


def register(page: Page, site: Site) -> str:
    """Register; the personal link of the mail."""
    page.goto(f"{CONGRESS}/registration/")
    fill_registration(page)
    page.locator("select[name=city]").select_option(label="Łódź, Poland")
    finish_registration(page)
    text = site.mails()[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return re.findall(r"http://\S+/my/registration/\S+", text)[0]


def test_delegate_registers_and_chooses_a_workshop(open_browser: Open, site: Site):
    page = open_browser(java_script_enabled=False)
    page.goto(register(page, site))
    page.locator("form[action$='/choose/P037'] button").click()

    expect(page.locator("form[action$='/drop/P037']")).to_have_count(1)
    mine = page.locator("section[aria-labelledby=day-2018-06-13] .entry-title").all_inner_texts()
    assert "Thematic workshop 1: reliable data collection" in mine


def test_refused_registration_leads_to_its_fields(open_browser: Open):
    page = open_browser(java_script_enabled=False)
    page.goto(f"{CONGRESS}/registration/")
    page.locator("main form button").click()
    page.locator(".error-summary a[href='#family_name']").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "email"  # the one after the family name


def test_what_only_some_are_asked_appears_with_the_answer_that_asks_it(open_browser: Open):
    page = open_browser(java_script_enabled=False)
    page.goto(f"{CONGRESS}/registration/")
    asked = {}
    for category in ("delegate", "companion", "press"):
        page.locator("select[name=category]").select_option(category)
        asked[category] = [page.locator(f"[name={name}]").is_visible() for name in ("comes_with", "outlet", "motive")]
    assert asked == {"delegate": [False, False, False], "companion": [True, False, False], "press": [False, True, True]}


def test_organiser_edits_the_draft_and_releases_it(open_browser: Open, site: Site):
    page = open_browser(java_script_enabled=False)
    sign_in(page, site)
    page.goto(f"{DESK}/placements/")
    page.get_by_role("link", name="Opening ceremony with welcome concert").click()
    page.locator("input[name=title_en]").fill("Opening in the concert hall")
    page.locator("input[name=starts_at]").fill("10:15")
    page.locator("select[name=place]").select_option(label="Katowice, NOSPR")
    page.locator("main form button").click()
    page.goto(f"{DESK}/releases/")
    changes = " ".join(page.locator(".change").all_inner_texts())
    page.locator("[name=note_en]").fill("The opening moves to Katowice.")
    page.locator("main form button").click()

    expect(page.get_by_role("cell", name="The opening moves to Katowice.")).to_be_visible()
    expect(page.locator(".change")).to_have_count(0)
    assert [word in changes for word in ("10:15", "NOSPR", "Opening in the concert hall")] == [True, True, True]
    page.goto(f"{CONGRESS}/programme/P022")
    expect(page.locator("h1")).to_have_text("Opening in the concert hall")


def test_pages_show_no_control_that_needs_a_script(open_browser: Open):
    page = open_browser(java_script_enabled=False)
    page.goto(f"{CONGRESS}/calendar/")
    expect(page.locator("button:visible")).to_have_count(0)
