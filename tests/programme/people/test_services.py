"""Speakers: who they are in the draft and in the release, and one person who was entered twice."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from congress.core.db import db
from congress.core.localised import Localised
from congress.core.tokens import digest
from congress.programme import queries as programme
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.people import contributors, queries, services
from congress.programme.people.models import EndedSpeakerLink, Speaker
from congress.programme.people.services import Words
from congress.programme.planning.models import DraftChange, Unavailability
from congress.programme.vocabulary import Part
from tests.factories import NOW, make_session, the_city, the_congress, utc
from tests.statements import statements

BY = "olga@krakowice.example"


def make_speaker(name: str = "Nomsa Sprecherin", **changes: Any) -> Speaker:
    values: dict[str, Any] = {"name": name, "functions": Localised(en="Director"), "biographies": Localised()}
    return services.add(the_congress(), Words(**(values | changes)))


def make_item() -> ProgrammeItem:
    item = make_session()
    db.session.add(item)
    db.session.flush()
    return item


def put(item: ProgrammeItem, speaker: Speaker | None, part: Part = Part.SPEAKER, **more: Any) -> None:
    values: dict[str, Any] = {"city": None, "minutes": None}
    contributors.add(item, speaker=speaker, part=part, by=BY, now=NOW, **(values | more))


def agree(speaker: Speaker) -> None:
    services.agree(speaker, may_be_named=True, may_show_photo=True, now=NOW)


def test_nobody_is_named_before_agreeing_nor_after_withdrawing(undone: Flask):
    speaker, item = make_speaker(), make_item()
    put(item, speaker)

    def named() -> tuple[object, object]:
        entry = programme.as_entry(item.placements[0])
        return entry.people, dict(entry.speakers)

    before = named()
    agree(speaker)
    agreed = named()
    services.agree(speaker, may_be_named=False, may_show_photo=True, now=NOW)

    assert before == named() == ((), {})
    assert agreed == ((("speaker", "Nomsa Sprecherin"),), {"Nomsa Sprecherin": speaker.public_id})
    assert (speaker.may_show_photo, speaker.agreed_at) == (False, NOW)


def test_interpreters_are_not_named_and_a_mayor_who_has_not_agreed_is_a_city(undone: Flask):
    item, interpreter, mayor = make_item(), make_speaker("Ines Dolmetsch"), make_speaker("Mara Mayor", city=the_city("kanazawa"))
    agree(interpreter)
    put(item, interpreter, Part.INTERPRETER, minutes=5)
    put(item, mayor, Part.MAYOR, minutes=4)
    put(item, None, Part.MAYOR, city=the_city("fabriano"), minutes=3)

    entry = programme.as_entry(item.placements[0])

    assert entry.people == ()
    assert [(point.name, point.city_names["en"], point.minutes) for point in entry.agenda] == [
        ("", "Kanazawa", 4),
        ("", "Fabriano", 3),
    ]


def test_each_change_of_who_speaks_is_noted_and_counted(undone: Flask):
    item, first, second = make_item(), make_speaker("A B"), make_speaker("C D")
    put(item, first)
    put(item, second)
    version = item.version

    contributors.move(item, item.contributors[1], -1, seen=version, by=BY, now=NOW)
    contributors.change(item, item.contributors[0], part=Part.CHAIR, minutes=7, seen=item.version, by=BY, now=NOW)
    contributors.remove(item, item.contributors[1], seen=item.version, by=BY, now=NOW)

    assert [(each.name, each.part, each.minutes, each.position) for each in item.contributors] == [("C D", Part.CHAIR, 7, 0)]
    assert item.version > version
    noted = db.session.scalar(select(func.count()).where(DraftChange.item_id == item.id, DraftChange.made_by == BY))
    assert noted == 5


def test_an_order_that_is_not_that_of_all_who_are_there_is_refused(undone: Flask):
    item, first, second = make_item(), make_speaker("A B"), make_speaker("C D")
    put(item, first)
    put(item, second)
    ids = [each.id for each in item.contributors]

    with undone.test_request_context():
        for wrong in ([], ids[:1], [*ids, ids[0]], [*ids, 2**31 - 1]):
            with pytest.raises(services.ChangedMeanwhile):
                contributors.put_in_order(item, wrong, seen=item.version, by=BY, now=NOW)
        with pytest.raises(services.ChangedMeanwhile):
            contributors.put_in_order(item, ids[::-1], seen=item.version - 1, by=BY, now=NOW)
        with pytest.raises(contributors.ThereAlready):
            put(item, first)
        with pytest.raises(contributors.NobodyGiven):
            put(item, None, Part.SPEAKER, city=the_city("kanazawa"))
    assert [each.id for each in item.contributors] == ids


def test_two_entries_of_one_person_become_one(undone: Flask):
    kept, double = make_speaker("Nomsa Sprecherin"), make_speaker("Sprecherin Nomsa", email="nomsa@kanazawa.example")
    both, one = make_item(), make_item()
    put(both, kept)
    put(both, double, minutes=12)
    put(one, double, Part.CHAIR)
    agree(double)
    token = services.link_token(double, "key")
    away = Unavailability(
        congress_id=kept.congress_id, speaker_id=double.id, starts_at=utc(2018, 6, 12, 7), ends_at=utc(2018, 6, 12, 8)
    )
    db.session.add(away)
    db.session.flush()
    assert [[each.id for each in same] for same in queries.doubles([kept, double])] == [[kept.id, double.id]]

    services.merge(kept, double, by=BY, now=NOW)

    assert [(each.speaker_id, each.minutes) for each in both.contributors] == [(kept.id, 12)]
    assert [(each.speaker_id, each.part) for each in one.contributors] == [(kept.id, Part.CHAIR)]
    assert (kept.email, kept.may_be_named, away.speaker_id) == ("nomsa@kanazawa.example", True, kept.id)
    assert db.session.scalars(select(EndedSpeakerLink.digest)).all() == [digest(token)]
    assert queries.find_by_link(token) is None
    assert [each.name for each in queries.speakers(the_congress())] == ["Nomsa Sprecherin"]


def test_who_withdrew_is_not_named_because_of_a_double_that_agreed(undone: Flask):
    kept, double = make_speaker(), make_speaker()
    agree(double)
    agree(kept)
    services.agree(double, may_be_named=False, may_show_photo=False, now=NOW)

    services.merge(kept, double, by=BY, now=NOW)

    assert kept.may_be_named is False


def test_the_list_asks_the_same_of_the_database_for_one_speaker_and_for_three(undone: Flask):
    asked = []
    for number in (1, 2):
        for each in range(number):
            put(make_item(), make_speaker(f"Speaker {number}{each}", city=the_city("kanazawa")))
        db.session.flush()
        db.session.expire_all()
        congress = the_congress()
        _ = congress.id
        with statements() as seen:
            found = queries.speakers(congress)
            _told = [(each.name, each.city and each.city.names, each.photo) for each in found]
            _sessions = [one.item.titles for each in queries.appearances(congress).values() for one in each]
        asked.append((len(found), len(seen)))
    assert [number for number, _statements in asked] == [1, 3]
    assert asked[0][1] == asked[1][1]


def test_a_name_is_said_to_be_a_speaker_which_is_noted_and_counts_as_no_edit(undone: Flask):
    item, speaker = make_item(), make_speaker(city=the_city("kanazawa"))
    item.contributors.append(Contributor(name="N. Sprecherin", may_be_named=True))
    db.session.flush()
    [named], version = item.contributors, item.version

    contributors.link(item, named, speaker, seen=version, by=BY, now=NOW)

    assert (named.speaker, named.printed, named.agrees, named.city) == (speaker, speaker.name, False, the_city("kanazawa"))
    assert item.version == version
    change = db.session.scalars(select(DraftChange)).one()
    assert [each["contributors"][0]["speaker_id"] for each in (change.before, change.after)] == [None, speaker.id]


def test_who_is_a_speaker_already_stands_there_already_or_was_seen_otherwise_is_not_linked(undone: Flask):
    item, speaker, other = make_item(), make_speaker(), make_speaker("Ada Przykładowa")
    put(item, speaker)
    item.contributors.append(Contributor(name="N. Sprecherin"))
    db.session.flush()
    linked, named = item.contributors

    with pytest.raises(services.ChangedMeanwhile):
        contributors.link(item, linked, other, seen=item.version, by=BY, now=NOW)
    with pytest.raises(services.ChangedMeanwhile):
        contributors.link(item, named, other, seen=item.version - 1, by=BY, now=NOW)
    with pytest.raises(contributors.ThereAlready):
        contributors.link(item, named, speaker, seen=item.version, by=BY, now=NOW)
    assert (linked.speaker, named.speaker) == (speaker, None)
