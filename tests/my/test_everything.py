"""``/my/everything/``: all that belongs to an address, and nothing that does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.belongings import services as visits
from congress.belongings.models import JoinedAddress
from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates import services as delegates
from congress.delegates.models import Delegation
from congress.delegates.rules import Recipient
from congress.delegates.vocabulary import DelegationState
from congress.events import newsletter
from congress.events.models import SignUp, Subscriber
from congress.networks.models import Contact
from congress.programme.people import services as speakers
from congress.programme.people.services import Words
from congress.registration.models import Registration
from tests.conftest import csrf_token
from tests.events.arranged import confirmed, link_in, the_event
from tests.factories import NOW, make_contact, make_registration, the_city, the_congress
from tests.statements import statements
from tests.web import mailbox

ADA, BOB, HOME = "ada@kanazawa.example", "bob@kanazawa.example", "/my/everything/"
HAND_OVER = f"{HOME}cities/uccn/kanazawa/hand-over"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def signed_in(app: Flask, email: str) -> FlaskClient:
    """The browser of somebody who followed the link that was mailed to this address."""
    with app.app_context():
        visit = visits.ask(email, language="en", key=app.config["SECRET_KEY"], now=NOW)
        path = f"{HOME}link/{visits.link_token(visit, app.config['SECRET_KEY'])}/"
        db.session.commit()
    client = app.test_client()
    assert post(client, path, page=path).location == HOME
    return client


def post(client: FlaskClient, path: str, page: str = HOME, **data: str):
    return client.post(path, data={"csrf_token": csrf_token(client, page), **data})


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main")[0]).split())


def earlier() -> Congress:
    """A congress of the same network two years before, which is over."""
    made = Congress(
        network=the_congress().network, slug="before2016", names={"en": "Congress 2016"}, long_names={"en": "Congress 2016"},
        themes={}, descriptions={}, starts_on=date(2016, 9, 12), ends_on=date(2016, 9, 15), timezone="Europe/Stockholm",
        languages=["en"], contact_email="hosts@ostersund.example",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def delegation(congress: Congress, focal: str, state: DelegationState = DelegationState.DRAFTING) -> Delegation:
    made = delegates.delegation_of(congress, the_city("kanazawa"))
    made.state, made.focal_name, made.focal_email = state, "Focal", focal
    db.session.flush()
    return made


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """Somebody with one of each, now and two years ago; somebody else has the same."""
    with app.app_context():
        key = app.config["SECRET_KEY"]
        event = the_event()
        delegation(the_congress(), "ADA@kanazawa.example")
        delegation(earlier(), ADA, DelegationState.CONFIRMED)
        for email, name in ((ADA, "Ada"), (BOB, "Bob")):
            make_registration(given_name=name, family_name="Own", email=email.title())
            confirmed(event, 2, email=email, name=name)
            newsletter.confirm(newsletter.subscribe(the_congress(), email, "en", key=key, now=NOW), now=NOW)
            speakers.add(
                the_congress(), Words(name=f"{name} Speaks", functions=Localised(), biographies=Localised(), email=email)
            )
        mailbox.only_of("nobody")
        db.session.commit()
    return signed_in(app, ADA)


def test_all_of_the_own_address_is_there_and_nothing_of_others(ada: FlaskClient):
    page = ada.get(HOME)
    said = words(page.text)
    for part in (
        "Registration: Ada Own",
        "Delegation: Kanazawa",
        "Sign-up: ",
        "has places",
        "Newsletter",
        "on the list",
        "in preparation",
        "Ada Speaks",
    ):
        assert part in said
    assert "Bob" not in said
    assert "no-store" in page.headers["Cache-Control"]
    past = page.text.partition("<details")[2].partition("</details")[0]
    assert ("Congress 2016" in past, "confirmed" in past) == (True, True)


def test_each_link_opens_the_own_page(ada: FlaskClient):
    page = ada.get(HOME).text
    found = dict.fromkeys(re.findall(r'href="(/my/(?!everything)[^"#]*)"', page))
    kinds = sorted(path.split("/")[2] for path in found)
    assert {"delegation", "newsletter", "registration", "sign-ups", "speaker"} <= set(kinds)
    assert {ada.get(path).status_code for path in found} == {200}


def test_in_polish_too(ada: FlaskClient):
    assert ada.get(f"{HOME}?lang=pl").status_code == 200


def test_the_page_asks_as_much_of_the_database_for_three_as_for_one(app: Flask, ada: FlaskClient):
    def asked() -> int:
        with app.app_context(), statements() as seen:
            assert ada.get(HOME).status_code == 200
        return len(seen)

    ada.get(HOME)
    one = asked()
    with app.app_context():
        for number in range(2):
            make_registration(given_name=f"Ada{number}", email=ADA)
            confirmed(the_event(code=("P054", "P056")[number]), 1, email=ADA)
        db.session.commit()
    ada.get(HOME)
    assert asked() == one


def test_signing_out_and_eight_hours_end_the_visit(app: Flask, ada: FlaskClient, clock):
    other = signed_in(app, ADA)
    kept = ada.get_cookie("everything")
    assert post(ada, f"{HOME}sign-out").location == "/sign-in/"
    ada.set_cookie("everything", kept.value)  # somebody has copied it before
    assert ada.get(HOME).location == "/sign-in/?ended=1"
    clock.shift(timedelta(hours=7, minutes=59))
    assert other.get(HOME).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert other.get(HOME).location == "/sign-in/?ended=1"


@pytest.mark.parametrize("path", ["", "data/", "data/everything.json", "cities/uccn/kanazawa/hand-over"])
def test_without_a_visit_every_page_leads_to_the_door(client: FlaskClient, path: str):
    client.set_cookie("everything", "guessed")
    assert client.get(f"{HOME}{path}").location == "/sign-in/?ended=1"


def join_link(app: Flask, client: FlaskClient, email: str) -> str:
    post(client, f"{HOME}addresses", email=email)
    [letter] = mailbox.deliver(app)
    assert letter["To"].addresses[0].addr_spec == email
    return link_in(mailbox.text(letter))


def test_a_second_address_is_joined_where_it_was_asked_for_and_parted_again(app: Flask, ada: FlaskClient):
    link = join_link(app, ada, BOB)
    stranger = signed_in(app, BOB)
    assert post(stranger, link, page=HOME).status_code == 409
    assert "Bob Own" not in words(ada.get(HOME).text)
    assert post(ada, link, page=link).location == HOME
    assert "Registration: Bob Own" in words(ada.get(HOME).text)
    assert "Registration: Ada Own" in words(stranger.get(HOME).text)  # both addresses are one person's
    assert post(stranger, link, page=HOME).status_code == 410
    post(ada, f"{HOME}addresses/part", address=BOB)
    assert "Bob Own" not in words(ada.get(HOME).text)
    assert "Ada Own" not in words(stranger.get(HOME).text)


def test_an_unknown_second_address_gets_no_mail_and_the_same_answer(app: Flask, ada: FlaskClient):
    said = [post(ada, f"{HOME}addresses", email=email).location + words(ada.get(HOME).text) for email in (BOB, "x@y.example")]
    assert said[0] == said[1]
    assert len(mailbox.deliver(app)) == 1


def test_the_data_of_all_congresses_are_one_file(ada: FlaskClient):
    answer = ada.get(f"{HOME}data/everything.json")
    data = json.loads(answer.text)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert (data["addresses"], [each["person"]["given_name"] for each in data["registrations"]]) == ([ADA], ["Ada"])
    assert [each["congress"] for each in data["delegations"]] == ["krakowice2018", "before2016"]
    assert [(each["event"], each["name"]) for each in data["sign_ups"]] == [("P040", "Ada")]
    assert not [word for word in ("digest", "link_version", "bob") if word in answer.text.lower()]


def test_erasing_ends_what_the_person_may_end_and_asks_for_the_rest(app: Flask, ada: FlaskClient):
    post(ada, f"{HOME}data/erase")
    assert "You have asked for this" in words(ada.get(f"{HOME}data/").text)
    with app.app_context():
        asked = {
            each.delegate.person.given_name: bool(each.erasure_asked_at) for each in db.session.scalars(select(Registration))
        }
        assert (asked["Ada"], asked["Bob"]) == (True, False)
        assert sorted((each.name, each.state) for each in db.session.scalars(select(SignUp))) == [
            ("", "cancelled"),
            ("Bob", "taken"),
        ]
        assert sorted((each.address, each.state) for each in db.session.scalars(select(Subscriber))) == [
            ("", "left"),
            (BOB, "listed"),
        ]
        assert db.session.scalars(select(JoinedAddress)).all() == []


def test_a_city_is_handed_over_with_all_its_years(app: Flask, ada: FlaskClient):
    with app.app_context():
        make_contact("kanazawa", email=ADA)
        db.session.commit()
    links = re.findall(r'href="(/my/delegation/[^"]*)"', ada.get(HOME).text)
    data = {"name": "Nobu New", "email": "nobu@kanazawa.example", "language": "en"}
    assert post(ada, HAND_OVER, page=HAND_OVER, **data).location == HOME
    assert ([ada.get(path).status_code for path in links], ada.get(HAND_OVER).status_code) == ([410, 410], 404)
    assert "Delegation" not in words(ada.get(HOME).text)
    told = {letter["To"].addresses[0].addr_spec: letter["Subject"] for letter in mailbox.deliver(app)}
    assert told == {
        "nobu@kanazawa.example": "You look after your city’s delegations from now on",
        ADA: "Your city’s delegations are handed over",
    }
    nobu = signed_in(app, "nobu@kanazawa.example")
    assert len(re.findall(r'href="/my/delegation/', nobu.get(HOME).text)) == 2
    with app.app_context():
        assert [each.email for each in db.session.scalars(select(Contact).where(Contact.city == the_city("kanazawa")))] == [
            data["email"]
        ]


def test_what_a_colleague_holds_stays_with_the_colleague_who_gets_the_new_link(app: Flask, ada: FlaskClient):
    with app.app_context():
        make_contact("kanazawa", email=ADA)
        made = delegation(the_congress(), BOB)
        before = delegates.link_token(made, app.config["SECRET_KEY"])
        db.session.commit()
    post(ada, HAND_OVER, page=HAND_OVER, name="Nobu", email="nobu@kanazawa.example", language="en")
    with app.app_context():
        made = delegates.delegation_of(the_congress(), the_city("kanazawa"))
        assert made.holder == Recipient("Focal", BOB, "en")
    assert ada.get(f"/my/delegation/{before}/").status_code == 410
    letters = {letter["To"].addresses[0].addr_spec: letter for letter in mailbox.deliver(app)}
    assert sorted(letters) == [ADA, BOB, "nobu@kanazawa.example"]
    assert ada.get(link_in(mailbox.text(letters[BOB]))).status_code == 200


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        (HAND_OVER, {"name": "", "email": "x@y.example", "language": "en"}, 422),
        (HAND_OVER, {"name": "Ada", "email": ADA, "language": "en"}, 422),
        (HAND_OVER, {"name": "A", "email": "x@y.example", "language": "xx"}, 422),
        (f"{HOME}cities/uccn/lodz/hand-over", {"name": "A", "email": "x@y.example", "language": "en"}, 404),
        (f"{HOME}addresses", {"email": "none"}, 422),
    ],
)
def test_what_cannot_be_done_changes_nothing(app: Flask, ada: FlaskClient, path: str, data: dict[str, str], status: int):
    assert post(ada, path, **data).status_code == status
    with app.app_context():
        assert delegates.delegation_of(the_congress(), the_city("kanazawa")).focal_email == "ADA@kanazawa.example"


def test_what_organisers_have_revoked_or_erased_opens_nothing(app: Flask, ada: FlaskClient):
    with app.app_context():
        made = delegates.delegation_of(the_congress(), the_city("kanazawa"))
        delegates.link_token(made, app.config["SECRET_KEY"])
        delegates.revoke_link(made, by="", now=NOW)
        mine = db.session.scalars(select(Registration)).all()
        next(each for each in mine if each.delegate.person.given_name == "Ada").erased_at = NOW
        db.session.commit()
    said = words(ada.get(HOME).text)
    assert ("The organisers have ended its link." in said, "Ada Own" in said) == (True, False)
