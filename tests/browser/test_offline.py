"""The programme without a network: what a device keeps, that it is new after a release, and that it is nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import services
from tests.browser.conftest import CONGRESS, DESK, ON_SQLITE, Site, sign_in
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


@pytest.fixture
def context(site: Site, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that may keep things, unlike those of other tests."""
    context = chromium.new_context(base_url=site.url, locale="en-GB", timezone_id="Europe/Warsaw", service_workers="allow")
    context.set_default_timeout(20_000)
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
    # A filter that is not kept leads to the whole programme, another page to one that says why it is not there.
    page.goto(f"{PROGRAMME}?q=elektrokilar")
    expect(page.locator("h2.day-title")).to_have_count(13)
    page.goto(f"{CONGRESS}/registration/")
    expect(page.locator("h1")).to_have_text("No connection")
    page.get_by_role("link", name="Programme").last.click()
    expect(page.locator("h2.day-title")).to_have_count(13)
    context.set_offline(False)
    page.goto(PROGRAMME)
    expect(page.locator(".kept-note")).to_have_count(0)


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
