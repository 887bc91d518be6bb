"""What every page keeps: quiet, light, one heading, the reader's language and clock, and a version on paper."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.conftest import CONGRESS, ON_SQLITE, Open, Site
from tests.browser.judging import wrong_on_a_walk, wrong_where_wide
from tests.browser.trail import Trail

pytestmark = [ON_SQLITE]
MOST_SHIFT = 0.02  # of the layout, as browsers count it (https://web.dev/articles/cls)


def test_every_page_of_visitors_and_delegates_is_for_everyone_in_every_state(open_browser: Open, site: Site):
    page, trail = open_browser(**walk.PHONE), Trail(site.app)
    wrong = walk.wrong(page, walk.everything(page, site, "pl", trail), lambda page: wrong_on_a_walk(page, "pl"), trail)
    assert (wrong, trail.of_one_title(), trail.missed("public.", "my.")) == ({}, {}, [])


def test_pages_in_english_on_a_desk_keep_what_all_pages_keep(open_browser: Open, site: Site):
    page = open_browser()
    pages = itertools.chain(walk.public(page), walk.personal(page, site, "en"))
    assert walk.wrong(page, pages, lambda page: wrong_where_wide(page, "en")) == {}


@pytest.mark.parametrize("reader", [{"locale": "pl-PL", "viewport": {"width": 390, "height": 844}}, {}], ids=["phone", "desk"])
def test_nothing_moves_while_a_page_comes(open_browser: Open, reader: dict[str, Any]):
    shifts = {}
    for path in ("", "programme/", "programme/P022", "registration/"):
        page = open_browser(**reader)  # nothing of the page before is kept
        page.add_init_script("""
            window.shift = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((each) => (window.shift += each.value)))
                .observe({type: 'layout-shift', buffered: true});
        """)
        page.goto(f"{CONGRESS}/{path}")
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        shifts[path] = page.evaluate("window.shift")

    assert {path: shift for path, shift in shifts.items() if shift >= MOST_SHIFT} == {}


def test_language_switch_keeps_the_page_and_its_filter(open_browser: Open):
    page = open_browser()
    page.goto(f"{CONGRESS}/programme/?day=2018-06-13&field=music")
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url(re.compile("lang=pl"))
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    assert re.search(r"/programme/\?day=2018-06-13&field=music&lang=pl$", page.url)
    expect(page.locator(".entry")).to_have_count(1)


def test_chosen_language_stays_on_the_next_page(open_browser: Open):
    page = open_browser()
    page.goto(f"{CONGRESS}/?lang=pl")
    page.goto(f"{CONGRESS}/programme/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")


def test_programme_on_paper_is_only_the_programme(open_browser: Open):
    page = open_browser(viewport={"width": 718, "height": 1000}, color_scheme="dark")  # A4 within its margins
    page.goto(f"{CONGRESS}/programme/")
    page.emulate_media(media="print")
    assert page.locator("html").evaluate("each => getComputedStyle(each).getPropertyValue('--accent-soft')") == "#fdf1d0"
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".entry").first).to_be_visible()
    hidden = ".masthead, nav, .btn, .filters, .footer, .entry-action, .day-take, form, .skip"
    assert [each.inner_text() for each in page.locator(hidden).all() if each.is_visible()] == []


def test_parallel_meetings_are_all_on_paper(open_browser: Open):
    page = open_browser()
    page.goto(f"{CONGRESS}/programme/?day=2018-06-13")
    page.emulate_media(media="print")
    expect(page.locator(".parallel li:visible")).to_have_count(7)


def test_reader_elsewhere_sees_the_own_time_beside_the_congress_time(open_browser: Open):
    page = open_browser(timezone_id="America/New_York")
    page.goto(f"{CONGRESS}/programme/?day=2018-06-12")
    opening = page.locator(".entry", has_text="Opening ceremony").locator(".entry-time")
    expect(page.locator("[data-reader-zone]")).to_be_visible()
    expect(page.locator(".local-time").first).to_be_attached()
    shown = opening.inner_text()
    start = datetime(2018, 6, 12, 9, tzinfo=ZoneInfo("Europe/Warsaw"))
    own = start.astimezone(ZoneInfo("America/New_York"))
    assert (f"{start:%H:%M}" in shown, f"{own:%H:%M}" in shown) == (True, True)


def test_the_own_time_stands_beside_the_time_it_belongs_to(open_browser: Open):
    page = open_browser(timezone_id="America/New_York")
    page.goto(f"{CONGRESS}/programme/P022")

    expect(page.locator(".facts p:has(.local-time)")).to_have_text(re.compile(r"09:00–10:30 \(03:00\)$"))


def test_reader_in_the_zone_of_the_congress_sees_one_time(open_browser: Open):
    page = open_browser()
    page.goto(f"{CONGRESS}/programme/?day=2018-06-12")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-reader-zone]")).to_be_hidden()
    expect(page.locator(".local-time")).to_have_count(0)
