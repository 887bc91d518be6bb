"""The programme without a network: what a device keeps, that it is new after a release, and that it is nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from time import perf_counter
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import services
from congress.public import offline
from tests.browser.conftest import CONGRESS, DESK, MOST_PATIENCE, ON_SQLITE, Site, sign_in
from tests.factories import NOW, the_congress, the_placement, utc

pytestmark = [ON_SQLITE]
PROGRAMME = f"{CONGRESS}/programme/"
_KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url));
    return found.map((url) => url.pathname + url.search);
}"""

_REPLACED = """async (before) => {
    for (let turn = 0; turn < 150; turn++) {
        const now = await caches.keys();
        if (now.length === 1 && now[0] !== before[0]) return true;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
}"""

# Nothing new was kept for two seconds.
_SETTLED = """async () => {
    const count = async () => (await Promise.all((await caches.keys()).map(async (each) => (await (await caches.open(each)).keys()).length))).join();
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return before === (await count());
}"""


@pytest.fixture
def context(site: Site, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that may keep things, unlike those of other tests."""
    context = chromium.new_context(base_url=site.url, locale="en-GB", timezone_id="Europe/Warsaw", service_workers="allow")
    context.set_default_timeout(MOST_PATIENCE)
    yield context
    context.close()


def open_programme(context: BrowserContext, address: str = PROGRAMME) -> Page:
    """The programme, once it is kept and answered for."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def test_programme_opened_once_is_read_without_a_network(context: BrowserContext):
    page = open_programme(context)
    context.set_offline(True)
    page.goto(PROGRAMME)

    expect(page.locator(".kept-note")).to_contain_text("the copy on your device, release 1")
    expect(page.locator("h2.day-title")).to_have_count(13)
    assert page.evaluate("getComputedStyle(document.querySelector('.track')).display") == "flex"  # our style is there
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('1rem \"Source Serif 4 Variable\"'))") is True
    page.get_by_role("link", name="Opening ceremony with welcome concert", exact=True).click()
    expect(page.locator("h1")).to_have_text("Opening ceremony with welcome concert")
    expect(page.locator(".kept-note")).to_be_visible()
    page.goto(f"{PROGRAMME}?day=2018-06-13")
    expect(page.locator("h2.day-title")).to_have_text(["Wednesday 13 June 2018"])
    page.goto(f"{PROGRAMME}?field=music&lang=en")
    expect(page.locator(".entry")).to_have_count(7)
    # Another page leads to one that says why it is not there.
    page.goto(f"{CONGRESS}/registration/")
    expect(page.locator("h1")).to_have_text("No connection")
    page.get_by_role("link", name="Programme").last.click()
    expect(page.locator("h2.day-title")).to_have_count(13)
    context.set_offline(False)
    page.goto(PROGRAMME)
    expect(page.locator(".kept-note")).to_have_count(0)


FILTERS = (
    "q=opening", "q=KRAKÓW", "q=krakow", "q=zzzz", "kind=ceremony", "city=katowice&open=1", "field=music&day=2018-06-13", "open=1&day=2018-06-15",
    "venue=international-congress-centre&q=plenary", "city=krakow&kind=subgroup", "day=2018-06-13&kind=subgroup&q=gastronomy", "day=none&city=krakow",
)  # fmt: skip
_SHOWN = """() => [...document.querySelectorAll('h3 a, h4 a')]
    .filter((each) => each.closest('.timetable') && !each.closest('[hidden]'))
    .map((each) => `${each.closest('section').querySelector('h2').id} ${each.pathname.split('/').pop()}`).sort()"""


def test_any_filter_finds_on_the_device_what_it_finds_over_the_network(context: BrowserContext):
    page = open_programme(context)
    online, alone = {}, {}
    for query in FILTERS:
        page.goto(f"{PROGRAMME}?{query}")
        online[query] = page.evaluate(_SHOWN)
    context.set_offline(True)
    for query in FILTERS:
        page.goto(f"{PROGRAMME}?{query}")
        page.locator(".kept-note").wait_for()
        alone[query] = page.evaluate(_SHOWN)

    assert alone == online
    assert {query for query, found in online.items() if not found} == {"q=zzzz"}
    page.goto(f"{PROGRAMME}?q=opening&kind=ceremony")
    expect(page.locator("[data-narrowed]")).to_contain_text("Searched on your device, in titles and places. Entries found: ")
    expect(page.locator("input[name=q]")).to_have_value("opening")
    expect(page.locator("select[name=kind]")).to_have_value("ceremony")


