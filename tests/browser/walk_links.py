"""Pages behind the links of focal points and the public, and the public forms that send such links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from congress.core.db import begin_writing, db
from congress.delegates import services as delegates
from congress.delegates.vocabulary import DelegationState, Part
from congress.registration import services as registrations
from congress.registration.delegations import people
from congress.registration.delegations.edits import Edit
from tests import speaking
from tests.browser import walk_visit
from tests.browser.conftest import CONGRESS, Site
from tests.events.arranged import EVENT, the_event
from tests.factories import HOSTS, NOW, make_applicant, make_registration, the_city, the_congress
from tests.registration.asking import make_question

_WRONG_ROWS = "Name\tFamily name\tE-mail\tRole\nZoë\tTestsson\tzoe at ostersund\tking\nAnna\tTestsson\tanna@ostersund.example\t"


def everything(page: Page, site: Site) -> Iterator[str]:
    yield from focal_point(page, site)
    yield from delegate(page, site)
    yield from visitor(page, site)
    yield from walk_visit.visit(page, site)


def focal_point(page: Page, site: Site) -> Iterator[str]:
    """A delegation of four, of whom one waits, and everything that can be done with it."""
    with site.app.app_context():
        link, person = make_delegation(site.app.config["SECRET_KEY"])
    for name, path in {
        "delegation": "",
        "person added": "people/add",
        "person changed": f"people/{person}/edit",
        "person replaced by the focal point": f"people/{person}/replace",
        "travel filled in for somebody": f"people/{person}/form/travel",
        "rows pasted": "paste",
        "delegation declined": "decline",
    }.items():
        answer = page.goto(link + path)
        assert answer is not None and answer.ok, name
        for summary in page.locator("main details summary").all():
            summary.click()
        yield name
    page.goto(f"{link}paste")
    page.locator("textarea").fill(_WRONG_ROWS)
    _send(page)
    yield "pasted rows with mistakes"
    page.goto(f"{link}people/add")
    _send(page)
    yield "person added with mistakes"
    page.goto(f"{CONGRESS}/code/")
    yield "code of a letter"


def delegate(page: Page, site: Site) -> Iterator[str]:
    """Sessions that clash, everything kept of a person, and who else comes."""
    with site.app.app_context():
        made = make_registration(given_name="Ann", email="ann@kanazawa.example", city="kanazawa")
        registrations.confirm(made, actor=HOSTS, now=NOW)
        link = f"/my/registration/{registrations.link_token(made, site.app.config['SECRET_KEY'])}/"
        db.session.commit()
    for name, path in {
        "who you are": "form/identity",
        "my data": "data/",
        "who else comes": "participants/",
        "my sessions": "sessions/",
    }.items():
        answer = page.goto(link + path)
        assert answer is not None and answer.ok, name
        yield name
    for item in ("P037", "P038"):  # at the same time
        page.locator(f"#item-{item}").check()
    _send(page)
    page.locator(".notice-warning").wait_for()
    yield "my sessions clash"
    page.goto(f"{CONGRESS}/participants/")
    yield "list of participants"


def visitor(page: Page, site: Site) -> Iterator[str]:
    """Signs up for an event and for the newsletter, from the form to what the mailed link opens."""
    with site.app.app_context():
        the_event(10)
        db.session.commit()
    page.goto(f"{CONGRESS}/sign-ups/P003/")
    yield "no sign-up needed"
    page.goto(f"{CONGRESS}/sign-ups/{EVENT}/")
    yield "sign-up"
    _send(page)
    yield "sign-up with mistakes"
    page.locator("input[name=name]").fill("Ewa Przykładowa")
    page.locator("input[name=email]").fill("ewa@mail.example")
    _send(page)
    yield "sign-up received"
    page.goto(_link(site, "sign-ups"))
    yield "sign-up to be confirmed"
    _send(page, "form[action$='/confirm']")
    yield "my sign-up"
    page.locator("main details summary").last.click()
    _send(page, "form[action$='/cancel']")
    yield "my sign-up cancelled"
    page.goto(f"{CONGRESS}/newsletter/")
    yield "newsletter for visitors"
    page.locator("input[name=email]").fill("ewa@mail.example")
    _send(page)
    yield "newsletter asked for"
    link = _link(site, "newsletter")
    page.goto(link)
    yield "newsletter to be confirmed"
    _send(page)
    yield "newsletter confirmed"
    page.goto(f"{link.rstrip('/')}/leave")
    yield "newsletter left"


def arrange_speakers(site: Site) -> str:
    """Two speakers, one of whom is released with a session, and a question of the form; the link of that speaker."""
    with site.app.app_context():
        begin_writing()
        make_question()
        db.session.commit()
        speaker, _public, token = speaking.speaker(agrees=True)
        speaking.speaker("Nomsa Sprecher", email="nomsa.sprecher@kanazawa.example")
        speaking.put(speaker)
        speaking.release()
    return f"/my/speaker/{token}/"


def make_delegation(key: str, named: dict[str, str] | None = None) -> tuple[str, int]:
    """The page of a delegation that has been opened, and the number of the last of its people, by name and part."""
    named = named or {"Anna": "head", "Berit": "member", "Carl": "interpreter", "Dag": "member"}
    delegation = delegates.delegation_of(the_congress(), the_city("ostersund"))
    delegation.focal_email, delegation.state = "focal@ostersund.example", DelegationState.OPENED
    for name, part in named.items():
        applicant = make_applicant(
            given_name=name, family_name="Testsson", email=f"{name.lower()}@ostersund.example", part=Part(part), consents=[]
        )
        person = people.add(delegation, applicant, edit=Edit(delegation.version, "focal", NOW), key=key)
    link = f"/my/delegation/{delegates.link_token(delegation, key)}/"
    db.session.commit()
    return link, person.id


def _link(site: Site, part: str) -> str:
    """The newest mailed link to a page of this part."""
    texts = [mail.get_body(("plain",)).get_content() for mail in site.mails()]  # type: ignore[union-attr]
    return next(found[0] for text in reversed(texts) if (found := re.findall(rf"http://\S+/my/{part}/\S+", text)))


def _send(page: Page, form: str = "main form:not([role=search])") -> None:
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]:visible").last.click()
