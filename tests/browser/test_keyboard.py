"""Registration, a delegation, the timetable and a release, each from its first page to its last without a mouse."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from tests.browser.conftest import CONGRESS, DESK, ON_SQLITE, Open, Site, sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.timetable import DAY, LUNCH, card, number_of, open_day, said, stored
from tests.browser.walk_links import make_delegation
from tests.factories import the_item, the_placement

pytestmark = [ON_SQLITE]


def test_registration_of_seven_pages(open_browser: Open, site: Site):
    page = open_browser()
    keys = Keyboard(page)
    page.goto("/networks/uccn/")
    assert page.locator(".map-dot").count() > 150
    keys.to("details summary", most=40)  # what follows the map: its dots are no stops
    page.goto(f"{CONGRESS}/")
    keys.press("a[href$='/registration/']")
    page.wait_for_url("**/registration/")
    expect(page.locator("input#city")).to_be_visible()
    keys.type("[name=category]", "Delegate")
    keys.type("input#city", "lodz")
    expect(page.locator(".autocomplete__option")).to_have_count(1)
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    for name, words in {
        "given_name": "Łucja",
        "family_name": "Żółkiewska",
        "email": "lucja@lodz.example",
        "language": "English",
    }.items():
        keys.type(f"[name={name}]", words)
    keys.press("main form button[type=submit]")
    page.wait_for_url("**/form/role")
    keys.type("[name=organisation]", "Muzeum")
    keys.press("main form button[type=submit]")
    page.wait_for_url("**/form/travel")
    keys.press("[name=needs_letter]", "Space")
    keys.press("main form button[type=submit]")
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press(".error-summary a")
    keys.kept()
    page.keyboard.press("Shift+Tab")
    page.locator("[name=needs_letter]").focus()  # back to the question, as a screen reader's list of fields does
    page.keyboard.press("Space")
    for step in ("needs", "sessions", "consents"):
        keys.press("main form button[type=submit]")
        page.wait_for_url(re.compile(f"/form/{step}(#.*)?$"))
    keys.press("[name=consent_privacy]", "Space")
    keys.press("main form button[type=submit]")
    page.wait_for_url(re.compile("/form/review(#.*)?$"))
    keys.press("main form button[type=submit]")
    page.wait_for_url(re.compile("/registration/received(#.*)?$"))
    assert keys.unseen == []
    assert [mail["To"] for mail in site.mails()][-1] == "lucja@lodz.example"


def test_delegation_from_the_first_person_to_sending_it(open_browser: Open, site: Site):
    with site.app.app_context():
        link, _person = make_delegation(site.app.config["SECRET_KEY"], {"Anna": "head"})
    page = open_browser()
    keys = Keyboard(page)
    page.goto(link)
    keys.press("a[href$='/people/add']")
    page.wait_for_url("**/people/add")
    for name, words in {"given_name": "Berit", "family_name": "Testsson", "email": "berit@ostersund.example"}.items():
        keys.type(f"[name={name}]", words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/my/delegation/[^/]+/(#.*)?$"))
    summary = page.locator("tr", has_text="Berit").locator("summary")
    keys.to("tbody tr:last-child summary")
    page.keyboard.press("Enter")
    assert summary.evaluate("each => each.parentElement.open")
    keys.kept()
    keys.press("a[href$='/replace']")
    page.wait_for_url("**/replace")
    for name, words in {"given_name": "Carin", "family_name": "Testsson", "email": "carin@ostersund.example"}.items():
        keys.type(f"[name={name}]", words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/my/delegation/[^/]+/(#.*)?$"))
    keys.press("form[action$='/submit'] button")
    expect(page.locator("main")).to_contain_text("The hosts have your delegation and confirm it.")
    expect(page.locator("tbody th")).to_have_text([re.compile("Anna Testsson"), re.compile("Carin Testsson")])
    assert keys.unseen == []


def test_timetable_puts_moves_and_takes_back(open_browser: Open, site: Site):
    page = open_browser()
    keys = Keyboard(page)
    open_day(page, site)
    page.evaluate("document.querySelector('main').focus({ preventScroll: true })")
    waiting = page.locator("#waiting-list li a").first
    number = int(re.findall(r"/timetable/(\d+)/", waiting.get_attribute("href") or "")[0])
    keys.press("#waiting-list li a")
    page.wait_for_url(f"**/timetable/{number}/?**")
    keys.type("[name=day]", "06132018")  # as this browser asks for days
    keys.type("[name=starts_at]", "1600")
    keys.type("[name=minutes]", "45")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/timetable/?day={DAY}")
    expect(page.locator(f"[data-placement='{number}']").first).to_contain_text("16:00–16:45")

    keys.to(f"[data-placement='{number_of(site, LUNCH)}'] a")
    page.keyboard.press("Alt+ArrowDown")
    said(page, "12:35–14:05")
    keys.kept()
    expect(card(page, site, LUNCH).locator("a")).to_be_focused()
    page.evaluate("document.querySelector('main').focus({ preventScroll: true })")
    keys.press("form[data-step=undo] button")
    expect(card(page, site, LUNCH)).to_contain_text("12:30–14:00")
    keys.kept()
    assert stored(site, LUNCH)[:2] == ("13 12:30", "13 14:00")
    assert keys.unseen == []


def test_release_of_what_was_chosen(open_browser: Open, site: Site):
    with site.app.app_context():
        begin_writing()
        for code, title in {"P022": "Opening, chosen", "P024": "Plenary, left"}.items():
            the_item(code).titles = Localised(en=title, pl=title)
        left = the_placement("P024").uid
        db.session.commit()
    page = open_browser()
    keys = Keyboard(page)
    sign_in(page, site)
    page.goto(f"{DESK}/")
    keys.press("nav a[href$='/releases/']")
    page.wait_for_url("**/releases/")
    keys.press(f"#entry-{left}", "Space")
    expect(page.locator(f"#entry-{left}")).not_to_be_checked()
    keys.press("main form#release button[type=submit]")
    expect(page.locator("main .flashes")).to_contain_text("2")
    page.goto(f"{CONGRESS}/programme/?q=chosen")
    expect(page.locator("main")).to_contain_text("Opening, chosen")
    page.goto(f"{CONGRESS}/programme/?q=left")
    expect(page.locator("main")).not_to_contain_text("Plenary, left")
    assert keys.unseen == []
