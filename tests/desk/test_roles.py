"""``/desk/<congress>/roles/``: giving and ending roles."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts.audit import AuditEntry
from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import db
from tests.conftest import csrf_token, sign_in_as
from tests.factories import NOW
from tests.statements import statements

PAGE = "/desk/krakowice2018/roles/"


def make_accounts(app: Flask, *names: str) -> None:
    with app.app_context():
        db.session.add_all(
            Account(email=f"{name}@krakow.example", name=name.title(), fs_uniquifier=name, created_at=NOW) for name in names
        )
        db.session.commit()


def give(client: FlaskClient, **values: str) -> tuple[int, str]:
    answer = client.post(PAGE, data={"csrf_token": csrf_token(client, PAGE), **values})
    return answer.status_code, html.unescape(answer.text)


def end(client: FlaskClient, role_id: int, last_day: str = "") -> int:
    data = {"csrf_token": csrf_token(client, PAGE), "last_day": last_day}
    return client.post(f"{PAGE}{role_id}/end", data=data).status_code


def roles(app: Flask, email: str = "lidia@krakow.example") -> list[tuple[str, str, str]]:
    with app.app_context():
        held = db.session.scalars(select(Role).join(Account).where(Account.email == email).order_by(Role.id))
        return [(role.kind.value, role.field, role.city) for role in held if role.is_held_on(now().date())]


def role_id(app: Flask, kind: RoleKind) -> int:
    with app.app_context():
        return db.session.scalars(select(Role.id).where(Role.kind == kind)).first()


def test_a_role_is_given_with_its_scope_and_ended(app, organiser):
    make_accounts(app, "lidia")
    assert give(organiser, email="Lidia@krakow.example", kind="field_coordinator", field="literature", city="katowice")[0] == 303
    assert give(organiser, email="lidia@krakow.example", kind="organiser", field="literature", city="katowice")[0] == 303
    assert roles(app) == [("field_coordinator", "literature", ""), ("organiser", "", "katowice")]
    assert end(organiser, role_id(app, RoleKind.FIELD_COORDINATOR)) == 303
    assert roles(app) == [("organiser", "", "katowice")]


def test_what_cannot_be_given_says_why(app, organiser):
    make_accounts(app, "lidia")
    give(organiser, email="lidia@krakow.example", kind="programme_reader")
    refused = {
        "Lidia has this role already.": {"kind": "programme_reader"},
        "Choose the field that the coordinator looks after.": {"kind": "field_coordinator"},
        "Choose one of the possibilities in the list.": {"kind": "site_administrator"},
        "Field: Choose one of the possibilities in the list.": {"kind": "field_coordinator", "field": "opera"},
        "Venues: Choose one of the possibilities in the list.": {"kind": "organiser", "city": "lodz"},
        "This is not an e-mail address.": {"kind": "organiser", "email": "lidia"},
    }
    wrong = {}
    for sentence, values in refused.items():
        status, text = give(organiser, **{"email": "lidia@krakow.example", **values})
        if status != 422 or sentence.partition(": ")[2] not in text or "error-summary" not in text:
            wrong[sentence] = status
    assert (wrong, roles(app)) == ({}, [("programme_reader", "", "")])


def test_the_team_of_a_city_gives_no_role_that_reaches_further_and_nobody_ends_the_own(app, organiser):
    make_accounts(app, "lidia")
    client = sign_in_as(app, RoleKind.ORGANISER)
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "organiser@desk.example")).one()
        account.roles_held[0].city = "katowice"
        own = account.roles_held[0].id
        db.session.commit()
    whole = next(number for number in (role_id(app, RoleKind.ORGANISER),) if number != own)
    assert give(client, email="lidia@krakow.example", kind="organiser")[0] == 422
    assert give(client, email="lidia@krakow.example", kind="organiser", city="krakow")[0] == 422
    assert give(client, email="lidia@krakow.example", kind="organiser", city="katowice")[0] == 303
    assert [end(client, each) for each in (own, whole)] == [303, 303]
    with app.app_context():
        assert (db.session.get(Role, own).ends_on, db.session.get(Role, whole).ends_on) == (None, None)
    assert end(organiser, own) == 303
    assert client.get(PAGE).status_code == 302  # signed out


def test_a_role_of_another_congress_is_not_found(organiser):
    assert [end(organiser, number) for number in (0, 10**6)] == [404, 404]


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(app, organiser):
    def asked() -> tuple[int, int]:
        with app.app_context(), statements() as seen:
            page = organiser.get(PAGE).text
        return len(seen), len(re.findall(r'<th scope="row">', page))

    first = asked()
    make_accounts(app, "ada", "ewa")
    for name in ("ada", "ewa"):
        give(organiser, email=f"{name}@krakow.example", kind="programme_reader")
    organiser.get(PAGE)  # the sentence of the last one is said
    assert (first[1], asked()) == (1, (first[0], 3))


def test_a_role_has_days_and_its_row_stays_as_the_history(app, organiser):
    make_accounts(app, "lidia")
    today, tomorrow = now().date(), now().date() + timedelta(days=1)
    given = {
        "email": "lidia@krakow.example",
        "kind": "check_in",
        "starts_on": str(tomorrow),
        "last_day": str(today + timedelta(days=9)),
    }
    assert give(organiser, **{**given, "last_day": str(today)})[0] == 422
    assert give(organiser, **given)[0] == 303
    assert (roles(app), give(organiser, **given)[0]) == ([], 422)
    assert give(organiser, **{**given, "starts_on": "", "last_day": str(today)})[0] == 303
    assert roles(app) == [("check_in", "", "")]
    with app.app_context():
        later, current = db.session.scalars(select(Role).where(Role.kind == RoleKind.CHECK_IN).order_by(Role.id)).all()
        later, current = later.id, current.id
    assert [end(organiser, later), end(organiser, current, str(tomorrow)), end(organiser, current, "someday")] == [303] * 3
    with app.app_context():
        found = [db.session.get(Role, each) for each in (later, current)]
        days = [(each.starts_on, each.ends_on, each.given_by, each.ended_by) for each in found]
    by = demo.ORGANISER
    assert days == [(tomorrow, tomorrow, by, by), (today, tomorrow + timedelta(days=1), by, by)]
    page = html.unescape(organiser.get(PAGE).text)
    assert ("Roles that have ended" in page, "not for 90 days" in page, "until " in page) == (True, False, True)


def test_whoever_looks_through_the_roles_is_written_down(app, organiser):
    data = {"csrf_token": csrf_token(organiser, PAGE)}
    assert organiser.post(f"{PAGE}review", data=data).status_code == 303
    with app.app_context():
        seen = db.session.scalars(select(Role).where(Role.congress_id.is_not(None))).all()
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "reviewed")).one()
        assert ({each.reviewed_by for each in seen}, noted.account, noted.page) == (
            {demo.ORGANISER},
            demo.ORGANISER,
            "desk.roles.review",
        )
