"""Lists of names are in the order of the reader's dictionary, ł after l, whatever was there first."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.delegates.services import delegation_of
from congress.programme.models import Venue
from congress.programme.planning.availability import RoomWords, add_room
from tests.factories import NOW, make_contact, make_registration, the_city, the_congress
from tests.programme.people.test_services import make_speaker

NAMES = ["Łubin", "Mława", "Lublin"]  # in the order in which they are made
IN_ORDER = ["Lublin", "Łubin", "Mława"]
DESK = "/desk/krakowice2018"
PUBLIC = ["/krakowice2018/cities/", "/networks/uccn/", "/krakowice2018/registration/"]
OF_DESK = [
    "speakers/", "roles/", "delegations/", "contacts/", "venues/", "registrations/", "registrations/new", "speakers/new", "printing/",
]  # fmt: skip


def _make_names() -> int:
    """Cities, venues, rooms, speakers, accounts and people of a delegation of these names; the delegation's number."""
    begin_writing()
    cities = [the_city(slug) for slug in ("kanazawa", "fabriano", "dundee")]
    venues = db.session.scalars(select(Venue).order_by(Venue.slug)).all()
    for place, (name, city) in enumerate(zip(NAMES, cities, strict=True)):
        city.names = Localised(en=f"C{place}", pl=name)
        venues[place].names = Localised(en=f"V{place}", pl=f"{name} dom")
        add_room(
            venues[0], RoomWords(names=Localised(en=f"R{place}", pl=f"{name} sala"), capacity=5, equipment=[], step_free=None)
        )
        make_contact(city.slug, family_name=name, email=f"c{place}@mail.example")
        make_speaker(f"Ada {name}", city=city)
        account = Account(email=f"a{place}@mail.example", name=f"{name} Ada", fs_uniquifier=name, created_at=NOW)
        account.roles_held.append(Role(kind=RoleKind.CHECK_IN, congress_id=the_congress().id))
        db.session.add(account)
        make_registration(given_name="Ada", family_name=name, email=f"{place}@mail.example", city="edinburgh")
    delegation = delegation_of(the_congress(), the_city("edinburgh"))
    db.session.commit()
    return delegation.id


def _order(page: str) -> list[str]:
    """The names as the last list of a page has them; a map before it, and the city of which the page is, do not count."""
    found = re.findall("|".join(NAMES), page[page.index("<main") : page.index("</main>")])
    return list(dict.fromkeys(reversed(found)))[::-1]


def test_names_are_in_the_order_of_the_dictionary_in_each_list(app: Flask, organiser: FlaskClient):
    with app.app_context():
        number = _make_names()
    addresses = [*PUBLIC, *(f"{DESK}/{each}" for each in (*OF_DESK, f"delegations/{number}/"))]
    read = {address: organiser.get(address, headers={"Accept-Language": "pl"}) for address in addresses}
    assert {address: answer.status_code for address, answer in read.items() if answer.status_code != 200} == {}
    assert {address: _order(answer.text) for address, answer in read.items()} == dict.fromkeys(addresses, IN_ORDER)
