"""The menu of the desk, and what an account is offered that may not do everything."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from tests.factories import the_congress

DESK = "/desk/krakowice2018/"
PROGRAMME = [
    "timetable/",
    "placements/",
    "items/",
    "conflicts/",
    "releases/",
    "printing/",
    "venues/",
    "calendar/",
    "programme-exports/",
]  # for readers
EVERY = [
    "", "dashboard/", "timetable/", "placements/", "items/", "proposals/", "conflicts/", "releases/", "printing/", "venues/", "speakers/", "agenda/",
    "offerings/", "calendar/", "programme-exports/", "translations/", "copy/", "delegations/", "contacts/", "registrations/", "bookings/",
    "questions/", "windows/", "limits/", "sign-ups/", "newsletter/", "mails/", "mails/texts/", "settings/", "roles/", "privacy/", "audit/",
]  # fmt: skip
ORGANISERS = {
    "proposals/",
    "speakers/",
    "agenda/",
    "offerings/",
    "translations/",
    "copy/",
    "settings/",
    "roles/",
    "privacy/",
    "audit/",
}


def become(app: Flask, kind: RoleKind) -> None:
    """Give the organiser's account this role only."""
    with app.app_context():
        for role in db.session.scalars(select(Role)):
            role.kind, role.congress_id = kind, the_congress().id
            role.field = "literature" if kind is RoleKind.FIELD_COORDINATOR else ""
        db.session.commit()


def entries(client: FlaskClient, path: str = "") -> list[str]:
    """Where the menu of a page leads."""
    menu = client.get(DESK + path).text.partition('class="desk-groups"')[2].partition("</nav>")[0]
    return [address.removeprefix(DESK) for address in re.findall(r'href="([^"]+)"', menu)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (RoleKind.ORGANISER, EVERY),
        (RoleKind.REGISTRATION_DESK, [each for each in EVERY if each not in ORGANISERS]),
        (RoleKind.PROGRAMME_READER, ["", *PROGRAMME]),
        (RoleKind.CHECK_IN, ["", "sign-ups/"]),
        (RoleKind.DATA_PROTECTION, ["", "privacy/", "audit/"]),
        (RoleKind.FIELD_COORDINATOR, ["", "field/", "field-cities/"]),
    ],
)
def test_the_menu_holds_what_the_account_may_open(app: Flask, organiser: FlaskClient, kind: RoleKind, expected: list[str]):
    become(app, kind)
    opened = {path: organiser.get(DESK + path).status_code for path in [EVERY[0], "field/", "field-cities/", *EVERY[1:]]}
    assert (entries(organiser), [path for path, status in opened.items() if status == 200]) == (expected, expected)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("registrations/new", "Registrations"),
        ("imports/", "Registrations"),
        ("places/P037", "Draft"),
        ("mails/new", "E-mails"),
        ("mails/texts/", "Words of the e-mails"),
    ],
)
def test_a_page_without_an_entry_of_its_own_stands_under_its_subject(organiser: FlaskClient, path: str, name: str):
    page = organiser.get(DESK + path).text
    assert re.findall(r'aria-current="(?:page|true)">([^<]+)</a></li>\s', page.partition('class="desk-groups"')[2]) == [name]
    assert f"<span>{name}</span></summary>" in page


def test_who_only_reads_the_programme_is_offered_no_change(app: Flask, organiser: FlaskClient):
    changing = re.compile(r'<form method="post"(?! action="(?:/sign-out|/desk/sign-out|[^"]*new-link))')

    def forms() -> dict[str, int]:
        pages = ("", "placements/", "releases/")
        return {each: len(changing.findall(organiser.get(DESK + each).text.partition("<main")[2])) for each in pages}

    before = forms()
    become(app, RoleKind.PROGRAMME_READER)
    assert (before["placements/"] > 0, forms()) == (True, {"": 0, "placements/": 0, "releases/": 0})
