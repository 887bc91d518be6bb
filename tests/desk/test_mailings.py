"""``/desk/<congress>/mails/new``: one mail to many, once."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from congress.core.db import db
from congress.delegates.services import delegation_of
from congress.outbox.models import Mailing, Message, MessageState
from congress.registration import services
from congress.registration.models import Registration
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_registration, the_city, the_congress
from tests.web.mailbox import deliver, text

NEW = "/desk/krakowice2018/mails/new"
WORDS = {
    "subject_en": "Buses",
    "body_en": "Dear {person} ({category}), {personal_link}",
    "subject_pl": "Autobusy",
    "body_pl": "Miasto: {city}",
}


@pytest.fixture
def people(app: Flask) -> list[int]:
    """Three people, the second of whom reads Polish; nobody has a mail that waits."""
    with app.app_context():
        made = [
            make_registration(
                given_name="Ada", family_name=name, email=f"{name.lower()}@kanazawa.example", language=language, city=city
            ).id
            for name, language, city in (("Ames", "en", "kanazawa"), ("Bak", "pl", "lodz"), ("Cruz", "en", "fabriano"))
        ]
        db.session.execute(update(Message).values(state=MessageState.SENT))
        db.session.commit()
        return made


def to(people: list[int]) -> str:
    return f"{NEW}?to=registrations&ids={','.join(map(str, people))}"


def hidden(page: str) -> dict[str, str]:
    """The hidden values of the form on a page."""
    found = {}
    for name in ("key", "seen", "csrf_token"):
        tag = next(each for each in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in each)
        found[name] = html.unescape(re.search(r'value="([^"]*)"', tag)[1])
    return found


def preview(client: FlaskClient, path: str, **words: str) -> tuple[dict[str, str], str]:
    """What the form holds after a preview, and the page."""
    answer = client.post(path, data={"csrf_token": csrf_token(client, path), "action": "preview", **(words or WORDS)})
    assert answer.status_code == 200, answer.text
    return {**hidden(answer.text), **(words or WORDS)}, html.unescape(answer.text)


def queued(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = db.session.execute(
            select(Message.recipient, Message.language, Message.about).where(Message.template == "bulk").order_by(Message.id)
        )
        return [tuple(each) for each in found]


def test_the_number_and_samples_in_their_languages_come_first_and_nothing_is_sent(
    organiser: FlaskClient, app: Flask, people: list[int]
):
    _form, page = preview(organiser, to(people))
    assert "3 e-mails would leave" in page
    assert "Dear Ada Ames (delegate of a member city), http://localhost/my/registration/…/" in page
    assert "Miasto: Łódź" in page
    assert (re.findall(r"/my/registration/[a-z2-7]{32}", page), queued(app)) == ([], [])


def test_it_is_sent_once_to_each_however_often_the_button_is_pressed(organiser: FlaskClient, app: Flask, people: list[int]):
    form, _page = preview(organiser, to(people))
    answers = [organiser.post(to(people), data={**form, "action": "send"}) for _pressed_twice in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert queued(app) == [
        ("ames@kanazawa.example", "en", f"registration:{people[0]}"),
        ("bak@kanazawa.example", "pl", f"registration:{people[1]}"),
        ("cruz@kanazawa.example", "en", f"registration:{people[2]}"),
    ]
    with app.app_context():
        assert [(each.number, each.queued_by) for each in db.session.scalars(select(Mailing))] == [
            (3, "organiser@krakowice.example")
        ]
        letters = deliver(app)
        link = f"/my/registration/{services.link_token(db.session.get_one(Registration, people[0]), app.config['SECRET_KEY'])}/"
    assert [each["subject"] for each in letters] == ["Buses", "Autobusy", "Buses"]
    assert link in text(letters[0])
    assert text(letters[1]).startswith("Miasto: Łódź")
    assert "List-Unsubscribe" not in letters[0]


def test_how_far_it_is_stands_on_the_page_until_every_mail_has_left(organiser: FlaskClient, app: Flask, people: list[int]):
    form, _page = preview(organiser, to(people))
    organiser.post(to(people), data={**form, "action": "send"})
    said = []
    for states in (
        (),
        (MessageState.SENT, MessageState.DROPPED),
        (MessageState.SENT, MessageState.DROPPED, MessageState.REFUSED),
    ):
        with app.app_context():
            for recipient, state in zip(("ames", "bak", "cruz"), states, strict=False):
                db.session.execute(
                    update(Message)
                    .where(Message.template == "bulk", Message.recipient == f"{recipient}@kanazawa.example")
                    .values(state=state)
                )
            db.session.commit()
        page = organiser.get("/desk/krakowice2018/mails/sent?lang=en").text
        said.append(re.findall(r"\d+ of \d+ e-mails have left|\d+ e-mails? could not be delivered", page))

    assert said == [["0 of 3 e-mails have left"], ["2 of 3 e-mails have left"], ["1 e-mail could not be delivered"]]


def test_it_is_not_sent_to_others_than_the_preview_showed(organiser: FlaskClient, app: Flask, people: list[int]):
    form, _page = preview(organiser, f"{NEW}?to=registrations&city=kanazawa")
    with app.app_context():
        make_registration(city="kanazawa")
        db.session.commit()
    answer = organiser.post(f"{NEW}?to=registrations&city=kanazawa", data={**form, "action": "send"})
    assert (answer.status_code, queued(app)) == (409, [])
    assert "have changed since the preview" in answer.text


@pytest.mark.parametrize("changed", [{"body_en": "Other words"}, {"seen": ""}, {"seen": "x" * 32}])
def test_other_words_than_those_of_the_preview_are_not_sent(organiser: FlaskClient, app: Flask, people: list[int], changed):
    form, _page = preview(organiser, to(people))
    assert organiser.post(to(people), data={**form, **changed, "action": "send"}).status_code == 409
    assert queued(app) == []


def test_who_has_left_is_not_written_to_neither_before_nor_after_it_was_queued(
    organiser: FlaskClient, app: Flask, people: list[int]
):
    with app.app_context():
        services.withdraw(db.session.get_one(Registration, people[0]), actor=HOSTS, now=NOW)
        db.session.commit()
    form, page = preview(organiser, to(people))
    assert "2 e-mails would leave" in page
    organiser.post(to(people), data={**form, "action": "send"})
    with app.app_context():
        services.reject(db.session.get_one(Registration, people[1]), actor=HOSTS, now=NOW)
        db.session.commit()
        bulk = [each["to"] for each in deliver(app) if each["subject"] in ("Buses", "Autobusy")]
    assert bulk == ["cruz@kanazawa.example"]


def test_those_who_look_after_delegations_get_the_link_of_their_city(organiser: FlaskClient, app: Flask, people: list[int]):
    with app.app_context():
        delegation = delegation_of(the_congress(), the_city("lodz"))
        delegation.focal_name, delegation.focal_email, delegation.focal_language = "Jan Nowak", "jan@lodz.example", "pl"
        db.session.commit()
        path = f"{NEW}?to=delegations&ids={delegation.id}"
    form, page = preview(organiser, path, subject_en="Your list", body_en="Dear {name}, {city}: {most}, {link}")
    assert "1 e-mail would leave" in page
    organiser.post(path, data={**form, "action": "send"})
    with app.app_context():
        (letter,) = deliver(app)
    assert letter["to"] == "jan@lodz.example"
    assert re.match(r"Dear Jan Nowak, Łódź: \d+, http://\S+/my/delegation/[a-z2-7]{32}/\n", text(letter))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({}, "Write a subject and a text, in one language at least."),
        ({"subject_en": "x"}, "Write a subject and a text, in one language at least."),
        ({"subject_en": "x", "body_en": "y", "body_pl": "z"}, "Write a subject and a text, in one language at least."),
        ({"subject_en": "x", "body_en": "{link}"}, "{link} is no placeholder of this e-mail."),
        ({"subject_en": "{person!r}", "body_en": "x"}, "There is a brace that belongs to no placeholder"),
    ],
)
def test_words_that_cannot_be_sent_are_refused(organiser: FlaskClient, app: Flask, people: list[int], words, sentence):
    answer = organiser.post(to(people), data={"csrf_token": csrf_token(organiser, to(people)), "action": "send", **words})
    assert (answer.status_code, sentence in html.unescape(answer.text), queued(app)) == (422, True, [])


@pytest.mark.parametrize(
    "query", ["?ids=x,,99999999999", "?ids=0", "?state=nonsense&ids=0", "?to=delegations&ids=999999", "?to=%00&ids=0"]
)
def test_where_nobody_matches_nothing_can_be_sent(organiser: FlaskClient, app: Flask, people: list[int], query: str):
    page = organiser.get(NEW + query)
    assert (page.status_code, "Nobody matches" in page.text) == (200, True)


def test_a_person_of_another_congress_is_never_written_to(organiser: FlaskClient, app: Flask, people: list[int]):
    with app.app_context():
        other = db.session.get_one(Registration, people[0])
        other.congress_id = make_other_congress()
        db.session.commit()
    assert "2 e-mails would leave" in preview(organiser, to(people))[1]


def make_other_congress() -> int:
    here = the_congress()
    columns = {each.key: getattr(here, each.key) for each in type(here).__mapper__.column_attrs if each.key not in {"id", "slug"}}
    other = type(here)(**columns, slug="elsewhere2018")
    db.session.add(other)
    db.session.flush()
    return other.id
