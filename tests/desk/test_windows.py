"""``/desk/<congress>/windows/``: deadlines of the form."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.delegates.models import Window
from congress.delegates.vocabulary import Category, Step
from congress.registration import services
from congress.registration.models import Opening, Registration
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_registration
from tests.my.test_form_changed import marks, told
from tests.registration_form import errors
from tests.statements import statements

PATH = "/desk/krakowice2018/windows/"


def send(client: FlaskClient, path: str, **data: str):
    return client.post(path, data={"csrf_token": csrf_token(client, f"{PATH}new"), **data})


def windows(app: Flask) -> list[tuple]:
    with app.app_context():
        rows = select(Window.category, Window.step, Window.opens_at, Window.closes_at).order_by(Window.id)
        return [tuple(row) for row in db.session.execute(rows)]


def first(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Window.id).order_by(Window.id)).one()


def test_a_deadline_is_set_changed_and_removed(app: Flask, organiser: FlaskClient):
    added = send(organiser, f"{PATH}new", step="travel", category="mayor", closes_on="2018-05-20")
    after_adding = windows(app)
    page = organiser.get(PATH).text
    path = f"{PATH}{first(app)}"
    before = organiser.get(path).text
    send(organiser, path, step="travel", category="", opens_on="2018-03-01", closes_on="2018-05-25", closes_time="12:00")
    changed = windows(app)
    shown = organiser.get(path).text
    removed = [send(organiser, f"{path}/remove").status_code for _twice in range(2)]

    # The whole day is open still: it ends at midnight in the congress's zone.
    assert (added.status_code, after_adding) == (
        303,
        [(Category.MAYOR, Step.TRAVEL, None, datetime(2018, 5, 20, 22, tzinfo=UTC))],
    )
    assert ["Travel and stay" in page, ">20 May 2018</td>" in page, 'value="2018-05-20"' in before] == [True, True, True]
    assert changed == [(None, Step.TRAVEL, datetime(2018, 2, 28, 23, tzinfo=UTC), datetime(2018, 5, 25, 10, tzinfo=UTC))]
    assert ['value="2018-05-25"' in shown, 'value="12:00"' in shown] == [True, True]
    assert (removed, windows(app)) == ([303, 303], [])


def test_a_deadline_that_makes_no_sense_is_refused(app: Flask, organiser: FlaskClient):
    wrong = [
        ({}, "Write at least one of the two days."),
        ({"opens_on": "2018-05-20", "closes_on": "2018-05-19"}, "It would close before it opens. Check both days."),
        ({"closes_on": "2018-02-30"}, "This day does not exist. Write it as 2018-06-12."),
        ({"closes_on": "2018-05-20", "category": "emperor"}, "Choose from the list."),
    ]
    said = [
        (answer.status_code, errors(answer)) for data, _sentence in wrong for answer in [send(organiser, f"{PATH}new", **data)]
    ]
    assert said == [(422, [sentence]) for _data, sentence in wrong]
    assert windows(app) == []


def test_the_second_of_two_organisers_is_told_what_the_first_has_changed(app: Flask, organiser: FlaskClient):
    send(organiser, f"{PATH}new", step="travel", closes_on="2018-05-20")
    path = f"{PATH}{first(app)}"
    tab = marks(organiser.get(path))
    send(organiser, path, step="travel", closes_on="2018-05-25", closes_time="12:00")
    before = windows(app)

    refused = send(organiser, path, seen=tab, step="travel", closes_on="2018-05-22", closes_time="")
    after_refusal = windows(app)
    again = send(organiser, path, seen=marks(refused), step="travel", closes_on="2018-05-22", closes_time="")

    assert (refused.status_code, told(refused)) == (
        409,
        ["Closes on: saved now: 25 May 2018; yours: 22 May 2018", "At: saved now: 12:00; yours: –"],
    )
    assert (after_refusal, again.status_code) == (before, 303)
    assert windows(app) == [(None, Step.TRAVEL, None, datetime(2018, 5, 22, 22, tzinfo=UTC))]


def test_a_deadline_removed_meanwhile_can_be_added_anew(app: Flask, organiser: FlaskClient):
    send(organiser, f"{PATH}new", step="travel", closes_on="2018-05-20")
    path = f"{PATH}{first(app)}"
    tab = marks(organiser.get(path))
    send(organiser, f"{path}/remove")

    refused = send(organiser, path, seen=tab, step="travel", closes_on="2018-05-22")

    assert (refused.status_code, windows(app), 'value="2018-05-22"' in refused.text) == (409, [], True)
    assert re.search(r'<form method="post" action="([^"]+)" novalidate', refused.text)[1] == f"{PATH}new"
    assert send(organiser, path, closes_on="2018-05-22").status_code == 404


def test_the_form_is_opened_for_one_person(app: Flask, organiser: FlaskClient):
    with app.app_context():
        made, gone = make_registration(now=NOW), make_registration(now=NOW)
        services.withdraw(gone, actor=HOSTS, now=NOW)
        db.session.commit()
        made_id = made.id
        path, ended = f"{PATH}people/{made.id}", f"{PATH}people/{gone.id}"

    opened = send(organiser, path, step="needs", until_on="2098-12-31", why="Late visa")
    past = send(organiser, path, until_on="2018-01-01", why="Late visa")
    without = send(organiser, path)
    refused = send(organiser, ended, until_on="2098-12-31", why="Late visa")

    assert (opened.status_code, errors(past)) == (303, ["This time is over already. Choose a later one."])
    assert errors(without) == ["Write until which day.", "Write why, for those who look at it later."]
    assert errors(refused) == ["This registration has ended."]
    with app.app_context():
        rows = db.session.execute(select(Opening.step, Opening.until, Opening.by, Opening.why)).all()
    assert [tuple(row) for row in rows] == [
        (Step.NEEDS, datetime(2098, 12, 31, 23, tzinfo=UTC), "organiser@krakowice.example", "Late visa")
    ]
    assert "Late visa" in organiser.get(PATH).text
    assert "Form opened: What you need. Late visa" in organiser.get(f"/desk/krakowice2018/registrations/{made_id}/").text
    assert organiser.get(f"{PATH}people/{2**31 - 1}").status_code == 404


def test_the_list_asks_the_same_for_one_and_three(app: Flask, organiser: FlaskClient):
    counts = []
    for number in (1, 2):
        for _each in range(number):
            send(organiser, f"{PATH}new", closes_on="2018-05-20")
        with app.app_context(), statements() as seen:
            organiser.get(PATH)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_who_only_reads_the_programme_sees_no_deadlines(app: Flask, organiser: FlaskClient):
    token = csrf_token(organiser, f"{PATH}new")
    with app.app_context():
        congress = db.session.scalars(select(Registration.congress_id)).first()
        for role in db.session.scalars(select(Role)):
            role.kind, role.congress_id = RoleKind.PROGRAMME_READER, congress
        db.session.commit()
    answers = organiser.get(PATH), organiser.post(f"{PATH}new", data={"csrf_token": token, "closes_on": "2018-05-20"})
    assert ([each.status_code for each in answers], windows(app)) == ([403, 403], [])
