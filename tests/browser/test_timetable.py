"""The timetable with a mouse, with keys only, without JavaScript, by two people at once, and without a connection."""

from __future__ import annotations

from playwright.sync_api import expect

from congress.core.db import db
from congress.programme.models import Room, Venue
from tests.browser.conftest import DESK, ON_SQLITE, Open, Site, sign_in
from tests.browser.judging import broken_rules
from tests.browser.timetable import DAY, LUNCH, QUARTER, card, carry, changes, middle, number_of, open_day, said, stored, take
from tests.factories import the_placement

pytestmark = ON_SQLITE


def test_an_entry_is_moved_and_resized_and_all_is_taken_back_and_done_again(site: Site, open_browser: Open):
    page = open_browser(viewport={"width": 1280, "height": 1300})
    open_day(page, site)
    page.locator("#timetable .ec-main").evaluate("main => main.scrollTop = 400")  # away from the edge, where the calendar scrolls
    before = stored(site, LUNCH)
    assert before[:2] == ("13 12:30", "13 14:00")

    carry(page, card(page, site, LUNCH), 0, 4 * QUARTER)
    said(page, "Lunch: Wednesday 13 June, 13:30–15:00; ICE Kraków Congress Centre, Kraków. Saved in the draft.")
    carry(page, card(page, site, LUNCH), 0, -2 * QUARTER, below=-3)
    said(page, "13:30–14:30")
    carry(page, card(page, site, LUNCH), 0, QUARTER)
    said(page, "13:45–14:45")
    assert stored(site, LUNCH) == ("13 13:45", "13 14:45", before[2])
    assert broken_rules(page) == []

    for step in ("13:30–14:30", "13:30–15:00", "12:30–14:00"):
        page.get_by_role("button", name="Undo my last step").click()
        said(page, step)
    page.get_by_role("button", name="Redo").click()
    said(page, "13:30–15:00")
    assert stored(site, LUNCH) == ("13 13:30", "13 15:00", before[2])


def test_an_entry_goes_to_a_room_to_another_day_and_off_the_timetable(site: Site, open_browser: Open):
    with site.app.app_context():
        venue = db.session.get(Venue, the_placement(LUNCH).venue_id)
        assert venue is not None
        db.session.add(Room(venue=venue, slug="blue", names={"en": "Blue hall", "pl": "Sala Błękitna"}))
        db.session.commit()
    page = open_browser()
    open_day(page, site)
    start = take(page, card(page, site, LUNCH))
    blue, _top = middle(page.locator(".ec-col-head", has_text="Blue hall"))
    page.mouse.move(blue, start[1] + 6, steps=6)
    page.mouse.up()
    said(page, "Blue hall")
    assert stored(site, LUNCH)[2].startswith("room-")

    page.evaluate("scrollTo(0, 0)")
    take(page, card(page, site, LUNCH))
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(*middle(page.locator('[data-day="2018-06-14"]')), steps=6)
    page.mouse.up()
    said(page, "Thursday 14 June, 12:30–14:00")
    page.locator('[data-day="2018-06-14"]').click()
    expect(card(page, site, LUNCH)).to_be_visible()
    page.locator("#timetable").evaluate("calendar => calendar.scrollIntoView()")
    take(page, card(page, site, LUNCH))
    page.mouse.move(*middle(page.locator("#waiting-title")), steps=6)
    page.mouse.up()
    said(page, "time to be confirmed")
    page.get_by_label("Title or code").fill("lunch")
    line = page.locator("#waiting-list li")
    expect(line).to_have_count(1)

    blue, _top = middle(page.locator(".ec-col-head", has_text="Blue hall"))
    _left, middle_of_grid = middle(page.locator("#timetable"))
    take(page, line)
    page.mouse.move(blue, middle_of_grid, steps=6)
    page.mouse.up()
    said(page, "Thursday 14 June")
    assert stored(site, LUNCH)[0].startswith("14 ")


