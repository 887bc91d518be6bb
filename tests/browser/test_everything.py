"""Everything of a person, from the door to handing over the city, without a mouse. What its pages lack for anybody: test_pages, which walks them too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import walk_visit
from tests.browser.conftest import ON_SQLITE, Open, Site
from tests.browser.keyboard import Keyboard
from tests.browser.walk_links import make_delegation

pytestmark = [ON_SQLITE]


@pytest.fixture
def city(site: Site) -> None:
    """A city whose contact has an address."""
    with site.app.app_context():
        make_delegation(site.app.config["SECRET_KEY"])


def test_from_the_door_to_a_successor_with_the_keyboard_alone(open_browser: Open, site: Site, city: None):
    page = open_browser()
    keys = Keyboard(page)
    page.goto("/")
    keys.press("nav a[href='/sign-in/']")
    page.wait_for_url("**/sign-in/")
    keys.type("[name=email]", walk_visit.WHO)
    keys.press("main form button[type=submit]")
    page.wait_for_url("**/sign-in/received")
    page.goto(walk_visit.mailed(site))
    keys.press("main form button[type=submit]")
    page.wait_for_url("**/my/everything/")
    keys.press("a[href$='/ostersund/hand-over']")
    page.wait_for_url("**/hand-over")
    keys.type("[name=name]", "Nils Efterträdare")
    keys.type("[name=email]", "nils@ostersund.example")
    keys.press("main form button[type=submit]")
    page.wait_for_url("**/my/everything/")
    expect(page.locator(".flashes .notice")).to_contain_text("Nils Efterträdare")
    expect(page.locator("main")).not_to_contain_text("Delegation:")
    keys.press("form[action$='/sign-out'] button")
    page.wait_for_url("**/sign-in/")
    assert keys.unseen == []
