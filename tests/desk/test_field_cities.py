"""``/desk/<congress>/field-cities/``: a coordinator reads which cities of the field come, and names of those who agreed."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import DelegationState
from congress.registration import services
from congress.registration.services import Actor
from congress.registration.vocabulary import By, ConsentKind
from tests.conftest import sign_in_as
from tests.factories import NOW, make_registration, the_city, the_congress
from tests.statements import statements

PAGE = "/desk/krakowice2018/field-cities/"
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
