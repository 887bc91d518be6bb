"""What every page keeps: quiet, light, one heading, the reader's language and clock, and a version on paper."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.conftest import CONGRESS, ON_SQLITE, Open, Site

pytestmark = [ON_SQLITE]
MOST_REQUESTS = 10
MOST_BYTES = 100_000  # of the page, its sheets and its scripts, as they are sent
MOST_SHIFT = 0.02  # of the layout, as browsers count it (https://web.dev/articles/cls)


def what_is_missing(page: Page, language: str) -> dict[str, object]:
    """What a page does not keep of what all pages keep."""
    html = page.evaluate("""() => ({
        h1: document.querySelectorAll('h1').length,
        main: document.querySelectorAll('main').length,
        lang: document.documentElement.lang,
        title: document.title.trim().length > 0,
        ids: [...document.querySelectorAll('[id]')].map(each => each.id),
        wide: document.documentElement.scrollWidth > innerWidth,
        bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .filter(each => each.entryType === 'navigation' || /\\.(css|js)$/.test(new URL(each.name).pathname))
            .reduce((sum, each) => sum + each.encodedBodySize, 0),
    })""")
    twice = [name for name, count in Counter(html["ids"]).items() if count > 1]
    requests = sorted({each for each in page.watch.requests if not each.startswith("data:")})  # type: ignore[attr-defined]
    found = {
        "one h1": html["h1"] == 1,
        "one main": html["main"] == 1,
        "language": html["lang"] == language,
        "title": html["title"],
        "each id once": twice == [],
        "as wide as the window": not html["wide"],
    }
    missing: dict[str, object] = {name: False for name, kept in found.items() if not kept}
    missing |= {"requests": requests} if len(requests) > MOST_REQUESTS else {}
    return missing | ({} if 0 < html["bytes"] <= MOST_BYTES else {"bytes": html["bytes"]})


def test_every_page_in_polish_on_a_phone_keeps_what_all_pages_keep(open_browser: Open, site: Site):
    page = open_browser(locale="pl-PL", viewport={"width": 390, "height": 844}, has_touch=True)
    pages = walk.everything(page, site, "pl")
    assert walk.wrong(page, pages, lambda page: what_is_missing(page, "pl")) == {}


def test_public_pages_in_english_on_a_desk_keep_what_all_pages_keep(open_browser: Open):
    page = open_browser()
    assert walk.wrong(page, walk.public(page), lambda page: what_is_missing(page, "en")) == {}


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
    page = open_browser()
    page.goto(f"{CONGRESS}/programme/")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".entry").first).to_be_visible()
    hidden = ".masthead, nav, .btn, .filters, .footer, .entry-action, form, .skip"
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
