"""A person's own data: taken away, erased, and shown to others as agreed."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from congress.core.db import db
from congress.registration import privacy, services
from congress.registration.models import Registration, SensitiveLook
from congress.registration.vocabulary import ConsentKind
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_full_registration, make_registration, the_congress

_AGREED = [ConsentKind.PRIVACY, ConsentKind.PARTICIPANT_LIST]


@pytest.fixture
def person(app):
    """The id of a confirmed person's registration, and the token of the personal link."""
    with app.app_context():
        made = make_full_registration()
        services.confirm(made, actor=HOSTS, now=NOW)
        token = services.link_token(made, app.config["SECRET_KEY"])
        db.session.commit()
        return made.id, token


def test_the_download_holds_all_that_is_kept_and_nothing_that_opens_a_link(app, client, person):
    number, token = person
    answer = client.get(f"/my/registration/{token}/data/everything.json")
    data = json.loads(answer.text)
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (
        200,
        'attachment; filename="krakowice2018-my-data.json"',
    )
    assert (data["person"]["given_name"], data["city"], data["registration"]["state"]) == ("Nomsa", "kanazawa", "confirmed")
    assert (data["needs"][0]["content"], data["passport"][0]["content"]["number"]) == (
        {"diets": ["halal"], "allergies": "nuts"},
        "ZA0123456",
    )
    assert [each["kind"] for each in data["consents"]] == ["privacy", "participant_list"]
    assert [each["after"] for each in data["history"]] == ["started", "submitted", "confirmed"]
    assert [each["template"] for each in data["mails"]] == ["registration_received", "registration_confirmed"]
    with app.app_context():
        made = db.session.get_one(Registration, number)
        assert [word for word in (made.link_digest, made.submission_key, token) if word in answer.text] == []


@pytest.mark.parametrize("path", ["", "everything.json"])
@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"), lambda t: t.upper() + "x", lambda _t: "x"])
def test_a_wrong_link_shows_nothing(client, person, path, change):
    _number, token = person
    answer = client.get(f"/my/registration/{change(token)}/data/{path}")
    assert (answer.status_code, "Nomsa" in answer.text) == (404, False)


def test_who_asks_to_be_erased_stands_at_the_desk_until_it_is_done(app, client, organiser, person):
    number, token = person
    page = f"/my/registration/{token}/data/"
    assert client.post(f"{page}erase", data={"csrf_token": csrf_token(client, page)}).status_code == 303
    desk = "/desk/krakowice2018/privacy/"
    assert "Nomsa" in organiser.get(desk).text
    answer = organiser.post(f"{desk}erase/{number}", data={"csrf_token": csrf_token(organiser, desk)})
    assert (answer.status_code, client.get(page).status_code, "Nomsa" in organiser.get(desk).text) == (303, 404, False)
    with app.app_context():
        assert privacy.erasures_asked(the_congress()) == []


def test_nobody_is_erased_who_did_not_ask(organiser, person):
    number, _token = person
    desk = "/desk/krakowice2018/privacy/"
    assert organiser.post(f"{desk}erase/{number}", data={"csrf_token": csrf_token(organiser, desk)}).status_code == 404


def test_a_look_is_written_down_and_shown(app, organiser, person):
    number, _token = person
    with app.app_context():
        made = db.session.get_one(Registration, number)
        privacy.log_look(the_congress(), made, account_id=1, account="olga@krakowice.example", what="passport", now=NOW)
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(SensitiveLook)) == 1
    page = organiser.get("/desk/krakowice2018/privacy/").text
    assert ("olga@krakowice.example" in page, "Nomsa" in page) == (True, True)


def test_names_are_shown_at_the_level_that_was_agreed_to(client, context):
    people = [
        make_registration(given_name="Onlycity", consents=[ConsentKind.PRIVACY]),
        make_registration(given_name="Fordelegates", consents=_AGREED),
        make_registration(given_name="Forall", consents=[ConsentKind.PRIVACY, ConsentKind.PARTICIPANT_LIST_PUBLIC]),
        make_registration(given_name="Unconfirmed", consents=[*_AGREED, ConsentKind.PARTICIPANT_LIST_PUBLIC]),
    ]
    for each in people[:3]:
        services.confirm(each, actor=HOSTS, now=NOW)
    tokens = [services.link_token(each, context.config["SECRET_KEY"]) for each in people]
    db.session.commit()
    names = ("Onlycity", "Fordelegates", "Forall", "Unconfirmed")
    public = client.get("/krakowice2018/participants/").text
    inside = client.get(f"/my/registration/{tokens[0]}/participants/").text
    assert [name for name in names if name in public] == ["Forall"]
    assert [name for name in names if name in inside] == ["Fordelegates", "Forall"]
    assert client.get(f"/my/registration/{tokens[3]}/participants/").status_code == 404


def test_a_withdrawn_consent_takes_the_name_off_the_list(client, context):
    made = make_registration(given_name="Forall", consents=[ConsentKind.PRIVACY, ConsentKind.PARTICIPANT_LIST_PUBLIC])
    services.confirm(made, actor=HOSTS, now=NOW)
    for consent in made.consents:
        consent.withdrawn_at = NOW
    db.session.commit()
    assert "Forall" not in client.get("/krakowice2018/participants/").text
