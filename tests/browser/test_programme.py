"""The public programme in a browser: on a phone and wide, by keyboard, through a day, and since the last visit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import services
from tests.browser.conftest import CONGRESS, ON_SQLITE, Open, Site
from tests.factories import NOW, the_congress, the_placement, utc

pytestmark = [ON_SQLITE]
PROGRAMME = f"{CONGRESS}/programme/"
PHONE = {"width": 390, "height": 844}
_SHIFTS = """() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.hadRecentInput ? 0 : each.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 300);
})"""


def move_the_opening(site: Site) -> None:
    with site.app.app_context():
        opening = the_placement("P022")
        opening.starts_at, opening.ends_at = utc(2018, 6, 12, 9, 45), utc(2018, 6, 12, 10, 45)
        services.release_programme(the_congress(), note=Localised(), by="x", now=NOW)
        db.session.commit()


def test_seven_fields_on_a_phone_are_chips_in_sight_and_unfold_by_keyboard(open_browser: Open):
    page = open_browser(viewport=PHONE)
    page.goto(f"{PROGRAMME}?day=2018-06-13")
    chips = page.locator(".band-fields .chip")

    expect(chips).to_have_count(7)
    assert [each["height"] >= 44 for each in [chip.bounding_box() or {} for chip in chips.all()]] == [True] * 7
    tracks = page.locator(".parallel .track")
    expect(tracks.first).to_be_hidden()
    page.locator(".parallel > summary").focus()
    page.keyboard.press("Enter")
    expect(tracks.last).to_be_visible()
    page.keyboard.press("Tab")
    expect(tracks.first.get_by_role("link").first).to_be_focused()


def test_seven_fields_stand_side_by_side_where_there_is_room(open_browser: Open):
    page = open_browser()
    page.goto(f"{PROGRAMME}?day=2018-06-13")
    expect(page.locator(".band-fields")).to_be_hidden()
    boxes = [track.bounding_box() or {} for track in page.locator(".parallel .track").all()]

    assert (len(boxes), len({round(box["x"]) for box in boxes}) >= 4) == (7, True)


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_jumps_while_the_page_comes(open_browser: Open, site: Site, width: int):
    page = open_browser(viewport={"width": width, "height": 844})
    page.goto(PROGRAMME)
    move_the_opening(site)  # so that the second visit has something to say
    page.goto(PROGRAMME)
    expect(page.locator(".since summary")).to_be_visible()

    # What is left is the serif that comes after the system's; a good page has less than 0.1.
    assert page.evaluate(_SHIFTS) < 0.03


def test_changes_since_the_last_visit_are_told_until_they_are_seen(open_browser: Open, site: Site):
    page = open_browser()
    page.goto(PROGRAMME)
    expect(page.locator(".since summary")).to_be_hidden()
    move_the_opening(site)
    page.goto(PROGRAMME)
    page.locator(".since summary").click()

    expect(page.locator(".since summary")).to_have_text("Changes since your last visit: 1")
    expect(page.locator(".since li")).to_contain_text("Opening ceremony with welcome concert (moved)")
    expect(page.locator(".since del")).to_have_text("Tuesday 12 June 2018, 09:00–10:30")
    expect(page.locator(".since ins")).to_have_text("Tuesday 12 June 2018, 11:45–12:45")
    page.reload()
    expect(page.locator(".since summary")).to_be_visible()  # nobody has said that they were seen
    page.locator(".since summary").click()
    page.get_by_role("button", name="I have seen them").click()
    expect(page.get_by_role("link", name="What has changed")).to_be_focused()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".since summary")).to_be_hidden()
    assert [each["name"] for each in page.context.cookies() if each["name"] != "language"] == []


def at(page: Page, time: str) -> None:
    """The reader's clock stands at a time of 13 June; what the server says is of its own."""
    page.clock.set_fixed_time(f"2018-06-13T{time}+02:00")


def test_what_goes_on_is_marked_as_time_goes_on(open_browser: Open):
    page = open_browser()
    page.clock.install(time="2018-06-13T08:00:00+02:00")
    page.goto(f"{PROGRAMME}?day=2018-06-13")
    now = page.locator(".entry.is-now")

    expect(now).to_have_count(0)
    page.clock.run_for("01:30:00")
    expect(now.locator(".entry-title").first).to_have_text("Subgroups of the creative fields")
    expect(now.locator(".badge-now")).to_have_count(1)
    page.clock.run_for("03:00:00")
    expect(now.locator(".entry-title")).to_have_text("Lunch")
    expect(page.locator(".badge-now")).to_have_count(1)


def test_now_and_next_is_fetched_anew_each_minute(open_browser: Open):
    page = open_browser()
    page.clock.install()
    page.goto(f"{CONGRESS}/now/")
    page.locator("[data-refresh]").evaluate("part => { part.innerHTML = 'of a minute ago' }")
    with page.expect_response("**/now/part**"):
        page.clock.run_for(61_000)

    expect(page.locator("[data-refresh]")).not_to_contain_text("of a minute ago")


def test_a_field_stays_chosen_in_the_address_from_day_to_day(open_browser: Open):
    page = open_browser(viewport=PHONE, java_script_enabled=False)
    page.goto(PROGRAMME)
    page.locator(".programme-filters .chip.field-music").click()
    page.get_by_role("link", name="Wednesday 13 June", exact=True).click()

    assert page.url.endswith(f"{PROGRAMME}?field=music&day=2018-06-13")
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.get_by_role("link", name="Calendar of the field: Music")).to_be_visible()
