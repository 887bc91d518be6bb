"""Many people at once for few places, over real processes: first that the race is real without the locks, then that they end it."""

from __future__ import annotations

import http.client
import re
import threading
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.delegates import services as delegates
from congress.delegates.models import Delegate
from congress.networks import queries as networks
from congress.outbox.models import Message
from congress.registration import places, queries, services
from congress.registration.bookings import offers
from congress.registration.models import Booking, Registration
from congress.registration.states import State
from congress.registration.vocabulary import BookingState
from tests.concurrency.test_no_stale_feed import connected, served
from tests.concurrency.test_races import at_once
from tests.factories import NOW, give_room, make_applicant, make_registration, the_congress, the_item

PEOPLE, PLACES = 200, 10
WORKSHOP = "P037"
_AT_A_TIME = 16
KEY = "test-only-key-0123456789-abcdefghijklmnop"
Post = tuple[str, dict[str, Any]]


class Crowd:
    """Many people at one server, who share one cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        for connection in connected(port):
            connection.close()  # both processes answer
        answer, page = self._ask("GET", "/krakowice2018/registration/", "", {})
        self.cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def post(self, path: str, data: dict[str, Any]) -> int:
        """The status of the answer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **data}, doseq=True), headers)[0].status

    def post_at_once(self, posts: Sequence[Post]) -> list[int]:
        """The statuses of the answers, in the order of the posts."""
        barrier = threading.Barrier(min(_AT_A_TIME, len(posts)))

        def send(number: int) -> int:
            if number < barrier.parties:
                barrier.wait(30)
            return self.post(*posts[number])

        with ThreadPoolExecutor(barrier.parties) as threads:
            return list(threads.map(send, range(len(posts))))

    def post_until_served(self, posts: Sequence[Post]) -> list[int]:
        """As ``post_at_once``; whoever is told that there is a crowd, and to try again, does so."""
        statuses = self.post_at_once(posts)
        while busy := [number for number, status in enumerate(statuses) if status == 503]:
            for number, status in zip(busy, self.post_at_once([posts[number] for number in busy]), strict=True):
                statuses[number] = status
        return statuses


def is_sqlite(app: Flask) -> bool:
    return app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")


def link(registration: Registration, rest: str) -> str:
    return f"/my/registration/{services.link_token(registration, KEY)}/{rest}"


def people_who_want(number: int, places: int) -> list[Post]:
    """So many people, each about to choose the workshop."""
    the_item(WORKSHOP).places = places
    posts = [(link(make_registration(), "sessions/"), {"item": WORKSHOP}) for _each in range(number)]
    db.session.commit()
    return posts


def queue() -> list[tuple[int, BookingState]]:
    """Who has chosen the workshop, in order."""
    db.session.rollback()
    rows = db.session.execute(
        select(Booking.registration_id, Booking.state)
        .where(Booking.item_id == the_item(WORKSHOP).id)
        .order_by(Booking.booked_at, Booking.id)
    )
    return [(row[0], row[1]) for row in rows]


def told(*templates: str) -> Counter[tuple[str, int]]:
    """Mails by template and registration."""
    db.session.rollback()
    found = db.session.scalars(select(Message).where(Message.template.in_(templates)))
    return Counter((each.template, each.facts["registration"]) for each in found)


def test_without_locks_a_workshop_is_sold_too_often_or_people_are_sent_away(context: Flask):
    with served(context, "unlocked") as port:
        crowd = Crowd(port)
        for _round in range(5):  # on a busy machine they do not always meet
            statuses = Counter(crowd.post_at_once(people_who_want(8, 3)))
            taken = sum(state is BookingState.TAKEN for _person, state in queue())
            # Of SQLite nobody may write who read before another one wrote.
            if has_gone_wrong := statuses[503] > 0 if is_sqlite(context) else taken > 3:
                break
            db.session.execute(delete(Booking))
            db.session.commit()
    assert has_gone_wrong


def test_two_hundred_people_want_the_last_ten_places_and_ten_are_given_back(context: Flask):
    posts = people_who_want(PEOPLE, PLACES)
    with served(context, "app") as port:
        crowd = Crowd(port)
        assert Counter(crowd.post_until_served([*posts, *posts[:20]])) == {303: PEOPLE + 20}  # twenty of them click twice
        first = queue()
        assert Counter(state for _person, state in first) == {BookingState.TAKEN: PLACES, BookingState.WAITING: PEOPLE - PLACES}
        assert len({person for person, _state in first}) == PEOPLE
        assert told("booking_given", "booking_offered") == {}  # the page has said it

        having = {person for person, state in first if state is BookingState.TAKEN}
        back = [(link(db.session.get_one(Registration, each), "sessions/"), {"had": WORKSHOP}) for each in having]
        db.session.rollback()
        assert Counter(crowd.post_until_served([*back, *back])) == {303: 2 * PLACES}
    waited = [person for person, state in first if state is BookingState.WAITING]
    served_next, still = waited[:PLACES], waited[PLACES:]
    assert {person for person, state in queue() if state is BookingState.TAKEN} == set(served_next)
    assert [person for person, state in queue() if state is BookingState.WAITING] == still
    assert told("booking_given") == {("booking_given", person): 1 for person in served_next}


