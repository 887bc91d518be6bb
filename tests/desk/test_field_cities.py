"""``/desk/<congress>/field-cities/``: a coordinator reads which cities of the field come, and names of those who agreed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from congress.accounts.audit import AuditEntry
from congress.accounts.models import Role
from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import db
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import DelegationState
from congress.outbox.models import Mailing, Message, MessageState
from congress.registration import services
from congress.registration.services import Actor
from congress.registration.vocabulary import By, ConsentKind
from tests.conftest import sign_in_as
from tests.desk.test_mailings import hidden, preview, queued
from tests.factories import NOW, make_registration, the_city, the_congress
from tests.statements import statements
from tests.web.mailbox import deliver, text

PAGE = "/desk/krakowice2018/field-cities/"
WRITE = f"{PAGE}write"
WORDS = {
    "subject_en": "Our meeting", "body_en": "Dear {name}, {city} has {most} places.", "subject_pl": "Spotkanie", "body_pl": "Miasto: {city}",
}  # fmt: skip
AGREED = [ConsentKind.PRIVACY, ConsentKind.PARTICIPANT_LIST]


def confirmed(name: str, city: str, consents: list[ConsentKind]) -> None:
    made = make_registration(
        given_name=name, family_name="Pen", email=f"{name}@{city}.example".lower(), city=city, consents=consents
    )
    services.confirm(made, actor=Actor(By.ORGANISER, "organiser@krakowice.example"), now=NOW)


def cells(page: str, city: str) -> list[str]:
    """What stands in the row of a city."""
    row = re.search(rf'<tr>\s*<th scope="row">{city}<.*?</tr>', page, re.DOTALL)
    assert row
    return [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", unescape(row[0]), re.DOTALL)
    ]


def test_a_coordinator_sees_the_cities_of_the_own_field_and_no_address(app: Flask):
    with app.app_context():
        confirmed("Ada", "dublin", AGREED)
        confirmed("Quiet", "dublin", [ConsentKind.PRIVACY])
        delegation_of(the_congress(), the_city("dunedin")).state = DelegationState.DECLINED
        db.session.commit()
    coordinator = sign_in_as(app, RoleKind.FIELD_COORDINATOR, field="literature")

    with app.app_context(), statements() as asked:
        page = coordinator.get(PAGE).text

    assert cells(page, "Dublin")[3] == "Ada Pen 1 person without a name here"
    assert cells(page, "Dunedin") == ["Dunedin New Zealand", "Declined", "0/3", "–"]
    assert ("Quiet" in page, "@dublin.example" in page, "Fabriano" in page) == (False, False, False)
    assert len(asked) < 20


def test_who_has_few_pages_finds_them_on_the_first_one(app: Flask):
    first = sign_in_as(app, RoleKind.FIELD_COORDINATOR, field="literature").get("/desk/krakowice2018/").text
    assert re.findall(r'<li><a href="([^"]+)">', first.partition("Your pages")[2].partition("</ul>")[0]) == [
        "/desk/krakowice2018/field/",
        PAGE,
    ]


def test_nobody_else_has_the_page(app: Flask, organiser):
    assert [organiser.get(PAGE).status_code, sign_in_as(app, RoleKind.CHECK_IN).get(PAGE).status_code] == [403, 403]


@pytest.fixture
def cities(app: Flask) -> None:
    """Of the field: one silent, one confirmed, one not invited, one whose link was revoked; and one of another field."""
    with app.app_context():
        long_ago = now() - timedelta(days=60)
        for city, state, language in (
            ("dublin", DelegationState.INVITED, "en"), ("krakow", DelegationState.CONFIRMED, "pl"), ("dunedin", DelegationState.NOT_INVITED, "en"),
            ("iowa-city", DelegationState.INVITED, "en"), ("fabriano", DelegationState.INVITED, "en"),
        ):  # fmt: skip
            delegation = delegation_of(the_congress(), the_city(city))
            delegation.state, delegation.active_at = state, long_ago
            delegation.focal_name, delegation.focal_email, delegation.focal_language = (
                f"Vic {city}",
                f"vic@{city}.example",
                language,
            )
            if city == "iowa-city":
                delegation.link_digest, delegation.link_version = None, 2
        db.session.execute(update(Message).values(state=MessageState.SENT))
        db.session.commit()


def coordinator_of(app: Flask, field: str = "literature") -> FlaskClient:
    return sign_in_as(app, RoleKind.FIELD_COORDINATOR, field=field)


def recipients(app: Flask) -> list[str]:
    return [recipient for recipient, _language, _about in queued(app)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["vic@dublin.example", "vic@krakow.example"]),
        ("?field=literature&state=silent", ["vic@dublin.example"]),
        ("?state=confirmed", ["vic@krakow.example"]),
        ("?state=not_invited", []),
        ("?state=nonsense&ids=1,2,3&to=registrations", ["vic@dublin.example", "vic@krakow.example"]),
    ],
)
def test_a_coordinator_writes_to_the_invited_cities_of_the_field_in_a_state_and_to_no_other(
    app: Flask, cities: None, query: str, expected: list[str]
):
    coordinator = coordinator_of(app)
    if not expected:
        assert "Nobody to write to now" in coordinator.get(WRITE + query).text
        return
    form, _page = preview(coordinator, WRITE + query, **WORDS)
    answers = [coordinator.post(WRITE + query, data={**form, "action": "send"}).status_code for _pressed_twice in range(2)]
    assert (answers, sorted(recipients(app))) == ([303, 303], expected)


def test_the_coordinator_sees_cities_and_no_names_and_the_readers_get_their_own_mail(app: Flask, cities: None):
    coordinator = coordinator_of(app)
    form, page = preview(coordinator, WRITE, **WORDS)
    shown = re.findall(r"<h3>(.*?)</h3><pre[^>]*>\s*(.*?)\n.*?\n(.*?)\n", page.partition('id="preview"')[2], re.DOTALL)
    assert sorted(shown) == [("Dublin", "Our meeting", "Dear …, Dublin has 3 places."), ("Kraków", "Spotkanie", "Miasto: Kraków")]
    coordinator.post(WRITE, data={**form, "action": "send"})
    said = page + coordinator.get(PAGE).text
    assert ("Vic" in said, "@dublin.example" in said, "0 of 2 e-mails have left" in said) == (False, False, True)
    with app.app_context():
        letters = {each["to"]: each for each in deliver(app)}
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "mailings")).one()
        mailing = db.session.scalars(select(Mailing)).one()
    dublin, krakow = letters["vic@dublin.example"], letters["vic@krakow.example"]
    assert [each["Reply-To"] for each in (dublin, krakow)] == ["field_coordinator@desk.example"] * 2
    assert text(dublin).startswith(
        "Dear Vic dublin, Dublin has 3 places.\n\nWritten for the coordinators of the field Literature."
    )
    assert ("/my/" in dublin.as_string(), "literatur" in text(krakow).lower()) == (False, True)
    assert (entry.account, mailing.audience) == (
        "field_coordinator@desk.example",
        {"to": "field", "field": "literature", "state": ""},
    )


def test_a_city_gets_one_mail_a_day_from_its_field_whoever_writes(app: Flask, cities: None):
    coordinator = coordinator_of(app)
    first, _page = preview(coordinator, f"{WRITE}?state=silent", **WORDS)
    other, _page = preview(coordinator, WRITE, **WORDS)  # a deputy's, shown before the first one left
    assert coordinator.post(f"{WRITE}?state=silent", data={**first, "action": "send"}).status_code == 303
    late = coordinator.post(WRITE, data={**other, "action": "send"})
    assert (late.status_code, "1 reader already got an e-mail today" in late.text, recipients(app)) == (
        409,
        True,
        ["vic@dublin.example"],
    )
    assert coordinator.post(WRITE, data={**other, **hidden(late.text), "action": "send"}).status_code == 303
    assert recipients(app) == ["vic@dublin.example", "vic@krakow.example"]
    with app.app_context():
        db.session.execute(update(Message).values(key="yesterday-" + Message.key))
        db.session.commit()
    assert "2 e-mails would leave" in preview(coordinator, WRITE, **WORDS)[1]


def test_a_secret_link_is_no_word_of_a_coordinator(app: Flask, cities: None):
    coordinator = coordinator_of(app)
    answer = preview_refused(coordinator, subject_en="x", body_en="{link}")
    assert (answer.status_code, "{link} is no placeholder of this e-mail." in unescape(answer.text)) == (422, True)


def preview_refused(client: FlaskClient, **words: str):
    return client.post(WRITE, data={**hidden(client.get(WRITE).text), **words, "action": "preview"})


def test_a_foreign_field_and_a_role_that_has_ended_write_to_nobody(app: Flask, cities: None):
    coordinator = coordinator_of(app)
    form, _page = preview(coordinator, WRITE, **WORDS)
    foreign = f"{WRITE}?field=crafts_and_folk_art"
    assert [coordinator.get(foreign).status_code, coordinator.post(foreign, data={**form, "action": "send"}).status_code] == [
        403,
        403,
    ]
    with app.app_context():
        db.session.execute(update(Role).where(Role.kind == RoleKind.FIELD_COORDINATOR).values(ends_on=now().date()))
        db.session.commit()
    ended = [coordinator.get(WRITE).status_code, coordinator.post(WRITE, data={**form, "action": "send"}).status_code]
    assert (ended, queued(app)) == ([403, 403], [])
