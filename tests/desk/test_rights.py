"""Every address of the desk, derived from the URL map, asked by each role: nobody sees or does what is not theirs.

The table of the desk says to which area a page belongs (congress/desk/rights.py); here it stands, apart from it, which roles open an area.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.delegates.models import Person
from congress.desk import rights
from tests.conftest import csrf_token, sign_in_as
from tests.factories import everything, the_congress
from tests.web.test_wrong_links import address, asked, make_stranger, rules

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
SITE, TEAM, CITY, DOOR, READER, FIELD = "site", "organiser", "organiser of a city", "registration desk", "reader", "coordinator"
ROLES = {
    SITE: Role(kind=RoleKind.SITE),
    TEAM: Role(kind=RoleKind.ORGANISER),
    CITY: Role(kind=RoleKind.ORGANISER, city="katowice"),
    DOOR: Role(kind=RoleKind.REGISTRATION_DESK),
    READER: Role(kind=RoleKind.PROGRAMME_READER),
    FIELD: Role(kind=RoleKind.FIELD_COORDINATOR, field="literature"),
}
EVERYBODY, ORGANISERS = set(ROLES), {SITE, TEAM, CITY}
# Who sees the pages of an area, and who changes something there.
EXPECTED: dict[rights.Area, tuple[set[str], set[str]]] = {
    rights.OVERVIEW: (EVERYBODY, ORGANISERS),
    rights.PROGRAMME: (EVERYBODY - {FIELD}, ORGANISERS),
    rights.READERS_OWN: (EVERYBODY - {FIELD}, EVERYBODY - {FIELD}),
    rights.ORGANISERS: (ORGANISERS, ORGANISERS),
    rights.FIELD: ({FIELD}, {FIELD}),
    rights.PEOPLE: (ORGANISERS | {DOOR}, ORGANISERS | {DOOR}),
    rights.LIMITS: (ORGANISERS | {DOOR}, ORGANISERS),
    rights.SENSITIVE: (ORGANISERS, ORGANISERS),
}


def become(app: Flask, who: str) -> FlaskClient:
    """The browser of somebody who has just this role."""
    client = sign_in_as(app, RoleKind.PROGRAMME_READER)
    with app.app_context():
        role = db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one()
        wanted = ROLES[who]
        role.kind, role.field, role.city = wanted.kind, wanted.field or "", wanted.city or ""
        role.congress_id = None if wanted.kind is RoleKind.SITE else the_congress().id
        db.session.commit()
    return client


def answers(app: Flask, client: FlaskClient) -> dict[tuple[str, str, str], tuple[int, str]]:
    """What each address of the congress's desk answers: by method, endpoint and address."""
    token = csrf_token(client, "/krakowice2018/newsletter/")
    found = {}
    for rule in rules(app, "/desk/<congress>/"):
        for method, status, text in asked(
            client, rule, address(app, rule, congress="krakowice2018", registration_id=1, delegation_id=1), token
        ):
            found[method, rule.endpoint, rule.rule] = status, text
    return found


@ON_SQLITE
def test_the_table_says_of_each_page_of_the_desk_whose_it_is(app: Flask):
    endpoints = {rule.endpoint for rule in rules(app, "/desk/<congress>/")}
    missing = sorted({endpoint.split(".")[1] for endpoint in endpoints if not rights.is_decided(endpoint)})
    assert missing == [], f"Add a line to AREAS in congress/desk/rights.py for: {', '.join(missing)} (PROGRAMME, ORGANISERS, …)"
    blueprints = {endpoint.split(".")[1] for endpoint in endpoints}
    gone = [name for name in rights.AREAS if f"desk.{name}" not in endpoints and name not in blueprints]
    assert gone == [], "No page of the desk has these names any more: take them out of AREAS in congress/desk/rights.py."


def test_it_is_written_here_who_opens_each_area():
    assert set(rights.AREAS.values()) <= set(EXPECTED)


@ON_SQLITE
@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_what_the_table_gives_to_it_and_nothing_else(app: Flask, who: str):
    """Nor do those who are not concerned with people read anything of them, or change anything but what is their own."""
    client = become(app, who)
    with app.app_context():
        people = db.session.execute(select(Person.email, Person.given_name, Person.family_name)).all()
        secrets = [each for email, given, family in people for each in (email, f"{given} {family}")]
        before = everything()
    wrong, shown = {}, {}
    for (method, endpoint, path), (status, text) in answers(app, client).items():
        sees, changes = EXPECTED[rights.area(endpoint)]
        may = who in sees if method == "GET" else who in changes
        if may == (status == 403) or status >= 500:
            wrong[f"{method} {path}"] = status
        if any(secret in text for secret in secrets):
            shown[f"{method} {path}"] = status
    assert wrong == {}
    if who in ORGANISERS | {DOOR}:
        assert len(shown) > 5, "The names of people are not where they belong: this test looks for the wrong ones."
        return
    with app.app_context():
        after = everything()
    changed = {table for table in before if before[table] != after[table]}
    assert (shown, changed - {"feed_tokens", "accounts"}) == ({}, set())


@ON_SQLITE
def test_every_role_in_another_congress_opens_nothing_in_this_one(app: Flask):
    stranger = make_stranger(app)
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "else@krakowice.example")).one()
        elsewhere = account.roles_held[0].congress_id  # where the account is an organiser already
        account.roles_held += [
            Role(kind=role.kind, congress_id=elsewhere, field=role.field or "", city=role.city or "")
            for who, role in ROLES.items() if who not in {SITE, TEAM}
        ]  # fmt: skip
        db.session.commit()
        before = everything()
    found = answers(app, stranger)
    with app.app_context():
        assert ({status for status, _text in found.values()}, everything() == before) == ({403}, True)