CITIES = 4


def cities() -> list[str]:
    """Some member cities from which nobody comes yet."""
    congress = the_congress()
    used = set(db.session.scalars(select(delegates.Delegation.city_id)))
    free = [each.city for each in networks.members(congress.network, congress.starts_on) if each.city_id not in used]
    return [city.slug for city in free[:CITIES]]


def replace_and_withdraw(app: Flask, name: str) -> tuple[Counter[int], list[int]]:
    """In each of some cities the focal point replaces a person who withdraws at that moment."""
    people, posts = [], []
    for slug in cities():
        person = make_registration(city=slug)
        delegation = person.delegate.delegation
        form = {
            "title": "", "given_name": "Ada", "family_name": "Successor", "email": f"ada@{slug}.example", "language": "en",
            "category": "delegate", "part": "member", "function": "", "organisation": "", "note": "",
            "version": delegation.version, "submission": str(uuid.uuid4()),
        }  # fmt: skip
        posts += [
            (f"/my/delegation/{delegates.link_token(delegation, KEY)}/people/{person.id}/replace", form),
            (link(person, "withdraw"), {}),
        ]
        people.append(person.id)
    db.session.commit()
    with served(app, name) as port:
        statuses = Counter(Crowd(port).post_at_once(posts))
    db.session.rollback()
    return statuses, people


def test_without_locks_who_is_replaced_and_withdraws_at_once_leaves_somebody_with_an_error(context: Flask):
    statuses, _people = replace_and_withdraw(context, "unlocked")
    assert statuses.keys() & {409, 500, 503}  # the version of the row stands in the way


def test_who_is_replaced_and_withdraws_at_once_has_done_one_of_them(context: Flask):
    statuses, people = replace_and_withdraw(context, "app")
    assert not statuses.keys() & {500, 503}
    for number in people:
        person = db.session.get_one(Registration, number)
        new = db.session.scalars(select(Registration).where(Registration.replaces_id == number)).all()
        mails = told("registration_replaced", "registration_withdrawn")
        if person.state is State.REPLACED:
            assert ([each.holds_place for each in new], mails["registration_withdrawn", number]) == ([True], 0)
        else:
            assert (person.state, list(new), mails["registration_replaced", number]) == (State.CANCELLED, [], 0)
        assert (person.holds_place, sum(mails[key] for key in mails if key[1] == number)) == (False, 1)


def offers_that_end_now(seconds: float, of: int = CITIES) -> list[tuple[Registration, Registration]]:
    """In each of some cities somebody who was offered the only place until then, and the next one who waits."""
    the_congress().offer_hours = 24
    pairs = []
    for slug in cities()[:of]:
        first = make_registration(city=slug)
        give_room(slug, 1)
        offered, behind = (_waits(slug, number) for number in (1, 2))
        services.withdraw(first, now=NOW)
        pairs.append((offered, behind))
    ends_at = now() + timedelta(seconds=seconds)
    for offered, _behind in pairs:
        assert offered.offered_until is not None
        offered.offered_until = ends_at
    db.session.commit()
    return pairs


def _waits(slug: str, number: int) -> Registration:
    applicant = make_applicant(city=slug, given_name=f"Number{number}")
    return services.register(the_congress(), applicant, key=KEY, now=NOW + timedelta(minutes=number))


def take_and_lapse(app: Flask) -> tuple[list[tuple[int, int]], Counter[str]]:
    """All take the offered places in the moment in which the offers end, while a worker ends them; what went wrong."""
    with served(app, "app") as port:
        crowd = Crowd(port)
        pairs = offers_that_end_now(1.0)
        ids = [(offered.id, behind.id) for offered, behind in pairs]
        posts = [(link(offered, "accept-offer"), {}) for offered, _behind in pairs]
        db.session.commit()
        problems: Counter[str] = Counter()

        def lapse() -> None:
            with app.app_context():
                ends_at = now() + timedelta(seconds=2.5)
                while now() < ends_at:
                    try:
                        begin_writing()
                        offers.lapse_offers(the_congress(), now=now())
                        db.session.commit()
                    except SQLAlchemyError as problem:
                        db.session.rollback()
                        problems[type(problem).__name__] += 1
                db.session.remove()

        worker = threading.Thread(target=lapse)
        worker.start()
        threading.Event().wait(0.9)
        problems.update(str(status) for status in crowd.post_at_once(posts) if status not in (303, 410))
        worker.join(30)
    db.session.rollback()
    return ids, problems


