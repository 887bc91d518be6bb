"""``/desk/<congress>/field/<code>/guests``: a coordinator says which delegates of other fields may come."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.registration.vocabulary import BookingState
from tests.conftest import csrf_token, sign_in_as
from tests.desk.test_bookings import guests, states, told  # noqa: F401  (the fixture)

PATH = "/desk/krakowice2018/field/P013/guests"


def answer(client: FlaskClient, said: str, *ticked: object) -> int:
    data = {"csrf_token": csrf_token(client, "/desk/krakowice2018/field/"), "answer": said, "guest": list(ticked)}
    status = client.post(PATH, data=data).status_code
    db.session.rollback()
    return status


def test_the_coordinator_accepts_exactly_the_guests_who_were_ticked_and_they_are_told(app: Flask, guests):  # noqa: F811
    first, second, third = guests
    client = sign_in_as(app, RoleKind.FIELD_COORDINATOR, field="literature")
    assert client.get(PATH).text.count('name="guest"') == 3
    assert answer(client, "accept", first.id) == 303
    assert answer(client, "refuse", third.id, "x", "0") == 303
    assert states() == {first.id: BookingState.TAKEN, second.id: BookingState.ASKED}
    assert told() == [("guest_accepted", first.id), ("guest_refused", third.id)]


@pytest.mark.parametrize(("field", "said", "status"), [("music", "accept", 404), ("literature", "dance", 400)])
def test_nobody_answers_for_another_field_and_only_yes_or_no(app: Flask, guests, field, said, status):  # noqa: F811
    before, client = states(), sign_in_as(app, RoleKind.FIELD_COORDINATOR, field=field)
    assert (answer(client, said, *(each.id for each in guests)), states()) == (status, before)
    assert client.get(PATH).status_code == (404 if field == "music" else 200)
