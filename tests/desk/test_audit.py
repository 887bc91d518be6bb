"""``/desk/<congress>/audit/``: what the desk writes down by itself, who reads it, filters and takes it away."""

from __future__ import annotations

import html
import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts.audit import AuditEntry, record
from congress.accounts.models import Account
from congress.accounts.rules import RoleKind
from congress.core.db import db
from tests.conftest import csrf_token, sign_in_as
from tests.factories import the_congress
from tests.statements import statements

DESK = "/desk/krakowice2018/"
PAGE = f"{DESK}audit/"


def kinds(app: Flask) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.account == demo.ORGANISER).order_by(AuditEntry.id))
        return [(each.what, each.kind, each.label, each.page) for each in found]


def save_a_room(client: FlaskClient, capacity: int) -> int:
    path = f"{DESK}venues/rooms/1"
    page = client.get(path).text
    sent = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)"[^>]* value="([^"]*)"', page)}
    return client.post(path, data={**sent, "capacity": str(capacity), "csrf_token": csrf_token(client, path)}).status_code


def test_what_is_changed_and_taken_away_at_the_desk_is_in_the_log(app: Flask, organiser: FlaskClient):
    assert [save_a_room(organiser, 77), save_a_room(organiser, 78)] == [303, 303]
    assert organiser.get(f"{DESK}registrations/export.csv").status_code == 200
    assert kinds(app) == [
        ("signed_in", "accounts", "", "security.login"),
        ("changed", "rooms", "room-211", "desk.venues.room"),
        ("changed", "rooms", "room-211", "desk.venues.room"),
        ("exported", "exports", "csv", "desk.exports.show"),
    ]
    with app.app_context():
        second = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "rooms").order_by(AuditEntry.id.desc())).first()
        assert (second.changes, second.address, len(second.request_id)) == ({"capacity": [77, 78]}, "127.0.0.0/24", 12)
    page = html.unescape(organiser.get(PAGE, query_string={"kind": "rooms"}).text)
    assert ("77 → 78" in page, "2 entries, the latest first" in page) == (True, True)
    table = organiser.get(f"{PAGE}audit.csv", query_string={"kind": "rooms"}).text
    assert (table.count("room-211"), table.count("desk.exports.show")) == (2, 0)
    assert kinds(app)[-1] == ("exported", "audit", "audit.csv", "desk.audit.export")


@pytest.mark.parametrize(
    "asked", ["?page=0", "?page=99999999999999999999", "?since=yesterday&until=0001-01-01", "?object=%00&what=%0A", "?account='"]
)
def test_a_filter_that_makes_no_sense_is_no_error(organiser: FlaskClient, asked: str):
    assert organiser.get(PAGE + asked).status_code == 200


def test_of_another_congress_and_of_none_an_organiser_reads_nothing(app: Flask, organiser: FlaskClient):
    with app.app_context():
        record("changed", congress_id=the_congress().id + 1, label="foreign")
        record("changed", label="of no congress")
        record("changed", congress_id=the_congress().id, label="<b>own</b>")
        db.session.commit()
    page = organiser.get(PAGE).text
    assert [word in page for word in ("foreign", "of no congress", "&lt;b&gt;own&lt;/b&gt;")] == [False, False, True]


def test_a_page_of_the_log_asks_the_same_for_one_and_for_three(app: Flask, organiser: FlaskClient):
    seen = []
    for more in (1, 2):
        with app.app_context():
            for _each in range(more):
                record("changed", congress_id=the_congress().id, kind="rooms")
            db.session.commit()
        organiser.get(PAGE)
        with app.app_context(), statements() as asked:
            organiser.get(PAGE)
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_the_data_protection_officer_reads_the_log_and_the_table_of_rights(app: Flask):
    client = sign_in_as(app, RoleKind.DATA_PROTECTION)
    assert [client.get(path).status_code for path in (PAGE, "/desk/rights/", f"{DESK}privacy/", f"{DESK}placements/")] == [
        200,
        200,
        200,
        403,
    ]


def test_the_table_of_rights_shows_of_a_role_what_it_opens(organiser: FlaskClient):
    page = organiser.get("/desk/rights/?role=check_in").text
    shown = {html.unescape(each) for each in re.findall(r"<code>([^<]*)</code>", page)}
    assert {"/desk/<congress>/", "/desk/<congress>/sign-ups/"} <= shown
    assert not any("/registrations/" in each for each in shown)


def test_who_was_refused_stands_in_the_log_by_number(app: Flask, caplog: pytest.LogCaptureFixture):
    client = sign_in_as(app, RoleKind.PROGRAMME_READER)
    with caplog.at_level(logging.INFO, logger="congress.requests"):
        assert client.get("/desk/krakowice2018/audit/").status_code == 403
    with app.app_context():
        number = db.session.scalars(select(Account.id).where(Account.email.like("%@desk.example"))).one()
    [line] = caplog.messages
    assert re.sub(r"^\S+|\d+ms", "…", line) == f"… GET /desk/<congress>/audit/ 403 … account {number}"


def test_the_table_of_rights_is_not_for_everybody(app: Flask):
    assert sign_in_as(app, RoleKind.REGISTRATION_DESK).get("/desk/rights/").status_code == 403
