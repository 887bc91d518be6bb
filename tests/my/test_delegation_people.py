"""``/my/delegation/<token>/people/``: one person after another."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.feeds.models import FeedToken
from congress.outbox.models import Message
from congress.registration import services
from congress.registration.models import Registration
from tests.factories import HOSTS, NOW, make_registration
from tests.my.test_delegation import path, post, states, version, with_three

__all__ = ["path", "with_three"]
ANNA = {
    "title": "Dr", "given_name": "Anna", "family_name": "Testsson", "email": "anna@ostersund.example", "language": "en",
    "category": "mayor", "part": "head", "function": "Mayor", "organisation": "City of Östersund",
}  # fmt: skip


def find(app: Flask, name: str) -> int:
    with app.app_context():
        found = db.session.scalars(select(Registration).order_by(Registration.id.desc())).all()
        return next(each.id for each in found if each.delegate.person.given_name == name)


def field(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found is not None, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def test_a_mayor_is_added_without_touching_a_form(app: Flask, client: FlaskClient, path: str):
    assert post(app, client, path, "people/add", **ANNA, note="arrives by car", also=["speaker"])[0] == 303

    page = client.get(path).text
    assert "Anna Testsson is in the delegation." in page
    assert "also: speaker or artist" in page
    assert 'data-label="Missing"><span class="badge-state badge-good">' in page  # of a mayor nothing more is asked
    assert "Anna Testsson – arrives by car" in page
    assert states(app) == [("Anna", "invited")]


def test_the_form_sent_twice_adds_one_person(app: Flask, client: FlaskClient, path: str):
    form = client.get(f"{path}people/add").text
    sent = {**ANNA, "version": field(form, "version"), "submission": field(form, "submission")}

    assert [post(app, client, path, "people/add", **sent)[0] for _time in range(2)] == [303, 303]
    assert states(app) == [("Anna", "invited")]


BAD = [
    ({"given_name": ""}, "Write the given name."),
    ({"family_name": ""}, "Write the family name."),
    ({"email": ""}, "Write the e-mail address."),
    ({"email": f"{'a' * 290}@b.example"}, "too long"),
    ({"email": "anna at city"}, "Write one e-mail address only"),
    ({"given_name": "A" * 101}, "too long"),
    ({"given_name": "An\x07na"}, "invisible control characters"),
    ({"language": "tlh"}, "Choose one of the languages in the list."),
    ({"category": "press"}, "Choose one from the list."),
    ({"part": "king"}, "Choose one from the list."),
    ({"also": ["press"]}, "Choose from the list."),
    ({"category": "companion"}, "A companion does not head a delegation."),
]


def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(app: Flask, client: FlaskClient, path: str):
    for changes, said in BAD:
        status, page = post(app, client, path, "people/add", **{**ANNA, **changes})
        assert (status, said in page, "City of Östersund" in page) == (422, True, True), changes
    assert states(app) == []


def test_names_are_text_whatever_they_look_like(app: Flask, client: FlaskClient, path: str):
    names = {"given_name": "<b>Anna</b>\r\nBcc: x@y.example", "family_name": "\u202e=HYPERLINK(1)"}
    post(app, client, path, "people/add", **{**ANNA, **names})

    page = client.get(path).text
    assert "&lt;b&gt;Anna&lt;/b&gt; Bcc: x@y.example =HYPERLINK(1)" in page
    assert "<b>Anna" not in page


def test_two_editors_at_once_the_second_is_told_and_keeps_what_was_typed(app: Flask, client: FlaskClient, path: str):
    seen = version(app)
    post(app, client, path, "people/add", **ANNA, version=seen)

    status, page = post(app, client, path, "people/add", **{**ANNA, "given_name": "Berit", "version": seen})

    assert status == 409
    assert "person added – Anna Testsson (focal@ostersund.example)" in page
    assert (field(page, "given_name"), field(page, "version")) == ("Berit", str(version(app)))
    assert states(app) == [("Anna", "invited")]
    again = {**ANNA, "given_name": "Berit", "part": "member", "version": field(page, "version")}
    assert post(app, client, path, "people/add", **again)[0] == 303
    assert states(app) == [("Anna", "invited"), ("Berit", "invited")]


def test_a_person_is_edited_and_what_the_person_changed_meanwhile_is_shown_first(
    app: Flask, client: FlaskClient, with_three: str
):
    anna = find(app, "Anna")
    form = client.get(f"{with_three}people/{anna}/edit").text
    with app.app_context():
        db.session.get_one(Registration, anna).delegate.person.given_name = "Anna Maria"
        db.session.commit()

    sent = {**ANNA, "given_name": "Anneli", "was": field(form, "was")}
    status, page = post(app, client, with_three, f"people/{anna}/edit", **sent)

    assert (status, "Given name: Anna Maria" in page, field(page, "given_name")) == (409, True, "Anneli")
    assert post(app, client, with_three, f"people/{anna}/edit", **{**sent, "was": field(page, "was")})[0] == 303
    assert states(app)[0] == ("Anneli", "invited")


def test_the_same_person_is_not_added_twice(app: Flask, client: FlaskClient, with_three: str):
    status, page = post(app, client, with_three, "people/add", **{**ANNA, "part": "member"})

    assert (status, "Anna Testsson is in the delegation already." in page) == (422, True)


def test_who_is_replaced_loses_link_and_calendar_and_the_new_one_has_the_place(app: Flask, client: FlaskClient, with_three: str):
    anna = find(app, "Anna")
    post(app, client, with_three, "submit")
    with app.app_context():
        registration = db.session.get_one(Registration, anna)
        services.confirm(registration, actor=HOSTS, now=NOW)
        link = f"/my/registration/{services.link_token(registration, app.config['SECRET_KEY'])}/"
        db.session.commit()
    calendar = re.search(r"/my/calendar/\w+/krakowice2018\.ics", client.get(link).text)[0]
    sent = {**ANNA, "given_name": "Dag", "email": "dag@ostersund.example"}

    assert post(app, client, with_three, f"people/{anna}/replace", **sent)[0] == 303

    assert states(app) == [("Anna", "replaced"), ("Berit", "submitted"), ("Carl", "submitted"), ("Dag", "confirmed")]
    assert (client.get(link).status_code, client.get(calendar).status_code) == (410, 410)
    with app.app_context():
        assert all(token.revoked_at for token in db.session.scalars(select(FeedToken).where(FeedToken.registration_id == anna)))
        templates = dict(db.session.execute(select(Message.recipient, Message.template).order_by(Message.id)).all())
        assert templates["Anna@ostersund.example"] == "registration_replaced"
        assert templates["dag@ostersund.example"] == "person_invited"


def test_a_person_is_sent_the_link_once_a_day_and_taken_out(app: Flask, client: FlaskClient, with_three: str):
    berit = find(app, "Berit")

    for _time in range(2):
        assert post(app, client, with_three, f"people/{berit}/send-link")[0] == 303
    assert "has been sent the personal link today already" in client.get(with_three).text
    for _time in range(2):
        assert post(app, client, with_three, f"people/{berit}/remove")[0] == 303

    assert states(app) == [("Anna", "invited"), ("Berit", "cancelled"), ("Carl", "invited")]


def test_people_of_other_cities_are_out_of_reach(app: Flask, client: FlaskClient, with_three: str):
    with app.app_context():
        stranger = make_registration(city="lyon", given_name="Zoé")
        stranger.awaits_focal_point = True
        number = stranger.id
        db.session.commit()

    for action in ("edit", "replace", "remove", "send-link", "accept", "refuse"):
        for wrong in (number, 999_999, 2**40):
            status, page = post(app, client, with_three, f"people/{wrong}/{action}", **ANNA)
            assert (status, "Zoé" in page) == (404, False), action
    with app.app_context():
        assert db.session.get_one(Registration, number).is_live
