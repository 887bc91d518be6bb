"""Everybody can use every page: WCAG 2.2 AA as far as a program can tell, the keyboard, enlargement."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.conftest import CONGRESS, DESK, ON_SQLITE, Open, Site, sign_in
from tests.browser.judging import wrong_on_a_walk
from tests.browser.trail import Trail

pytestmark = [ON_SQLITE]
_FOCUS = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    return {
        name: element.name || element.id,
        seen: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2 && box.width > 0
              && box.top >= 0 && box.bottom <= innerHeight,
    };
}"""


def test_every_page_of_the_desk_is_for_everyone_in_every_state(open_browser: Open, site: Site):
    page, trail = open_browser(**walk.PHONE), Trail(site.app)
    wrong = walk.wrong(page, walk.desk(page, site, trail), lambda page: wrong_on_a_walk(page, "pl"), trail)
    assert (wrong, trail.of_one_title(), trail.missed("desk.", "security.")) == ({}, {}, [])


def tab_through(page: Page, most: int = 60) -> list[dict[str, object]]:
    """Where the focus goes inside the main part, from its beginning."""
    page.locator("main").evaluate("main => main.focus()")
    stops = []
    for _stop in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("!document.activeElement.closest('main')"):
            return stops
        stops.append(page.evaluate(_FOCUS))
    return stops


@pytest.mark.parametrize("surface", ["registration", "desk"])
def test_focus_goes_down_the_form_and_is_always_seen(open_browser: Open, site: Site, surface: str):
    page = open_browser()
    if surface == "desk":
        sign_in(page, site)
        page.goto(f"{DESK}/placements/")
        page.locator("tbody th a").nth(15).click()
    else:
        page.goto(f"{CONGRESS}/registration/")
    expect(page.locator("input.autocomplete__input")).to_be_visible()

    stops = tab_through(page)

    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    named = [name for stop in stops if (name := stop["name"])]
    # A day and a time have a stop for each of their parts.
    expected = {
        "registration": [
            "category", "city", "title", "given_name", "family_name", "email", "phone", "language",
        ],
        "desk": ["title_en", "title_pl", "timing", "starts_on", "starts_at", "ends_at", "ends_on", "place", "stream_url", "join_url"],
    }  # fmt: skip
    assert [name for name in dict.fromkeys(named) if not str(name).startswith("desk")] == expected[surface]


def test_draft_is_edited_with_the_keyboard_alone(open_browser: Open, site: Site):
    page = open_browser()
    sign_in(page, site)
    page.goto(f"{DESK}/placements/")
    page.get_by_role("link", name="Opening ceremony with welcome concert").press("Enter")
    page.wait_for_url("**/edit")
    page.locator("main").evaluate("main => main.focus()")
    for _stop in range(40):  # over the menu and the way back
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "title_en":
            break
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Opening in the concert hall")
    page.keyboard.press("Enter")
    page.wait_for_url("**/placements/")
    expect(page.get_by_role("link", name="Opening in the concert hall")).to_be_visible()


@pytest.mark.parametrize("surface", ["registration", "desk"])
def test_errors_are_named_first(open_browser: Open, site: Site, surface: str):
    page = open_browser()
    if surface == "desk":
        sign_in(page, site)
        page.goto(f"{DESK}/placements/")
        page.locator("tbody th a").nth(15).click()
        page.locator("input[name=title_en]").fill("")
    else:
        page.goto(f"{CONGRESS}/registration/")
    walk.submit(page)

    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    link = page.locator(".error-summary a").last
    target = (link.get_attribute("href") or "").removeprefix("#")
    link.press("Enter")
    expect(page.locator(f"[id='{target}']")).to_be_focused()
    expect(page.locator(f"[id='{target}']")).to_have_attribute("aria-invalid", "true")


def test_skip_link_leads_to_the_content(open_browser: Open):
    page = open_browser()
    page.goto(f"{CONGRESS}/programme/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
