"""The conflicts of a draft: what is wrong with the programme of 2018, in words, and what organisers live with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.vocabulary import Field
from congress.programme.conflicts import ConflictKind, Severity
from congress.programme.models import Contributor, Placement, Room, TravelTime, Venue
from congress.programme.people.models import Speaker
from congress.programme.planning import acceptance, checks, proposals_of_places, sentences
from congress.programme.planning.checks import Attendance, Finding
from congress.programme.planning.groups import grouped
from congress.programme.planning.labels import GROUPS
from congress.programme.planning.models import OpeningHours, Unavailability
from congress.programme.vocabulary import Audience, Part, Timing
from tests.factories import NOW, the_city, the_congress, the_placement, utc

K = ConflictKind
# The subgroups' informal workshops of 11 June, and what else the real programme puts on the day before the congress.
WORKSHOPS = ["P013", "P014", "P015", "P016", "P017", "P018", "P019"]
DAY_BEFORE = ["P011", "P012", *WORKSHOPS, "P020", "P021"]


def found(kind: ConflictKind | None = None, attendance: Attendance | None = None) -> Sequence[Finding]:
    return [
        each for each in checks.findings(the_congress(), attendance, now=NOW) if kind is None or each.kind is kind
    ]  # fmt: skip


def codes(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    return sorted(tuple(slot.code for slot in each.slots) for each in findings)


def one(kind: ConflictKind, attendance: Attendance | None = None) -> Finding:
    [finding] = found(kind, attendance)
    return finding


def make_room(slug: str = "red", venue: str = "ice-krakow-congress-centre", **values: object) -> Room:
    house = next(each for each in db.session.query(Venue) if each.slug == venue)
    room = Room(venue=house, slug=slug, names=Localised(en=slug.capitalize(), pl=slug.capitalize()), **values)
    db.session.add(room)
    db.session.flush()
    return room


def put_in(room: Room, *placements: Placement) -> None:
    for placement in placements:
        placement.room, placement.venue, placement.city = room, room.venue, room.venue.city
    db.session.flush()


def contribute(code: str, name: str, **values: object) -> None:
    """A contributor to the item of a placement."""
    item = the_placement(code).item
    item.contributors.append(Contributor(name=name, **values))
    db.session.flush()


def test_what_is_wrong_with_the_programme_of_2018(undone):
    """Nothing blocks. Eleven entries lie on 11 June, a day before the congress that was announced for 12 to 15 June, and on that day
    the mixer for all delegates runs beside the workshops of all seven fields. The rest are data that no source gives."""
    by_kind = {kind: codes(found(kind)) for kind in ConflictKind}
    assert {kind: each for kind, each in by_kind.items() if each} == {
        K.OUTSIDE_DAYS: [(code,) for code in DAY_BEFORE],
        K.SAME_DELEGATES: [(code, "P020") for code in WORKSHOPS],
        K.NO_TIME: [("P001",), ("P002",), ("P058",)],
        K.TITLE_TOO_LONG: [("P026",), ("P056",), ("P056",)],
        K.NO_ROOM: [
            (f"P{number:03}",)
            for number in (
                *range(12, 22), 24, 26, 27, *range(29, 36), 37, 38, 39, 42, 43, 44, 46, 47, 49, 50, 52,
            )
        ],
        K.ABSTRACT_EMPTY: [
            (f"P{number:03}",) for number in (1, 2, 3, 4, 37, 38, 40, 42, 43, 44, 47, 48, 53, 54, 56, 57, 58)
        ],
    }  # fmt: skip


def test_sentences_are_in_both_languages(undone):
    finding = next(each for each in found(K.SAME_DELEGATES) if each.slots[0].code == "P014")
    assert finding.sentence["en"] == (
        "P014 “Informal creative field workshop: Music” and P020 “Interdisciplinary mixer with local creatives”"
        " need the same delegates at the same time."
    )
    assert "Nieformalne warsztaty podgrupy: Muzyka" in finding.sentence["pl"]
    assert set(finding.remedy) == {"en", "pl"}


def test_every_kind_can_be_said(undone):
    """Facts of all kinds at once; each is said without a placeholder left over."""
    congress, room = the_congress(), make_room(capacity=10, step_free=False)
    speaker = Speaker(congress_id=congress.id, name="Ewa Mówczyni")
    db.session.add(speaker)
    db.session.flush()
    plenary, project, workshop = (the_placement(code) for code in ("P024", "P027", "P037"))
    put_in(room, plenary, project, workshop)
    project.starts_at, project.ends_at = plenary.starts_at, plenary.ends_at + timedelta(minutes=30)
    workshop.starts_at, workshop.ends_at = project.ends_at, project.ends_at + timedelta(hours=1)
    plenary.item.places, plenary.item.needs, plenary.item.needs_step_free = 400, ["screen"], True
    workshop.item.setup_minutes = 20
    lunch = the_placement("P045")
    lunch.starts_at, lunch.ends_at = plenary.starts_at, plenary.ends_at
    for code in ("P024", "P027", "P042"):
        contribute(code, speaker.name, speaker_id=speaker.id)
        contribute(code, "Jan Nowak", city_id=the_city("lodz").id)
    far = the_placement("P042")
    far.starts_at, far.ends_at = project.ends_at + timedelta(minutes=30), project.ends_at + timedelta(minutes=60)
    first = {"congress_id": congress.id, "starts_at": plenary.starts_at, "ends_at": plenary.ends_at}
    db.session.add_all([Unavailability(room_id=room.id, **first), Unavailability(speaker_id=speaker.id, **first)])
    db.session.add(
        OpeningHours(congress_id=congress.id, venue_id=room.venue_id, day=date(2018, 6, 12), opens=time(8), closes=time(9))
    )
    coach = the_placement("P041")
    coach.item.places, coach.item.expected = 10, 20
    coach.starts_at, coach.ends_at = plenary.starts_at, plenary.starts_at + timedelta(minutes=20)
    music, film = the_placement("P030"), the_placement("P031")
    film.item.field = Field.MUSIC
    debate = the_placement("P039")
    debate.starts_at, debate.ends_at = utc(2018, 3, 25, 0, 30), utc(2018, 3, 25, 1, 30)
    steering = the_placement("P021")
    steering.starts_at, steering.ends_at = utc(2018, 6, 11, 16), utc(2018, 6, 13, 16)
    reports = the_placement("P049").item
    reports.titles = Localised(en="Reports")
    db.session.flush()
    booked = {each.item_id: [1] for each in (music, film, project, the_placement("P042"), plenary)}
    attendance = Attendance(booked, {the_city("lodz").id: 1}, {the_city("lodz").id: frozenset({"film"})}, 300)
    said = {each.kind: (each.sentence, each.remedy) for each in found(attendance=attendance)}
    assert set(ConflictKind) - set(said) == set()
    assert [text for pair in said.values() for texts in pair for text in texts.values() if "%(" in text or not text] == []


def test_severities_are_those_of_the_congress(undone):
    congress = the_congress()
    acceptance.set_severities(congress, {**checks.severities_of(congress), K.SAME_DELEGATES: Severity.BLOCKS})
    assert congress.severities == {"same_delegates": "blocks"}
    blocking = checks.blocking(congress, now=NOW)
    assert codes(blocking) == [(code, "P020") for code in WORKSHOPS]
    assert codes(checks.blocking(congress, {the_placement("P013").uid}, now=NOW)) == [("P013", "P020")]
    assert checks.blocking(congress, set(), now=NOW) == []


def test_severities_that_mean_nothing_are_left_aside(undone):
    the_congress().severities = {"same_delegates": "loud", "no_such_kind": "hint"}
    assert checks.severities_of(the_congress())[K.SAME_DELEGATES] is Severity.WARNING


def test_an_accepted_conflict_blocks_no_longer_and_comes_back_when_its_facts_change(undone):
    congress, room = the_congress(), make_room()
    put_in(room, the_placement("P029"), the_placement("P030"))
    finding = one(K.ROOM_OVERLAP)
    acceptance.accept(congress, found(), [finding.fingerprint], reason="A wall is put in.", by="olga@krakowice.example", now=NOW)
    assert checks.blocking(congress, now=NOW) == []
    accepted = one(K.ROOM_OVERLAP).accepted
    assert accepted is not None
    assert (accepted.reason, accepted.accepted_by, accepted.accepted_at) == ("A wall is put in.", "olga@krakowice.example", NOW)
    the_placement("P030").ends_at += timedelta(minutes=5)
    db.session.flush()
    assert codes(checks.blocking(congress, now=NOW)) == [("P029", "P030")]
    with pytest.raises(acceptance.ConflictGone):
        acceptance.accept(congress, found(), [finding.fingerprint], reason="Again", by="olga", now=NOW)


def test_accepting_can_be_taken_back_once(undone):
    congress = the_congress()
    fingerprint = found(K.NO_TIME)[0].fingerprint
    acceptance.accept(congress, found(), [fingerprint], reason="Later", by="olga", now=NOW)
    acceptance.take_back(congress, fingerprint)
    assert checks.accepted_conflicts(congress) == {}
    with pytest.raises(acceptance.ConflictGone):
        acceptance.take_back(congress, fingerprint)


def test_a_speaker_in_two_places_is_sure_and_a_name_is_a_hint(undone):
    congress = the_congress()
    speaker = Speaker(congress_id=congress.id, name="Ewa Mówczyni")
    db.session.add(speaker)
    db.session.flush()
    for code in ("P037", "P038"):
        contribute(code, "E. Mówczyni", speaker_id=speaker.id)
        contribute(code, "Jan Nowak, poet")
        contribute(code, "coordinator of the subnetwork")
    assert [one(kind).conflict.people for kind in (K.PERSON_TWICE, K.NAME_TWICE)] == [
        (f"speaker:{speaker.id}",), ("name:jan nowak",)
    ]  # fmt: skip
    assert one(K.PERSON_TWICE).sentence["en"].endswith("Ewa Mówczyni.")


def test_a_mayor_is_known_by_the_city(undone):
    for code in ("P037", "P038"):
        contribute(code, "", part=Part.MAYOR, city_id=the_city("lodz").id)
    assert one(K.PERSON_TWICE).sentence["en"].endswith("the mayor (city: Łódź).")


def test_minutes_between_venues_and_of_the_congress(undone):
    congress = the_congress()
    venues = {each.slug: each for each in db.session.query(Venue)}
    congresses, gardens = (venues[name] for name in ("international-congress-centre", "katowice-city-of-gardens"))
    small, large = sorted((congresses.id, gardens.id))
    db.session.add(TravelTime(venue_id=small, other_venue_id=large, minutes=45))
    music, plenary = the_placement("P047"), the_placement("P049")
    plenary.starts_at, plenary.ends_at = music.ends_at + timedelta(minutes=30), music.ends_at + timedelta(minutes=60)
    db.session.flush()
    assert congress.travel_minutes == 90
    late = found(K.AUDIENCE_TRAVEL)
    # From the networking in the congress centre to the music workshop there was half an hour, too.
    assert (codes(late), {each.conflict.facts for each in late}) == ([("P046", "P047"), ("P047", "P049")], {(45, 30)})


def test_bookings_of_an_item_that_takes_place_twice_say_nothing(undone):
    once, twice = the_placement("P037"), the_placement("P038")
    attendance = Attendance({once.item_id: {1, 2}, twice.item_id: {2, 3}})
    assert one(K.BOOKED_TWICE, attendance).sentence["en"].startswith("1 person has booked both P037")
    copy = Placement(
        congress_id=twice.congress_id, item=twice.item, code="P038-2", timing=Timing.TIMED, starts_at=utc(2018, 6, 14, 6)
    )
    db.session.add(copy)
    db.session.flush()
    assert found(K.BOOKED_TWICE, attendance) == []


def test_an_open_event_before_the_congress_is_usual(undone):
    item = the_placement("P020").item
    item.audience = Audience.EVERYONE
    db.session.flush()
    assert ("P020",) not in codes(found(K.OUTSIDE_DAYS))


def test_what_is_in_the_way_of_several_things_is_said_once(undone):
    """The mixer and the workshops of all seven fields: one sentence instead of seven."""
    [group] = grouped(found(K.SAME_DELEGATES))
    assert group.centre is not None
    assert (group.centre.code, [each.slots[0].code for each in group.findings]) == ("P020", WORKSHOPS)
    assert group.sentence["en"] == (
        "P020 “Interdisciplinary mixer with local creatives” needs the same delegates as 7 other entries at the same time:"
        " P013, P014, P015, P016, P017, P018, P019."
    )


def test_groups_hold_every_conflict_once_and_never_two_kinds(undone):
    findings = found()
    groups = grouped(findings)
    assert sorted(each.fingerprint for group in groups for each in group.findings) == sorted(
        each.fingerprint for each in findings
    )
    assert {len({(each.kind, each.severity) for each in group.findings}) for group in groups} == {1}
    assert {group.sentence["en"] for group in groups if group.centre is None} == {
        group.findings[0].sentence["en"] for group in groups if len(group.findings) == 1
    }


@pytest.mark.parametrize("kind", sorted(GROUPS))
@pytest.mark.parametrize("number", [2, 5])
def test_every_group_can_be_said(undone, kind, number):
    one, *others = checks.read_desk(the_congress(), now=NOW).slots.values()
    names = checks.read_desk(the_congress(), now=NOW).draft.names
    said = sentences.group_sentence(kind, one, others[:number], names)
    assert set(said) == {"en", "pl"}
    assert [text for text in said.values() if one.code not in text or others[0].code not in text or str(number) not in text] == []


def test_of_several_conflicts_all_are_accepted_or_none(undone):
    congress, workshops = the_congress(), found(K.SAME_DELEGATES)
    fingerprints = [each.fingerprint for each in workshops]
    with pytest.raises(acceptance.ConflictGone):
        acceptance.accept(congress, found(), [*fingerprints, "0" * 64], reason="Wanted", by="olga", now=NOW)
    assert checks.accepted_conflicts(congress) == {}
    acceptance.accept(congress, found(), fingerprints, reason="Wanted", by="olga", now=NOW)
    assert {each.accepted.reason for each in found(K.SAME_DELEGATES) if each.accepted} == {"Wanted"}


def test_no_free_place_lies_in_a_break_or_outside_the_opening_hours(undone):
    congress, room = the_congress(), make_room()
    moved, lunch = the_placement("P030"), the_placement("P045")
    put_in(room, moved)
    for day in range(11, 17):
        db.session.add(
            OpeningHours(congress_id=congress.id, venue_id=room.venue_id, day=date(2018, 6, day), opens=time(9), closes=time(15))
        )
    lunch.starts_at, lunch.ends_at = utc(2018, 6, 13, 8), utc(2018, 6, 13, 9)
    lunch.city, lunch.venue, lunch.room = room.venue.city, None, None
    lunch.is_cancelled, moved.ends_at = False, moved.starts_at + timedelta(minutes=30)
    other = the_placement("P029")
    put_in(room, other)
    other.starts_at, other.ends_at = moved.starts_at, moved.ends_at
    db.session.flush()

    def times() -> list[tuple[datetime, datetime]]:
        desk = checks.read_desk(congress, now=NOW)
        offers = proposals_of_places.proposals(desk, desk.slots[moved.uid])
        return [(each.starts_at, each.ends_at) for each in offers if each.venue is not None and each.venue.id == room.venue_id]

    found_times = times()
    assert found_times
    assert [each for each in found_times if each[0] < lunch.ends_at and lunch.starts_at < each[1]] == []
    assert [each for each in found_times if each[0].hour < 7 or each[1].hour > 13] == []
    lunch.is_cancelled = True
    db.session.flush()
    assert [each for each in times() if each[0] < lunch.ends_at and lunch.starts_at < each[1]] != []
