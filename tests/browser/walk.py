"""Every page and every state of a page that has its own look, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import delete, select

from congress import demo
from congress.accounts.models import Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from tests.browser import walk_links
from tests.browser.conftest import CONGRESS, DESK, FORM_PAGES, Site, fill_registration, go_on, sign_in
from tests.browser.trail import Trail
from tests.factories import the_congress

PHONE: dict[str, Any] = {
    "locale": "pl-PL", "color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True,
}  # fmt: skip
PUBLIC = {
    "congresses": "/",
    "networks": "/networks/",
    "network": "/networks/uccn/",
    "network before it began": "/networks/uccn/?on=1990-01-01",
    "home": f"{CONGRESS}/",
    "programme": f"{CONGRESS}/programme/",
    "programme filtered": f"{CONGRESS}/programme/?day=2018-06-13&field=music",
    "programme without a result": f"{CONGRESS}/programme/?q=zzzz",
    "now and next": f"{CONGRESS}/now/",
    "without a network": f"{CONGRESS}/offline/",
    "session": f"{CONGRESS}/programme/P022",
    "event without a date": f"{CONGRESS}/programme/P058",
    "events": f"{CONGRESS}/events/",
    "cities": f"{CONGRESS}/cities/",
    "cities without a result": f"{CONGRESS}/cities/?q=zzzz",
    "city": "/cities/krakow/",
    "calendar": f"{CONGRESS}/calendar/",
    "calendar of a field": f"{CONGRESS}/calendar/field-music/?language=both&alarm=15&free=1&tbc=1",
    "registration": f"{CONGRESS}/registration/",
    "no such page": f"{CONGRESS}/nothing-here",
    "no such request": "/desk/sign-out",
}


def public(page: Page) -> Iterator[str]:
    """The public pages, and the errors 404 and 405."""
    for name, address in PUBLIC.items():
        page.goto(address)
        yield name


def personal(page: Page, site: Site, language: str) -> Iterator[str]:
    """From a refused registration to one that has ended."""
    page.goto(f"{CONGRESS}/registration/")
    submit(page)
    yield "registration refused"
    fill_registration(page, language=language)
    page.locator("select[name=city]").evaluate("select => { select.value = 'lodz' }")
    for name in FORM_PAGES:
        go_on(page, f"form/{name}")
        yield f"form: {name}"
        if name == "travel":
            page.locator("input[name=needs_letter]").check()
            page.locator("main form button[type=submit]").first.click()
            page.locator(".error-summary").wait_for()
            yield "form: travel refused"
            page.locator("input[name=needs_letter]").uncheck()
        if name == "consents":
            page.locator("main form button[type=submit]").first.click()
            page.locator(".error-summary").wait_for()
            yield "form: consents refused"
            page.locator("input[name=consent_privacy]").check()
    page.goto(page.url.partition("form/")[0])
    yield "registration begun"
    press(page, "main .actions a.btn-primary")
    go_on(page, "registration/received")
    yield "registration received"
    text = site.mails()[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.findall(r"http://\S+/my/registration/\S+", text)[0]
    page.goto(link)
    press(page, "form[action*='/choose/'] button")
    for summary in page.locator("aside summary").all():
        summary.click()
    yield "my congress"
    press(page, "form[action$='/withdraw'] button")
    yield "my congress ended"


def desk(page: Page, site: Site, trail: Trail) -> Iterator[str]:
    """The organisers' pages, with something to release, and at the end an account that may do nothing (403)."""
    page.goto("/desk/")
    yield "sign-in"
    yield from trail.rest(page, "security.")
    page.goto("/desk/")
    page.locator("input[type=password]").fill("not the password")
    press(page, "main form button[type=submit]")
    yield "sign-in refused"
    sign_in(page, site)
    yield "desk"
    for name, path in {
        "overview": "",
        "nothing to release": "releases/",
        "registrations": "registrations/",
        "calendar of the draft": "calendar/",
        "dashboard": "dashboard/",
        "delegations": "delegations/",
        "delegations silent": "delegations/?state=silent",
        "invitations": "delegations/invite",
        "reminders": "delegations/remind",
        "delegation": "delegations/1/",
        "contacts": "contacts/",
        "contacts of a city": "contacts/lodz/",
        "contact": "contacts/lodz/main/edit",
        "contacts from a file": "contacts/import",
        "limits": "limits/",
        "deadlines": "windows/",
        "deadline": "windows/new",
        "form opened for a person": "windows/people/1",
        "questions": "questions/",
        "question": "questions/new",
        "questions as asked": "questions/preview",
        "registration": "registrations/1/",
        "registration corrected": "registrations/1/edit",
        "person replaced": "registrations/1/replace",
        "somebody registered": "registrations/new",
        "registrations from a table": "imports/",
        "places in sessions": "bookings/",
        "places in a session": "bookings/P037",
        "places of an event": "places/P040",
        "sign-ups": "sign-ups/",
        "sign-ups for an event": "sign-ups/P040/",
        "list for the door": "sign-ups/P040/door",
        "newsletter": "newsletter/",
        "mails": "mails/",
        "mail": "mails/1/",
        "mails to many": "mails/sent",
        "mail to many": "mails/new",
        "words of mails": "mails/texts/",
        "words of a mail": "mails/texts/registration_received/pl",
        "privacy": "privacy/",
        "sessions and events": "items/",
        "session": "items/P022/",
        "event added": "items/new-event",
        "time and place added": "items/P022/places/new",
        "session deleted": "items/P022/delete",
        "proposals": "proposals/",
        "who works here": "roles/",
    }.items():
        answer = page.goto(f"{DESK}/{path}")
        assert answer is not None and answer.ok, (name, answer.status if answer else None)
        for summary in page.locator(".fold > summary").all():
            summary.click()
        yield name
    page.goto(f"{DESK}/placements/")
    page.locator("tbody th a").nth(15).click()
    page.wait_for_url("**/edit")
    yield "edit"
    page.locator("input[name=title_en]").fill("")
    page.locator("input[name=starts_at]").fill("")
    submit(page)
    yield "edit refused"
    page.locator("input[name=title_en]").fill("Another title")
    page.locator("input[name=starts_at]").fill("07:15")
    submit(page)
    press(page, "tbody button")
    yield "draft"
    page.goto(f"{DESK}/releases/")
    yield "releases"
    page.goto(f"{DESK}/registrations/?q=zzzz")
    yield "registrations without a result"
    yield from proposals(page, site)
    walk_links.arrange_speakers(site)
    for path in ("speakers/", "questions/", "releases/", "accounts/"):
        page.goto(f"{DESK}/{path}")
        yield f"{path} with rows"
    page.goto("/desk/networks/")
    yield "networks of a secretariat"
    for area in ("desk.", "security."):
        yield from trail.rest(page, area)
    with site.app.app_context():
        db.session.execute(delete(Role))
        db.session.commit()
    page.goto(f"/desk/{demo.SLUG}/")
    yield "not allowed"


