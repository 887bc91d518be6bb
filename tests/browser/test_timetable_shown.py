"""What the timetable shows, and what it says when it cannot save: days side by side, zoom, colours, now, fingers, signed out."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from congress import demo
from congress.core.db import db
from congress.programme import services
from congress.programme.models import Room
from congress.programme.planning import history
from congress.programme.vocabulary import Action
from tests.browser.conftest import DESK, ON_SQLITE, Open, Site
from tests.browser.judging import broken_rules, wrong_with
from tests.browser.timetable import DAY, LUNCH, QUARTER, card, carry, changes, middle, number_of, open_day, said, stored, take
from tests.factories import NOW, the_city, the_placement

pytestmark = ON_SQLITE
WORKSHOPS = "P037", "P038"  # of the same afternoon, in one house


def height(what: Locator) -> float:
    box = what.bounding_box()
    assert box is not None
    return box["height"]


def edge(what: Locator) -> str:
    colour: str = what.evaluate("card => getComputedStyle(card).borderLeftColor")
    return colour


def test_zoom_colours_and_the_line_of_now_in_the_time_of_the_congress(site: Site, open_browser: Open):
    page = open_browser(timezone_id="America/New_York")
    page.clock.set_fixed_time(datetime.fromisoformat(f"{DAY}T10:30:00+02:00"))
    open_day(page, site)
    line = page.locator(".ec-now-indicator").first
    ten, eleven = (page.locator(".ec-sidebar time", has_text=each) for each in ("10:00", "11:00"))
    assert middle(ten)[1] < middle(line)[1] < middle(eleven)[1]

    lunch = card(page, site, LUNCH)
    heights = []
    for zoom in ("half hours", "quarters", "five minutes"):
        page.get_by_label("Zoom").select_option(zoom)
        heights.append(round(height(lunch) / 10))
    assert heights == [round(90 / minutes * pixels / 10) for minutes, pixels in ((30, 24), (15, 24), (5, 20))]

    meetings = page.locator(".ec-event.kind-subgroup")
    assert len({edge(each) for each in meetings.all()}) == 7  # one for each field
    page.get_by_label("Colour by").select_option("kind")
    assert len({edge(each) for each in meetings.all()}) == 1
    assert edge(meetings.first) != edge(lunch)

    page.clock.set_fixed_time(datetime.fromisoformat(f"{DAY}T01:30:00+02:00"))  # in New York it is still the day before
    page.set_viewport_size({"width": 420, "height": 800})
    page.goto(f"{DESK}/timetable/?day=2018-06-14")
    expect(page.locator(".ec-event").first).to_be_visible()
    across = "card => new Promise(say => requestAnimationFrame(() => setTimeout(() => say(card.getBoundingClientRect().right))))"
    assert page.locator(".ec-event").first.evaluate(across) < 420  # in sight, though the first columns hold no card
    expect(line).to_have_count(0)


def test_three_days_of_a_city_stand_side_by_side_and_a_card_goes_from_one_to_another(site: Site, open_browser: Open):
    page = open_browser(viewport={"width": 2000, "height": 1000})
    open_day(page, site, "&city=krakow")
    page.get_by_role("link", name="ICE Kraków Congress Centre").click()
    page.get_by_role("link", name="Three days").click()
    expect(page.locator("#timetable .ec-event").first).to_be_visible()
    expect(page.locator(".ec-col-group")).to_have_text(["Wednesday 13 June", "Thursday 14 June", "Friday 15 June"])
    expect(page.locator(".timetable-band.is-city")).to_have_text(["Kraków"] * 3)
    columns = page.locator(".ec-col-head").count() // 3
    page.locator(".ec-main").evaluate("main => main.scrollTo(main.querySelector('.ec-col-head').offsetWidth * 5, 0)")
    start = take(page, page.locator(".ec-event.kind-subgroup", has_text="Gastronomy"))
    thursday, _top = middle(page.locator(".ec-col-head").nth(columns))
    page.mouse.move(thursday, start[1], steps=8)
    page.mouse.up()
    said(page, "Subnetwork meeting: Gastronomy: Thursday 14 June, 09:00–12:30; ICE Kraków Congress Centre, Kraków.")
    assert broken_rules(page) == []


def test_a_transfer_is_moved_in_the_column_that_it_leaves_from_and_what_others_do_is_said(site: Site, open_browser: Open):
    with site.app.app_context():
        the_placement(LUNCH).other_city = the_city("katowice")
        db.session.commit()
    page = open_browser()
    open_day(page, site)
    before = stored(site, LUNCH)
    there = page.locator(f'[data-placement="{number_of(site, LUNCH)}"]').nth(1)
    carry(page, there, -170, 0)
    said(page, "Move a transfer in the column that it leaves from.")
    assert (stored(site, LUNCH), changes(site)) == (before, 0)

    with site.app.app_context():  # what others do meanwhile is said by its title
        placement = the_placement(LUNCH)
        seen = history.snapshot(placement)
        placement.is_cancelled = True
        history.note(placement, seen, Action.CANCELLED, by="jan@krakowice.example", now=NOW)
        db.session.commit()
    expect(page.locator("#said")).to_have_text("jan@krakowice.example: Lunch. Cancelled", timeout=12_000)
    expect(there).to_contain_text("cancelled")


def touch(page: Page, kind: str, x: float, y: float) -> None:
    points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
    page.finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})  # type: ignore[attr-defined]


def test_a_finger_moves_a_card_that_it_holds_and_carries_by_the_grip(site: Site, open_browser: Open):
    page = open_browser(has_touch=True)
    page.finger = page.context.new_cdp_session(page)  # type: ignore[attr-defined]
    open_day(page, site)
    lunch = card(page, site, LUNCH)
    lunch.scroll_into_view_if_needed()
    x, y = middle(lunch)
    touch(page, "touchStart", x, y)
    expect(page.locator(".ec-event.ec-preview, .ec-event.ec-dragging").first).to_be_attached()
    for pixels in range(0, 2 * QUARTER + 1, 8):
        touch(page, "touchMove", x, y + pixels)
    touch(page, "touchEnd", x, y)
    said(page, "Lunch: Wednesday 13 June, 13:00–14:30")

    line = page.locator("#waiting-list li").first
    page.evaluate("scrollTo(0, 0)")
    expect(line).to_be_in_viewport()
    thursday = page.locator('[data-day="2018-06-14"]')
    touch(page, "touchStart", *middle(line.locator(".timetable-grip")))
    for _step in range(3):
        touch(page, "touchMove", *middle(thursday))
    touch(page, "touchEnd", 0, 0)
    said(page, "Thursday 14 June")

    touch(page, "touchStart", *middle(page.locator("#waiting-list li a").first))
    for _step in range(3):
        touch(page, "touchMove", *middle(thursday))
    touch(page, "touchEnd", 0, 0)
    page.wait_for_load_state("networkidle")
    assert changes(site) == 2  # a finger on the line scrolls, and changes nothing


def test_who_is_signed_out_is_told_and_comes_back_to_the_same_days(site: Site, open_browser: Open):
    page = open_browser()
    open_day(page, site, "&city=krakow")
    page.context.clear_cookies()
    carry(page, card(page, site, LUNCH), 0, 2 * QUARTER)
    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text("You are signed out, so nothing can be saved.")
    expect(card(page, site, LUNCH)).to_contain_text("12:30–14:00")
    assert changes(site) == 0
    page.watch.failed[:] = [each for each in page.watch.failed if not each.endswith("/move: 400")]  # type: ignore[attr-defined]
    page.watch.said[:] = [each for each in page.watch.said if "400" not in each]  # type: ignore[attr-defined]

    trouble.get_by_role("link", name="Sign in and come back to this page").click()
    assert page.url.endswith(f"?next={quote(f'{DESK}/timetable/?day={DAY}&city=krakow', safe='')}")
    page.locator("input[name=email]").fill(demo.ORGANISER)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**/timetable/?day={DAY}&city=krakow")
    carry(page, card(page, site, LUNCH), 0, 2 * QUARTER)
    said(page, "Saved in the draft.")
    expect(page.get_by_role("button", name="Undo my last step")).to_contain_text("Moved: Lunch")


def make_clash(site: Site) -> None:
    """Two workshops at once in one room."""
    with site.app.app_context():
        first, second = (the_placement(code) for code in WORKSHOPS)
        room = db.session.scalars(select(Room)).first()
        for each in (first, second):
            services.move_to(each, city=None, venue=None, room=room)
            services.place_session(each, starts_at=first.starts_at, ends_at=first.ends_at)
        db.session.commit()


def test_what_clashes_stays_wide_enough_to_be_read_and_says_so(site: Site, open_browser: Open):
    make_clash(site)
    for settings in ({"locale": "pl-PL", "viewport": {"width": 390, "height": 900}}, {"color_scheme": "dark"}):
        page = open_browser(**settings)
        open_day(page, site, "&city=katowice")
        cards = [card(page, site, code) for code in WORKSHOPS]
        for each in cards:
            expect(each).to_have_attribute("data-clash", "")
        lefts, widths = zip(*[(box["x"], box["width"]) for each in cards if (box := each.bounding_box())], strict=True)
        assert lefts[0] + widths[0] <= lefts[1]
        assert min(widths) >= 140
        rooms = page.locator(".timetable-band.is-room", has_text="211")
        expect(rooms).to_have_count(1)  # one head above both
        assert wrong_with(page, page.evaluate("navigator.language")[:2]) == []
