"""``/<congress>/press/``: facts, accreditation, contacts and what is open to the media, each only where there is something to say."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from congress.congresses.models import CongressKind
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import CategoryTerms, Window
from congress.delegates.vocabulary import Category
from congress.networks.vocabulary import ContactKind
from congress.programme.models import ReleasedEntry
from congress.programme.vocabulary import Audience
from congress.registration import queries as registrations
from congress.registration import services
from congress.registration.press import Accreditation, accreditation
from tests.conftest import forget_releases
from tests.factories import HOSTS, NOW, make_contact, make_registration, the_congress
from tests.public.test_home import words
from tests.speaking import document
from tests.statements import statements

PAGE = "/krakowice2018/press/"
MAY, AUGUST = datetime(2018, 5, 2, tzinfo=UTC), datetime(2018, 8, 1, tzinfo=UTC)
DOOR = f'href="{PAGE}"'


def headings(page: str) -> list[str]:
    return [words(unescape(each)) for each in re.findall(r"<h2[^>]*>(.*?)</h2>", page.partition("<main")[2], re.DOTALL)]


def test_the_page_says_in_both_languages_what_the_data_say(app: Flask, client: FlaskClient):
    with app.app_context():
        congress = the_congress()
        congress.press_offices = Localised(en="Press desk: +48 12 000 00 00", pl="Biuro prasowe: +48 12 000 00 00")
        congress.photo_terms = Localised(en="Photographs: name the author.", pl="Zdjęcia: prosimy podać autora.")
        for kind, name, shown in ((ContactKind.MAIN, "Shown", True), (ContactKind.MAYOR, "Hidden", False)):
            contact = make_contact("krakow", kind=kind, email=f"{name.lower()}@krakow.example")
            contact.family_name, contact.may_be_shown, contact.phone = name, shown, "+48 555"
        services.confirm(make_registration(), actor=HOSTS, now=NOW)
        db.session.commit()
        people, cities, countries = registrations.counts(congress)
    with time_machine.travel(MAY), app.app_context(), statements() as asked:
        english = client.get(f"{PAGE}?lang=en").text
    with time_machine.travel(MAY):
        polish = client.get(f"{PAGE}?lang=pl").text
    assert headings(english) == [
        "Accreditation", "Open to accredited journalists", "Pictures and recordings", "Whom to ask", "Facts",
    ]  # fmt: skip
    said = words(unescape(english))
    for sentence in (
        "XII Annual Meeting of the UNESCO Creative Cities Network: 12–15 June 2018, Kraków, Katowice (Poland).",
        "UNESCO Creative Cities Network has 180 member cities on the first day.",
        "They work in 7 creative fields: Literature, Music, Film, Media Arts, Design, Crafts and Folk Art, Gastronomy.",
        f"Registered so far: people {people}, cities {cities}, countries {countries}.",
        "Press desk: +48 12 000 00 00",
        "Photographs: name the author.",
    ):
        assert sentence in said
    assert ("shown@krakow.example" in said, "Hidden" in said, "+48 555" in said) == (True, False, False)
    assert "Biuro prasowe: +48 12 000 00 00" in unescape(polish)
    assert len(asked) <= 15


@pytest.mark.parametrize(
    ("change", "at", "expected"),
    [
        ("", MAY, Accreditation("open", datetime(2018, 6, 15, 22, tzinfo=UTC))),
        ("", datetime(2018, 1, 1, tzinfo=UTC), Accreditation("later", datetime(2018, 1, 15, 8, tzinfo=UTC))),
        ("", AUGUST, Accreditation()),
        ("not offered", MAY, Accreditation()),
        ("own deadline", MAY, Accreditation("open", datetime(2018, 5, 20, tzinfo=UTC))),
        ("own deadline", datetime(2018, 5, 21, tzinfo=UTC), Accreditation("closed")),
        ("own beginning", MAY, Accreditation("later", datetime(2018, 5, 10, tzinfo=UTC))),
    ],
)
def test_until_when_journalists_are_accredited(context: Flask, change: str, at: datetime, expected: Accreditation):
    congress = the_congress()
    congress.registration_closes_at = None
    if change == "not offered":
        db.session.add(CategoryTerms(congress_id=congress.id, category=Category.PRESS, is_offered=False))
    if change.startswith("own"):
        day = expected.changes_at or datetime(2018, 5, 20, tzinfo=UTC)
        limits = {"closes_at": day} if change == "own deadline" else {"opens_at": day}
        db.session.add(Window(congress_id=congress.id, category=Category.PRESS, **limits))
    db.session.flush()
    phase = "before" if at < datetime(2018, 6, 12, tzinfo=UTC) else "after"
    assert accreditation(congress, phase, at) == expected


@pytest.mark.parametrize(
    ("kind", "has_items", "is_offered", "text", "found"),
    [
        (CongressKind.CONGRESS, True, True, "", True),
        (CongressKind.CONGRESS, False, True, "", True),
        (CongressKind.CONGRESS, False, False, "", False),
        (CongressKind.STUDY_VISIT, True, True, "", False),
        (CongressKind.STUDY_VISIT, False, False, "Ask at the town hall.", True),
    ],
)
def test_a_congress_that_says_nothing_to_the_press_has_neither_page_nor_door(
    app: Flask, client: FlaskClient, kind: CongressKind, has_items: bool, is_offered: bool, text: str, found: bool
):
    with app.app_context():
        congress = the_congress()
        congress.kind, congress.press_offices = kind, Localised(en=text)
        db.session.add(CategoryTerms(congress_id=congress.id, category=Category.PRESS, is_offered=is_offered))
        if not has_items:
            db.session.execute(delete(ReleasedEntry))
        db.session.commit()
    forget_releases()
    with time_machine.travel(MAY):
        asked = client.get(f"{PAGE}?lang=en"), client.get("/krakowice2018/?lang=en")
    assert (asked[0].status_code, DOOR in asked[1].text) == ((200, True) if found else (404, False))


def test_documents_for_everybody_can_be_taken_away_and_no_others(app: Flask, client: FlaskClient):
    with app.app_context():
        agenda, _closed = document(title="Agenda"), document(title="Papers", audience=Audience.DELEGATES)
    with time_machine.travel(MAY):
        page = client.get(f"{PAGE}?lang=en").text
    downloads = page.partition("<h2>Downloads</h2>")[2].partition("</ul>")[0]
    assert re.findall(r'documents/([0-9a-f-]{36})"[^>]*>(.*?)<', downloads) == [(agenda, "Agenda")]
    assert "Papers" not in page