def proposals(page: Page, site: Site) -> Iterator[str]:
    """A coordinator's pages, and the proposal as organisers see it before and after it is decided."""
    with site.app.app_context():
        held = db.session.scalars(select(Role)).first()
        assert held is not None
        db.session.add(
            Role(account_id=held.account_id, congress_id=held.congress_id, kind=RoleKind.FIELD_COORDINATOR, field="literature")
        )
        db.session.add(Role(account_id=held.account_id, network_id=the_congress().network_id, kind=RoleKind.SECRETARIAT))
        db.session.commit()
    page.goto(f"{DESK}/field/P029")
    yield "session of a coordinator"
    page.locator("#proposal input[name=title_en]").fill("")
    press(page, "#proposal button[type=submit]")
    yield "session of a coordinator refused"
    page.locator("#proposal input[name=title_en]").fill("Literature")
    press(page, "#proposal button[type=submit]")
    yield "sessions of a coordinator"
    page.goto(f"{DESK}/proposals/")
    press(page, "main tbody a >> nth=0")
    yield "proposal"
    press(page, "form[action$='/approve'] button")
    yield "proposals decided"


def everything(page: Page, site: Site, language: str, trail: Trail) -> Iterator[str]:
    """Every page of visitors and delegates: those of the lists in their states, and whatever else their links lead to."""
    yield from public(page)
    yield from personal(page, site, language)
    yield from walk_links.everything(page, site)
    page.goto(walk_links.arrange_speakers(site))
    yield "speaker"
    page.goto(f"{CONGRESS}/changes/1..2/")
    yield "two releases compared"
    yield from trail.rest(page, "my.")
    page.goto(f"{CONGRESS}/speakers/")
    yield "speakers"
    yield from trail.rest(page, "public.")


def submit(page: Page) -> None:
    """Send the form that the page is about."""
    press(page, "main form:not([role=search]):not(.filters-form) button[type=submit]:visible >> nth=-1")


def press(page: Page, button: str) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).first.click()


def wrong(page: Page, pages: Iterator[str], judge: Callable[[Page], object], trail: Trail | None = None) -> dict[str, object]:
    """What ``judge`` finds, by page as it is when its sheets and fonts are there; empty if it finds nothing anywhere."""
    found = {}
    for name in pages:
        page.wait_for_load_state()
        if trail is not None:
            trail.note(page)
        found[name] = judge(page)
    return {name: what for name, what in found.items() if what}
