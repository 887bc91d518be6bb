"""From the home page to a calendar that is right: what delegates and organisers do, in a real browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from icalendar import Calendar, Event
from playwright.sync_api import Page, expect

from tests.browser.conftest import CONGRESS, DESK, ON_SQLITE, Open, Site, fill_registration, finish_registration, sign_in

pytestmark = [ON_SQLITE]
PUBLIC_FEED = f"{CONGRESS}/calendar/krakowice2018-programme.ics"
WORKSHOP = "P037"
OPENING, OPENING_TITLE = "P022", "Opening ceremony with welcome concert"


@dataclass(frozen=True)
class Delegate:
    """Somebody who has registered in the browser and read the mail."""

    page: Page
    link: str
    feed: str


def register(page: Page, site: Site, **answers: str) -> Delegate:
    page.goto(f"{CONGRESS}/registration/")
    fill_registration(page, **answers)
    choose_from(page, "city", "lodz", "Łódź, Poland")
    finish_registration(page)
    text = site.mails()[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link, feed = (re.search(rf"http://\S+/my/{part}/\S+", text) for part in ("registration", "calendar"))
    assert link and feed
    return Delegate(page, link.group(), feed.group())


def choose_from(page: Page, name: str, typed: str, offered: str) -> None:
    """Type into an enhanced select and take the option with the keyboard's help."""
    field = page.locator(f"input#{name}")
    field.fill("")
    field.press_sequentially(typed)
    expect(page.locator(".autocomplete__option").first).to_have_text(offered)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value(offered)


def events(body: bytes) -> dict[str, Event]:
    """The events of a feed by their page's code."""
    return {str(event["URL"]).rpartition("/")[2]: event for event in Calendar.from_ical(body).walk("VEVENT")}


def pieces(body: bytes) -> dict[bytes, bytes]:
    """The bytes of each event by UID."""
    found = {}
    for piece in body.split(b"BEGIN:VEVENT\r\n")[1:]:
        text = piece.partition(b"END:VEVENT\r\n")[0]
        found[text.partition(b"UID:")[2].partition(b"\r\n")[0]] = text
    return found


def edit_opening(page: Page) -> None:
    """In the draft: another time, another place, another name."""
    page.goto(f"{DESK}/placements/")
    page.get_by_role("link", name=OPENING_TITLE).click()
    page.locator("input[name=title_en]").fill("Opening in the concert hall")
    page.locator("input[name=starts_at]").fill("10:15")
    page.locator("input[name=ends_at]").fill("11:45")
    choose_from(page, "place", "nospr", "Katowice, NOSPR")
    page.locator("main form button").click()
    page.wait_for_url("**/placements/")


def set_cancelled(page: Page, action: str) -> None:
    """``cancel`` or ``restore`` the opening in the draft."""
    page.goto(f"{DESK}/placements/")
    with page.expect_navigation():
        page.locator("tr", has_text=OPENING_TITLE).locator(f"form[action$='/{action}'] button").click()


def release(page: Page, note: str) -> None:
    page.goto(f"{DESK}/releases/")
    page.locator("[name=note_en]").fill(note)
    page.locator("[name=note_pl]").fill(f"{note} (pl)")
    page.locator("main form button").click()
    expect(page.get_by_role("cell", name=note)).to_be_visible()


@pytest.fixture
def delegate(open_browser: Open, site: Site) -> Delegate:
    return register(open_browser(), site)


@pytest.fixture
def desk(open_browser: Open, site: Site) -> Page:
    page = open_browser()
    sign_in(page, site)
    return page


def test_reader_finds_a_public_event_and_the_address_says_how(open_browser: Open):
    page = open_browser()
    page.goto(f"{CONGRESS}/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Programme").click()
    page.get_by_role("link", name=re.compile("^Open to the public [0-9]+$")).click()
    expect(page).to_have_url(re.compile(r"/programme/\?open=1$"))
    page.get_by_role("searchbox").fill("milosz")
    page.get_by_role("button", name="Search").click()
    asked = page.url
    festival = "7th Miłosz Festival: “The Year of the Hunter” (optional for delegates)"
    expect(page.locator(".entry-title")).to_have_text([festival] * 4)  # on each of its days

    page.locator(".entry-title a").first.click()
    expect(page.locator("h1")).to_have_text(festival)
    page.go_back()

    assert (page.url, asked.count("open=1"), asked.count("q=milosz")) == (asked, 1, 1)


