"""What a team plans around the real programme of the demo: halls, hours, needs, coach seats, documents, releases. All of it is invented.

In which room something took place in 2018 is not known, so rooms stand in the draft only: no release of the demo names one.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Delegate
from congress.delegates.vocabulary import Category
from congress.demo import ORGANISER
from congress.demo.documents import add_documents
from congress.programme import queries, services
from congress.programme.models import ProgrammeItem, Room, Venue
from congress.programme.people import queries as people
from congress.programme.planning import availability, history, travel
from congress.programme.planning.availability import RoomWords, fingerprint
from congress.programme.publishing import services as publishing
from congress.programme.vocabulary import Action
from congress.registration.models import Booking, Registration
from congress.registration.states import TAKES_PART
from congress.registration.vocabulary import BookingState

_KRAKOW, _KATOWICE, _GARDENS, _NOSPR = (
    "ice-krakow-congress-centre", "international-congress-centre", "katowice-city-of-gardens", "nospr",
)  # fmt: skip
_SMALL = [(f"Room {number}", f"Sala {number}", 45, ["projector", "sound"], True) for number in range(1, 8)]
_ROOMS = {  # names, seats, equipment, whether without steps
    _KRAKOW: [("Main hall", "Sala główna", 600, ["projector", "sound", "interpreting booth"], True), *_SMALL],
    _KATOWICE: [("Main hall", "Sala główna", 400, ["projector", "sound", "interpreting booth"], True), *_SMALL[:3]],
}
_HALL = ["projector", "sound", "interpreting booth"]
# Code: room by its place in the list (None: none), people, needs, minutes before and after.
_PLANS: dict[str, tuple[int | None, int, list[str], int, int]] = {
    "P022": (0, 520, _HALL, 60, 15), "P024": (0, 400, _HALL, 0, 0), "P026": (0, 450, _HALL, 20, 15), "P027": (0, 300, _HALL, 15, 0),
    **{f"P0{29 + number}": (1 + number, 30, ["projector"], 15, 15) for number in range(7)},
    "P037": (1, 40, ["projector"], 10, 10), "P038": (2, 60, ["projector"], 10, 10), "P039": (0, 280, _HALL, 20, 15),
    "P042": (1, 40, ["projector"], 10, 10), "P043": (2, 40, ["projector"], 10, 10), "P044": (3, 40, ["projector"], 10, 10),
    "P049": (0, 350, _HALL, 30, 0), "P050": (0, 350, _HALL, 0, 0), "P051": (0, 380, [*_HALL, "stage lights"], 0, 30),
    "P028": (None, 500, [], 90, 60), "P046": (None, 300, [], 30, 15),
}  # fmt: skip
_COACH, _SEATS, _TAKEN = "P041", 300, 246
_WAYS = (  # minutes from door to door
    (_KRAKOW, _KATOWICE, 95), (_KATOWICE, _NOSPR, 5), (_KATOWICE, _GARDENS, 15), (_NOSPR, _GARDENS, 20), (_KRAKOW, "plac-wolnica", 25),
)  # fmt: skip
_RELEASED = ("P026", "P039", _COACH)  # what the second release changes: speakers, presentations, seats


def add_planning(congress: Congress, *, now: datetime) -> None:
    """Everything that the pages of places, prints, documents and releases show."""
    venues = {each.slug: each for each in queries.venues(congress)}
    items = {each.code: each for each in people.items(congress)}
    _seat(congress, items[_COACH], now=now)
    _release(congress, now=now)  # before any room stands in the draft
    _plan(congress, items, _add_rooms(venues), now=now)
    _open(congress, venues)
    for one, other, minutes in _WAYS:
        known = travel.ways(congress)
        travel.set_way(congress, [venues[one], venues[other]], minutes, seen=travel.fingerprint_of(known))
    add_documents(items, now=now - timedelta(days=3))


def _add_rooms(venues: dict[str, Venue]) -> dict[int, list[Room]]:
    """The rooms by the id of their house, in the order of the list."""
    return {
        venues[slug].id: [
            availability.add_room(
                venues[slug],
                RoomWords(names=Localised(en=en, pl=pl), capacity=seats, equipment=equipment, step_free=step_free),
            )
            for en, pl, seats, equipment, step_free in rooms
        ]
        for slug, rooms in _ROOMS.items()
    }


def _plan(congress: Congress, items: dict[str, ProgrammeItem], rooms: dict[int, list[Room]], *, now: datetime) -> None:
    for code, (place, people_, needs, before, after) in _PLANS.items():
        item, was = items[code], history.snapshot(items[code])
        item.expected, item.needs, item.setup_minutes, item.clearing_minutes = people_, needs, before, after
        history.note(item, was, Action.EDITED, by=ORGANISER, now=now)
        for placement in item.placements:
            if place is not None and placement.venue_id in rooms:
                was = history.snapshot(placement)
                services.move_to(placement, city=placement.city, venue=placement.venue, room=rooms[placement.venue_id][place])
                history.note(placement, was, Action.PLACED, by=ORGANISER, now=now)


def _open(congress: Congress, venues: dict[str, Venue]) -> None:
    """Of two houses on the days of the congress; of the others nobody has said."""
    days = [congress.starts_on + timedelta(days=number) for number in range(-1, (congress.ends_on - congress.starts_on).days + 1)]
    for slug, until in ((_KRAKOW, time(22)), (_KATOWICE, time(20))):
        availability.set_hours(congress, venues[slug], {day: (time(8), until) for day in days}, seen=fingerprint({}))


def _seat(congress: Congress, coach: ProgrammeItem, *, now: datetime) -> None:
    """Most delegates have chosen a seat in the coaches to the other city."""
    was = history.snapshot(coach)
    coach.places = _SEATS
    history.note(coach, was, Action.EDITED, by=ORGANISER, now=now)
    riders = db.session.scalars(
        select(Registration.id)
        .join(Registration.delegate)
        .where(
            Registration.congress_id == congress.id, Registration.state.in_(TAKES_PART), Delegate.category == Category.DELEGATE
        )
        .order_by(Registration.id)
        .limit(_TAKEN)
    )
    for number, rider in enumerate(riders):
        booked_at = now - timedelta(days=2) + timedelta(minutes=number)
        db.session.add(Booking(registration_id=rider, item_id=coach.id, state=BookingState.TAKEN, booked_at=booked_at))
    db.session.flush()


def _release(congress: Congress, *, now: datetime) -> None:
    """The programme is provisional for now: a second release with the speakers, and a planned one that makes it final."""
    first = queries.latest_release(congress)
    if first is not None:
        first.is_provisional = True
    chosen = {change.after.uid: change.after.item for change in services.pending_changes(congress)}
    release, _changes = services.release_programme(
        congress,
        note=Localised(
            en="The order of the mayors’ session is set, two cities’ presentations are chosen, and seats in the coaches can be booked.",
            pl="Ustalono porządek sesji prezydentów i burmistrzów, wybrano prezentacje dwóch miast, można rezerwować miejsca w autokarach.",
        ),
        by=ORGANISER,
        now=now,
        only={uid: "" for uid, code in chosen.items() if code in _RELEASED},
        is_provisional=True,
    )
    release.are_people_told = True
    publishing.plan_release(
        congress,
        due_at=now + timedelta(days=7),
        uids=[uid for uid, code in chosen.items() if code == _COACH],  # which gets no room
        notes=Localised(en="The programme is final.", pl="Program jest ostateczny."),
        is_provisional=False,
        tells_people=True,
        by=ORGANISER,
        now=now,
    )
