"""A registration under the wrong city goes to the right one."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from congress.core.db import begin_writing, db
from congress.delegates.models import CategoryTerms, Delegate, Delegation
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import Category, DelegationState, Part
from congress.networks import queries as networks
from congress.networks.models import Membership
from congress.registration import places, queries, services
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.organising import decisions, dossier, moving
from congress.registration.organising.decisions import Stale
from congress.registration.organising.moving import WhenFull
from congress.registration.refusals import CannotMove, NoPlace, RegistrationEnded
from congress.registration.states import State
from congress.registration.vocabulary import BookingState
from congress.web.mail import compose
from tests.concurrency.test_races import at_once
from tests.factories import HOSTS, NOW, give_room, make_applicant, make_registration, the_city, the_congress, the_item
from tests.registration.people_of_a_city import KEY, happened, mails


def member(slug: str) -> Membership | None:
    return networks.find_member(the_congress().network, slug, the_congress().starts_on) if slug else None


def move(registration: Registration, slug: str, **more: object) -> None:
    shown = {"version": registration.version, "seen": dossier.last_move(registration)}
    moving.move(registration, member(slug), **{**shown, "actor": HOSTS, "now": NOW, **more})  # type: ignore[arg-type]


def of(registration: Registration) -> tuple[str, str, bool]:
    """City, state, and whether there is a place, as the database has them."""
    db.session.flush()
    db.session.expire_all()
    city = registration.delegate.city
    return city.slug if city else "", registration.state.value, registration.holds_place


def full(slug: str) -> Delegation:
    """A delegation with one place, which is taken."""
    make_registration(city=slug)
    return give_room(slug, 1)


def waits_for(slug: str) -> Registration:
    return services.register(the_congress(), make_applicant(city=slug), key=KEY, now=NOW + timedelta(minutes=1))


def last_move(registration: Registration) -> str:
    return dossier.dossier(registration, "en").moves[0].why


def test_a_place_goes_along_and_the_next_of_the_old_city_is_served(undone: Flask):
    anna, kanazawa = make_registration(), give_room("kanazawa", 1)
    behind = waits_for("kanazawa")
    services.confirm(anna, actor=HOSTS, now=NOW)

    move(anna, "lodz", why="said so at the desk")

    assert (of(anna), of(behind)) == (("lodz", "confirmed", True), ("kanazawa", "submitted", True))
    assert mails(anna)[-1:] + mails(behind)[-1:] == ["registration_moved", "registration_received"]
    assert last_move(anna) == "city corrected: Kanazawa → Łódź. said so at the desk"
    assert (happened(kanazawa), happened(delegation_of(the_congress(), the_city("lodz")))) == (
        [("removed", f"{anna.delegate.person.name} → Łódź")],
        [("added", f"{anna.delegate.person.name} ← Kanazawa")],
    )
    assert "lodz" in anna.searched.replace("ł", "l") and "kanazawa" not in anna.searched.split("@")[0]


def test_people_find_their_sessions_as_those_of_the_new_city(undone: Flask):
    anna = make_registration()  # Kanazawa: crafts and folk art; Łódź: film
    the_item("P013").takes_guests = True  # a meeting of literature, to which both may ask
    film = next(each for each in queries.own_programme(make_registration(city="lodz")) if each.kind == "subgroup")
    the_item(film.item).takes_guests = True
    for code in ("P013", "P037", film.item):
        bookings.choose(anna, the_item(code), now=NOW)
    db.session.flush()
    seen = moving.outlook(anna, member("lodz"))

    move(anna, "lodz")

    own = {each.item for each in queries.own_programme(anna) if not each.is_cancelled}
    assert {code: each.state for code, each in booking_queries.bookings_of(anna).items()} == {
        "P013": BookingState.ASKED, "P037": BookingState.TAKEN,
    }  # fmt: skip
    assert ({each.item for each in seen.gained} <= own, film.item in {each.item for each in seen.gained}) == (True, True)
    assert ({each.item for each in seen.lost} & own, {each.field for each in seen.lost}) == (set(), {"crafts_and_folk_art"})
    assert (seen.old_field, seen.new_field, seen.given_back, seen.full) == ("crafts_and_folk_art", "film", (), ())


@pytest.mark.parametrize(
    ("when_full", "after", "mail"),
    [
        (WhenFull.WAIT, ("lodz", "waiting", False), ["registration_moved", "registration_waiting"]),
        (WhenFull.OVER, ("lodz", "submitted", True), ["registration_moved"]),
    ],
)
def test_a_full_city_takes_nobody_unless_organisers_say_how(undone: Flask, when_full: WhenFull, after: object, mail: list[str]):
    full("lodz")
    anna = make_registration()
    bookings.choose(anna, the_item("P037"), now=NOW)
    with pytest.raises(NoPlace, match="full"):
        move(anna, "lodz")
    assert of(anna) == ("kanazawa", "submitted", True)
    assert moving.outlook(anna, member("lodz")).full[0].most == 1

    move(anna, "lodz", when_full=when_full, why="the mayor has agreed")

    assert (of(anna), mails(anna)[1:]) == (after, mail)
    assert list(booking_queries.bookings_of(anna)) == (["P037"] if anna.takes_part else [])


def test_what_limits_a_category_of_the_new_city_counts_too(undone: Flask):
    db.session.add(CategoryTerms(congress_id=the_congress().id, category=Category.MAYOR, max_per_city=1))
    make_registration(city="lodz", category=Category.MAYOR)
    mayor = make_registration(category=Category.MAYOR)

    assert [(each.what, each.most, each.taken) for each in moving.outlook(mayor, member("lodz")).full] == [("city", 1, 1)]
    with pytest.raises(NoPlace):
        move(mayor, "lodz")


def test_who_waits_is_served_in_the_new_city_by_the_time_since_when(undone: Flask):
    full("kanazawa"), give_room("lodz", 5)
    anna = waits_for("kanazawa")

    move(anna, "lodz")

    assert of(anna) == ("lodz", "submitted", True)
    assert sorted(mails(anna)[1:]) == ["registration_moved", "registration_received"]


def test_one_delegation_has_one_head_and_a_sent_one_that_nobody_is_left_of_is_a_draft_again(undone: Flask):
    head, other = make_registration(), make_registration(city="lodz")
    head.delegate.part = other.delegate.part = Part.HEAD
    kanazawa = give_room("kanazawa")
    kanazawa.state, kanazawa.focal_email = DelegationState.SUBMITTED, head.delegate.person.email
    db.session.flush()
    seen = moving.outlook(head, member("lodz"))
    assert (seen.heads, seen.leaves_no_head, seen.is_contact) == ((other.delegate.person.name,), True, True)

    move(head, "lodz")

    assert (head.delegate.part, kanazawa.state, kanazawa.active_at) == (Part.MEMBER, DelegationState.DRAFTING, None)


def test_only_who_stands_for_no_city_may_have_none(undone: Flask):
    observer, delegate = make_registration(category=Category.OBSERVER), make_registration()

    move(observer, "")
    with pytest.raises(CannotMove, match="come from a member city"):
        move(delegate, "")

    assert (of(observer), of(delegate)) == (("", "submitted", True), ("kanazawa", "submitted", True))
    move(observer, "lodz")
    assert (of(observer)[0], last_move(observer)) == ("lodz", "city corrected: – → Łódź.")


@pytest.mark.parametrize("state", [State.CANCELLED, State.CHECKED_IN])
def test_who_has_ended_or_is_there_is_not_moved_away(undone: Flask, state: State):
    full("lodz")
    anna = make_registration()
    services.confirm(anna, actor=HOSTS, now=NOW)
    if state is State.CHECKED_IN:
        services.move(anna, state, HOSTS, NOW)
    else:
        services.withdraw(anna, now=NOW)

    with pytest.raises(RegistrationEnded if state is State.CANCELLED else CannotMove):
        move(anna, "lodz", when_full=WhenFull.WAIT)


def test_an_older_page_moves_nobody(undone: Flask):
    anna = make_registration()
    seen = {"version": anna.version, "seen": dossier.last_move(anna)}
    move(anna, "lodz")

    with pytest.raises(Stale):
        move(anna, "auckland", **seen)


def test_the_mail_names_both_cities_and_takes_what_is_gone_out_of_the_calendar(undone: Flask):
    anna = make_registration(language="pl")
    move(anna, "lodz")
    asked = dossier.dossier(anna, "en").messages[0]

    with time_machine.travel(NOW, tick=False):
        mail = compose(asked)

    text = mail.get_body(("plain",))
    assert text is not None and [name in text.get_content() for name in ("Kanazawa", "Łódź")] == [True, True]
    files = [str(part.get_content()) for part in mail.iter_attachments()]
    assert [sum(f"METHOD:{each}" in file for file in files) for each in ("CANCEL", "PUBLISH")] == [2, 1]


# Two at the desk at once, on real connections: first without the locks, then with them.


def moved_at_once(app: Flask) -> tuple[Counter[str], int]:
    """Two people are moved into the last place of a city; how that ended, and how many people the city has then."""
    give_room("lodz", 1)
    people = [make_registration(city="kanazawa").id for _each in range(2)]
    db.session.commit()

    def act(which: int) -> None:
        begin_writing()
        move(db.session.get_one(Registration, people[which]), "lodz")

    ends = at_once(app, 2, act)
    db.session.rollback()
    return ends, sum(db.session.get_one(Registration, each).delegate.delegation.city.slug == "lodz" for each in people)  # type: ignore[union-attr]


def test_without_locks_two_are_moved_into_one_place_or_the_database_refuses(context: Flask, monkeypatch: pytest.MonkeyPatch):
    barrier, real = threading.Barrier(2), places.limits_in_city

    def read_and_wait(*values: object) -> object:
        found = real(*values)  # type: ignore[arg-type]
        barrier.wait(30)
        return found

    for module in (places, decisions, moving):
        monkeypatch.setattr(module, "lock", lambda row: row)
    monkeypatch.setattr(places, "limits_in_city", read_and_wait)
    monkeypatch.setattr(f"{__name__}.begin_writing", lambda: None)
    is_postgresql = db.engine.name == "postgresql"
    expected = (Counter(done=2), 2) if is_postgresql else (Counter(done=1, OperationalError=1), 1)
    assert moved_at_once(context) == expected


def test_of_two_who_are_moved_into_the_last_place_of_a_city_one_is(context: Flask):
    assert moved_at_once(context) == (Counter(done=1, NoPlace=1), 1)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_whoever_held_an_older_state_counts_in_the_new_city(context: Flask):
    anna, new = make_registration(), give_room("lodz")
    db.session.commit()
    assert of(anna)[0] == "kanazawa"
    kept = anna.delegate  # as pages do
    with db.engine.begin() as other:
        other.execute(update(Delegate).where(Delegate.id == anna.delegate_id).values(delegation_id=new.id))

    services.hold(anna)

    assert (kept.delegation_id, kept.delegation) == (new.id, new)
