"""What organisers do to a draft between two releases, by chance."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.vocabulary import Field
from congress.programme import queries, services
from congress.programme.models import Placement, Room
from congress.programme.vocabulary import Audience, Kind, Timing
from congress.registration import queries as registrations
from congress.registration import rules
from congress.registration.bookings import services as bookings
from congress.registration.models import Booking, Registration
from tests.factories import NOW, make_session, the_city, the_congress, the_item, utc

# What organisers do to a draft. Each takes the placements and chance, and says whether it found something to do.


def _choice(chance: random.Random, found: list[Placement]) -> Placement | None:
    return chance.choice(found) if found else None


def _some_time(chance: random.Random) -> tuple[datetime, datetime | None]:
    start = utc(2018, 6, 11, 7) + timedelta(minutes=15 * chance.randrange(4 * 24 * 5))
    return start, None if chance.random() < 0.1 else start + timedelta(minutes=15 * chance.randint(1, 30))


def move(chance: random.Random, draft: list[Placement]) -> None:
    starts_at, ends_at = _some_time(chance)
    services.place_session(chance.choice(draft), starts_at=starts_at, ends_at=ends_at)


def rename(chance: random.Random, draft: list[Placement]) -> None:
    title = f"Renamed {chance.randrange(10**6)}; with, signs \\n and 🎶 " + "ąę " * chance.randrange(30) + "."
    chance.choice(draft).item.titles = Localised(en=title, pl=title)


def describe(chance: random.Random, draft: list[Placement]) -> None:
    chance.choice(draft).item.descriptions = Localised(en=f"Described {chance.randrange(10**6)}.\n\nTwice.")


def cancel(chance: random.Random, draft: list[Placement]) -> None:
    if placement := _choice(chance, [each for each in draft if not each.is_cancelled]):
        placement.is_cancelled = True


def restore(chance: random.Random, draft: list[Placement]) -> None:
    if placement := _choice(chance, [each for each in draft if each.is_cancelled]):
        placement.is_cancelled = False


def add(chance: random.Random, _draft: list[Placement]) -> None:
    music = chance.random() < 0.5
    made = make_session(
        kind=chance.choice([Kind.PLENARY, Kind.WORKSHOP, Kind.SUBGROUP if music else Kind.SOCIAL]),
        field=Field.MUSIC if music else None,
    )
    (placement,) = made.placements
    placement.starts_at, placement.ends_at = _some_time(chance)
    placement.city = the_city(chance.choice(["krakow", "katowice"]))
    db.session.add(made)


def drop(chance: random.Random, draft: list[Placement]) -> None:
    """A session that was added later, and nobody has booked, is deleted from the draft: the release must cancel it."""
    booked = set(db.session.scalars(select(Booking.item_id)))
    if placement := _choice(chance, [each for each in draft if each.item.code.startswith("T") and each.item_id not in booked]):
        db.session.delete(placement.item)


def swap_rooms(chance: random.Random, draft: list[Placement]) -> None:
    one, other = chance.sample([each for each in draft if each.other_city is None], 2)
    for each, place in ((one, _where(other)), (other, _where(one))):
        services.move_to(each, **place)


def _where(placement: Placement) -> dict[str, object]:
    return {"city": placement.city, "venue": placement.venue, "room": placement.room}


def move_to_a_room(chance: random.Random, draft: list[Placement]) -> None:
    room = chance.choice(db.session.scalars(select(Room).order_by(Room.id)).all())
    services.move_to(chance.choice([each for each in draft if each.other_city is None]), city=None, venue=None, room=room)


def rename_a_room(chance: random.Random, _draft: list[Placement]) -> None:
    room = chance.choice(db.session.scalars(select(Room).order_by(Room.id)).all())
    room.names = Localised(en=f"Room {chance.randrange(10**6)}")


def unlist(chance: random.Random, draft: list[Placement]) -> None:
    if placement := _choice(chance, [each for each in draft if each.item.is_listed]):
        placement.item.is_listed = False


def list_again(chance: random.Random, draft: list[Placement]) -> None:
    if placement := _choice(chance, [each for each in draft if not each.item.is_listed]):
        placement.item.is_listed = True


def leave_open(chance: random.Random, draft: list[Placement]) -> None:
    day = date(2018, 6, chance.randint(11, 16)) if chance.random() < 0.7 else None
    services.place_on_days(chance.choice(draft), timing=Timing.TO_BE_CONFIRMED, starts_on=day, ends_on=day)


def confirm(chance: random.Random, draft: list[Placement]) -> None:
    if placement := _choice(chance, [each for each in draft if each.timing is Timing.TO_BE_CONFIRMED]):
        starts_at, ends_at = _some_time(chance)
        services.place_session(placement, starts_at=starts_at, ends_at=ends_at)


def make_all_day(chance: random.Random, draft: list[Placement]) -> None:
    day = date(2018, 6, chance.randint(11, 14))
    services.place_on_days(chance.choice(draft), timing=Timing.ALL_DAY, starts_on=day, ends_on=day + timedelta(days=2))


def change_field(chance: random.Random, draft: list[Placement]) -> None:
    if placement := _choice(chance, [each for each in draft if each.item.audience is not Audience.FIELD]):
        placement.item.field = chance.choice([None, Field.MUSIC, Field.FILM])


ACTS = [
    move, rename, describe, cancel, restore, add, drop, swap_rooms, move_to_a_room, rename_a_room, unlist, list_again,
    leave_open, confirm, make_all_day, change_field,
]  # fmt: skip


def choose_otherwise(chance: random.Random, person: Registration) -> None:
    """The person drops or adds sessions."""
    congress = the_congress()
    for code in sorted(registrations.chosen_codes(person)):
        if chance.random() < 0.4:
            bookings.drop(person, the_item(code), now=NOW)
    open_ones = [
        entry.item
        for entry in queries.released(congress).entries
        if rules.may_choose(entry, registrations.attendee(person)) and queries.find_item(congress, entry.item)
    ]
    for code in chance.sample(open_ones, min(2, len(open_ones))):
        bookings.choose(person, the_item(code), now=NOW)