def test_without_locks_an_offer_taken_as_it_ends_leaves_somebody_with_an_error(context: Flask, monkeypatch: pytest.MonkeyPatch):
    (offered, _behind), *_others = offers_that_end_now(0, of=1)
    number, ended_at, both, move = offered.id, offered.offered_until, threading.Barrier(2), services.move
    for module in (offers, places, services):
        monkeypatch.setattr(module, "lock", lambda row: row)

    def move_together(*values: Any, **more: Any) -> None:
        both.wait(30)
        move(*values, **more)

    monkeypatch.setattr(services, "move", move_together)

    def take_or_lapse(which: int) -> None:
        if which:
            offers.lapse_offers(the_congress(), now=ended_at)
        else:
            offers.accept_offer(queries.get_registration(number), now=ended_at - timedelta(milliseconds=1))

    refusal = "OperationalError" if is_sqlite(context) else "StaleDataError"
    assert at_once(context, 2, take_or_lapse) == {"done": 1, refusal: 1}


def test_an_offer_taken_as_it_ends_is_taken_or_goes_to_the_next(context: Flask):
    ids, problems = take_and_lapse(context)
    assert problems == {}
    mails = told("registration_received", "registration_offer_ended", "registration_offered")
    for offered, behind in ids:
        states = [db.session.get_one(Registration, each).state for each in (offered, behind)]
        holds = [db.session.get_one(Registration, each).holds_place for each in (offered, behind)]
        if states[0] is State.SUBMITTED:
            assert (states[1], holds) == (State.WAITING, [True, False])
            expected = {("registration_received", offered): 1, ("registration_offered", offered): 1}
        else:
            assert (states, holds) == ([State.CANCELLED, State.WAITING], [False, True])
            expected = {
                (f"registration_offer{end}", who): 1 for end, who in (("ed", offered), ("_ended", offered), ("ed", behind))
            }
        assert {key: number for key, number in mails.items() if key[1] in (offered, behind)} == expected


def eight_editors(slug: str) -> tuple[delegates.Delegation, list[Post]]:
    """A delegation with 3 places, and eight people who are about to be added to it."""
    delegation = give_room(slug, 3)
    path = f"/my/delegation/{delegates.link_token(delegation, KEY)}/people/add"
    db.session.commit()
    return delegation, [
        (path, {
            "given_name": f"Ada{number}", "family_name": "Tester", "email": f"ada{number}@{slug}.example", "language": "en",
            "category": "delegate", "part": "member", "submission": str(uuid.uuid4()),
        })
        for number in range(8)
    ]  # fmt: skip


def add_at_once(crowd: Crowd, delegation: delegates.Delegation, posts: Sequence[Post]) -> list[int]:
    """All are added from pages that saw the delegation as it is now; the statuses of the answers."""
    seen = db.session.get_one(delegates.Delegation, delegation.id, populate_existing=True).version
    db.session.rollback()
    return crowd.post_at_once([(path, {**form, "version": seen}) for path, form in posts])


def added_to(delegation: delegates.Delegation) -> Sequence[Registration]:
    db.session.rollback()
    return db.session.scalars(
        select(Registration).join(Registration.delegate).where(Delegate.delegation_id == delegation.id).order_by(Registration.id)
    ).all()


def test_without_locks_editors_of_one_delegation_write_over_each_other_or_are_sent_away(context: Flask):
    delegation, posts = eight_editors(cities()[0])
    with served(context, "unlocked") as port:
        statuses = Counter(add_at_once(Crowd(port), delegation, posts))
    if is_sqlite(context):  # nobody may write who read before another one wrote
        assert statuses[503] > 0
    else:  # all who saw the same version wrote
        assert statuses[303] > 1


def test_eight_editors_of_one_delegation_with_three_places_are_told_what_changed_and_lose_nothing(context: Flask):
    delegation, posts = eight_editors(cities()[0])
    rounds = []
    with served(context, "app") as port:
        crowd = Crowd(port)
        while posts:
            statuses = add_at_once(crowd, delegation, posts)
            rounds.append(Counter(statuses))
            posts = [each for each, status in zip(posts, statuses, strict=True) if status != 303]
    assert rounds == [Counter({303: 1, **({409: left} if left else {})}) for left in range(7, -1, -1)]
    made = added_to(delegation)
    assert [each.delegate.person.family_name for each in made] == ["Tester"] * 8
    assert [(each.state, each.holds_place) for each in made] == [(State.INVITED, True)] * 3 + [(State.WAITING, False)] * 5