def test_delegate_goes_from_the_home_page_to_the_personal_page(open_browser: Open, site: Site):
    page = open_browser()
    page.goto(f"{CONGRESS}/")
    page.get_by_role("link", name="I am a delegate").click()
    fill_registration(page)
    choose_from(page, "city", "lodz", "Łódź, Poland")
    finish_registration(page)
    expect(page.locator(".lead")).to_contain_text("lucja@lodz.example")

    (mail,) = site.mails()  # the one with the link to go on is not wanted any more
    link = re.search(r"http://\S+/my/registration/\S+", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert link
    page.goto(link.group())

    assert (mail["To"], mail["Content-Language"]) == ("lucja@lodz.example", "en")
    expect(page.locator("h1")).to_have_text("Łucja Żółkiewska")
    expect(page.locator(".facts")).to_contain_text("Łódź")


def test_mail_speaks_the_language_chosen_in_the_form(open_browser: Open, site: Site):
    register(open_browser(), site, language="pl")
    assert [mail["Content-Language"] for mail in site.mails()] == ["pl"]


def test_personal_feed_holds_what_the_personal_page_shows(delegate: Delegate, site: Site):
    page = delegate.page
    page.goto(delegate.link)
    shown = page.locator("section[aria-labelledby^=day-] .entry-title").all_inner_texts()
    answer = site.fetch(delegate.feed)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert sorted(str(event["SUMMARY"]) for event in events(answer.body).values()) == sorted(title.strip() for title in shown)
    assert {"Subnetwork meeting: Film", OPENING_TITLE} < set(shown)
    assert "Subnetwork meeting: Music" not in shown


def test_workshop_that_was_added_comes_into_the_feed(delegate: Delegate, site: Site):
    page, before = delegate.page, site.fetch(delegate.feed)
    page.goto(delegate.link)
    page.locator(f"form[action$='/choose/{WORKSHOP}'] button").click()
    expect(page.locator(f"form[action$='/drop/{WORKSHOP}']")).to_have_count(1)

    after = site.fetch(delegate.feed, if_none_match=before.headers["ETag"])

    assert set(events(after.body)) - set(events(before.body)) == {WORKSHOP}
    assert set(pieces(before.body).items()) < set(pieces(after.body).items())


def test_change_reaches_calendars_with_the_release_and_not_before(delegate: Delegate, desk: Page, site: Site):
    feeds = [site.url + PUBLIC_FEED, delegate.feed]
    before = [site.fetch(feed) for feed in feeds]

    edit_opening(desk)
    unchanged = [site.fetch(feed, if_none_match=was.headers["ETag"]) for feed, was in zip(feeds, before, strict=True)]
    assert [answer.status for answer in unchanged] == [304, 304]

    release(desk, "The opening moves to Katowice.")
    for feed, was in zip(feeds, before, strict=True):
        now = site.fetch(feed, if_none_match=was.headers["ETag"])
        assert (now.status, now.headers["ETag"] == was.headers["ETag"]) == (200, False)
        old, new = events(was.body)[OPENING], events(now.body)[OPENING]
        assert (new["UID"], int(new["SEQUENCE"])) == (old["UID"], int(old["SEQUENCE"]) + 1)
        assert new["LAST-MODIFIED"].dt > old["LAST-MODIFIED"].dt
        assert [new[name].dt.isoformat() for name in ("DTSTART", "DTEND")] == [
            "2018-06-12T10:15:00+02:00",
            "2018-06-12T11:45:00+02:00",
        ]
        assert str(new["SUMMARY"]) == "Opening in the concert hall"
        assert "NOSPR" in str(new["LOCATION"])
        was_bytes, now_bytes = pieces(was.body), pieces(now.body)
        assert was_bytes.keys() == now_bytes.keys()
        assert [uid.decode() for uid in now_bytes if now_bytes[uid] != was_bytes[uid]] == [str(new["UID"])]


def test_cancelled_session_stays_in_calendars_and_comes_back(delegate: Delegate, desk: Page, site: Site):
    feeds = [site.url + PUBLIC_FEED, delegate.feed]
    before = [events(site.fetch(feed).body)[OPENING] for feed in feeds]

    set_cancelled(desk, "cancel")
    release(desk, "The opening is cancelled.")
    cancelled = [events(site.fetch(feed).body)[OPENING] for feed in feeds]
    set_cancelled(desk, "restore")
    release(desk, "The opening takes place after all.")
    restored = [events(site.fetch(feed).body)[OPENING] for feed in feeds]

    told = [
        [(event["STATUS"], event["SUMMARY"], int(event["SEQUENCE"]) - int(was["SEQUENCE"])) for event, was in zip(each, before, strict=True)]
        for each in (cancelled, restored)
    ]  # fmt: skip
    assert told == [[("CANCELLED", f"CANCELLED: {OPENING_TITLE}", 1)] * 2, [("CONFIRMED", OPENING_TITLE, 2)] * 2]
    assert [event["UID"] for event in restored] == [event["UID"] for event in before]


def test_withdrawal_ends_the_personal_page_and_empties_the_feed(delegate: Delegate, site: Site):
    page = delegate.page
    page.goto(delegate.link)
    page.locator("details", has=page.locator("form[action$='/withdraw']")).locator("summary").click()
    page.locator("form[action$='/withdraw'] button").click()
    expect(page.locator("h1")).to_contain_text("withdrawn")

    answer = site.fetch(delegate.feed)

    assert page.goto(delegate.link).status == 410  # type: ignore[union-attr]
    assert (answer.status, events(answer.body)) == (410, {})
