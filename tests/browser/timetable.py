"""A hand on the timetable: opening a day of it, taking something, carrying it, hearing what the page says, seeing what is stored."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from congress.core.db import db
from congress.programme.planning.models import DraftChange
from congress.programme.planning.places import column_of
from tests.browser.conftest import DESK, Site, sign_in
from tests.factories import the_congress, the_placement

DAY = "2018-06-13"
LUNCH = "P036"  # the break at midday, which stands alone at its time in the lane of its house
QUARTER = 24  # pixels


def stored(site: Site, code: str) -> tuple[str, str, str]:
    """Start, end and column of an entry in the draft, in the congress's time."""
    with site.app.app_context():
        placement, zone = the_placement(code), the_congress().zone
        times = [each.astimezone(zone).strftime("%d %H:%M") if each else "" for each in (placement.starts_at, placement.ends_at)]
        return times[0], times[1], column_of(placement)


def number_of(site: Site, code: str) -> int:
    with site.app.app_context():
        return the_placement(code).id


def changes(site: Site) -> int:
    with site.app.app_context():
        return len(db.session.scalars(select(DraftChange)).all())


def open_day(page: Page, site: Site, more: str = "") -> None:
    """``more`` of the address: other days, a city."""
    sign_in(page, site)
    page.goto(f"{DESK}/timetable/?day={DAY}{more}")
    expect(page.locator("#timetable .ec-event").first).to_be_visible()
    page.locator("#timetable").evaluate("calendar => calendar.scrollIntoView()")


def card(page: Page, site: Site, code: str) -> Locator:
    return page.locator(f'[data-placement="{number_of(site, code)}"]').first


def take(page: Page, what: Locator, below: float = 8) -> tuple[float, float]:
    """Press the button over something, so far below its top."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    start = box["x"] + 30, box["y"] + (below if below > 0 else box["height"] + below)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 4, start[1] + 8, steps=3)
    return start


def carry(page: Page, what: Locator, x: float, y: float, below: float = 8) -> None:
    """Drag something over by so many pixels, and let it go."""
    start = take(page, what, below)
    page.mouse.move(start[0] + x, start[1] + y, steps=6)
    page.mouse.up()


def middle(what: Locator) -> tuple[float, float]:
    box = what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)
