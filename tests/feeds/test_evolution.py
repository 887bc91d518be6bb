"""Fifty releases, and what subscribed calendars hold after each, by the rules by which real programs take a feed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.feeds import services as feeds
from congress.feeds.selection import find_feed
from congress.programme import queries, services
from congress.programme.entries import Entry
from congress.programme.models import Placement, Room, Venue
from congress.programme.releases import Change
from congress.registration import queries as registrations
from congress.registration.bookings import services as bookings
from congress.registration.queries import get_registration
from congress.registration.rules import own_programme
from tests.factories import NOW, make_registration, the_congress, the_item, the_placement, utc
from tests.feeds.draft_changes import ACTS, choose_otherwise
from tests.feeds.subscribers import PROGRAMS, ZONE, Calendar, Subscriber, instant, pieces, read, without_host

RELEASES = 50
HOUSES = ["http://congress-a.example", "http://congress-b.example"]
PUBLIC = ["programme", "programme?tbc=1", "field-music", "city-katowice"]
FEEDS = [*PUBLIC, "own"]
PLENARY, WORKSHOP = "P024", "P037"

# What it must hold: the released programme.


def released(feed: str, person: int) -> dict[str, Entry]:
    """The entries of a feed by uid, as the released programme has them."""
    congress = the_congress()
    entries = queries.released(congress).entries
    if feed == "own":
        entries = own_programme(entries, registrations.attendee(get_registration(person)))
    else:
        entries = [entry for entry in entries if find_feed(feed.partition("?")[0]).holds(entry)]
    dated = [entry for entry in entries if entry.starts_at or entry.starts_on]
    return {entry.uid: entry for entry in dated if entry.is_confirmed_time or "tbc" in feed}


def told(entry: Entry) -> tuple[str, str, str, str, str]:
    """What a reader must see of an entry."""
    title = entry.titles.text("en")
    times = (instant(entry.starts_at), instant(entry.ends_at) if entry.ends_at else "") if entry.starts_at else _days(entry)
    return (*times, f"CANCELLED: {title}" if entry.is_cancelled else title, _place(entry), entry.status.upper())


def _days(entry: Entry) -> tuple[str, str]:
    after = (entry.ends_on or entry.starts_on) + timedelta(days=1)
    return entry.starts_on.strftime("%Y%m%d"), after.strftime("%Y%m%d")


def _place(entry: Entry) -> str:
    place = entry.place
    cities = " – ".join(filter(None, [place.city_names.text("en"), place.other_city_names.text("en")]))
    venue = place.venue_names.text("en")
    parts = [place.room_names.text("en"), "" if place.address.startswith(venue) else venue, place.address]
    parts.append("" if cities in place.address else cities)
    return ", ".join(part for part in dict.fromkeys(parts) if part)


# The walk.


@dataclass
class Walk:
    """A congress, the calendars that subscribe to it, and the host name under which they ask."""

    app: Flask
    client: FlaskClient
    person: int
    subscribers: list[Subscriber]
    house: str = HOUSES[0]
    seen: Counter[str] = field(default_factory=Counter)

    def ask(self, subscriber: Subscriber) -> set[str]:
        """Fetch a feed once as each kind of program does, let all take it, and compare; the UIDs whose bytes differ now."""
        answer = self.client.get(subscriber.path, base_url=self.house)
        assert answer.status_code == 200, answer.text
        before, body = subscriber.body, answer.data
        again = self.client.get(subscriber.path, base_url=self.house, headers={"If-None-Match": subscriber.tag})
        assert again.status_code == (304 if body == before else 200)
        assert (answer.headers["ETag"] == subscriber.tag) == (body == before)
        repeated = self.client.get(subscriber.path, base_url=self.house, headers={"If-None-Match": answer.headers["ETag"]})
        assert (repeated.status_code, repeated.data, repeated.headers["ETag"]) == (304, b"", answer.headers["ETag"])
        since = {"If-Modified-Since": subscriber.since} if subscriber.since else {}
        dated = self.client.get(subscriber.path, base_url=self.house, headers=since)
        if dated.status_code == 200:
            subscriber.by_date = read(dated.data)
        subscriber.body, subscriber.tag = body, answer.headers["ETag"]
        subscriber.since = answer.headers.get("Last-Modified", "")
        feed = read(body)
        for name, take in PROGRAMS.items():
            subscriber.held[name] = take(subscriber.held[name], feed)
        self.compare(subscriber)
        old, new = pieces(before), pieces(body)
        if self.house.encode() not in before:  # the site has moved: its name stands in each entry, and nothing else differs
            old, new = without_host(old), without_host(new)
        return {uid for uid in old.keys() & new.keys() if old[uid] != new[uid]}

    def compare(self, subscriber: Subscriber) -> None:
        expected = {uid: told(entry) for uid, entry in released(subscriber.feed, self.person).items()}
        subscriber.ever |= expected
        seen = {name: {uid: event.told for uid, event in held.items()} for name, held in subscriber.held.items()}
        seen["by date"] = {uid: event.told for uid, event in subscriber.by_date.items()}
        assert seen["replacing"] == expected
        assert seen["modified"] == expected
        assert seen["by date"] == expected
        assert seen["newer"] == {uid: event for uid, event in expected.items() if event[-1] != "CANCELLED"}
        # Nothing tells an importer that an entry has left the feed (for another city, out of the list, out of the person's plan):
        # it keeps that entry as it was last in the feed. All that are in the feed it has right.
        assert seen["importing"] == subscriber.ever
        self.seen["shown"] += len(expected)
        self.seen["cancelled"] += sum(event[-1] == "CANCELLED" for event in expected.values())
        self.seen["left behind with importers"] += len(subscriber.ever.keys() - expected.keys())


def release_now(now: datetime) -> dict[str, Change]:
    """What the release of the draft changed, by uid."""
    _release, changes = services.release_programme(the_congress(), note=Localised(), by="walk", now=now)
    return {change.after.uid: change for change in changes}


def draft() -> list[Placement]:
    return sorted(queries.placements(the_congress()), key=lambda placement: placement.code)


@pytest.fixture
def walk(context: Flask) -> Iterator[Walk]:
    """The congress of 2018 with rooms, and a musician of Katowice who subscribes to the own programme."""
    begin_writing()
    for slug in ("ice-krakow-congress-centre", "international-congress-centre-katowice"):
        venue = next(each for each in db.session.scalars(select(Venue)) if each.slug.startswith(slug[:20]))
        for number in (1, 2):
            db.session.add(Room(venue=venue, slug=f"walk-{number}", names=Localised(en=f"Room {number}", pl=f"Sala {number}")))
    person = make_registration(city="katowice", email="walker@katowice.example")
    bookings.choose(person, the_item(WORKSHOP), now=NOW)
    token = feeds.calendar_token(person, key=context.config["SECRET_KEY"], now=NOW)
    paths = {name: f"/krakowice2018/calendar/krakowice2018-{name.replace('?', '.ics?')}" for name in PUBLIC}
    paths = {name: path if "?" in path else f"{path}.ics" for name, path in paths.items()}
    paths["own"] = f"/my/calendar/{token}/krakowice2018.ics"
    db.session.commit()
    with time_machine.travel(NOW, tick=False) as clock:
        made = Walk(context, context.test_client(), person.id, [Subscriber(name, path) for name, path in paths.items()])
        made.clock = clock  # type: ignore[attr-defined]
        for subscriber in made.subscribers:
            made.ask(subscriber)
        yield made


@pytest.mark.parametrize("seed", [2018])
def test_fifty_releases_leave_every_calendar_right(walk, seed):
    chance = random.Random(seed)  # noqa: S311
    uids = {placement.code: placement.uid for placement in draft()}
    sequences = {subscriber.feed: read(subscriber.body) for subscriber in walk.subscribers}
    for number in range(RELEASES):
        now = NOW + timedelta(hours=8 * (number + 1))
        walk.clock.move_to(now)
        begin_writing()
        changes: dict[str, Change] = {}
        while not changes:
            acts = chance.choices(ACTS, k=chance.randint(1, 6))
            for act in acts:
                act(chance, draft())
                db.session.flush()
            if services.pending_changes(the_congress()):
                changes = release_now(now)
        choose_otherwise(chance, get_registration(walk.person))
        db.session.commit()
        walk.house = chance.choice(HOUSES) if number % 10 == 9 else walk.house
        for subscriber in walk.subscribers:
            differing = walk.ask(subscriber)
            feed, before = read(subscriber.body), sequences[subscriber.feed]
            # Byte for byte the same but for what this release changed; that counts on by one, with the stamp of the release.
            assert differing == changes.keys() & before.keys() & feed.keys(), (seed, number, subscriber.feed, acts)
            for uid in feed:
                change = changes.get(uid)
                if change is not None:
                    old = change.before.sequence if change.before else -1
                    assert (feed[uid].sequence, feed[uid].modified) == (old + 1, instant(now)), (seed, number, change)
                elif uid in before:
                    assert feed[uid] == before[uid]
            sequences[subscriber.feed] = feed
        present = {placement.code: placement.uid for placement in draft()}
        assert {code: uid for code, uid in present.items() if uids.setdefault(code, uid) != uid} == {}
    print(seed, dict(walk.seen))
    assert min(walk.seen.values()) > 0


def between(walk: Walk, act: Callable[[], None], *, hours: int = 8) -> dict[str, Change]:
    """Act on the draft, release some hours later, and ask for every feed."""
    now = datetime.now(UTC) + timedelta(hours=hours)
    walk.clock.move_to(now)
    begin_writing()
    act()
    changes = release_now(now)
    db.session.commit()
    for subscriber in walk.subscribers:
        walk.ask(subscriber)
    return changes


def programme(walk: Walk) -> Calendar:
    return read(walk.subscribers[0].body)


def test_a_session_keeps_its_uid_through_day_title_room_and_host_name(walk):
    uid = the_placement(PLENARY).uid
    before = programme(walk)[uid]

    def change() -> None:
        placement = the_placement(PLENARY)
        services.place_session(placement, starts_at=utc(2018, 6, 13, 7), ends_at=utc(2018, 6, 13, 8))
        placement.item.titles = Localised(en="Otherwise")
        services.move_to(placement, city=None, venue=None, room=db.session.scalars(select(Room)).first())

    assert between(walk, change).keys() == {uid}
    walk.house = HOUSES[1]
    for subscriber in walk.subscribers:
        assert walk.ask(subscriber) == set()
    after = programme(walk)[uid]
    assert (before.sequence, after.sequence, after.told[:3]) == (0, 1, ("20180613T070000Z", "20180613T080000Z", "Otherwise"))
    assert walk.subscribers[0].body.count(b"congress-b.example") > 50
    assert b"congress-a.example" not in walk.subscribers[0].body


def test_a_restored_session_has_its_uid_and_a_higher_sequence(walk):
    uid, held = the_placement(PLENARY).uid, []

    def turn(is_cancelled: bool) -> Callable[[], None]:
        return lambda: setattr(the_placement(PLENARY), "is_cancelled", is_cancelled)

    for is_cancelled in (True, False):
        assert between(walk, turn(is_cancelled)).keys() == {uid}
        held.append(programme(walk)[uid])
    assert [(each.sequence, each.told[-1]) for each in held] == [(1, "CANCELLED"), (2, "CONFIRMED")]
    assert uid in walk.subscribers[0].held["newer"]


def test_what_was_cancelled_goes_on_the_31st_day_after_the_congress_and_nothing_else_moves(walk):
    uid = the_placement(PLENARY).uid
    between(walk, lambda: setattr(the_placement(PLENARY), "is_cancelled", True))
    before = pieces(walk.subscribers[0].body)
    kept, gone = [], []
    for moment, found in ((datetime(2018, 7, 15, 23, 59, tzinfo=ZONE), kept), (datetime(2018, 7, 16, 0, 1, tzinfo=ZONE), gone)):
        walk.clock.move_to(moment)
        for subscriber in walk.subscribers:
            found.append(pieces(walk.client.get(subscriber.path, base_url=walk.house).data))
    assert kept[0] == before
    assert gone[0] == {each: piece for each, piece in before.items() if each != uid}
    assert [uid in found for found in kept + gone] == [True, True, False, False, True] + [False] * 5


def test_a_release_that_touches_nothing_of_a_feed_leaves_its_bytes_and_tag(walk):
    music = next(each for each in walk.subscribers if each.feed == "field-music")
    before = (music.body, music.tag)
    changes = between(walk, lambda: setattr(the_item(PLENARY), "titles", Localised(en="Only this")))
    assert (len(changes), (music.body, music.tag)) == (1, before)
    answer = walk.client.get(music.path, base_url=walk.house, headers={"If-None-Match": before[1]})
    assert answer.status_code == 304