def test_a_network_that_says_nothing_is_not_waited_for_longer_than_four_seconds(context: BrowserContext, site: Site):
    page = open_programme(context)
    answers, is_silent, may_go_on = site.app.wsgi_app, Event(), Event()

    def silent(environ: Any, start_response: Any) -> Any:
        if is_silent.is_set():
            may_go_on.wait(30)
        return answers(environ, start_response)

    site.app.wsgi_app = silent  # type: ignore[method-assign]
    is_silent.set()
    try:
        began = perf_counter()
        page.goto(PROGRAMME, wait_until="commit")
        first = perf_counter() - began
        expect(page.locator(".kept-note")).to_be_visible()
        began = perf_counter()
        page.goto(f"{PROGRAMME}P022", wait_until="commit")
        second = perf_counter() - began
        expect(page.locator(".kept-note")).to_be_visible()
    finally:
        may_go_on.set()
        site.app.wsgi_app = answers  # type: ignore[method-assign]

    assert 3.9 < first < 15  # a busy machine adds to it; what says nothing says nothing for thirty seconds
    assert second < 3.9  # what was silent a moment ago is not asked again


@pytest.mark.parametrize(("first", "most", "all_of_them"), [(45, 12_000_000, True), (0, 30_000, False)])
def test_pages_of_further_items_are_kept_later_as_long_as_there_is_room(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch, first: int, most: int, all_of_them: bool
):
    monkeypatch.setattr(offline, "_FIRST", first)
    monkeypatch.setattr(offline, "_MOST_BYTES", most)
    page = open_programme(context)
    items = {
        link.partition("?")[0]
        for link in page.evaluate("[...document.querySelectorAll('h3 a, h4 a')].map((each) => each.pathname)")
    }
    page.wait_for_function(_SETTLED)
    kept = {each for each in page.evaluate(_KEPT) if each in items}

    assert len(items) > 50
    assert (kept == items) is all_of_them
    if not all_of_them:
        sizes = page.evaluate(
            "async (kept) => Promise.all(kept.map(async (each) => (await (await caches.match(each)).blob()).size))", sorted(kept)
        )
        assert sum(sizes) > most > sum(sizes) - max(sizes)


def test_after_a_release_the_new_programme_is_kept_and_the_old_one_is_gone(context: BrowserContext, site: Site):
    page = open_programme(context)
    with site.app.app_context():
        opening = the_placement("P022")
        opening.starts_at, opening.ends_at = utc(2018, 6, 12, 9, 45), utc(2018, 6, 12, 10, 45)
        services.release_programme(the_congress(), note=Localised(), by="x", now=NOW)
        db.session.commit()
    before = page.evaluate("caches.keys()")
    page.goto(PROGRAMME)  # the browser asks for the script again, and finds another one
    assert page.evaluate(_REPLACED, before) is True
    context.set_offline(True)
    page.goto(f"{PROGRAMME}P022")

    expect(page.locator(".kept-note")).to_contain_text("release 2")
    expect(page.get_by_text("11:45–12:45")).to_be_visible()


def test_kept_in_the_language_of_the_reader(context: BrowserContext):
    page = open_programme(context, f"{PROGRAMME}?lang=pl")
    context.set_offline(True)
    page.goto(f"{PROGRAMME}P022")

    expect(page.locator("html")).to_have_attribute("lang", "pl")
    expect(page.locator("h1")).to_have_text("Uroczyste otwarcie i koncert powitalny")


def test_nothing_of_a_person_or_of_the_desk_is_kept(context: BrowserContext, site: Site):
    page = open_programme(context)
    sign_in(page, site)
    for address in (
        f"{DESK}/",
        f"{CONGRESS}/registration/",
        f"{CONGRESS}/newsletter/",
        f"{CONGRESS}/events/",
        f"{PROGRAMME}?q=somebody",
    ):
        page.goto(address)
    page.goto(f"{PROGRAMME}P048")

    kept = page.evaluate(_KEPT)
    programme = {each for each in kept if each.startswith((PROGRAMME, "/static/", "/bootstrap/static/"))}
    assert sorted(set(kept) - programme) == [f"{CONGRESS}/offline/"]
    assert [each for each in kept if "q=" in each] == []
    assert len(kept) == len(set(kept))
    # Fetched without cookies: the organiser's copy is everybody's.
    assert page.evaluate("caches.match(location.href).then((copy) => copy.text())").count("csrf") == 0


def test_pages_of_items_that_fail_do_not_keep_the_programme_away(context: BrowserContext, site: Site):
    answers = site.app.wsgi_app

    def failing(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith(f"{PROGRAMME}P"):
            environ = environ | {"PATH_INFO": f"{PROGRAMME}nothing"}
        return answers(environ, start_response)

    site.app.wsgi_app = failing  # type: ignore[method-assign]
    try:
        page = open_programme(context)
    finally:
        site.app.wsgi_app = answers  # type: ignore[method-assign]

    kept = page.evaluate(_KEPT)
    assert (PROGRAMME in kept, [each for each in kept if each.startswith(f"{PROGRAMME}P")]) == (True, [])
