"""Calendars are right at every moment, whatever changes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from congress.accounts.models import Account, Role
from congress.accounts.queries import find_account
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Category
from congress.demo import ORGANISER
from congress.feeds import services as feeds
from congress.feeds.models import Purpose
from congress.registration import services as registration
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.states import State
from tests.factories import NOW, the_congress, the_item, utc
from tests.web.door.said import (
    CHOICES,
    FEED,
    PUBLIC,
    AddressOf,
    change,
    is_empty_calendar,
    name_of,
    person_of,
    release,
    titles,
)


def test_a_release_shows_at_once_and_its_tag_and_time_with_it(app: Flask, client: FlaskClient, address_of: AddressOf):
    paths = [FEED, f"{FEED}?lang=en,pl", f"{PUBLIC}session-P022.ics", address_of(), address_of(Purpose.DELEGATION)]
    before = {path: client.get(path) for path in paths}
    change(app, lambda: setattr(the_item("P022"), "titles", Localised(en="Moved on", pl="Dalej")))
    assert {path: client.get(path).data for path in paths} == {path: answer.data for path, answer in before.items()}

    release(app)

    for path in paths:
        after = client.get(path, headers={"If-None-Match": before[path].headers["ETag"]})
        assert (after.status_code, b"Moved on" in after.data) == (200, True), path
        if path.startswith("/krak"):
            asked = {"If-Modified-Since": before[path].headers["Last-Modified"]}
            assert client.get(path, headers=asked).status_code == 200
            assert after.headers["Last-Modified"] == "Thu, 10 May 2018 09:00:00 GMT"


@pytest.mark.parametrize(
    ("attribute", "value", "seen"),
    [
        ("names", Localised(en="Renamed", pl="Po zmianie"), b"X-WR-CALNAME:Renamed"),
        ("long_names", Localised(en="Renamed", pl="Po zmianie"), b"X-WR-CALDESC:Renamed"),
        ("languages", ["pl", "en"], "SUMMARY:7. Festiwal Miłosza".encode()),
        ("timezone", "Asia/Kathmandu", b"TZID=Asia/Kathmandu:"),
        ("starts_on", date(2018, 5, 11), b"REFRESH-INTERVAL;VALUE=DURATION:PT15M"),
    ],
)
def test_a_change_of_the_congress_shows_at_once(app: Flask, client: FlaskClient, attribute: str, value: object, seen: bytes):
    before = client.get(FEED)

    change(app, lambda: setattr(the_congress(), attribute, value))

    after = client.get(FEED, headers={"If-Modified-Since": before.headers["Last-Modified"]})
    assert (seen in before.data, seen in after.data, after.status_code) == (False, True, 200)


def test_a_congress_under_another_name_is_only_there(app: Flask, client: FlaskClient, address_of: AddressOf):
    own = address_of()
    assert (client.get(FEED).status_code, client.get(own).status_code) == (200, 200)
    change(app, lambda: setattr(the_congress(), "slug", "renamed2018"))

    renamed = [path.replace("krakowice2018", "renamed2018") for path in (FEED, own)]
    assert [client.get(path).status_code for path in (FEED, own, *renamed)] == [404, 404, 200, 200]


def test_what_was_deleted_is_not_given(app: Flask, client: FlaskClient, address_of: AddressOf, draft: str):
    paths = [FEED, address_of(), draft]
    assert [client.get(path).status_code for path in paths] == [200] * 3

    def forget_everything() -> None:
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in {"accounts", "roles"}:
                db.session.execute(delete(Role) if table.name == "congresses" else sa.select(1))
                db.session.execute(delete(table))

    change(app, forget_everything)

    answers = [client.get(path) for path in paths]
    assert [(answer.status_code, is_empty_calendar(answer)) for answer in answers] == [(404, False), (404, True), (404, True)]


def test_a_choice_comes_and_goes_and_its_tag_with_it(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    first = client.get(path)
    change(app, lambda: bookings.choose(person_of(path), the_item("P037"), now=NOW))
    second = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    change(app, lambda: bookings.drop(person_of(path), the_item("P037"), now=NOW))

    third = client.get(path, headers={"If-None-Match": second.headers["ETag"]})
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, len(titles(second))) == (200, len(titles(first)) + 1)
    assert (third.status_code, third.data, third.headers["ETag"]) == (200, first.data, first.headers["ETag"])
    assert again.status_code == 304


def test_the_language_of_a_person_is_that_of_the_own_calendar(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    names = [name_of(client.get(path))]
    for language in ("pl", "en"):
        change(app, lambda language=language: setattr(person_of(path).delegate.person, "language", language))
        names.append(name_of(client.get(path)))
    assert names == ["#Krakowice2018: my programme", names[1], "#Krakowice2018: my programme"]
    assert (names[1], names[1] != names[0]) == (name_of(client.get(f"{path}?lang=pl")), True)


def test_the_calendar_follows_the_persons_category(app: Flask, client: FlaskClient, address_of: AddressOf):
    own, delegation = address_of(), address_of(Purpose.DELEGATION)
    whole = titles(client.get(own))
    assert client.get(delegation).status_code == 200
    for path in (own, delegation):
        change(app, lambda path=path: setattr(person_of(path).delegate, "category", Category.COMPANION))

    assert set(titles(client.get(own))) < set(whole)
    assert (client.get(delegation).status_code, is_empty_calendar(client.get(delegation))) == (410, True)


def put(registration: Registration, state: State) -> None:
    """Into a state, with or without the place that belongs to it."""
    registration.state, registration.holds_place = state, state is not State.CANCELLED


@pytest.mark.parametrize("purpose", [Purpose.OWN, Purpose.DELEGATION, Purpose.FIELD])
def test_a_registration_that_ended_has_no_calendar_even_with_its_token(
    app: Flask, client: FlaskClient, address_of: AddressOf, purpose: Purpose
):
    path = address_of(purpose, category=Category.COORDINATOR)
    tag = client.get(path).headers["ETag"]
    change(app, lambda: put(person_of(path), State.CANCELLED))

    for asked in ({}, {"If-None-Match": tag}, {"If-None-Match": "*"}):
        answer = client.get(path, headers=asked)
        assert (answer.status_code, is_empty_calendar(answer)) == (410, True)
    change(app, lambda: put(person_of(path), State.CONFIRMED))
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_an_ended_address_never_gives_what_it_gave(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    tag = client.get(path).headers["ETag"]
    change(app, lambda: feeds.renew_calendar_token(person_of(path), key=app.config["SECRET_KEY"], now=NOW))

    answer = client.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, is_empty_calendar(answer), name_of(answer)) == (
        410,
        True,
        "This calendar address is not valid any more / Ten adres kalendarza nie jest już ważny",
    )


def test_a_delegations_calendar_follows_its_people(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of(Purpose.DELEGATION, given_name="Aya", family_name="One")
    opening = "Opening ceremony"

    def people() -> list[str]:
        return [title.partition(" – ")[2] for title in titles(client.get(path)) if title.startswith(opening)]

    assert people() == ["Aya One"]
    colleague = address_of(given_name="Ben", family_name="Two")
    assert people() == ["Aya One, Ben Two"]
    change(app, lambda: setattr(person_of(colleague).delegate.person, "family_name", "Also"))
    assert people() == ["Ben Also, Aya One"]
    change(app, lambda: bookings.choose(person_of(colleague), the_item("P037"), now=NOW))
    assert next(title for title in titles(client.get(path)) if title.startswith("Thematic workshop 1")).endswith(" – Ben Also")
    change(app, lambda: registration.withdraw(person_of(colleague), now=NOW))
    assert people() == ["Aya One"]
    address_of(given_name="Cleo", family_name="Elsewhere", city="katowice")
    assert people() == ["Aya One"]


@pytest.mark.parametrize(
    "act",
    [lambda account: account.roles_held.clear(), lambda account: setattr(account, "active", False)],
    ids=["without the role", "closed"],
)
def test_a_draft_closes_with_the_organisers_rights(app: Flask, client: FlaskClient, draft: str, act: Callable[[Account], object]):
    tag = client.get(draft).headers["ETag"]
    change(app, lambda: act(find_account(ORGANISER)))

    answer = client.get(draft, headers={"If-None-Match": tag})
    assert (answer.status_code, is_empty_calendar(answer)) == (410, True)


def test_a_draft_follows_every_change_without_a_release(app: Flask, client: FlaskClient, draft: str):
    tags = []
    for title in ("One", "Two", "One"):
        change(app, lambda title=title: setattr(the_item("P022"), "titles", Localised(en=title)))
        answer = client.get(draft)
        assert f"DRAFT: {title}" in titles(answer)
        tags.append(answer.headers["ETag"])
    assert len(set(tags)) == 3  # the sequence went on


def test_people_have_their_own_calendars_at_whatever_time_they_ask(client: FlaskClient, address_of: AddressOf):
    chosen = {address_of(chosen=each): each for each in [(), *((code,) for code in CHOICES), CHOICES]}
    plain = len(titles(client.get(next(iter(chosen)))))
    for path, mine in [*chosen.items(), *reversed(chosen.items())]:
        assert len(titles(client.get(path))) == plain + len(mine)
    assert len({client.get(path).headers["ETag"] for path in chosen}) == len(chosen)


def test_a_new_day_of_the_congress_is_a_new_calendar(client: FlaskClient, address_of: AddressOf):
    own, seen = address_of(), {}
    for instant in (
        utc(2018, 6, 10, 21, 59, 59),
        utc(2018, 6, 10, 22),
        utc(2018, 6, 17, 22),
    ):  # midnight in Kraków is at 22:00 UTC
        with time_machine.travel(instant, tick=False):
            answers = [client.get(path) for path in (FEED, own)]
        pace = [re.search(rb"REFRESH-INTERVAL;VALUE=DURATION:(\w+)", answer.data)[1].decode() for answer in answers]
        seen[instant] = (*pace, answers[0].headers["Last-Modified"])
    assert list(seen.values()) == [
        ("PT1H", "PT1H", "Wed, 02 May 2018 09:00:00 GMT"),
        ("PT15M", "PT15M", "Sun, 10 Jun 2018 22:00:00 GMT"),
        ("P1D", "P1D", "Sat, 16 Jun 2018 22:00:00 GMT"),
    ]


def test_who_reads_while_others_change_has_one_state_or_the_other(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    without = client.get(path)
    change(app, lambda: bookings.choose(person_of(path), the_item("P037"), now=NOW))
    states = {without.headers["ETag"]: without.data, client.get(path).headers["ETag"]: client.get(path).data}
    found, is_over = [], threading.Event()

    def read() -> None:
        own = app.test_client()
        while not is_over.is_set():
            answer = own.get(path)
            found.append((answer.status_code, answer.headers["ETag"], answer.data))

    threads = [threading.Thread(target=read) for _each in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _time in range(8):
            change(app, lambda: bookings.drop(person_of(path), the_item("P037"), now=NOW))
            assert client.get(path).data == without.data
            change(app, lambda: bookings.choose(person_of(path), the_item("P037"), now=NOW))
            assert client.get(path).data != without.data
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert {(status, states.get(tag) == body) for status, tag, body in found} == {(200, True)}


@pytest.mark.parametrize("purpose", [Purpose.DELEGATION, Purpose.FIELD])
def test_what_concerns_others_is_only_for_whom_the_hosts_have_confirmed(
    app: Flask, client: FlaskClient, address_of: AddressOf, purpose: Purpose
):
    path = address_of(purpose, category=Category.COORDINATOR, city="katowice")
    assert (client.get(path).status_code, len(titles(client.get(path))) > 0) == (200, True)
    change(app, lambda: setattr(person_of(path), "state", State.SUBMITTED))
    answer = client.get(path)
    assert (answer.status_code, is_empty_calendar(answer)) == (410, True)
