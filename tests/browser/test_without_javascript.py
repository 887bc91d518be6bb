"""Everything that must be done can be done without scripts: browsers of city halls block them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import CONGRESS, DESK, ON_SQLITE, Open, Site, fill_registration, finish_registration, sign_in
from tests.browser.timetable import DAY, LUNCH, number_of, stored
from tests.browser.walk_links import make_delegation

pytestmark = [ON_SQLITE]
PLAIN: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


def register(page: Page, site: Site) -> str:
    """Register; the personal link of the mail."""
    page.goto(f"{CONGRESS}/registration/")
    fill_registration(page)
    page.locator("select[name=city]").select_option(label="Łódź, Poland")
    finish_registration(page)
    text = site.mails()[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return re.findall(r"http://\S+/my/registration/\S+", text)[0]


def test_delegate_registers_and_chooses_a_workshop(open_browser: Open, site: Site):
    page = open_browser(**PLAIN)
    page.goto(register(page, site))
    page.locator("form[action$='/choose/P037'] button").click()

    expect(page.locator("form[action$='/drop/P037']")).to_have_count(1)
    mine = page.locator("section[aria-labelledby=day-2018-06-13] .entry-title").all_inner_texts()
    assert "Thematic workshop 1: reliable data collection" in mine


def test_refused_registration_leads_to_its_fields(open_browser: Open):
    page = open_browser(**PLAIN)
    page.goto(f"{CONGRESS}/registration/")
    page.locator("main form button").click()
    page.locator(".error-summary a[href='#family_name']").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "email"  # the one after the family name


def test_what_only_some_are_asked_appears_with_the_answer_that_asks_it(open_browser: Open):
    page = open_browser(**PLAIN)
    page.goto(f"{CONGRESS}/registration/")
    asked = {}
    for category in ("delegate", "companion", "press"):
        page.locator("select[name=category]").select_option(category)
        asked[category] = [page.locator(f"[name={name}]").is_visible() for name in ("comes_with", "outlet", "motive")]
    assert asked == {"delegate": [False, False, False], "companion": [True, False, False], "press": [False, True, True]}


def test_organiser_edits_the_draft_and_releases_it(open_browser: Open, site: Site):
    page = open_browser(**PLAIN)
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


def test_focal_point_adds_a_person_and_sends_the_delegation(open_browser: Open, site: Site):
    with site.app.app_context():
        link, _person = make_delegation(site.app.config["SECRET_KEY"], {"Anna": "head"})
    page = open_browser(**PLAIN)
    page.goto(link)
    page.locator("a[href$='/people/add']").first.click()
    for name, words in {"given_name": "Berit", "family_name": "Testsson", "email": "berit@ostersund.example"}.items():
        page.locator(f"input[name={name}]").fill(words)
    page.locator("main form button[type=submit]").first.click()
    page.locator("form[action$='/submit'] button").click()
    expect(page.locator("main")).to_contain_text("The hosts have your delegation and confirm it.")


def test_an_entry_of_the_timetable_is_given_a_time_by_its_form(open_browser: Open, site: Site):
    page = open_browser(**PLAIN)
    sign_in(page, site)
    page.goto(f"{DESK}/timetable/?day={DAY}")
    page.locator(f"#as-table a[href*='/timetable/{number_of(site, LUNCH)}/']").first.click()
    page.locator("[name=starts_at]").fill("12:45")
    page.locator("[name=minutes]").fill("60")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#as-table")).to_contain_text("12:45–13:45")
    assert stored(site, LUNCH)[:2] == ("13 12:45", "13 13:45")


def test_pages_show_no_control_that_needs_a_script(open_browser: Open):
    page = open_browser(**PLAIN)
    page.goto(f"{CONGRESS}/calendar/")
    expect(page.locator("button:visible")).to_have_count(0)
