"""A draft kept in memory: what it answers is what the database would answer from nothing, whatever happened in between."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from flask import Flask

from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.models import City
from congress.programme.conflicts import ConflictKind, Severity
from congress.programme.models import Contributor, Placement, ProgrammeItem, Room, TravelTime, Venue
from congress.programme.people.models import Speaker
from congress.programme.planning import acceptance, checks, keeping
from congress.programme.planning.checks import Attendance, Desk
from congress.programme.planning.models import AcceptedConflict, OpeningHours, Unavailability
from congress.programme.services import release_programme
from congress.programme.vocabulary import Part
from tests.factories import NOW, the_city, the_congress, the_placement
from tests.programme.programmes import seeded

_ROUNDS = 2


class Story:
    """Something happens again and again; each method is one kind of what may."""

    def __init__(self, random: Random) -> None:
        self.random, self.now, self.attendance = random, NOW, Attendance()

    def happenings(self) -> list[Callable[[], None]]:
        return [getattr(self, name) for name in sorted(vars(Story)) if not name.startswith("_") and name != "happenings"]

    def _one(self, kind: type) -> object:
        return self.random.choice(db.session.query(kind).order_by("id").all())

    def _placement(self) -> Placement:
        return self.random.choice(
            db.session.query(Placement).filter(Placement.starts_at.is_not(None)).order_by(Placement.id).all()
        )

    def _minutes(self) -> timedelta:
        return timedelta(minutes=5 * self.random.randrange(1, 200))

    def an_entry_is_moved(self) -> None:
        placement, later = self._placement(), self._minutes()
        placement.starts_at += later
        placement.ends_at = placement.ends_at and placement.ends_at + later

    def entries_are_put_in_one_room(self) -> None:
        room = self._one(Room)
        for placement in (self._placement(), self._placement()):
            placement.room = room

    def an_entry_is_cancelled_or_restored(self) -> None:
        placement = self._placement()
        placement.is_cancelled = not placement.is_cancelled

    def an_entry_goes(self) -> None:
        db.session.delete(self._one(Placement))

    def an_item_takes_place_once_more(self) -> None:
        one = self._placement()
        code = f"X{self.random.randrange(10**6)}"
        db.session.add(
            Placement(congress_id=one.congress_id, item=one.item, code=code, timing=one.timing, starts_at=one.starts_at)
        )

    def a_title_is_changed(self) -> None:
        item = self._one(ProgrammeItem)
        item.titles = Localised(en="T" * self.random.randrange(80, 120))

    def an_item_needs_something_else(self) -> None:
        item = self._one(ProgrammeItem)
        item.places, item.needs, item.setup_minutes = self.random.randrange(1, 500), ["piano"], self.random.choice((0, 60))

    def somebody_speaks(self) -> None:
        speaker = self._one(Speaker)
        for placement in (self._placement(), self._placement()):
            placement.item.contributors.append(Contributor(name=speaker.name, speaker_id=speaker.id))

    def a_mayor_speaks(self) -> None:
        for placement in (self._placement(), self._placement()):
            placement.item.contributors.append(Contributor(name="", part=Part.MAYOR, city_id=the_city("lodz").id))

    def a_speaker_is_renamed(self) -> None:
        self._one(Speaker).name = f"Ewa {self.random.randrange(10**6)}"

    def a_speaker_is_deleted(self) -> None:
        db.session.delete(self._one(Speaker))
        db.session.add(Speaker(congress_id=the_congress().id, name="Adam Mówca"))

    def a_room_becomes_another(self) -> None:
        room = self._one(Room)
        room.capacity, room.names = self.random.randrange(1, 300), Localised(en=f"Room {self.random.randrange(10**6)}")

    def a_room_is_changed_and_changed_back(self) -> None:
        room = self._one(Room)
        before, room.capacity = room.capacity, 1
        db.session.commit()
        keeping.kept_desk(the_congress(), self.attendance, now=self.now)
        room.capacity = before

    def a_house_is_renamed(self) -> None:
        self._one(Venue).names = Localised(en=f"House {self.random.randrange(10**6)}")

    def a_city_is_renamed(self) -> None:
        db.session.get(City, the_city("lodz").id).names = Localised(en=f"City {self.random.randrange(10**6)}")

    def a_house_has_other_hours(self) -> None:
        venue, day = self._one(Venue), date(2018, 6, 11) + timedelta(days=self.random.randrange(6))
        hours = self.random.choice(((None, None), (time(9), time(18)), (time(12), time(2))))
        db.session.merge(OpeningHours(congress_id=the_congress().id, venue_id=venue.id, day=day, opens=hours[0], closes=hours[1]))

    def a_room_or_speaker_is_away(self) -> None:
        starts_at = self._placement().starts_at
        of = self.random.choice(({"room_id": self._one(Room).id}, {"speaker_id": self._one(Speaker).id}))
        db.session.add(
            Unavailability(congress_id=the_congress().id, starts_at=starts_at, ends_at=starts_at + self._minutes(), **of)
        )

    def a_way_takes_longer(self) -> None:
        one, other = sorted(each.id for each in self.random.sample(db.session.query(Venue).order_by(Venue.id).all(), 2))
        db.session.merge(TravelTime(venue_id=one, other_venue_id=other, minutes=self.random.randrange(300)))

    def the_congress_has_other_days(self) -> None:
        congress = the_congress()
        congress.ends_on += timedelta(days=self.random.choice((-1, 1)))
        congress.travel_minutes = self.random.randrange(0, 200)

    def a_kind_weighs_something_else(self) -> None:
        kind, severity = self.random.choice(list(ConflictKind)), self.random.choice(list(Severity))
        acceptance.set_severities(the_congress(), {**checks.severities_of(the_congress()), kind: severity})

    def a_conflict_is_accepted(self) -> None:
        congress = the_congress()
        found = keeping.kept_desk(congress, self.attendance, now=self.now).all_findings()
        chosen = self.random.choice(found).fingerprint
        acceptance.accept(congress, found, [chosen], reason=f"Reason {self.random.random()}", by="olga", now=NOW)

    def accepting_is_taken_back(self) -> None:
        row = db.session.query(AcceptedConflict).order_by(AcceptedConflict.id).first()
        if row is not None:
            acceptance.take_back(the_congress(), row.fingerprint)

    def people_book(self) -> None:
        booked = {self._one(ProgrammeItem).id: frozenset(range(self.random.randrange(1, 9))) for _each in range(8)}
        self.attendance = Attendance(booked, {the_city("lodz").id: 1}, {the_city("lodz").id: frozenset({"music"})}, 300)

    def time_passes(self) -> None:
        self.now = self._placement().starts_at + timedelta(minutes=self.random.choice((0, 1)))

    def the_draft_is_released(self) -> None:
        try:
            release_programme(the_congress(), note=Localised(), by="olga", now=self.now)
        except Exception:  # nothing to release
            db.session.rollback()

    def a_change_is_given_up(self) -> None:
        self.an_entry_is_moved()
        db.session.flush()
        db.session.rollback()


def said(desk: Desk) -> tuple[object, ...]:
    """All that findings and their sentences are made of."""
    found = [(each.fingerprint, each.severity, each.slots, each.accepted) for each in desk.findings()]
    return found, desk.draft.names, desk.slots


def as_kept_and_from_nothing(story: Story) -> tuple[tuple[object, ...], tuple[object, ...]]:
    congress = the_congress()
    kept = keeping.kept_desk(congress, story.attendance, now=story.now)
    assert kept.all_findings() == kept.findings()
    return said(kept), said(checks.read_desk(congress, story.attendance, now=story.now))


def test_what_is_kept_says_what_the_database_says_after_whatever_happens(context: Flask):
    story = Story(seeded(2018))
    venue = db.session.query(Venue).order_by(Venue.id).first()
    db.session.add_all(Room(venue=venue, slug=f"r{each}", names=Localised(en=f"R{each}"), capacity=9) for each in range(3))
    db.session.add_all(Speaker(congress_id=the_congress().id, name=f"Ewa {each}") for each in range(3))
    db.session.commit()
    answers = set()
    for _round in range(_ROUNDS):
        happenings = story.happenings()
        story.random.shuffle(happenings)
        for happening in happenings:
            happening()
            db.session.commit()
            kept, fresh = as_kept_and_from_nothing(story)
            assert kept == fresh, happening.__name__
            answers.add(repr(fresh))
    # Most of what happens changes what is said, or this would show little.
    assert len(answers) > len(happenings)


def test_as_long_as_nothing_changes_the_draft_is_read_once(context: Flask):
    congress = the_congress()
    first, again = (keeping.kept_desk(congress, Attendance(), now=NOW) for _time in range(2))
    assert again.draft is first.draft
    assert again.all_findings() is first.all_findings()
    the_placement("P030").ends_at += timedelta(minutes=5)
    db.session.commit()
    assert keeping.kept_desk(congress, Attendance(), now=NOW).draft is not first.draft


def test_what_is_tried_is_judged_by_the_time_that_it_is_now(context: Flask):
    congress, placement = the_congress(), the_placement("P030")
    kept: list[datetime] = [NOW, placement.starts_at - timedelta(minutes=1)]
    for now in kept:
        desk = keeping.kept_desk(congress, Attendance(), now=now)
    tried = dataclasses.replace(desk.slots[placement.uid], starts_at=kept[1] - timedelta(minutes=1))
    assert ConflictKind.IN_THE_PAST in {each.kind for each in desk.index.conflicts_of(tried)}