def test_what_is_let_go_outside_changes_nothing(site: Site, open_browser: Open):
    page = open_browser()
    open_day(page, site)
    take(page, card(page, site, LUNCH))
    page.mouse.move(60, 300, steps=6)
    page.mouse.up()
    said(page, "Nothing was changed: it was let go outside the timetable.")
    take(page, page.locator("#waiting-list li").first)
    page.mouse.move(60, 300, steps=6)
    page.mouse.up()
    said(page, "Nothing was changed")
    assert (changes(site), page.url.endswith(f"?day={DAY}")) == (0, True)


def test_a_connection_lost_during_a_drag_puts_the_entry_back_and_says_so(site: Site, open_browser: Open):
    page = open_browser()
    open_day(page, site)
    place = card(page, site, LUNCH).bounding_box()
    start = take(page, card(page, site, LUNCH))
    page.context.set_offline(True)
    page.mouse.move(start[0], start[1] + 4 * QUARTER, steps=6)
    page.mouse.up()
    said(page, "Not saved: the connection is gone. The entry is back where it was.")
    assert (card(page, site, LUNCH).bounding_box(), changes(site)) == (place, 0)

    page.context.set_offline(False)
    expect(page.locator("#said")).to_contain_text("The connection is back.")
    watch = page.watch  # type: ignore[attr-defined]
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in watch.complaints)
    watch.failed.clear()
    watch.said.clear()


def test_two_people_see_each_other_and_the_later_one_is_asked(site: Site, open_browser: Open):
    first, second = open_browser(), open_browser()
    open_day(first, site)
    open_day(second, site)
    start = take(second, card(second, site, LUNCH))  # while this one is held, nothing moves under it
    carry(first, card(first, site, LUNCH), 0, 4 * QUARTER)
    said(first, "13:30–15:00")
    second.mouse.move(start[0], start[1] - 2 * QUARTER, steps=6)
    second.mouse.up()
    trouble = second.locator("#trouble")
    expect(trouble).to_contain_text("Somebody else has changed this in the meantime.")
    expect(trouble).to_contain_text("Start: 13 June 2018, 12:30 → 13 June 2018, 13:30")
    assert stored(site, LUNCH)[:2] == ("13 13:30", "13 15:00")

    second.get_by_role("button", name="Put it there all the same").click()
    said(second, "12:00–13:30")
    expect(card(first, site, LUNCH)).to_contain_text("12:00–13:30")
    for page in (first, second):
        page.watch.failed[:] = [each for each in page.watch.failed if not each.endswith("/move: 409")]  # type: ignore[attr-defined]
        page.watch.said[:] = [each for each in page.watch.said if "409" not in each]  # type: ignore[attr-defined]


def test_keys_move_an_entry_change_its_length_and_open_its_form(site: Site, open_browser: Open):
    page = open_browser()
    open_day(page, site)
    card(page, site, LUNCH).locator("a").focus()
    for key, words in (("Alt+ArrowDown", "12:35–14:05"), ("Alt+Shift+ArrowUp", "12:35–14:00"), ("Alt+ArrowRight", "Kraków")):
        page.keyboard.press(key)
        said(page, words)
        expect(card(page, site, LUNCH).locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/timetable/{number_of(site, LUNCH)}/?day={DAY}")
    assert broken_rules(page) == []
    page.get_by_label("Start").focus()
    page.get_by_label("Length in minutes").fill("60")
    page.keyboard.press("Enter")
    page.wait_for_url("**/timetable/?day=2018-06-13")
    assert stored(site, LUNCH)[:2] == ("13 12:35", "13 13:35")
    page.goto(f"{DESK}/timetable/{number_of(site, LUNCH)}/history")
    assert broken_rules(page) == []


def test_without_javascript_a_day_is_a_table_with_forms(site: Site, open_browser: Open):
    page = open_browser(java_script_enabled=False)
    sign_in(page, site)
    page.goto(f"{DESK}/timetable/?day={DAY}")
    page.locator("tr", has_text="Lunch").get_by_role("link").click()
    page.get_by_label("Start").fill("13:00")
    page.get_by_label("Length in minutes").fill("45")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.locator("tr", has_text="Lunch")).to_contain_text("13:00–13:45")
    page.get_by_role("button", name="Undo my last step").click()
    expect(page.locator("tr", has_text="Lunch")).to_contain_text("12:30–14:00")
