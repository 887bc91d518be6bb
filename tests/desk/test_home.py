"""The first page of a congress's desk."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.outbox.models import Message, MessageState
from congress.registration import privacy
from tests.factories import NOW, make_registration, the_congress

PAGE = "/desk/krakowice2018/"


def tasks(client: FlaskClient) -> list[str]:
    return re.findall(r"<a [^>]*>([^<]+)</a>", client.get(PAGE).text.partition('class="tasks"')[2].partition("</ul>")[0])


def test_what_waits_stands_on_the_first_page_for_those_who_may_do_it(app: Flask, organiser: FlaskClient):
    before = tasks(organiser)
    with app.app_context():
        privacy.ask_for_erasure(make_registration(), now=NOW)
        for message in list(db.session.scalars(select(Message).limit(2))):
            message.state = MessageState.FAILED
        db.session.commit()
    all_of_them = tasks(organiser)
    seen = {}
    for kind in (RoleKind.REGISTRATION_DESK, RoleKind.PROGRAMME_READER):
        with app.app_context():
            for role in db.session.scalars(select(Role)):
                role.kind, role.congress_id = kind, the_congress().id
            db.session.commit()
        seen[kind] = tasks(organiser)
    first, *others = all_of_them
    assert ("to be confirmed" in first, others) == (True, ["2 e-mails could not be sent", "1 person has asked for erasure"])
    assert seen == {RoleKind.REGISTRATION_DESK: all_of_them[:2], RoleKind.PROGRAMME_READER: []}
    assert len(before) < len(all_of_them)
