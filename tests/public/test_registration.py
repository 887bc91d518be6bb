"""``/<congress>/registration/``: the first page of the form, and what becomes of it in the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import CategoryTerms, Delegate, Delegation, Person, Window
from congress.delegates.vocabulary import Category, Step
from congress.outbox.models import Message
from congress.registration.models import Registration
from congress.registration.states import State
from congress.web import mail
from tests.conftest import csrf_token
from tests.registration_form import PATH, START, begin, errors, fill, link_of, register, send

RECEIVED = "/krakowice2018/registration/received"


def counted(app: Flask) -> tuple[int, ...]:
    """Registrations, people, delegations and mails."""
    with app.app_context():
        tables = (Registration, Person, Delegation, Message)
        return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def more(app: Flask, before: tuple[int, ...]) -> list[int]:
    """What has been added since ``counted``."""
    return [after - old for after, old in zip(counted(app), before, strict=True)]


def newest(app: Flask, *columns: Any) -> tuple[Any, ...]:
    """These columns of the registration that was made last, with its delegate and person."""
    with app.app_context():
        found = select(*columns).select_from(Registration).join(Registration.delegate).join(Delegate.person)
        return tuple(db.session.execute(found.order_by(Registration.id.desc())).first() or ())


def newest_mails(app: Flask, number: int) -> list[tuple[str, str, str]]:
    with app.app_context():
        chosen = select(Message.template, Message.recipient, Message.language).order_by(Message.id.desc()).limit(number)
        return [tuple(row) for row in db.session.execute(chosen)][::-1]


def change(app: Flask, **values: Any) -> None:
    """Change the congress."""
    with app.app_context():
        congress = db.session.scalars(select(Congress)).one()
        for name, value in values.items():
            setattr(congress, name, value)
        db.session.commit()


def test_the_first_page_begins_a_registration_that_holds_no_place_and_mails_the_link(app: Flask, client: FlaskClient):
    before = counted(app)

    answer = begin(client, title="Dr")

    assert (answer.status_code, client.get(answer.location).location) == (303, f"{link_of(answer)}form/role")
    assert more(app, before) == [1, 1, 1, 1]
    assert newest(app, Registration.state, Registration.holds_place, Registration.steps_done, Person.title, Person.family_name) == (
        State.STARTED, False, ["identity"], "Dr", "Gęślą-Jaźń",
    )  # fmt: skip
    assert newest_mails(app, 1) == [("registration_started", "zazolc@lodz.example", "pl")]


def test_the_mailed_link_leads_back_into_the_form(app: Flask, client: FlaskClient):
    begin(client)
    assert mail.deliver_due(app) == 1
    written = max((Path(app.instance_path) / "mail").glob("*.eml")).read_text()

    page = app.test_client().get(re.search(r"/my/registration/\w+/", written)[0])  # type: ignore[index]

    assert (page.status_code, "started, not sent yet" in page.text.lower(), "/form/" in page.text) == (200, True, True)


def test_a_form_that_is_sent_is_received_with_a_mail_that_brings_the_link(app: Flask, client: FlaskClient):
    before = counted(app)

    answer = register(client)

    assert (answer.status_code, answer.location) == (303, RECEIVED)
    assert "zazolc@lodz.example" in client.get(RECEIVED).text
    assert more(app, before) == [1, 1, 1, 2]
    assert newest(app, Registration.state, Registration.holds_place) == (State.SUBMITTED, True)
    assert newest_mails(app, 2)[1] == ("registration_received", "zazolc@lodz.example", "pl")
    mail.deliver_due(app)
    written = max((Path(app.instance_path) / "mail").glob("*.eml")).read_text()
    page = app.test_client().get(re.search(r"/my/registration/\w+/", written)[0])  # type: ignore[index]
    assert (page.status_code, "Zażółć Gęślą-Jaźń" in page.text) == (200, True)


def test_sending_twice_makes_one_registration_and_one_mail(app: Flask, client: FlaskClient):
    link = link_of(begin(client))
    fill(client, link)
    first = send(client, link)
    before = counted(app)

    second, back = send(client, link), client.get(f"{link}form/review")

    assert [(each.status_code, each.location) for each in (first, second, back)] == [(303, RECEIVED)] * 3
    assert more(app, before) == [0, 0, 0, 0]


def test_whoever_registers_twice_learns_nothing_and_the_person_gets_the_link(app: Flask, client: FlaskClient):
    stranger, other = app.test_client(), app.test_client()
    register(client)
    before = counted(app)
    link = link_of(begin(stranger, given_name="ZAZOLC", email="Zazolc@lodz.example"))
    fill(stranger, link)

    again, fresh = send(stranger, link), register(other, given_name="Ewa")

    assert (again.status_code, again.location) == (fresh.status_code, fresh.location)
    assert [stranger.get(link).location, stranger.get(f"{link}form/role").location] == [RECEIVED] * 2
    assert app.test_client().get(link).status_code == 404
    assert more(app, before) == [2, 2, 0, 4]
    assert [template for template, *_rest in newest_mails(app, 4)] == [
        "registration_started", "registration_again", "registration_started", "registration_received",
    ]  # fmt: skip


def test_one_first_page_sent_twice_begins_one_registration(app: Flask, client: FlaskClient):
    key = "6f1e3c1e-0000-4000-8000-000000000001"
    first = begin(client, submission=key)
    before = counted(app)

    second = begin(client, submission=key)

    assert (second.status_code, second.location) == (303, first.location)
    assert more(app, before) == [0, 0, 0, 0]


def test_the_first_page_sent_again_after_the_end_opens_nothing(app: Flask, client: FlaskClient):
    key = "6f1e3c1e-0000-4000-8000-000000000002"
    register(client, submission=key)

    again = begin(app.test_client(), submission=key)

    assert (again.status_code, again.location) == (303, RECEIVED)


@pytest.mark.parametrize("typed", ["Łódź", "ŁÓDŹ, Polska"])
def test_the_city_may_be_written_in_any_spelling(app: Flask, client: FlaskClient, typed: str):
    assert begin(client, city=typed).status_code == 303


WRONG: list[tuple[dict[str, str], str]] = [
    ({"category": ""}, "Choose your role at the congress."),
    ({"category": "emperor"}, "Choose one of the roles in the list."),
    ({"city": ""}, "Choose your city."),
    ({"given_name": "  \t "}, "Write your given name."),
    ({"family_name": "x" * 100_000}, "This is too long: 100000 characters. Shorten it to at most 100."),
    ({"family_name": "Kow\x00alski"}, "There are invisible control characters in this text. Please type it again."),
    ({"email": ""}, "Write your e-mail address."),
    ({"email": "jan@"}, "This is not an e-mail address. Write it as name@city.example."),
    ({"email": "a@lodz.example\nBcc: b@lodz.example"}, "Write one e-mail address only, such as name@city.example."),
    ({"email": "x" * 300 + "@lodz.example"}, "This is too long: 313 characters. Shorten it to at most 254."),
    ({"language": "tlh"}, "Choose one of the languages in the list."),
    ({"title": "x" * 41}, "This is too long: 41 characters. Shorten it to at most 40."),
    ({"category": "companion"}, "Write the name or e-mail address of the delegate you come with."),
    ({"category": "press", "city": "", "motive": "Reports"}, "Write which medium you work for."),
    ({"category": "press", "city": "", "outlet": "Radio"}, "Write in a sentence or two what you want to report on."),
]


def test_a_wrong_field_gets_a_sentence_and_nothing_is_written(app: Flask, client: FlaskClient):
    before = counted(app)

    answers = [begin(client, **changes) for changes, _sentence in WRONG]

    assert [(each.status_code, errors(each)) for each in answers] == [(422, [sentence]) for _changes, sentence in WRONG]
    assert more(app, before) == [0, 0, 0, 0]


def test_the_summary_says_of_which_field_a_general_sentence_speaks(client: FlaskClient):
    answer = begin(client, given_name="x" * 101, family_name="Kow\x00alski", email="")

    found = re.search(r'class="error-summary".*?</ul>', answer.text, re.DOTALL)
    assert found and re.findall(r'<a href="#(\w+)">(.*?)</a>', found[0]) == [
        ("given_name", "Given name: This is too long: 101 characters. Shorten it to at most 100."),
        ("family_name", "Family name: There are invisible control characters in this text. Please type it again."),
        ("email", "Write your e-mail address."),
    ]


def test_an_empty_form_names_everything_that_is_needed(client: FlaskClient):
    answer = client.post(PATH, data={"csrf_token": csrf_token(client, PATH)})

    assert (answer.status_code, errors(answer)) == (
        422,
        ["Choose your role at the congress.", "Write your given name.", "Write your family name.", "Write your e-mail address."],
    )


def test_what_was_typed_is_kept_beside_an_error(client: FlaskClient):
    answer = begin(client, email="jan", comes_with="<b>„Kino”</b>")

    assert 'value="&lt;b&gt;„Kino”&lt;/b&gt;"' in answer.text
    assert re.search(r'<option selected value="lodz">', answer.text)


@pytest.mark.parametrize("city", ["warszawa", "<script>alert(1)</script>"])
def test_a_city_that_is_no_member_is_told_so_politely(app: Flask, client: FlaskClient, city: str):
    before = counted(app)

    answer = begin(client, city=city)

    assert (answer.status_code, more(app, before)) == (422, [0, 0, 0, 0])
    assert errors(answer) == [
        f"“{city}” is not a member city of UCCN. Choose a city from the list. "
        "Other cities are welcome at the public events, which need no registration."
    ]


def test_names_of_any_script_are_stored_clean(app: Flask, client: FlaskClient):
    typed = ["محمد", "\u202eeman\u202c", "José\u00a0 María\n", "=HYPERLINK(1)"]

    stored = [(begin(client, family_name=name).status_code, *newest(app, Person.family_name)) for name in typed]

    assert stored == [(303, name) for name in ("محمد", "eman", "José María", "=HYPERLINK(1)")]


def test_one_address_may_register_two_people(app: Flask, client: FlaskClient):
    before = counted(app)
    register(client)
    register(client, given_name="Ewa")
    assert more(app, before) == [2, 2, 1, 4]


def test_companions_and_the_press_say_what_the_hosts_need(app: Flask, client: FlaskClient):
    begin(client, category="companion", comes_with="Anna Nowak", motive="not asked of companions")
    companion = newest(app, Delegate.category, Delegate.remark, Delegate.organisation)
    begin(client, category="press", city="", outlet="Radio Łódź", motive="The opening", comes_with="nobody")
    press = newest(app, Delegate.category, Delegate.remark, Delegate.organisation, Delegate.delegation_id)

    assert companion == (Category.COMPANION, "Anna Nowak", "")
    assert press == (Category.PRESS, "The opening", "Radio Łódź", None)


def test_a_role_that_is_not_offered_is_not_in_the_list_and_not_taken(app: Flask, client: FlaskClient):
    with app.app_context():
        congress = db.session.scalars(select(Congress)).one()
        db.session.add(CategoryTerms(congress_id=congress.id, category=Category.SECRETARIAT, is_offered=False))
        db.session.commit()
    before = counted(app)

    page, answer = client.get(PATH), begin(client, category="secretariat", city="")

    assert ('value="secretariat"' in page.text, 'value="observer"' in page.text) == (False, True)
    assert (answer.status_code, errors(answer), more(app, before)) == (422, ["Choose one of the roles in the list."], [0] * 4)


def test_a_role_whose_window_is_over_is_told_so_and_others_are_not(app: Flask, client: FlaskClient):
    with app.app_context():
        congress = db.session.scalars(select(Congress)).one()
        over = datetime(2018, 5, 1, tzinfo=UTC)
        db.session.add(Window(congress_id=congress.id, category=Category.PRESS, step=Step.IDENTITY, closes_at=over))
        db.session.commit()

    press, delegate = begin(client, category="press", city="", outlet="Radio", motive="Opening"), begin(client)

    assert (errors(press), delegate.status_code) == (["Registration in this role is not open now. Write to the organisers."], 303)


def test_a_closed_registration_says_when_it_closed_and_takes_nothing(app: Flask, client: FlaskClient):
    link = link_of(begin(client))
    fill(client, link)
    token = csrf_token(client, PATH)
    change(app, registration_closes_at=datetime(2018, 5, 15, 22, 0, tzinfo=UTC))
    before = counted(app)

    page, answer = client.get(PATH), client.post(PATH, data={"csrf_token": token, **START})
    sent = client.post(f"{link}form/review", data={"csrf_token": token})

    assert (page.status_code, answer.status_code, sent.status_code) == (200, 409, 409)
    assert "Registration closed on 15 May 2018." in page.text
    assert "What you have filled in is kept but cannot be sent any more." in sent.text
    assert more(app, before) == [0, 0, 0, 0]


def test_a_congress_that_is_over_takes_nobody_unless_registration_is_kept_open(app: Flask, client: FlaskClient):
    token = csrf_token(client, PATH)
    kept_open = client.get(PATH).text
    change(app, registration_closes_at=None)
    page, answer = client.get(PATH).text, client.post(PATH, data={"csrf_token": token, **START})

    assert "The congress took place on 12–15 June 2018" in kept_open
    assert ["Registration closed on 15 June 2018." in page, "The congress took place on 12–15 June 2018." in page] == [True] * 2
    assert (answer.status_code, "Registration closed on 15 June 2018." in answer.text) == (409, True)


def test_somebody_of_a_city_with_a_focal_point_waits_for_that_one(app: Flask, client: FlaskClient):
    begin(client)
    with app.app_context():
        delegation = db.session.scalars(select(Delegation).order_by(Delegation.id.desc())).first()
        delegation.focal_email, delegation.focal_name = "ewa@lodz.example", "Ewa Focal"
        db.session.commit()

    register(client)
    observer = register(client, category="observer", given_name="Otto")

    with app.app_context():
        rows = db.session.execute(select(Registration.awaits_focal_point).order_by(Registration.id.desc()).limit(2)).all()
    assert ([row[0] for row in rows], observer.status_code) == ([False, True], 303)
    asked = [each for each in newest_mails(app, 6) if each[0] == "person_asks"]
    assert asked == [("person_asks", "ewa@lodz.example", "en")]


def test_a_form_without_its_token_is_refused_with_a_page(app: Flask, client: FlaskClient):
    before = counted(app)
    answer = client.post(PATH, data=START)
    assert (answer.status_code, "The form could not be checked" in answer.text, more(app, before)) == (400, True, [0] * 4)


def test_a_body_over_the_limit_is_refused_with_a_page(client: FlaskClient):
    answer = begin(client, given_name="x" * 1_100_000)
    assert (answer.status_code, "What you sent is too large" in answer.text) == (413, True)


def test_a_database_without_tables_is_told_as_a_page(new_app: Callable[[str], Flask]):
    answer = new_app().test_client().get(PATH)
    assert (answer.status_code, "The service is not available at the moment" in answer.text) == (503, True)
